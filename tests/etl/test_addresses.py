"""Addresses in Gansu, found by the names of the division list alone."""

import csv
import pickle
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.addresses.naming import ways_of_calling
from etl.addresses.parsing import FOUND, NOWHERE, SEVERAL, AddressParser, make_parser
from etl.geocoding import Gazetteer, Geocoder
from geo.assignment import UNASSIGNED
from geo.hierarchy import CELL, CITY, COUNTY, SLOTS, TOWNSHIP, VILLAGE
from tests.real import real_file


@cache
def gansu() -> tuple[AddressParser, tuple[str, ...]]:
    """The parser and the code of each of its rows; two cells below one village."""
    with real_file("gansu/divisions_2023.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    rows += [
        {
            "code": f"62010200100100{n}",
            "name": f"第{n}网格",
            "level": "cell",
            "parent": "620102001001",
        }
        for n in (1, 2)
    ]
    codes = [row["code"] for row in rows]
    number = {code: at for at, code in enumerate(codes)}
    levels = [SLOTS.index(row["level"]) for row in rows]
    above = np.full((len(rows), len(SLOTS)), UNASSIGNED, dtype=np.int32)
    for at, row in enumerate(rows):
        if row["parent"]:
            above[at] = above[number[row["parent"]]]
        above[at, levels[at]] = at
    former = [(number["620102"], "皋兰旧区")]
    return make_parser([row["name"] for row in rows], levels, above, former), tuple(codes)


def found(address: str) -> tuple[str, float] | int:
    """Code and score, or how looking for it ended."""
    parser, codes = gansu()
    reading = parser.read(address)
    if reading.outcome != FOUND:
        return reading.outcome
    return codes[reading.row], round(reading.score, 3)


ADDRESSES = {
    # In full, with what follows.
    "甘肃省兰州市城关区张掖路街道": "620102002",
    "甘肃省兰州市榆中县和平镇": "620123104",
    "甘肃省 兰州市 榆中县 和平镇": "620123104",
    "甘肃省兰州市榆中县和平镇和平路12号": "620123104",
    "兰州市榆中县夏官营镇政府院内": "620123101",
    "舟曲县曲告纳镇政府院内": "623023105",
    "广河县城关镇政府院内": "622924100",
    "瓜州县锁阳城镇锁阳城遗址": "620922104",
    "环县演武乡杨家洼村": "621022201201",
    # Levels missing, kinds missing, other kinds of the same thing.
    "榆中县和平镇": "620123104",
    "榆中和平镇": "620123104",
    "兰州榆中县和平镇": "620123104",
    "榆中县夏官营乡": "620123101",
    "甘肃省定西市临洮县安川村附近": "621124111204",
    "崇信县锦屏镇新集二社": "620823100218",
    "张掖路街道": "620102002",
    "魏岭乡海家岭村": "620103201205",
    "通渭县新景马湾村": "621121203211",
    # Autonomous places.
    "张家川县梁山镇五方社区3组12号": "620525104001",
    "张家川回族自治县川王镇松树湾二社": "620525109209",
    "积石山县吹麻滩镇": "622927100",
    "积石山保安族东乡族撒拉族自治县吹麻滩镇": "622927100",
    "东乡县锁南镇": "622926100",
    "临夏州东乡族自治县锁南镇": "622926100",
    "肃北县党城湾镇": "620923100",
    "甘南州卓尼县完冒镇俄化村": "623022109201",
    # Names that occur in many counties.
    "成县城关镇": "621221100",
    "礼县城关镇": "621226100",
    "永登县城关镇": "620121100",
    "陇南市文县城关镇": "621222100",
    # No county level; a county of the city's name.
    "嘉峪关市文殊镇": "620201102",
    # Full width and spaces.
    "甘肃省　兰州市　榆中县　和平镇　１２号": "620123104",
    # Only the county can be told.
    "兰州市城关区天水路甘肃大厦": "620102",
    "城关区东岗东路1号": "620102",
    "榆中县某建筑工地": "620123",
    # Former names.
    "皋兰旧区张掖路街道": "620102002",
    # Down to the cell.
    "城关区酒泉路街道畅家巷社区第2网格": "620102001001002",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_of_gansu(address: str) -> None:
    result = found(address)
    assert isinstance(result, tuple), result
    assert result[0] == ADDRESSES[address]


@pytest.mark.parametrize(
    ("address", "outcome"),
    [
        ("城关镇东街村", SEVERAL),
        ("兰州市凉州区金羊镇", SEVERAL),
        ("陕西省西安市雁塔区小寨路街道", NOWHERE),
        ("北京市朝阳区和平街道", NOWHERE),
        ("小寨村", NOWHERE),
        ("张掖路123号", NOWHERE),
        ("天水市场北门", NOWHERE),
        ("兰州市", NOWHERE),
        ("甘肃省", NOWHERE),
        ("12345", NOWHERE),
        ("", NOWHERE),
    ],
)
def test_what_is_not_clear_is_not_guessed(address: str, outcome: int) -> None:
    assert found(address) == outcome


def test_several_villages_of_one_name_give_the_area_around_them() -> None:
    parser, codes = gansu()
    names: dict[tuple[str, str], set[int]] = {}
    for row, (name, level) in enumerate(zip(parser.names, parser.levels, strict=True)):
        if level == VILLAGE and name.endswith("村委会"):
            county = codes[parser.above[row, COUNTY]]
            names.setdefault((county, name), set()).add(int(parser.above[row, TOWNSHIP]))
    (county, village), _ = next(entry for entry in names.items() if len(entry[1]) > 1)
    around = parser.names[codes.index(county)]
    result = found(f"{around}{village.removesuffix('委会')}")
    assert result == (county, 0.7)


def test_the_score_says_how_complete_an_address_is() -> None:
    assert found("榆中县和平镇") == ("620123104", 1.0)
    assert found("榆中和平镇") == ("620123104", 0.95)
    assert found("榆中县夏官营乡") == ("620123101", 0.9)
    assert found("张掖路街道") == ("620102002", 0.9)
    assert found("皋兰旧区张掖路街道") == ("620102002", 0.9)


def test_one_wrong_character_in_a_long_name_is_seen_through() -> None:
    right = found("肃北县党城湾镇")
    assert right == ("620923100", 1.0)
    assert found("肃北县党成湾镇") == ("620923100", 0.8)
    assert found("甘谷县大庄镇") != found("甘谷县大石镇")


@settings(deadline=None)
@given(st.integers(0, 19_223), st.integers(0, 3), st.sampled_from(["", "3组", "12号", "旁"]))
def test_whoever_is_named_in_full_from_the_county_down_is_found(
    at: int, left_out: int, tail: str
) -> None:
    """Or, where the list has the same names twice, the area around both."""
    parser, codes = gansu()
    lineage = [int(row) for row in parser.above[at] if row != UNASSIGNED]
    if parser.levels[at] < COUNTY:
        return
    names = [parser.names[row] for row in lineage][min(left_out, 2) :]
    result = found("".join(names) + tail)
    assert isinstance(result, tuple)
    twins = [row for row in range(len(codes)) if parser.names[row] == parser.names[at]]
    if len(twins) == 1:
        assert result[0] == codes[at]
    else:
        assert result[0] in {codes[row] for row in lineage}


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    result = found(text)
    assert result in (NOWHERE, SEVERAL) or isinstance(result, tuple)


def test_ways_of_calling() -> None:
    assert dict(ways_of_calling("临夏回族自治州", CITY)) == {
        "临夏回族自治州": 1.0, "临夏州": 1.0, "临夏自治州": 1.0, "临夏": 0.95}  # fmt: skip
    assert "成" not in dict(ways_of_calling("成县", COUNTY))
    assert "张掖路" not in dict(ways_of_calling("张掖路街道", TOWNSHIP))
    assert ("杨房村", 1.0) in ways_of_calling("杨房村委会", VILLAGE)
    assert dict(ways_of_calling("第1网格", CELL)) == {"第1网格": 1.0}


def geocoder() -> Geocoder:
    parser, codes = gansu()
    at = np.array(
        [codes.index("620102001001"), codes.index("620102002001"), codes.index("620123104")]
    )
    names = {"兰州剧院": (0, 1), "农贸市场": (0, 2), "张掖路": (2,)}
    return Geocoder(
        parser,
        Gazetteer(
            np.array([103.84, 103.85, 103.9]),
            np.array([36.05, 36.06, 36.0]),
            at,
            names,
            longest=max(map(len, names)),
        ),
    )


def test_the_gazetteer_gives_points_within_the_area_named() -> None:
    made = pickle.loads(pickle.dumps(geocoder()))  # noqa: S301
    addresses = pd.Series(
        ["城关区酒泉路街道农贸市场旁", "榆中县农贸市场", "城关区兰州剧院", "农贸市场", None,
         "榆中县农贸市场", "城关区酒泉路街道"],
        index=[9, 8, 7, 6, 5, 4, 3],
    )  # fmt: skip
    located = made.locate(addresses)
    _, codes = gansu()
    assert [codes[row] if row >= 0 else None for row in located.position] == [
        "620102001001", "620123104", "620102", None, None, "620123104", "620102001"]  # fmt: skip
    assert located.lon[:2].tolist() == [103.84, 103.9]
    assert np.isnan(located.lon[2:5]).all()  # several theatres of one name; no area; no address
    assert located.reasons().tolist() == [None, None, None, "address not found",
                                          "address not found", None, None]  # fmt: skip
    assert np.isnan(located.score[3])
    assert located.score[0] == pytest.approx(1.0)
