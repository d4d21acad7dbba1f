"""Read files of areas, with their geometry, at once."""

from fnmatch import fnmatch
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
from pyogrio.errors import DataSourceError

from etl.profiles import AreaColumns
from geo.crs import STORED_CRS, parse_crs, reproject
from geo.errors import InputError


def read_areas(path: Path, columns: AreaColumns) -> gpd.GeoDataFrame:
    """Read a file of polygons and convert it to the stored CRS.

    Args:
        path: GeoJSON, GeoPackage, Shapefile, or anything else GDAL reads; or GeoParquet.
        columns: what the profile says about this file.

    Returns:
        The file's own columns with its geometry, EPSG:4326.

    Raises:
        InputError: the file cannot be read, states no CRS and the profile neither, or
            states another one than the profile.
    """
    frame = _read_geometries(path)
    crs = frame.crs or (parse_crs(columns.crs) if columns.crs else None)
    if crs is None:
        raise InputError(f'{path.name} states no CRS: write crs = "EPSG:…" into the profile')
    if columns.crs and parse_crs(columns.crs) != crs:
        raise InputError(f"{path.name} is in {crs.to_string()}, the profile says {columns.crs}")
    geometry = reproject(frame.geometry.to_numpy(), crs.to_string(), STORED_CRS)
    return frame.set_geometry(gpd.GeoSeries(geometry, index=frame.index, crs=STORED_CRS))


def _read_geometries(path: Path) -> gpd.GeoDataFrame:
    """The file as it is, whatever its format."""
    if not path.is_file():
        raise InputError(f"no such file: {path}")
    try:
        if path.suffix == ".parquet":
            return gpd.read_parquet(path)
        frame = gpd.read_file(path)
    except (DataSourceError, ValueError, pa.ArrowInvalid) as error:
        raise InputError(f"{path.name} cannot be read as a file of areas: {error}") from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise InputError(f"{path.name} holds no geometry")
    return frame


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
