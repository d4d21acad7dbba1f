"""The data page: files come in, are looked at, tried, loaded, and taken back if need be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, ctx, html, no_update

from dashboard import ids
from dashboard.components.brand import brand
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.own import NEWS_PATH, SiteMap, Watch, site_words, watch_words
from dashboard.components.data.side import side
from dashboard.components.data.work import failure, work
from dashboard.components.header import switch_links
from dashboard.components.pages import page_links, presentation_of
from dashboard.desk.desk import Desk
from dashboard.desk.state import DeskState, parse_desk
from dashboard.pages.failing import note
from dashboard.pages.site import site
from dashboard.sections import DATA
from dashboard.source import Source
from dashboard.text import text_for

Address = dict[str, str]
_DEFAULT = DeskState()
_SIDE = [
    Output(ids.DESK_PAGES, "children"),
    Output(ids.DESK_SWITCHES, "children"),
    Output(ids.DESK_SIDE, "children"),
    Output(ids.DESK_WATCH, "text"),
    Output(ids.DESK_WATCH, "lang"),
    Output(ids.DESK_WATCH, "side_drawn"),
]
_WORK = [
    Output(ids.DESK_WORK, "children"),
    *(Output(ids.DESK_MAP, name) for name in ("scene", "theme", "text", "lang")),
    Output(ids.DESK_WATCH, "work_drawn"),
]
_LATER: dict[str, Any] = {"prevent_initial_call": True}


def layout() -> html.Div:
    """Build the page before anything is known: its frame and skeletons."""
    _ = text_for(_DEFAULT.lang)
    words = watch_words(_)
    watch = Watch(id=ids.DESK_WATCH, url=NEWS_PATH, text=words, lang=_.lang)
    waiting = [html.Div(className="skeleton row") for _each in range(6)]
    return html.Div(
        [
            html.Header(
                [
                    brand(),
                    html.Nav(id=ids.DESK_PAGES, className="pages"),
                    watch,
                    html.Div(id=ids.DESK_SWITCHES, className="switches"),
                ],
                className="header",
            ),
            html.Aside(waiting, id=ids.DESK_SIDE, className="desk-side"),
            html.Main(waiting, id=ids.DESK_WORK, className="desk-work"),
            html.Div(
                SiteMap(id=ids.DESK_MAP, text=site_words(_), lang=_.lang), className="desk-map"
            ),
        ],
        className="desk",
    )


def register(app: Dash, sources: Callable[[], Source], desks: Callable[[], Desk]) -> None:
    """Connect the page: what waits, and what is being worked on.

    Args:
        app: the application.
        sources: makes the source of figures of one request, seen by its viewer.
        desks: makes the desk of one request; refuses viewers the page is not for.
    """
    address = Input(ids.DESK_PAGE, "address")

    @app.callback(_SIDE, address, Input(ids.DESK_WATCH, "side"), **_LATER, on_error=_side_failed)
    def draw_side(place: Address, _mark: str | None) -> tuple[Any, ...]:
        return _side(DeskVisit.at(desks(), sources(), place), place)

    @app.callback(_WORK, address, Input(ids.DESK_WATCH, "work"), **_LATER, on_error=_work_failed)
    def draw_work(place: Address, _mark: str | None) -> tuple[Any, ...]:
        return _work(DeskVisit.at(desks(), sources(), place), place)


def _side(visit: DeskVisit, place: Address) -> tuple[Any, ...]:
    """Fill the frame, in the order of ``_SIDE``."""
    # The mark first: what changes while the rest is read is drawn once more.
    drawn = _drawn(place, visit.marks["side"])
    _, state = visit.text, visit.state
    kept = presentation_of(state.lang, state.theme)
    return (
        page_links(visit.desk.viewer, DATA, kept, _),
        switch_links(state.lang, state.theme, state.stay, _),
        side(visit),
        watch_words(_),
        state.lang,
        drawn,
    )


def _work(visit: DeskVisit, place: Address) -> tuple[Any, ...]:
    """Fill the middle and the map, in the order of ``_WORK``."""
    drawn, state = _drawn(place, visit.marks["work"]), visit.state
    return work(visit), site(visit), state.theme, site_words(visit.text), state.lang, drawn


def _drawn(place: Address, mark: str) -> dict[str, str]:
    """Say what was drawn, and for which address; no mark means that it failed."""
    return {"at": (place or {}).get("search") or "", "mark": mark}


def _side_failed(error: Exception) -> list[Any]:
    note(error)
    return [*[no_update] * (len(_SIDE) - 1), _drawn(_place(), "")]


def _work_failed(error: Exception) -> list[Any]:
    note(error)
    place = _place()
    return [
        failure(text_for(parse_desk(place.get("search")).lang)),
        *[no_update] * (len(_WORK) - 2),
        _drawn(place, ""),
    ]


def _place() -> Address:
    return ctx.inputs.get(f"{ids.DESK_PAGE}.address") or {}
