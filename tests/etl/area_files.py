"""Files of areas as others send them, written for a test."""

import zipfile
from pathlib import Path

import geopandas as gpd
import shapely

from etl.profiles import AreaColumns, Text

TWO_COUNTIES = gpd.GeoDataFrame(
    {"code": ["620102", "620103"], "name": ["城关区", "七里河区"], "people": [1_479_000, 718_000]},
    geometry=[shapely.box(103.8, 36.0, 103.9, 36.1), shapely.box(103.7, 36.0, 103.8, 36.1)],
    crs="EPSG:4490",
)
"""Two squares that meet.

+--------+--------+
| 620103 | 620102 |
+--------+--------+  a tenth of a degree each, from 103.7, 36.0; CGCS2000
"""


def columns(**changes: object) -> AreaColumns:
    """What a profile says about the two counties."""
    given = {"level": "county", "code": Text(column="code"), "name": Text(column="name")}
    return AreaColumns.model_validate(given | changes)


def write_shapefile(
    folder: Path, *, encoding: str = "GBK", cpg: str | None = "GBK", frame: gpd.GeoDataFrame
) -> Path:
    """Write a Shapefile whose texts are in an encoding, and what its .cpg says about that."""
    path = folder / "counties.shp"
    frame.to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg, encoding="ascii")
    return path


def zip_files(path: Path, files: list[Path], inside: str = "") -> Path:
    """Pack files into a zip, in a folder of it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, f"{inside}{file.name}")
    return path
