"""Profiles: the built-in ones fit their codes, and a wrong one is refused with its reason."""

from pathlib import Path

import geopandas
import pytest

from geo.errors import ConfigurationError, InputError
from geo.hierarchy import CELL, COUNTY, TOWNSHIP, VILLAGE, Hierarchy, load_hierarchy
from tests.real import real_file

MINIMAL = """
key = "tiny"
time_zone = "UTC"
measuring_crs = "EPSG:6933"
cells = {parent = "province", digits = 2}
[[levels]]
slot = "province"
key = "land"
name_zh = "地"
name_en = "land"
code_pattern = 'L'
[[levels]]
slot = "cell"
key = "cell"
name_zh = "格"
name_en = "cell"
code_pattern = 'L\\d\\d'
"""


@pytest.mark.parametrize("name", ["china", "chicago"])
def test_a_profile_survives_the_database(name: str) -> None:
    hierarchy = load_hierarchy(name)
    assert Hierarchy.from_table(hierarchy.to_table()) == hierarchy


def test_china_uses_every_slot() -> None:
    china = load_hierarchy("china")
    assert [level.slot for level in china.levels] == [0, 1, 2, 3, 4, 5]
    assert china.level("county").optional
    china.level("township").check_code("620102001")
    assert china.cells.code("620102001002", 3) == "620102001002003"
    assert china.cells.parent_slot == VILLAGE


def test_chicago_skips_slots() -> None:
    chicago = load_hierarchy("chicago")
    below = chicago.below(0)
    assert below == chicago.level("district")
    assert below is not None
    assert below.slot == COUNTY
    assert chicago.at(VILLAGE) is None
    assert chicago.below(TOWNSHIP) == chicago.at(CELL) == chicago.level("beat")
    assert chicago.below(CELL) is None


def test_a_code_of_another_level_is_refused() -> None:
    with pytest.raises(InputError, match="'6201' is no code of a county"):
        load_hierarchy("china").level("county").check_code("6201")


def test_a_cell_too_many_is_refused() -> None:
    with pytest.raises(InputError, match="cell 1000 of 620102001002 does not fit 3 digits"):
        load_hierarchy("china").cells.code("620102001002", 1000)


def test_a_profile_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "tiny.toml"
    path.write_text(MINIMAL, encoding="utf-8")
    assert load_hierarchy(str(path)).level("land").name_zh == "地"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('slot = "cell"', 'slot = "county"'), "from slot province to slot cell"),
        (('slot = "cell"', 'slot = "street"'), "unknown slot 'street'"),
        (('key = "cell"', 'key = "land"'), "same key"),
        (('key = "cell"\n', ""), "lacks the entry 'key'"),
        (('time_zone = "UTC"', 'time_zone = "Mars/Olympus"'), "unknown time zone"),
        (('time_zone = "UTC"', ""), "lacks the entry 'time_zone'"),
        (("EPSG:6933", "EPSG:4326"), "must be projected, in metres"),
        (("EPSG:6933", "nowhere"), "unknown measuring_crs"),
        (("'L'", "'('"), "unterminated"),
        (('name_zh = "地"', 'name_zh = "地"\ncolour = "red"'), "unknown entry 'colour'"),
        (('key = "tiny"', "key = "), "is no TOML"),
    ],
)
def test_a_wrong_profile_is_refused(change: tuple[str, str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Hierarchy.parse(MINIMAL.replace(*change))


def test_an_unknown_hierarchy_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="cannot read the hierarchy atlantis"):
        load_hierarchy("atlantis")


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="expected city, district, sector, beat"):
        load_hierarchy("chicago").level("ward")


def test_chicago_codes_fit_the_published_beats() -> None:
    """Sectors are unions of whole beats, and every code is its level's and nobody else's."""
    beats = geopandas.read_file(real_file("chicago/police_beats.geojson")).dissolve("BEAT_NUM")
    chicago = load_hierarchy("chicago")
    codes = {"beat": beats.index, "sector": beats.index.str[:3], "district": beats["DISTRICT"]}
    for key, column in codes.items():
        for code in column.unique():
            chicago.level(key).check_code(code)
    assert (codes["sector"] == beats["DISTRICT"] + beats["SECTOR"]).all()
    counts = [len(set(column)) for column in codes.values()]
    assert counts == [275, 68, 23]
    assert len(set().union(*codes.values())) == sum(counts)
