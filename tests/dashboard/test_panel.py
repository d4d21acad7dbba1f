"""The panel's parts: each of its states says what it is."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard import ids
from dashboard.answers import Summary
from dashboard.components.kpi import Change, change, kpi
from dashboard.components.panel import failure, panel, panel_parts, remarks
from dashboard.source import Source
from dashboard.text import text_for
from dashboard.visit import Visit
from tests.areas import CITY, COUNTY, PROVINCE, cell_code
from tests.dashboard.markup import having, links, walk, words
from tests.dashboard.world import Cases, count_cases


def visit(source: Source, path: str, search: str = "") -> Visit:
    return Visit.at(source, {"pathname": path, "search": search})


def summary(**values: int | None) -> Summary:
    known = {
        "total": 100,
        "previous": 80,
        "last_year": 200,
        "resolved": 86,
        "open": 10,
        "overdue": 3,
        "overdue_in_all": 41,
    }
    return Summary(
        **(known | values), first_day=date(2024, 1, 1), last_day=date(2024, 12, 31), as_of=None
    )


@pytest.mark.parametrize(
    ("now", "before", "found"),
    [
        (12, 10, Change(0.2, 2, is_distinct=False)),
        (120, 80, Change(0.5, 40, is_distinct=True)),
        (5, 10, Change(-0.5, -5, is_distinct=False)),
        (3, 0, Change(None, 3, is_distinct=False)),
        (0, 0, Change(None, 0, is_distinct=False)),
        (None, 3, None),
        (3, None, None),
    ],
)
def test_change(now: int | None, before: int | None, found: Change | None) -> None:
    assert change(now, before) == found


def test_key_figures_in_words(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?lang=en")
    found = words(kpi(at, summary()))
    assert "100 incidents" in found
    assert "Overdue 3 incidents 41 of all days" in found
    alone = words(kpi(at, summary(overdue_in_all=3)))
    assert "of all days" not in alone
    assert "▼ 50% fewer than the year before" in found
    looks = [
        each.className
        for each in walk(kpi(at, summary()))
        if "change " in str(getattr(each, "className", ""))
    ]
    assert looks == ["change better", "change by-chance"], "80 and 100 differ by chance"
    assert "▲ 25% more than the period before" in found
    assert "resolved 86% open 10 incidents Overdue 3 incidents" in found
    assert "have data" not in found


def test_outcomes_have_the_names_of_the_dictionary(source: Source) -> None:
    found = words(kpi(visit(source, f"/map/{CITY}"), summary()))
    names = {term.code: term.name_zh for term in source.terms("status")}
    assert f"{names['resolved']} 86%" in found
    assert f"{names['open']} 10" in found


def test_a_period_that_the_data_covers_in_part_says_so(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?from=2023-01-01&to=2023-03-31&lang=en")
    assert "Only 2023-02-10 – 2023-03-31 have data." in words(panel(at).kpi)


def test_a_month_half_covered_is_compared_with_as_many_days(source: Source, cases: Cases) -> None:
    """The last day of data is the fifth of March."""
    at = visit(source, f"/map/{PROVINCE}", "?from=2024-03-01&to=2024-03-31&layer=city&lang=en")
    parts = panel(at)
    by_chance = "Not distinguishable from chance"
    assert having(parts.kpi, title=f"2023-03-01 – 2023-03-05 · {by_chance}")
    assert having(parts.kpi, title=f"2024-02-25 – 2024-02-29 · {by_chance}")
    now, before = (
        count_cases(cases, CITY, since, until)
        for since, until in (
            (date(2024, 3, 1), date(2024, 4, 1)),
            (date(2024, 2, 25), date(2024, 3, 1)),
        )
    )
    assert now != before > 0
    area_id = source.area(CITY).area_id
    row = words(having(parts.ranking, data_area_id=str(area_id))[0])
    arrow, word = ("▲", "more") if now > before else ("▼", "fewer")
    assert f"{arrow} {text_for('en').percent(abs(now - before) / before)} {word}" in row


def test_a_month_that_the_data_cuts_is_faint(source: Source) -> None:
    trend = panel(visit(source, f"/map/{CITY}", "?from=2023-11-01&to=2024-04-30")).trend
    assert trend is not None
    bars = next(trace for trace in trend["data"] if trace["type"] == "bar")
    shown = dict(zip(bars["x"], bars["marker"]["opacity"], strict=True))
    assert shown["2024-02"] == 1.0
    assert shown["2024-03"] < 1.0
    assert bars["y"][-1] is None


def test_chinese_key_figures(source: Source) -> None:
    found = words(kpi(visit(source, f"/map/{CITY}"), summary(previous=100, last_year=None)))
    assert "100 件" in found
    assert "同比无数据" in found
    assert "环比持平" in found


def test_more_than_none_is_counted_not_divided(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?lang=en")
    assert "▲ 100 more than the period before" in words(kpi(at, summary(previous=0)))


def test_zero_is_a_figure(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?lang=en")
    found = words(kpi(at, summary(total=0, resolved=0, open=0, overdue=0)))
    assert "0 incidents Nothing was reported that fits these filters." in found
    assert "resolved" not in found


def test_no_data_says_why_and_shows_no_chart(source: Source) -> None:
    at = visit(source, f"/map/{CITY}", "?from=2010-01-01&to=2010-02-01&lang=en")
    parts = panel(at)
    assert "no data The data covers 2023-02-10 to 2024-03-05" in words(parts.kpi)
    assert parts.trend is None
    assert parts.ranking == parts.composition == []


def test_the_parts_agree_with_a_recount(source: Source, cases: Cases) -> None:
    at = visit(source, f"/map/{COUNTY}", "?period=all&lang=en")
    parts = panel(at)
    total = count_cases(cases, COUNTY, at.days.since, at.days.until)
    assert f"{total:,} incidents" in words(parts.kpi)
    assert parts.trend is not None
    bars = next(trace for trace in parts.trend["data"] if trace["type"] == "bar")
    assert sum(bars["y"]) == total
    family = count_cases(cases, COUNTY, at.days.since, at.days.until, category=["family"])
    row = having(parts.composition, data_toggle="category:family")[0]
    assert f"family {family:,}" in words(row)


def test_a_category_filters_by_itself(source: Source) -> None:
    at = visit(source, f"/map/{COUNTY}", "?lang=en")
    found = having(panel(at).composition, data_toggle="category:land")[0]
    assert found.href == f"/map/{COUNTY}?lang=en&category=land"


def test_the_last_level_has_no_ranking(source: Source) -> None:
    parts = panel(visit(source, f"/map/{cell_code('S1')}", "?period=all"))
    assert parts.ranking == []
    assert parts.trend is not None


def test_the_skeleton_has_the_places_of_all_parts() -> None:
    places = panel_parts()
    assert [part.id for part in places] == [
        ids.KPI,
        ids.TREND_BLOCK,
        ids.RANKING_BLOCK,
        ids.COMPOSITION,
        ids.TAB,
    ]
    looks = [str(getattr(part, "className", "")) for part in walk(places)]
    assert any(look.startswith("skeleton") for look in looks)


def test_a_failure_offers_another_try() -> None:
    found = failure(text_for("en"))
    assert "could not be refreshed" in words(found)
    assert len(having(found, data_retry="")) == 1


def test_an_address_outside_the_scope_is_remarked_and_shows_home(source: Source) -> None:
    at = visit(source, "/map/110000", "?lang=en&metric=nonsense")
    assert at.area.code == PROVINCE
    assert words(remarks(at)) == (
        "No area 110000 lies in view. Not understood in the address: metric"
    )
    known = visit(source, f"/map/{CITY}", "?lang=en&metric=nonsense")
    assert words(remarks(known)) == "Not understood in the address: metric"
    assert remarks(visit(source, f"/map/{CITY}")) == []


def test_links_of_the_panel_stay_in_the_page(source: Source) -> None:
    parts = panel(visit(source, f"/map/{CITY}", "?period=all"))
    for href in links([parts.ranking, parts.composition]).values():
        assert href.startswith(("/map/", "/compare/"))
