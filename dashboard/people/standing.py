"""Which of many sessions may still go on: asked for streams, which outlive their request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from dashboard.people.account import Scope
from dashboard.people.statements import run
from geo.viewer import Viewer


def standing(connection: Connection, session_ids: Sequence[int]) -> Mapping[int, Viewer]:
    """Return who looks in each of these sessions now; those that may not go on are missing.

    Args:
        connection: as the gate.
        session_ids: which sessions.
    """
    rows = run(connection, "standing_sessions", {"session_ids": list(session_ids)})
    return {
        row.session_id: Scope(row.scope_slot, row.scope_code).viewer(row.role, row.login)
        for row in rows
    }
