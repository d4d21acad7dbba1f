"""The demo's areas have not one defect, measured or other."""

from datetime import date

import geopandas as gpd

from etl.checking import Stated, find_defects
from etl.demo_loading import CHECKS
from etl.surroundings import no_surroundings
from geo.hierarchy import load_hierarchy


def test_the_demo_checks_clean(county: gpd.GeoDataFrame) -> None:
    stated, day = Stated(CHECKS), date(2020, 11, 1)
    assert find_defects(county, load_hierarchy("china"), no_surroundings(), stated, day) == []
