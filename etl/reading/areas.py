"""Read files of areas, with their geometry, at once, and bring them into the stored CRS."""

from fnmatch import fnmatch
from pathlib import Path
from typing import Literal

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from pyogrio.errors import DataSourceError
from pyproj import CRS

from etl.profiles import AreaColumns
from etl.reading.area_crs import refuse_contradiction
from etl.reading.area_kinds import refuse_other_formats
from etl.reading.dbf import dbf_encoding
from etl.reading.unpacking import unpacked
from geo.crs import STORED_CRS, check_crs, parse_crs, reproject, same_crs
from geo.errors import InputError
from geo.shifted import shifted_name

_CURVED = frozenset((8, 9, 10, 11, 12))
"""WKB's types of arcs, and of lines and areas made of them."""


def read_areas(path: Path, columns: AreaColumns, crs: str | None = None) -> gpd.GeoDataFrame:
    """Read a file of polygons and convert it to the stored CRS; Z is left out.

    Args:
        path: GeoJSON, GeoPackage, Shapefile, FlatGeobuf or GeoParquet; also in a .zip or .gz.
        columns: what the profile says about this file.
        crs: the CRS as the operator states it for this load; else the profile's is taken.

    Returns:
        The file's own columns with its geometry, EPSG:4326; ``attrs["crs"]`` names the CRS
        it was converted from.

    Raises:
        InputError: the file cannot be read, holds curves or several layers, its texts are in
            an unknown encoding, its CRS is not stated, or contradicts its coordinates.
    """
    _refuse_no_file(path)
    with unpacked(path) as file:
        frame = _read_geometries(file, path.name, columns)
    if not len(frame):
        raise InputError(f"{path.name} holds no areas")
    system = _system(frame.crs, crs or columns.crs, path.name)
    shapes = np.asarray(shapely.force_2d(frame.geometry.to_numpy()), dtype=object)
    refuse_contradiction(shapes, system, path.name)
    geometry = reproject(shapes, system, STORED_CRS)
    converted = frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=STORED_CRS))
    converted.attrs["crs"] = system
    return converted


def _refuse_no_file(path: Path) -> None:
    """Refuse what is not there, is a folder, or has a name no file can have."""
    try:
        if path.is_file():
            return
        what = f"{path} is a folder: name the file in it" if path.is_dir() else None
    except (OSError, ValueError) as error:
        raise InputError(f"no such file: {path.name[:80]} ({error.__class__.__name__})") from error
    raise InputError(what or f"no such file: {path}")


def _system(in_file: CRS | None, stated: str | None, name: str) -> str:
    """The CRS to believe: what the file says, what is stated, and never two that differ."""
    if stated is not None:
        check_crs(stated)
    if in_file is None:
        if stated is None:
            raise InputError(
                f'{name} states no CRS: write crs = "EPSG:…" into the profile, or give --crs'
            )
        return stated
    definition = str(in_file.to_string())
    if stated is None or _same(in_file, stated):
        return definition
    # No file can name a shifted system: those that are in one say they are in WGS 84.
    if shifted_name(stated) and in_file.is_geographic:
        return stated
    raise InputError(
        f"{name} says it is in {in_file.name}, but {stated} is stated:"
        " one of them is wrong; correct the file, the profile or --crs"
    )


def _same(in_file: CRS, stated: str) -> bool:
    """Whether a file's CRS is the stated one, however its parameters are spelt."""
    if shifted_name(stated) or same_crs(stated, str(in_file.to_string())):
        return shifted_name(stated) is None
    named = in_file.to_epsg(min_confidence=70)
    other = parse_crs(stated)
    return bool(in_file.equals(other, ignore_axis_order=True)) or (
        named is not None and named == other.to_epsg()
    )


def _read_geometries(path: Path, name: str, columns: AreaColumns) -> gpd.GeoDataFrame:
    """The file as it is, whatever its format; ``name`` is what the user calls it."""
    try:
        if path.suffix.lower() == ".parquet":
            return gpd.read_parquet(path)
        refuse_other_formats(path, name)
        layer = _layer(path, name, columns.layer)
        encoding = columns.encoding
        if path.suffix.lower() == ".shp":
            encoding = dbf_encoding(path, encoding)
        _refuse_curves(path, layer, name)
        frame = pyogrio.read_dataframe(path, layer=layer, encoding=encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"{name} holds text that is not in its encoding: {error}") from error
    except (DataSourceError, ValueError, pa.ArrowInvalid) as error:
        raise InputError(
            f"{name} cannot be read as a file of areas: {_plainly(error, path, name)}"
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(f"{name} holds no geometry")
    return frame


def _plainly(error: Exception, path: Path, name: str) -> str:
    """An error under the user's name of the file, without advice for programmers."""
    return str(error).replace(str(path), name).partition(";")[0]


def _layer(path: Path, name: str, wanted: str | None) -> str:
    """The layer to read: the named one, or the only one."""
    layers = [str(layer) for layer, _ in pyogrio.list_layers(path)]
    if wanted is not None and wanted not in layers:
        raise InputError(f"{name} has no layer {wanted!r}; it has {', '.join(layers)}")
    if wanted is None and len(layers) != 1:
        raise InputError(
            f"{name} holds {len(layers)} layers ({', '.join(layers[:10])}):"
            ' write layer = "…" into the profile'
        )
    return wanted or layers[0]


def _refuse_curves(path: Path, layer: str, name: str) -> None:
    """Refuse arcs, which GDAL would turn into straight lines without a word."""
    if path.suffix.lower() in (".shp", ".geojson", ".json"):
        return
    _, table = pyogrio.raw.read_arrow(path, layer=layer, columns=[])
    if not table.num_columns:
        return
    kinds = [_wkb_kind(value.as_py()) for value in table.column(table.num_columns - 1)]
    curved = [row for row, kind in enumerate(kinds, 1) if kind in _CURVED]
    if curved:
        raise InputError(
            f"{name} holds {len(curved)} areas drawn with curves (the first in row"
            f" {curved[0]}): turn them into straight lines in a GIS, then load it again"
        )


def _wkb_kind(wkb: bytes | None) -> int:
    """The type of a geometry in WKB, without what says that it has heights; 0 if missing."""
    if not wkb:
        return 0
    order: Literal["little", "big"] = "little" if wkb[0] else "big"
    return (int.from_bytes(wkb[1:5], order) & 0xFFFF) % 1000


def match_files(
    paths: list[Path], boundaries: tuple[AreaColumns, ...]
) -> list[tuple[Path, AreaColumns]]:
    """Pair each file with the part of the profile that describes it.

    Raises:
        InputError: a file fits no pattern of the profile, or more than one.
    """
    pairs = []
    for path in paths:
        fitting = [columns for columns in boundaries if fnmatch(path.name, columns.match)]
        if len(fitting) != 1:
            patterns = ", ".join(columns.match for columns in boundaries)
            many = "none" if not fitting else "several"
            raise InputError(f"{path.name} fits {many} of the profile's patterns: {patterns}")
        pairs.append((path, fitting[0]))
    return pairs
