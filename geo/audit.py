"""The audit log: who did what, when, in which scope; rows are added and never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import Connection, text

from geo.database import read_sql_file

Action = Literal[
    "log_in", "log_in_failed", "log_out", "session_ended", "scope_chosen", "password_set",
    "account_added", "account_changed", "account_disabled", "account_enabled", "account_reset",
    "export", "upload", "job", "load", "undo", "backup", "restore",
    "gis_login_added", "gis_login_removed", "campaign_added", "campaign_changed",
    "campaign_closed",
]  # fmt: skip


@dataclass(frozen=True)
class Deed:
    """One line of the audit log.

    Attributes:
        actor: login of who did it; empty where nobody's is known.
        scope_code: code of the area in whose scope it was done; empty where none is known.
        action: what was done.
        role: role of the actor.
        address: network address it came from; ``None`` for the command line.
        request_id: of the request, as in the log.
        detail: what else is worth knowing; never a secret.
    """

    actor: str
    scope_code: str
    action: Action
    role: str | None = None
    address: str | None = None
    request_id: str | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


def record(connection: Connection, deed: Deed) -> None:
    """Add a line, in the transaction of what it tells of, so that both happen or neither."""
    values = {**vars(deed), "detail": json.dumps(dict(deed.detail), ensure_ascii=False)}
    connection.execute(text(read_sql_file("geo", "record_deed.sql")), values)
