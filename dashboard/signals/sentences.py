"""One sentence about one area: what it is, since when, and the numbers that say so."""

from __future__ import annotations

from dashboard.signals.answers import NO_DATA, TOO_FEW, Emerging, Signals
from dashboard.signals.months import FEWEST_MONTHS
from dashboard.signals.spots import FALSE_SHARES, FEWEST_AROUND, FEWEST_IN_MONTHS
from dashboard.text import Text
from geo.emerging import Pattern

_LEAST_P = 0.001
_STOPS = {"zh": ("；", "。"), "en": ("; ", ".")}


def sentence(signals: Signals, at: int, _: Text) -> str:
    """Say what the area at a place is."""
    name = int(signals.classes[at])
    if name == NO_DATA:
        return _missing(signals, _)
    if name == TOO_FEW:
        return _few(signals, at, _)
    if isinstance(signals, Emerging):
        return _joined([_history(signals, at, name, _), _score(signals, at, _)], at, signals, _)
    return _joined([spot_name(name, _), _counted(signals, at, _)], at, signals, _)


def pattern_name(name: int, _: Text) -> str:
    """Name a pattern, such as a new hot spot; negative ones are cold."""
    hot = {
        Pattern.NONE: _("No pattern"),
        Pattern.NEW: _("New hot spot"),
        Pattern.CONSECUTIVE: _("Consecutive hot spot"),
        Pattern.INTENSIFYING: _("Intensifying hot spot"),
        Pattern.PERSISTENT: _("Persistent hot spot"),
        Pattern.DIMINISHING: _("Diminishing hot spot"),
        Pattern.SPORADIC: _("Sporadic hot spot"),
        Pattern.OSCILLATING: _("Oscillating hot spot"),
        Pattern.HISTORICAL: _("Historical hot spot"),
    }
    cold = {
        Pattern.NEW: _("New cold spot"),
        Pattern.CONSECUTIVE: _("Consecutive cold spot"),
        Pattern.INTENSIFYING: _("Intensifying cold spot"),
        Pattern.PERSISTENT: _("Persistent cold spot"),
        Pattern.DIMINISHING: _("Diminishing cold spot"),
        Pattern.SPORADIC: _("Sporadic cold spot"),
        Pattern.OSCILLATING: _("Oscillating cold spot"),
        Pattern.HISTORICAL: _("Historical cold spot"),
    }
    return (cold if name < 0 else hot)[Pattern(abs(name))]


def probability(p: float, _: Text) -> str:
    """Write a probability by chance: three decimals, and never a zero."""
    return f"p < {_.number(_LEAST_P, 3)}" if p < _LEAST_P else f"p = {_.number(p, 3)}"


def spot_name(name: int, _: Text) -> str:
    """Name a class of hot and cold spots, by the false discovery rate it keeps to."""
    if name == 0:
        return _("Neither a hot nor a cold spot")
    share = f"{FALSE_SHARES[abs(name)]:.0%}"
    return (
        _("Hot spot (false discovery rate ≤ {share})", share=share)
        if name > 0
        else _("Cold spot (false discovery rate ≤ {share})", share=share)
    )


def _counted(signals: Signals, at: int, _: Text) -> str:
    return _(
        "{observed} incidents here and in the {neighbours} areas around, {expected} expected",
        observed=_.number(float(signals.around.observed[at])),
        neighbours=_.number(int(signals.around.neighbours[at])),
        expected=_.number(float(signals.around.expected[at]), 1),
    ) + _(" ({z}, {p} after correction for {tests} tests)", **_numbers(signals, at, _))


def _score(signals: Signals, at: int, _: Text) -> str:
    return _(
        "the last month {z}, {p} after correction for {tests} tests", **_numbers(signals, at, _)
    )


def _numbers(signals: Signals, at: int, _: Text) -> dict[str, str]:
    return {
        "z": f"z = {_.number(float(signals.z[at]), 1)}",
        "p": probability(float(signals.p[at]), _),
        "tests": _.number(signals.tests),
    }


def _history(found: Emerging, at: int, name: int, _: Text) -> str:
    """The class, and the months that make it so."""
    hot, cold = int(found.months_hot[at]), int(found.months_cold[at])
    since = found.since(at)
    values = {
        "name": pattern_name(name, _),
        "n": _.number(cold if name < 0 else hot),
        "other": _.number(hot if name < 0 else cold),
        "months": _.number(len(found.steps)),
        "run": _.number(int(found.run[at])),
        "before": _.number(len(found.steps) - int(found.run[at])),
        "since": _.day(since) if since else "",
        "trend": _trend(found, at, _),
    }
    return _told(Pattern(abs(name)), values, _) if name else _none(values, _)


def _none(values: dict[str, str], _: Text) -> str:
    return _("{name}: hot in {n} of {months} months, cold in {other}", **values)


def _told(pattern: Pattern, values: dict[str, str], _: Text) -> str:
    told = {
        Pattern.NEW: _("{name}: for the first time in {months} months, since {since}", **values),
        Pattern.CONSECUTIVE: _(
            "{name}: without a break since {since} ({run} months), never in the {before} months"
            " before that",
            **values,
        ),
        Pattern.INTENSIFYING: _(
            "{name}: in {n} of {months} months, the latest included, and ever more so ({trend})",
            **values,
        ),
        Pattern.PERSISTENT: _(
            "{name}: in {n} of {months} months, the latest included, without a clear trend"
            " ({trend})",
            **values,
        ),
        Pattern.DIMINISHING: _(
            "{name}: in {n} of {months} months, the latest included, but ever less so ({trend})",
            **values,
        ),
        Pattern.SPORADIC: _(
            "{name}: on and off, in {n} of {months} months, now since {since}", **values
        ),
        Pattern.OSCILLATING: _(
            "{name}: now since {since}, but the opposite in {other} of {months} months", **values
        ),
        Pattern.HISTORICAL: _(
            "{name}: in {n} of {months} months, but no longer since {since}", **values
        ),
    }
    return told[pattern]


def _trend(found: Emerging, at: int, _: Text) -> str:
    z, p = float(found.trend_z[at]), float(found.trend_p[at])
    return f"Mann-Kendall z = {_.number(z, 1)}, {probability(p, _)}"


def _joined(parts: list[str], at: int, signals: Signals, _: Text) -> str:
    name, around = int(signals.classes[at]), signals.around
    neighbours = int(around.neighbours[at])
    if name and abs(name) != Pattern.HISTORICAL and neighbours:
        alike = _.number(int(around.alike[at]))
        parts.append(_("{n} of the {all} areas around likewise", n=alike, all=_.number(neighbours)))
    between, end = _STOPS[_.lang]
    return between.join(parts) + end


def _few(signals: Signals, at: int, _: Text) -> str:
    least = FEWEST_IN_MONTHS if isinstance(signals, Emerging) else FEWEST_AROUND
    return _(
        "Too few to judge: {observed} incidents here and in the {neighbours} areas around,"
        " {expected} expected; it takes {least}.",
        observed=_.number(float(signals.around.observed[at])),
        neighbours=_.number(int(signals.around.neighbours[at])),
        expected=_.number(float(signals.around.expected[at]), 1),
        least=_.number(least),
    )


def _missing(signals: Signals, _: Text) -> str:
    if signals.days is not None:
        return _("No data: nobody counted who lives here, so nothing can be expected.")
    if isinstance(signals, Emerging):
        return _("No data: it takes {n} whole months up to the end of the period.", n=FEWEST_MONTHS)
    return _("No data for this period here.")
