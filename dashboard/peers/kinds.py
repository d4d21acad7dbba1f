"""What kind of place an area is: only those of one kind are compared.

The column ``kind`` of the areas says it; where it is empty, the ranges of division codes do:
digits 5-6 of a county (GB/T 2260), 7-9 of a township (GB/T 10114), 10-12 of a village. A cell is
urban or rural by the village around it, or by its township where there are no villages.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.lineage import Lineage
from geo.hierarchy import CELL, CITY, COUNTY, TOWNSHIP, VILLAGE

UNKNOWN = "unknown"
URBAN = frozenset({"subdistrict", "community", "district"})
"""Kinds that stand for towns; every other one of a known kind is country."""

_SAME: Mapping[str, str] = {
    "autonomous_county": "county",
    "autonomous_prefecture": "prefecture",
    "街道": "subdistrict",
    "镇": "town",
    "乡": "township",
    "民族乡": "township",
    "社区": "community",
    "居委会": "community",
    "村": "village",
    "村委会": "village",
    "县": "county",
    "自治县": "county",
    "区": "district",
    "市辖区": "district",
    "县级市": "county_city",
    "市": "prefecture",
    "自治州": "prefecture",
    "基础网格": "basic",
    "专属网格": "special",
}
"""Other names of a kind, and kinds that differ in name more than in what they are."""

# Of each slot: the digits of the code that number its areas, and from which number on each kind.
_RANGES: Mapping[int, tuple[slice, tuple[tuple[int, str], ...]]] = {
    COUNTY: (slice(4, 6), ((1, "district"), (21, "county"), (81, "county_city"))),
    TOWNSHIP: (
        slice(6, 9),
        ((1, "subdistrict"), (100, "town"), (200, "township"), (400, "other")),
    ),
    VILLAGE: (
        slice(9, 12),
        ((1, "community"), (200, "village"), (400, "community"), (500, "village")),
    ),
}
_LENGTHS = {COUNTY: 6, TOWNSHIP: 9, VILLAGE: 12}


def kind_of(lineage: Lineage, row: int, *, china: bool) -> str:
    """Tell the kind of an area; ``UNKNOWN`` where neither column nor code says it.

    Args:
        lineage: the areas.
        row: which one.
        china: whether codes are Chinese division codes, so that their ranges mean something.
    """
    slot = int(lineage.slots[row])
    given = (lineage.text("kind", row) or "").strip()
    kind = _SAME.get(given, given)
    if slot == CELL:
        return f"{kind or 'basic'}-{_setting(lineage, row, china=china)}"
    if kind:
        return kind
    code = lineage.text("code", row) or ""
    return kind_by_code(code, slot) if china else UNKNOWN


def kind_by_code(code: str, slot: int) -> str:
    """Read the kind of a county, township or village from its division code."""
    if slot == CITY:
        return "prefecture"
    if slot not in _RANGES or len(code) != _LENGTHS[slot] or not code.isdecimal():
        return UNKNOWN
    digits, kinds = _RANGES[slot]
    number, found = int(code[digits]), UNKNOWN
    for first, kind in kinds:
        if number >= first:
            found = kind
    return found


def _setting(lineage: Lineage, row: int, *, china: bool) -> str:
    """Whether a cell lies in town or in the country, by the area around it."""
    for slot in (VILLAGE, TOWNSHIP):
        around = int(lineage.above[slot][row])
        if around >= 0 and int(lineage.slots[around]) == slot:
            kind = kind_of(lineage, around, china=china)
            if kind != UNKNOWN:
                return "urban" if kind in URBAN else "rural"
    return UNKNOWN
