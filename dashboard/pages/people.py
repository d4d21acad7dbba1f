"""The admin's page: who may see what, their sessions, and what everybody did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dash import Dash, Input, Output, ctx, html, no_update

from dashboard import ids
from dashboard.components.brand import brand
from dashboard.components.header import switch_links
from dashboard.components.pages import page_links, presentation_of
from dashboard.components.people.own import NEWS_PATH, PeopleWatch, QueryFields, watch_words
from dashboard.components.people.people_visit import PeopleVisit
from dashboard.components.people.side import side
from dashboard.components.people.work import failure, fields, head, work
from dashboard.pages.failing import note
from dashboard.roster.state import PeopleState, parse_people
from dashboard.sections import PEOPLE
from dashboard.text import text_for

Address = dict[str, str]
Look = Callable[[Address], PeopleVisit]
_DEFAULT = PeopleState()
_SIDE = [
    Output(ids.PEOPLE_PAGES, "children"),
    Output(ids.PEOPLE_SWITCHES, "children"),
    Output(ids.PEOPLE_SIDE, "children"),
    Output(ids.PEOPLE_WATCH, "text"),
    Output(ids.PEOPLE_WATCH, "lang"),
]
_WORK = [
    Output(ids.PEOPLE_NOTICE, "children"),
    Output(ids.PEOPLE_HEAD, "children"),
    Output(ids.PEOPLE_FIND, "fields"),
    Output(ids.PEOPLE_WORK, "children"),
]
_LATER: dict[str, Any] = {"prevent_initial_call": True}


def layout() -> html.Div:
    """Build the page before anything is known: its frame and skeletons."""
    _ = text_for(_DEFAULT.lang)
    watch = PeopleWatch(id=ids.PEOPLE_WATCH, url=NEWS_PATH, text=watch_words(_), lang=_.lang)
    return html.Div(
        [
            html.Header(
                [
                    brand(),
                    html.Nav(id=ids.PEOPLE_PAGES, className="pages"),
                    watch,
                    html.Div(id=ids.PEOPLE_SWITCHES, className="switches"),
                ],
                className="header",
            ),
            html.Aside(_waiting(6), id=ids.PEOPLE_SIDE, className="desk-side"),
            html.Main(
                [
                    html.Div(id=ids.PEOPLE_NOTICE),
                    html.Div(_waiting(1), id=ids.PEOPLE_HEAD, className="desk-head"),
                    QueryFields(id=ids.PEOPLE_FIND, fields=[]),
                    html.Div(_waiting(9), id=ids.PEOPLE_WORK, className="people-work"),
                ],
                className="desk-work",
            ),
        ],
        className="desk people",
    )


def register(app: Dash, look: Look) -> None:
    """Connect the page: what can be chosen, and what is shown.

    Args:
        app: the application.
        look: makes the visit of one request; refuses viewers the page is not for.
    """
    address, mark = Input(ids.PEOPLE_PAGE, "address"), Input(ids.PEOPLE_WATCH, "mark")

    @app.callback(_SIDE, address, mark, **_LATER, on_error=_side_failed)
    def draw_side(place: Address, _mark: str | None) -> tuple[Any, ...]:
        return _side(look(place))

    @app.callback(_WORK, address, mark, **_LATER, on_error=_work_failed)
    def draw_work(place: Address, _mark: str | None) -> tuple[Any, ...]:
        visit = look(place)
        return [], head(visit), fields(visit), work(visit)


def _side(visit: PeopleVisit) -> tuple[Any, ...]:
    """Fill the frame, in the order of ``_SIDE``."""
    _, state = visit.text, visit.state
    kept = presentation_of(state.lang, state.theme)
    return (
        page_links(visit.roster.viewer, PEOPLE, kept, _),
        switch_links(state.lang, state.theme, state.stay, _),
        side(visit),
        watch_words(_),
        state.lang,
    )


def _side_failed(error: Exception) -> list[Any]:
    note(error)
    return [no_update] * len(_SIDE)


def _work_failed(error: Exception) -> list[Any]:
    note(error)
    place = ctx.inputs.get(f"{ids.PEOPLE_PAGE}.address") or {}
    state = parse_people(place.get("pathname"), place.get("search"))
    return [failure(text_for(state.lang)), *[no_update] * (len(_WORK) - 1)]


def _waiting(rows: int) -> list[html.Div]:
    return [html.Div(className="skeleton row") for _each in range(rows)]
