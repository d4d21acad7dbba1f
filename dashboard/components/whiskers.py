"""A ratio with its interval as a dot and a line, on one scale for all rows of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite, log
from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.markup import Markup
from dashboard.peers.answers import Peer
from dashboard.text import Text

_WIDEST = 16


@dataclass(frozen=True)
class Scale:
    """A scale of ratios, in equal steps for equal factors, with 1 in the middle.

    Attributes:
        most: the ratio at the right end; the left end is its inverse.
    """

    most: int

    def at(self, ratio: float) -> float:
        """Return where a ratio lies, in percent of the width; what is outside lies at the end."""
        if not ratio > 0:
            return 0.0
        if not isfinite(ratio):
            return 100.0
        return min(100.0, max(0.0, 50 + 50 * log(ratio) / log(self.most)))


def scale_for(peers: Iterable[Peer]) -> Scale:
    """Choose the narrowest scale that holds all intervals, 16 times at most."""
    most = 2.0
    for peer in peers:
        limits = (peer.ratio_high, 1 / peer.ratio_low if peer.ratio_low > 0 else 1.0)
        most = max(most, *(limit for limit in limits if isfinite(limit)))
    return Scale(next((step for step in (2, 4, 8) if most <= step), _WIDEST))


def axis(scale: Scale, _: Text) -> Markup:
    """Write the ends and the middle of a scale."""
    ends = [f"1/{scale.most}", "1", f"{scale.most}×"]
    return html.Span([html.Span(words) for words in ends], className="whisker-axis")


def whisker(peer: Peer, scale: Scale, _: Text) -> Markup:
    """Draw a ratio with its interval; in words for those who cannot see it."""
    low, high, dot = (scale.at(r) for r in (peer.ratio_low, peer.ratio_high, peer.ratio))
    words = interval_words(peer, _)
    line = html.I(style={"left": f"{low:.1f}%", "width": f"{max(high - low, 0.5):.1f}%"})
    marks: list[Any] = [line]
    if isfinite(peer.ratio):
        marks.append(html.B(style={"left": f"{dot:.1f}%"}))
    return html.Span(
        [
            html.Span(marks, className="whisker-line", **aria(hidden="true")),
            html.Span(words, className="unseen"),
        ],
        className=f"whisker {peer.verdict}",
        title=words,
    )


def interval_words(peer: Peer, _: Text) -> str:
    """Say a ratio's interval."""
    if not isfinite(peer.ratio):
        return _("its peers have no incidents")
    high = _.number(peer.ratio_high, 2) if isfinite(peer.ratio_high) else "∞"
    return _(
        "{count} incidents, {expected} expected: {ratio} times, between {low} and {high}",
        count=_.number(peer.count),
        expected=_.number(peer.expected, 1),
        ratio=_.number(peer.ratio, 2),
        low=_.number(peer.ratio_low, 2),
        high=high,
    )
