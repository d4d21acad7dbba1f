"""Who is logged in: the menu at the end of the top line, with areas, account and log-out."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from dashboard import ids
from dashboard.components import markup as html
from dashboard.components.attributes import aria, data
from dashboard.components.markup import Markup
from dashboard.components.menu import Menu
from dashboard.entry.look import Look
from dashboard.entry.places import Place
from dashboard.people.sessions import Session
from dashboard.roles import role_name
from dashboard.text import Text

MOST_AREAS = 8


def who_menu(
    session: Session, places: Sequence[Place], look: Look, menu: Callable[..., Any] = Menu
) -> Markup:
    """Build the menu.

    Args:
        session: of whoever looks.
        places: the areas to choose from, the session's own among them.
        look: language and theme, which the pages it leads to keep.
        menu: makes what opens: ``Menu``, or ``plain_menu`` where no script draws it.
    """
    _ = look.text
    parts = [_person(session, look), html.Hr()]
    if len(places) > 1:
        parts += [_areas(session, places, look), html.Hr()]
    parts += [
        html.A(_("My account"), href=look.address("/account")),
        _form("/log-out", look, html.Button(_("Log out"), type="submit", className="who-item")),
    ]
    opens = menu(parts, id=ids.MENU_WHO, label=session.name)
    words = json.dumps(session_words(_), ensure_ascii=False)
    return html.Div(opens, className="who", **data(role=session.role, session_words=words))


def session_words(_: Text) -> dict[str, dict[str, str]]:
    """Return what the bar of a session that ended or changed says (assets/session.js)."""
    return {
        "ended": {
            "title": _("Your session has ended"),
            "rest": _("What is shown is the last picture; it is not renewed any more."),
            "go": _("Log in again"),
        },
        "changed": {
            "title": _("Your role or area has changed"),
            "rest": _("What is shown is from before."),
            "go": _("Load the page anew"),
        },
    }


def _person(session: Session, look: Look) -> Markup:
    _ = look.text
    lines = [html.B(session.name), html.Span(f"{session.login} · {role_name(session.role, _)}")]
    return html.Div(lines, className="who-person")


def _areas(session: Session, places: Sequence[Place], look: Look) -> Markup:
    _ = look.text
    title = html.Span(_("Work in"), className="who-title")
    items = [_area(place, look, here=place.scope == session.scope) for place in places]
    rest = len(session.scopes) - len(places)
    if rest > 0:
        items.append(html.A(_("{n} more …", n=rest), href=look.address("/account")))
    return _form("/session/scope", look, [title, *items])


def _area(place: Place, look: Look, *, here: bool) -> Markup:
    tick = html.Span(className="tick round", **aria(hidden="true"))
    marks = aria(current="true") if here else {}
    return html.Button(
        [tick, place.named(look.text)],
        type="submit",
        name="scope",
        value=place.scope.key,
        className="who-item",
        **marks,
    )


def _form(path: str, look: Look, children: object) -> Markup:
    return html.Form(children, method="POST", action=look.address(path))
