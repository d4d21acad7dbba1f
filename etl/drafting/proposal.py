"""From what was found in a file to a profile, and what is not sure about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from etl.drafting.columns import Match, find_columns, joined_coordinates
from etl.drafting.dictionaries import find_terms, no_terms
from etl.drafting.formats import find_formats
from etl.reading.forms import Reading
from etl.texts import as_number, as_text
from etl.toml import to_toml
from geo.hierarchy import Hierarchy

_LONGEST_WORDS = 30
"""Characters that names of methods and bodies seldom exceed."""

NOT_FOUND = "?"
"""Stands for a column that somebody has to name."""

_TIMES = ("occurred_at", "received_at", "deadline", "resolved_at")
_KINDS = ("category", "channel", "status", "scale")
_SINGLE = ("lon", "lat", "address", "method", "organisation", "people")
_DIGESTED = ("occurred_at", "lon", "lat", "address", "category", "received_at")


@dataclass
class Proposal:
    """A profile under way: its tables as TOML has them, and the doubts by field."""

    key: str
    hierarchy: Hierarchy
    hierarchy_name: str
    rules: dict[str, Any] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)

    def doubt(self, name: str, why: str | None) -> None:
        """Note that a field is not sure."""
        if why:
            self.doubts[name] = f"{self.doubts[name]}; {why}" if name in self.doubts else why

    @property
    def unsure(self) -> list[dict[str, str]]:
        """The doubts as the data page shows them."""
        return [{"field": name, "why": why} for name, why in self.doubts.items()]

    def to_toml(self) -> str:
        """The profile as text; above each field what is doubtful about it."""
        table = {"key": self.key, "hierarchy": self.hierarchy_name, "incidents": self.rules}
        comments = {
            name if name in table else f"incidents.{name}": f"UNSURE: {why}"
            for name, why in self.doubts.items()
        }
        if "crs" not in self.rules and "crs" in self.doubts:
            comments["incidents"] = f"UNSURE, crs: {self.doubts['crs']}"
        head = "# Drafted from the first rows of a file: read every line before it is used.\n"
        return head + to_toml(table, comments)


def propose(
    frame: pd.DataFrame,
    reading: Reading,
    source: str,
    hierarchy: tuple[str, Hierarchy],
    persons: Mapping[str, str],
) -> Proposal:
    """Propose a profile for a file.

    Args:
        frame: its first rows.
        reading: what it turned out to be.
        source: whose identifiers they are, as far as the file's name tells.
        hierarchy: the levels in whose country the incidents lie, and their name.
        persons: columns about persons, and what they hold.
    """
    found = find_columns(frame, frozenset(persons))
    made = Proposal(source, hierarchy[1], hierarchy[0], {"source": source})
    made.doubt(
        "source",
        f"{source!r} comes from the name of the file: it must be the same for every file of this"
        " sender, or incidents that come again count twice",
    )
    if made.hierarchy_name == "china" and not _is_chinese(frame):
        made.doubt("hierarchy", "nothing in the file is Chinese: name the levels of its country")
    _add_form(made, frame, reading, found)
    _add_id(made, frame, found)
    _add_place(made, frame, found, frozenset(persons))
    _add_times(made, frame, found)
    _add_terms(made, frame, found)
    if persons:
        made.rules["leave_out"] = list(persons)
        said = ", ".join(f"{column} ({kind})" for column, kind in persons.items())
        made.doubt("leave_out", f"left out because they are about persons: {said}")
    return made


def _is_chinese(frame: pd.DataFrame) -> bool:
    """Whether any name or value has a Chinese character."""
    texts = [pd.Series(list(frame.columns)), *(as_text(frame[name].head(200)) for name in frame)]
    return any(text.str.contains("[\u4e00-\u9fff]", na=False).any() for text in texts)


def _add_form(
    made: Proposal, frame: pd.DataFrame, reading: Reading, found: dict[str, Match]
) -> None:
    """How the file is written."""
    if reading.encoding == "gb18030":
        made.rules["encoding"] = reading.encoding
    if reading.delimiter not in (None, ","):
        made.rules["delimiter"] = reading.delimiter
    if len(reading.sheets) > 1:
        made.rules["sheet"] = reading.sheet
        others = ", ".join(name for name in reading.sheets if name != reading.sheet)
        made.doubt("sheet", f"the sheet with most rows; there are also {others}")
    numbers = [found[part].column for part in ("lon", "lat") if part in found]
    texts = [as_text(frame[column]).dropna() for column in numbers]
    if texts and all(len(text) and text.str.contains(",").mean() > 0.5 for text in texts):
        made.rules["decimal"] = ","


def _add_id(made: Proposal, frame: pd.DataFrame, found: dict[str, Match]) -> None:
    """What an incident is known by."""
    match = found.get("incident_id")
    if match is not None:
        ids = as_text(frame[match.column]).dropna()
        if len(ids) and ids.duplicated().mean() < 0.5:
            made.rules["incident_id"] = [match.column]
            made.doubt("incident_id", match.why)
            if ids.duplicated().any() or len(ids) < len(frame):
                made.doubt("incident_id", "some rows have no identifier or share one")
            if match.column.strip() in ("序号", "id", "ID", "No") and _counts_up(ids):
                made.doubt(
                    "incident_id",
                    "it seems to number the rows of this file: the next one may do so too",
                )
            return
    parts = [found[part].column for part in _DIGESTED if part in found]
    made.rules["incident_id"] = list(dict.fromkeys(parts)) or [NOT_FOUND]
    made.doubt(
        "incident_id",
        "no column identifies an incident, so a digest of several does: rows that agree in all of"
        " them count as one, and a corrected row as another",
    )


def _counts_up(ids: pd.Series) -> bool:
    """Whether identifiers only count the rows."""
    numbers = as_number(ids)
    return bool((numbers.diff().dropna() == 1).all() and numbers.iloc[0] <= 1)


def _add_place(
    made: Proposal, frame: pd.DataFrame, found: dict[str, Match], left_out: frozenset[str]
) -> None:
    """Where it happened."""
    for part in _SINGLE:
        if part in ("method", "organisation") and part in found and _is_prose(frame, found[part]):
            made.doubt(part, f"left away: {found[part].column} seems to hold free text")
        elif part in found and not (part in ("lon", "lat") and not {"lon", "lat"} <= set(found)):
            made.rules[part] = found[part].column
            made.doubt(part, found[part].why)
    if "lon" in made.rules:
        comma = made.rules.get("decimal", ".")
        x = as_number(frame[made.rules["lon"]], comma)
        y = as_number(frame[made.rules["lat"]], comma)
        made.doubt("crs", describe_crs(x, y))
        if x.between(3, 54).mean() > 0.9 and y.between(73, 136).mean() > 0.9:
            made.doubt("lon", "its values are latitudes of China: the columns may be exchanged")
    joined = None if "lon" in made.rules else joined_coordinates(frame, left_out)
    if joined is not None:
        made.doubt("lon", f"{joined} seems to hold both coordinates: make two columns of it")
    elif "address" not in made.rules and "lon" not in made.rules:
        made.doubt("lon", "neither coordinates nor an address were found: name the columns")
    if "address" not in made.rules and "lon" not in made.rules:
        made.rules |= {"lon": NOT_FOUND, "lat": NOT_FOUND}
    if "recorded" in found:
        made.rules["recorded"] = {"column": found["recorded"].column}
        made.doubt("recorded", found["recorded"].why)


def _is_prose(frame: pd.DataFrame, match: Match) -> bool:
    """Whether a column holds sentences rather than words of a list."""
    text = as_text(frame[match.column]).dropna()
    return len(text) > 0 and bool((text.str.len() > _LONGEST_WORDS).mean() > 0.1)


def describe_crs(x: pd.Series, y: pd.Series) -> str:
    """What the numbers alone say about their CRS: not much."""
    if not x.notna().any():
        return "there is no coordinate in the first rows"
    if (x.abs() <= 180).mean() > 0.9 and (y.abs() <= 180).mean() > 0.9:
        return (
            "nothing in the file says in which CRS its degrees are; ask whoever made it, and write"
            ' crs = "EPSG:4490" (CGCS2000), "EPSG:4326" (WGS 84), "GCJ-02" (Amap, Tencent) or'
            ' "BD-09" (Baidu). They differ by up to a kilometre'
        )
    return (
        f"the coordinates are metres (x about {x.median():,.0f}, y about {y.median():,.0f}), and"
        " nothing in the file says in which CRS: ask for its EPSG code (3-degree zones of CGCS2000"
        " are EPSG:4513 to 4554)"
    )


def _add_times(made: Proposal, frame: pd.DataFrame, found: dict[str, Match]) -> None:
    """When it happened."""
    naive = False
    for part in _TIMES:
        if part not in found:
            continue
        formats = find_formats(frame[found[part].column])
        if formats.read < 0.5 and part != "occurred_at" and formats.why:
            made.doubt(part, f"left away: {found[part].column}: {formats.why}")
            continue
        rule: dict[str, Any] = {"column": found[part].column}
        if formats.written != ("iso",):
            several = len(formats.written) > 1
            rule["format"] = list(formats.written) if several else formats.written[0]
        made.rules[part] = rule
        made.doubt(part, found[part].why)
        made.doubt(part, formats.why)
        naive |= formats.naive
    if "occurred_at" not in made.rules:
        made.rules["occurred_at"] = {"column": NOT_FOUND}
        made.doubt("occurred_at", "no column was found that says when it happened: name it")
    if naive:
        made.rules["time_zone"] = made.hierarchy.time_zone.key
        made.doubt("time_zone", "the times state none, so it is that of the hierarchy")


def _add_terms(made: Proposal, frame: pd.DataFrame, found: dict[str, Match]) -> None:
    """What it was."""
    for kind in _KINDS:
        match = found.get(kind)
        terms = find_terms(kind, match.column, frame[match.column]) if match else no_terms(kind)
        table = terms.rule.model_dump(exclude_defaults=True)
        if table:
            made.rules[kind] = table
        made.doubt(kind, match.why if match else None)
        made.doubt(kind, terms.why)


def plain_source(name: str) -> str:
    """A name for a source, from that of a file: without what tells one month's file from another.

    Dates and numbers go, because an incident is known by its source and its identifier: next
    month's file must bear the same.
    """
    stem = re.sub(r"(\.(?:csv|txt|tsv|jsonl?|ndjson|parquet|xls[xmb]?|ods|gz|zip))+$", "", name)
    stem = stem.rpartition("table=")[2]
    without = re.sub(r"[(（\[【].*?[)）\]】]", " ", stem)
    without = re.sub(r"第?\d{1,4}(年|月|日|号|季度|周|期|批)", " ", without)
    # A number of four digits and more is a date or counts; a shorter one may be part of a name,
    # unless it stands alone.
    without = re.sub(r"\d{6,}|(?<!\d)(19|20)\d\d(?!\d)|(?<![A-Za-z\d])\d{1,3}(?!\d)", " ", without)
    return re.sub(r"[\W_]+", "-", without).strip("-").lower() or "mine"
