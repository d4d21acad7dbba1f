"""Files of areas and the patterns of a profile."""

from pathlib import Path

import pytest

from etl.profiles import load_profile
from etl.reading.areas import match_files
from geo.errors import InputError


def test_files_are_matched_by_name() -> None:
    profile = load_profile("chicago")
    paths = [Path("x/police_beats.geojson"), Path("police_districts.geojson")]
    levels = [part.level for _, part in match_files(paths, profile.boundaries)]
    assert levels == ["beat", "district"]
    with pytest.raises(InputError, match=r"wards\.shp fits none of the profile's patterns"):
        match_files([Path("wards.shp")], profile.boundaries)
