"""What the source answers: plain values, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Step:
    """An area named on the way from the top of the viewer's scope to another area."""

    code: str
    name: str
    name_en: str | None
    slot: int


@dataclass(frozen=True)
class AreaSummary:
    """An area as the page introduces it.

    Attributes:
        area_id: id of its current version, the feature id in tiles.
        slot: slot of its level; ``level`` is the level's key in the profile.
        parents: the way down from the top of the viewer's scope, itself not included.
        bounds: west, south, east, north in degrees.
        population, households: ``None`` where nobody counted: no rate is given then.
        child_level: key of the level shown below it by default; ``None`` for the last.
        layers: keys of the levels that can be shown inside it, coarse to fine.
        areas_per_layer: how many areas each of these layers has inside it.
        synthetic: its outline was generated, not surveyed.
    """

    area_id: int
    code: str
    name: str
    name_en: str | None
    slot: int
    level: str
    kind: str | None
    parents: tuple[Step, ...]
    bounds: Bounds
    population: int | None
    households: int | None
    area_km2: float | None
    child_level: str | None
    layers: tuple[str, ...]
    areas_per_layer: dict[str, int] = field(default_factory=dict)
    synthetic: bool = False


@dataclass(frozen=True)
class Summary:
    """The figures of an area over a period.

    Attributes:
        total: incidents received in the period; ``None`` when no day of it has data.
        previous: the same over the preceding period of equal length (环比).
        last_year: the same over the same dates one year earlier (同比). Both are
            ``None`` when their period begins before the first day of data.
        resolved: of ``total``, those whose status is resolved; the resolved share
            (化解率) is ``resolved / total``.
        open: of ``total``, those still open.
        overdue: of ``open``, those whose deadline passed before ``as_of``.
        overdue_in_all: the same of the open incidents of all days.
        first_day, last_day: the days that all data covers, whatever the scope.
        as_of: the moment the data speaks of: when it last changed, but not after
            the end of ``last_day``.
    """

    total: int | None
    previous: int | None
    last_year: int | None
    resolved: int | None
    open: int | None
    overdue: int | None
    overdue_in_all: int | None
    first_day: date | None
    last_day: date | None
    as_of: datetime | None


@dataclass(frozen=True)
class Term:
    """A term of the dictionary: a category, channel, status or scale."""

    id: int
    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Breaks:
    """Class limits of a map.

    Attributes:
        limits: ascending; class ``i`` holds ``limits[i-1] <= value < limits[i]``, the
            first class every positive value below ``limits[0]``, the last one every
            value from ``limits[-1]`` up. Zero and no data are classes of their own.
        lowest: the smallest positive value of the layer; ``None`` if there is none.
        highest: the largest value of the layer; ``None`` if there is none.
    """

    limits: tuple[float, ...]
    lowest: float | None
    highest: float | None


@dataclass(frozen=True)
class Found:
    """An area found by name or code."""

    code: str
    name: str
    name_en: str | None
    path: str
    slot: int
    level: str


@dataclass(frozen=True)
class Trend:
    """Counts over time, with the same days a year earlier.

    Attributes:
        unit: ``day`` or ``month``.
        starts: first day of each bucket; the first and last bucket may be cut by the
            period.
        counts: incidents received in each bucket; ``None`` where it holds no day that
            the data covers.
        last_year: the same one year earlier; ``None`` alike.
    """

    unit: str
    starts: tuple[date, ...]
    counts: tuple[int | None, ...]
    last_year: tuple[int | None, ...]


@dataclass(frozen=True)
class Credit:
    """A line that the page must show about the origin of its data."""

    zh: str
    en: str


@dataclass(frozen=True)
class Attribution:
    """What must be said about the data.

    Attributes:
        credits: lines to show.
        synthetic_from: slot from which outlines are generated, not surveyed;
            ``None`` where all are real.
    """

    credits: tuple[Credit, ...]
    synthetic_from: str | None
