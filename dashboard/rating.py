"""Rates in words: per whom, how sure, and what a map must say about them."""

from __future__ import annotations

from typing import Any

import numpy as np

from dashboard.scales import RateOf
from dashboard.text import Text
from dashboard.visit import Visit
from geo.rates import PER, TOO_FEW, Prior, prior_of, rate_interval, rates

_DIGITS = 2


def rate_words(rate: RateOf, _: Text) -> dict[str, str]:
    """Return the words of a rate: its name, its unit, whom it is of and what is missing."""
    shared = {"tooFew": _("too few to judge (under {n} incidents)", n=TOO_FEW)}
    if rate.per == "households":
        return shared | {
            "name": _("Rate per household, smoothed") if rate.smooth else _("Rate per household"),
            "unit": _("per 1,000 households"),
            "of": _("households"),
            "unknown": _("households unknown"),
        }
    return shared | {
        "name": _("Rate, smoothed") if rate.smooth else _("Rate"),
        "unit": _("per 1,000 people"),
        "of": _("people"),
        "unknown": _("population unknown"),
    }


def rate_of_map(visit: Visit) -> dict[str, Any]:
    """Describe the rates of a map: the words, and what its script needs to compute them."""
    rate = visit.rate
    prior = layer_prior(visit) if rate.smooth else None
    smooth = {"overall": prior.overall, "variance": prior.variance} if prior else None
    _ = visit.text
    overall = _.number(PER * prior.overall, _DIGITS) if prior else ""
    return {
        **rate_words(rate, _),
        "note": _("Drawn towards the overall rate, {overall}.", overall=overall) if prior else None,
        "base": rate.column,
        "few": TOO_FEW,
        "smooth": smooth,
    }


def layer_prior(visit: Visit) -> Prior | None:
    """What all areas of the layer in the viewer's scope say before one is looked at."""
    source, layer = visit.source, visit.layer
    rows, counts = source.counts(source.home, layer.slot, visit.filters)
    people = source.picture.lineage.numbers(visit.rate.column)[rows]
    return None if counts is None else prior_of(counts, people)


def rate_sentence(
    count: float | None, people: float, prior: Prior | None, rate: RateOf, _: Text
) -> str:
    """Say how high the rate of an area is, and how sure that is.

    Args:
        count: incidents; ``None`` when no day of the period has data.
        people: how many there are; NaN where nobody counted.
        prior: what smoothed rates are drawn towards.
        rate: what the rate is of.
        _: the words.
    """
    words = rate_words(rate, _)
    if count is None:
        return _("No data for this period here.")
    if not people > 0:
        return _("No rate: {unknown}.", unknown=words["unknown"])
    counts, base = np.array([count]), np.array([people])
    limits = rate_interval(counts, base)
    values = {
        "rate": _.number(float(rates(counts, base)[0]), _DIGITS),
        "unit": words["unit"],
        "low": _.number(float(limits.low[0]), _DIGITS),
        "high": _.number(float(limits.high[0]), _DIGITS),
        "count": _.number(count),
        "people": _.number(people),
        "of": words["of"],
    }
    said = _(
        "{rate} {unit}, 95 % interval {low} to {high}: {count} incidents among {people} {of}.",
        **values,
    )
    if prior:
        drawn = _.number(float(prior.drawn(counts, base)[0]), _DIGITS)
        overall = _.number(PER * prior.overall, _DIGITS)
        return (
            _("Smoothed {drawn}, drawn towards {overall} overall.", drawn=drawn, overall=overall)
            + (" " if _.lang == "en" else "")
            + said
        )
    return (
        said
        if count >= TOO_FEW
        else said
        + (" " if _.lang == "en" else "")
        + _("Too few to judge: it takes {n} incidents.", n=TOO_FEW)
    )
