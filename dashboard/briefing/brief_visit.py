"""One look at a brief: the area, the days, and what is counted, all of it in the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from dashboard.addresses import SPAN
from dashboard.briefing.spans import SPANS, span_days
from dashboard.period import Period
from dashboard.sections import BRIEF
from dashboard.source import Source
from dashboard.state import MapState, filter_parameters, pairs
from dashboard.visit import Visit

RANGE = "range"
"""The span of days that somebody chose."""

USUAL_SPAN = "week"
PAPER_THEME = "light"


@dataclass(frozen=True)
class BriefVisit:
    """A visit over the days of a brief.

    Attributes:
        visit: the area, the days, and what is counted.
        span: one of ``SPANS``, or ``RANGE``.
    """

    visit: Visit
    span: str

    @classmethod
    def at(cls, source: Source, address: dict[str, str]) -> BriefVisit:
        """Read an address such as ``/brief/620102?span=week``, as the browser keeps it.

        Given days, or one of the map's periods, hold; else those of the span do.
        """
        path = (address.get("pathname") or "").removeprefix(BRIEF.path)
        search = address.get("search") or ""
        visit = Visit.at(source, {"pathname": f"/map{path}", "search": search}, (SPAN,))
        given = pairs(search)
        if {"from", "to", "period"} & given.keys():
            return cls(visit, RANGE)
        span = given.get(SPAN, USUAL_SPAN)
        notes = visit.notes if span in SPANS else (*visit.notes, SPAN)
        span = span if span in SPANS else USUAL_SPAN
        period = Period.over(span_days(span, visit.coverage))
        return cls(replace(visit, state=visit.state.with_(period=period), notes=notes), span)

    def href(self, *, within: str = "", form: str = "", **changes: Any) -> str:
        """Return the address of this brief, or of one of its files, with changes.

        Args:
            within: name of one of its pictures.
            form: how the file's name ends; nothing for the page.
            changes: ``span``, or fields of the state.
        """
        span = changes.pop("span", RANGE if "period" in changes else self.span)
        visit = self.visit
        # The layer that is shown, where the area has none of the one asked for.
        layer = visit.layer.key if visit.state.layer and "area" not in changes else None
        known = {"area": visit.area.code} | ({"layer": layer} if layer else {})
        state = visit.state.with_(**(known | changes))
        place = f"{BRIEF.path}/{state.area}{f'/{within}' if within else ''}"
        place += f".{form}" if form else ""
        query = urlencode(_parameters(state, span), safe=",")
        return f"{place}?{query}" if query else place


def brief_href(visit: Visit) -> str:
    """Write the address of the brief of what a map shows: the same area, days and terms."""
    return BriefVisit(visit, RANGE).href()


def _parameters(state: MapState, span: str) -> dict[str, str]:
    usual = MapState()
    plain = {
        name: str(getattr(state, name))
        for name in ("metric", "view", "per", "layer", "lang", "theme")
        if getattr(state, name) != getattr(usual, name)
    }
    if state.period.since is None or state.period.until is None:
        days = {"period": state.period.preset}
    else:
        days = state.period.parameters()
    chosen = days if span == RANGE else {} if span == USUAL_SPAN else {"span": span}
    return {
        **plain,
        **({"smooth": "1"} if state.smooth else {}),
        **({"publish": "1"} if state.publish else {}),
        **chosen,
        **filter_parameters(state),
    }
