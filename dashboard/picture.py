"""One consistent picture of the data, as a viewer may see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from sqlalchemy import Connection, Engine, text

from dashboard.answers import Attribution, Credit
from dashboard.blocks import read_cell_counts, read_county_counts, read_tokens
from dashboard.counts import Counts
from dashboard.errors import DataMovedError
from dashboard.handling.groups import Asked as AskedHandling
from dashboard.handling.groups import Groups, read_groups
from dashboard.hours import Asked, Hours, read_county_hours, read_hours
from dashboard.lineage import Lineage, read_lineage
from dashboard.overdue import OpenIncidents, read_open_incidents
from dashboard.period import Days
from dashboard.points import Points, read_points
from dashboard.store import Store
from dashboard.terms import Terms, read_terms
from dashboard.unlocated import Unlocated, read_unlocated
from geo.database import read_sql_file, transaction
from geo.errors import NotFoundError
from geo.hierarchy import TOWNSHIP, Hierarchy
from geo.revisions import Revisions, current
from geo.viewer import Viewer

Value = TypeVar("Value")
Arguments = ParamSpec("Arguments")
_ATTEMPTS = 3


@dataclass(frozen=True)
class Basics:
    """What is small and read anew with every version of the data.

    Attributes:
        tokens: for each county in scope, what changes whenever its incidents do.
    """

    hierarchy: Hierarchy
    attribution: Attribution
    terms: Terms
    tokens: dict[str, tuple[int, int]]
    nbytes: int = 100_000


@dataclass(frozen=True)
class Picture:
    """The data of one version, as seen by one viewer.

    Attributes:
        counts: of the whole scope, by county; by cell where the scope is a township,
            whose viewers cannot read the blocks of its county.
    """

    revisions: Revisions
    basics: Basics
    lineage: Lineage
    counts: Counts
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


class Album:
    """Takes pictures for one viewer, keeping in a store what did not change."""

    def __init__(self, engine: Engine, viewer: Viewer, store: Store) -> None:
        self._engine = engine
        self._viewer = viewer
        self._store = store

    def take(self) -> Picture:
        """Read what changed since the last picture of this scope.

        Raises:
            DatabaseUnavailableError: the database does not answer.
            NotFoundError: the viewer's area does not exist.
        """
        with transaction(self._engine, self._viewer) as connection:
            revisions = current(connection)
            lineage = self._store.made(
                self._key("lineage"),
                revisions.area,
                lambda _: read_lineage(connection, self._viewer.scope_code),
            )
            lineage.row(self._viewer.scope_code)
            return self._picture(connection, revisions, lineage)

    def revisions(self) -> Revisions:
        """Read which versions are in force, and nothing else."""
        with transaction(self._engine, self._viewer) as connection:
            return current(connection)

    def cell_counts(self, picture: Picture, counties: list[str]) -> list[Counts]:
        """Return the counts of counties by cell, reading those that are not in memory.

        Raises:
            DataMovedError: some must be read, and the data is no longer the picture's.
        """

        def read(connection: Connection, missing: list[str]) -> dict[str, Counts]:
            return read_cell_counts(connection, missing, picture.lineage, picture.basics.terms)

        return self._by_county("cells", picture, counties, read)

    def points(self, picture: Picture, counties: list[str], days: Days) -> list[Points]:
        """Return the places of the incidents of counties in the years of a period, likewise."""
        if picture.covered is None:
            return []
        days = days.clipped(picture.covered)
        years = range(days.since.year, days.last.year + 1) if days else ()
        return [part for year in years for part in self._points(picture, counties, year)]

    def _points(self, picture: Picture, counties: list[str], year: int) -> list[Points]:
        basics = picture.basics
        days = Days(date(year, 1, 1), date(year + 1, 1, 1))

        def read(connection: Connection, missing: list[str]) -> dict[str, Points]:
            plane = basics.hierarchy.measuring_crs
            return read_points(connection, missing, picture.lineage, basics.terms, plane, days)

        return self._by_county(f"points of {year}", picture, counties, read)

    def unlocated(self, picture: Picture, counties: list[str]) -> list[Unlocated]:
        """Return the incidents of counties of which no point is known, in the same way."""

        def read(connection: Connection, missing: list[str]) -> dict[str, Unlocated]:
            return read_unlocated(connection, missing, picture.lineage, picture.basics.terms)

        return self._by_county("unlocated", picture, counties, read)

    def hours(
        self, picture: Picture, counties: list[str], days: Days, *, by_area: bool
    ) -> list[Hours]:
        """Return the incidents of counties by weekday and hour, in the same way.

        Args:
            picture: the data they belong to.
            counties: codes.
            days: those counted; others are neither read nor kept.
            by_area: whether by the finest area known, or for the county as a whole.
        """

        def read(connection: Connection, missing: list[str]) -> dict[str, Hours]:
            basics, lineage = picture.basics, picture.lineage
            zone = basics.hierarchy.time_zone
            asked = Asked(tuple(missing), days, zone)
            chosen = read_hours if by_area else read_county_hours
            return chosen(connection, asked, lineage, basics.terms)

        kind = f"hours {days.since} {days.until} {by_area}"
        return self._by_county(kind, picture, counties, read)

    def handled(self, picture: Picture, counties: list[str], asked: AskedHandling) -> list[Groups]:
        """Return how the incidents of counties went on, in the same way."""

        def read(connection: Connection, missing: list[str]) -> dict[str, Groups]:
            return read_groups(connection, missing, asked, picture.lineage)

        return self._by_county(f"handled {asked}", picture, counties, read)

    def _by_county(
        self,
        kind: str,
        picture: Picture,
        counties: list[str],
        read: Callable[[Connection, list[str]], dict[str, Value]],
    ) -> list[Value]:
        tokens, area = picture.basics.tokens, picture.revisions.area
        # Combinations are numbered anew when a dictionary grows, in every county.
        shape = picture.basics.terms.shape
        versions = {code: (tokens.get(code), area, shape) for code in counties}
        found = {
            code: cast("Value | None", self._store.get(self._key(kind, code), version))
            for code, version in versions.items()
        }
        missing = [code for code, value in found.items() if value is None]
        if missing:
            with transaction(self._engine, self._viewer) as connection:
                # Newer figures must not be kept, nor answered, as those of the picture.
                if current(connection) != picture.revisions:
                    raise DataMovedError("the data changed while it was being read")
                values = read(connection, missing)
            for code, value in values.items():
                self._store.put(self._key(kind, code), versions[code], value)
            found |= values
        return [value for value in found.values() if value is not None]

    def _picture(self, connection: Connection, revisions: Revisions, lineage: Lineage) -> Picture:
        version = (revisions.area, revisions.incident, revisions.changed_at)
        by_township = self._viewer.scope_slot == TOWNSHIP
        basics = self._store.made(
            self._key("basics"), version, lambda _: _read_basics(connection, by_township)
        )
        known = (connection, basics.tokens, lineage, basics.terms)
        if by_township:
            counts = self._store.made(
                self._key("township"), version, lambda _: _township_counts(*known)
            )
        else:
            counts = self._store.made(
                self._key("counties"),
                version,
                lambda former: read_county_counts(*known, former),
            ).counts
        waiting = self._store.made(
            self._key("open"), version, lambda former: read_open_incidents(*known, former)
        )
        return Picture(revisions, basics, lineage, counts, waiting)

    def _key(self, *parts: str) -> tuple[str, ...]:
        return (self._viewer.scope_key, *parts)


def _read_basics(connection: Connection, by_township: bool) -> Basics:
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


def _township_counts(
    connection: Connection, tokens: dict[str, tuple[int, int]], lineage: Lineage, terms: Terms
) -> Counts:
    county = next(iter(tokens), "")
    return read_cell_counts(connection, [county], lineage, terms)[county]
