"""The menu of whoever makes the request in progress, for the top line of every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, g, has_request_context
from sqlalchemy import Engine

from dashboard.components.menu import Menu
from dashboard.components.who import MOST_AREAS, who_menu
from dashboard.entry.look import Look
from dashboard.entry.places import read_places
from dashboard.people.account import Scope
from dashboard.people.sessions import Session

_EXTENSION = "gridboard.entry"


def remember_engine(server: Flask, engine: Engine) -> None:
    """Tell the application where the names of areas are read."""
    server.extensions[_EXTENSION] = engine


def who_is_here(look: Look, menu: Callable[..., Any] = Menu) -> list[Any]:
    """Build the menu of the person logged in; nothing where nobody asks, as in a layout.

    Args:
        look: language and theme.
        menu: as of ``who_menu``.
    """
    session: Session | None = g.get("session") if has_request_context() else None
    if session is None:
        return []
    engine: Engine = current_app.extensions[_EXTENSION]
    return [who_menu(session, read_places(engine, _offered(session)), look, menu)]


def _offered(session: Session) -> list[Scope]:
    """The scopes the menu names: none if there is no choice, else the present one and some more."""
    if len(session.scopes) < 2:
        return []
    others = [scope for scope in session.scopes if scope != session.scope]
    return [session.scope, *others[: MOST_AREAS - 1]]
