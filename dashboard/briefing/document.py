"""The page of a brief: one tree of markup, for the screen and for paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.answers import Summary
from dashboard.briefing import places
from dashboard.briefing.facts import Facts
from dashboard.briefing.findings import SHOWN, Finding
from dashboard.briefing.room import LEAST, MAP_WIDTH_MM, TREND_WIDTH_MM, Room
from dashboard.briefing.spans import is_daily, trend_days
from dashboard.briefing.spot_colouring import VIEWS
from dashboard.briefing.tables import backlog_block, ranking_block, with_deadline
from dashboard.components import markup as html
from dashboard.components.footer import credits_line
from dashboard.components.gridmap import metrics, units
from dashboard.components.kpi import why_no_data
from dashboard.components.markup import Markup
from dashboard.components.spots import spots_of_map
from dashboard.exporting.about import as_of_words
from dashboard.names import shortened
from dashboard.rating import rate_words
from dashboard.state import filter_parameters
from dashboard.text import Text
from dashboard.timing.answers import Changed
from dashboard.visit import Visit
from geo.shares import share_interval


@dataclass(frozen=True)
class Pictures:
    """Where the pictures of a brief are: addresses."""

    map: str
    trend: str


def document(
    visit: Visit, facts: Facts, pictures: Pictures, span_name: str, room: Room = LEAST
) -> Markup:
    """Build the page.

    Args:
        visit: the area, the days, and what is counted.
        facts: what to tell.
        pictures: their addresses.
        span_name: what the days are, such as a week.
        room: how much there is room for.
    """
    _ = visit.text
    if facts.summary.total is None:
        return html.Article([_head(visit, span_name), _nothing(visit)], className="brief-sheet")
    shown = _shown(visit)
    size = _size(MAP_WIDTH_MM, room.map_mm)
    drawn = html.Img(src=pictures.map, alt=shown, className="brief-map", id=places.MAP, **size)
    figure = html.Figure([html.H2(f"{shown} · {_.term(visit.layer)}"), drawn])
    middle = html.Div(
        [figure, ranking_block(visit, facts, room)],
        className=f"brief-middle map-{room.map_percent}",
    )
    parts = [
        _head(visit, span_name),
        _figures(visit, facts),
        _findings(visit, facts.findings),
        middle,
        html.Div(
            [backlog_block(visit, facts, room), _trend(visit, pictures.trend, room)],
            className="brief-below",
        ),
        _foot(visit),
    ]
    return html.Article(parts, className="brief-sheet", lang=_lang(_))


def _size(width_mm: int, height_mm: int) -> dict[str, str]:
    """Keep the room of a picture until it is there; a tenth of a millimetre is a pixel."""
    return {"width": f"{10 * width_mm}", "height": f"{10 * height_mm}"}


def _shown(visit: Visit) -> str:
    """Name the figure on the map, with its unit where that is another word."""
    _, metric, view = visit.text, visit.state.metric, visit.state.view
    if view in VIEWS:
        return str((spots_of_map(visit) or {})[view]["title"])
    if metric == "count":
        return metrics(_)[metric]
    rate = rate_words(visit.rate, _)
    name, unit = (
        (rate["name"], rate["unit"]) if metric == "rate" else (metrics(_)[metric], units(_)[metric])
    )
    return f"{name} ({unit})"


def _lang(_: Text) -> str:
    return "zh-Hans" if _.lang == "zh" else "en"


def _head(visit: Visit, span_name: str) -> Markup:
    _ = visit.text
    path = " › ".join(shortened(_.name(step)) for step in visit.area.parents)
    left = [
        html.P(_("Brief on disputes · {span}", span=span_name), className="brief-kind"),
        html.H1(shortened(_.name(visit.area)), title=_.name(visit.area)),
    ]
    which = f"{_.term(visit.hierarchy.level(visit.area.level))} {visit.area.code}"
    right = [
        html.P(html.B(_.days(visit.days))),
        html.P(_as_of(visit)),
        html.P(f"{path} · {which}" if path else which),
    ]
    return html.Header(
        [html.Div(left), html.Div(right, className="brief-when")], className="brief-head"
    )


def _as_of(visit: Visit) -> str:
    _ = visit.text
    return _("Data {words}", words=as_of_words(visit))


def _nothing(visit: Visit) -> Markup:
    _ = visit.text
    return html.Section(
        [html.H2(_("No data")), html.P(why_no_data(visit))], className="brief-nothing"
    )


def _figures(visit: Visit, facts: Facts) -> Markup:
    """Build the key figures, each with its unit, its denominator and how sure it is."""
    _, found, total = visit.text, facts.summary, facts.summary.total or 0
    names = {term.code: _.term(term) for term in visit.source.terms("status")}
    late = facts.backlog.total if facts.backlog else None
    tiles = [
        _tile(
            _("Incidents received"),
            _.number(total),
            _("incidents"),
            [_change(c, _) for c in facts.changes],
        ),
        _resolved(visit, found, names.get("resolved") or _("Resolved")),
        _tile(
            names.get("open") or _("Open"),
            _.number(found.open or 0),
            _("incidents"),
            [_("of those received in these days")],
        ),
        _tile(
            _("Overdue now"),
            "–" if late is None else _.number(late.overdue),
            _("incidents"),
            [
                ""
                if late is None
                else _(
                    "of {n} open ones with a deadline, of all days", n=_.number(with_deadline(late))
                )
            ],
        ),
    ]
    covered = visit.days_with_data
    partly = [] if covered == visit.days else [_("Only {days} have data.", days=_.days(covered))]
    notes = [html.P(words, className="brief-partly") for words in partly]
    return html.Section([html.Div(tiles, className="brief-tiles"), *notes])


def _tile(name: str, value: str, unit: str, lines: list[Any]) -> Markup:
    return html.Div(
        [
            html.P(name, className="brief-name"),
            html.P([html.B(value), " ", html.Span(unit)], className="brief-value"),
            *(html.P(line, className="brief-line") for line in lines if line),
        ],
        className="brief-tile",
    )


def _resolved(visit: Visit, found: Summary, name: str) -> Markup:
    _, total, resolved = visit.text, found.total or 0, found.resolved or 0
    if not total:
        words = (
            _("Nothing was reported that fits these filters.")
            if filter_parameters(visit.state)
            else _("Nothing was reported in these days.")
        )
        return _tile(name, "–", "", [words])
    sure = share_interval(resolved, total)
    words = _(
        "{n} of {all} received; 95% {low} to {high}",
        n=_.number(resolved),
        all=_.number(total),
        low=_.percent(float(sure.low)),
        high=_.percent(float(sure.high)),
    )
    return _tile(name, _.percent(resolved / total), "", [words])


def _change(found: Changed, _: Text) -> list[Any]:
    """Say a change with its interval, and whether chance explains it."""
    name = _("year before") if found.kind == "year" else _("period before")
    if found.then is None or found.ratio is None:
        return [f"{name}: ", _("no data")]
    ratio = found.ratio
    if found.then == 0:
        return [f"{name}: ", _("0 incidents then")]
    by = ratio.ratio - 1
    sign = "▲" if by > 0 else "▼" if by < 0 else "="
    sure = _(
        "95% {low} to {high}",
        low=_signed(ratio.low - 1, _),
        high=_signed(ratio.high - 1, _) if ratio.high < float("inf") else "∞",
    )
    told = html.B(f"{sign} {_.percent(abs(by))}")
    unsure = [] if ratio.is_distinct else [" · ", _("Not distinguishable from chance")]
    return [f"{name} ({_.number(found.then)}): ", told, f" ({sure})", *unsure]


def _signed(share: float, _: Text) -> str:
    return f"{'+' if share > 0 else '−' if share < 0 else ''}{_.percent(abs(share))}"


def _findings(visit: Visit, found: tuple[Finding, ...]) -> Markup:
    _ = visit.text
    items = [
        html.Li(
            [
                html.P([html.B(each.title), " ", each.words]),
                html.P(each.evidence, className="brief-evidence"),
            ]
        )
        for each in found
    ]
    if not found:
        rest = _("Nothing stands out more clearly than chance explains.")
    elif len(found) < SHOWN:
        rest = _("Nothing else stands out more clearly than chance explains.")
    else:
        rest = ""
    more = [html.P(rest, className="brief-evidence")] if rest else []
    head = html.H2(_("What stands out"))
    return html.Section([head, *([html.Ol(items)] if items else []), *more], className="brief-out")


def _trend(visit: Visit, picture: str, room: Room) -> Markup:
    _, days = visit.text, trend_days(visit)
    title = _("Incidents a day") if is_daily(visit) else _("Incidents a month")
    words = _(
        "{days}. Tinted: the period. Grey: what the days before it let one expect (95%), if"
        " enough are known.",
        days=_.days(days),
    )
    if not is_daily(visit):
        words += " " + _("Pale: a month of which only a part is counted.")
    if days.since >= visit.days_with_data.since:
        words += " " + _("No data is known from before the period.")
    size = _size(TREND_WIDTH_MM, room.trend_mm)
    parts = [
        html.H2(title),
        html.Img(src=picture, alt=title, className="brief-chart", id=places.CHART, **size),
        html.P(words, className="brief-evidence"),
    ]
    return html.Section(html.Div(parts, id=places.TREND), className="brief-trend")


def _foot(visit: Visit) -> Markup:
    _ = visit.text
    lines = [
        _(
            "Intervals: 95%, exact (Poisson, binomial); of differences of shares after Newcombe."
            " Probabilities are those of the like by chance; where many areas are looked at they"
            " are corrected for that (Benjamini-Hochberg)."
        ),
        credits_line(visit),
    ]
    told = [html.P(line) for line in lines if line]
    return html.Footer(told, className="brief-foot", id=places.FOOT)
