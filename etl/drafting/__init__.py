"""Draft a profile from the first rows of a file, and say what is not sure about it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from etl.drafting.fit import describe_fit
from etl.drafting.preview import map_rows, private_columns, show_columns, without_texts
from etl.drafting.proposal import NOT_FOUND, plain_source, propose
from etl.persons import scan_columns
from etl.places import Places
from etl.profiles import Incidents, Profile, parse_profile, profile_to_toml
from etl.reading.forms import Form, Reading
from etl.reading.incidents import first_rows, open_source, source_name
from geo.errors import GridboardError, InputError
from geo.hierarchy import load_hierarchy

SAMPLE_ROWS = 20_000
"""How many rows a draft looks at."""


@dataclass(frozen=True)
class Draft:
    """A profile for a file, and what it makes of the first rows.

    Attributes:
        profile: TOML.
        unsure: doubts: field and why.
        columns: all columns of the file: name and examples.
        rows: the first rows as they would be loaded, each with a reason if it would be refused.
        persons: columns about persons: column, kind, rows of the sample.
    """

    profile: str
    unsure: list[dict[str, str]]
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    persons: list[dict[str, object]]

    def as_dict(self) -> dict[str, Any]:
        """The result of a job, as JSON holds it."""
        return dict(self.__dict__)


def draft_profile(
    source: str | Path,
    *,
    name: str | None = None,
    hierarchy: str = "china",
    places: Places | None = None,
) -> Draft:
    """Propose a profile for a file.

    Args:
        source: as ``read_incidents`` takes it.
        name: what to call a file in messages, if not by its own name.
        hierarchy: built-in hierarchy of the country; its zone is proposed for naive times.
        places: the areas that are loaded, to see in which CRS the points fit them.

    Raises:
        InputError: the file cannot be read.
    """
    called = name or source_name(source)
    levels = (hierarchy, load_hierarchy(hierarchy))
    with open_source(source, Form(any_sheet=True), name) as reading:
        frame = first_rows(reading, SAMPLE_ROWS)
        if not len(frame):
            raise InputError(f"{called} has no rows to draft a profile from")
        persons: list[dict[str, object]] = []
        for _ in range(2):
            # What is about persons depends on what the columns are taken for, and the reverse.
            named = {str(each["column"]): str(each["kind"]) for each in persons}
            kinds = {column: kind for column, kind in named.items() if column in frame.columns}
            made = propose(frame, reading, plain_source(called), levels, kinds)
            rules = _rules(made.to_toml())
            if rules is not None and not persons:
                persons = scan_columns(frame, rules).rows()
    if rules is not None and places is not None:
        made.doubt("crs", describe_fit(frame, rules, places))
    return _shown(made.to_toml(), made.unsure, reading, frame, persons)


def preview_profile(source: str | Path, profile: Profile, *, name: str | None = None) -> Draft:
    """Show what a profile makes of the first rows of a file.

    Raises:
        InputError: the file cannot be read, or lacks a column of the profile.
    """
    rules = profile.incidents
    form = Form.of(rules) if rules else Form(any_sheet=True)
    with open_source(source, form, name) as reading:
        frame = first_rows(reading, SAMPLE_ROWS)
    persons = scan_columns(frame, rules).rows() if rules else []
    return _shown(profile_to_toml(profile), [], reading, frame, persons)


def _shown(
    text: str,
    unsure: list[dict[str, str]],
    reading: Reading,
    frame: pd.DataFrame,
    persons: list[dict[str, object]],
) -> Draft:
    """A profile with the columns and the first rows."""
    rules = _rules(text)
    private = private_columns(persons, frame)
    rows: list[dict[str, Any]] = []
    if rules is not None and NOT_FOUND not in rules.columns and len(frame):
        rows = map_rows(frame, rules)
        if set(private) & set(rules.columns):
            rows = without_texts(rows)
    return Draft(
        profile=text,
        unsure=unsure,
        columns=show_columns(reading.columns, frame, rules, private),
        rows=rows,
        persons=persons,
    )


def _rules(text: str) -> Incidents | None:
    """What a profile says about incidents, if it is one already."""
    try:
        return parse_profile(text, "draft").incidents
    except GridboardError:
        return None


__all__ = ["Draft", "draft_profile", "preview_profile"]
