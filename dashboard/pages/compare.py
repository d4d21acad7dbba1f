"""The page that compares: two maps that move together, and their figures pair by pair."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, dcc, html, no_update

from dashboard import ids
from dashboard.addresses import remarks_on
from dashboard.comparing.comparison import Comparison
from dashboard.comparing.scenes import links, scenes, shows_change
from dashboard.comparing.series import overlay
from dashboard.comparing.state import CompareState, parse_compare
from dashboard.components import footer, header
from dashboard.components.brand import brand
from dashboard.components.comparing.bar import bar, found_first, found_second, head, side_label
from dashboard.components.comparing.figures import figures, rate_unit
from dashboard.components.comparing.tables import categories, ranking
from dashboard.components.comparing.trend import overlay_head
from dashboard.components.drawn import DRAWN, drawn_for, drawn_mark
from dashboard.components.freshness import freshness, freshness_words
from dashboard.components.gridmap import GridMap, map_words
from dashboard.components.links import link
from dashboard.components.panel import failure, remark_lines
from dashboard.components.paper import both_on_paper, paper_place
from dashboard.components.search import Search, search_words
from dashboard.components.trend import CONFIG
from dashboard.components.ways import ways
from dashboard.figures.overlay import overlay_figure
from dashboard.pages.failing import map_problem, note
from dashboard.picture import of_one_picture
from dashboard.publishing.errors import NotPublishableError
from dashboard.publishing.words import refusal
from dashboard.sections import COMPARE
from dashboard.source import Source
from dashboard.text import Text, text_for

Address = dict[str, str]
_DEFAULT = CompareState().first
_SIDES = (ids.COMPARE_MAP_FIRST, ids.COMPARE_MAP_SECOND)
_FRAME = [
    Output(ids.COMPARE_WHERE, "children"),
    Output(ids.COMPARE_FILTERS, "children"),
    Output(ids.COMPARE_SWITCHES, "children"),
    Output(ids.COMPARE_PAGES, "children"),
    Output(ids.COMPARE_BAR, "children"),
    Output(ids.COMPARE_MAPS, "className"),
    Output(ids.COMPARE_HEAD_FIRST, "children"),
    Output(ids.COMPARE_HEAD_SECOND, "children"),
    Output(ids.COMPARE_CREDITS, "children"),
    Output(ids.COMPARE_FRESHNESS, "shown"),
    Output(ids.COMPARE_FRESHNESS, "as_of"),
    Output(ids.COMPARE_FRESHNESS, "text"),
    Output(ids.COMPARE_FRESHNESS, "lang"),
    Output(ids.COMPARE_FIND_FIRST, "text"),
    Output(ids.COMPARE_FIND_SECOND, "text"),
    Output(ids.COMPARE_DRAWN, DRAWN),
]
_MAPS = [Output(map_, part) for part in ("link", "scene", "problem") for map_ in _SIDES]
_WORDS = [Output(map_, part) for part in ("text", "lang") for map_ in _SIDES]
_PANEL = [
    Output(ids.COMPARE_KPI, "children"),
    Output(ids.COMPARE_TREND_HEAD, "children"),
    Output(ids.COMPARE_TREND_FIGURE, "data"),
    Output(ids.COMPARE_TREND_BLOCK, "hidden"),
    Output(ids.COMPARE_RANKING, "children"),
    Output(ids.COMPARE_CATEGORIES, "children"),
    Output(ids.COMPARE_PAPER_HEAD, "children"),
    Output(ids.COMPARE_PAPER_NOTE, "children"),
    Output(ids.COMPARE_PANEL_DRAWN, DRAWN),
    Output(ids.COMPARE_NOTICE, "children"),
]
_LATER: dict[str, Any] = {"prevent_initial_call": True}


def layout() -> html.Div:
    """Build the page before anything is known: its frame and skeletons."""
    config = {"id": ids.COMPARE_TREND, "config": CONFIG}
    return html.Div(
        [
            drawn_mark(ids.COMPARE_DRAWN),
            dcc.Store(id=ids.COMPARE_TREND_FIGURE),
            dcc.Store(id=ids.COMPARE_TREND_CONFIG, data=config),
            _header(),
            paper_place(ids.COMPARE_PAPER_HEAD),
            html.Div(id=ids.COMPARE_BAR, className="compare-bar"),
            html.Main(
                [_side(which) for which in (0, 1)], id=ids.COMPARE_MAPS, className="compare-maps"
            ),
            html.Footer(
                [
                    freshness(ids.COMPARE_FRESHNESS, text_for(_DEFAULT.lang)),
                    html.Span(id=ids.COMPARE_CREDITS, className="credits"),
                ],
                className="footer",
            ),
            html.Aside([drawn_mark(ids.COMPARE_PANEL_DRAWN), _panel()], className="panel"),
            paper_place(ids.COMPARE_PAPER_NOTE),
        ],
        className="page compare",
    )


def register(app: Dash, sources: Callable[[], Source]) -> None:
    """Connect the page; every callback reads the address, none writes it.

    Args:
        app: the application.
        sources: makes the source of one request, seen by its viewer.
    """
    address = Input(ids.COMPARE_PAGE, "address")
    revision = Input(ids.COMPARE_FRESHNESS, "revision")
    _register_browser_side(app)
    _register_search(app, sources)

    @app.callback(_FRAME, address, revision, **_LATER, on_error=_frame_failed)
    def draw_frame(place: Address, _revision: Any) -> tuple[Any, ...]:
        comparison = Comparison.at(sources(), place)
        return *_frame(comparison), drawn_for(place, comparison.state.href())

    @app.callback(_MAPS + _WORDS, address, revision, **_LATER, on_error=_maps_failed)
    @of_one_picture
    def draw_maps(place: Address, _revision: Any) -> tuple[Any, ...]:
        comparison = _entered(Comparison.at(sources(), place))
        return (*links(comparison), *scenes(comparison), None, None, *_words(comparison.text))

    @app.callback(_PANEL, address, revision, **_LATER, on_error=_panel_failed)
    @of_one_picture
    def draw_panel(place: Address, _revision: Any) -> tuple[Any, ...]:
        comparison = _entered(Comparison.at(sources(), place))
        drawn = drawn_for(place, comparison.state.href())
        return *_figures(comparison), drawn, _remarks(comparison)


def _register_search(app: Dash, sources: Callable[[], Source]) -> None:
    """Connect both boxes that find an area."""
    address = State(ids.COMPARE_PAGE, "address")
    boxes = ((ids.COMPARE_FIND_FIRST, found_first), (ids.COMPARE_FIND_SECOND, found_second))
    for box, found in boxes:
        outputs = [Output(box, "results"), Output(box, "asked")]

        @app.callback(outputs, Input(box, "query"), address, **_LATER, on_error=_find_failed)
        def find(query: str, place: Address, found: Any = found) -> tuple[Any, ...]:
            return found(Comparison.at(sources(), place), query), query


def _register_browser_side(app: Dash) -> None:
    """Connect what needs no server: the look of the maps, and the chart."""
    connect: Any = app.clientside_callback
    connect(
        ClientsideFunction("gridboard", "looks"),
        *[Output(map_, "look") for map_ in _SIDES],
        Input(ids.COMPARE_PAGE, "address"),
    )
    connect(
        ClientsideFunction("gridboard", "chart"),
        Output(ids.COMPARE_TREND_PLACE, "children"),
        Input(ids.COMPARE_MAP_FIRST, "settled"),
        State(ids.COMPARE_TREND_CONFIG, "data"),
    )
    connect(
        ClientsideFunction("gridboard", "sized"),
        Output(ids.COMPARE_TREND, "figure"),
        Input(ids.COMPARE_TREND_FIGURE, "data"),
    )


def _entered(comparison: Comparison) -> Comparison:
    """Refuse what is not published: a comparison of small counts gives them away.

    Raises:
        NotPublishableError: the address asks for publishable figures.
    """
    if comparison.asked.first.publish:
        raise NotPublishableError("figure")
    return comparison


def _frame(comparison: Comparison) -> tuple[Any, ...]:
    """Fill the frame, in the order of ``_FRAME``, but for the last of it."""
    _, side = comparison.text, comparison.first
    state, versions = side.state, asdict(side.source.revisions)
    return (
        header.breadcrumb(side),
        header.filter_bar(side),
        header.switches(side),
        ways(side, COMPARE),
        bar(comparison),
        "compare-maps change" if shows_change(comparison) else "compare-maps",
        head(comparison, 0),
        head(comparison, 1),
        footer.credits_note(side),
        {"area": versions["area"], "incident": versions["incident"]},
        footer.as_of(side),
        freshness_words(_),
        state.lang,
        search_words(_) | {"placeholder": _("Another area")},
        _second_words(comparison),
    )


def _second_words(comparison: Comparison) -> dict[str, str] | None:
    """Word the search of the second side; ``None``, no search, where nothing could be found."""
    _ = comparison.text
    if not (comparison.state.other or comparison.peer):
        return None
    return search_words(_) | {"label": _("Compare with an area"), "placeholder": _("Another area")}


def _figures(comparison: Comparison) -> tuple[Any, ...]:
    """Fill the panel, in the order of ``_PANEL``, but for the last two of it."""
    found, paper = overlay(comparison), both_on_paper(comparison)
    names = (side_label(comparison, 0), side_label(comparison, 1))
    _, theme = comparison.text, comparison.first.state.theme
    unit = rate_unit(comparison) if found.per_people else _("incidents")
    return (
        figures(comparison),
        overlay_head(found, names, unit, _),
        overlay_figure(found, names, unit, theme, _),
        found.is_empty,
        ranking(comparison),
        categories(comparison),
        paper.head,
        paper.note,
    )


def _words(_: Text) -> tuple[Any, ...]:
    return map_words(_), map_words(_), _.lang, _.lang


def _remarks(comparison: Comparison) -> list[Any]:
    """Say what of the address was not understood, or cannot be compared."""
    _, code, said = comparison.text, comparison.strayed, []
    if code:
        said.append(_("No area {code} lies in view.", code=code))
    elif comparison.itself:
        said.append(_("An area is not compared with itself: here are two of its periods."))
    elif comparison.mismatched:
        said.append(_("Only areas of the same level are compared."))
    return remark_lines([*said, *remarks_on(comparison.notes, comparison.strange, _)])


def _frame_failed(error: Exception) -> list[Any]:
    note(error)
    return [no_update] * len(_FRAME)


def _maps_failed(error: Exception) -> list[Any]:
    note(error)
    _ = _words_now()
    problem = map_problem(error, _)
    return [*[no_update] * 4, problem, problem, *_words(_)]


def _panel_failed(error: Exception) -> list[Any]:
    note(error)
    if isinstance(error, NotPublishableError):
        return [[], [], None, True, [], [], [], [], *_refused(error)]
    return [*[no_update] * (len(_PANEL) - 1), failure(_words_now())]


def _refused(error: NotPublishableError) -> list[Any]:
    """Say why there is no comparison, and lead to the one of figures that are not published.

    Returns:
        What the link was drawn for, and the words.
    """
    _, place = _words_now(), _place_now()
    state, _notes = parse_compare(place.get("pathname"), place.get("search"))
    words = _("With figures that are not published")
    way_out = link(words, state.href(publish=False), className="action")
    said = [html.Span(refusal(error.reason, _)), " ", way_out]
    return [drawn_for(place, state.href()), said]


def _find_failed(error: Exception) -> list[Any]:
    note(error)
    return [no_update, no_update]


def _words_now() -> Text:
    place = _place_now()
    return text_for(parse_compare(place.get("pathname"), place.get("search"))[0].first.lang)


def _place_now() -> Address:
    return ctx.inputs.get(f"{ids.COMPARE_PAGE}.address") or {}


def _header() -> html.Header:
    return html.Header(
        [
            brand(),
            html.Nav(id=ids.COMPARE_PAGES, className="pages"),
            html.Nav(id=ids.COMPARE_WHERE, className="where"),
            html.Div(id=ids.COMPARE_FILTERS, className="filters", role="group"),
            html.Div(id=ids.COMPARE_SWITCHES, className="switches"),
        ],
        className="header",
    )


def _side(which: int) -> html.Section:
    """Build one side: its head and its map."""
    _ = text_for(_DEFAULT.lang)
    place = (ids.COMPARE_HEAD_FIRST, ids.COMPARE_HEAD_SECOND)[which]
    box = (ids.COMPARE_FIND_FIRST, ids.COMPARE_FIND_SECOND)[which]
    return html.Section(
        [
            html.Div(
                [
                    html.Div(id=place, className="compare-who"),
                    Search(id=box, results=[], asked="", text=search_words(_)),
                ],
                className="compare-head",
            ),
            html.Div(
                GridMap(id=_SIDES[which], text=map_words(_), lang=_.lang),
                className="compare-stage",
            ),
        ],
        className="compare-side",
    )


def _panel() -> html.Div:
    chart = [html.Div(id=ids.COMPARE_TREND_PLACE), html.Div(className="skeleton chart")]
    rows = [html.Div(className="skeleton row") for _ in range(6)]
    trend = [
        html.Div(id=ids.COMPARE_TREND_HEAD, className="block-head trend-head"),
        html.Div(chart, className="trend"),
    ]
    blocks = [
        html.Section(rows, id=ids.COMPARE_KPI, className="block"),
        html.Section(trend, id=ids.COMPARE_TREND_BLOCK, className="block"),
        html.Section(rows, id=ids.COMPARE_RANKING, className="block"),
        html.Section([], id=ids.COMPARE_CATEGORIES, className="block"),
    ]
    notice = html.Div(id=ids.COMPARE_NOTICE, className="panel-notice", role="status")
    body = html.Div(blocks, className="panel-body")
    return html.Div([notice, body], className="panel-scroll", tabIndex=0)
