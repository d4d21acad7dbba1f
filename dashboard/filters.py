"""Which incidents are counted: days and terms."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dashboard.period import Days

KINDS = ("category", "channel", "status")


@dataclass(frozen=True)
class Filters:
    """Days and terms; an empty set of a kind means every term of it.

    Attributes:
        days: whole local days, half-open.
        categories, channels, statuses: ids of terms.
    """

    days: Days
    categories: frozenset[int] = frozenset()
    channels: frozenset[int] = frozenset()
    statuses: frozenset[int] = frozenset()

    def during(self, days: Days) -> Filters:
        """Return the same terms over other days."""
        return replace(self, days=days)
