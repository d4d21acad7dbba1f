"""What the roster answers: plain values, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

STATES = ("active", "invited", "disabled")
"""How an account stands; who is invited has no password yet."""


@dataclass(frozen=True)
class Person:
    """An account with what an admin wants to know about it.

    Attributes:
        scope_codes: codes of the areas it may see.
        state: one of ``STATES``.
        subject: who the identity provider says it is, where one vouches for it.
        is_demo: entered by one click, in the demo alone.
        password_at: when its password was set.
        seen_at: when one of its sessions last asked for something.
        sessions: how many of them are open.
        invited_until: when its one-time link ends, if there is one that was not used.
        read_at: when all this was so.
    """

    account_id: int
    login: str
    name: str
    role: str
    scope_codes: tuple[str, ...]
    state: str
    subject: str | None
    is_demo: bool
    created_at: datetime
    created_by: str
    disabled_at: datetime | None
    password_at: datetime | None
    seen_at: datetime | None
    sessions: int
    invited_until: datetime | None
    read_at: datetime

    @property
    def is_own(self) -> bool:
        """Whether it is kept here: neither the identity provider's nor the demo's."""
        return self.subject is None and not self.is_demo


@dataclass(frozen=True)
class Listed:
    """A page of accounts, and how many match in all."""

    people: tuple[Person, ...]
    matching: int


@dataclass(frozen=True)
class SessionLine:
    """A session of an account."""

    session_id: int
    account_id: int
    scope_code: str
    via: str
    address: str | None
    browser: str | None
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_by: str | None
    open: bool


@dataclass(frozen=True)
class Place:
    """An area as a scope: its names, and those of the areas above it that are in scope."""

    code: str
    level: int
    name: str
    name_en: str | None
    above: tuple[str, ...]
    above_en: tuple[str, ...]


@dataclass(frozen=True)
class LogLine:
    """A line of the audit log."""

    audit_id: int
    at: datetime
    actor: str
    role: str | None
    scope_code: str
    action: str
    address: str | None
    request_id: str | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class LogFilter:
    """Which lines of the log are wanted.

    Attributes:
        actions: what was done; all that are known by default.
        actor: login of who did it; empty for everybody.
        since, until: half-open; ``None`` for no limit.
        before: lines older than this one alone.
    """

    actions: tuple[str, ...]
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
