"""Buttons that open a panel of links, and the choice of two days (assets/menu.js)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.base import OwnComponent
from dashboard.components.markup import Markup
from dashboard.period import Days
from dashboard.text import Text


class Menu(OwnComponent):
    """A button that opens a panel; ``value`` is what is chosen, ``chosen`` how many."""

    takes = ("label", "value", "chosen")


def plain_menu(children: Sequence[Any], *, id: str, label: str) -> Markup:  # noqa: A002
    """Build the same for a page that the server writes: it opens without a script."""
    sign = html.Span(className="chevron", **aria(hidden="true"))
    button = html.Summary(
        [html.Span(label, className="menu-label"), sign], id=id, className="menu-button"
    )
    panel = html.Div(
        children, id=f"{id}-panel", className="menu-panel", role="group", **aria(label=label)
    )
    return html.Details([button, panel], className="menu")


class DateRange(OwnComponent):
    """Two days to choose, as ISO dates; going writes them into the address.

    ``writes`` names the two parameters written, by default from and to, and those voided.
    """

    takes = ("first", "last", "min", "max", "text", "writes")


def date_range(
    identity: str, days: Days, coverage: Days, apply: str, _: Text, writes: Sequence[str] = ()
) -> DateRange:
    """Build the choice of two days among those covered.

    Args:
        identity: of the component.
        days: those chosen now.
        coverage: those that can be chosen.
        apply: what its button says.
        _: the words.
        writes: as of ``DateRange``.
    """
    return DateRange(
        id=identity,
        first=days.since.isoformat(),
        last=days.last.isoformat(),
        min=coverage.since.isoformat(),
        max=coverage.last.isoformat(),
        text=day_words(_) | {"first": _("First day"), "last": _("Last day"), "apply": apply},
        **({"writes": list(writes)} if writes else {}),
    )


def day_words(_: Text) -> dict[str, str]:
    """Return what a field for a day says (assets/day-field.js)."""
    return {"form": _("yyyy-mm-dd"), "calendar": _("Choose in a calendar")}
