"""One county and its incidents, made once."""

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest

from etl.demo import demo_areas, demo_incidents

UNTIL = date(2026, 11, 21)


@pytest.fixture(scope="session")
def county() -> gpd.GeoDataFrame:
    """Qilihe District of Lanzhou: nine subdistricts, six rural townships, 949 cells."""
    return demo_areas("county")


@pytest.fixture(scope="session")
def drawn(county: gpd.GeoDataFrame) -> tuple[pd.DataFrame, dict[str, Any]]:
    """40,000 incidents of the county and what was planted."""
    return demo_incidents(county, 40_000, UNTIL)


@pytest.fixture(scope="session")
def incidents(drawn: tuple[pd.DataFrame, dict[str, Any]]) -> pd.DataFrame:
    return drawn[0]


@pytest.fixture(scope="session")
def truth(drawn: tuple[pd.DataFrame, dict[str, Any]]) -> dict[str, Any]:
    return drawn[1]
