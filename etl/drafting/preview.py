"""What a profile makes of the first rows of a file."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from etl.cleaning import find_reasons, term_ids
from etl.mapping import map_incidents
from etl.profiles import Incidents
from etl.terms import KINDS, Terms, profile_terms
from etl.texts import as_text
from geo.crs import STORED_CRS
from geo.errors import GridboardError

ROWS_SHOWN = 50
"""How many rows are mapped to be looked at."""

_BY_PLACE = re.compile(r"number (\d+) from the left")
_EXAMPLES = 3
_LONGEST = 40
_TEXTS = ("incident_id", *KINDS, "method", "organisation", "address", "recorded")
_MOMENTS = ("occurred_at", "received_at", "deadline", "resolved_at")

Row = dict[str, Any]
"""One row as JSON holds it."""


def map_rows(frame: pd.DataFrame, rules: Incidents) -> list[Row]:
    """Map the first rows and say of each why it would be refused, as far as it shows here.

    Coordinates in an undeclared CRS are shown as if they were WGS 84, so that they can be
    looked at; they could not be loaded so.
    """
    first = frame.head(ROWS_SHOWN).reset_index(drop=True)
    shown = rules
    if rules.crs is None and rules.lon is not None:
        shown = rules.model_copy(update={"crs": STORED_CRS})
    try:
        mapped = map_incidents(first, shown)
    except GridboardError as error:
        return [{"row": number, "reason": str(error)} for number in range(1, len(first) + 1)]
    reasons = find_reasons(mapped, term_ids(mapped, _terms(rules, mapped)))
    return [
        _row(number, values, None if reason is None else str(reason))
        for number, (values, reason) in enumerate(
            zip(_records(mapped), reasons, strict=True), start=1
        )
    ]


def _row(number: int, values: dict[str, Any], reason: str | None) -> Row:
    """A mapped row without what is missing."""
    row: Row = {"row": number}
    for name in ("lon", "lat"):
        at = values[name]
        row[name] = round(float(at), 7) if np.isfinite(at) else None
    for name in _MOMENTS:
        if isinstance(values[name], datetime) and not pd.isna(values[name]):
            row[name] = values[name].isoformat()
    row |= {name: values[name] for name in _TEXTS if not pd.isna(values.get(name))}
    if not pd.isna(values["people"]):
        row["people"] = float(values["people"])
    return row | ({"reason": reason} if reason else {})


def _records(mapped: pd.DataFrame) -> list[Row]:
    """The rows with the columns' names."""
    return [{str(name): value for name, value in row.items()} for row in mapped.to_dict("records")]


def _terms(rules: Incidents, mapped: pd.DataFrame) -> Terms:
    """The dictionaries that a load would have, as far as the profile tells."""
    terms = Terms({kind: {} for kind in KINDS}, {kind: {} for kind in KINDS})
    for term in profile_terms(rules):
        terms.ids[term.kind][term.code] = len(terms.ids[term.kind]) + 1
    for kind, rule in rules.dictionaries.items():
        if rule.create:
            for code in terms.unknown(kind, mapped[kind].dropna().unique().tolist()):
                terms.ids[kind][code] = 1
    return terms


def without_texts(rows: list[Row]) -> list[Row]:
    """The rows with places, times and reasons alone: their texts may be about persons."""
    kept = ("row", "lon", "lat", *_MOMENTS, "reason")
    return [{name: row[name] for name in kept if name in row} for row in rows]


def private_columns(persons: Iterable[Row], frame: pd.DataFrame) -> dict[str, str]:
    """What to call the columns about persons, by their names in the file.

    One whose name itself is about a person is called by its place.
    """
    called: dict[str, str] = {}
    for label in (str(each["column"]) for each in persons):
        place = _BY_PLACE.fullmatch(label)
        name = str(frame.columns[int(place[1]) - 1]) if place and label not in frame else label
        called[name] = label
    return called


def show_columns(
    names: Iterable[str],
    frame: pd.DataFrame,
    rules: Incidents | None,
    private: Mapping[str, str],
) -> list[Row]:
    """The columns of a file with a few values of those that the profile uses.

    Other columns may hold free text, and free text may hold anything: they are only named.
    """
    used = set(rules.columns) - set(private) if rules else set()
    return [
        {
            "name": private.get(name, name),
            "examples": _examples(frame[name]) if name in used else [],
        }
        for name in names
    ]


def _examples(values: pd.Series) -> list[str]:
    """A few different values, cut short."""
    found = as_text(values.head(1_000)).dropna().unique()[:_EXAMPLES]
    return [value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…" for value in found]
