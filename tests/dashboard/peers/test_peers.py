"""Areas among their peers: who is compared with whom, what is said of them, and since when."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from statsmodels.stats.multitest import multipletests

from dashboard.components.peers import by_excess, peers_tab
from dashboard.components.peers_words import kind_names
from dashboard.components.whiskers import Scale
from dashboard.peers.bands import BANDS, LEAST_FOR_BANDS, size_bands
from dashboard.peers.kinds import UNKNOWN, kind_by_code, kind_of
from dashboard.peers.reading import peers_of
from dashboard.peers.since import history, since_when
from dashboard.peers.standing import VERDICTS, standings
from dashboard.period import Days
from dashboard.signals.months import months_back
from dashboard.source import Source
from dashboard.text import text_for
from dashboard.visit import Visit
from geo.hierarchy import CELL, CITY, COUNTY, TOWNSHIP, VILLAGE
from geo.viewer import Viewer
from tests.areas import CITY as JIA
from tests.areas import COUNTY as NAN
from tests.areas import PROVINCE, TOWNSHIPS, cell_code
from tests.dashboard.conftest import Sources
from tests.dashboard.markup import having, links, words
from tests.dashboard.world import FIRST_DAY, LAST_DAY, Cases, count_cases


@pytest.mark.parametrize(
    ("code", "slot", "kind"),
    [
        ("620102001", TOWNSHIP, "subdistrict"),
        ("620102099", TOWNSHIP, "subdistrict"),
        ("620102100", TOWNSHIP, "town"),
        ("620102200", TOWNSHIP, "township"),
        ("620102399", TOWNSHIP, "township"),
        ("620102400", TOWNSHIP, "other"),
        ("620102001001", VILLAGE, "community"),
        ("620102100200", VILLAGE, "village"),
        ("620102", COUNTY, "district"),
        ("620121", COUNTY, "county"),
        ("620981", COUNTY, "county_city"),
        ("620100", CITY, "prefecture"),
        ("620200000", COUNTY, UNKNOWN),
        ("17", COUNTY, UNKNOWN),
        ("6201020A1", TOWNSHIP, UNKNOWN),
        ("620102000", TOWNSHIP, UNKNOWN),
        ("620120", COUNTY, "district"),
        ("620180", COUNTY, "county"),
        ("620102001199", VILLAGE, "community"),
        ("620102001399", VILLAGE, "village"),
        ("620102001400", VILLAGE, "community"),
        ("620102001500", VILLAGE, "village"),
    ],
)
def test_kinds_by_the_ranges_of_codes(code: str, slot: int, kind: str) -> None:
    assert kind_by_code(code, slot) == kind
    assert kind == UNKNOWN or kind in kind_names(text_for("en"))


class Places:
    """Areas as a lineage knows them: slot, code, kind and the row of the area around each."""

    def __init__(self, *areas: tuple[int, str, str | None, int]) -> None:
        self._texts = {"code": [area[1] for area in areas], "kind": [area[2] for area in areas]}
        self.slots = np.array([area[0] for area in areas])
        self.above = np.full((CELL + 1, len(areas)), -1)
        for row, (slot, _code, _kind, around) in enumerate(areas):
            if around >= 0:
                self.above[:, row] = self.above[:, around]
            self.above[slot, row] = row

    def text(self, name: str, row: int) -> str | None:
        return self._texts[name][row]


def test_the_column_says_the_kind_and_else_the_code() -> None:
    places = Places(
        (COUNTY, "620121", "自治县", -1),
        (TOWNSHIP, "620121100", "街道", 0),
        (TOWNSHIP, "620121101", " ", 0),
        (TOWNSHIP, "620121102", None, 0),
        (TOWNSHIP, "620121103", "林场", 0),
    )
    kinds = [kind_of(places, row, china=True) for row in range(5)]
    assert kinds == ["county", "subdistrict", "town", "town", "林场"]
    abroad = [kind_of(places, row, china=False) for row in range(5)]
    assert abroad == ["county", "subdistrict", UNKNOWN, UNKNOWN, "林场"]


def test_a_cell_is_urban_or_rural_by_what_is_around_it() -> None:
    places = Places(
        (TOWNSHIP, "620121001", "街道", -1),
        (VILLAGE, "620121001200", None, 0),
        (VILLAGE, "620121001001", "社区", 0),
        (VILLAGE, "17", None, 0),
        (TOWNSHIP, "620121200", None, -1),
        (CELL, "620121001200001", None, 1),
        (CELL, "620121001001001", "专属网格", 2),
        (CELL, "1701", "基础网格", 3),
        (CELL, "620121200000001", None, 4),
        (CELL, "99", None, -1),
    )
    kinds = [kind_of(places, row, china=True) for row in range(5, 10)]
    # A village of a town is country; one of no known kind is what its township is.
    assert kinds == ["basic-rural", "special-urban", "basic-urban", "basic-rural", "basic-unknown"]


def test_few_areas_or_areas_too_alike_are_not_divided() -> None:
    assert size_bands(np.arange(1.0, 9.0)) is None, "eight"
    assert LEAST_FOR_BANDS == 9
    bands = size_bands(np.array([70.0, 10, 40, 20, 90, 50, 30, 60, 80]))
    assert bands is not None
    assert bands.tolist() == [2, 0, 1, 0, 2, 1, 0, 1, 2]
    assert size_bands(np.full(12, 500.0)) is None
    # A third of nine are three, but the third and the fourth are alike: two are left between.
    tied = size_bands(np.array([1.0, 2, 3, 3, 4, 5, 6, 7, 8]))
    assert tied is not None
    assert tied.tolist() == [0, 0, 0, 0, 1, 1, 2, 2, 2]
    # Eight alike and one larger: it would be alone among the large ones.
    assert size_bands(np.array([5.0] * 8 + [6.0])) is None


@given(st.lists(st.integers(1, 5_000), min_size=9, max_size=40))
def test_bands_are_thirds_in_order_of_size(sizes: list[int]) -> None:
    people = np.array(sizes, float)
    bands = size_bands(people)
    if bands is None:
        assert len(set(sizes)) < len(sizes), "different sizes can always be divided"
        return
    members = [people[bands == at] for at in range(len(BANDS))]
    assert all(len(each) > 1 for each in members)
    assert all(smaller.max() < larger.min() for smaller, larger in pairwise(members))
    if len(set(sizes)) == len(sizes):
        assert max(map(len, members)) - min(map(len, members)) <= 2


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(100, 90_000)), min_size=2, max_size=12))
def test_an_area_is_above_its_peers_only_where_the_interval_says_so(
    areas: list[tuple[int, int]],
) -> None:
    counts, people = (np.array(column, float) for column in zip(*areas, strict=True))
    found = standings(counts, people)
    chance = np.array([_by_chance(counts, people, at) for at in range(len(counts))])
    told, corrected, _, _ = multipletests(chance, 0.05, method="fdr_bh")
    assert found.p == pytest.approx(corrected, rel=1e-6, abs=1e-300)
    for at, verdict in enumerate(VERDICTS[int(each)] for each in found.verdicts):
        others, elsewhere = counts.sum() - counts[at], people.sum() - people[at]
        assert found.expected[at] == pytest.approx(others / elsewhere * people[at])
        low, high = found.ratios.low[at], found.ratios.high[at]
        otherwise = "few" if counts[at] < 20 else "alike"
        named = "above" if low > 1 else "below" if high < 1 else otherwise
        assert verdict == (named if told[at] else otherwise)
        if counts.sum():
            share = people[at] / people.sum()
            exact = binomtest(int(counts[at]), int(counts.sum()), share)
            # scipy's interval is of the share; the odds of it are the ratio's.
            limits = exact.proportion_ci(0.95, method="exact")
            odds = share / (1 - share)
            assert low == pytest.approx(limits.low / (1 - limits.low) / odds, rel=1e-6, abs=1e-9)
            if limits.high < 1:
                assert high == pytest.approx(limits.high / (1 - limits.high) / odds, rel=1e-6)


def _by_chance(counts: np.ndarray, people: np.ndarray, at: int) -> float:
    """Twice the smaller tail of the binomial test of one area against all others together."""
    own, all_, share = int(counts[at]), int(counts.sum()), people[at] / people.sum()
    if not all_:
        return 1.0
    tails = (binomtest(own, all_, share, side).pvalue for side in ("less", "greater"))
    return min(1.0, 2 * min(tails))


def test_of_many_areas_alike_few_are_named() -> None:
    """Without the correction, one in twenty would be; with it, hardly ever one of all."""
    rng = np.random.default_rng(1)
    people = rng.uniform(5_000, 50_000, 60)
    named = [
        np.isin(standings(rng.poisson(people / 400).astype(float), people).verdicts, [0, 2]).any()
        for _ in range(80)
    ]
    assert np.mean(named) <= 0.12


def test_children_are_counted_and_the_unknown_left_out(source: Source, cases: Cases) -> None:
    at = Visit.at(source, {"pathname": f"/map/{NAN}", "search": "?period=all&lang=en"})
    found = peers_of(source, NAN, at.filters)
    assert found is not None
    assert [(group.kind, group.band, len(group.peers)) for group in found.groups] == [
        ("subdistrict", None, 2)
    ]
    south = found.groups[0].peer(TOWNSHIPS["S"])
    assert south is not None
    counted = count_cases(cases, TOWNSHIPS["S"], at.days.since, at.days.until)
    north = count_cases(cases, TOWNSHIPS["N"], at.days.since, at.days.until)
    assert (south.count, south.expected) == (counted, north)
    assert south.verdict == "above"
    assert south.since is not None
    assert south.since.day is None
    assert south.since.months == 12
    assert found.above == [south]
    province = peers_of(source, PROVINCE, at.filters, "households")
    assert province is not None
    assert (province.unknown, province.own) == (1, None)


def test_an_area_has_its_peers_in_the_viewers_scope_alone(sources: Sources) -> None:
    code = TOWNSHIPS["N"]
    for viewer, peers in ((Viewer("leader", 0, PROVINCE), 4), (Viewer("leader", 2, NAN), 2)):
        source = sources(viewer)
        at = Visit.at(source, {"pathname": f"/map/{code}", "search": "?period=all"})
        own = (found := peers_of(source, code, at.filters)) and found.own
        assert own is not None
        assert (own.within, len(own.peers)) == (viewer.scope_code, peers)
    cell = cell_code("E1")
    source = sources()
    found = peers_of(source, cell, at.filters)
    assert found is not None
    assert found.own is not None
    assert (found.own.within, found.own.kind, found.groups) == ("990102", "basic-urban", ())


def test_no_group_mixes_kinds(source: Source) -> None:
    lineage = source.picture.lineage
    for code in (PROVINCE, JIA, NAN, *TOWNSHIPS.values()):
        at = Visit.at(source, {"pathname": f"/map/{code}", "search": "?period=all"})
        found = peers_of(source, code, at.filters)
        assert found is not None
        for group in found.groups:
            rows = [lineage.row(peer.code) for peer in group.peers]
            assert {kind_of(lineage, row, china=True) for row in rows} == {group.kind}
            assert {int(lineage.slots[row]) for row in rows} == {group.slot}


def test_the_group_with_the_clearest_excess_comes_first(source: Source) -> None:
    at = Visit.at(source, {"pathname": f"/map/{NAN}", "search": "?period=all"})
    found = peers_of(source, NAN, at.filters)
    assert found is not None
    worst = next(each for each in found.groups for peer in each.peers if peer.verdict == "above")
    calm = replace(worst, peers=tuple(replace(peer, verdict="alike") for peer in worst.peers))
    worse = replace(
        worst,
        peers=tuple(replace(peer, ratio_low=2 * peer.ratio_low) for peer in worst.peers),
    )
    assert by_excess([calm, worst, calm, worse]) == [worse, worst, calm, calm]


def test_the_tab_says_places_as_ties_and_drills(source: Source) -> None:
    at = Visit.at(source, {"pathname": f"/map/{NAN}", "search": "?period=all&lang=en&tab=peers"})
    tab = peers_tab(at)
    found = words(tab)
    assert "incidents per 1,000 people" in found
    assert "▲ above its peers In all 12 whole months from 2023-03 to 2024-02: " in found
    assert "Since when: the latest month from which on an area's share" in found
    assert "by the whole months, 36 at most, that were over when the period ended" in found
    assert links(tab)["S Town"] == f"/map/{TOWNSHIPS['S']}?tab=peers&lang=en&period=all"
    assert re.search(r"▲ Above their peers: S Town [0-9]\.[0-9]{2}×", found)
    assert found.index("▲ Above their peers") < found.index("Compared are only areas")
    row = having(tab, data_area_id=str(source.area(TOWNSHIPS["S"]).area_id))[0]
    assert words(row).startswith("1 S Town")
    assert "expected: " in words(row)
    few = Visit.at(
        source, {"pathname": f"/map/{NAN}", "search": "?from=2024-03-01&to=2024-03-03&lang=en"}
    )
    few_words = words(peers_tab(few))
    assert "1–2 " in few_words
    assert "too few incidents to judge" in few_words
    assert "None of the areas below is above its peers" in few_words
    assert "▲" not in few_words
    assert "Since when" not in few_words, "nothing is dated there"
    own = Visit.at(source, {"pathname": f"/map/{TOWNSHIPS['S']}", "search": "?period=all&lang=en"})
    assert "S Town place 1 of 4 by rate among subdistricts: " in words(peers_tab(own))
    unknown = Visit.at(source, {"pathname": f"/map/{PROVINCE}", "search": "?period=all&lang=en"})
    assert "Areas without known people, so without a rate: 1" in words(peers_tab(unknown))


def test_since_when_is_dated_where_the_share_changed() -> None:
    rng = np.random.default_rng(2)
    starts = tuple(step.since for step in months_back(LAST_DAY, date(2021, 1, 1)))
    people = np.array([20_000.0, 30_000.0, 25_000.0])
    rates = np.tile(people / 500, (len(starts), 1))
    rates[-6:, 0] *= 3
    counts = rng.poisson(rates).astype(float)
    since = since_when(starts, counts, 0, people)
    assert since is not None
    assert since.day == starts[-6]
    assert since.before == pytest.approx(1, abs=0.2)
    assert since.after == pytest.approx(3, abs=0.5)
    rates[-20:, 1] /= 3
    later = since_when(starts, rng.poisson(rates).astype(float), 0, people)
    assert later is not None
    assert later.day == starts[-6], "not when a peer's share fell, long before"
    assert 1 < later.before < 1.7 < 3 < later.after
    rates[-1, 0] *= 2
    again = since_when(starts, rng.poisson(rates).astype(float), 0, people)
    assert again is not None
    assert again.day == starts[-6], "nor the last month alone"
    assert since_when(starts, rng.poisson(people / 500, (36, 3)).astype(float), 0, people) is None
    always = since_when(
        starts, rng.poisson(people / 500, (36, 3)) * np.array([2.0, 1, 1]), 0, people
    )
    assert always is not None
    assert (always.day, always.months, always.first_day) == (None, len(starts), starts[0])
    assert starts[0] >= date(2021, 1, 1) < FIRST_DAY


@pytest.mark.parametrize(
    ("own", "others", "changed", "before", "after"),
    [
        # The month just past is found where nothing changed before it.
        ([10] * 11 + [60], [100] * 12, 11, 0.1, 0.6),
        ([0] + [30] * 11, [100] * 12, 1, 0.0, 0.3),
        # After a change, two months make another one, and one does not.
        ([2] * 12 + [40] * 8 + [90] * 2, [100] * 22, 20, 0.4, 0.9),
        ([2] * 12 + [40] * 9 + [90], [100] * 22, 12, 0.02, 0.45),
        ([10] * 12, [50] * 6 + [0] * 6, 6, 0.2, np.inf),
    ],
)
def test_changes_that_need_no_chance(
    own: list[int], others: list[int], changed: int, before: float, after: float
) -> None:
    """Two areas of 1,000 and 2,000 people; times the rate of the other is twice the counts'."""
    starts = tuple(step.since for step in months_back(LAST_DAY, date(2021, 1, 1)))[-len(own) :]
    counts = np.array([own, others], float).T
    found = since_when(starts, counts, 0, np.array([1_000.0, 2_000.0]))
    assert found is not None
    assert (found.day, found.first_day) == (starts[changed], starts[0])
    assert (found.before, found.after) == pytest.approx((2 * before, 2 * after))
    assert found.p == pytest.approx(0.001), "no one of 999 draws"


def test_less_than_a_month_of_data_has_no_history(source: Source) -> None:
    early = Visit.at(
        source, {"pathname": f"/map/{NAN}", "search": "?from=2023-02-10&to=2023-03-05"}
    )
    assert history(source, NAN, TOWNSHIP, early.filters) is None
    longer = early.filters.during(Days(FIRST_DAY, date(2023, 4, 12)))
    found = history(source, NAN, TOWNSHIP, longer)
    assert found is not None
    assert [day.isoformat() for day in found.starts] == ["2023-03-01"]


def test_the_scale_puts_one_in_the_middle_and_factors_at_equal_distances() -> None:
    scale = Scale(4)
    assert [scale.at(each) for each in (0, 0.25, 0.5, 1, 2, 4, 9, float("inf"))] == [
        0, 0, 25, 50, 75, 100, 100, 100
    ]  # fmt: skip


def test_a_day_without_incidents_is_zero_and_no_verdict(source: Source, cases: Cases) -> None:
    days = [FIRST_DAY + timedelta(days=each) for each in range(300)]
    empty = next(d for d in days if not count_cases(cases, NAN, d, d + timedelta(days=1)))
    at = Visit.at(
        source, {"pathname": f"/map/{NAN}", "search": f"?from={empty}&to={empty}&lang=en"}
    )
    found = peers_of(source, NAN, at.filters)
    assert found is not None
    assert {(peer.count, peer.verdict) for peer in found.groups[0].peers} == {(0, "few")}
    said = words(peers_tab(at))
    assert "its peers have no incidents" in said
    assert "0.00" in said
    nothing = Visit.at(
        source, {"pathname": f"/map/{NAN}", "search": "?from=2030-01-01&to=2030-01-02"}
    )
    assert peers_of(source, NAN, nothing.filters) is None
