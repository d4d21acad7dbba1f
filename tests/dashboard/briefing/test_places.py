"""Areas without a rate, made by hand: their places by incidents against pandas, and why."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.briefing.unrated import ranking_title, reason_words, unrated, unrated_words
from dashboard.filters import Filters
from dashboard.peers.answers import Peers
from dashboard.peers.reading import peers_of
from dashboard.period import Days
from dashboard.text import text_for
from geo.hierarchy import COUNTY, TOWNSHIP
from tests.dashboard.made import MadeSource, Place

FIRST = date(2024, 1, 1)
DAY = Filters(Days(FIRST, FIRST + timedelta(days=1)))
CITY = "620100"
EN = text_for("en")

county = st.tuples(
    st.sampled_from([np.nan, 0.0, 40_000.0]),
    st.sampled_from([np.nan, 0.0, 9_000.0]),
    st.integers(0, 4),
)
Drawn = list[tuple[float, float, int]]


def asked(drawn: Drawn, per: str) -> tuple[Any, Any, pd.DataFrame]:
    """A city of counties, the last of which is only a township that stands in for one."""
    codes = [f"6201{at + 20}" for at in range(len(drawn))]
    codes[-1] = f"{codes[-1]}101"
    places = [Place(CITY, 1)]
    for code, (people, households, _count) in zip(codes[:-1], drawn, strict=False):
        places.append(Place(code, COUNTY, CITY, people, households))
    people, households, _count = drawn[-1]
    places.append(Place(codes[-1], TOWNSHIP, CITY, people, households, also=(COUNTY,)))
    source = MadeSource(places, {c: [d[2]] for c, d in zip(codes, drawn, strict=True)}, FIRST)
    peers = peers_of(source, CITY, DAY, per)  # type: ignore[arg-type]
    facts = SimpleNamespace(peers=peers, children=source.children(CITY, DAY))
    visit = SimpleNamespace(source=source, text=EN)
    return visit, facts, pd.DataFrame(drawn, codes, ["people", "households", "count"])


@settings(max_examples=60)
@given(st.lists(county, min_size=2, max_size=9), st.sampled_from(["people", "households"]))
def test_places_of_areas_without_a_rate_are_by_incidents(drawn: Drawn, per: str) -> None:
    visit, facts, table = asked(drawn, per)
    last = table.index[-1]
    left = table[~(table[per] > 0) | (table.index == last)]
    found = unrated(visit, facts)
    assert sorted(each.code for each in found) == sorted(left.index)
    order = sorted(left.index, key=lambda code: (-left.loc[code, "count"], code))
    assert [each.code for each in found] == order
    lowest, highest = (
        left["count"].rank(method=method, ascending=False) for method in ("min", "max")
    )
    for each in found:
        row = left.loc[each.code]
        assert (each.place_from, each.place_to) == (lowest[each.code], highest[each.code])
        assert (each.count, each.name) == (row["count"], f"名{each.code}")
        assert each.name_en == f"Name {each.code}"
        assert each.people == pytest.approx(row[per], nan_ok=True)
        known = "unknown" if row[per] != row[per] else "level" if row[per] > 0 else "nobody"
        assert each.reason == known
    rated = {peer.code for group in facts.peers.groups for peer in group.peers}
    assert rated | {each.code for each in found} == set(table.index)
    assert not rated & {each.code for each in found}
    title = ranking_title(facts, EN)
    assert title == ("Ranking among peers" if rated else "Ranking by incidents")
    assert bool(unrated_words(visit, facts)) == (not rated)


def test_a_place_without_areas_below_or_data_says_nothing() -> None:
    visit, facts, _ = asked([(np.nan, 1.0, 3), (np.nan, 1.0, 2)], "people")
    none = SimpleNamespace(peers=facts.peers, children=facts.children.iloc[:0])
    without = SimpleNamespace(peers=None, children=facts.children)
    for empty in (none, without):
        assert unrated(visit, empty) == ()  # type: ignore[arg-type]
        assert unrated_words(visit, empty) == []  # type: ignore[arg-type]
    assert ranking_title(without, EN) == "Ranking among peers"  # type: ignore[arg-type]
    assert ranking_title(none, EN) == "Ranking by incidents"  # type: ignore[arg-type]
    nameless = facts.children.assign(name_en=[None, np.nan])
    found = unrated(visit, SimpleNamespace(peers=facts.peers, children=nameless))  # type: ignore[arg-type]
    assert [each.name_en for each in found] == [None, None]
    assert isinstance(facts.peers, Peers)


def test_each_reason_is_another_sentence() -> None:
    for lang in ("zh", "en"):
        said = reason_words(text_for(lang))
        assert len(set(said.values())) == len(said) == 3
    assert "nobody lives here" in reason_words(EN)["nobody"]
