"""Files in another CRS than they say: told by how they fit what they must lie in."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from sqlalchemy import Connection, Engine

from etl.boundaries import Origin, load_boundaries
from etl.checking import Stated, find_defects
from etl.fitting import LyingCrsError
from etl.lying import ON_TRUST, find_lie
from etl.reports import LoadReport
from etl.surroundings import no_surroundings
from geo.crs import STORED_CRS, reproject
from geo.database import loading
from tests.areas import province_areas
from tests.etl.drawn import CHINA, ask

LATER = date(2024, 1, 1)
SHIFTED = ["GCJ-02", "BD-09"]


def finer() -> gpd.GeoDataFrame:
    """The drawn province with each cell cut into four, so that there is enough to judge by."""
    areas = province_areas()
    cells = areas[areas["level"] == 5]
    rows = []
    for cell in cells.itertuples():
        west, south, east, north = cell.geometry.bounds
        x, y = (west + east) / 2, (south + north) / 2
        quarters = [
            (west, south, x, y),
            (x, south, east, y),
            (west, y, x, north),
            (x, y, east, north),
        ]
        for number, quarter in enumerate(quarters, 1):
            row = dict(zip(areas.columns, cell[1:], strict=True))
            rows.append(
                row
                | {
                    "code": f"{cell.code[:-2]}{cell.code[-1]}{number}",
                    "geometry": shapely.box(*quarter),
                }
            )
    return gpd.GeoDataFrame(rows, crs=STORED_CRS)


def lying(areas: gpd.GeoDataFrame, system: str) -> gpd.GeoDataFrame:
    """The same areas in a shifted system, said to be in EPSG:4326."""
    moved = reproject(areas.geometry.to_numpy(), STORED_CRS, system)
    return areas.set_geometry(gpd.GeoSeries(moved, index=areas.index, crs=STORED_CRS))


def edition(engine: Engine, areas: gpd.GeoDataFrame, **origin: bool) -> LoadReport:
    with loading(engine) as connection:
        return load_boundaries(connection, areas, CHINA, valid_from=LATER, origin=Origin(**origin))


@pytest.mark.parametrize("system", SHIFTED)
def test_cells_that_fit_the_loaded_parents_only_after_a_shift_are_named(
    drawn: Engine, reader: Connection, system: str
) -> None:
    with pytest.raises(
        LyingCrsError, match=rf"fit what is loaded only when they are read as {system}:.*%"
    ):
        edition(drawn, lying(finer(), system))
    assert ask(reader, "SELECT count(*) FROM gridboard.area") == [(18,)]
    assert edition(drawn, finer()).details["crs"] == "fits what is loaded"


@pytest.mark.parametrize("system", SHIFTED)
def test_a_whole_edition_that_moved_together_is_named(drawn: Engine, system: str) -> None:
    """All levels fit each other, but not what was loaded under the same codes."""
    wide = province_areas()
    whole = gpd.GeoDataFrame(
        np.concatenate([wide[wide["level"] < 5], finer()[wide.columns]]), columns=wide.columns
    ).set_geometry("geometry", crs=STORED_CRS)
    with pytest.raises(LyingCrsError, match=f"only when they are read as {system}"):
        edition(drawn, lying(whole.astype({"level": int}), system))


def judge(areas: gpd.GeoDataFrame, *, separate: bool) -> tuple[bool, str]:
    """The verdict without a database."""
    nothing = no_surroundings()
    defects = find_defects(areas, CHINA, nothing, Stated(), LATER)
    found = find_lie(None, areas, nothing, defects, separate=separate)
    return found.lies, found.note


@pytest.mark.parametrize("system", SHIFTED)
def test_a_level_that_does_not_fit_the_wider_one_of_another_file_is_named(system: str) -> None:
    wide, cells = province_areas(), lying(finer(), system)
    both = gpd.GeoDataFrame(
        np.concatenate([wide[wide["level"] < 5], cells[wide.columns]]), columns=wide.columns
    ).set_geometry("geometry", crs=STORED_CRS)
    lies, note = judge(both.astype({"level": int}), separate=True)
    assert lies
    assert f"fit the wider level only when they are read as {system}" in note


def test_swapped_axes_are_named() -> None:
    """In the west of China both numbers could be a latitude."""
    wide = province_areas()
    both = (
        gpd.GeoDataFrame(
            np.concatenate([wide[wide["level"] < 5], finer()[wide.columns]]), columns=wide.columns
        )
        .set_geometry("geometry", crs=STORED_CRS)
        .astype({"level": int})
    )
    moved = shapely.transform(both.geometry.to_numpy(), lambda places: places - [20.0, 0.0])
    cells = (both["level"] == 5).to_numpy()
    moved[cells] = shapely.transform(moved[cells], lambda places: places[:, ::-1])
    lies, note = judge(both.set_geometry(gpd.GeoSeries(moved, crs=STORED_CRS)), separate=True)
    assert lies
    assert "read as swapped axes" in note


def test_a_wrong_zone_is_named() -> None:
    """Eastings without the zone's number look alike in every zone: 3 degrees are lost."""
    wide = province_areas()
    cells = finer()
    true = reproject(cells.geometry.to_numpy(), STORED_CRS, "EPSG:4543")
    read = gpd.GeoSeries(reproject(true, "EPSG:4544", STORED_CRS), crs=STORED_CRS)
    both = gpd.GeoDataFrame(
        np.concatenate([wide[wide["level"] < 5], cells.set_geometry(read)[wide.columns]]),
        columns=wide.columns,
    ).set_geometry("geometry", crs=STORED_CRS)
    areas, nothing = both.astype({"level": int}), no_surroundings()
    defects = find_defects(areas, CHINA, nothing, Stated(), LATER)
    found = find_lie(None, areas, nothing, defects, separate=True, stated="EPSG:4544")
    assert found.lies
    assert "read as EPSG:4543" in found.note


def test_a_first_load_is_taken_on_trust() -> None:
    assert judge(province_areas(), separate=False) == (False, ON_TRUST)
    assert judge(province_areas(), separate=True) == (False, "fits the wider level of another file")


def test_a_first_load_says_so(loader_engine: Engine, tmp_path: Path) -> None:
    assert edition(loader_engine, province_areas()).details["crs"] == ON_TRUST


def test_a_border_drawn_anew_is_no_lie(drawn: Engine) -> None:
    areas = province_areas().set_index("code")
    one, other = [code for code in areas.index if len(code) == 15][:2]
    x = areas.geometry[one].bounds[2] - 0.004
    west, south, _, north = areas.geometry[one].bounds
    areas.loc[one, "geometry"] = shapely.box(west, south, x, north)
    areas.loc[other, "geometry"] = shapely.box(x, south, areas.geometry[other].bounds[2], north)
    assert edition(drawn, areas.reset_index()).details["crs"] == "fits what is loaded"
