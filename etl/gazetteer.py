"""Places known by name: schools, markets, squares; what addresses say behind the area.

Never a dwelling, never a person: a list with data about persons is refused like a file of
incidents.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.locks import lock_areas
from etl.persons import scan_values
from etl.places import Places, read_places
from etl.plain_tables import read_plain_table
from etl.statements import copy_table, point_hex, read_frame, run
from geo.assignment import UNASSIGNED
from geo.crs import check_crs, to_stored
from geo.errors import InputError


@dataclass(frozen=True)
class GazetteerReport:
    """What loading a list did: counts that add up to the rows read.

    Attributes:
        rows_outside: rows that no area covers, or whose coordinates do not fit their CRS.
    """

    rows_read: int
    rows_added: int
    rows_known: int
    rows_outside: int


def read_gazetteer_file(file: Path, crs: str | None = None) -> pd.DataFrame:
    """Read a list: name, lon, lat and, where known, kind and crs.

    Args:
        file: CSV.
        crs: of the coordinates where the list has no column ``crs``; one of the two must say it.

    Returns:
        n rows name, kind, lon, lat (EPSG:4326; NaN where the CRS does not fit).

    Raises:
        InputError: names the line that is wrong, or says that no CRS is stated.
        PersonDataError: it holds data about persons.
    """
    frame = read_plain_table(file, ("name", "lon", "lat"), ("kind", "crs"))
    scan_values("name", frame["name"]).refuse(file.name)
    stated = frame["crs"].fillna(crs) if crs else frame["crs"]
    if stated.isna().any():
        line = stated.isna().idxmax()
        raise InputError(
            f"{file.name}, line {line}: nothing says in which CRS the coordinates are; fill the"
            " column crs (EPSG:4326, GCJ-02, BD-09 …) or state --crs"
        )
    numbers = {name: _numbers(file, frame[name]) for name in ("lon", "lat")}
    for system, rows in frame.groupby(stated).groups.items():
        check_crs(str(system))
        at = frame.index.get_indexer(rows)
        x, y = numbers["lon"][at], numbers["lat"][at]
        numbers["lon"][at], numbers["lat"][at] = to_stored(x, y, str(system))
    return frame[["name", "kind"]].assign(**numbers).reset_index(drop=True)


def load_gazetteer(
    connection: Connection, given: pd.DataFrame, *, replace: bool = False
) -> GazetteerReport:
    """Add places that are not there yet, all or nothing; a second run changes nothing.

    Args:
        connection: a loading transaction.
        given: what ``read_gazetteer_file`` returns.
        replace: forget all others.

    Raises:
        InputError: no boundaries are loaded.
    """
    lock_areas(connection, "shared")
    places = read_places(connection)
    lon, lat = given["lon"].to_numpy(np.float64), given["lat"].to_numpy(np.float64)
    rows = np.full(len(given), UNASSIGNED, dtype=np.int64)
    stated = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    rows[stated] = places.locate(lon[stated], lat[stated])
    inside = rows != UNASSIGNED
    if replace:
        run(connection, "empty_gazetteer")
    run(connection, "create_staged_gazetteer")
    copy_table(connection, "staged_gazetteer", _table(given[inside], places, rows[inside]))
    added = run(connection, "insert_gazetteer").rowcount
    return GazetteerReport(len(given), added, int(inside.sum()) - added, int((~inside).sum()))


def find_in_gazetteer(connection: Connection, text: str, most: int = 20) -> pd.DataFrame:
    """The places whose names are most like a text: name, kind, lon, lat, likeness (0 to 1)."""
    return read_frame(connection, "find_in_gazetteer", {"text": text, "most": most})


def _table(given: pd.DataFrame, places: Places, rows: np.ndarray) -> pa.Table:
    texts = {
        name: pa.array(given[name], pa.string(), from_pandas=True) for name in ("name", "kind")
    }
    at = pa.array(rows)
    codes = {
        name: places.texts[name].take(at) for name in ("city_code", "county_code", "township_code")
    }
    lon, lat = (given[name].to_numpy(np.float64) for name in ("lon", "lat"))
    return pa.table({**texts, **codes, "geom": point_hex(lon, lat)})


def _numbers(file: Path, texts: pd.Series) -> np.ndarray:
    numbers = pd.to_numeric(texts, errors="coerce")
    if numbers.isna().any():
        line = numbers.isna().idxmax()
        raise InputError(f"{file.name}, line {line}: {texts.name} is no number")
    return numbers.to_numpy(np.float64, copy=True)
