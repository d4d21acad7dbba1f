"""Since when counts have departed from what is expected.

The purely temporal scan statistic over whole weeks: of all runs of weeks, the one whose count is
least likely under the expectation (the likelihood ratio of Poisson counts), judged by the largest
such ratio of counts drawn by chance. Kulldorff, M. (2001), Prospective time periodic geographical
disease surveillance using a scan statistic, Journal of the Royal Statistical Society A 164,
61-72. Further runs are looked for outside those found, against the same chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from geo.crs import Floats
from geo.ratios import rate_ratio

WEEK_DAYS = 7
_RUNS = 4
"""How many runs are looked for: a festival or two may hide the one that lasts."""


@dataclass(frozen=True)
class Run:
    """A run of days on which more, or fewer, came than expected.

    Attributes:
        first: its first day, counted from the beginning of what was searched.
        end: the day after its last.
        observed: incidents.
        expected: incidents.
        p: probability that chance shows so strong a run anywhere in the time searched.
    """

    first: int
    end: int
    observed: int
    expected: float
    p: float

    @property
    def is_more(self) -> bool:
        """Whether more came than expected."""
        return self.observed > self.expected


def find_runs(
    observed: NDArray[np.integer],
    expected: Floats,
    drawn: NDArray[np.integer],
    level: float = 0.05,
) -> list[Run]:
    """Find the runs of days that chance does not explain, the clearest first.

    Args:
        observed: n counts by day.
        expected: n expectations.
        drawn: s times n counts drawn by chance under the expectation.
        level: the largest probability by chance of what is reported.

    Returns:
        The runs; none where nothing departs. Weeks are counted back from the last day; days
        before the first whole week are not searched.
    """
    skipped = len(observed) % WEEK_DAYS
    weeks = (len(observed) - skipped) // WEEK_DAYS
    if not weeks:
        return []
    seen, mean = _by_week(observed, skipped), _by_week(expected, skipped)
    chance = scan(_by_week(drawn, skipped), mean).max(axis=(1, 2))
    strength = scan(seen[None], mean)[0]
    runs: list[Run] = []
    free = np.ones(weeks, np.bool_)
    while len(runs) < _RUNS:
        first, last = np.unravel_index(int(strength.argmax()), strength.shape)
        p = float(1 + (chance >= strength[first, last]).sum()) / (1 + len(chance))
        if p > level:
            break
        run = _run(observed, expected, skipped, (int(first), int(last) + 1), free, p)
        runs.append(run)
        # No further run touches a week of this one, nor the one before if its days begin there.
        begun = max(0, min(int(first), (run.first - skipped) // WEEK_DAYS))
        free[begun : last + 1] = False
        strength[: last + 1, begun:] = 0
    return _joined(runs)


def goes_on(run: Run, observed: int, expected: float) -> bool:
    """Whether days after a run are as the run was, rather than as expected.

    Few incidents contradict nothing, so that it takes more than that: the rate of the run must
    make them likelier than the expectation does (the likelihood ratio of a Poisson count), and
    chance must explain by how much they differ from the run.

    Args:
        run: what came before.
        observed: incidents of the days after it.
        expected: what was expected of these days.
    """
    if run.observed == 0 or expected <= 0:
        return run.observed == observed == 0
    times = run.observed / run.expected
    is_likelier = observed * log(times) > (times - 1) * expected
    return (
        is_likelier and not rate_ratio(observed, run.observed, expected, run.expected).is_distinct
    )


def scan(counts: NDArray[np.number], expected: Floats) -> Floats:
    """The likelihood ratio of every run of t weeks.

    Args:
        counts: s series of t counts.
        expected: t expectations.

    Returns:
        Logarithms, shape (s, t, t): from a first week (second axis) to a last one (third),
        zero where the last lies before the first.
    """
    steps = counts.shape[1]
    sums = np.concatenate([np.zeros((len(counts), 1)), np.cumsum(counts, axis=1)], axis=1)
    means = np.concatenate([[0.0], np.cumsum(expected)])
    found = np.zeros((len(counts), steps, steps))
    for first in range(steps):
        seen = sums[:, first + 1 :] - sums[:, first : first + 1]
        mean = np.maximum(means[first + 1 :] - means[first], 1e-12)
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.where(seen > 0, seen * np.log(seen / mean), 0.0)
        found[:, first, first:] = logs - (seen - mean)
    return found


def _by_week(days: NDArray[np.number], skipped: int) -> Floats:
    whole = np.asarray(days, np.float64)[..., skipped:]
    summed: Floats = whole.reshape(*whole.shape[:-1], -1, WEEK_DAYS).sum(axis=-1)
    return summed


def _run(
    observed: NDArray[np.integer],
    expected: Floats,
    skipped: int,
    weeks: tuple[int, int],
    free: NDArray[np.bool_],
    p: float,
) -> Run:
    """Put the first day where it explains most, at most a week before or after the weeks."""
    begun, end = (skipped + week * WEEK_DAYS for week in weeks)
    before = WEEK_DAYS - 1 if weeks[0] == 0 or free[weeks[0] - 1] else 0
    possible = range(max(0, begun - before), min(begun + WEEK_DAYS, end))
    sums = [(int(observed[day:end].sum()), float(expected[day:end].sum())) for day in possible]
    strength = [scan(np.array([[seen]]), np.array([mean])).item() for seen, mean in sums]
    best = int(np.argmax(strength))
    return Run(possible[best], end, *sums[best], p)


def _joined(runs: list[Run]) -> list[Run]:
    """Make one of runs that follow each other and depart the same way, as clear as the clearest."""
    joined: list[Run] = []
    for run in sorted(runs, key=lambda each: each.first):
        last = joined[-1] if joined else None
        if last and run.first == last.end and run.is_more == last.is_more:
            sums = last.observed + run.observed, last.expected + run.expected
            joined[-1] = Run(last.first, run.end, *sums, min(last.p, run.p))
        else:
            joined.append(run)
    return sorted(joined, key=lambda each: (each.p, -abs(each.observed - each.expected)))
