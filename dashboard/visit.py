"""One look at the page: a state, and what the source says about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from dashboard.addresses import Misread, misread
from dashboard.answers import AreaSummary
from dashboard.campaigns.campaign import Campaign
from dashboard.campaigns.keeping import Campaigns
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.publishing.source import published
from dashboard.scales import RateOf
from dashboard.source import Source
from dashboard.state import PARAMETERS, MapState, format_url, parse
from dashboard.text import Text, text_for
from geo.errors import NotFoundError
from geo.hierarchy import Hierarchy, Level


@dataclass(frozen=True)
class Visit:
    """A state of the page, with lazily asked answers.

    Attributes:
        source: where answers come from.
        state: what the address says.
        notes: names of parameters that were not understood.
        strange: what is wrong with the address besides: parameters that there are not, given
            twice, empty.
    """

    source: Source
    state: MapState
    notes: tuple[str, ...] = ()
    strange: tuple[Misread, ...] = ()

    @classmethod
    def at(cls, source: Source, address: dict[str, str], more: tuple[str, ...] = ()) -> Visit:
        """Read an address of the page, as the browser's store keeps it.

        Args:
            source: where answers come from.
            address: its path and query string.
            more: parameters of the page besides those of the map.
        """
        state, notes = parse(address.get("pathname"), address.get("search"))
        source = published(source) if state.publish else source
        state, unknown = source.known(state)
        strange = misread(address.get("search") or "", (*PARAMETERS, *more))
        return cls(source, state, notes + unknown, tuple(strange))

    @cached_property
    def text(self) -> Text:
        """The words of the user's language."""
        return text_for(self.state.lang)

    @cached_property
    def area(self) -> AreaSummary:
        """The area in view; one that is not in scope gives way to the viewer's own."""
        if self.state.area:
            try:
                return self.source.area(self.state.area)
            except NotFoundError:
                pass
        return self.source.area(self.source.home)

    @property
    def strayed(self) -> bool:
        """Whether the address names an area that is not in scope."""
        return bool(self.state.area) and self.area.code != self.state.area

    @property
    def hierarchy(self) -> Hierarchy:
        """The levels there are."""
        return self.source.hierarchy

    @cached_property
    def layer(self) -> Level:
        """The level shown: the chosen one where it lies below the area, else its children.

        The last level has nothing below it and is shown itself.
        """
        chosen = self.state.layer if self.state.layer in self.area.layers else None
        return self.hierarchy.level(chosen or self.area.child_level or self.area.level)

    @property
    def rate(self) -> RateOf:
        """What rates are of; those published are not smoothed: hidden counts would take part."""
        return RateOf(self.state.per, self.state.smooth and not self.state.publish)

    @cached_property
    def filters(self) -> Filters:
        """What is counted."""
        return self.source.filters(self.state)

    @property
    def days(self) -> Days:
        """The days counted."""
        return self.filters.days

    @cached_property
    def coverage(self) -> Days:
        """The days that have data; no day at all when there is none."""
        return self.source.coverage() or Days(date(2000, 1, 1), date(2000, 1, 1))

    @property
    def days_with_data(self) -> Days:
        """The days counted that have data; what is compared is compared over as many."""
        return self.days.clipped(self.coverage)

    @property
    def has_data(self) -> bool:
        """Whether any day of the period has data."""
        return len(self.days_with_data) > 0

    @cached_property
    def campaigns(self) -> list[Campaign]:
        """The open campaigns of the area, of what is around it and of what is inside it."""
        kept = self.source.reopened(lambda engine, viewer, _: Campaigns(engine, viewer))
        return kept.of_area(self.area, self.days_with_data)

    def href(self, **changes: Any) -> str:
        """Return the address of this page with changes."""
        return format_url(self.state.with_(**({"area": self.area.code} | changes)))
