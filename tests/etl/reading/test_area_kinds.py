"""No file chooses by its content what else GDAL reads."""

import sqlite3
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from etl.profiles import AreaColumns, Text
from etl.reading.areas import read_areas
from geo.errors import InputError

COLUMNS = AreaColumns(
    level="cell", code=Text(column="code"), name=Text(column="code"), crs="EPSG:4326"
)
AREA = gpd.GeoDataFrame({"code": ["1"]}, geometry=[shapely.box(103, 36, 104, 37)], crs="EPSG:4326")


def vrt(secret: Path) -> str:
    return f"""<OGRVRTDataSource><OGRVRTLayer name="secret">
    <SrcDataSource>{secret}</SrcDataSource><GeometryType>wkbPolygon</GeometryType>
    <GeometryField encoding="WKT" field="shape"/></OGRVRTLayer></OGRVRTDataSource>"""


@pytest.mark.parametrize("name", ["cells.geojson", "cells.shp", "cells.gpkg", "cells.fgb", "cells"])
def test_a_file_that_refers_to_another_is_refused(tmp_path: Path, name: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text('code,shape\n1,"POLYGON((0 0,1 0,1 1,0 0))"\n', encoding="utf-8")
    file = tmp_path / name
    file.write_text(vrt(secret), encoding="utf-8")
    with pytest.raises(InputError, match="no file of areas that is read here"):
        read_areas(file, COLUMNS)


def test_such_a_file_in_an_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "cells.zip", "w") as archive:
        archive.writestr("cells.geojson", vrt(tmp_path / "secret.csv"))
    with pytest.raises(InputError, match="no file of areas that is read here"):
        read_areas(tmp_path / "cells.zip", COLUMNS)


def test_an_algorithm_of_gdal_in_json_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "cells.geojson"
    file.write_text(
        '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd",'
        ' "x": "FeatureCollection"}',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="no file of areas that is read here"):
        read_areas(file, COLUMNS)


def test_tables_filled_from_elsewhere_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "cells.gpkg"
    AREA.to_file(file, layer="cells")
    assert len(read_areas(file, COLUMNS)) == 1
    with sqlite3.connect(file) as held:
        held.execute("CREATE VIRTUAL TABLE stolen USING fts5(code)")
    with pytest.raises(InputError, match="take their rows from elsewhere"):
        read_areas(file, COLUMNS)


@pytest.mark.parametrize("name", ["cells.geojson", "cells.shp", "cells.gpkg", "cells.fgb"])
def test_the_formats_that_are_read_are_let_through(tmp_path: Path, name: str) -> None:
    AREA.to_file(tmp_path / name)
    assert read_areas(tmp_path / name, COLUMNS)["code"].tolist() == ["1"]


def test_an_archive_that_swells_too_much_is_stopped(tmp_path: Path) -> None:
    file = tmp_path / "cells.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("cells.geojson", b" " * (100 << 20))
    assert file.stat().st_size < 200_000
    with pytest.raises(InputError, match="200 times its size"):
        read_areas(file, COLUMNS)
