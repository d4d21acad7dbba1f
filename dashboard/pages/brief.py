"""The page of a brief: what would be printed, as it would be printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from dash import Dash, Input, Output, ctx, html, no_update

from dashboard import ids
from dashboard.briefing.brief_visit import BriefVisit
from dashboard.briefing.document import Pictures, document
from dashboard.briefing.errors import FaceMissingError, PrinterMissingError
from dashboard.briefing.facts import Facts, gather
from dashboard.briefing.names import span_names
from dashboard.briefing.room import HEIGHT, LEAST, Room
from dashboard.components import footer, markup
from dashboard.components.brand import brand
from dashboard.components.brief.bar import bar
from dashboard.components.drawn import DRAWN, drawn_for, drawn_mark
from dashboard.components.freshness import freshness, freshness_words
from dashboard.components.header import switch_links
from dashboard.components.links import link
from dashboard.components.panel import failure, remarks
from dashboard.components.ways import ways
from dashboard.misread import REVISION
from dashboard.pages.failing import note
from dashboard.picture import of_one_picture
from dashboard.sections import BRIEF
from dashboard.source import Source
from dashboard.state import parse
from dashboard.text import text_for
from dashboard.visit import Visit

Address = dict[str, str]
_PAGE = [
    Output(ids.BRIEF_PAGES, "children"),
    Output(ids.BRIEF_SWITCHES, "children"),
    Output(ids.BRIEF_BAR, "children"),
    Output(ids.BRIEF_NOTICE, "children"),
    Output(ids.BRIEF_SHEET, "children"),
    Output(ids.BRIEF_PAGE, "title"),
    Output(ids.BRIEF_FRESHNESS, "shown"),
    Output(ids.BRIEF_FRESHNESS, "as_of"),
    Output(ids.BRIEF_FRESHNESS, "text"),
    Output(ids.BRIEF_FRESHNESS, "lang"),
    Output(ids.BRIEF_DRAWN, DRAWN),
]
_LATER: dict[str, Any] = {"prevent_initial_call": True}


def layout() -> html.Div:
    """Build the page before anything is known: its frame and skeletons."""
    waiting = [html.Div(className="skeleton row") for _each in range(12)]
    return html.Div(
        [
            drawn_mark(ids.BRIEF_DRAWN),
            html.Header(
                [
                    brand(),
                    html.Nav(id=ids.BRIEF_PAGES, className="pages"),
                    html.Div(id=ids.BRIEF_SWITCHES, className="switches"),
                ],
                className="header",
            ),
            html.Div(id=ids.BRIEF_BAR, className="brief-bar"),
            html.Div(id=ids.BRIEF_NOTICE, className="panel-notice", role="status"),
            html.Main(waiting, id=ids.BRIEF_SHEET, className="brief-desk"),
            html.Footer(freshness(ids.BRIEF_FRESHNESS, text_for("zh")), className="footer"),
        ],
        className="brief-page",
    )


def register(app: Dash, sources: Callable[[], Source]) -> None:
    """Connect the page; what it shows follows from the address alone.

    Args:
        app: the application.
        sources: makes the source of one request, seen by its viewer.
    """
    address = Input(ids.BRIEF_PAGE, "address")
    revision = Input(ids.BRIEF_FRESHNESS, "revision")

    @app.callback(_PAGE, address, revision, **_LATER, on_error=_failed)
    @of_one_picture
    def draw(place: Address, _revision: Any) -> tuple[Any, ...]:
        brief = BriefVisit.at(sources(), place)
        return *_page(brief), drawn_for(place, brief.href())


def _page(brief: BriefVisit) -> tuple[Any, ...]:
    """Fill the page, in the order of ``_PAGE``, but for the last of it."""
    visit, _ = brief.visit, brief.visit.text
    state, versions = visit.state, asdict(visit.source.revisions)
    return (
        ways(visit, BRIEF),
        switch_links(state.lang, state.theme, brief.href, _),
        bar(brief),
        remarks(visit),
        _sheet(brief),
        f"{_.name(visit.area)} · {_('Brief')} · {_.days(visit.days)} · gridboard",
        {"area": versions["area"], "incident": versions["incident"]},
        footer.as_of(visit),
        freshness_words(_),
        state.lang,
    )


def _sheet(brief: BriefVisit) -> Any:
    visit, _ = brief.visit, brief.visit.text
    if visit.state.publish:
        why = _("A brief is not made to be published: it names single areas and days.")
        words = _("With figures that are not published")
        way_out = link(words, brief.href(publish=False), className="action")
        return markup.P([why, " ", way_out])
    facts, span_name = gather(visit), span_names(_)[brief.span]
    room = _room(visit, facts, span_name)
    drawn = Pictures(_picture(brief, "map", room.map_mm), _picture(brief, "trend", room.trend_mm))
    return document(visit, facts, drawn, span_name, room)


def _room(visit: Visit, facts: Facts, span_name: str) -> Room:
    """Say how much the page has room for on paper; without a printer, the least of everything."""
    # Here, and not at the start: the libraries that lay out take a moment to load.
    from dashboard.briefing.fitting import fitted

    try:
        return fitted(visit, facts, span_name)
    except (FaceMissingError, PrinterMissingError):
        return LEAST


def _picture(brief: BriefVisit, name: str, height_mm: int) -> str:
    """Write the address of a picture; with the version, so that new data gives a new one."""
    address = brief.href(within=name, form="svg")
    more = {HEIGHT: height_mm, REVISION: brief.visit.source.revisions.incident}
    return f"{address}{'&' if '?' in address else '?'}{urlencode(more)}"


def _failed(error: Exception) -> list[Any]:
    note(error)
    place = ctx.inputs.get(f"{ids.BRIEF_PAGE}.address") or {}
    words = text_for(parse(None, place.get("search"))[0].lang)
    at_notice = _PAGE.index(Output(ids.BRIEF_NOTICE, "children"))
    return [failure(words) if n == at_notice else no_update for n in range(len(_PAGE))]
