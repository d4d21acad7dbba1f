"""Let nothing near GDAL but the formats of areas that we know, told by their first bytes.

GDAL tells a format by content, whatever a file is called, and some of its formats refer to other
files or hosts (VRT, WFS, streamed algorithms). A file that somebody uploads must not choose one.
"""

import sqlite3
from pathlib import Path
from urllib.parse import quote

from geo.errors import InputError

_HEAD_BYTES = 65_536
"""More than GDAL itself looks at to tell a format."""

_SHAPEFILE = b"\x00\x00\x27\x0a"
_SQLITE = b"SQLite format 3\x00"
_FLATGEOBUF = b"fgb\x03fgb"
_STREAMED = b"gdal_streamed_alg"
_BEFORE_JSON = b"\xef\xbb\xbf\x1e \t\r\n"


def refuse_other_formats(path: Path, name: str) -> None:
    """Refuse a file that is none of ours, or that says it is one and is another.

    Args:
        path: a file, unpacked; GeoParquet is not looked at, since GDAL does not read it.
        name: what the user calls it.

    Raises:
        InputError: says which formats are read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    suffix = path.suffix.lower()
    known = (
        (head.startswith(_SHAPEFILE) and suffix == ".shp")
        or head.startswith(_FLATGEOBUF)
        or (head.startswith(_SQLITE) and suffix == ".gpkg")
        or _is_geojson(head)
    )
    if not known:
        raise InputError(
            f"{name} is no file of areas that is read here: expected GeoJSON, a Shapefile (.shp,"
            " or all its parts in a .zip), GeoPackage (.gpkg), FlatGeobuf or GeoParquet"
            " (.parquet); convert it in a GIS"
        )
    if suffix == ".gpkg":
        _refuse_virtual_tables(path, name)


def _is_geojson(head: bytes) -> bool:
    """Whether it begins like features in GeoJSON, a collection or one a line."""
    text = head.lstrip(_BEFORE_JSON)
    return text.startswith(b"{") and b'"Feature' in text and _STREAMED not in text


def _refuse_virtual_tables(path: Path, name: str) -> None:
    """Refuse tables that SQLite fills from elsewhere; a spatial index is none."""
    try:
        held = sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
        try:
            statements = held.execute(
                "SELECT lower(sql) FROM sqlite_master WHERE sql LIKE 'create virtual table%'"
            ).fetchall()
        finally:
            held.close()
    except sqlite3.DatabaseError as error:
        raise InputError(f"{name} is a damaged GeoPackage: {error}") from error
    if any("using rtree" not in statement for (statement,) in statements):
        raise InputError(
            f"{name} holds tables that take their rows from elsewhere: export the areas into a"
            " GeoPackage of their own"
        )
