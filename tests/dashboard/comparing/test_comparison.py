"""Two periods and two areas of the drawn province, against a plain recount."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control
from statsmodels.stats.rates import test_poisson_2indep as poisson_2indep

from dashboard.comparing.comparison import Comparison
from dashboard.comparing.pairs import category_pairs, child_pairs, exposure, ranks
from dashboard.comparing.scenes import links, scenes
from dashboard.comparing.series import overlay
from dashboard.comparing.state import parse_compare
from dashboard.components.comparing.bar import bar, found_first, found_second, head
from dashboard.components.comparing.figures import figures
from dashboard.components.comparing.tables import categories, ranking
from dashboard.components.comparing.words import ratio_words, share_words
from dashboard.figures.overlay import overlay_figure
from dashboard.source import Source
from dashboard.text import text_for
from geo.chance import beyond_chance
from geo.proportions import share_difference
from geo.ratios import rate_ratio
from geo.viewer import Viewer
from tests.areas import CITY, COUNTY, OTHER_COUNTY, PROVINCE, TOWNSHIPS
from tests.dashboard.conftest import Sources
from tests.dashboard.markup import links as hrefs
from tests.dashboard.markup import walk, words
from tests.dashboard.world import Cases, count_cases

NOW = (date(2023, 10, 1), date(2024, 3, 1))
PERIOD = "from=2023-10-01&to=2024-02-29"
EN = text_for("en")


def compare(source: Source, path: str, search: str = "") -> Comparison:
    return Comparison.at(source, {"pathname": f"/compare{path}", "search": search})


def test_two_periods_share_all_but_the_days(source: Source, cases: Cases) -> None:
    asked = f"?{PERIOD}&from2=2023-03-01&to2=2023-05-31&category=family&lang=en"
    comparison = compare(source, f"/{CITY}", asked)
    table = child_pairs(comparison).set_index("code")
    then = (date(2023, 3, 1), date(2023, 6, 1))
    for code in (COUNTY, OTHER_COUNTY):
        row = table.loc[code]
        assert row["first"] == count_cases(cases, code, *NOW, category=["family"])
        assert row["second"] == count_cases(cases, code, *then, category=["family"])
        known = rate_ratio(row["first"], row["second"], 152, 92)
        assert (row["ratio"], row["low"], row["high"]) == (known.ratio, known.low, known.high)
    assert exposure(comparison).unit == "days"
    # Shares of incidents that had unlike time to be resolved are neither better nor worse.
    parts = [part for part in walk(figures(comparison)) if "of those received" in words(part)]
    rows = [part for part in parts if words(part).count("points") == 1]
    assert rows
    assert not any("worse" in str(vars(part)) or "better" in str(vars(part)) for part in rows)
    assert "152 and 92 days with data" in words(figures(comparison))


def test_days_compared_with(source: Source) -> None:
    year = compare(source, f"/{CITY}", f"?{PERIOD}")
    before = compare(source, f"/{CITY}", f"?{PERIOD}&against=before")
    assert (year.second.days.since, year.second.days.last) == (date(2022, 10, 1), date(2023, 2, 28))
    assert (before.second.days.since, before.second.days.until) == (date(2023, 5, 2), NOW[0])
    # What reaches past the last day of data is compared with as many days.
    late = compare(source, f"/{CITY}", "?from=2024-02-01&to=2024-12-31&against=before")
    assert len(late.second.days) == len(late.first.days_with_data) == 34


def test_both_maps_have_the_same_classes_and_move_together(source: Source) -> None:
    search = f"?{PERIOD}&against=before&metric=rate"
    first, second = scenes(compare(source, f"/{CITY}", search))
    assert first["scales"] == second["scales"]
    assert first["legend"]["scale"] is second["legend"]["scale"] is None
    unlike = scenes(compare(source, f"/{CITY}", f"?{PERIOD}&from2=2023-03-01&to2=2023-03-31"))
    assert all("天数不同" in each["legend"]["scale"] for each in unlike)
    assert first["urls"]["index"] == second["urls"]["index"]
    assert first["urls"]["values"] != second["urls"]["values"]
    assert first["go"].startswith("/compare/{code}?")
    assert [link["by"] for link in links(compare(source, f"/{CITY}"))] == ["camera", "camera"]
    areas = compare(source, f"/{COUNTY}", f"?{PERIOD}&with={OTHER_COUNTY}")
    first, second = scenes(areas)
    assert first["scales"] == second["scales"]
    assert (first["area"]["code"], second["area"]["code"]) == (COUNTY, OTHER_COUNTY)
    assert first["layer"]["slot"] == second["layer"]["slot"]
    assert first["go"].startswith("/map/{code}?")
    assert [link["by"] for link in links(areas)] == ["zoom", "zoom"]
    assert [link["at"] for link in links(areas)] == ["at", "at2"]


def test_two_areas_are_compared_by_people(source: Source, cases: Cases) -> None:
    comparison = compare(source, f"/{COUNTY}", f"?{PERIOD}&with={OTHER_COUNTY}&lang=en")
    over = exposure(comparison)
    counted = [count_cases(cases, code, *NOW) for code in (COUNTY, OTHER_COUNTY)]
    people = [side.area.population for side in comparison.sides]
    assert [over.first, over.second] == people
    found = rate_ratio(*counted, *people)
    said = words(figures(comparison))
    assert f"{1000 * counted[0] / people[0]:,.2f}" in said
    assert words(ratio_words(found.ratio, found.low, found.high, found.is_distinct, EN)) in said
    households = compare(source, f"/{COUNTY}", f"?{PERIOD}&with={OTHER_COUNTY}&per=households")
    assert exposure(households).first == households.first.area.households != people[0]
    table = category_pairs(comparison)
    assert table["first"].sum() == counted[0]
    assert table["second"].sum() == counted[1]
    assert ranking(comparison) == []
    assert "family" in words(categories(comparison))


def test_what_cannot_be_compared_gives_way_to_two_periods(sources: Sources) -> None:
    viewer = Viewer("leader", 2, COUNTY)
    source = sources(viewer)
    town = TOWNSHIPS["S"]
    for other in (OTHER_COUNTY, TOWNSHIPS["E"], "990102999"):
        comparison = compare(source, f"/{town}", f"?with={other}")
        assert not comparison.of_areas
        assert comparison.strayed == other
    mixed = compare(source, f"/{town}", f"?with={COUNTY}")
    assert not mixed.of_areas
    assert mixed.mismatched
    assert compare(source, f"/{town}", f"?with={TOWNSHIPS['N']}").of_areas
    same = compare(source, f"/{town}", f"?with={town}")
    assert not same.of_areas
    assert same.itself
    assert not same.mismatched
    assert not mixed.itself
    assert compare(source, f"/{OTHER_COUNTY}").strayed == OTHER_COUNTY
    assert compare(source, f"/{town}").peer == TOWNSHIPS["N"]
    # A leader sees no other county than the own: there is nothing to compare it with.
    assert compare(source, "").peer == ""


def test_swapping_twice_is_where_it_began(source: Source) -> None:
    for search in (
        f"?with={OTHER_COUNTY}&metric=rate",
        f"?{PERIOD}&from2=2023-03-01&to2=2023-03-31",
    ):
        comparison = compare(source, f"/{COUNTY}", search)
        path, _, query = comparison.swapped.partition("?")
        there = Comparison.at(source, {"pathname": path, "search": query})
        assert there.first.days == comparison.second.days
        assert there.second.area == comparison.first.area
        path, _, query = there.swapped.partition("?")
        assert parse_compare(path, query)[0].with_(first=comparison.state.first) == comparison.state


def test_areas_found_lead_to_addresses_of_the_page(source: Source) -> None:
    comparison = compare(source, f"/{COUNTY}", "?metric=rate")
    seconds = {each["code"]: each["href"] for each in found_second(comparison, "9901")}
    assert seconds == {OTHER_COUNTY: f"/compare/{COUNTY}?metric=rate&with={OTHER_COUNTY}"}
    firsts = {each["code"]: each["href"] for each in found_first(comparison, "9901")}
    assert firsts[TOWNSHIPS["S"]] == f"/compare/{TOWNSHIPS['S']}?metric=rate"
    links_ = hrefs([bar(comparison), head(comparison, 0), head(comparison, 1)])
    assert all(href.startswith(("/compare/", "/map/")) for href in links_.values())


def test_places_moved_and_ties(source: Source) -> None:
    comparison = compare(source, f"/{PROVINCE}", f"?{PERIOD}&against=before&lang=en")
    table = child_pairs(comparison)
    assert list(table["rank"]) == sorted(table["rank"])
    assert (table["moved"] == table["other_rank"] - table["rank"]).all()
    assert list(ranks(pd.Series([3.0, 5.0, 3.0, np.nan]))[:3]) == [2, 1, 2]
    assert "told from chance" in words(ranking(comparison))


def test_differences_of_many_rows_are_held_to_false_discoveries() -> None:
    p = np.array([0.001, 0.02, 0.04, np.nan, 0.9])
    expected = false_discovery_control(p[~np.isnan(p)]) <= 0.05
    assert list(beyond_chance(p)[~np.isnan(p)]) == list(expected)
    assert not beyond_chance(p)[3]
    assert list(beyond_chance(p)) == [True, True, False, False, False]
    # The probability behind them is that of the conditional test.
    known = poisson_2indep(30, 10, 15, 10, method="exact-cond").pvalue
    assert rate_ratio(30, 15).p == pytest.approx(known, rel=0.25)


def test_series_begin_with_their_first_days(source: Source, cases: Cases) -> None:
    search = "?from=2024-01-01&to=2024-01-20&from2=2023-02-05&to2=2023-02-24&lang=en"
    found = overlay(compare(source, f"/{PROVINCE}", search))
    day = timedelta(days=1)
    for at, start in enumerate(found.starts):
        assert found.values[at] == count_cases(cases, PROVINCE, start, start + day)
    # The data begins on the 10th: days before it are a gap, not a zero.
    assert found.other_values[:5] == (None,) * 5
    assert found.other_values[5] is not None
    figure = overlay_figure(found, ("A", "B"), "incidents", "dark", EN)
    assert figure["data"][1]["y"] == list(found.values)
    assert figure["data"][0]["customdata"][0] == "2023-02-05"
    weekly = overlay(compare(source, f"/{PROVINCE}", f"?{PERIOD}&against=before"))
    assert weekly.step_days == 7
    week = 7 * day
    assert weekly.values == tuple(
        count_cases(cases, PROVINCE, start, start + week) for start in weekly.starts
    )
    areas = overlay(compare(source, f"/{COUNTY}", f"?{PERIOD}&with={OTHER_COUNTY}"))
    assert areas.per_people


def test_words_say_what_chance_explains() -> None:
    sure = rate_ratio(200, 100)
    assert "Not distinguishable" not in words(ratio_words(2.0, sure.low, sure.high, True, EN))
    assert words(ratio_words(1.1, 0.8, 1.4, False, EN)).startswith("▲ 10% −20% … +40%")
    assert "Not distinguishable from chance" in words(ratio_words(1.1, 0.8, 1.4, False, EN))
    none = rate_ratio(9, 0)
    assert words(ratio_words(none.ratio, none.low, none.high, True, EN)).startswith("from none")
    nothing = rate_ratio(0, 0)
    assert words(ratio_words(nothing.ratio, nothing.low, nothing.high, False, EN)) == "–"
    level = share_words(share_difference(15, 1336, 18, 1578), False, EN)
    assert words(level).startswith("= 0.0 points")
    later = share_words(share_difference(48, 80, 56, 70), None, EN)
    assert (later["props"]["className"], words(later)[0]) == ("contrast", "▼")
    assert words(share_words(share_difference(56, 70, 48, 80), False, EN)).startswith(
        "▲ 20.0 points"
    )
