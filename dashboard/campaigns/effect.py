"""What a campaign changed: its area before, during and after, against the rest of the parent."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from dashboard.answers import Step
from dashboard.campaigns.campaign import Campaign
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.source import Source
from geo.beforeafter import AFTER, BEFORE, DURING, BeforeAfter, before_after
from geo.ratios import Ratio, rate_ratio

LEAST_AROUND_DAYS = 56
"""So many days before and after are looked at, or as many as the campaign had, if more."""

MOST_STEPS = 78
"""Weeks are taken together beyond that, so that the cost does not grow with the campaign."""

PHASES = (BEFORE, DURING, AFTER)


@dataclass(frozen=True)
class Course:
    """The counts of an area and of what surrounds it, step by step.

    Attributes:
        steps: days of each of n steps; the first and last of a phase may be shorter.
        phase: of each step, ``BEFORE``, ``DURING`` or ``AFTER``.
        inside: n counts of the area.
        outside: n counts of the rest of the parent.
    """

    steps: tuple[Days, ...]
    phase: NDArray[np.int64]
    inside: NDArray[np.int64]
    outside: NDArray[np.int64]

    def days(self, phase: int) -> int:
        """Days of a phase that have data."""
        return sum(
            len(step) for step, own in zip(self.steps, self.phase, strict=True) if own == phase
        )

    def total(self, phase: int) -> tuple[int, int]:
        """Incidents of a phase inside and outside."""
        own = self.phase == phase
        return int(self.inside[own].sum()), int(self.outside[own].sum())


@dataclass(frozen=True)
class Effect:
    """What is known of a campaign.

    Attributes:
        course: the counts.
        parent: the area whose rest is the outside; ``None`` where nothing outside is in view.
        against: the effect beyond what happened outside; ``None`` without an outside.
        plain: during against before, a day, inside alone; ``None`` without days of either.
    """

    course: Course
    parent: Step | None
    against: BeforeAfter | None
    plain: Ratio | None


def effect_of(source: Source, campaign: Campaign) -> Effect | None:
    """Work out a campaign's effect from the figures a viewer sees.

    Returns:
        The effect; ``None`` when no day of the campaign has data, or its terms are gone.

    Raises:
        NotFoundError: its area is no longer in force.
    """
    return source.kept(("campaign", campaign), lambda: (_effect(source, campaign),))[0]


def _effect(source: Source, campaign: Campaign) -> Effect | None:
    covered = source.coverage()
    if covered is None or not campaign.days.clipped(covered) or not _are_known(source, campaign):
        return None
    area = source.area(campaign.area_code)
    parent = area.parents[-1] if area.parents else None
    steps, phase = steps_of(campaign.days, covered)
    inside = _counts(source, campaign, campaign.area_code, steps)
    whole = _counts(source, campaign, parent.code, steps) if parent else inside
    course = Course(steps, phase, inside, whole - inside)
    if parent is None or not course.outside.any():
        return Effect(course, None, None, _plain(course))
    return Effect(course, parent, before_after(inside, course.outside, phase), _plain(course))


def steps_of(days: Days, covered: Days) -> tuple[tuple[Days, ...], NDArray[np.int64]]:
    """Cut the time before, during and after a campaign into weeks that none of them shares.

    Steps before are counted back from the first day, the others on from the first day of their
    phase; days without data are left out.
    """
    around = timedelta(days=max(len(days), LEAST_AROUND_DAYS))
    weeks = (2 * around.days + len(days)) / 7
    step_days = 7 * math.ceil(weeks / MOST_STEPS)
    before = Days(days.since - around, days.since).clipped(covered)
    during, after = days.clipped(covered), Days(days.until, days.until + around).clipped(covered)
    cut = [_back(before, step_days), _on(during, step_days), _on(after, step_days)]
    phase = np.repeat(np.array(PHASES), [len(part) for part in cut])
    return tuple(step for part in cut for step in part), phase


def _on(days: Days, step_days: int) -> list[Days]:
    starts = range(0, len(days), step_days)
    return [
        Days(_later(days.since, at), min(_later(days.since, at + step_days), days.until))
        for at in starts
    ]


def _back(days: Days, step_days: int) -> list[Days]:
    ends = range(len(days), 0, -step_days)
    return [
        Days(_later(days.since, max(0, at - step_days)), _later(days.since, at))
        for at in reversed(ends)
    ]


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)


def _are_known(source: Source, campaign: Campaign) -> bool:
    """Whether the dictionaries have its terms: without them, everything would be counted."""
    terms = source.picture.basics.terms
    given = {"category": campaign.categories, "channel": campaign.channels}
    return not any(terms.unknown(kind, codes) for kind, codes in given.items())


def _counts(
    source: Source, campaign: Campaign, code: str, steps: tuple[Days, ...]
) -> NDArray[np.int64]:
    terms = source.picture.basics.terms
    filters = Filters(
        Days(steps[0].since, steps[-1].until),
        terms.ids("category", campaign.categories),
        terms.ids("channel", campaign.channels),
    )
    days, daily = source.tally(code).by_day(filters)
    upto = np.concatenate([[0], np.cumsum(daily)])
    edges = [[(edge - days.since).days for edge in (step.since, step.until)] for step in steps]
    first, end = np.array(edges).T
    counted: NDArray[np.int64] = upto[end] - upto[first]
    return counted


def _plain(course: Course) -> Ratio | None:
    before, during = course.days(BEFORE), course.days(DURING)
    if not before or not during:
        return None
    return rate_ratio(course.total(DURING)[0], course.total(BEFORE)[0], during, before)
