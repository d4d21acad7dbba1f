"""Asks the source for what is said about time: changes, expectation, since when it is not met."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dashboard.answers import Trend
from dashboard.counts import day_number
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.source import Source
from dashboard.timing.answers import Band, Changed, Departure, Standing
from geo.expecting import LEAST_DAYS, baseline, scatter_by_week
from geo.onset import WEEK_DAYS, Run, find_runs, goes_on
from geo.ratios import rate_ratio

LEARNED_DAYS = 3 * 366
"""The most history an expectation comes from, so that the cost does not grow with all of it."""

SEARCHED_DAYS = 364
_DRAWS = 499
_SEED = 20_260_101
_LASTING_DAYS = 4 * WEEK_DAYS
"""A departure may end so long before the end and still last, if the weeks after are like it."""


def changes(source: Source, code: str, filters: Filters) -> tuple[Changed, ...]:
    """Compare the days of the period that have data with the year and the period before."""
    summary = source.summary(code, filters)
    covered = source.coverage()
    if summary.total is None or covered is None:
        return ()
    days = filters.days.clipped(covered)
    return (
        _changed("year", days, days.year_before(), summary.total, summary.last_year),
        _changed("period", days, days.before(), summary.total, summary.previous),
    )


def standing(source: Source, code: str, filters: Filters) -> Standing | None:
    """Say since when an area departs from what is expected, looking back from the period's end.

    The expectation comes from up to three years before the year searched; with less than two
    years of data, the later half is searched.

    Returns:
        What was found; ``None`` when there is too little data before.
    """

    def found() -> tuple[Standing | None]:
        return (_standing(source, code, filters),)

    return source.kept(("standing", code, filters), found)[0]


def band(source: Source, code: str, filters: Filters, trend: Trend) -> Band | None:
    """Say what the days before the period let one expect of each bucket of its trend.

    Returns:
        The band; ``None`` when there is too little data before the period.
    """
    covered = source.coverage()
    if covered is None or not trend.starts:
        return None
    learned, history = _history(source, code, filters, filters.days.since)
    model = baseline(_numbers(learned), history)
    days = filters.days.clipped(covered)
    if model is None or not days:
        return None
    # The bucket of each day; a bucket none of whose days has data stays without expectation.
    starts = np.array([day_number(start) for start in trend.starts])
    bucket = np.searchsorted(starts, _numbers(days), side="right") - 1
    used, group = np.unique(bucket, return_inverse=True)
    # Days that are like those before them scatter more together than each does alone.
    scatter = None if trend.unit == "day" else scatter_by_week(model, _numbers(learned), history)
    expected = model.over(_numbers(days), group, dispersion=scatter)
    place = {int(each): at for at, each in enumerate(used)}

    def spread(values: NDArray[np.float64]) -> tuple[float | None, ...]:
        return tuple(
            float(values[place[each]]) if each in place else None for each in range(len(starts))
        )

    return Band(spread(expected.mean), spread(expected.low), spread(expected.high), learned)


def _changed(
    kind: Literal["year", "period"], days: Days, then_days: Days, now: int, then: int | None
) -> Changed:
    ratio = None if then is None else rate_ratio(now, then, len(days), len(then_days))
    return Changed(kind, days, then_days, now, then, ratio)


def _standing(source: Source, code: str, filters: Filters) -> Standing | None:
    covered = source.coverage()
    if covered is None:
        return None
    end = min(filters.days.until, covered.until)
    known = (end - covered.since).days
    length = min(SEARCHED_DAYS, known // 2) // WEEK_DAYS * WEEK_DAYS
    if length < WEEK_DAYS or known - length < LEAST_DAYS:
        return None
    searched = Days(end - timedelta(days=length), end)
    learned, history = _history(source, code, filters, searched.since)
    model = baseline(_numbers(learned), history)
    if model is None:
        return None
    _, observed = source.tally(code).by_day(filters.during(searched))
    day = _numbers(searched)
    scatter = scatter_by_week(model, _numbers(learned), history)
    drawn = model.drawn(day, _DRAWS, scatter, _SEED)
    expected = model.means(day)
    runs = find_runs(observed, expected, drawn)
    departures = [_departure(run, searched, observed, expected) for run in runs]
    departures.sort(key=lambda each: not each.is_lasting)
    return Standing(searched, learned, model.parts, tuple(departures))


def _departure(
    run: Run, searched: Days, observed: NDArray[np.int64], expected: NDArray[np.float64]
) -> Departure:
    """Name a run; it lasts to the end if the few weeks after it go on as it did."""
    end = run.end
    after = int(observed[end:].sum()), float(expected[end:].sum())
    if 0 < len(observed) - end <= _LASTING_DAYS and goes_on(run, *after):
        end = len(observed)
    days = Days(searched.since + timedelta(days=run.first), searched.since + timedelta(days=end))
    counted = (
        int(observed[run.first : end].sum()),
        float(expected[run.first : end].sum()),
    )
    return Departure(days, *counted, run.p, end == len(observed))


def _history(
    source: Source, code: str, filters: Filters, until: date
) -> tuple[Days, NDArray[np.int64]]:
    before = Days(until - timedelta(days=LEARNED_DAYS), until)
    return source.tally(code).by_day(filters.during(before))


def _numbers(days: Days) -> NDArray[np.int64]:
    first = day_number(days.since)
    return np.arange(first, first + len(days))
