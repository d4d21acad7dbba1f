"""The top line: where we are, the filters, language and theme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dashboard import ids
from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.export_menu import export_menu
from dashboard.components.links import button, link, toggle
from dashboard.components.markup import Markup
from dashboard.components.menu import DateRange, Menu, date_range
from dashboard.entry.here import who_is_here
from dashboard.entry.look import Look
from dashboard.paging import turn
from dashboard.period import PRESETS, Period
from dashboard.text import Text
from dashboard.visit import Visit

_KINDS = (
    ("category", "categories", ids.MENU_CATEGORY),
    ("channel", "channels", ids.MENU_CHANNEL),
    ("status", "statuses", ids.MENU_STATUS),
)


def breadcrumb(visit: Visit) -> list[Any]:
    """Build the way down to the area, and the way up again."""
    _, area = visit.text, visit.area
    up = visit.href(area=area.parents[-1].code) if area.parents else None
    steps = [
        html.Li(link(_.name(step), visit.href(area=step.code)), title=_.name(step))
        for step in area.parents
    ]
    here = html.Li(_.name(area), title=_.name(area), **aria(current="page"))
    trail = html.Ol([*steps, here], className="breadcrumb")
    return [button("↑", up, _("One level up")), trail]


def filter_bar(visit: Visit) -> list[Any]:
    """Build the choice of days and of terms, and of files of what they leave."""
    terms = [_term_menu(visit, kind, field, identity) for kind, field, identity in _KINDS]
    return [_paging(visit, -1), _period_menu(visit), _paging(visit, 1), *terms, export_menu(visit)]


def switches(visit: Visit) -> list[Any]:
    """Build the switches of theme and language."""
    return switch_links(visit.state.lang, visit.state.theme, visit.href, visit.text)


def switch_links(
    lang: str, theme: str, href: Callable[..., str], _: Text, menu: Callable[..., Any] = Menu
) -> list[Any]:
    """Build the switches of a page, and the menu of who is logged in.

    Args:
        lang: language of the page.
        theme: theme of the page.
        href: writes its address with another of the two.
        _: the words.
        menu: makes the menu of who is logged in, as of ``who_menu``.
    """
    other_theme, sign = ("light", "☀") if theme == "dark" else ("dark", "☾")
    words = {"light": _("Light theme"), "dark": _("Dark theme")}
    other_lang, name = ("en", "EN") if lang == "zh" else ("zh", "中文")
    return [
        button(sign, href(theme=other_theme), words[other_theme]),
        button(name, href(lang=other_lang), _("Chinese or English")),
        *who_is_here(Look(lang, theme), menu),
    ]


def preset_names(_: Text) -> dict[str, str]:
    """Name the periods that end with the last day of data."""
    return {
        "7d": _("Last 7 days"),
        "30d": _("Last 30 days"),
        "90d": _("Last 90 days"),
        "365d": _("Last 365 days"),
        "ytd": _("This year"),
        "all": _("All days"),
    }


def _paging(visit: Visit, pages: int) -> Markup:
    _ = visit.text
    there = turn(visit.state, visit.days, pages, visit.coverage)
    href = visit.href(period=there.period, scale=there.scale) if there else None
    return (
        button("◀", href, _("Period before")) if pages < 0 else button("▶", href, _("Period after"))
    )


def _period_menu(visit: Visit) -> Menu:
    _, period = visit.text, visit.state.period
    names = preset_names(_)
    fixed = period.since is not None
    presets = [
        link(
            [_tick(round_=True), names[preset]],
            visit.href(period=Period(preset=preset), scale=None),
            current=not fixed and preset == period.preset,
        )
        for preset in PRESETS
    ]
    value = _.days(visit.days) if fixed else names[period.preset]
    return Menu(
        [*presets, html.Hr(), _range(visit)], id=ids.MENU_PERIOD, label=_("Period"), value=value
    )


def _range(visit: Visit) -> DateRange:
    _ = visit.text
    return date_range(ids.DATE_RANGE, visit.days, visit.coverage, _("Show these days"), _)


def _term_menu(visit: Visit, kind: str, field: str, identity: str) -> Menu:
    _ = visit.text
    label = {"category": _("Category"), "channel": _("Channel"), "status": _("Status")}[kind]
    chosen: tuple[str, ...] = getattr(visit.state, field)
    terms = visit.source.terms(kind)
    names = [_.term(term) for term in terms if term.code in chosen]
    value = names[0] if len(names) == 1 else _.number(len(names)) if names else None
    everything = link([_tick(), _("All")], visit.href(**{field: ()}), current=not chosen)
    items = [_term_link(visit, kind, field, term.code, _.term(term)) for term in terms]
    return Menu(
        [everything, html.Hr(), *items], id=identity, label=label, value=value, chosen=len(names)
    )


def _term_link(visit: Visit, kind: str, field: str, code: str, name: str) -> Markup:
    chosen = set(getattr(visit.state, field))
    href = visit.href(**{field: tuple(sorted(chosen ^ {code}))})
    return toggle([_tick(), name], href, kind, code, chosen=code in chosen)


def _tick(*, round_: bool = False) -> Markup:
    return html.Span(className="tick round" if round_ else "tick", **aria(hidden="true"))
