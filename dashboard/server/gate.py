"""The gate: who is looking, and does the address lie within their scope.

Every door asks here. There is no log-in yet: the viewer is the one the demo names in
``GRIDBOARD_DEMO_VIEWER``; without it nobody is a viewer and every data door stays shut.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from dashboard.errors import NotLoggedInError
from geo.errors import NotFoundError
from geo.viewer import SCOPES, Viewer

DEFAULT_ROLE = "leader"


class Gate:
    """Finds the viewer of a request."""

    def __init__(self, demo_viewer: str | None) -> None:
        self._demo_viewer = viewer_of(demo_viewer) if demo_viewer else None

    def viewer(self, environ: Mapping[str, Any]) -> Viewer | None:
        """Return who makes this WSGI request; ``None`` when nobody is logged in."""
        return self._demo_viewer


def current_viewer() -> Viewer:
    """Return the viewer of the request in progress.

    Raises:
        NotLoggedInError: nobody is logged in.
    """
    viewer: Viewer | None = g.get("viewer")
    if viewer is None:
        raise NotLoggedInError("nobody is logged in")
    return viewer


def require_scope(viewer: Viewer, scope_key: str) -> None:
    """Refuse an address made for another scope, as if it did not exist.

    Raises:
        NotFoundError: ``scope_key`` is not the viewer's own.
    """
    if scope_key != viewer.scope_key:
        raise NotFoundError("no such address")


def viewer_of(text: str) -> Viewer:
    """Return the viewer a setting ``[<role>@]<slot>:<area code>`` names; by default a leader."""
    role, _, scope = text.rpartition("@")
    slot, _, code = scope.partition(":")
    return Viewer(role=role or DEFAULT_ROLE, scope_slot=SCOPES.index(slot), scope_code=code)
