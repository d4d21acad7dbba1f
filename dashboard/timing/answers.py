"""What is said about an area's course of time: plain values, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.period import Days
from geo.ratios import Ratio


@dataclass(frozen=True)
class Changed:
    """The period against an earlier one.

    Attributes:
        kind: ``year`` for the same dates a year before (同比), ``period`` for the one just
            before (环比).
        days: those counted now, all of which have data.
        then_days: those compared with.
        now: incidents.
        then: incidents; ``None`` where the earlier days have no data.
        ratio: incidents a day now divided by those then; ``None`` alike.
    """

    kind: Literal["year", "period"]
    days: Days
    then_days: Days
    now: int
    then: int | None
    ratio: Ratio | None


@dataclass(frozen=True)
class Departure:
    """Days on which more, or fewer, came than expected, more clearly than chance explains.

    Attributes:
        days: from the first to the last.
        observed: incidents.
        expected: incidents.
        p: probability that chance shows so strong a departure anywhere in the time searched.
        is_lasting: whether it lasts to the end of the period.
    """

    days: Days
    observed: int
    expected: float
    p: float
    is_lasting: bool

    @property
    def is_more(self) -> bool:
        """Whether more came than expected."""
        return self.observed > self.expected


@dataclass(frozen=True)
class Standing:
    """How the last time stands against what the time before it lets one expect.

    Attributes:
        searched: the days looked at.
        learned: the days before, from which the expectation comes.
        parts: what of them it knows, of ``weekday``, ``season`` and ``trend``.
        departures: the lasting one first, then the clearest.
    """

    searched: Days
    learned: Days
    parts: tuple[str, ...]
    departures: tuple[Departure, ...]

    @property
    def knows_season(self) -> bool:
        """Whether a time of the year that is always busy is not taken for a departure."""
        return "season" in self.parts

    @property
    def lasting(self) -> Departure | None:
        """What has not ended yet."""
        return next((each for each in self.departures if each.is_lasting), None)


@dataclass(frozen=True)
class Band:
    """What is expected in each bucket of a trend.

    Attributes:
        mean: one expectation a bucket; ``None`` where the bucket has no day with data.
        low: the least count that would not surprise.
        high: the largest one.
        learned: the days from which the expectation comes.
    """

    mean: tuple[float | None, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    learned: Days
