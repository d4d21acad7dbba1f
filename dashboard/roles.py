"""The roles in words: what they are called, and what those who have one may do."""

from __future__ import annotations

from dashboard.sections import DATA, MAP, SECTIONS
from dashboard.text import Text


def role_name(role: str, _: Text) -> str:
    """Name a role, one of ``geo.viewer.ROLES``."""
    names = {
        "wall": _("Wall"),
        "leader": _("Leader"),
        "planner": _("Planner"),
        "approver": _("Approver"),
        "operator": _("Operator"),
        "admin": _("Administrator"),
    }
    return names[role]


def role_may(role: str, _: Text) -> list[str]:
    """Say what a role may do: a few words for each page that is open to it."""
    on_page = {
        MAP.key: _("sees the map"),
        DATA.key: _("loads data"),
        "people": _("manages accounts"),
    }
    may = [
        on_page[section.key]
        for section in SECTIONS
        if section.key in on_page and role in section.roles
    ]
    return [*may, _("stays logged in for weeks")] if role == "wall" else may
