"""Areas without a rate: ranked by incidents, and said to be; names of any length keep one page."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
import python_calamine
from sqlalchemy import text

from dashboard.briefing.brief_visit import BriefVisit
from dashboard.briefing.briefs import FORMS
from dashboard.briefing.facts import gather
from dashboard.briefing.tables import ranking_block
from dashboard.briefing.unrated import unrated
from dashboard.components.markup import to_html
from dashboard.source import Source
from dashboard.store import Store
from geo.viewer import Viewer
from tests.areas import CITY, CITY_WITHOUT_COUNTIES, COUNTY, PROVINCE, SPECIAL, TOWNSHIPS
from tests.dashboard.test_scene import visit
from tests.dashboard.world import Cases, drawn_province, make_cases
from tests.databases import opened

LONG = "极长的名称" * 60
SEARCH = "?period=all&lang=en"


@pytest.fixture(scope="module")
def few() -> Cases:
    """Some incidents."""
    return make_cases(120)


@pytest.fixture(scope="module")
def uncounted(server: str, template: str, few: Cases) -> Iterator[Source]:
    """The province with nobody counted in any township, and a township of a very long name."""
    with drawn_province(server, template, few) as settings:
        with opened(settings, "admin") as engine, engine.begin() as connection:
            connection.execute(text("SET search_path TO gridboard, public"))
            nobody = "UPDATE area SET population = NULL, households = NULL WHERE level = 3"
            connection.execute(text(nobody))
            values = {"name": LONG, "code": TOWNSHIPS["S"]}
            renamed = "UPDATE area SET name = :name, name_en = NULL WHERE code = :code"
            connection.execute(text(renamed), values)
        with opened(settings, "app") as engine:
            yield Source(engine, Viewer("leader", 0, PROVINCE), Store(50_000_000))


def brief(source: Source, code: str) -> BriefVisit:
    return BriefVisit.at(source, {"pathname": f"/brief/{code}", "search": SEARCH})


def test_where_nobody_counted_areas_are_ranked_by_incidents(
    uncounted: Source, few: Cases, tmp_path: Path
) -> None:
    counts = {
        code: sum(code in case.codes for case in few) for code in (TOWNSHIPS["S"], TOWNSHIPS["N"])
    }
    at = brief(uncounted, COUNTY)
    first, second = unrated(at.visit, gather(at.visit))
    assert (first.count, second.count) == tuple(sorted(counts.values(), reverse=True))
    assert {each.reason for each in (first, second)} == {"unknown"}
    written = to_html(ranking_block(at.visit, gather(at.visit)))
    assert "Ranking by incidents" in written
    assert "By incidents, not by rate" in written
    assert "among peers" not in written
    FORMS["csv"](at, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["Area code"]: int(row["incidents"]) for row in rows} == counts
    assert [row["Place, from"] for row in rows] == ["1", "2"]
    assert {row["per 1,000 people"] for row in rows} == {""}
    assert {row["Peers"] for row in rows} == {"no rate: ranked by incidents"}
    assert {row["Verdict"] for row in rows} == {"population unknown: no rate"}
    FORMS["xlsx"](at, tmp_path / "a.xlsx")
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    cells = book.get_sheet_by_name("Ranking by incidents").to_python()
    assert any("By incidents, not by rate" in str(row[0]) for row in cells)
    assert {row[0] for row in cells} >= counts.keys()


def test_areas_as_busy_share_a_place(uncounted: Source, source: Source, few: Cases) -> None:
    busy = {case.day for case in few if COUNTY in case.codes}
    calm = next(case.day for case in few if case.day not in busy)
    at = visit(uncounted, f"/map/{COUNTY}", f"?from={calm}&to={calm}&lang=en")
    places = [(each.count, each.place_from, each.place_to) for each in unrated(at, gather(at))]
    assert places == [(0, 1, 2)] * 2
    none = visit(source, f"/map/{PROVINCE}", "?from=2010-01-01&to=2010-01-02")
    assert unrated(none, gather(none)) == ()


def test_every_area_below_is_listed_once_and_sums_up(source: Source, tmp_path: Path) -> None:
    at = brief(source, PROVINCE)
    facts = gather(at.visit)
    (rest,) = unrated(at.visit, facts)
    assert (rest.code, rest.reason) == (SPECIAL, "unknown")
    written = to_html(ranking_block(at.visit, facts))
    assert "Ranking among peers" in written
    assert "no rate: ranked by incidents · 1 area<" in written
    FORMS["csv"](at, tmp_path / "p.csv")
    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    codes = [row["Area code"] for row in rows]
    assert sorted(codes) == [CITY, CITY_WITHOUT_COUNTIES, SPECIAL]
    assert codes[-1] == SPECIAL
    assert sum(int(row["incidents"]) for row in rows) == facts.summary.total


@pytest.mark.parametrize("code", [COUNTY, TOWNSHIPS["S"]])
def test_a_name_of_any_length_keeps_to_one_page(
    uncounted: Source, code: str, tmp_path: Path
) -> None:
    path = tmp_path / "long.pdf"
    FORMS["pdf"](brief(uncounted, code), path)
    document = pypdfium2.PdfDocument(path)
    words = document[0].get_textpage().get_text_range()
    assert len(document) == 1
    document.close()
    assert LONG[:5] in words
    assert LONG not in words.replace("\r\n", "")
    shown = to_html(
        ranking_block(brief(uncounted, COUNTY).visit, gather(brief(uncounted, COUNTY).visit))
    )
    assert f'title="{LONG}"' in shown
