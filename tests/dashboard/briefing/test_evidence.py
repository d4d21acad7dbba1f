"""The numbers behind what stands out, from references; and where it is looked for."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.stats import hypergeom
from statsmodels.stats.proportion import confint_proportions_2indep

from dashboard.briefing import findings as module
from dashboard.handling.answers import Handler, Handling, Outcome
from dashboard.peers.answers import Group, Peer, Peers, Since
from dashboard.period import Days
from dashboard.source import Source
from dashboard.timing.answers import Changed
from geo.emerging import Pattern
from geo.ratios import rate_ratio
from geo.viewer import Viewer
from tests.areas import CITY, COUNTY, PROVINCE, TOWNSHIPS, cell_code
from tests.dashboard.conftest import Sources
from tests.dashboard.test_scene import visit


def outcome(due: int, overdue: int, no_deadline: int) -> Outcome:
    late = (overdue, 0, 0, 0)
    open_ = due + no_deadline
    return Outcome(open_, {}, 0, open_, overdue, late, no_deadline, None, 0.0, 1.0, None)


def handling(*areas: tuple[str, int, int], coarser: tuple[int, int] = (0, 0)) -> Handling:
    """Of each area what is due and what of it is late; 7 more have no deadline."""
    parts = tuple(Handler(1, c, c, f"Name {c}", outcome(due, late, 7)) for c, due, late in areas)
    due, late = (sum(area[at] for area in areas) + coarser[at - 1] for at in (1, 2))
    return Handling(outcome(due, late, 7 * len(areas)), parts, None, ())


def test_points_more_have_the_limits_of_newcombe(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?lang=en")
    (said,) = module._most_late(at, handling(("甲", 50, 48), ("乙", 60, 7), ("丙", 40, 3)))
    low, high = confint_proportions_2indep(48, 50, 10, 100, method="newcomb", compare="diff")
    assert said.evidence.startswith(f"86 points more, 95% {100 * low:.0f} to {100 * high:.0f}; p")
    assert said.title == "Name 甲: late more often than elsewhere"
    # Of 150 drawn at random 50, 48 or more of the 58 late ones; times three, as three were tried.
    assert said.p == pytest.approx(3 * hypergeom.sf(47, 150, 58, 50))
    chinese = visit(source, f"/map/{CITY}", "")
    (zh,) = module._most_late(chinese, handling(("甲", 50, 40), ("乙", 60, 20)))
    assert zh.title.startswith("甲")


def test_what_is_late_elsewhere_counts_where_it_is_not_known_to_an_area(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?lang=en")
    # 30 of 40 are late in one of two areas; of 400 known no more finely, 300 are too.
    two = (("甲", 40, 30), ("乙", 40, 6))
    assert [each.code for each in module._most_late(at, handling(*two))] == ["甲"]
    assert not list(module._most_late(at, handling(*two, coarser=(400, 330))))
    # One area with deadlines is held against no other, whatever is known no more finely.
    alone = handling(("甲", 40, 39), ("乙", 0, 0), coarser=(400, 30))
    assert not list(module._most_late(at, alone))


def test_an_area_below_is_told_from_all_others_only_on_the_late_side(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?lang=en")
    (said,) = module._most_late(at, handling(("甲", 90, 4), ("乙", 90, 45)))
    assert said.code == "乙"


def test_only_what_is_new_and_rising_is_a_new_spot(source: Source) -> None:
    """The youngest of the rising ones that chance does not explain; the others are counted."""
    at = visit(source, f"/map/{PROVINCE}", "?period=all&lang=en")
    emerging = source.emerging(5, at.filters)
    n = len(emerging.rows)
    kinds = [
        Pattern.PERSISTENT, Pattern.CONSECUTIVE, Pattern.INTENSIFYING, Pattern.NEW,
        Pattern.DIMINISHING, -Pattern.NEW, Pattern.CONSECUTIVE,
    ]  # fmt: skip
    run = [1, 5, 4, 9, 1, 1, 2]
    p = [0.001, 0.02, 0.0499, 0.03, 0.001, 0.001, 0.05]
    rest = n - len(kinds)
    planted: Any = SimpleNamespace(
        **{
            **vars(emerging),
            "classes": np.array([*kinds, *[0] * rest], np.int8),
            "p": np.array([*p, *[1.0] * rest]),
            "run": np.array([*run, *[0] * rest], np.int32),
            "at": lambda rows: np.searchsorted(emerging.rows, rows),
            "since": lambda _place: emerging.steps[-1].since,
        }
    )
    (said,) = module._latest(at, planted, emerging.rows, "cell")
    assert said.code == source.areas.step(int(emerging.rows[2])).code
    assert said.p == 0.0499
    assert said.evidence == (
        f"space-time Gi* over {len(emerging.steps)} months of {n} areas of this level; 2 more of"
        " them are new or growing"
    )
    # Looked for among the areas inside alone.
    (inside,) = module._latest(at, planted, emerging.rows[[1, 3, 5]], "cell")
    assert inside.code == source.areas.step(int(emerging.rows[1])).code
    assert "of 3 areas of this level; 1 more of" in inside.evidence
    assert not list(module._latest(at, planted, emerging.rows[[0, 4, 5, 6]], "cell"))
    planted.steps = ()
    assert not list(module._latest(at, planted, emerging.rows, "cell"))


@pytest.mark.parametrize(
    ("viewer", "code", "layers"),
    [
        (Viewer("leader", 0, PROVINCE), PROVINCE, [1]),
        (Viewer("leader", 0, PROVINCE), COUNTY, [3]),
        (Viewer("leader", 1, CITY), CITY, [2]),
        (Viewer("leader", 2, COUNTY), COUNTY, [3, 5]),
        (Viewer("leader", 2, COUNTY), TOWNSHIPS["S"], [5]),
        (Viewer("leader", 3, TOWNSHIPS["S"]), TOWNSHIPS["S"], [5]),
        (Viewer("leader", 0, PROVINCE), cell_code("S1"), []),
        (Viewer("leader", 2, COUNTY), cell_code("S1"), []),
    ],
)
def test_new_spots_are_looked_for_below_and_in_a_county_among_the_finest(
    sources: Sources, monkeypatch: pytest.MonkeyPatch, viewer: Viewer, code: str, layers: list[int]
) -> None:
    source, asked = sources(viewer), []

    def emerging(slot: int, _filters: object, per: str) -> Any:
        asked.append((slot, per))
        return SimpleNamespace(steps=())

    monkeypatch.setattr(source, "emerging", emerging)
    at = visit(source, f"/map/{code}", "?period=all&per=households")
    assert not list(module._new_spot(at))
    assert asked == [(slot, "households") for slot in layers]
    # A level of more areas than can be looked through at once is passed over.
    if not layers:
        return
    finest = at.area.layers[-1]
    at.area.areas_per_layer[finest] = 5_000
    asked.clear()
    assert not list(module._new_spot(at))
    assert len(asked) == len(layers)
    at.area.areas_per_layer[finest] = 5_001
    asked.clear()
    assert not list(module._new_spot(at))
    assert [slot for slot, _ in asked] == [s for s in layers if s != layers[-1] or s != 5]


@pytest.mark.parametrize(("length", "told"), [(6, False), (7, True)])
def test_under_a_week_no_change_is_told(
    source: Source, monkeypatch: pytest.MonkeyPatch, length: int, *, told: bool
) -> None:
    first = date(2024, 2, 1)
    at = visit(source, f"/map/{CITY}", f"?from={first}&to={first + timedelta(days=length - 1)}")
    then = at.days.before()
    found = Changed("period", at.days, then, 90, 40, rate_ratio(90, 40, length, length))
    monkeypatch.setattr(module, "changes", lambda *_asked: (found,))
    assert [each.code for each in module._largest_change(at)] == [CITY] * told


def test_a_peer_says_since_when_and_of_whom(source: Source) -> None:
    at = visit(source, f"/map/{COUNTY}", "?period=all&lang=en")
    since = Since(date(2024, 1, 3), 12, date(2023, 3, 6), 1.1, 2.9, 0.001)
    numbers = (90, 4_500.0, 1, 1, 3, 30.0, 3.0, 2.5, 3.6, 0.0004)
    peer = Peer(1, "甲", "甲", None, *numbers, "above", since)
    other = Peer(2, "乙", "乙", None, 9, 4_000.0, 2, 2, 2, 60.0, 0.1, 0.1, 0.4, 0.01, "below")
    group = Group(3, "town", None, 4_000.0, 4_500.0, COUNTY, (peer, other))
    (said,) = module._above_peers(at, Peers("people", None, (group,), 0))
    assert said.words.startswith(
        "20.00 incidents per 1,000 people, 3.0 times the rate of the only other of "
    )
    assert "2024-01-03" in said.words
    assert said.evidence == (
        "90 incidents, 30.0 expected at the peers' rate; ratio 95% 2.50 to 3.60; place 1–3 of 2;"
        " p < 0.001"
    )
    assert (said.kind, said.p, said.code) == ("peers", 0.0004, "甲")
    assert [module.span_words(*span) for span in ((2, 2), (1, 3))] == ["2", "1–3"]
    (undated,) = module._above_peers(
        at, Peers("people", None, (Group(3, "town", None, 1, 9, COUNTY, (
            Peer(1, "甲", "甲", None, *numbers, "above"), other)),), 0)
    )  # fmt: skip
    assert said.words.startswith(f"{undated.words} ")


def test_fewer_than_before_is_said_with_the_smaller_limit_first(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?from=2024-02-01&to=2024-02-29&lang=en")
    ratio = rate_ratio(0, 40, 29, 29)
    said = module._changed(at, "X", CITY, 0, (40, Days(date(2024, 1, 3), date(2024, 2, 1))), ratio)
    # None of 40: at most 1 - 0.025 ** (1 / 40) of all are now, 0.0881; 0.0881 / 0.9119.
    assert said.evidence == "a day 0.00 times as many, 95% 0.00 to 0.10; p < 0.001"
    assert said.words == "0 incidents in 2024-02-01 – 2024-02-29, 40 in 2024-01-03 – 2024-01-31."
    assert "clearly fewer" in said.title
