"""One look at the admin's page: its state, and what the roster says about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from dashboard.components.local_zone import local_zone
from dashboard.roster.answers import Person, Place
from dashboard.roster.roster import Roster
from dashboard.roster.state import PeopleState, parse_people
from dashboard.source import Source
from dashboard.text import Text, text_for
from geo.errors import NotFoundError
from geo.hierarchy import SLOTS


@dataclass(frozen=True)
class PeopleVisit:
    """A state of the admin's page, with lazily asked answers.

    Attributes:
        roster: accounts, sessions and the log.
        source: figures about areas, for the names of their levels.
        state: what the address says.
        session_id: the session that looks.
    """

    roster: Roster
    source: Source
    state: PeopleState
    session_id: int | None = None
    _places: dict[str, Place | None] = field(default_factory=dict, repr=False)

    @classmethod
    def at(
        cls,
        roster: Roster,
        source: Source,
        address: dict[str, str] | None,
        session_id: int | None = None,
    ) -> PeopleVisit:
        """Read an address of the page."""
        place = address or {}
        state = parse_people(place.get("pathname"), place.get("search"))
        return cls(roster, source, state, session_id)

    @cached_property
    def text(self) -> Text:
        """The words of the user's language."""
        return text_for(self.state.lang)

    @cached_property
    def person(self) -> Person | None:
        """The account shown, if the address names one in scope."""
        try:
            return self.roster.account(self.state.account) if self.state.account else None
        except NotFoundError:
            return None

    @property
    def is_self(self) -> bool:
        """Whether the account shown is the admin's own."""
        return self.person is not None and self.person.login == self.roster.viewer.login

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the areas; before any are loaded, China's."""
        return local_zone(self.source)

    def moment(self, moment: datetime) -> str:
        """Write a moment in the time zone of the areas."""
        return self.text.moment(moment.astimezone(self.zone))

    def know(self, codes: Iterable[str]) -> None:
        """Ask for the names of areas together, before each of them is written."""
        unknown = {code for code in codes if code} - self._places.keys()
        found = self.roster.places(unknown)
        self._places.update({code: found.get(code) for code in unknown})

    def place(self, code: str) -> Place | None:
        """The area of a code; ``None`` where there is none in scope."""
        self.know([code])
        return self._places.get(code)

    def place_name(self, code: str) -> str:
        """Name an area; one that is not there keeps its code."""
        place = self.place(code)
        return self.text.name(place) if place else code

    def level_name(self, slot: int) -> str:
        """Name a level; before any areas are loaded, by the slot's own word."""
        try:
            level = self.source.hierarchy.at(slot)
        except NotFoundError:
            level = None
        return self.text.term(level) if level else SLOTS[slot]


def described(place: Place, visit: PeopleVisit) -> dict[str, str]:
    """Describe an area as the browser offers it for a scope."""
    above = place.above_en if visit.state.lang == "en" else place.above
    return {
        "code": place.code,
        "name": visit.text.name(place),
        "path": " › ".join(above),
        "level": visit.level_name(place.level),
    }
