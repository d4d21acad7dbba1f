"""Codes, parents and days of areas, and the division list."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from etl.code_checks import code_stem, find_code_defects, find_unknown_codes
from etl.divisions import Division, Divisions
from geo.defects import Kind
from geo.hierarchy import load_hierarchy

CHINA, CHICAGO = load_hierarchy("china"), load_hierarchy("chicago")
TODAY = date(2026, 11, 21)
NOTHING = pd.DataFrame({"code": [], "level": [], "parent_code": []})

ROWS = [
    ("620000", 0, None),
    ("620100", 1, "620000"),
    ("620102", 2, "620100"),
    ("620103", 2, "620100"),
    ("620102001", 3, "620102"),
    ("620102001001", 4, "620102001"),
    ("620102001001001", 5, "620102001001"),
    ("620200", 1, "620000"),
    ("620200001", 3, "620200"),
]


def areas(rows: list[tuple[str, int, str | None]], **changes: object) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        rows,
        columns=["code", "level", "parent_code"],
        geometry=[shapely.box(n, 0, n + 1, 1) for n in range(len(rows))],
        crs="EPSG:4326",
    )
    return frame.assign(name="x", **changes)


def test_codes_that_nest_are_right() -> None:
    assert find_code_defects(areas(ROWS), NOTHING, CHINA, TODAY) == []


def test_a_code_that_begins_like_another_parents_is_astray() -> None:
    rows = [*ROWS[:-1], ("620103005", 3, "620102")]
    [defect] = find_code_defects(areas(rows), NOTHING, CHINA, TODAY)
    assert (defect.kind, defect.codes) == (Kind.ASTRAY, ("620103005", "620102", "620103"))
    assert defect.note == "its code says 620103, its parent is 620102"


def test_a_zone_whose_number_no_area_has_is_not_astray() -> None:
    """Lanzhou New Area: townships 620171101… lie in the counties 620121 and 620122."""
    rows = [*ROWS[:-1], ("620171101", 3, "620102")]
    assert find_code_defects(areas(rows), NOTHING, CHINA, TODAY) == []


def test_parents_may_be_loaded_already() -> None:
    known = pd.DataFrame(ROWS[:4], columns=["code", "level", "parent_code"])
    assert find_code_defects(areas(ROWS[4:7]), known, CHINA, TODAY) == []


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (("62010", 2, "620100"), Kind.CODE),
        (("620104", 2, None), Kind.PARENT),
        (("620104", 2, "620900"), Kind.PARENT),
        (("620104", 2, "620102"), Kind.PARENT),
        (("620102", 2, "620100"), Kind.DUPLICATE),
    ],
)
def test_bad_codes_and_parents(row: tuple[str, int, str | None], kind: Kind) -> None:
    found = find_code_defects(areas([*ROWS, row]), NOTHING, CHINA, TODAY)
    assert {defect.kind for defect in found} == {kind}


def test_names_and_days() -> None:
    late = find_code_defects(areas(ROWS[:1], valid_from=date(2027, 1, 1)), NOTHING, CHINA, TODAY)
    assert [(d.kind, d.note) for d in late] == [
        (Kind.DATE, "2027-01-01 is in the future: load it on that day")
    ]
    assert find_code_defects(areas(ROWS[:1], valid_from=TODAY), NOTHING, CHINA, TODAY) == []
    unnamed = find_code_defects(areas(ROWS[:1]).assign(name=" "), NOTHING, CHINA, TODAY)
    assert [defect.kind for defect in unnamed] == [Kind.NAME]


def test_stems() -> None:
    assert code_stem("621000", 1, CHINA) == "6210"
    assert code_stem("620000", 0, CHINA) == "62"
    assert code_stem("620102001", 3, CHINA) == "620102001"
    assert code_stem("chicago", 0, CHICAGO) is None


def divisions(*entries: Division) -> Divisions:
    by_code: dict[str, tuple[Division, ...]] = {}
    for entry in entries:
        by_code[entry.code] = (*by_code.get(entry.code, ()), entry)
    return Divisions(by_code)


LISTED = divisions(
    Division("620102", "城关区", 2, None, None),
    Division("620103", "七里河区", 2, None, date(2020, 1, 1)),
    Division("620104", "西固区", 2, date(2027, 1, 1), None),
)


def unknown(*codes: str, listed: Divisions = LISTED) -> dict[str, str]:
    frame = areas([(code, 2, "620100") for code in codes])
    found = find_unknown_codes(frame, listed, CHINA, TODAY)
    assert {defect.kind for defect in found} <= {Kind.UNKNOWN}
    return {defect.codes[0]: defect.note for defect in found}


def test_codes_are_compared_with_the_division_list() -> None:
    assert unknown("620102", "620103", "620104", "620105") == {
        "620103": "七里河区: abolished on 2020-01-01",
        "620104": "西固区: in force only from 2027-01-01",
        "620105": "not in the division list",
    }


def test_levels_that_the_list_does_not_reach_are_left_alone() -> None:
    cells = areas([("620102001001001", 5, "620102001001")])
    assert find_unknown_codes(cells, LISTED, CHINA, TODAY) == []
    assert unknown("620105", listed=divisions(Division("620000", "甘肃", 0, None, None))) == {}
