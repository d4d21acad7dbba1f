"""gridboard gazetteer: places known by name."""

import typer

app = typer.Typer(
    help="Places known by name, for addresses without coordinates.", no_args_is_help=True
)


@app.callback()
def prepare() -> None:
    """Places known by name, for addresses without coordinates."""
