"""Run the statements of dashboard/people/sql, with parameters bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, CursorResult, text

from geo.database import read_sql_file


def run(connection: Connection, name: str, values: Mapping[str, Any] | None = None) -> Result:
    """Run sql/``name``.sql."""
    return connection.execute(text(read_sql_file("dashboard.people", f"{name}.sql")), values or {})


def tell_of_people(connection: Connection) -> None:
    """Tell the listeners, when this transaction commits, to look at their sessions again."""
    run(connection, "notify_people")


Result = CursorResult[Any]
