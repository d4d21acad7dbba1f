"""One consistent picture of the data, as a viewer may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import Connection, text

from dashboard.answers import Attribution, Credit
from dashboard.errors import DataMovedError
from dashboard.lineage import Lineage
from dashboard.overdue import OpenIncidents
from dashboard.period import Days
from dashboard.terms import Terms, read_terms
from dashboard.tokens import Tokens, read_tokens
from geo.database import read_sql_file
from geo.errors import NotFoundError
from geo.hierarchy import Hierarchy
from geo.revisions import Revisions

Value = TypeVar("Value")
Arguments = ParamSpec("Arguments")
_ATTEMPTS = 3
_DICTIONARIES_BYTES = 100_000


@dataclass(frozen=True)
class Basics:
    """What is small and read anew with every version of the data.

    Attributes:
        tokens: what changes whenever the incidents of a county and year do.
    """

    hierarchy: Hierarchy
    attribution: Attribution
    terms: Terms
    tokens: Tokens

    @property
    def nbytes(self) -> int:
        """Bytes held, roughly."""
        return _DICTIONARIES_BYTES + self.tokens.nbytes


@dataclass(frozen=True)
class Picture:
    """The data of one version, as seen by one viewer."""

    revisions: Revisions
    basics: Basics
    lineage: Lineage
    open_incidents: OpenIncidents

    @property
    def covered(self) -> Days | None:
        """The days from the first to the last incident of all, the same in every scope."""
        return Days.between(self.revisions.first_day, self.revisions.last_day)

    @property
    def as_of(self) -> datetime | None:
        """When the data last changed, but not after the end of the last day it covers."""
        if self.covered is None:
            return None
        zone = self.basics.hierarchy.time_zone
        end = datetime.combine(self.covered.until, time(), zone)
        return min(self.revisions.changed_at.astimezone(zone), end)


def of_one_picture(answer: Callable[Arguments, Value]) -> Callable[Arguments, Value]:
    """Have an answer that opens a source of its own given anew when the data moved meanwhile.

    Raises:
        DataMovedError: the data moved at every attempt.
    """

    @wraps(answer)
    def answered(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Value:
        for _ in range(_ATTEMPTS - 1):
            try:
                return answer(*args, **kwargs)
            except DataMovedError:
                continue
        return answer(*args, **kwargs)

    return answered


def read_basics(connection: Connection, *, by_township: bool) -> Basics:
    """Read what is small.

    Args:
        connection: within the viewer's transaction.
        by_township: whether the viewer's scope is a township.

    Raises:
        NotFoundError: no areas are loaded.
    """
    row = connection.execute(text(read_sql_file("dashboard", "hierarchy.sql"))).one_or_none()
    if row is None:
        raise NotFoundError("no boundaries are loaded yet")
    credits_ = tuple(Credit(line["zh"], line["en"]) for line in row.notes.get("credits", ()))
    return Basics(
        Hierarchy.from_table(row.profile),
        Attribution(credits_, row.notes.get("synthetic_from")),
        read_terms(connection),
        read_tokens(connection, by_township=by_township),
    )
