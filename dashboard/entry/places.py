"""What the areas are called in which an account may work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, text

from dashboard.people.account import Scope
from dashboard.text import Text
from geo.database import read_sql_file, transaction

_ROLE = "leader"


@dataclass(frozen=True)
class Place:
    """A scope with its names; an area that an edition has ended has none."""

    scope: Scope
    name: str
    name_en: str | None

    def named(self, _: Text) -> str:
        """Name it in a language, by its code where it has no name."""
        return _.name(self)


def read_places(engine: Engine, scopes: Sequence[Scope]) -> list[Place]:
    """Name scopes of one account, each read from within: none of them sees another.

    Raises:
        DatabaseUnavailableError: the database does not answer.
    """
    return [_read_place(engine, scope) for scope in scopes]


def _read_place(engine: Engine, scope: Scope) -> Place:
    statement = text(read_sql_file(__package__, "place.sql"))
    with transaction(engine, scope.viewer(_ROLE)) as connection:
        row = connection.execute(statement, {"code": scope.code}).one_or_none()
    return Place(scope, row.name, row.name_en) if row else Place(scope, scope.code, None)
