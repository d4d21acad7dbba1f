"""The map page: one map, one click per level, the whole state in the address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard import ids
from dashboard.components import footer, header
from dashboard.components.attributes import data
from dashboard.components.brand import brand
from dashboard.components.control import control
from dashboard.components.drawn import DRAWN, drawn_for, drawn_mark
from dashboard.components.freshness import freshness, freshness_words
from dashboard.components.gridmap import GridMap, map_words
from dashboard.components.panel import Panel, failure, panel, panel_parts, remarks
from dashboard.components.paper import OnPaper, on_paper, paper_place
from dashboard.components.published import period_bar
from dashboard.components.search import Search, search_results, search_words
from dashboard.components.trend import CONFIG
from dashboard.components.ways import ways
from dashboard.pages.failing import map_problem, note
from dashboard.pages.scene import scene
from dashboard.picture import of_one_picture
from dashboard.sections import MAP
from dashboard.source import Source
from dashboard.state import MapState, parse
from dashboard.text import Text, text_for
from dashboard.visit import Visit

Address = dict[str, str]
_DEFAULT = MapState()
_FRAME = [
    Output(ids.BREADCRUMB, "children"),
    Output(ids.FILTERS, "children"),
    Output(ids.SWITCHES, "children"),
    Output(ids.PAGES, "children"),
    Output(ids.CONTROL, "children"),
    Output(ids.CREDITS, "children"),
    Output(ids.FRESHNESS, "shown"),
    Output(ids.FRESHNESS, "as_of"),
    Output(ids.FRESHNESS, "text"),
    Output(ids.FRESHNESS, "lang"),
    Output(ids.SEARCH, "text"),
    Output(ids.SKIP, "children"),
    Output(ids.BREADCRUMB, "aria-label"),
    Output(ids.PANEL, "aria-label"),
    Output(ids.SHEET_HANDLE, "aria-label"),
    Output(ids.MAP_DRAWN, DRAWN),
]
_SCENE = [Output(ids.MAP, name) for name in ("scene", "text", "lang", "problem")]
_PANEL = [
    Output(ids.KPI, "children"),
    Output(ids.TREND_HEAD, "children"),
    Output(ids.TREND_FIGURE, "data"),
    Output(ids.TREND_BLOCK, "hidden"),
    Output(ids.RANKING_BLOCK, "children"),
    Output(ids.COMPOSITION, "children"),
    Output(ids.TAB, "children"),
    Output(ids.PAPER_HEAD, "children"),
    Output(ids.PAPER_NOTE, "children"),
    Output(ids.PANEL_DRAWN, DRAWN),
    Output(ids.PANEL_NOTICE, "children"),
]
_FOUND = [Output(ids.SEARCH, "results"), Output(ids.SEARCH, "asked")]
_LATER: dict[str, Any] = {"prevent_initial_call": True}


def layout() -> html.Div:
    """Build the page before anything is known: its frame and skeletons."""
    return html.Div(
        [
            drawn_mark(ids.MAP_DRAWN),
            dcc.Store(id=ids.ADDRESS),
            dcc.Store(id=ids.TREND_FIGURE),
            dcc.Store(id=ids.TREND_CONFIG, data={"id": ids.TREND, "config": CONFIG}),
            html.A(id=ids.SKIP, href=f"#{ids.RANKING}", className="skip"),
            _header(),
            paper_place(ids.PAPER_HEAD),
            html.Main(_map(), className="stage"),
            html.Footer(
                [
                    freshness(ids.FRESHNESS, text_for(_DEFAULT.lang)),
                    html.Span(id=ids.CREDITS, className="credits"),
                ],
                className="footer",
            ),
            html.Aside([drawn_mark(ids.PANEL_DRAWN), _panel()], id=ids.PANEL, className="panel"),
            paper_place(ids.PAPER_NOTE),
        ],
        className="page",
    )


def register(app: Dash, sources: Callable[[], Source]) -> None:
    """Connect the page; every callback reads the address, none writes it.

    Args:
        app: the application.
        sources: makes the source of one request, seen by its viewer.
    """
    address = Input(ids.ADDRESS, "data")
    revision = Input(ids.FRESHNESS, "revision")
    query = Input(ids.SEARCH, "query")
    _register_browser_side(app)

    @app.callback(_FRAME, address, revision, **_LATER, on_error=_frame_failed)
    def draw_frame(place: Address, _revision: Any) -> tuple[Any, ...]:
        visit = Visit.at(sources(), place)
        return *_frame(visit), drawn_for(place, visit.href())

    @app.callback(_SCENE, address, revision, **_LATER, on_error=_scene_failed)
    @of_one_picture
    def draw_map(place: Address, _revision: Any) -> tuple[Any, ...]:
        visit = Visit.at(sources(), place)
        return scene(visit), map_words(visit.text), visit.state.lang, None

    @app.callback(_PANEL, address, revision, **_LATER, on_error=_panel_failed)
    @of_one_picture
    def draw_panel(place: Address, _revision: Any) -> tuple[Any, ...]:
        visit = Visit.at(sources(), place)
        drawn = drawn_for(place, visit.href())
        return _panel_outputs(panel(visit), on_paper(visit), drawn, remarks(visit))

    @app.callback(_FOUND, query, State(ids.ADDRESS, "data"), **_LATER, on_error=_find_failed)
    def find(query: str, place: Address) -> tuple[Any, ...]:
        visit = Visit.at(sources(), place)
        found = visit.source.search(query) if query else []
        return search_results(found, visit.hierarchy, visit.text), query


def _frame(visit: Visit) -> tuple[Any, ...]:
    """Fill the frame, in the order of ``_FRAME``, but for the last of it."""
    _, versions = visit.text, asdict(visit.source.revisions)
    return (
        header.breadcrumb(visit),
        period_bar(visit) if visit.state.publish else header.filter_bar(visit),
        header.switches(visit),
        ways(visit, MAP),
        control(visit),
        footer.credits_note(visit),
        {"area": versions["area"], "incident": versions["incident"]},
        footer.as_of(visit),
        freshness_words(_),
        visit.state.lang,
        search_words(_),
        _("Skip to the ranking"),
        _("Where"),
        _("Figures"),
        _("Larger or smaller panel"),
    )


def _panel_outputs(parts: Panel, paper: OnPaper, drawn: str, notice: list[Any]) -> tuple[Any, ...]:
    """Put the parts in the order of ``_PANEL``."""
    return (
        parts.kpi,
        parts.trend_head,
        parts.trend,
        parts.trend is None,
        parts.ranking,
        parts.composition,
        parts.tab,
        paper.head,
        paper.note,
        drawn,
        notice,
    )


def _register_browser_side(app: Dash) -> None:
    """Connect what needs no server: reading the address, and the look of the map."""
    connect: Any = app.clientside_callback
    connect(
        ClientsideFunction("gridboard", "address"),
        Output(ids.ADDRESS, "data"),
        Input(ids.LOCATION, "pathname"),
        Input(ids.LOCATION, "search"),
        State(ids.ADDRESS, "data"),
    )
    connect(
        ClientsideFunction("gridboard", "look"),
        Output(ids.MAP, "look"),
        Input(ids.LOCATION, "search"),
    )
    connect(
        ClientsideFunction("gridboard", "chart"),
        Output(ids.TREND_PLACE, "children"),
        Input(ids.MAP, "settled"),
        State(ids.TREND_CONFIG, "data"),
    )
    connect(
        ClientsideFunction("gridboard", "sized"),
        Output(ids.TREND, "figure"),
        Input(ids.TREND_FIGURE, "data"),
    )


def _frame_failed(error: Exception) -> list[Any]:
    note(error)
    return [no_update] * len(_FRAME)


def _scene_failed(error: Exception) -> list[Any]:
    note(error)
    _ = _words_now()
    problem = map_problem(error, _)
    return [no_update, map_words(_), _.lang, problem]


def _panel_failed(error: Exception) -> list[Any]:
    note(error)
    return [*[no_update] * (len(_PANEL) - 1), failure(_words_now())]


def _find_failed(error: Exception) -> list[Any]:
    note(error)
    return [no_update, no_update]


def _words_now() -> Text:
    place = ctx.inputs.get(f"{ids.ADDRESS}.data") or {}
    return text_for(parse(None, place.get("search"))[0].lang)


def _header() -> html.Header:
    _ = text_for(_DEFAULT.lang)
    return html.Header(
        [
            brand(),
            html.Nav(id=ids.PAGES, className="pages"),
            html.Nav(id=ids.BREADCRUMB, className="where"),
            Search(id=ids.SEARCH, results=[], asked="", text=search_words(_)),
            html.Div(id=ids.FILTERS, className="filters", role="group"),
            html.Div(id=ids.SWITCHES, className="switches"),
        ],
        className="header",
    )


def _map() -> GridMap:
    _ = text_for(_DEFAULT.lang)
    return GridMap(html.Div(id=ids.CONTROL), id=ids.MAP, text=map_words(_), lang=_.lang)


def _panel() -> html.Div:
    notice = html.Div(id=ids.PANEL_NOTICE, className="panel-notice", role="status")
    body = html.Div(panel_parts(), id=ids.PANEL_BODY, className="panel-body")
    handle = html.Button(
        id=ids.SHEET_HANDLE, className="sheet-handle", type="button", **data(sheet_handle="")
    )
    return html.Div([handle, notice, body], className="panel-scroll", tabIndex=0)
