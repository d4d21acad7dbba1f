"""gridboard check: find what is wrong with a file before it is loaded."""

import typer

app = typer.Typer(help="Check a file; nothing is loaded.", no_args_is_help=True)


@app.callback()
def prepare() -> None:
    """Check a file; nothing is loaded."""
