"""What a page says on paper alone: of what and of when its figures are, and where the brief is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dash import html as dash_html

from dashboard.answers import AreaSummary
from dashboard.briefing.brief_visit import brief_href
from dashboard.comparing.comparison import Comparison
from dashboard.components import markup as html
from dashboard.components.attributes import data
from dashboard.components.comparing.bar import badge
from dashboard.components.markup import Markup
from dashboard.exporting.about import about_lines, as_of_words
from dashboard.text import Text
from dashboard.visit import Visit

_KM2_DIGITS = 1


@dataclass(frozen=True)
class OnPaper:
    """What a screen does not show.

    Attributes:
        head: above the map: which days, as of when, and the way to the brief.
        note: below all figures: what they are of, how sure they are, where they come from.
    """

    head: list[Any]
    note: list[Any]


def on_paper(visit: Visit) -> OnPaper:
    """Say it of a visit."""
    _ = visit.text
    return OnPaper(_head(visit, _.days(visit.days)), [_title(_), _lines(visit)])


def both_on_paper(comparison: Comparison) -> OnPaper:
    """Say it of both sides of a comparison; the brief is that of the first."""
    _ = comparison.text
    days = [_.days(side.days) for side in comparison.sides]
    sides = [
        html.Div([badge(which), _lines(side)], className="paper-side")
        for which, side in enumerate(comparison.sides)
    ]
    return OnPaper(_head(comparison.first, " · ".join(dict.fromkeys(days))), [_title(_), *sides])


def paper_place(identity: str) -> dash_html.Section:
    """Build the place of one of the two, which only a printed page shows."""
    return dash_html.Section(id=identity, className="paper-only")


def _head(visit: Visit, days: str) -> list[Any]:
    _ = visit.text
    of = _("Data {words}", words=as_of_words(visit))
    brief = [_("For handing over there is a brief of one page:"), " ", _typed(brief_href(visit))]
    return [html.P([html.B(days), " · ", of]), html.P(brief, className="paper-brief")]


def _typed(href: str) -> Markup:
    """Build a link that says the whole of its address on paper (assets/print.js)."""
    return html.A(href, href=href, **data(typed=""))


def _title(_: Text) -> Markup:
    return html.H2(_("About these figures"))


def _lines(visit: Visit) -> Markup:
    """Build what every file says of its figures, and what a file carries by itself."""
    _, versions = visit.text, visit.source.revisions
    revision = _(
        "areas {area} · incidents {incident}", area=versions.area, incident=versions.incident
    )
    lines: list[tuple[str, Any]] = [
        *about_lines(visit),
        (_("Denominators"), _denominators(visit.area, _)),
        (_("Revision"), revision),
        (_("This view"), _typed(visit.href())),
    ]
    return html.Dl([html.Div([html.Dt(name), html.Dd(said)]) for name, said in lines])


def _denominators(area: AreaSummary, _: Text) -> str:
    people, households, size = area.population, area.households, area.area_km2
    parts = [
        _("population unknown") if people is None else _("{n} people", n=_.number(people)),
        _("households unknown")
        if households is None
        else _("{n} households", n=_.number(households)),
        _("area unknown") if size is None else f"{_.number(size, _KM2_DIGITS)} km²",
    ]
    return " · ".join(parts)
