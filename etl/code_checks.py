"""What can be wrong with the codes, names, parents and days of areas."""

import re
from datetime import date
from functools import cache

import geopandas as gpd
import pandas as pd

from etl.divisions import Divisions
from geo.defects import Defect, Kind
from geo.hierarchy import PROVINCE, Hierarchy, Level


def find_code_defects(
    areas: gpd.GeoDataFrame, known: pd.DataFrame, hierarchy: Hierarchy, today: date
) -> list[Defect]:
    """Check what can be checked without looking at the outlines.

    Args:
        areas: columns ``editions.COLUMNS``, geometry, and valid_from if rows have days.
        known: areas that are loaded already and stay: code, level, parent_code.
        hierarchy: knows how codes look.
        today: days after it are refused: what is current is what the map shows.

    Returns:
        Bad and duplicate codes, missing names, unknown parents, codes that begin like those
        of another parent, and days in the future.
    """
    levels = dict(zip(known["code"], known["level"], strict=True))
    levels |= dict(zip(areas["code"], areas["level"], strict=True))
    patterns = {level.slot: re.compile(level.code_pattern) for level in hierarchy.levels}
    repeated = set(areas["code"][areas["code"].duplicated(keep=False)])
    days = areas["valid_from"] if "valid_from" in areas else [None] * len(areas)
    columns = (areas["code"], areas["level"], areas["name"], areas["parent_code"], days)
    found: list[Defect] = []
    for at, (code, slot, name, parent, day) in enumerate(zip(*columns, strict=True)):
        reasons: _Found = []
        if not isinstance(code, str) or not code.strip():
            found.append(Defect(Kind.BLANK, (), 0.0, areas.geometry.iloc[at], "", int(slot)))
            continue
        if not patterns[slot].fullmatch(code):
            reasons.append((Kind.CODE, (), f"expected {patterns[slot].pattern}"))
        if code in repeated:
            reasons.append((Kind.DUPLICATE, (), "in two files or twice in one"))
        if pd.isna(name) or not name.strip():
            reasons.append((Kind.NAME, (), ""))
        if isinstance(day, date) and day > today:
            note = f"{day} is in the future: load it on that day"
            reasons.append((Kind.DATE, (), note))
        reasons += _parent_defects(code, slot, parent, levels, hierarchy)
        for kind, others, note in reasons:
            shape = areas.geometry.iloc[at]
            found.append(Defect(kind, (code, *others), 0.0, shape, note, int(slot)))
    return found


_Found = list[tuple[Kind, tuple[str, ...], str]]
"""What is wrong: kind, other codes, note."""


def _parent_defects(
    code: str, slot: int, parent: object, levels: dict[str, int], hierarchy: Hierarchy
) -> _Found:
    """What is wrong with the parent that an area names."""
    if not isinstance(parent, str):
        return [(Kind.PARENT, (), "no parent is stated")] if slot > PROVINCE else []
    if parent not in levels:
        return [(Kind.PARENT, (parent,), f"its parent {parent} is not known")]
    if levels[parent] >= slot:
        return [(Kind.PARENT, (parent,), f"{parent} is not wider than it")]
    stem = code_stem(parent, levels[parent], hierarchy)
    if stem is None or code.startswith(stem) or code_stem(code, slot, hierarchy) is None:
        return []
    named = code[: len(stem)].ljust(len(parent), "0")
    # A zone whose number no area has, such as a development zone, says nothing about places.
    if named not in levels:
        return []
    return [(Kind.ASTRAY, (parent, named), f"its code says {named}, its parent is {parent}")]


def code_stem(code: str, slot: int, hierarchy: Hierarchy) -> str | None:
    """The digits with which the codes of all areas inside an area begin: 6201 of 620100.

    None where codes are not built like that: the pattern of the level is not so many digits
    followed by zeros.
    """
    digits = _stem_digits(hierarchy, slot)
    return code[:digits] if digits else None


@cache
def _stem_digits(hierarchy: Hierarchy, slot: int) -> int:
    """How many digits of a level's codes mean something; 0 if that is not known."""
    level = hierarchy.at(slot)
    pattern = re.fullmatch(r"\\d\{(\d+)\}0*", level.code_pattern) if level else None
    return int(pattern.group(1)) if pattern else 0


def find_unknown_codes(
    areas: gpd.GeoDataFrame, divisions: Divisions, hierarchy: Hierarchy, day: date
) -> list[Defect]:
    """Name the codes that the division list does not have, or no longer.

    Args:
        areas: code, level, geometry.
        divisions: the list.
        hierarchy: tells by its pattern which codes of the list could be a level's.
        day: on which the codes must hold.

    Returns:
        One defect a code; none for levels of which the list has no code.
    """
    found: list[Defect] = []
    for slot, group in areas.groupby("level"):
        level = hierarchy.at(int(str(slot)))
        if level is None or not _lists(divisions, level):
            continue
        for code, shape in zip(group["code"], group.geometry, strict=True):
            if note := _why_unknown(divisions, str(code), day):
                found.append(Defect(Kind.UNKNOWN, (str(code),), 0.0, shape, note, int(str(slot))))
    return found


def _lists(divisions: Divisions, level: Level) -> bool:
    """Whether the list has codes of a level at all: lists end at some level."""
    pattern = re.compile(level.code_pattern)
    return any(
        pattern.fullmatch(code) and entries[-1].level in (None, level.slot)
        for code, entries in divisions.entries.items()
    )


def _why_unknown(divisions: Divisions, code: str, day: date) -> str:
    """What is wrong with a code on a day; empty if nothing."""
    if divisions.on(code, day) is not None:
        return ""
    last = divisions.last(code)
    if last is None:
        return "not in the division list"
    if last.valid_to is not None and last.valid_to <= day:
        return f"{last.name}: abolished on {last.valid_to}"
    return f"{last.name}: in force only from {last.valid_from}"
