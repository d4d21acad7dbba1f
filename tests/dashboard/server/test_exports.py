"""Files of the current view: the figures of the page, for this viewer, each written down."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import python_calamine
from flask.testing import FlaskClient
from scipy.stats import chi2
from sqlalchemy import text

from dashboard.components.export_menu import export_href
from dashboard.exporting import view_table
from dashboard.signals.answers import TOO_FEW
from dashboard.source import Source
from dashboard.visit import Visit
from geo.hierarchy import CELL
from geo.rates import prior_of
from geo.settings import DatabaseSettings
from tests.areas import (
    CITY,
    COUNTY,
    OTHER_COUNTY,
    PROVINCE,
    SPECIAL,
    TOWNSHIPS,
    cell_code,
    province_areas,
)
from tests.dashboard.server.conftest import Clients
from tests.dashboard.world import Cases, count_cases
from tests.databases import opened

SINCE, LAST = date(2023, 6, 1), date(2024, 2, 29)
QUERY = f"from={SINCE}&to={LAST}&category=family"


def fetch(client: FlaskClient, address: str) -> tuple[bytes, str]:
    """The file at an address, and how it is to be called."""
    with client.get(address) as response:
        assert response.status_code == 200, response.text
        assert response.headers["Cache-Control"] == "private, no-store"
        return response.data, response.headers["Content-Disposition"]


def read_csv(client: FlaskClient, address: str) -> pd.DataFrame:
    content, _name = fetch(client, address)
    return pd.read_csv(io.BytesIO(content), encoding="utf-8-sig", dtype={"区域编码": str})


def counted(cases: Cases, code: str, since: date = SINCE, until: date = LAST) -> int:
    return count_cases(cases, code, since, until + timedelta(days=1), category=["family"])


def test_csv_holds_the_figures_of_the_page(client: FlaskClient, cases: Cases) -> None:
    found = read_csv(client, f"/export/{CITY}.csv?{QUERY}&layer=township").set_index("区域编码")
    assert sorted(found.index) == sorted(TOWNSHIPS[name] for name in "SNE")
    for code, row in found.iterrows():
        count = counted(cases, str(code))
        assert row["事件数（件）"] == count
        rate = row["每千人事件数（件/千人）"]
        assert rate == pytest.approx(count / row["人口（人）"] * 1000, abs=1e-6)
        low = chi2.ppf(0.025, 2 * count) / 2 / row["人口（人）"] * 1000
        assert row["每千人事件数（件/千人），95% 区间下限"] == pytest.approx(low, abs=1e-6)
        assert row["每平方公里事件数（件/平方公里）"] == pytest.approx(
            count / row["面积（平方公里）"], rel=1e-4
        )
        assert (row["起始日"], row["截止日"]) == (str(SINCE), str(LAST))
        assert row["类别"] == "类family"
    assert found.loc[TOWNSHIPS["E"], "上级名称"] == "东县"


def test_the_period_before_is_left_out_where_it_lacks_data(
    client: FlaskClient, cases: Cases
) -> None:
    column = "上一时段事件数（件）"
    unknown = read_csv(client, f"/export/{CITY}.csv?{QUERY}")[column]
    assert unknown.isna().all()
    found = read_csv(client, f"/export/{CITY}.csv?from=2024-02-01&to=2024-02-29&category=family")
    for code, before in zip(found["区域编码"], found[column], strict=True):
        assert before == counted(cases, code, date(2024, 1, 3), date(2024, 1, 31))


def test_what_is_not_known_is_said(client: FlaskClient) -> None:
    found = read_csv(client, f"/export/{PROVINCE}.csv?period=all").set_index("区域编码")
    special = found.loc[SPECIAL]
    assert special["说明"] == "人口未知：不计算发生率"
    assert pd.isna(special["每千人事件数（件/千人）"])
    assert special["事件数（件）"] > 0
    nothing = read_csv(client, f"/export/{PROVINCE}.csv?from=2031-01-01&to=2031-01-31")
    assert nothing["事件数（件）"].isna().all()
    assert set(nothing["说明"]) == {"该时段无数据"}
    few = read_csv(client, f"/export/{COUNTY}.csv?from=2024-03-01&to=2024-03-05&lang=en")
    assert set(few.loc[few["Incidents (number)"] > 0, "Remark"]) == {
        "fewer than 20 incidents: too few to judge by rates"
    }


def test_a_workbook_says_what_it_is_of(client: FlaskClient, cases: Cases) -> None:
    content, name = fetch(client, f"/export/{COUNTY}.xlsx?{QUERY}&layer=cell&lang=en")
    assert f'"gridboard-{COUNTY}-cell-20230601-20240229.xlsx"' in name
    book = python_calamine.load_workbook(io.BytesIO(content))
    assert book.sheet_names == ["Nan County by grid cell", "About these figures"]
    rows, notes = (book.get_sheet_by_index(at).to_python(skip_empty_area=False) for at in range(2))
    assert rows[0][0] == "Nan County by grid cell"
    # Enough to know what is counted while the rest of the sheet moves; what is not chosen, not.
    assert rows[1][0] == (
        "Period: 2023-06-01 – 2024-02-29 | Category: family"
        " | How located, how sure, from where: see the sheet “About these figures”"
    )
    lines = [row[0] for row in notes]
    assert lines[0] == "Nan County by grid cell"
    assert f"Area: Test Province › Jia City › Nan County ({COUNTY})" in lines
    assert "Period: 2023-06-01 – 2024-02-29" in lines
    assert "Category: family" in lines
    assert "Status: All" in lines
    head = 2
    frame = pd.DataFrame(rows[head + 1 :], columns=rows[head]).set_index("Area code")
    for name in ("S1", "S2", "N1", "N2"):
        code = cell_code(name)
        assert frame.loc[code, "Incidents (number)"] == counted(cases, code)
    assert isinstance(frame["Population (people)"].iloc[0], float)


@pytest.mark.parametrize("form", ["geojson", "parquet"])
def test_map_layers_hold_outlines(
    client: FlaskClient, cases: Cases, form: str, tmp_path: Path
) -> None:
    content, _name = fetch(client, f"/export/{CITY}.{form}?{QUERY}&layer=cell")
    path = tmp_path / f"a.{form}"
    path.write_bytes(content)
    found = gpd.read_file(path) if form == "geojson" else gpd.read_parquet(path)
    drawn = province_areas().set_index("code")
    assert len(found) == 6
    for _at, row in found.iterrows():
        assert row.geometry.equals(drawn.loc[row["code"]].geometry)
        assert row["incidents"] == counted(cases, row["code"])
        assert (str(row["first_day"])[:10], row["level"]) == (str(SINCE), "cell")
    if form == "geojson":
        about = json.loads(content)["gridboard"]
        assert about["columns"]["incidents_per_km2"] == "每平方公里事件数（件/平方公里）"
        # Outer rings counterclockwise, as RFC 7946 has it.
        assert all(shape.exterior.is_ccw for shape in found.geometry.explode())


def test_spots_and_smoothed_rates_are_those_of_the_map(source: Source, tmp_path: Path) -> None:
    query = "?period=all&view=hot&layer=cell&smooth=1&lang=en"
    visit = Visit.at(source, {"pathname": f"/map/{CITY}", "search": query})
    found = view_table.view_table(visit).frame().set_index("code")
    signals = source.hot(CELL, visit.filters)
    lineage = source.picture.lineage
    at = signals.at(np.array([lineage.row(code) for code in found.index], np.int32))
    known = np.abs(signals.classes[at]) < TOO_FEW
    assert known.any()
    assert (found["spot_class"][known] == signals.classes[at][known]).all()
    assert np.allclose(found["spot_z"][known], signals.z[at][known], atol=1e-6)
    assert found["spot"].map(len).min() > 5
    whole = source.children(PROVINCE, visit.filters, "cell")
    prior = prior_of(whole["count"].to_numpy(), whole["population"].to_numpy(np.float64))
    assert prior is not None
    drawn = prior.drawn(
        found["incidents"].to_numpy(np.float64), found["population"].to_numpy(np.float64)
    )
    assert np.allclose(found["incidents_per_1000_people_smoothed"], drawn, atol=1e-5)


def test_files_hold_the_viewers_areas_alone(clients: Clients) -> None:
    client = clients(f"county:{COUNTY}")
    found = read_csv(client, f"/export/{COUNTY}.csv?period=all&layer=cell")
    assert set(found["区域编码"]) == {cell_code(name) for name in ("S1", "S2", "N1", "N2")}
    for code in (OTHER_COUNTY, CITY, PROVINCE, "nowhere"):
        for form in ("csv", "xlsx", "geojson", "parquet"):
            assert client.get(f"/export/{code}.{form}").status_code == 404


def test_links_name_the_layer_that_is_shown(source: Source) -> None:
    def layer_of(path: str) -> str:
        visit = Visit.at(source, {"pathname": path, "search": "?layer=township"})
        return export_href(visit, "csv").partition("?")[2]

    assert layer_of(f"/map/{CITY}") == "layer=township"
    assert layer_of(f"/map/{TOWNSHIPS['S']}") == "layer=cell"


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        (f"/export/{CITY}.exe", 404, "a view comes as"),
        (f"/export/{CITY}.csv?from=2024-13-01&to=2024-01-01", 400, "from"),
        (f"/export/{CITY}.csv?metric=wealth&view=x", 400, "'metric' is not understood"),
        (f"/export/{CITY}.csv?metric=wealth&view=x", 400, "'view' is not understood"),
        (f"/export/{CITY}.csv?category=unheard", 400, "category"),
        (f"/export/{CITY}.csv?layer=province", 400, "layer"),
    ],
)
def test_what_is_not_understood_is_refused(
    client: FlaskClient, address: str, status: int, words: str
) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert words in response.json["error"]


def test_too_many_areas_are_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_table, "MAX_AREAS", 3)
    response = client.get(f"/export/{CITY}.csv?layer=cell")
    assert response.status_code == 413
    assert "choose a smaller area" in response.json["error"]


@pytest.fixture
def deeds(world: DatabaseSettings) -> Iterator[list[tuple[str, dict[str, object]]]]:
    """What the test adds to the audit log, read when the list is looked at."""
    with opened(world, "admin") as engine, engine.connect() as connection:
        read = text(
            "SELECT actor, detail FROM gridboard.audit WHERE action = 'export' ORDER BY audit_id"
        )
        before = len(connection.execute(read).all())
        connection.rollback()

        class Later(list[tuple[str, dict[str, object]]]):
            def __iter__(self) -> Iterator[tuple[str, dict[str, object]]]:
                return iter([tuple(row) for row in connection.execute(read)][before:])

        yield Later()


def test_every_file_is_written_down(
    clients: Clients, deeds: list[tuple[str, dict[str, object]]]
) -> None:
    client = clients(f"leader@county:{COUNTY}")
    for form in ("csv", "xlsx", "geojson", "parquet"):
        fetch(client, f"/export/{COUNTY}.{form}?period=all")
    client.get(f"/export/{OTHER_COUNTY}.csv")
    found = [*deeds]
    names = [str(detail["what"]) for _actor, detail in found]
    assert [name.rpartition(".")[2] for name in names] == ["csv", "xlsx", "geojson", "parquet"]
    assert {detail["rows"] for _actor, detail in found} == {2}
    assert all(actor.startswith("leader-") for actor, _detail in found)
