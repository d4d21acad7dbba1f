"""How well incidents are located: counted, said in the legend, left out of the density map."""

from collections.abc import Iterator
from datetime import date

import pandas as pd
import pytest

from dashboard.filters import Filters
from dashboard.pages.scene import scene
from dashboard.period import Days
from dashboard.source import Source
from dashboard.store import Store
from dashboard.visit import Visit
from etl.loading import load_incident_file
from etl.profiles import parse_profile
from geo.hierarchy import CELL, CITY, COUNTY, TOWNSHIP
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import CITY as JIA
from tests.areas import CITY_WITHOUT_COUNTIES, PROVINCE, SIDE, SOUTH, TOWNSHIPS, WEST, cell_code
from tests.areas import COUNTY as NAN
from tests.dashboard.conftest import PROVINCE_VIEWER
from tests.dashboard.world import drawn_province
from tests.databases import opened

ALL = Filters(Days(date(2020, 1, 1), date(2030, 1, 1)))
PROFILE = """
key = "test"
hierarchy = "china"
[incidents]
source = "test"
crs = "EPSG:4326"
time_zone = "Asia/Shanghai"
incident_id = ["id"]
lon = "lon"
lat = "lat"
address = "place"
occurred_at = { column = "time" }
category = { column = "category" }
channel = { constant = "hotline" }
status = { constant = "open" }
"""
KNOWN_AS = {
    "point": 50,  # in cell S1
    "南县S镇": 30,
    "南县": 13,
    "南县N镇网格N1": 5,
    "乙市J镇": 2,
}
"""How many incidents are known how well."""


@pytest.fixture(scope="module")
def blurred(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DatabaseSettings]:
    """The drawn province with incidents of which half have no coordinates."""
    rows: list[dict[str, object]] = []
    for known, count in KNOWN_AS.items():
        for number in range(count):
            stated = known == "point"
            rows.append(
                {
                    "id": f"{known}-{number}",
                    "time": f"2024-05-{number % 28 + 1:02d}T12:00:00",
                    "lon": WEST + SIDE / 2 if stated else None,
                    "lat": SOUTH + SIDE / 2 if stated else None,
                    "place": None if stated else known,
                    "category": "land" if number % 5 == 0 else "family",
                }
            )
    file = tmp_path_factory.mktemp("located") / "cases.csv"
    pd.DataFrame(rows).to_csv(file, index=False)
    profile = parse_profile(PROFILE, "test")
    with drawn_province(server, template) as settings:
        with opened(settings, "loader") as engine:
            done = load_incident_file(engine, file, profile, lambda step, done, total: None)
        assert done.rows_loaded == 100, done.reasons
        yield settings


@pytest.fixture
def source(blurred: DatabaseSettings) -> Iterator[Source]:
    with opened(blurred, "app") as engine:
        yield Source(engine, PROVINCE_VIEWER, Store(10_000_000))


def legend(source: Source, code: str, search: str) -> list[str]:
    visit = Visit.at(source, {"pathname": f"/map/{code}", "search": search})
    lines = scene(visit)["legend"]["located"]
    assert isinstance(lines, list)
    return lines


def test_incidents_without_a_point_are_counted_by_level(source: Source) -> None:
    found = source.location(PROVINCE, CELL, ALL)
    assert (found.total, found.points) == (100, 50)
    assert found.by_slot == {CELL: 5, TOWNSHIP: 32, COUNTY: 13}
    assert found.missing == {TOWNSHIP: 32, COUNTY: 13}
    assert source.location(PROVINCE, TOWNSHIP, ALL).missing == {COUNTY: 13}
    assert source.location(PROVINCE, COUNTY, ALL).missing == {}
    assert source.location(PROVINCE, CITY, ALL).missing == {}
    assert source.location(NAN, CELL, ALL).by_slot == {CELL: 5, TOWNSHIP: 30, COUNTY: 13}
    assert source.location(CITY_WITHOUT_COUNTIES, CELL, ALL).by_slot == {TOWNSHIP: 2}
    assert source.location(cell_code("N1"), CELL, ALL).by_slot == {CELL: 5}
    assert source.location(cell_code("S1"), CELL, ALL).by_slot == {}


@pytest.mark.parametrize("layer", ["city", "county", "township", "cell"])
@pytest.mark.parametrize("code", [PROVINCE, JIA, NAN, TOWNSHIPS["S"], CITY_WITHOUT_COUNTIES])
def test_figures_and_what_is_missing_make_the_total(source: Source, code: str, layer: str) -> None:
    slot = source.hierarchy.level(layer).slot
    if slot < source.area(code).slot:
        return
    shown = source.children(code, ALL, layer)["count"].sum()
    missing = sum(source.location(code, slot, ALL).missing.values())
    assert shown + missing == source.summary(code, ALL).total


def test_filters_and_days_choose_here_too(source: Source) -> None:
    land = source.picture.basics.terms.ids("category", ["land"])
    days = Days(date(2024, 5, 1), date(2024, 5, 11))
    found = source.location(PROVINCE, CELL, Filters(days, land))
    # Every fifth number is of this category; the first ten days are those of 0 to 9 and of 28, 29.
    # So 0 and 5 of each kind of which there are as many.
    assert found.by_slot == {CELL: 1, TOWNSHIP: 3, COUNTY: 2}
    assert found.total == source.summary(PROVINCE, Filters(days, land)).total


def test_the_density_map_leaves_them_out_and_says_so(source: Source) -> None:
    heat = source.heat(PROVINCE, ALL)
    assert (heat.used, heat.left_out) == (50, 50)
    heat = source.heat(CITY_WITHOUT_COUNTIES, ALL)
    assert (heat.used, heat.left_out) == (0, 2)
    # What is known happened next door, within a bandwidth.
    assert float(heat.per_km2.max()) > 0.0


def test_the_legend_says_it_in_both_languages(source: Source) -> None:
    assert legend(source, PROVINCE, "?layer=cell&lang=en") == [
        "Incidents located: point 50% · grid cell 5.0% · township 32% · county 13%",
        "Incidents known only to township or county, not in these figures: 45",
    ]
    assert legend(source, PROVINCE, "?layer=cell&lang=zh") == [
        "事件定位：精确到点 50% · 网格 5.0% · 乡镇街道 32% · 县区 13%",
        "仅知到乡镇街道或县区、未计入本图层的事件：45 件",
    ]
    assert len(legend(source, PROVINCE, "?layer=county&lang=en")) == 1
    assert legend(source, cell_code("S1"), "?lang=en") == ["Incidents located: all to the point."]
    assert legend(source, PROVINCE, "?from=2023-01-01&to=2023-01-02") == []


def test_a_county_sees_its_own_alone(blurred: DatabaseSettings) -> None:
    with opened(blurred, "app") as engine:
        source = Source(engine, Viewer("leader", COUNTY, NAN), Store(10_000_000))
        assert source.location(NAN, CELL, ALL).by_slot == {CELL: 5, TOWNSHIP: 30, COUNTY: 13}
        township = Source(engine, Viewer("leader", TOWNSHIP, TOWNSHIPS["S"]), Store(10_000_000))
        assert township.location(TOWNSHIPS["S"], CELL, ALL).by_slot == {TOWNSHIP: 30}
