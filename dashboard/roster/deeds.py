"""The deeds of the audit log, by kind."""

from __future__ import annotations

from typing import get_args

from geo.audit import Action

ACTIONS: tuple[str, ...] = get_args(Action)
"""Everything the log can say."""

_OF_KIND = {
    "entries": ("log_in", "log_out", "session_ended", "scope_chosen", "password_set"),
    "refused": ("log_in_failed",),
    "accounts": (
        "account_added", "account_changed", "account_disabled", "account_enabled", "account_reset",
        "gis_login_added", "gis_login_removed",
    ),
    "exports": ("export",),
    "campaigns": ("campaign_added", "campaign_changed", "campaign_closed"),
    "data": ("upload", "job", "load", "undo"),
    "system": ("backup", "restore"),
}  # fmt: skip


def actions_of(kind: str) -> tuple[str, ...]:
    """Return the deeds of a kind, one of ``dashboard.roster.state.KINDS``."""
    return _OF_KIND[kind]
