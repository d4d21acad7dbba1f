"""The current view as a table: the areas of the layer shown, with all that is known of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from dashboard.counts import Floats
from dashboard.errors import TooLargeError
from dashboard.exporting.about import About, about
from dashboard.exporting.columns import Column, as_frame
from dashboard.exporting.kinds import kind_words
from dashboard.exporting.view_signals import smoothed_columns, spot_columns
from dashboard.lineage import Lineage
from dashboard.publishing.before import published_before
from dashboard.visit import Visit
from geo.rates import Interval, rate_interval, rates, too_few

MAX_AREAS = 200_000
"""Twice the cells of a province."""


@dataclass(frozen=True)
class ViewTable:
    """The areas of a view.

    Attributes:
        about: what the figures are of.
        area_ids: n ids, ascending.
        columns: n values each.
    """

    about: About
    area_ids: NDArray[np.int32]
    columns: tuple[Column, ...]

    def frame(self, *, labels: bool = False) -> pd.DataFrame:
        """All columns, typed."""
        return as_frame(self.columns, labels=labels)


def view_table(visit: Visit) -> ViewTable:
    """Count the areas of the layer shown.

    Raises:
        TooLargeError: they are too many for a file.
    """
    many = visit.area.areas_per_layer.get(visit.layer.key, 1)
    if many > MAX_AREAS:
        raise TooLargeError(
            f"{many:,} areas are more than the {MAX_AREAS:,} a file may hold:"
            " choose a smaller area or a wider level"
        )
    found = visit.source.children(visit.area.code, visit.filters, visit.layer.key)
    area_ids = found["area_id"].to_numpy(np.int32)
    rows = visit.source.picture.lineage.rows_of(area_ids)
    said = about(visit)
    return ViewTable(
        said,
        area_ids,
        (*_places(visit, rows), *_figures(visit, found, rows), *_same(said, len(rows))),
    )


def _places(visit: Visit, rows: NDArray[np.int32]) -> Iterator[Column]:
    """Who the areas are, and how many live there."""
    _, lineage = visit.text, visit.source.picture.lineage
    people, households, area_km2 = (
        lineage.numbers(name)[rows] for name in ("population", "households", "area_km2")
    )
    parents = _parents(lineage, rows)
    yield Column("code", _("Area code"), "text", _texts(lineage, "code", rows))
    yield Column("name", _("Area name"), "text", _texts(lineage, "name", rows))
    yield Column("name_en", _("English name"), "text", _texts(lineage, "name_en", rows))
    kinds = _texts(lineage, "kind", rows)
    yield Column("kind", _("Kind of area"), "text", kinds, words=kind_words(_))
    yield Column("parent_code", _("Code of the area above"), "text", parents["code"])
    yield Column("parent_name", _("Name of the area above"), "text", parents["name"])
    yield Column("population", _("Population (people)"), "whole", people)
    yield Column("households", _("Households (number)"), "whole", households)
    yield Column("area_km2", _("Size (km²)"), "number", area_km2, digits=3)


def _figures(visit: Visit, found: pd.DataFrame, rows: NDArray[np.int32]) -> Iterator[Column]:
    """How many incidents, for how much land and how many people, and how sure that is."""
    _, numbers = visit.text, visit.source.picture.lineage.numbers
    counts = found["count"].to_numpy(np.float64)
    people, area_km2 = (
        found[name].to_numpy(np.float64, na_value=np.nan) for name in ("population", "area_km2")
    )
    households = numbers("households")[rows]
    by_people, by_households = (rate_interval(counts, base) for base in (people, households))
    before = _before(visit)
    yield Column("incidents", _("Incidents (number)"), "whole", counts)
    yield Column("incidents_before", _("Incidents in the period before (number)"), "whole", before)
    yield Column("incidents_per_km2", _("Incidents per km²"), "number", _over(counts, area_km2))
    head = _("Incidents per 1,000 people")
    yield Column("incidents_per_1000_people", head, "number", rates(counts, people))
    yield from _limits("incidents_per_1000_people", head, by_people, visit)
    head = _("Incidents per 1,000 households")
    yield Column("incidents_per_1000_households", head, "number", rates(counts, households))
    yield from _limits("incidents_per_1000_households", head, by_households, visit)
    base = people if visit.state.per == "people" else households
    yield from smoothed_columns(visit, counts, base)
    yield from spot_columns(visit, rows)
    yield Column("note", _("Remark"), "text", _notes(visit, counts, people))


def _limits(key: str, head: str, interval: Interval, visit: Visit) -> Iterator[Column]:
    _ = visit.text
    if visit.state.publish:
        return
    low, high = _("{figure}, 95% from", figure=head), _("{figure}, 95% to", figure=head)
    yield Column(f"{key}_low", low, "number", interval.low)
    yield Column(f"{key}_high", high, "number", interval.high)


def _same(said: About, rows: int) -> Iterator[Column]:
    """What all figures are of, for files that have no header to say it once."""
    for key, label, value in said.in_rows:
        yield Column(key, label, "text", [value] * rows, same=True)


def _before(visit: Visit) -> Floats:
    """Count the same areas over the period before; nothing where that lacks data."""
    if visit.state.publish:
        return published_before(visit)
    before = visit.filters.during(visit.days_with_data.before())
    found = visit.source.children(visit.area.code, before, visit.layer.key)
    known = visit.has_data and before.days.since >= visit.coverage.since
    counts: Floats = found["count"].to_numpy(np.float64)
    return counts if known else np.full(len(counts), np.nan)


def _notes(visit: Visit, counts: Floats, people: Floats) -> NDArray[np.object_]:
    """Say of each area what of its figures is missing, and why."""
    _ = visit.text
    notes = np.full(len(counts), None, object)
    few = _("fewer than 20 incidents: too few to judge by rates")
    notes[too_few(counts) & (counts > 0)] = few
    notes[np.isnan(people)] = _("population unknown: no rate")
    notes[people == 0] = _("nobody lives here: no rate")
    missing = _("figure withheld") if visit.has_data else _("no data for this period")
    notes[np.isnan(counts)] = missing
    return notes


def _over(counts: Floats, base: Floats) -> Floats:
    result: Floats = counts / np.where(base > 0, base, np.nan)
    return result


def _texts(lineage: Lineage, column: str, rows: NDArray[np.int32]) -> list[str | None]:
    found: list[str | None] = lineage.table[column].take(pa.array(rows)).to_pylist()
    return found


def _parents(lineage: Lineage, rows: NDArray[np.int32]) -> dict[str, Sequence[Any]]:
    """Code and name of the nearest area in scope above each row; none at the top."""
    parent = np.full(len(rows), -1, np.int32)
    for slot, above in enumerate(lineage.above):
        there = above[rows]
        nearer = (there >= 0) & (there != rows) & (slot < lineage.slots[rows])
        parent = np.where(nearer, there, parent)
    at = pa.array(np.maximum(parent, 0), mask=parent < 0)
    return {name: lineage.table[name].take(at).to_pylist() for name in ("code", "name")}
