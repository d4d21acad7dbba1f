"""Read files: areas with their geometry at once, incidents in chunks.

Readers only read. What the columns mean is said by a profile and done in ``mapping``.
"""

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from pyogrio.errors import DataSourceError

from etl.profiles import AreaColumns, Incidents
from geo.crs import STORED_CRS, parse_crs, reproject
from geo.errors import InputError

CHUNK_ROWS = 250_000
"""Rows read at once: what is kept in memory does not depend on the length of the file."""


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


def count_incidents(path: Path) -> int | None:
    """The number of rows where the file says it, for a progress bar."""
    if path.suffix == ".parquet" and path.is_file():
        return int(pa.parquet.ParquetFile(path).metadata.num_rows)
    return None


def read_incidents(path: Path, profile: Incidents) -> Iterator[pd.DataFrame]:
    """Read a file of incidents in chunks, only the columns the profile names.

    Args:
        path: Parquet or CSV (UTF-8, with a header).
        profile: what the columns mean.

    Yields:
        Frames of at most ``CHUNK_ROWS`` rows with the file's own columns; those of
        CSV are all text.

    Raises:
        InputError: the file cannot be read, or lacks a column.
    """
    if not path.is_file():
        raise InputError(f"no such file: {path}")
    try:
        batches = _parquet(path, profile) if path.suffix == ".parquet" else _csv(path, profile)
        for batch in batches:
            yield batch.to_pandas()
    except pa.ArrowInvalid as error:
        raise InputError(f"{path.name} cannot be read: {error}") from error


def _wanted(profile: Incidents, present: list[str], file_name: str) -> list[str]:
    """The columns to read, in the order of the file."""
    named = {*profile.incident_id, profile.lon, profile.lat}
    named |= {time.column for time in profile.times.values()}
    named |= {kind.column for kind in profile.dictionaries.values() if kind.column}
    named |= {name for name in (profile.method, profile.organisation, profile.people) if name}
    if missing := sorted(named - set(present)):
        raise InputError(f"{file_name} has no column {', '.join(missing)}; it has {present}")
    return [name for name in present if name in named]


def _parquet(path: Path, profile: Incidents) -> Iterator[pa.RecordBatch]:
    """Batches of a Parquet file."""
    with pa.parquet.ParquetFile(path) as file:
        columns = _wanted(profile, file.schema_arrow.names, path.name)
        yield from file.iter_batches(batch_size=CHUNK_ROWS, columns=columns)


def _csv(path: Path, profile: Incidents) -> Iterator[pa.Table]:
    """Tables of a CSV file, everything as text."""
    with pa.csv.open_csv(path) as header:
        columns = _wanted(profile, header.schema.names, path.name)
    options = pa.csv.ConvertOptions(
        include_columns=columns,
        column_types=dict.fromkeys(columns, pa.string()),
        strings_can_be_null=True,
    )
    with pa.csv.open_csv(path, convert_options=options) as reader:
        gathered: list[pa.RecordBatch] = []
        for batch in reader:
            gathered.append(batch)
            if sum(part.num_rows for part in gathered) >= CHUNK_ROWS:
                yield pa.Table.from_batches(gathered)
                gathered = []
        if gathered:
            yield pa.Table.from_batches(gathered)
