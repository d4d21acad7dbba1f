"""The tab about time: changes with intervals, expectation, since when, hours of the week."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from dashboard.components.panel import panel
from dashboard.components.timing.calendar_heat import CLASSES, hours_block, shade
from dashboard.components.timing.changed import changed_block
from dashboard.components.timing.departed import departed_block
from dashboard.filters import Filters
from dashboard.hours import WeekHours
from dashboard.period import Days
from dashboard.source import Source
from dashboard.text import text_for
from dashboard.theme import tokens
from dashboard.timing.answers import Changed, Departure, Standing
from dashboard.timing.reading import band, changes, standing
from dashboard.visit import Visit
from geo.expecting import baseline
from geo.ratios import rate_ratio
from geo.viewer import Viewer
from tests.areas import CITY, COUNTY, PROVINCE
from tests.dashboard.conftest import Sources
from tests.dashboard.markup import having, walk, words
from tests.dashboard.world import Cases, count_cases

ENGLISH = text_for("en")
PERIOD = Days(date(2024, 2, 1), date(2024, 3, 1))


def visit(source: Source, search: str, path: str = f"/map/{PROVINCE}") -> Visit:
    return Visit.at(source, {"pathname": path, "search": search})


def test_changes_are_ratios_of_a_day_with_their_intervals(source: Source, cases: Cases) -> None:
    year, period = changes(source, CITY, Filters(PERIOD))
    now = count_cases(cases, CITY, PERIOD.since, PERIOD.until)
    then = count_cases(cases, CITY, *_ends(PERIOD.before()))
    assert (year.kind, year.then) == ("year", None), "the year before has no data for all its days"
    assert year.ratio is None
    assert (period.now, period.then) == (now, then)
    assert period.ratio == rate_ratio(now, then, 29, 29)
    assert changes(source, CITY, Filters(Days(date(2030, 1, 1), date(2030, 2, 1)))) == ()


def _ends(days: Days) -> tuple[date, date]:
    return days.since, days.until


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        (130, 100, ("+30%", "(95% interval −0.6% to +70%", "Not distinguishable from chance")),
        (300, 100, ("+200%", "More than chance explains")),
        (50, 100, ("−50%", "Fewer than chance explains")),
        (9, 0, ("none then", "More than chance explains")),
        (1, 0, ("none then", "Not distinguishable from chance")),
        (0, 0, ("none then, none now",)),
        (5, None, ("no data for these days",)),
    ],
)
def test_a_change_says_how_sure_it_is(now: int, then: int | None, said: tuple[str, ...]) -> None:
    ratio = None if then is None else rate_ratio(now, then, 29, 29)
    found = words(
        changed_block((Changed("period", PERIOD, PERIOD.before(), now, then, ratio),), ENGLISH)
    )
    for part in said:
        assert part in found
    assert "a day" not in found
    longer = Days(PERIOD.since - timedelta(days=400), PERIOD.since)
    uneven = changed_block(
        (Changed("year", PERIOD, longer, 130, 100, rate_ratio(130, 100, 29, 400)),), ENGLISH
    )
    assert "a day" in words(uneven)


def test_the_expectation_is_that_of_the_days_before_the_period(
    source: Source, cases: Cases
) -> None:
    filters = Filters(PERIOD)
    trend = source.trend(PROVINCE, filters)
    found = band(source, PROVINCE, filters, trend)
    assert found is not None
    first = min(case.day for case in cases)
    assert found.learned == Days(first, PERIOD.since)
    days = [first + timedelta(days=each) for each in range(len(found.learned))]
    daily = np.bincount([(c.day - first).days for c in cases], minlength=800)[: len(days)]
    numbers = np.array([(day - date(1970, 1, 1)).days for day in days])
    model = baseline(numbers, daily)
    assert model is not None
    ahead = numbers[-1] + 1 + np.arange(29)
    again = model.over(ahead, np.arange(29))
    assert found.mean == pytest.approx(again.mean)
    assert found.low == pytest.approx(again.low)
    assert found.high == pytest.approx(again.high)


def test_months_are_expected_as_sums_and_unknown_days_are_not(source: Source) -> None:
    filters = Filters(Days(date(2023, 9, 1), date(2024, 6, 1)))
    trend = source.trend(PROVINCE, filters)
    found = band(source, PROVINCE, filters, trend)
    assert found is not None
    assert trend.unit == "month"
    assert [value is None for value in found.mean] == [False] * 7 + [True] * 2
    assert 50 < (found.mean[0] or 0) < 90, "900 cases in 13 months"
    # March is counted up to the 5th only.
    assert (found.mean[6] or 0) < 20
    assert band(source, PROVINCE, Filters(source.coverage() or PERIOD), trend) is None


def test_since_when_looks_back_from_the_end_of_the_period(source: Source) -> None:
    quiet = standing(source, PROVINCE, Filters(PERIOD))
    assert quiet is not None
    assert quiet.searched.until == PERIOD.until
    assert quiet.learned.until == quiet.searched.since
    assert len(quiet.searched) % 7 == 0
    assert quiet.departures == (), "the cases are drawn evenly"
    assert standing(source, PROVINCE, Filters(Days(date(2023, 2, 10), date(2023, 3, 1)))) is None


def test_departures_in_words() -> None:
    searched, learned = (
        Days(date(2025, 1, 1), date(2025, 12, 31)),
        Days(date(2023, 1, 1), date(2025, 1, 1)),
    )
    past = Departure(Days(date(2025, 2, 1), date(2025, 3, 1)), 30, 70.2, 0.004, False)
    now = Departure(Days(date(2025, 10, 3), searched.until), 312, 140.4, 0.002, True)
    parts = ("weekday", "season", "trend")
    found = words(departed_block(Standing(searched, learned, parts, (now, past)), ENGLISH))
    assert "by weekday, season, and trend; moving holidays" in found
    assert "The season is not known" not in found
    assert "Since 2025-10-03 more than expected: 312 incidents where 140 were expected" in found
    assert "(probability by chance 0.2%)" in found
    assert "2025-02-01 – 2025-02-28 fewer than expected, now over" in found
    assert "2023-01-01 – 2024-12-31" in found
    calm = words(departed_block(Standing(searched, learned, (), ()), ENGLISH))
    assert "no departure lasts" in calm
    assert "by their mean alone" in calm
    assert "8 weeks" in words(departed_block(None, ENGLISH))


@pytest.mark.parametrize(("parts", "look"), [(("weekday",), "alike"), (("season",), "worse")])
def test_a_departure_is_worse_only_where_the_season_is_known(
    parts: tuple[str, ...], look: str
) -> None:
    days = Days(date(2025, 6, 1), date(2025, 9, 1))
    now = Departure(days, 312, 140.4, 0.002, True)
    block = departed_block(
        Standing(days, Days(date(2025, 1, 1), days.since), parts, (now,)), ENGLISH
    )
    assert ("The season is not known" in words(block)) is (look == "alike")
    assert having(block, className=f"time-now {look}")


def test_hours_tell_zero_from_no_such_day() -> None:
    counts = np.zeros((7, 24), int)
    counts[0, 9], counts[1, 9] = 14, 1
    found = WeekHours(counts, np.array([0, 2, 0, 0, 0, 0, 0]), np.array([1, 1, 1, 0, 0, 0, 0]))
    block = hours_block(found, ENGLISH)
    said = words(block)
    assert "Busiest: Mon 09:00–10:00, 14 of 15 incidents." in said
    assert "Without a time of day, and so in no hour: 2 incidents." in said
    assert len(having(block, className="none")) == 4 * 24
    assert len(having(block, className="h0")) == 3 * 24 - 2
    assert [part.children for part in having(block, className="h7")] == ["14"]
    assert [part.children for part in having(block, className="h1")] == ["1"]
    sums = next(part for part in walk(block) if getattr(part, "className", "") == "sums")
    assert words(sums.children[0]) == "All 14 3 0 0 0 0 0"
    assert words(sums.children[2]) == "A day 14.0 3.0 0.0 – – – –"
    nothing = WeekHours(np.zeros((7, 24), int), np.zeros(7, int), np.ones(7, int))
    assert "Nothing was reported" in words(hours_block(nothing, ENGLISH))
    assert [shade(count, 70) for count in (0, 1, 10, 11, 70)] == [0, 1, 1, 2, 7]


@pytest.mark.parametrize(
    ("hours", "told"),
    [
        ([9], "Busiest: Mon 09:00–10:00, 5 of 7 incidents."),
        ([9, 33], "Busiest: Mon 09:00–10:00 and Tue 09:00–10:00, each 5 of 12 incidents."),
        ([1, 2, 3, 4], "No hour stands out: 4 have 5 of 22 incidents each."),
    ],
)
def test_the_busiest_hour_is_one_only_where_no_other_is_as_busy(
    hours: list[int], told: str
) -> None:
    counts = np.zeros(7 * 24, int)
    counts[hours], counts[100] = 5, 2
    found = WeekHours(counts.reshape(7, 24), np.zeros(7, int), np.ones(7, int))
    assert told in words(hours_block(found, ENGLISH))


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_numbers_of_every_shade_can_be_read(theme: str) -> None:
    token = tokens(theme)
    for step in range(1, CLASSES + 1):
        ink = "dark" if (step < 4 if theme == "dark" else step > 4) else "light"
        assert _contrast(token[f"ramp-{step}"], token[f"ink-on-{ink}"]) >= 4.5, (theme, step)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_tab_and_what_it_costs_the_others(source: Source) -> None:
    found = panel(visit(source, "?tab=time&lang=en&period=90d"))
    said = words(found.tab)
    for part in ("Against what is expected", "Against earlier periods", "Weekday and hour"):
        assert part in said
    assert found.trend is not None
    assert [trace["name"] for trace in found.trend["data"]][:2] == ["expected, 95%"] * 2
    assert found.trend["data"][1]["fill"] == "tonexty"
    assert "expected, 95%" in words(found.trend_head)
    overview = panel(visit(source, "?lang=en&period=90d"))
    assert "expected, 95%" not in words(overview.trend_head)
    nowhere = panel(visit(source, "?tab=time&from=2030-01-01&to=2030-01-31"))
    assert (nowhere.trend, nowhere.tab) == (None, [])
    published = panel(visit(source, "?tab=time&period=90d&publish=1"))
    assert published.trend is None


def test_a_county_reads_its_own_hours(sources: Sources) -> None:
    own = sources(Viewer("leader", 2, COUNTY))
    assert "Busiest" in words(panel(visit(own, "?tab=time&lang=en&period=all", "/map/")).tab)
