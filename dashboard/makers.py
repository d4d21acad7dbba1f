"""Makes what one request works with, seen by whoever sent it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from dashboard.briefing.briefs import Briefs
from dashboard.campaigns.keeping import Campaigns
from dashboard.components.people.people_visit import PeopleVisit
from dashboard.desk.desk import Desk
from dashboard.desk.files import Folders
from dashboard.exporting.exports import Exports
from dashboard.publishing.doors import is_publishing
from dashboard.publishing.source import PublishedSource
from dashboard.roster.changes import Changes
from dashboard.roster.roster import Roster
from dashboard.server.acting import acting
from dashboard.server.gate import current_session, current_viewer
from dashboard.source import Source
from dashboard.store import Store
from dashboard.text import Text


@dataclass(frozen=True)
class Makers:
    """What all requests share, and how each gets what is its own; called within a request.

    Attributes:
        engine: connections of the application.
        store: keeps what several requests need.
        folders: of the data page's files.
    """

    engine: Engine
    store: Store
    folders: Folders

    def source(self) -> Source:
        """Where figures come from: in the publishable mode those that may be published."""
        kind = PublishedSource if is_publishing() else Source
        return kind(self.engine, current_viewer(), self.store)

    def desk(self) -> Desk:
        """What the data page works with."""
        return Desk(self.engine, current_viewer(), self.folders, acting())

    def exports(self) -> Exports:
        """What writes files of figures."""
        return Exports(self.engine, self.source(), acting())

    def briefs(self) -> Briefs:
        """What writes briefs."""
        return Briefs(self.exports())

    def campaigns(self) -> Campaigns:
        """What keeps campaigns."""
        return Campaigns(self.engine, current_viewer(), acting())

    def people(self, address: dict[str, str]) -> PeopleVisit:
        """The people page at an address."""
        found = Roster(self.engine, current_viewer(), acting())
        return PeopleVisit.at(found, self.source(), address, current_session().session_id)

    def changes(self, words: Text) -> Changes:
        """What changes accounts, and says so in some words."""
        return Changes(self.engine, current_viewer(), acting(), words)
