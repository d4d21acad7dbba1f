"""How a difference is said: by how much, how sure that is, and whether it means anything."""

from __future__ import annotations

from math import isfinite, isnan

from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.text import Text
from geo.proportions import Difference


def ratio_words(ratio: float, low: float, high: float, told: bool, _: Text) -> Markup:
    """Say how much more or fewer there are, with the interval.

    Args:
        ratio: how many times as high the first rate is; ``NaN`` where it cannot be known.
        low: lower limit of its interval.
        high: upper limit.
        told: whether it is told from chance.
        _: the words.
    """
    if isnan(low) or (isnan(ratio) and not isfinite(high)):
        return html.Span("–", className="quiet", title=_("Not to be compared"))
    interval = f"{_signed(low - 1, _)} … {_signed(high - 1, _)}"
    if not isfinite(ratio):
        return _said(_("from none"), interval, told, True, _)
    return _said(f"{_arrow(ratio - 1)} {_.percent(abs(ratio - 1))}", interval, told, ratio > 1, _)


def share_words(found: Difference, worse_if_more: bool | None, _: Text) -> Markup:
    """Say by how many percentage points two shares differ, with the interval.

    Args:
        found: the difference.
        worse_if_more: which way is worse; ``None`` where neither can be said to be.
        _: the words.
    """
    if isnan(found.by):
        return html.Span("–", className="quiet", title=_("Not to be compared"))
    interval = f"{_points(found.low, _)} … {_points(found.high, _)}"
    size = _("{n} points", n=_.number(100 * abs(found.by), 1))
    worse = None if worse_if_more is None else (found.by > 0) == worse_if_more
    # The arrow is that of the figure shown: none beside 0.0.
    return _said(
        f"{_arrow(round(100 * found.by, 1))} {size}", interval, found.is_distinct, worse, _
    )


def _said(size: str, interval: str, told: bool, worse: bool | None, _: Text) -> Markup:
    limits = html.Span(interval, className="quiet interval", title=_("95 % interval"))
    if not told:
        why = html.Span(_("Not distinguishable from chance"), className="unseen")
        return html.Span([html.Span(size, className="quiet"), limits, why], className="contrast")
    look = "" if worse is None else f" change {'worse' if worse else 'better'}"
    return html.Span([html.B(size), limits], className=f"contrast{look}")


def _arrow(by: float) -> str:
    return "▲" if by > 0 else "▼" if by < 0 else "="


def _signed(share: float, _: Text) -> str:
    if not isfinite(share):
        return "∞"
    return f"{'+' if share > 0 else '−' if share < 0 else ''}{_.percent(abs(share))}"


def _points(share: float, _: Text) -> str:
    sign = "+" if share > 0 else "−" if share < 0 else ""
    return f"{sign}{_.number(100 * abs(share), 1)}"
