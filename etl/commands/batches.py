"""gridboard batches: what was loaded when, and what was refused."""

import typer

app = typer.Typer(
    help="What was loaded when, from which file, and what was refused.", no_args_is_help=True
)


@app.callback()
def prepare() -> None:
    """What was loaded when, from which file, and what was refused."""
