"""gridboard divisions: the official list of division codes."""

import typer

app = typer.Typer(help="The official list of division codes.", no_args_is_help=True)


@app.callback()
def prepare() -> None:
    """The official list of division codes."""
