"""Features of a file become areas; what is wrong with a row is named with its place."""

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from etl.area_mapping import map_areas
from etl.profiles import AreaColumns, Text
from geo.defects import Defect, Kind
from geo.errors import InputError
from geo.hierarchy import load_hierarchy

CHINA = load_hierarchy("china")
AREA = AreaColumns(
    level="county",
    code=Text(column="id"),
    parent=Text(constant="620100"),
    name=Text(column="label"),
)
ONE, OTHER = shapely.box(0, 0, 1, 1), shapely.box(3, 0, 4, 1)


def features(
    *rows: tuple[object, object, shapely.Geometry], **more: list[object]
) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame(
        list(rows), columns=["id", "label", "geometry"], geometry="geometry", crs="EPSG:4326"
    )
    return frame.assign(**more)


def mapped(raw: gpd.GeoDataFrame, **changes: object) -> tuple[gpd.GeoDataFrame, list[Defect]]:
    return map_areas(raw, AREA.model_copy(update=changes), CHINA)


def test_features_become_areas() -> None:
    areas, defects = mapped(features(("1", "One", ONE)))
    row = areas.iloc[0]
    assert (row["code"], row["level"], row["parent_code"], row["name"]) == ("1", 2, "620100", "One")
    empty = ["name_en", "kind", "population", "households", "valid_from"]
    assert areas[empty].isna().all(axis=None)
    assert defects == []


def test_codes_read_as_numbers_stay_codes() -> None:
    areas, defects = mapped(features((620102.0, "One", ONE), (None, "Other", OTHER)))
    assert areas["code"].tolist() == ["620102"]
    assert [(defect.kind, defect.note) for defect in defects] == [(Kind.BLANK, "row 2")]
    assert defects[0].place == (3.5, 0.5)


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_blank_code_is_named_by_row_and_place(blank: str | None) -> None:
    areas, defects = mapped(features(("1", "One", ONE), (blank, "Other", OTHER)))
    assert areas["code"].tolist() == ["1"]
    assert [(d.kind, d.codes, d.note) for d in defects] == [(Kind.BLANK, (), "row 2")]


def test_several_features_of_one_code_are_refused_until_the_profile_says_merge() -> None:
    raw = features(("1", "One", ONE), ("1", "One", OTHER))
    _, defects = mapped(raw)
    assert [(defect.kind, defect.codes) for defect in defects] == [(Kind.FEATURES, ("1",))]
    merged, none = mapped(raw, several="merge")
    assert merged["code"].tolist() == ["1"]
    assert none == []
    assert merged.geometry[0].equals(shapely.union_all(raw.geometry))


@pytest.mark.parametrize("several", ["refuse", "merge"])
def test_different_areas_with_one_code_are_never_merged(several: str) -> None:
    _, defects = mapped(features(("1", "One", ONE), ("1", "Other", OTHER)), several=several)
    assert [(defect.kind, defect.codes) for defect in defects] == [(Kind.DUPLICATE, ("1",))]
    assert defects[0].note == "2 areas that are not alike: One, Other"


def test_parts_that_disagree_in_people_are_not_merged() -> None:
    raw = features(("1", "One", ONE), ("1", "One", OTHER), people=[10, 20])
    _, defects = mapped(raw, several="merge", population="people")
    assert [defect.kind for defect in defects] == [Kind.DUPLICATE]


def test_parts_that_overlap_are_named_before_merging_hides_it() -> None:
    raw = features(("1", "One", ONE), ("1", "One", shapely.box(0.9, 0, 2, 1)))
    _, defects = mapped(raw, several="merge")
    assert [(defect.kind, defect.note) for defect in defects] == [(Kind.OVERLAP, "its own parts")]
    assert defects[0].area_m2 == pytest.approx(0.1 * 111_320 * 110_574, rel=0.01)


@pytest.mark.parametrize(
    "day",
    ["2024-03-01", "2024/03/01", "20240301", "2024年03月01日", 20240301, pd.Timestamp(2024, 3, 1)],
)
def test_days_are_read_however_they_are_written(day: object) -> None:
    areas, defects = mapped(features(("1", "One", ONE), since=[day]), valid_from="since")
    assert areas["valid_from"].tolist() == [date(2024, 3, 1)]
    assert defects == []


@pytest.mark.parametrize(
    ("day", "note"),
    [(None, "no day"), ("2024-02-30", "'2024-02-30' is no day"), ("soon", "no day")],
)
def test_a_day_that_is_missing_or_wrong_is_a_defect(day: object, note: str) -> None:
    raw = features(("1", "One", ONE), ("2", "Other", OTHER), since=["2024-03-01", day])
    _, [defect] = mapped(raw, valid_from="since")
    assert (defect.kind, defect.codes) == (Kind.DATE, ("2",))
    assert note in defect.note


@pytest.mark.parametrize("people", ["many", -1, 2.5])
def test_people_are_whole_numbers(people: object) -> None:
    raw = features(("1", "One", ONE), people=[people])
    with pytest.raises(
        InputError, match=r"column 'people' holds '.*' in row 1 \(1 such rows\), not a"
    ):
        mapped(raw, population="people")


@pytest.mark.parametrize("name", ["population", "valid_from"])
def test_a_column_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(InputError, match=r"no column 'other'; there are \['id', 'label'\]"):
        mapped(features(("1", "One", ONE)), **{name: "other"})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Nan\u202eytnuoC", "name has U+202E (RIGHT-TO-LEFT OVERRIDE) after 'Nan': take it out"),
        ("\u2067Nan", "name has U+2067 (RIGHT-TO-LEFT ISOLATE) at the beginning: take it out"),
        ("Nan\x1b[31m", "name has U+001B (a control character) after 'Nan': take it out"),
        ("Nan\nCounty", "name has U+000A (a control character) after 'Nan': take it out"),
        ("Nan\x00", "name has U+0000 (a control character) after 'Nan': take it out"),
    ],
)
def test_a_character_that_hides_or_turns_the_text_is_named_with_its_row(
    name: str, said: str
) -> None:
    found = mapped(features(("1", "One", ONE), ("2", name, OTHER)))[1]
    assert [(d.kind, d.codes, d.place) for d in found] == [(Kind.CHARACTER, ("2",), (3.5, 0.5))]
    assert found[0].note == f"row 2: {said} of the file"


def test_the_other_names_are_looked_at_too_and_living_scripts_are_left_alone() -> None:
    names = ["ᠬᠤᠷ\u180eᠠ", "\u0634\u06c1\u0631\u200cها", "𠮷野\ue123", "İstanbul – «1»"]
    rows = [(str(at), name, shapely.box(at, 0, at + 1, 1)) for at, name in enumerate(names)]
    assert mapped(features(*rows))[1] == []
    english = {"english": ["fine"] * 3 + ["a\u202db"]}
    found = mapped(features(*rows, **english), name_en=Text(column="english"))[1]
    assert [d.note.partition(" (")[0] for d in found] == ["row 4: name_en has U+202D"]
