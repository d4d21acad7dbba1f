"""Reads and writes campaigns on behalf of a viewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text

from dashboard.answers import AreaSummary
from dashboard.campaigns.campaign import WRITERS, Campaign, Draft
from dashboard.errors import ForbiddenError
from dashboard.people.account import By
from dashboard.period import Days
from geo.audit import Action, Deed, record
from geo.database import read_sql_file, transaction, writing
from geo.errors import NotFoundError
from geo.viewer import Viewer

MOST = 200
"""So many campaigns are listed."""

MOST_OF_AREA = 5
"""So many are told beside the figures of an area."""

_LARGEST = 2**63 - 1


class Campaigns:
    """The campaigns of a viewer's scope; those of other scopes do not exist for them."""

    def __init__(self, engine: Engine, viewer: Viewer, by: By | None = None) -> None:
        self.viewer = viewer
        self._engine = engine
        self._by = by or By(viewer.login, viewer.role, viewer.scope_code)

    @property
    def may_write(self) -> bool:
        """Whether the viewer may add and close campaigns."""
        return self.viewer.role in WRITERS

    def require_writer(self) -> None:
        """Refuse those who may only look.

        Raises:
            ForbiddenError: the viewer's role keeps no campaigns.
        """
        if not self.may_write:
            raise ForbiddenError(f"campaigns are kept by the roles {', '.join(WRITERS)}")

    def listed(self) -> list[Campaign]:
        """Return the campaigns, open ones first, the latest first."""
        query = text(_sql("list_campaigns"))
        with transaction(self._engine, self.viewer) as connection:
            return [_campaign(row) for row in connection.execute(query, {"most": MOST})]

    def of_area(self, area: AreaSummary, days: Days) -> list[Campaign]:
        """Return open campaigns that touch an area and days; those of all of it come first.

        Args:
            area: an area in scope.
            days: those looked at.
        """
        codes = [area.code, *(step.code for step in area.parents)]
        values = {
            "area_code": area.code,
            "around": codes,
            "is_top": area.code == self.viewer.scope_code,
            "since": days.since,
            "until": days.until,
            "most": MOST_OF_AREA,
        }
        query = text(_sql("campaigns_of_area"))
        with transaction(self._engine, self.viewer) as connection:
            return [_campaign(row) for row in connection.execute(query, values)]

    def one(self, campaign_id: int) -> Campaign:
        """Return a campaign.

        Raises:
            NotFoundError: there is none in scope.
        """
        if campaign_id > _LARGEST:
            raise NotFoundError("no such campaign")
        query = text(_sql("read_campaign"))
        with transaction(self._engine, self.viewer) as connection:
            row = connection.execute(query, {"campaign_id": campaign_id}).one_or_none()
        if row is None:
            raise NotFoundError("no such campaign")
        return _campaign(row)

    def add(self, draft: Draft) -> int | None:
        """Add a campaign in the viewer's name.

        Returns:
            Its number; ``None`` where the area is not in scope.

        Raises:
            ForbiddenError: the viewer's role does not add campaigns.
        """
        self.require_writer()
        values = {**_values(draft), "area_code": draft.area_code, "author": self.viewer.login}
        with writing(self._engine, self.viewer) as connection:
            found: int | None = connection.execute(text(_sql("add_campaign")), values).scalar()
            if found is not None:
                self._note(connection, "campaign_added", _told(found, draft) | _terms(draft))
            return found

    def change(self, campaign_id: int, draft: Draft) -> None:
        """Change what a campaign says of itself; its area stays what it is.

        Raises:
            ForbiddenError: the viewer's role does not change campaigns.
            NotFoundError: there is none in scope that is open.
        """
        with self._altering("change_campaign", campaign_id, _values(draft)) as (connection, before):
            if before != draft:
                self._note(connection, "campaign_changed", _changes(campaign_id, before, draft))

    def close(self, campaign_id: int) -> None:
        """Put a campaign aside; its figures stay to be seen.

        Raises:
            ForbiddenError: the viewer's role does not close campaigns.
            NotFoundError: there is none in scope that is open.
        """
        values = {"login": self.viewer.login}
        with self._altering("close_campaign", campaign_id, values) as (connection, closed):
            self._note(connection, "campaign_closed", _told(campaign_id, closed))

    @contextmanager
    def _altering(
        self, statement: str, campaign_id: int, values: Mapping[str, object]
    ) -> Iterator[tuple[Connection, Draft]]:
        """Alter an open campaign; what the statement returns of it is noted in its transaction."""
        self.require_writer()
        if campaign_id > _LARGEST:
            raise NotFoundError("no such campaign")
        values = {**values, "campaign_id": campaign_id}
        with writing(self._engine, self.viewer) as connection:
            row = connection.execute(text(_sql(statement)), values).one_or_none()
            if row is None:
                raise NotFoundError("no such campaign")
            yield connection, _draft(row)

    def _note(self, connection: Connection, action: Action, told: dict[str, object]) -> None:
        """Write down what was done, in the transaction that does it."""
        by = self._by
        deed = Deed(by.login, by.scope_code, action, by.role, by.address, by.request_id, told)
        record(connection, deed)


def _values(draft: Draft) -> dict[str, object]:
    return {
        "name": draft.name,
        "categories": [draft.category] if draft.category else [],
        "channels": [draft.channel] if draft.channel else [],
        "since": draft.days.since,
        "until": draft.days.until,
    }


def _told(number: int, draft: Draft) -> dict[str, object]:
    """What the audit log says of a campaign."""
    days = f"{draft.days.since} – {draft.days.last}"
    return {"campaign": number, "name": draft.name, "area": draft.area_code, "days": days}


def _terms(draft: Draft) -> dict[str, object]:
    return {"category": draft.category, "channel": draft.channel}


def _changes(number: int, before: Draft, after: Draft) -> dict[str, object]:
    """The same of a change: of what became something else, what it was and what it is."""
    was, now = (_told(number, each) | _terms(each) for each in (before, after))
    return {
        key: value if value == was[key] else [was[key] or "–", value or "–"]
        for key, value in now.items()
    }


def _draft(row: Any) -> Draft:
    """What a row says; a campaign made here has one term of a kind at most."""
    days = Days(row.since, row.until)
    return Draft(row.name, row.area_code, ", ".join(row.categories), ", ".join(row.channels), days)


def _campaign(row: Any) -> Campaign:
    return Campaign(
        row.campaign_id,
        row.name,
        row.area_code,
        tuple(row.categories),
        tuple(row.channels),
        Days(row.since, row.until),
        row.author,
        row.created_at,
        row.closed_at,
    )


def _sql(name: str) -> str:
    return read_sql_file("dashboard.campaigns", f"{name}.sql")
