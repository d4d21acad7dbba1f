"""gridboard gis: logins with which a GIS opens the documented views, each for one area."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from sqlalchemy import Engine

from dashboard.commands.database import answering
from dashboard.exporting import gis_logins
from etl.commands.options import author
from etl.console import say, show_rows
from geo.database import engine_for
from geo.schema import check_schema_version
from geo.settings import DatabaseSettings, read_settings

Name = Annotated[str, typer.Argument(help="Name of the login; it begins with gis_.")]

app = typer.Typer(
    help="Logins for a GIS: who opens the views of docs/open-data.md, and where.",
    no_args_is_help=True,
)


@app.command()
def add(
    name: Name,
    scope: Annotated[str, typer.Option(help="Code of the area it may see.")],
    note: Annotated[str, typer.Option(help="Whose it is, or what for.")] = "",
) -> None:
    """Make a login for a GIS, and print its password, once."""
    with administrator() as engine:
        login, password = gis_logins.add_login(engine, name, scope, note or name, author())
        database = engine.url.database
    say(f"{login} sees {scope}, and reads alone")
    say(f"Password, shown this once: {password}")
    say(f"In QGIS: Data Source Manager, PostgreSQL, database {database}; see docs/open-data.md")


@app.command("list")
def list_logins() -> None:
    """Show the logins for a GIS."""
    with administrator() as engine:
        found = gis_logins.read_logins(engine)
    if not found:
        say("There are no logins for a GIS: gridboard gis add")
        return
    heads = ("login", "area", "note", "made (UTC)", "")
    rows = [
        (each.login, each.scope.key, each.note, f"{each.created_at:%Y-%m-%d}", _state(each))
        for each in found
    ]
    show_rows(heads, rows)


@app.command()
def remove(name: Name) -> None:
    """Take a login for a GIS away, and end its connections."""
    with administrator() as engine:
        login = gis_logins.remove_login(engine, name, author())
    say(f"{login} is gone")


@contextmanager
def administrator() -> Iterator[Engine]:
    """The administrator's engine, on a schema that this code knows."""
    engine = engine_for(read_settings(DatabaseSettings), "admin")
    try:
        with answering():
            check_schema_version(engine)
        yield engine
    finally:
        engine.dispose()


def _state(login: gis_logins.GisLogin) -> str:
    return "" if login.exists else "unknown to this server: add it again"
