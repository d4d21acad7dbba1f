"""What pictures are made of: read for one viewer, and kept as long as it does not change."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar, cast

from sqlalchemy import Connection, Engine

from dashboard.blocks import Blocks, CountyCounts, Unit
from dashboard.counts import Counts, collapsed
from dashboard.errors import DataMovedError
from dashboard.handling.groups import Asked as AskedHandling
from dashboard.handling.groups import Groups, read_groups
from dashboard.hours import Asked, Hours, read_county_hours, read_hours
from dashboard.lineage import read_lineage
from dashboard.overdue import read_open_incidents
from dashboard.period import Days
from dashboard.picture import Picture, read_basics
from dashboard.points import Points, read_points
from dashboard.store import Store
from dashboard.unlocated import Unlocated, read_unlocated
from geo.database import transaction
from geo.hierarchy import TOWNSHIP
from geo.revisions import Revisions, current
from geo.viewer import Viewer

Value = TypeVar("Value")
Key = TypeVar("Key", bound=tuple[Hashable, ...])
_YEARS_AT_ONCE = 500
"""Of counties, so that no answer of the database takes more memory than some 50 MB."""


class Album:
    """Takes pictures for one viewer, keeping in a store what did not change.

    Whatever is read for a picture later than it was taken raises ``DataMovedError`` when the
    data is no longer the picture's.
    """

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
            version = (revisions.area, revisions.incident, revisions.changed_at)
            by_township = self._viewer.scope_slot == TOWNSHIP
            basics = self._store.made(
                self._key("basics"),
                version,
                lambda _: read_basics(connection, by_township=by_township),
            )
            waiting = self._store.made(
                self._key("open"),
                version,
                lambda former: read_open_incidents(
                    connection, basics.tokens.by_county, lineage, basics.terms, former
                ),
            )
            return Picture(revisions, basics, lineage, waiting)

    def revisions(self) -> Revisions:
        """Read which versions are in force, and nothing else."""
        with transaction(self._engine, self._viewer) as connection:
            return current(connection)

    def by_county(self, picture: Picture, parts: Sequence[tuple[Unit, int]]) -> list[Counts]:
        """Return the counts of all counties in scope, for each unit and year asked for."""
        tokens, shape = picture.basics.tokens, _shape(picture)
        versions = {part: (tuple(tokens.during(part[1]).items()), shape) for part in parts}

        def read(
            connection: Connection, missing: list[tuple[Unit, int]]
        ) -> Iterator[tuple[tuple[Unit, int], CountyCounts]]:
            blocks = _blocks(connection, picture)
            for part in missing:
                unit, year = part
                # What another thread reads meanwhile is waited for, and not read again.
                yield (
                    part,
                    self._store.made(
                        self._key("counties", *part),
                        versions[part],
                        partial(blocks.by_county, tokens.during(year), Days.of_year(year), unit),
                    ),
                )

        return [part.counts for part in self._kept("counties", picture, versions, read).values()]

    def by_cell(
        self, picture: Picture, counties: Sequence[str], years: range
    ) -> dict[tuple[str, int], Counts]:
        """Return the counts of counties by cell, by county and year.

        Years in which a county has no incident are left out.
        """
        shape = _shape(picture)
        versions = {
            (code, year): (token, shape)
            for code in counties
            for year, token in picture.basics.tokens.of(code).items()
            if year in years
        }

        def read(
            connection: Connection, missing: list[tuple[str, int]]
        ) -> Iterable[tuple[tuple[str, int], Counts]]:
            blocks = _blocks(connection, picture)
            found: dict[tuple[str, int], Counts] = {}
            for codes, days in _batches(missing):
                found |= blocks.by_cell(codes, days)
            return ((part, found.get(part) or blocks.nothing()) for part in missing)

        return self._kept("cells", picture, versions, read)

    def past(
        self, picture: Picture, counties: Sequence[str], years: range, slot: int
    ) -> list[Counts]:
        """Return the counts of counties over whole years together, by area of a layer."""
        versions = self._versions(picture, counties, years)
        feature, combinations = picture.lineage.feature[slot], picture.basics.terms.combinations
        kind = ("past", slot, years.start, years.stop)
        found = self._found(kind, versions)
        missing = [code for (code,), value in found.items() if value is None]
        parts: dict[str, list[Counts]] = {code: [] for code in missing}
        for (code, _), counts in self.by_cell(picture, missing, years).items():
            parts[code].append(counts)
        for code in missing:
            made = collapsed(parts[code], feature, combinations)
            self._store.put(self._key(kind, code), versions[code,], made)
            found[code,] = made
        return cast("list[Counts]", list(found.values()))

    def points(self, picture: Picture, counties: list[str], days: Days) -> list[Points]:
        """Return the places of the incidents of counties in the years of a period."""
        if picture.covered is None:
            return []
        years = days.clipped(picture.covered).years
        return [part for year in years for part in self._points(picture, counties, year)]

    def _points(self, picture: Picture, counties: list[str], year: int) -> list[Points]:
        basics, days = picture.basics, Days.of_year(year)

        def read(connection: Connection, missing: list[str]) -> dict[str, Points]:
            plane = basics.hierarchy.measuring_crs
            return read_points(connection, missing, picture.lineage, basics.terms, plane, days)

        return self._by_county(("points", year), picture, counties, read, range(year, year + 1))

    def unlocated(self, picture: Picture, counties: list[str]) -> list[Unlocated]:
        """Return the incidents of counties of which no point is known."""

        def read(connection: Connection, missing: list[str]) -> dict[str, Unlocated]:
            return read_unlocated(connection, missing, picture.lineage, picture.basics.terms)

        return self._by_county("unlocated", picture, counties, read)

    def hours(
        self, picture: Picture, counties: list[str], days: Days, *, by_area: bool
    ) -> list[Hours]:
        """Return the incidents of counties by weekday and hour.

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

        kind = ("hours", days, by_area)
        return self._by_county(kind, picture, counties, read, days.years)

    def handled(self, picture: Picture, counties: list[str], asked: AskedHandling) -> list[Groups]:
        """Return how the incidents of counties went on."""

        def read(connection: Connection, missing: list[str]) -> dict[str, Groups]:
            return read_groups(connection, missing, asked, picture.lineage)

        return self._by_county(("handled", asked), picture, counties, read)

    def _by_county(
        self,
        kind: Hashable,
        picture: Picture,
        counties: list[str],
        read: Callable[[Connection, list[str]], dict[str, Value]],
        years: range | None = None,
    ) -> list[Value]:
        def read_missing(
            connection: Connection, missing: list[tuple[str]]
        ) -> Iterator[tuple[tuple[str], Value]]:
            for code, value in read(connection, [code for (code,) in missing]).items():
                yield (code,), value

        versions = self._versions(picture, counties, years)
        return list(self._kept(kind, picture, versions, read_missing).values())

    def _versions(
        self, picture: Picture, counties: Sequence[str], years: range | None
    ) -> dict[tuple[str], Hashable]:
        """What each county's incidents of some years, or of all, were read from."""
        tokens, shape = picture.basics.tokens, _shape(picture)
        return {
            (code,): (
                tuple(
                    (year, token)
                    for year, token in tokens.of(code).items()
                    if years is None or year in years
                ),
                shape,
            )
            for code in counties
        }

    def _kept(
        self,
        kind: Hashable,
        picture: Picture,
        versions: Mapping[Key, Hashable],
        read: Callable[[Connection, list[Key]], Iterable[tuple[Key, Value]]],
    ) -> dict[Key, Value]:
        """Return values by key, in the keys' order, reading those that are not in memory."""
        found = cast("dict[Key, Value | None]", self._found(kind, versions))
        missing = [key for key, value in found.items() if value is None]
        if missing:
            with transaction(self._engine, self._viewer) as connection:
                # Newer figures must not be kept, nor answered, as those of the picture.
                if current(connection) != picture.revisions:
                    raise DataMovedError("the data changed while it was being read")
                for key, value in read(connection, missing):
                    self._store.put(self._key(kind, *key), versions[key], value)
                    found[key] = value
        return {key: value for key, value in found.items() if value is not None}

    def _found(self, kind: Hashable, versions: Mapping[Key, Hashable]) -> dict[Key, object]:
        return {
            key: self._store.get(self._key(kind, *key), version)
            for key, version in versions.items()
        }

    def _key(self, *parts: Hashable) -> tuple[Hashable, ...]:
        return (self._viewer.scope_key, *parts)


def _shape(picture: Picture) -> tuple[int, tuple[int, int, int]]:
    """What rows and combinations are numbered by: anew when areas change or a dictionary grows."""
    return (picture.revisions.area, picture.basics.terms.shape)


def _blocks(connection: Connection, picture: Picture) -> Blocks:
    return Blocks(connection, picture.lineage, picture.basics.terms)


def _batches(missing: Iterable[tuple[str, int]]) -> Iterator[tuple[list[str], Days]]:
    """Put counties that lack the same years together, up to a size."""
    lacking: dict[str, list[int]] = {}
    for code, year in missing:
        lacking.setdefault(code, []).append(year)
    alike: dict[tuple[int, int], list[str]] = {}
    for code, years in lacking.items():
        alike.setdefault((min(years), max(years)), []).append(code)
    for (first, last), codes in alike.items():
        step = max(1, _YEARS_AT_ONCE // (last - first + 1))
        days = Days(Days.of_year(first).since, Days.of_year(last).until)
        for at in range(0, len(codes), step):
            yield codes[at : at + step], days
