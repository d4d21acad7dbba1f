"""The key figures of both sides, pair by pair, with their difference and its interval."""

from __future__ import annotations

from typing import Any

from dashboard.answers import Summary
from dashboard.comparing.comparison import Comparison
from dashboard.comparing.pairs import Exposure, exposure
from dashboard.components import markup as html
from dashboard.components.comparing.bar import badge, side_label
from dashboard.components.comparing.words import ratio_words, share_words
from dashboard.components.markup import Markup
from dashboard.components.peers_words import kind_names
from dashboard.rating import rate_words
from dashboard.text import Text
from geo.proportions import share_difference
from geo.rates import PER
from geo.ratios import rate_ratio


def figures(comparison: Comparison) -> list[Any]:
    """Build the table of pairs, and what must be known to read it."""
    _ = comparison.text
    first, second = (side.source.summary(side.area.code, side.filters) for side in comparison.sides)
    over = exposure(comparison)
    rows = [_counts(first, second, over, _), *_rates(comparison, first, second)]
    rows += _outcomes(comparison, first, second)
    table = html.Table([html.Thead(pair_head(comparison, "")), html.Tbody(rows)], className="pairs")
    title = html.H2(_("Key figures"), className="block-title")
    return [html.Div(title, className="block-head"), table, *_remarks(comparison, over)]


def rate_unit(comparison: Comparison) -> str:
    """Name the unit of rates: per 1,000 people, or households."""
    return rate_words(comparison.first.rate, comparison.text)["unit"]


def pair_head(comparison: Comparison, what: str) -> Markup:
    """Build the head of a table of pairs."""
    _ = comparison.text
    sides = [
        html.Th(badge(which), scope="col", title=side_label(comparison, which)) for which in (0, 1)
    ]
    against = _("A against B, 95 % interval")
    return html.Tr([html.Th(what, scope="col"), *sides, html.Th(against, scope="col")])


def _counts(first: Summary, second: Summary, over: Exposure, _: Text) -> Markup:
    """The incidents; where they are counted over unequal days or people, without a ratio."""
    by: Any = html.Span("–", className="quiet", title=_("Not to be compared"))
    known = first.total is not None and second.total is not None
    if known and over.unit == "days" and over.is_equal:
        found = rate_ratio(first.total or 0, second.total or 0)
        by = ratio_words(found.ratio, found.low, found.high, found.is_distinct, _)
    unit = _("incidents")
    cells = (_number(first.total, _), _number(second.total, _))
    return _row(_("Incidents"), unit, cells, by)


def _rates(comparison: Comparison, first: Summary, second: Summary) -> list[Markup]:
    """The incidents by day, or by 1,000 people, where that makes them comparable."""
    _, over = comparison.text, exposure(comparison)
    if first.total is None or second.total is None or (over.unit == "days" and over.is_equal):
        return []
    per, unit = (1, _("per day")) if over.unit == "days" else (PER, rate_unit(comparison))
    if not (over.first > 0 and over.second > 0):
        return [_row(_("Rate"), unit, (_missing(_), _missing(_)), "–")]
    found = rate_ratio(first.total, second.total, over.first, over.second)
    rates = (per * first.total / over.first, per * second.total / over.second)
    by = ratio_words(found.ratio, found.low, found.high, found.is_distinct, _)
    return [_row(_("Rate"), unit, (_.number(rates[0], 2), _.number(rates[1], 2)), by)]


def _outcomes(comparison: Comparison, first: Summary, second: Summary) -> list[Markup]:
    """How the incidents end, as shares of those received.

    Of two periods the later one had less time to end them: there no share is worse.
    """
    _, judged = comparison.text, comparison.of_areas
    names = {term.code: _.term(term) for term in comparison.source.terms("status")}
    kinds = [
        (names.get("resolved") or _("Resolved"), first.resolved, second.resolved, False),
        (names.get("open") or _("Open"), first.open, second.open, True),
        (_("Overdue"), first.overdue, second.overdue, True),
    ]
    return [
        _share(name, (own, first.total), (other, second.total), worse if judged else None, _)
        for name, own, other, worse in kinds
    ]


def _share(
    name: str,
    own: tuple[int | None, int | None],
    other: tuple[int | None, int | None],
    worse_if_more: bool | None,
    _: Text,
) -> Markup:
    cells = (_part(*own, _), _part(*other, _))
    by: Any = html.Span("–", className="quiet", title=_("Not to be compared"))
    if all(value is not None for value in (*own, *other)):
        found = share_difference(own[0] or 0, own[1] or 0, other[0] or 0, other[1] or 0)
        by = share_words(found, worse_if_more, _)
    return _row(name, _("of those received"), cells, by)


def _part(hits: int | None, total: int | None, _: Text) -> Any:
    if hits is None or total is None:
        return _missing(_)
    if not total:
        return html.Span("–", className="quiet", title=_("none"))
    return html.Span(
        [_.percent(hits / total), html.Span(_.number(hits), className="quiet interval")],
        title=_("{n} of {all} incidents", n=_.number(hits), all=_.number(total)),
    )


def _row(name: str, unit: str, sides: tuple[Any, Any], by: Any) -> Markup:
    # Where the figure is its own unit it is written once.
    units = [] if unit.casefold() == name.casefold() else [unit]
    head = html.Th([name, *(html.Span(one, className="quiet unit") for one in units)], scope="row")
    return html.Tr([head, *(html.Td(side) for side in sides), html.Td(by)])


def _number(value: int | None, _: Text) -> Any:
    return _missing(_) if value is None else _.number(value)


def _missing(_: Text) -> Markup:
    return html.Span(_("no data"), className="quiet")


def _remarks(comparison: Comparison, over: Exposure) -> list[Markup]:
    _, (first, second) = comparison.text, comparison.sides
    said = []
    if over.unit == "days" and not over.is_equal:
        said.append(
            _(
                "The periods have {n} and {m} days with data: they are compared day by day.",
                n=_.number(over.first),
                m=_.number(over.second),
            )
        )
    if over.unit == "days":
        said.append(
            _("Later incidents have had less time to be resolved: their shares are not judged.")
        )
    kinds = [kind_names(_).get(side.area.kind or "", side.area.kind) for side in (first, second)]
    if comparison.of_areas and kinds[0] != kinds[1]:
        said.append(_("These areas are of different kinds: {n} and {m}.", n=kinds[0], m=kinds[1]))
    said.append(_("Intervals take incidents to come independently of each other."))
    return [html.P(words, className="more") for words in said]
