"""Which class of the ramp each area of a map falls in, and what the legend says of it."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from dashboard.answers import Breaks
from dashboard.briefing.classes import FEW, UNKNOWN, ZERO, Colouring, Entry
from dashboard.briefing.spot_colouring import VIEWS, spot_colouring
from dashboard.components.gridmap import metrics, units
from dashboard.counts import Floats
from dashboard.lineage import Rows
from dashboard.rating import layer_prior, rate_words
from dashboard.scales import metric_values
from dashboard.text import Text
from dashboard.theme import tokens
from dashboard.visit import Visit
from geo.rates import TOO_FEW, too_few

RAMP_STEPS = 7
_DIGITS = 3


def colouring(visit: Visit, theme: str) -> Colouring:
    """Class the areas of a visit's map as the screen does: same breaks, same ramp.

    A density surface has no areas: in its place they are shown by number.

    Args:
        visit: what is looked at.
        theme: whose ramp is taken; paper takes the light one.
    """
    if visit.state.view in VIEWS:
        return spot_colouring(visit, theme)
    _, source, metric = visit.text, visit.source, visit.state.metric
    rows, counts = source.counts(visit.area.code, visit.layer.slot, visit.filters)
    filters = source.scale_filters(visit.state)
    scale = source.breaks(visit.layer.key, metric, filters, visit.rate)
    classes = np.full(len(rows), UNKNOWN, np.int8)
    if counts is not None:
        classes = classed(_values(visit, rows, counts), scale.limits)
        if metric == "rate" and not visit.rate.smooth:
            classes[(classes > ZERO) & too_few(counts)] = FEW
    name, unit, unknown = _words(visit)
    return Colouring(name, unit, rows, classes, _entries(scale, metric, unknown, classes, theme, _))


def _values(visit: Visit, rows: Rows, counts: Floats) -> Floats:
    """What the map shows of each area; rates as the map's own script computes them."""
    numbers, metric, rate = visit.source.picture.lineage.numbers, visit.state.metric, visit.rate
    people, area_km2 = numbers(rate.column)[rows], numbers("area_km2")[rows]
    prior = layer_prior(visit) if metric == "rate" and rate.smooth else None
    return (
        metric_values(metric, counts, people, area_km2)
        if prior is None
        else prior.drawn(counts, people)
    )


def _words(visit: Visit) -> tuple[str, str, str]:
    """Name what is shown, its unit, and what is said where it is unknown."""
    _, metric = visit.text, visit.state.metric
    if metric == "rate":
        words = rate_words(visit.rate, _)
        return words["name"], words["unit"], words["unknown"]
    missing = {"count": _("no data"), "density": _("area unknown")}
    return metrics(_)[metric], units(_)[metric], missing[metric]


def classed(values: Floats, limits: tuple[float, ...]) -> NDArray[np.int8]:
    """Return the class of n values: zero and unknown have their own."""
    with np.errstate(invalid="ignore"):
        classes = np.searchsorted(limits, values, side="right").astype(np.int8) + np.int8(1)
    classes[values == 0] = ZERO
    classes[np.isnan(values)] = UNKNOWN
    return classes


def ramp_step(number: int, of: int) -> int:
    """Return the step of the ramp for a class, spread as on the screen."""
    if of <= 1:
        return math.ceil(RAMP_STEPS / 2)
    # Halves go up, as in the browser.
    return 1 + math.floor((number - 1) * (RAMP_STEPS - 1) / (of - 1) + 0.5)


def figure_words(metric: str, value: float, _: Text) -> str:
    """Write a figure of a metric: whole incidents, or three significant digits."""
    if metric == "count":
        return _.number(value)
    if value == 0:
        return "0"
    digits = max(0, _DIGITS - 1 - math.floor(math.log10(abs(value))))
    words = _.number(round(value, _DIGITS - 1 - math.floor(math.log10(abs(value)))), digits)
    return words.rstrip("0").rstrip(".") if "." in words else words


def limit_words(value: float, _: Text) -> str:
    """Write a class limit: it is rounded already, as far as its neighbours allow."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return _.number(value, max(0, -int(exponent)))


def class_words(metric: str, scale: Breaks, number: int, _: Text) -> str:
    """Say what a class holds: whole numbers from and to, other figures from and below."""
    limits = scale.limits
    low = (scale.lowest if number == 1 else limits[number - 2]) or 0.0
    is_last = number == len(limits) + 1
    high = (scale.highest or 0.0) if is_last else limits[number - 1]
    if is_last and number > 1:
        return f"≥ {limit_words(low, _)}"
    if metric != "count":
        return (
            figure_words(metric, low, _)
            if is_last
            else f"< {limit_words(high, _)}"
            if (number == 1)
            else f"{limit_words(low, _)} – {limit_words(high, _)}"
        )
    first, last = math.ceil(low), high if is_last else math.ceil(high) - 1
    return f"{_.number(first)} – {_.number(last)}" if last > first else _.number(first)


def _entries(
    scale: Breaks, metric: str, unknown: str, classes: NDArray[np.int8], theme: str, _: Text
) -> tuple[Entry, ...]:
    token = tokens(theme)
    steps = 0 if scale.lowest is None else len(scale.limits) + 1
    found = [
        (number, token[f"ramp-{ramp_step(number, steps)}"], class_words(metric, scale, number, _))
        for number in range(steps, 0, -1)
    ]
    found.append((ZERO, token["map-zero"], f"0 · {_('none')}"))
    hatched = [
        (FEW, _("too few to judge (under {n})", n=TOO_FEW)),
        (UNKNOWN, unknown),
    ]
    found += [(number, token["map-land"], words) for number, words in hatched]
    sizes = {number: int((classes == number).sum()) for number, *_rest in found}
    return tuple(
        Entry(number, colour, words, sizes[number])
        for number, colour, words in found
        if number >= ZERO or sizes[number]
    )
