"""gridboard profile: what is in a file and how to read it."""

import typer

app = typer.Typer(help="Profiles: how the columns of a file are read.", no_args_is_help=True)


@app.callback()
def prepare() -> None:
    """Profiles: how the columns of a file are read."""
