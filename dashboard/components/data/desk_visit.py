"""One look at the data page: its state, and what the desk says about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.components.local_zone import local_zone
from dashboard.desk.desk import Batch, Desk, Job
from dashboard.desk.news import news
from dashboard.desk.state import DeskState, parse_desk
from dashboard.period import Days
from dashboard.source import Source
from dashboard.text import Text, text_for
from geo.errors import NotFoundError

_HIERARCHY = "china"


@dataclass(frozen=True)
class DeskVisit:
    """A state of the data page, with lazily asked answers.

    Attributes:
        desk: files, jobs and batches.
        source: figures about areas.
        state: what the address says.
    """

    desk: Desk
    source: Source
    state: DeskState

    @classmethod
    def at(cls, desk: Desk, source: Source, address: dict[str, str] | None) -> DeskVisit:
        """Read an address of the page."""
        return cls(desk, source, parse_desk((address or {}).get("search")))

    @cached_property
    def text(self) -> Text:
        """The words of the user's language."""
        return text_for(self.state.lang)

    @cached_property
    def marks(self) -> dict[str, Any]:
        """What ``dashboard.desk.news`` tells of this state now."""
        return news(self.desk, self.state.job)

    @cached_property
    def job(self) -> Job | None:
        """The job shown, if the address names one in scope."""
        try:
            return self.desk.job(self.state.job) if self.state.job else None
        except NotFoundError:
            return None

    @cached_property
    def batch(self) -> Batch | None:
        """The batch shown, if the address names one in scope."""
        try:
            return self.desk.batch(self.state.batch) if self.state.batch else None
        except NotFoundError:
            return None

    @cached_property
    def hierarchy_key(self) -> str:
        """The key of the hierarchy in use; before any areas are loaded, China's."""
        try:
            return self.source.hierarchy.key
        except NotFoundError:
            return _HIERARCHY

    @property
    def is_part(self) -> bool:
        """Whether the desk is of a part of the areas: batches of others are not in its scope."""
        return self.desk.viewer.scope_slot > 0

    @cached_property
    def coverage(self) -> Days | None:
        """The days with data, the same in every scope; ``None`` before there are any."""
        try:
            return self.source.coverage()
        except NotFoundError:
            return None

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone of the areas; before any are loaded, China's."""
        return local_zone(self.source)
