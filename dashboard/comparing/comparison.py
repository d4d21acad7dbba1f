"""One look at the page that compares: two visits that differ in one thing."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from dashboard.addresses import Misread, misread
from dashboard.comparing.state import OWN_PARAMETERS, CompareState, parse_compare
from dashboard.period import Days, Period
from dashboard.source import Source
from dashboard.state import PARAMETERS
from dashboard.text import Text
from dashboard.visit import Visit
from geo.errors import NotFoundError


@dataclass(frozen=True)
class Side(Visit):
    """One side of a comparison: a visit whose links stay on the page.

    Attributes:
        where: what the address compares.
    """

    where: CompareState = field(default_factory=CompareState)

    def href(self, **changes: Any) -> str:
        """Return the address of this page with changes."""
        return self.where.href(**changes)


@dataclass(frozen=True)
class Comparison:
    """Two areas, or two periods of one area, as an address names them.

    Attributes:
        source: where answers come from.
        asked: what the address says.
        notes: names of parameters that were not understood.
        strange: what is wrong with the address besides.
    """

    source: Source
    asked: CompareState
    notes: tuple[str, ...] = ()
    strange: tuple[Misread, ...] = ()

    @classmethod
    def at(cls, source: Source, address: dict[str, str]) -> Comparison:
        """Read an address of the page."""
        asked, notes = parse_compare(address.get("pathname"), address.get("search"))
        first, unknown = source.known(asked.first)
        strange = misread(address.get("search") or "", (*PARAMETERS, *OWN_PARAMETERS))
        return cls(source, asked.with_(first=first), notes + unknown, tuple(strange))

    @property
    def text(self) -> Text:
        """The words of the user's language."""
        return self.first.text

    @cached_property
    def state(self) -> CompareState:
        """What is compared: codes that are not in view, or of another level, are left out."""
        area = Visit(self.source, self.asked.first).area
        first = replace(self.asked.first, area=area.code, view="areas", sort="value", play="")
        state = self.asked.with_(first=first, other=self._same_level(area.slot, area.code))
        return state.with_(first=replace(first, layer=self._layer(state)))

    @property
    def of_areas(self) -> bool:
        """Whether two areas are compared, and not two periods."""
        return bool(self.state.other)

    @cached_property
    def first(self) -> Side:
        """The side the address begins with."""
        return Side(self.source, self.state.first, self.notes, where=self.state)

    @cached_property
    def second(self) -> Side:
        """The side it is compared with; its map has the classes of the first one's."""
        state = self.state.first
        if self.of_areas:
            return Side(self.source, replace(state, area=self.state.other), where=self.state)
        period, scale = Period.over(self.other_days), state.scale or self.first.days
        return Side(self.source, replace(state, period=period, scale=scale), where=self.state)

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both sides."""
        return self.first, self.second

    @property
    def other_days(self) -> Days:
        """The days of the second side where it is the same area.

        A period that reaches past the last day of data ends there, so that it is compared
        with as many days.
        """
        if self.state.days:
            return self.state.days
        days = self.first.days_with_data if self.first.has_data else self.first.days
        return days.before() if self.state.against == "before" else days.year_before()

    @property
    def strayed(self) -> str:
        """The first code of the address that is not in view."""
        asked, state = self.asked, self.state
        if asked.first.area and asked.first.area != state.first.area:
            return asked.first.area
        return asked.other if asked.other and self._slot(asked.other) is None else ""

    @property
    def mismatched(self) -> bool:
        """Whether the other area is of another level, so that it is not compared."""
        return bool(self.asked.other) and not (self.of_areas or self.strayed or self.itself)

    @property
    def itself(self) -> bool:
        """Whether the other area is the same one, so that two of its periods are shown."""
        return bool(self.asked.other) and self.asked.other == self.state.first.area

    @property
    def swapped(self) -> str:
        """The address with both sides changed round."""
        state = self.state
        if self.of_areas:
            return state.with_(
                first=replace(state.first, area=state.other), other=state.first.area
            ).href()
        period = Period.over(self.other_days)
        days = self.first.days_with_data if self.first.has_data else self.first.days
        return state.with_(first=replace(state.first, period=period, scale=None), days=days).href()

    @cached_property
    def peer(self) -> str:
        """Code of the area most like the first one: of its level and kind, nearest in people.

        Empty where nothing else of its level is in view.
        """
        lineage = self.source.picture.lineage
        row = lineage.row(self.state.first.area)
        rows = np.flatnonzero(lineage.current & (lineage.slots == lineage.slots[row]))
        rows = rows[rows != row]
        if not len(rows):
            return ""
        kind = lineage.text("kind", row)
        kinds = lineage.table["kind"].take(rows).to_pylist()
        other_kind = np.array([each != kind for each in kinds])
        people = lineage.numbers("population")
        away = np.nan_to_num(np.abs(people[rows] - people[row]), nan=np.inf)
        return lineage.text("code", int(rows[np.lexsort((rows, away, other_kind))[0]])) or ""

    def _same_level(self, slot: int, code: str) -> str:
        other = self.asked.other
        return other if other != code and self._slot(other) == slot else ""

    def _slot(self, code: str) -> int | None:
        try:
            return self.source.area(code).slot
        except NotFoundError:
            return None

    def _layer(self, state: CompareState) -> str:
        """The chosen level where both sides have it, else the first that both have."""
        if not state.other:
            return state.first.layer
        own = self.source.area(state.first.area).layers
        both = [key for key in own if key in self.source.area(state.other).layers]
        chosen = state.first.layer
        return chosen if chosen in both else next(iter(both), "")
