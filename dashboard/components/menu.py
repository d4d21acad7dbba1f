"""Buttons that open a panel of links, and the choice of two days (assets/menu.js)."""

from __future__ import annotations

from dashboard.components.base import OwnComponent


class Menu(OwnComponent):
    """A button that opens a panel; ``value`` is what is chosen, ``chosen`` how many."""

    takes = ("label", "value", "chosen")


class DateRange(OwnComponent):
    """Two days to choose, as ISO dates; going writes them into the address.

    ``writes`` names the two parameters written, by default from and to, and those voided.
    """

    takes = ("first", "last", "min", "max", "text", "writes")
