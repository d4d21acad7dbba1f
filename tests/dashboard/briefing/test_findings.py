"""What stands out: never what chance explains, the best proven first."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from dashboard.briefing import findings as module
from dashboard.briefing.facts import gather
from dashboard.briefing.findings import LEVEL, SHOWN, Finding, findings, strongest
from dashboard.filters import Filters
from dashboard.handling.answers import Handler, Handling, Outcome
from dashboard.peers.answers import Group, Peer, Peers
from dashboard.period import Days
from dashboard.source import Source
from dashboard.timing.answers import Changed, Departure, Standing
from dashboard.visit import Visit
from geo.ratios import rate_ratio
from tests.areas import CITY, COUNTY, PROVINCE, TOWNSHIPS
from tests.dashboard.test_scene import visit

KINDS = ("peers", "spot", "change", "since", "late")
found = st.builds(
    Finding, st.sampled_from(KINDS), st.just("t"), st.just("w"), st.just("e"),
    st.floats(0, 1), st.sampled_from("abc"),
)  # fmt: skip


@given(st.lists(found))
def test_only_what_is_proven_the_best_proven_first(candidates: list[Finding]) -> None:
    shown = strongest(iter(candidates))
    assert [each.p for each in shown] == sorted(each.p for each in shown)
    assert all(each.p < LEVEL for each in shown)
    assert len({each.kind for each in shown}) == len(shown)
    proven = {each.kind for each in candidates if each.p < LEVEL}
    assert len(shown) == min(SHOWN, len(proven))
    for each in shown:
        assert each.p == min(other.p for other in candidates if other.kind == each.kind)


def outcome(open_: int, overdue: int, no_deadline: int = 0) -> Outcome:
    late = (overdue, 0, 0, 0)
    return Outcome(open_, {}, 0, open_, overdue, late, no_deadline, None, 0.0, 1.0, None)


def handling(*areas: tuple[str, int, int]) -> Handling:
    parts = tuple(
        Handler(1, code, code, None, outcome(due + 5, late, 5)) for code, due, late in areas
    )
    whole = outcome(sum(a[1] + 5 for a in areas), sum(a[2] for a in areas), 5 * len(areas))
    return Handling(whole, parts, None, ())


def test_the_latest_is_named_only_beyond_chance(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?lang=en")
    clear = list(module._most_late(at, handling(("甲", 50, 40), ("乙", 60, 20), ("丙", 40, 12))))
    assert [each.code for each in clear] == ["甲"]
    assert "40 of 50" in clear[0].words
    assert "(80%), elsewhere 32%" in clear[0].words
    # Corrected for three areas, both are as improbable (p 0.006); the second one is clearer.
    both = list(module._most_late(at, handling(("甲", 40, 20), ("乙", 50, 24), ("丙", 100, 15))))
    assert [(each.code, round(each.p, 4)) for each in both] == [("乙", 0.0058)]
    # The largest number is not the largest share, and a small share is no clear one.
    assert not list(module._most_late(at, handling(("甲", 500, 110), ("乙", 60, 12))))
    assert not list(module._most_late(at, handling(("甲", 4, 3), ("乙", 5, 2))))
    assert not list(module._most_late(at, handling(("甲", 50, 50))))
    assert not list(module._most_late(at, None))


def test_how_late_by_chance_is_exact() -> None:
    each, total = outcome(12, 9), outcome(42, 18)
    exact = float(hypergeom.sf(8, 42, 18, 12))
    assert module._p_late(each, total) == pytest.approx(exact)


@pytest.mark.parametrize("code", [PROVINCE, CITY, COUNTY, TOWNSHIPS["S"]])
@pytest.mark.parametrize(
    "search", ["?period=all", "?from=2024-02-01&to=2024-02-29", "?from=2024-03-05&to=2024-03-05"]
)
def test_what_is_said_is_so(source: Source, code: str, search: str) -> None:
    at = visit(source, f"/map/{code}", search)
    facts = gather(at)
    assert len(facts.findings) <= SHOWN
    for each in facts.findings:
        assert each.p < LEVEL
        assert re.search(r"p [<=] [0-9.]+", each.evidence + each.words)
    assert {each.kind for each in facts.findings} <= set(KINDS)
    if len(at.days) < 7:
        assert "change" not in {each.kind for each in facts.findings}
    assert facts.backlog is not None
    assert facts.summary.total is not None


def test_a_change_is_said_as_its_interval_says(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?from=2024-02-01&to=2024-02-29&lang=en")
    days = at.days
    ratio = rate_ratio(40, 10, len(days), len(days))
    said = module._changed(at, "X", CITY, 40, (10, days.year_before()), ratio)
    assert "clearly more" in said.title
    assert "40 incidents in 2024-02-01 – 2024-02-29, 10 in 2023-02-01 – 2023-02-28." in said.words
    for number in (ratio.ratio, ratio.low, ratio.high):
        assert f"{number:.2f}" in said.evidence
    fewer = module._changed(at, "X", CITY, 10, (40, days.year_before()), rate_ratio(10, 40))
    assert "clearly fewer" in fewer.title


@pytest.mark.parametrize(("observed", "direction"), [(312, "more"), (60, "fewer")])
def test_what_lasts_is_said_and_what_is_over_is_not(
    source: Source, monkeypatch: pytest.MonkeyPatch, observed: int, direction: str
) -> None:
    at = visit(source, f"/map/{CITY}", "?period=all&lang=en")
    searched = Days(date(2025, 1, 1), date(2026, 1, 1))
    learned = Days(date(2023, 1, 1), searched.since)
    now = Departure(Days(date(2025, 10, 3), searched.until), observed, 140.4, 0.004, True)
    past = Departure(Days(date(2025, 2, 1), date(2025, 3, 1)), 90, 30.2, 0.002, False)
    for departures in ((now, past), (past,), ()):
        answer = Standing(searched, learned, ("weekday", "season"), departures)
        monkeypatch.setattr(module, "standing", lambda *_asked, answer=answer: answer)
        said = list(module._lasting(at))
        assert [each.p for each in said] == [each.p for each in departures if each.is_lasting]
        for each in said:
            assert each.title.endswith(f": {direction} than expected since 2025-10-03")
            assert f"{observed} incidents since then, 140 expected" in each.words
            assert "2023-01-01 – 2024-12-31" in each.evidence
    for unsure in (None, Standing(searched, learned, ("weekday",), (now,))):
        monkeypatch.setattr(module, "standing", lambda *_asked, answer=unsure: answer)
        assert not list(module._lasting(at))


def test_the_highest_above_its_peers_is_held_against_its_own_group(source: Source) -> None:
    """The group of six comes first; the clearest excess, by its lower limit, is in the pair."""
    at = visit(source, f"/map/{COUNTY}", "?period=all&lang=en")

    def peer(code: str, count: int, low: float, verdict: str) -> Peer:
        numbers = (count, 4_000.0, 1, 1, 2, count / 3, 3.0, low, 9.0, 0.001)
        return Peer(1, code, code, None, *numbers, verdict)

    calm = [peer(f"c{n}", 10, 0.5, "alike") for n in range(5)]
    many = Group(3, "town", None, 1.0, 9.0, COUNTY, (peer("甲", 90, 1.5, "above"), *calm))
    pair = (peer("乙", 30, 2.5, "above"), peer("丙", 9, 0.2, "below"))
    both = (many, Group(3, "subdistrict", None, 1.0, 9.0, COUNTY, pair))
    (said,) = module._above_peers(at, Peers("households", None, both, 0))
    assert (said.code, said.p) == ("乙", 0.001)
    assert (
        "7.50 incidents per 1,000 households, 3.0 times the rate of the only other of "
        in said.words
    )
    assert "10.0 expected at the peers' rate; ratio 95% 2.50 to 9.00; place 1–2 of 2" in (
        f"{said.evidence}"
    )
    assert not list(module._above_peers(at, Peers("people", None, (), 0)))
    assert not list(module._above_peers(at, None))


def test_the_clearest_change_of_a_child_is_found_beyond_chance(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The year before the period begins just with the data; of both children one changed."""
    at = visit(source, f"/map/{CITY}", "?from=2024-02-10&to=2024-03-05&lang=en")
    codes = source.children(CITY, at.filters)["code"].tolist()
    assert len(codes) >= 2

    def said(now: list[float], then: list[float], on: Visit = at) -> list[Finding]:
        def children(_code: str, filters: Filters) -> pd.DataFrame:
            counts = now if filters.days == on.days else then
            return pd.DataFrame({"code": codes[: len(counts)], "count": counts})

        monkeypatch.setattr(on.source, "children", children)
        monkeypatch.setattr(module, "changes", lambda *_asked: ())
        return list(module._largest_change(on))

    (more,) = said([50.0, 60.0], [45.0, 12.0])
    exact = rate_ratio(60, 12, 25, 24)
    assert more.code == codes[1]
    assert more.p == pytest.approx(2 * exact.p), "the clearer one of two"
    assert f"{exact.ratio:.2f} times as many, 95% {exact.low:.2f} to" in more.evidence
    assert more.words.startswith("60 incidents in 2024-02-10 – 2024-03-05, 12 in 2023-02-10 – ")
    # Half as many again is more, and not only twice as many.
    (half,) = said([50.0, 450.0], [48.0, 288.0])
    assert (half.code, "clearly more" in half.title) == (codes[1], True)
    (fewer,) = said([5.0, 50.0], [50.0, 50.0])
    assert (fewer.code, "clearly fewer" in fewer.title) == (codes[0], True)
    assert not said([50.0, 60.0], [45.0, 55.0])
    assert not said([50.0, np.nan], [5.0, 5.0])
    assert not said([50.0, 50.0], [5.0, np.nan])
    assert not said([], [])
    (none,) = said([30.0, 1.0], [0.0, 1.0])
    assert "∞ times as many, 95% " in none.evidence
    # A day earlier, the year before would begin before the data does.
    earlier = visit(source, f"/map/{CITY}", "?from=2024-02-09&to=2024-03-05&lang=en")
    assert not said([50.0, 60.0], [45.0, 12.0], earlier)


def test_a_change_of_the_area_itself_is_found_where_it_is_distinct(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = visit(source, f"/map/{CITY}", "?from=2024-01-01&to=2024-01-31&lang=en")
    then = at.days.before()
    answers = (
        Changed("year", at.days, at.days.year_before(), 90, None, None),
        Changed("period", at.days, then, 90, 40, rate_ratio(90, 40, 31, 31)),
        Changed("period", at.days, then, 90, 80, rate_ratio(90, 80, 31, 31)),
    )
    monkeypatch.setattr(module, "changes", lambda *_asked: answers)
    (said,) = module._largest_change(at)
    assert said.code == CITY
    assert "90 incidents in 2024-01-01 – 2024-01-31, 40 in 2023-12-01 – 2023-12-31." in said.words


def test_a_new_spot_is_the_youngest_and_clearest(source: Source) -> None:
    at = visit(source, f"/map/{PROVINCE}", "?period=all&lang=en")
    emerging = source.emerging(5, at.filters)
    n = len(emerging.rows)
    planted = SimpleNamespace(
        **{
            **{name: getattr(emerging, name) for name in vars(emerging)},
            "classes": np.array([1, 1, 2, 6, 0] + [0] * (n - 5), np.int8),
            "p": np.array([0.01, 0.001, 0.0001, 0.00001, 0.5] + [1.0] * (n - 5)),
            "run": np.array([1, 1, 3, 1, 0] + [0] * (n - 5), np.int32),
        }
    )
    planted.at = lambda rows: np.searchsorted(emerging.rows, rows)
    planted.since = lambda place: emerging.steps[-1].since
    (said,) = module._latest(at, planted, emerging.rows, "cell")
    assert said.code == source.areas.step(int(emerging.rows[1])).code
    assert said.p == 0.001
    planted.p = np.ones(n)
    assert not list(module._latest(at, planted, emerging.rows, "cell"))


def test_without_data_nothing_stands_out(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?from=2010-01-01&to=2010-01-31")
    facts = gather(at)
    assert facts.findings == ()
    assert facts.summary.total is None
    assert (
        findings(visit(source, f"/map/{CITY}", "?category=land&period=7d"), None, None) is not None
    )
