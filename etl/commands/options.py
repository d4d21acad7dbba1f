"""Options that several commands have."""

from datetime import date, datetime
from typing import Annotated

import typer
from sqlalchemy import Engine

from geo.database import engine_for
from geo.settings import DatabaseSettings, read_settings

ProfileName = Annotated[
    str, typer.Option("--profile", help="Name of a built-in profile, or path of yours (TOML).")
]


def loader_engine() -> Engine:
    """The loader's way to the database that the settings name."""
    return engine_for(read_settings(DatabaseSettings), "loader")


def day_of(value: datetime | None) -> date | None:
    """The day of an option; typer reads days as moments."""
    return value.date() if value else None
