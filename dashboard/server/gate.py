"""The gate: who is looking, and does the address lie within their scope.

Every door asks here, and the gate asks the database at every request: nothing that was found
once is believed a second time, so that whatever ends a session ends it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from flask import g

from dashboard.errors import NotLoggedInError
from dashboard.people.cookies import token_of
from dashboard.people.sessions import Session, Sessions
from dashboard.settings import DashboardSettings
from geo.errors import NotFoundError
from geo.viewer import Viewer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_FOUND = "gridboard.session"


class Gate:
    """Finds the session of a request."""

    def __init__(self, sessions: Sessions, settings: DashboardSettings) -> None:
        self.sessions = sessions
        self._secure = settings.cookie_secure
        self._demo = settings.demo

    def session(self, environ: WSGIEnvironment) -> Session | None:
        """Return the session of this WSGI request; ``None`` when nobody is logged in.

        The database is asked once for each request, however many doors it passes.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        if _FOUND not in environ:
            environ[_FOUND] = self._find(environ)
        found: Session | None = environ[_FOUND]
        return found

    def _find(self, environ: WSGIEnvironment) -> Session | None:
        token = token_of(environ, secure=self._secure)
        session = self.sessions.find(token) if token else None
        # A database that has been a demo's must not be open to everybody when served in earnest.
        if session is not None and session.is_demo and not self._demo:
            return None
        return session


def session_of(environ: Mapping[str, object]) -> Session | None:
    """Return the session that was found for this WSGI request, if one was; asks nobody."""
    found = environ.get(_FOUND)
    return found if isinstance(found, Session) else None


def current_session() -> Session:
    """Return the session of the request in progress.

    Raises:
        NotLoggedInError: nobody is logged in.
    """
    session: Session | None = g.get("session")
    if session is None:
        raise NotLoggedInError("nobody is logged in")
    return session


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
