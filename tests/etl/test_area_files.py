"""Reading files of areas: every format, every way in which they do not say what they are."""

import gzip
import shutil
import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from etl.reading.areas import read_areas
from etl.reading.unpacking import unpacked
from geo.errors import InputError
from tests.etl.area_files import TWO_COUNTIES, columns, write_shapefile, zip_files

FORMATS = ["counties.geojson", "counties.gpkg", "counties.fgb", "counties.shp", "counties.parquet"]


def write(path: Path, frame: gpd.GeoDataFrame = TWO_COUNTIES) -> Path:
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    elif path.suffix == ".geojson":
        frame.to_crs(4326).to_file(path)
    else:
        frame.to_file(path, encoding="UTF-8" if path.suffix == ".shp" else None)
    return path


def assert_two_counties(found: gpd.GeoDataFrame, metres: float = 0.001) -> None:
    """The same places, whatever the way they came."""
    assert found.crs.to_epsg() == 4326
    frame = found.set_index("code").loc[list(TWO_COUNTIES["code"])]
    assert frame["name"].tolist() == ["城关区", "七里河区"]
    for shape, drawn in zip(frame.geometry, TWO_COUNTIES.geometry, strict=True):
        assert shapely.hausdorff_distance(shape, drawn) < metres / 90_000
        assert not shape.has_z


@pytest.mark.parametrize("name", FORMATS)
def test_reads_every_format(tmp_path: Path, name: str) -> None:
    assert_two_counties(read_areas(write(tmp_path / name), columns()))


@pytest.mark.parametrize("name", FORMATS)
def test_reads_every_format_zipped(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name)
    parts = sorted(tmp_path.glob(f"{path.stem}.*"))
    packed = zip_files(tmp_path / "counties.zip", parts, "交付/")
    assert_two_counties(read_areas(packed, columns()))


def test_reads_gz(tmp_path: Path) -> None:
    path = write(tmp_path / "counties.geojson")
    packed = tmp_path / "counties.geojson.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert_two_counties(read_areas(packed, columns()))


GAUSS_KRUEGER = ["EPSG:4523", "EPSG:4544", "EPSG:4490", "EPSG:3857"]
"""Zone 35 with its number in front of the easting, the same without it, degrees, Web Mercator."""


@pytest.mark.parametrize("crs", GAUSS_KRUEGER)
@pytest.mark.parametrize("suffix", [".shp", ".gpkg", ".parquet"])
def test_converts_any_crs(tmp_path: Path, crs: str, suffix: str) -> None:
    # A square with corners only bows out by metres; what counts are its corners.
    path = write(tmp_path / f"counties{suffix}", TWO_COUNTIES.to_crs(crs))
    assert_two_counties(read_areas(path, columns()))
    assert_two_counties(read_areas(path, columns(crs=crs)))


def test_a_missing_crs_is_refused_until_it_is_stated(tmp_path: Path) -> None:
    path = write(tmp_path / "counties.shp", TWO_COUNTIES.to_crs("EPSG:4544"))
    path.with_suffix(".prj").unlink()
    with pytest.raises(InputError, match=r"counties\.shp states no CRS: write crs"):
        read_areas(path, columns())
    assert_two_counties(read_areas(path, columns(crs="EPSG:4544")))
    assert_two_counties(read_areas(path, columns(), crs="EPSG:4544"))


def test_two_crs_that_differ_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "counties.gpkg")
    with pytest.raises(InputError, match=r"says it is in China Geodetic.*but EPSG:4544 is stated"):
        read_areas(path, columns(crs="EPSG:4544"))


def test_a_shifted_system_can_only_be_stated(tmp_path: Path) -> None:
    path = write(tmp_path / "counties.geojson")
    moved = read_areas(path, columns(), crs="GCJ-02").set_index("code").geometry["620102"]
    drawn = TWO_COUNTIES.geometry.iloc[0]
    metres = 100_000 * shapely.distance(moved.centroid, drawn.centroid)
    assert 100 < metres < 700


CONTRADICTIONS = {
    "metres said to be degrees": ("EPSG:3857", "EPSG:4326", "these are no degrees"),
    "wrong zone in front": ("EPSG:4523", "EPSG:4524", "number of the zone, 36"),
    "no zone in front": ("EPSG:4544", "EPSG:4523", "number of the zone, 35"),
    "degrees said to be metres": ("EPSG:4326", "EPSG:4544", "outside the area the CRS is made for"),
    "another country": ("EPSG:4490", "EPSG:4258", "outside the area the CRS is made for"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_a_crs_that_contradicts_the_coordinates_is_refused(tmp_path: Path, case: str) -> None:
    true, said, message = CONTRADICTIONS[case]
    lying = TWO_COUNTIES.to_crs(true).set_crs(said, allow_override=True)
    lying.to_parquet(tmp_path / "counties.parquet")
    with pytest.raises(InputError, match=rf"counties\.parquet: x from .*{message}"):
        read_areas(tmp_path / "counties.parquet", columns())


def test_swapped_axes_beyond_the_pole_are_named(tmp_path: Path) -> None:
    swapped = TWO_COUNTIES.set_geometry(
        shapely.transform(TWO_COUNTIES.geometry.to_numpy(), lambda place: place[:, ::-1]),
        crs="EPSG:4326",
    )
    swapped.to_parquet(tmp_path / "counties.parquet")
    with pytest.raises(InputError, match="latitude and longitude are swapped"):
        read_areas(tmp_path / "counties.parquet", columns())


@pytest.mark.parametrize("cpg", ["GBK", "gb2312", "936", "GB18030"])
def test_texts_are_in_the_encoding_the_cpg_states(tmp_path: Path, cpg: str) -> None:
    assert_two_counties(
        read_areas(write_shapefile(tmp_path, cpg=cpg, frame=TWO_COUNTIES), columns())
    )


def test_gbk_without_a_cpg_is_refused_until_it_is_stated(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path, cpg=None, frame=TWO_COUNTIES)
    with pytest.raises(InputError, match="not UTF-8; GB18030 would fit: write encoding"):
        read_areas(path, columns())
    assert_two_counties(read_areas(path, columns(encoding="GBK")))


def test_utf8_without_a_cpg_is_certain(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path, encoding="UTF-8", cpg=None, frame=TWO_COUNTIES)
    assert_two_counties(read_areas(path, columns()))


def test_the_dbf_may_state_its_encoding_itself(tmp_path: Path) -> None:
    path = write_shapefile(tmp_path, cpg=None, frame=TWO_COUNTIES)
    table = bytearray(path.with_suffix(".dbf").read_bytes())
    table[29] = 0x4D
    path.with_suffix(".dbf").write_bytes(table)
    assert_two_counties(read_areas(path, columns()))


@pytest.mark.parametrize(("encoding", "cpg"), [("GBK", "UTF-8"), ("UTF-8", "GBK")])
def test_a_cpg_that_lies_is_refused(tmp_path: Path, encoding: str, cpg: str) -> None:
    path = write_shapefile(tmp_path, encoding=encoding, cpg=cpg, frame=TWO_COUNTIES)
    with pytest.raises(InputError, match=r"is stated to be in .*correct the \.cpg"):
        read_areas(path, columns())


def test_one_of_several_layers_must_be_named(tmp_path: Path) -> None:
    path = tmp_path / "counties.gpkg"
    TWO_COUNTIES.to_file(path, layer="2023")
    TWO_COUNTIES.iloc[:1].to_file(path, layer="2024")
    with pytest.raises(InputError, match=r"holds 2 layers \(2023, 2024\): write layer"):
        read_areas(path, columns())
    assert len(read_areas(path, columns(layer="2024"))) == 1
    with pytest.raises(InputError, match="has no layer '2025'"):
        read_areas(path, columns(layer="2025"))


def test_heights_are_left_out(tmp_path: Path) -> None:
    high = TWO_COUNTIES.set_geometry(shapely.force_3d(TWO_COUNTIES.geometry, 1520.0))
    high.to_file(tmp_path / "counties.gpkg")
    assert_two_counties(read_areas(tmp_path / "counties.gpkg", columns()))


def test_curves_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "counties.gpkg"
    pyogrio.write_dataframe(
        TWO_COUNTIES.iloc[:1],
        path,
        layer="counties",
        geometry_type="Unknown",
        layer_options={"SPATIAL_INDEX": "NO"},
    )
    ring = [(103, 36), (103.1, 36.1), (103.2, 36), (103.1, 35.9), (103, 36)]
    arc = struct.pack("<BII", 1, 8, len(ring)) + b"".join(struct.pack("<dd", *at) for at in ring)
    curved = b"GP\0\1" + struct.pack("<i", 4490) + struct.pack("<BII", 1, 10, 1) + arc
    with sqlite3.connect(path) as held:
        held.execute("UPDATE counties SET geom = ?", (curved,))
    with pytest.raises(InputError, match=r"1 areas drawn with curves \(the first in row 1\)"):
        read_areas(path, columns())


def no_file(folder: Path) -> Path:
    return folder / "counties.gpkg"


def empty_file(folder: Path) -> Path:
    path = folder / "counties.geojson"
    path.touch()
    return path


def no_rows(folder: Path) -> Path:
    return write(folder / "counties.gpkg", TWO_COUNTIES.iloc[:0])


def cut_off(folder: Path) -> Path:
    path = write(folder / "counties.geojson")
    path.write_text(path.read_text(encoding="utf-8")[:300], encoding="utf-8")
    return path


def no_geometry(folder: Path) -> Path:
    path = folder / "counties.parquet"
    pd.DataFrame({"code": ["620102"]}).to_parquet(path)
    return path


def table_alone(folder: Path) -> Path:
    write(folder / "whole.shp")
    return Path(shutil.copy(folder / "whole.dbf", folder / "counties.dbf"))


def without_index(folder: Path) -> Path:
    path = write(folder / "counties.shp")
    path.with_suffix(".shx").unlink()
    return path


def two_in_a_zip(folder: Path) -> Path:
    files = [write(folder / "a.geojson"), write(folder / "b.geojson")]
    return zip_files(folder / "counties.zip", files)


def nothing_in_a_zip(folder: Path) -> Path:
    (folder / "readme.txt").write_text("see other disk", encoding="utf-8")
    return zip_files(folder / "counties.zip", [folder / "readme.txt"])


def broken_zip(folder: Path) -> Path:
    path = two_in_a_zip(folder)
    path.write_bytes(path.read_bytes()[:200])
    return path


def broken_gz(folder: Path) -> Path:
    path = folder / "counties.geojson.gz"
    path.write_bytes(gzip.compress(b"{}" * 900)[:20])
    return path


def a_folder(folder: Path) -> Path:
    return folder


def a_name_too_long(folder: Path) -> Path:
    return folder / ("x" * 5_000)


HOSTILE = {
    a_folder: "is a folder: name the file in it",
    a_name_too_long: "no such file",
    no_file: "no such file",
    empty_file: r"counties\.geojson is no file of areas",
    no_rows: r"counties\.gpkg holds no areas",
    cut_off: r"counties\.geojson cannot be read",
    no_geometry: r"counties\.parquet cannot be read",
    table_alone: r"counties\.dbf is no file of areas",
    without_index: r"counties\.shp cannot be read",
    two_in_a_zip: r"must hold exactly one file of areas .* it holds a\.geojson, b\.geojson",
    nothing_in_a_zip: "it holds none",
    broken_zip: "is damaged",
    broken_gz: "is damaged",
}


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_hostile_files_are_refused_by_name(tmp_path: Path, make: object) -> None:
    assert callable(make)
    with pytest.raises(InputError, match=HOSTILE[make]):
        read_areas(make(tmp_path), columns(crs="EPSG:4490"))


@pytest.mark.parametrize("suffix", [".gz", ".zip"])
def test_a_bomb_stops_at_the_limit(tmp_path: Path, suffix: str) -> None:
    zeros = tmp_path / "counties.geojson"
    zeros.write_bytes(bytes(5_000_000))
    packed = tmp_path / f"counties{suffix}"
    if suffix == ".gz":
        packed.write_bytes(gzip.compress(zeros.read_bytes()))
    else:
        zip_files(packed, [zeros])
    limit = pytest.raises(InputError, match="unpacks to more than")
    with limit, unpacked(packed, limit_bytes=1_000_000):
        pass
