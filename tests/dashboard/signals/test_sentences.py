"""What is said of an area: its class, since when, and the numbers; in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from dashboard.period import Days
from dashboard.signals.answers import NO_DATA, TOO_FEW, Around, Emerging, Signals
from dashboard.signals.months import months_back
from dashboard.signals.sentences import pattern_name, probability, sentence, spot_name
from dashboard.text import text_for
from geo.emerging import Pattern

STEPS = months_back(date(2026, 11, 22), date(2023, 11, 22))


def one(number: float) -> np.ndarray:
    return np.array([number])


def hot(name: int, p: float = 0.0002) -> Signals:
    around = Around(one(31), one(12.4), np.array([7]), np.array([5]))
    return Signals(
        np.array([3], np.int32), np.array([name], np.int8), one(5.4), one(p), 90_003, around,
        Days(date(2026, 10, 1), date(2026, 11, 1)), by_people=True,
    )  # fmt: skip


def emerging(name: int, months_hot: int = 34, months_cold: int = 1, run: int = 3) -> Emerging:
    spot = hot(name, p=0.012)
    history = (np.array([months_hot]), np.array([months_cold]), np.array([run]))
    return Emerging(
        **{each: getattr(spot, each) for each in spot.__dataclass_fields__},
        **dict(zip(("months_hot", "months_cold", "run"), history, strict=True)),
        steps=STEPS, trend_z=one(2.5), trend_p=one(0.013),
    )  # fmt: skip


def test_a_hot_spot_in_both_languages() -> None:
    assert sentence(hot(3), 0, text_for("en")) == (
        "Hot spot (false discovery rate ≤ 1%); 31 incidents here and in the 7 areas around, 12.4"
        " expected (z = 5.4, p < 0.001 after correction for 90,003 tests); 5 of the 7 areas around"
        " likewise."
    )
    assert sentence(hot(-2), 0, text_for("zh")) == (
        "冷点（错误发现率 ≤5%）；本区域及相邻 7 个区域共 31 件，按人口预期 12.4 件（z = 5.4，经"
        " 90,003 次检验校正后 p < 0.001）；相邻 7 个区域中有 5 个亦然。"
    )
    neither = sentence(hot(0), 0, text_for("en"))
    assert neither.startswith("Neither a hot nor a cold spot; 31 inc")
    assert "likewise" not in neither
    weakest = [spot_name(name, text_for("en")) for name in (1, -1)]
    assert weakest == [
        "Hot spot (false discovery rate ≤ 10%)",
        "Cold spot (false discovery rate ≤ 10%)",
    ]


def test_an_area_that_touches_none_is_like_none() -> None:
    spot = hot(2)
    alone = replace(spot.around, neighbours=np.array([0]), alike=np.array([0]))
    said = sentence(replace(spot, around=alone), 0, text_for("en"))
    assert "in the 0 areas around" in said
    assert "likewise" not in said


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.0, "p < 0.001"),
        (0.000_999, "p < 0.001"),
        (0.001, "p = 0.001"),
        (0.0104, "p = 0.010"),
        (1.0, "p = 1.000"),
    ],
)
def test_no_probability_is_written_as_zero(p: float, said: str) -> None:
    assert probability(p, text_for("en")) == said


def test_an_emerging_spot_says_since_when() -> None:
    assert sentence(emerging(Pattern.CONSECUTIVE), 0, text_for("en")) == (
        "Consecutive hot spot: without a break since 2026-08-22 (3 months), never in the 33 months"
        " before that; the last month z = 5.4, p = 0.012 after correction for 90,003 tests; 5 of"
        " the 7 areas around likewise."
    )
    assert sentence(emerging(Pattern.NEW, run=1), 0, text_for("zh")).startswith(
        "新增热点：36 个月来首次出现，自 2026-10-22 起；最近一个月 z = 5.4"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("cold", [False, True])
def test_every_pattern_has_a_sentence_of_its_own(lang: str, cold: bool) -> None:
    _ = text_for(lang)
    said = set()
    for pattern in Pattern:
        name = -pattern if cold else int(pattern)
        words = sentence(emerging(name), 0, _)
        assert words.startswith(pattern_name(name, _))
        assert "5.4" in words
        assert "0.012" in words
        said.add(words)
    assert len(said) == 9


def test_months_of_cold_spots_are_those_they_were_cold() -> None:
    words = sentence(emerging(-Pattern.OSCILLATING, months_hot=4, months_cold=9), 0, text_for("en"))
    assert "the opposite in 4 of 36 months" in words
    words = sentence(emerging(-Pattern.PERSISTENT, months_hot=4, months_cold=9), 0, text_for("en"))
    assert words.startswith("Persistent cold spot: in 9 of 36 months, the latest included")
    words = sentence(emerging(Pattern.NONE, months_hot=4, months_cold=9), 0, text_for("en"))
    assert words.startswith("No pattern: hot in 4 of 36 months, cold in 9")
    # One is no opposite of the other: four hot months are another sentence than nine.
    words = sentence(emerging(Pattern.OSCILLATING, months_hot=4, months_cold=9), 0, text_for("en"))
    assert "the opposite in 9 of 36 months" in words
    for past in (Pattern.HISTORICAL, -Pattern.HISTORICAL):
        assert "likewise" not in sentence(emerging(past), 0, text_for("en"))
    words = sentence(emerging(Pattern.HISTORICAL, run=2), 0, text_for("en"))
    assert "in 34 of 36 months, but no longer since 2026-09-22" in words


def test_too_few_and_no_data_say_so() -> None:
    en = text_for("en")
    assert sentence(hot(TOO_FEW), 0, en).endswith("12.4 expected; it takes 5.")
    assert sentence(emerging(TOO_FEW), 0, en).endswith("12.4 expected; it takes 20.")
    assert sentence(hot(NO_DATA), 0, en).startswith("No data: nobody counted")
    assert sentence(replace(hot(NO_DATA), days=None), 0, en) == "No data for this period here."
    assert "10 whole months" in sentence(replace(emerging(NO_DATA), days=None), 0, en)
