"""The legend of the map of the change, and what is said of one area on it."""

from __future__ import annotations

from math import isinf
from typing import Any

from dashboard.comparing.changes import LIMITS, UNKNOWN, Changes
from dashboard.comparing.comparison import Comparison
from dashboard.signals.sentences import probability
from dashboard.text import Text
from geo.ratios import rate_ratio


def change_of_map(comparison: Comparison) -> dict[str, Any]:
    """Describe the classes of the change, as ``dashboard.components.spots`` does its own."""
    _, (first, second) = comparison.text, comparison.sides
    least, most = (_.number(limit, 2).rstrip("0").rstrip(".") for limit in LIMITS)
    return {
        "title": _("Change of incidents a day"),
        "period": f"{_.days(first.days)} ⇄ {_.days(second.days)}",
        "classes": [
            _("up to {n} times", n=least),
            _("{n} to {m} times", n=least, m=most),
            _("{n} times and beyond", n=most),
        ],
        "notes": [
            _("In colour: told from chance, at most 5 % of these falsely; the rest are not."),
        ],
        "why": None,
        "hot": _("more, areas"),
        "cold": _("fewer, areas"),
        "none": _("none in both periods"),
        "few": _("Not distinguishable from chance"),
        "hidden": _("hidden"),
        "unknown": _("no data"),
    }


def change_sentence(found: Changes, at: int, days: tuple[int, int], _: Text) -> str:
    """Say the change of one area with its numbers.

    Args:
        found: the changes of a layer.
        at: position of the area in them.
        days: how many days with data there are in both periods.
        _: the words.
    """
    first, second = found.first[at], found.second[at]
    if found.classes[at] == UNKNOWN:
        return _("No data for one of the periods.")
    if first + second == 0:
        return _("No incident in either period.")
    ratio = rate_ratio(first, second, *days)
    told = 0 < abs(int(found.classes[at])) <= len(LIMITS) + 1
    return _(
        "{n} against {m} incidents: {times} times as many a day (95 %: {low} to {high}), {p};"
        " {verdict}.",
        n=_.number(first),
        m=_.number(second),
        times=_times(ratio.ratio, _),
        low=_times(ratio.low, _),
        high=_times(ratio.high, _),
        p=probability(ratio.p, _),
        verdict=_("told from chance") if told else _("not told from chance among so many areas"),
    )


def _times(ratio: float, _: Text) -> str:
    return "∞" if isinf(ratio) else _.number(ratio, 2)
