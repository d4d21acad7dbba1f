"""Which areas are compared with which, and by what: areas made by hand, against pandas."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from dashboard.components.peers_words import since_words
from dashboard.filters import Filters
from dashboard.peers.answers import Group
from dashboard.peers.field import Field
from dashboard.peers.reading import peers_of
from dashboard.peers.since import history
from dashboard.period import Days
from dashboard.text import text_for
from geo.hierarchy import COUNTY, PROVINCE, TOWNSHIP, VILLAGE
from tests.dashboard.made import MadeSource, Place

FIRST = date(2023, 1, 1)
DAY = Days(FIRST, FIRST + timedelta(days=1))
TOP = "620121"
KINDS = {"subdistrict": "0", "town": "1", "township": "2"}

people = st.one_of(st.sampled_from([np.nan, 0.0, 1.0]), st.integers(2, 60_000).map(float))
townships = st.lists(
    st.tuples(st.sampled_from(list(KINDS)), people, people, st.integers(0, 300)),
    min_size=1,
    max_size=36,
)
Drawn = list[tuple[str, float, float, int]]


def county(drawn: Drawn) -> tuple[MadeSource, pd.DataFrame]:
    """A county of townships, and the same as a table."""
    kinds = [kind for kind, *_ in drawn]
    codes = [f"{TOP}{KINDS[kind]}{at + 1:02d}" for at, kind in enumerate(kinds)]
    places = [Place(TOP, COUNTY, people=9e5, households=3e5)]
    daily = {}
    for code, (_kind, persons, households, count) in zip(codes, drawn, strict=True):
        places.append(Place(code, TOWNSHIP, TOP, persons, households))
        daily[code] = [count]
    columns = ["kind", "people", "households", "count"]
    return MadeSource(places, daily, FIRST), pd.DataFrame(drawn, codes, columns)


def thirds(sizes: pd.Series) -> pd.Series:
    """Bands as pandas cuts them at the terciles; one where there are too few, or too alike."""
    if len(sizes) < 9:
        return pd.Series("", sizes.index)
    edges = [-np.inf, *sizes.quantile([1 / 3, 2 / 3]), np.inf]
    if edges[1] == edges[2]:
        return pd.Series("", sizes.index)
    bands = pd.cut(sizes, edges, labels=["small", "medium", "large"]).astype(str)
    counted = bands.value_counts()
    divided = len(counted) == 3 and counted.min() > 1
    return bands if divided else pd.Series("", sizes.index)


@settings(max_examples=60)
@given(townships, st.sampled_from(["people", "households"]))
def test_groups_are_those_of_kind_and_third_by_size(drawn: Drawn, per: str) -> None:
    source, table = county(drawn)
    known = table[table[per] > 0].copy()
    known["band"] = known.groupby("kind")[per].transform(thirds) if len(known) else ""
    field = Field(source, TOP, TOWNSHIP, Filters(DAY), per)  # type: ignore[arg-type]
    assert field.has_data
    assert field.unknown == len(table) - len(known)
    lineage = source.picture.lineage
    found = {
        (group.kind, group.band or ""): [lineage.text("code", row) for row in group.rows.tolist()]
        for group in field.groups
    }
    wanted = {key: [*rows.index] for key, rows in known.groupby(["kind", "band"])}
    assert found == wanted
    for group, codes in zip(field.groups, found.values(), strict=True):
        assert group.people.tolist() == table.loc[codes, per].tolist()
        assert group.counts.tolist() == table.loc[codes, "count"].tolist()
    # The group of the most areas first; of as many, by the name of the kind.
    order = [(-len(group.rows), group.kind) for group in field.groups]
    assert order == sorted(order)


def test_of_bands_with_as_many_areas_the_largest_comes_first() -> None:
    drawn = [("town", float(size), 1.0, 1) for size in (70, 10, 40, 20, 90, 50, 30, 60, 80)]
    field = Field(county(drawn)[0], TOP, TOWNSHIP, Filters(DAY), "people")  # type: ignore[arg-type]
    assert [group.band for group in field.groups] == ["large", "medium", "small"]


def test_without_data_there_is_no_group_and_nobody_is_unknown() -> None:
    source, _ = county([("town", np.nan, 1.0, 3), ("town", 5.0, 1.0, 3)])
    later = Filters(Days(date(2030, 1, 1), date(2030, 1, 2)))
    field = Field(source, TOP, TOWNSHIP, later, "people")  # type: ignore[arg-type]
    assert (field.has_data, field.unknown, field.groups) == (False, 0, [])
    assert peers_of(source, TOP, later) is None  # type: ignore[arg-type]
    assert history(source, TOP, TOWNSHIP, later) is None  # type: ignore[arg-type]
    empty = MadeSource([Place(TOP, COUNTY), Place(f"{TOP}101", TOWNSHIP, TOP)], {}, FIRST)
    assert history(empty, TOP, TOWNSHIP, later) is None  # type: ignore[arg-type]


@settings(max_examples=40)
@given(townships, st.sampled_from(["people", "households"]))
def test_peers_are_measured_by_all_the_others_of_their_group(drawn: Drawn, per: str) -> None:
    source, table = county(drawn)
    found = peers_of(source, TOP, Filters(DAY), per)  # type: ignore[arg-type]
    assert found is not None
    assert (found.own, found.per) == (None, per)
    for group in found.groups:
        codes = [peer.code for peer in group.peers]
        own = table.loc[codes]
        assert (group.people_from, group.people_to) == (own[per].min(), own[per].max())
        rates = 1_000 * own["count"] / own[per]
        # The highest rate first; those as high by their codes.
        assert codes == sorted(codes, key=lambda code: (-rates[code], code))
        places = rates.rank(method="min", ascending=False)
        for peer in group.peers:
            assert peer.rate == pytest.approx(rates[peer.code])
            assert peer.rank == places[peer.code]
            assert peer.area_id == 10 * (2 + table.index.get_loc(peer.code))
            assert (peer.name, peer.name_en) == (f"名{peer.code}", f"Name {peer.code}")
            rest = own.drop(peer.code)
            if rest.empty:
                assert peer.verdict == "alone"
                assert (peer.rank, peer.rank_low, peer.rank_high) == (1, 1, 1)
                assert np.isnan([peer.expected, peer.ratio, peer.ratio_low, peer.p]).all()
                continue
            assert peer.verdict != "alone"
            expected = own.loc[peer.code, per] * rest["count"].sum() / rest[per].sum()
            assert peer.expected == pytest.approx(expected)
            if expected:
                assert peer.ratio == pytest.approx(peer.count / expected)
            assert peer.rank_low <= peer.rank <= peer.rank_high
            assert peer.ratio_low <= peer.ratio or np.isnan(peer.ratio)
            assert peer.since is None or peer.verdict == "above"
    above = [peer for group in found.groups for peer in group.peers if peer.verdict == "above"]
    lows = [peer.ratio_low for peer in found.above]
    assert sorted(lows, reverse=True) == lows
    assert {peer.code for peer in found.above} == {peer.code for peer in above}


def province() -> MadeSource:
    """Two counties of three towns, one of them beyond its peers for three months; two villages."""
    top, daily = "620000", {}
    places = [Place(top, PROVINCE, people=6e4)]
    for county_code in ("620121", "620122"):
        places.append(Place(county_code, COUNTY, top, 3e4))
        for number in (1, 2, 3):
            code = f"{county_code}10{number}"
            places.append(Place(code, TOWNSHIP, county_code, 1e4))
            for village in (200, 201):
                places.append(Place(f"{code}{village}", VILLAGE, code, 5e3))
                month = 150 if (number, village) == (1, 200) and county_code == "620121" else 5
                daily[f"{code}{village}"] = ([1] + [0] * 29) * 9 + ([month] + [0] * 29) * 3
    # A city without anything below it stands in for its towns, and is a peer of none.
    places.append(Place("620200", 1, top, 4e4, also=(2, 3, 4)))
    daily["620200"] = [50] * 360
    return MadeSource(places, daily, FIRST)


def own_group(source: MadeSource, code: str) -> Group:
    days = Days(FIRST + timedelta(days=300), FIRST + timedelta(days=360))
    found = peers_of(source, code, Filters(days))  # type: ignore[arg-type]
    assert found is not None
    assert found.own is not None
    return found.own


def test_towns_have_their_peers_in_all_the_scope_and_villages_in_their_county() -> None:
    source = province()
    towns = own_group(source, "620122101")
    assert towns.within == "620000"
    assert [peer.code for peer in towns.peers if peer.code.startswith("6202")] == []
    assert len(towns.peers) == 6
    villages = own_group(source, "620122101200")
    assert villages.within == "620122"
    assert {peer.code[:6] for peer in villages.peers} == {"620122"}
    assert len(villages.peers) == 6
    # A county's own viewer looks at the same villages from its top.
    places = [Place("620121", COUNTY, people=1.0), Place("620121101", TOWNSHIP, "620121", 2.0)]
    places += [Place(f"620121101{n}", VILLAGE, "620121101", 9.0) for n in (200, 201, 202)]
    daily = {f"620121101{n}": [n - 199] for n in (200, 201, 202)}
    leader = MadeSource(places, daily, FIRST)
    found = peers_of(leader, "620121101201", Filters(DAY))  # type: ignore[arg-type]
    assert found is not None
    assert found.own is not None
    assert (found.own.within, found.groups, found.unknown) == ("620121", (), 0)
    assert [peer.code[-3:] for peer in found.own.peers] == ["202", "201", "200"]


def test_a_township_has_its_villages_compared_with_each_other_alone() -> None:
    """Seen from the township itself: the county around it is not in view."""
    places = [Place("620121101", TOWNSHIP)]
    for number in (1, 2, 3, 200, 201):
        places.append(Place(f"620121101{number:03d}", VILLAGE, "620121101", 100.0 + number))
    source = MadeSource(places, {place.code: [2] for place in places[1:]}, FIRST)
    # The communities are the group of the most areas, the villages the other one.
    for code, kind, others in (("001", "community", 3), ("201", "village", 2)):
        found = peers_of(source, f"620121101{code}", Filters(DAY))  # type: ignore[arg-type]
        assert found is not None
        assert found.own is not None
        assert (found.own.within, found.own.kind) == ("620121101", kind)
        assert found.own.peer(f"620121101{code}") is not None
        assert len(found.own.peers) == others


def test_since_when_is_asked_of_those_above_and_of_ones_own_group_of_the_area_alone() -> None:
    source = province()
    worst = own_group(source, "620121101")
    (above,) = [peer for peer in worst.peers if peer.verdict == "above"]
    assert above.code == "620121101"
    assert above.since is not None
    # The last three months of the data begin on 27 September; December is not over.
    assert above.since.months == 11
    assert above.since.day == date(2023, 9, 1)
    # Its neighbour is below, or at least not asked; nor is another's verdict dated for a peer.
    other = own_group(source, "620122101")
    assert [peer.since for peer in other.peers] == [None] * 6
    children = peers_of(source, "620121", Filters(Days(FIRST, FIRST + timedelta(days=360))))  # type: ignore[arg-type]
    assert children is not None
    dated = [peer for group in children.groups for peer in group.peers if peer.since]
    assert [peer.code for peer in dated] == ["620121101"]


def changing() -> tuple[MadeSource, pd.DataFrame]:
    """Three towns, one of them with three times as many from 12 September 2022 on; by day, too."""
    begun, changed = date(2021, 3, 14), pd.Timestamp(2022, 9, 12)
    days = pd.date_range(begun, "2023-03-09")
    codes = [f"{TOP}10{number}" for number in (1, 2, 3)]
    table = pd.DataFrame(2, days, codes)
    table[codes[0]] = np.where(days < changed, 1, 3)
    table[codes[1]] += days.day % 3 == 0
    places = [Place(TOP, COUNTY, people=6e4)]
    places += [
        Place(code, TOWNSHIP, TOP, people)
        for code, people in zip(codes, (1e4, 3e4, 3e4), strict=True)
    ]
    return MadeSource(places, table.to_dict("list"), begun), table


def plainly(table: pd.DataFrame, first: str, last: str) -> tuple[date, float, float]:
    """The month from which on the first town's share is another one, and its times, by pandas."""
    monthly = table.groupby(table.index.to_period("M")).sum().loc[first:last]
    hits, trials = monthly.iloc[:, 0], monthly.sum(axis=1)

    def likelihood(part: slice) -> float:
        share = hits[part].sum() / trials[part].sum()
        return float(binom.logpmf(hits[part], trials[part], share).sum())

    def times(part: slice) -> float:
        own, rest = hits[part].sum(), trials[part].sum() - hits[part].sum()
        return float((own / 1e4) / (rest / 6e4))

    at = max(
        range(1, len(monthly)), key=lambda n: likelihood(slice(n)) + likelihood(slice(n, None))
    )
    return monthly.index[at].start_time.date(), times(slice(at)), times(slice(at, None))


@pytest.mark.parametrize(
    ("last_days", "last_month"),
    [
        ([date(2023, 2, 1), date(2023, 2, 14), date(2023, 2, 27)], "2023-01"),
        # The last day of a month ends it; what comes after the data does not.
        ([date(2023, 2, 28), date(2023, 3, 5), date(2023, 3, 31)], "2023-02"),
    ],
)
def test_since_when_follows_the_months_that_are_over_whatever_days_are_asked_for(
    last_days: list[date], last_month: str
) -> None:
    source, table = changing()
    told = []
    for last in last_days:
        for length in (30, 90, 130, 500):
            until = last + timedelta(days=1)
            days = Days(until - timedelta(days=length), until)
            found = peers_of(source, TOP, Filters(days))  # type: ignore[arg-type]
            assert found is not None
            told += found.above
    assert {peer.code for peer in told} == {f"{TOP}101"}
    (since,) = {peer.since for peer in told}
    assert since is not None
    assert (f"{since.first_day:%Y-%m}", f"{since.last_month:%Y-%m}") == ("2021-04", last_month)
    day, before, after = plainly(table, "2021-04", last_month)
    assert (since.day, since.before, since.after) == (
        day, pytest.approx(before), pytest.approx(after),
    )  # fmt: skip
    assert date(2022, 8, 1) < day < date(2022, 11, 1)
    assert f"(whole months 2021-04 to {last_month})." in since_words(text_for("en"), since)
    assert f"2021-04 至 {last_month}" in since_words(text_for("zh"), since)
    always = replace(since, day=None)
    assert f"whole months from 2021-04 to {last_month}: " in since_words(text_for("en"), always)
