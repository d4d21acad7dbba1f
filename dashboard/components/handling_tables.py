"""Tables of handlers: areas and organisations, sorted by a column, summed in the last row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria, data
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.handling.answers import Handler, Handling, Outcome
from dashboard.text import Text
from dashboard.visit import Visit

MAX_ROWS = 100

Words = Callable[[Text], str]


@dataclass(frozen=True)
class Column:
    """A column of figures.

    Attributes:
        sort: what the address calls it; empty where it does not sort.
        head, meaning: its head, and what that stands for.
        key: what rows are sorted by, the smallest first; ``None`` where it is unknown.
        cell: what is shown.
        quiet: whether the column stands back behind the others.
    """

    sort: str
    head: Words
    meaning: Words
    key: Callable[[Outcome], float | tuple[int, ...] | None]
    cell: Callable[[Handler, Text], Any]
    quiet: bool = False


def _share(handler: Handler, _: Text) -> Any:
    outcome = handler.outcome
    if outcome.share is None:
        return "–"
    limits = f"{_.percent(outcome.share_low)}–{_.percent(outcome.share_high)}"
    marks = {
        "below": ("▼ ", "worse", _("lower than that of the others together, beyond chance")),
        "above": ("▲ ", "better", _("higher than that of the others together, beyond chance")),
    }
    share = _.percent(outcome.share)
    if handler.verdict not in marks:
        return [share, html.Small(limits)]
    sign, look, meaning = marks[handler.verdict]
    parts = [html.B(sign), share, html.Span(f" {meaning}", className="unseen")]
    return [html.Span(parts, className=f"change {look}", title=meaning), html.Small(limits)]


def _days(handler: Handler, _: Text) -> Any:
    outcome = handler.outcome
    if outcome.days is None:
        return "–"
    low, median, high = (
        days_words(_, each) for each in (outcome.days.low, outcome.days.median, outcome.days.high)
    )
    return [median, html.Small(f"{low}–{high}")]


def days_words(_: Text, days: float) -> str:
    """Write days, with a decimal where there is one."""
    return _.number(days, 0 if days == round(days) else 1)


def _band(at: int, head: str, sort: str = "") -> Column:
    return Column(
        sort,
        lambda _: head,
        lambda _: _("days past the deadline: {days}", days=head),
        lambda outcome: tuple(-n for n in reversed(outcome.late)),
        lambda each, _: _.number(each.outcome.late[at]),
        quiet=True,
    )


OUTCOMES = (
    Column(
        "received",
        lambda _: _("Taken in"),
        lambda _: _("incidents of the period"),
        lambda outcome: -outcome.received,
        lambda each, _: _.number(each.outcome.received),
    ),
    Column(
        "share",
        lambda _: _("Share resolved"),
        lambda _: _("resolved ÷ received, with the 95 % interval"),
        lambda outcome: outcome.share,
        _share,
    ),
    Column(
        "days",
        lambda _: _("Days taken"),
        lambda _: _("median days from receipt to resolution, and the middle half"),
        lambda outcome: None if outcome.days is None else -outcome.days.median,
        _days,
    ),
)
BACKLOG = (
    _band(0, "0–7"),
    _band(1, "8–30"),
    _band(2, "31–90"),
    _band(3, "> 90", "oldest"),
    Column(
        "overdue",
        lambda _: _("Overdue"),
        lambda _: _("open incidents past their deadline"),
        lambda outcome: (-outcome.overdue, -outcome.open),
        lambda each, _: _.number(each.outcome.overdue),
    ),
    Column(
        "",
        lambda _: _("of open"),
        lambda _: _("all open incidents"),
        lambda outcome: -outcome.open,
        lambda each, _: _.number(each.outcome.open),
        quiet=True,
    ),
)


@dataclass(frozen=True)
class _Part:
    """What one table is about.

    Attributes:
        unnamed: what a handler without a name is called.
        last: rows after all others, in any order, by what they are called.
    """

    title: str
    unnamed: str
    handlers: tuple[Handler, ...]
    last: dict[str, Handler]


def handlers_table(visit: Visit, columns: tuple[Column, ...], found: Handling) -> list[Markup]:
    """Build the tables of areas and of organisations; both end with the same sum."""
    _ = visit.text
    others = _("{n} other organisations", n=_.number(found.others))
    rest = {others: found.rest} if found.rest else {}
    parts = [_Part(_("Organisation"), _("not recorded"), found.organisations, rest)]
    if visit.area.child_level:
        level = _.term(visit.hierarchy.level(visit.area.child_level))
        coarser = {_("known only more coarsely"): found.coarser} if found.coarser else {}
        parts.insert(0, _Part(level, "", found.areas, coarser))
    return [each for part in parts for each in _table(visit, columns, part, found.total)]


def _table(visit: Visit, columns: tuple[Column, ...], part: _Part, total: Outcome) -> list[Markup]:
    _, ordered = visit.text, _sorted(visit, columns, part.handlers)
    rows = [_row(visit, columns, each, part.unnamed) for each in ordered[:MAX_ROWS]]
    rows += [_row(visit, columns, each, name) for name, each in part.last.items()]
    whole = Handler(None, None, None, None, total)
    cells = [html.Td(column.cell(whole, _)) for column in columns]
    rows.append(html.Tr([html.Td(_("Together")), *cells], className="sum"))
    table = html.Table(
        [html.Thead(html.Tr(_heads(visit, part.title, columns))), html.Tbody(rows)],
        className=f"ranking handling columns-{len(columns)}",
        **aria(label=part.title),
    )
    if len(ordered) <= MAX_ROWS:
        return [table]
    words = _("The first {shown} of {all}.", shown=_.number(MAX_ROWS), all=_.number(len(ordered)))
    return [table, html.P(words, className="more")]


def _sorted(
    visit: Visit, columns: tuple[Column, ...], handlers: tuple[Handler, ...]
) -> list[Handler]:
    """Put handlers in order; those without the figure come last, ties go by name."""
    if visit.state.sort == "name":
        return sorted(handlers, key=lambda each: each.name or "")
    key = _current(visit, columns).key

    def place(each: Handler) -> tuple[Any, ...]:
        figure = key(each.outcome)
        return (figure is None, 0 if figure is None else figure, each.code or each.name or "")

    return sorted(handlers, key=place)


def _current(visit: Visit, columns: tuple[Column, ...]) -> Column:
    """The column sorted by: the one asked for, else that of the most received or overdue."""
    usual = ("received", "overdue")
    chosen = next((column for column in columns if column.sort == visit.state.sort), None)
    return chosen or next(column for column in columns if column.sort in usual)


def _heads(visit: Visit, title: str, columns: tuple[Column, ...]) -> list[Markup]:
    _, by_name = visit.text, visit.state.sort == "name"
    current = None if by_name else _current(visit, columns)
    marks: dict[str, Any] = {"aria-sort": "ascending"} if by_name else {}
    first = link(title + (" ↑" if by_name else ""), visit.href(sort="name"))
    heads = [html.Th(first, scope="col", **marks)]
    for column in columns:
        words = column.head(_)
        # The worst comes first: the lowest share, the most of everything else.
        way = "ascending" if column.sort == "share" else "descending"
        attributes: dict[str, Any] = {"scope": "col", "title": column.meaning(_)}
        if column is current:
            attributes["aria-sort"] = way
            words += " ↑" if way == "ascending" else " ↓"
        head = link(words, visit.href(sort=column.sort)) if column.sort else words
        heads.append(html.Th(head, **attributes))
    return heads


def _row(visit: Visit, columns: tuple[Column, ...], handler: Handler, unnamed: str) -> Markup:
    _ = visit.text
    name = (visit.state.lang == "en" and handler.name_en) or handler.name
    marks: dict[str, Any] = {}
    if handler.code is not None and name is not None:
        shown: Any = link(_.within(name, visit.area), visit.href(area=handler.code))
        marks = data(area_id=str(handler.area_id))
    elif name is not None:
        shown = name
    else:
        shown = html.Span(unnamed, className="quiet")
    cells = [
        html.Td(column.cell(handler, _), className="quiet" if column.quiet else "")
        for column in columns
    ]
    return html.Tr([html.Td(shown, title=name or ""), *cells], **marks)
