"""The ranking: figures, order and what the table says to those who cannot see it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.components.panel import panel
from dashboard.components.ranking import decimals, places, ranked, ranking_block
from dashboard.source import Source
from dashboard.visit import Visit
from tests.areas import CITY, COUNTY, OTHER_COUNTY, PROVINCE, SPECIAL, TOWNSHIPS
from tests.dashboard.markup import having, links, walk, words


@pytest.fixture
def children() -> pd.DataFrame:
    """Four areas: C and D as many incidents, D without people, B without an incident."""
    return pd.DataFrame(
        {
            "area_id": [1, 2, 3, 4],
            "code": ["A", "B", "C", "D"],
            "name": ["甲", "乙", "丙", "丁"],
            "name_en": [None, "Bee", "Sea", "Dee"],
            "count": [10.0, 0.0, 30.0, 30.0],
            "population": [1000.0, 2000.0, 10_000.0, np.nan],
            "area_km2": [2.0, 1.0, 3.0, 60.0],
        }
    )


def visit(source: Source, path: str, search: str = "") -> Visit:
    return Visit.at(source, {"pathname": path, "search": search})


def test_figures_are_of_the_whole_area(children: pd.DataFrame) -> None:
    table = ranked(children, None, "count").set_index("code")
    assert table.loc["A", "density"] == 5.0
    assert table.loc["C", "rate"] == 3.0
    assert np.isnan(table.loc["D", "rate"])
    assert table["change"].isna().all()


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("count", ["C", "D", "A", "B"]),
        ("density", ["C", "A", "D", "B"]),
        ("rate", ["A", "C", "B", "D"]),
        ("name", ["D", "C", "B", "A"]),
    ],
)
def test_order_ties_and_the_unknown(children: pd.DataFrame, sort: str, order: list[str]) -> None:
    assert ranked(children, None, sort)["code"].tolist() == order


def test_equal_figures_share_a_place_and_unknown_ones_have_none(children: pd.DataFrame) -> None:
    assert places(ranked(children, None, "count"), "count") == [1, 1, 3, 4]
    by_rate = places(ranked(children, None, "rate"), "rate")
    assert by_rate[:3] == [1, 2, 3]
    assert np.isnan(by_rate[3])
    assert places(ranked(children, None, "name"), "name") == [1, 2, 3, 4]


def test_a_tie_and_a_zero_are_written_as_such(source: Source, children: pd.DataFrame) -> None:
    at = visit(source, f"/map/{CITY}", "?lang=en")
    block = ranking_block(at, ranked(children, None, "count"))
    rows = [row for row in walk(block) if hasattr(row, "data-area-id")]
    said = [words(row).split() for row in rows]
    assert [row[0] for row in said] == ["1", "1", "3", "4"]
    assert "0.00" not in " ".join(said[-1])
    assert said[-1].count("0") == 3


def test_change_is_relative_and_unknown_from_nothing(children: pd.DataFrame) -> None:
    before = children.assign(count=[5.0, 4.0, 0.0, 30.0])
    table = ranked(children, before, "change")
    assert table["code"].tolist() == ["A", "D", "B", "C"]
    change = table.set_index("code")["change"]
    assert change[["A", "D", "B"]].tolist() == [1.0, 0.0, -1.0]
    assert np.isnan(change["C"])


@pytest.mark.parametrize(("largest", "digits"), [(5000, 0), (120, 1), (9.5, 2), (0.08, 3)])
def test_a_column_has_as_many_decimals_as_it_needs(largest: float, digits: int) -> None:
    assert decimals(largest) == digits


def test_rows_are_links_that_drill_and_keep_the_filters(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?category=family&lang=en")
    found = links(panel(at).ranking)
    assert found["Nan County"] == f"/map/{COUNTY}?lang=en&category=family"
    assert found["Dong County"] == f"/map/{OTHER_COUNTY}?lang=en&category=family"


def test_the_head_sorts_and_says_how_it_is_sorted(source: Source) -> None:
    block = panel(visit(source, f"/map/{PROVINCE}", "?sort=name&period=all")).ranking
    sorted_by = [part for part in walk(block) if hasattr(part, "aria-sort")]
    assert [getattr(part, "aria-sort") for part in sorted_by] == ["ascending"]
    assert words(sorted_by[0]).startswith("名称")
    assert links(block)["件/km²"] == f"/map/{PROVINCE}?sort=density&period=all"


def test_a_row_names_its_area_on_the_map(source: Source) -> None:
    block = panel(visit(source, f"/map/{PROVINCE}")).ranking
    area = source.area(SPECIAL)
    assert len(having(block, data_area_id=str(area.area_id))) == 1


def test_unknown_figures_are_dashes(source: Source) -> None:
    block = panel(visit(source, f"/map/{PROVINCE}", "?period=all&lang=en")).ranking
    row = having(block, data_area_id=str(source.area(SPECIAL).area_id))[0]
    assert " – " in words(row)


def test_a_long_ranking_says_what_it_leaves_out(source: Source) -> None:
    at = visit(source, f"/map/{TOWNSHIPS['S']}", "?lang=en")
    children = pd.concat([source.children(at.area.code, at.filters)] * 60, ignore_index=True)
    block = ranking_block(at, ranked(children, None, "count"))
    assert "The first 100 of 120." in words(block)
    assert len(having(block, scope="col")) == 6
