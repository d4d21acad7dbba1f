"""Profiles say everything, and what they say wrong is named."""

from pathlib import Path

import pandas as pd
import pytest

from etl.demo.dictionary import demo_terms
from etl.mapping import make_term
from etl.profiles import (
    Incidents,
    load_profile,
    named_or_given,
    parse_profile,
    profile_names,
    profile_to_toml,
)
from etl.terms import created_kinds, profile_terms
from geo.errors import ConfigurationError, InputError
from geo.hierarchy import load_hierarchy

MINIMAL = """
key = "mine"
hierarchy = "china"

[incidents]
source = "mine"
crs = "EPSG:4326"
incident_id = ["id"]
lon = "x"
lat = "y"
occurred_at = { column = "when" }
category = { column = "kind" }
channel = { constant = "window" }
status = { column = "state" }
"""


def write(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", profile_names())
def test_built_in_profiles_fit_their_hierarchy(name: str) -> None:
    profile = load_profile(name)
    hierarchy = load_hierarchy(profile.hierarchy)
    for part in (*profile.boundaries, *profile.derived):
        assert hierarchy.level(part.level)
    assert profile.incidents is not None
    assert profile.incidents.time_zone == hierarchy.time_zone.key


def test_a_profile_of_your_own(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, MINIMAL))
    assert profile.incidents is not None
    assert profile.incidents.times.keys() == {"occurred_at"}
    assert profile_terms(profile.incidents) == []
    assert created_kinds(profile.incidents) == frozenset()


def test_a_hierarchy_beside_the_profile(tmp_path: Path) -> None:
    levels = tmp_path / "levels.toml"
    levels.write_text("", encoding="utf-8")
    profile = load_profile(write(tmp_path, MINIMAL.replace('"china"', '"levels.toml"')))
    assert profile.hierarchy == str(levels)


WRONG = {
    "no TOML": ("key = ", "is no TOML"),
    "unknown key": (MINIMAL.replace('lat = "y"', 'lat = "y"\nheight = "z"'), "incidents.height"),
    "lon alone": (MINIMAL.replace('lat = "y"', ""), "needs both lon and lat"),
    "nowhere": (MINIMAL.replace('lat = "y"', "").replace('lon = "x"', ""), "or an address"),
    "left out": (MINIMAL.replace('lat = "y"', 'lat = "y"\nleave_out = ["x"]'), "x is both used"),
    "unknown CRS": (MINIMAL.replace("EPSG:4326", "EPSG:1"), "incidents.crs: .*EPSG:1"),
    "unknown zone": (
        MINIMAL.replace('lat = "y"', 'lat = "y"\ntime_zone = "Asia/Lanzhou"'),
        "unknown time zone 'Asia/Lanzhou'",
    ),
    "unknown format": (
        MINIMAL.replace('column = "when"', 'column = "when", format = ["iso", "exel"]'),
        "'exel' is neither strptime's",
    ),
    "bad directive": (
        MINIMAL.replace('column = "when"', 'column = "when", format = "%Y-%Q"'),
        "'Q' is a bad directive",
    ),
    "no identifier": (MINIMAL.replace('["id"]', "[]"), "incidents.incident_id"),
    "two origins": (
        MINIMAL.replace('constant = "window"', 'constant = "window", column = "c"'),
        "a column or a constant, not both",
    ),
    "term id": (
        MINIMAL.replace(
            'constant = "window"',
            'terms = [{ code = "w", id = 300, name_zh = "w", name_en = "w" }]',
        ),
        "incidents.channel.terms.0.id",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_mistakes_are_named(tmp_path: Path, case: str) -> None:
    text, message = WRONG[case]
    with pytest.raises(ConfigurationError, match=message):
        load_profile(write(tmp_path, text))


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"no profile 'nowhere': .*chicago, china"):
        load_profile("nowhere")


@pytest.mark.parametrize("name", profile_names())
def test_profiles_survive_being_written(name: str) -> None:
    profile = load_profile(name)
    assert parse_profile(profile_to_toml(profile), "mine") == profile


def test_undeclared_coordinates_are_refused_with_what_to_write() -> None:
    profile = parse_profile(MINIMAL.replace('crs = "EPSG:4326"', ""), "mine")
    assert profile.incidents is not None
    with pytest.raises(InputError, match=r"in which CRS x and y are: write crs = .*--crs"):
        profile.incidents.stated_crs()
    stated = profile.with_crs("GCJ-02").incidents
    assert stated is not None
    assert stated.stated_crs() == "GCJ-02"


def test_a_profile_given_as_text_opens_no_file(tmp_path: Path) -> None:
    levels = tmp_path / "levels.toml"
    levels.write_text("", encoding="utf-8")
    for hierarchy in (str(levels), "levels.toml", "../china"):
        with pytest.raises(ConfigurationError, match="no name of a built-in hierarchy"):
            parse_profile(MINIMAL.replace('"china"', f'"{hierarchy}"'), "mine")
    with pytest.raises(ConfigurationError, match="profile profile"):
        named_or_given(write(tmp_path, MINIMAL))
    assert named_or_given(MINIMAL).key == "mine"
    assert named_or_given("chicago").key == "chicago"


def china() -> Incidents:
    found = load_profile("china").incidents
    assert found is not None
    return found


def test_the_words_of_chinese_centres_mean_the_terms_of_the_demo() -> None:
    """So that a file loaded beside the demo is counted with it."""
    demo = demo_terms().set_index(["kind", "code"])[["name_zh", "name_en"]]
    ours = {(term.kind, term.code): (term.name_zh, term.name_en) for term in profile_terms(china())}
    assert ours == dict(zip(demo.index, demo.itertuples(index=False, name=None), strict=True))


@pytest.mark.parametrize(
    ("kind", "word", "code"),
    [
        ("status", "办理中", "open"),
        ("status", "已化解", "resolved"),
        ("status", "未化解", "failed"),
        ("scale", "01", "01"),
        ("scale", "重大群体性事件", "03"),
        ("channel", "12345热线", "hotline"),
        ("channel", "窗口", "window"),
        ("channel", "网格巡查", "inspection"),
        ("channel", "信访", "petition"),
        ("channel", "诉前", "court"),
        ("category", "山林土地纠纷", "land"),
    ],
)
def test_words_of_chinese_centres(kind: str, word: str, code: str) -> None:
    rule = china().dictionaries[kind]
    raw = pd.DataFrame({str(rule.column): [word]})
    assert make_term(rule, raw).tolist() == [code]


def test_no_word_means_two_terms() -> None:
    for rule in china().dictionaries.values():
        words = [word for term in rule.terms for word in term.values]
        assert len(words) == len(set(words))


def test_the_chinese_profile_knows_the_zone_and_not_the_coordinates() -> None:
    assert china().time_zone == "Asia/Shanghai"
    with pytest.raises(InputError, match="in which CRS lon and lat are"):
        china().stated_crs()


@pytest.mark.parametrize(
    "definition",
    [
        "+init=/tmp/secret:abc",
        "+proj=longlat +nadgrids=/etc/passwd +no_defs",
        "+proj=longlat +geoidgrids=x.gtx",
        "+proj=pipeline +step +proj=vgridshift +grids=/etc/passwd",
    ],
)
def test_no_crs_of_a_profile_opens_a_file(definition: str) -> None:
    with pytest.raises(ConfigurationError, match="refers to a file: write an EPSG code"):
        parse_profile(MINIMAL.replace("EPSG:4326", definition), "mine")
    with pytest.raises(InputError, match="refers to a file"):
        parse_profile(MINIMAL, "mine").with_crs(definition)
