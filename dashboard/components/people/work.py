"""The middle of the admin's page: its head, what is looked for, and the one thing shown."""

from __future__ import annotations

from datetime import date
from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import data
from dashboard.components.links import link
from dashboard.components.menu import day_words
from dashboard.components.people.account import account_view, new_view
from dashboard.components.people.listing import listing
from dashboard.components.people.log import export_href, log_view
from dashboard.components.people.people_visit import PeopleVisit
from dashboard.text import Text

Field = dict[str, Any]


def head(visit: PeopleVisit) -> list[Any]:
    """Build the title, and what stands beside it."""
    _, state, person = visit.text, visit.state, visit.person
    if state.log:
        csv = html.A(_("Download as CSV"), href=export_href(state), className="action quiet-action")
        return [html.H1(_("Audit log"), className="desk-title"), csv]
    all_accounts = link(
        _("All accounts"), state.stay(account=None, new=False), className="quiet-link"
    )
    if state.new:
        return [html.H1(_("Add an account"), className="desk-title"), all_accounts]
    if person is None:
        return [html.H1(_("Accounts"), className="desk-title")]
    name = html.Span(person.name, className="cut", title=person.name)
    login = html.Span(person.login, className="quiet people-login")
    return [html.H1([name], className="desk-title"), login, all_accounts]


def fields(visit: PeopleVisit) -> list[Field]:
    """Describe what can be looked for: in the list a name, in the log somebody and days."""
    _, state = visit.text, visit.state
    if state.log:
        since, last = state.since, state.last
        return [
            _field("actor", _("Login of who did it"), state.actor, kind="whole"),
            _day("from", _("First day"), since, _),
            _day("to", _("Last day"), last, _),
        ]
    if state.new or visit.person is not None:
        return []
    label = _("Find by name, login or scope")
    return [_field("q", label, state.q)]


def work(visit: PeopleVisit) -> list[Any]:
    """Build what the address asks for."""
    state = visit.state
    if state.log:
        return log_view(visit)
    if state.new:
        return new_view(visit)
    if visit.person is not None:
        return account_view(visit, visit.person)
    return [*_missing(visit), *listing(visit)]


def failure(_: Text) -> list[Any]:
    """Say that the view could not be drawn anew, and how to try again."""
    return [
        html.Div(
            [
                html.B(_("The accounts are unavailable at the moment.")),
                " ",
                html.Span(_("What is shown may be out of date.")),
                " ",
                html.Button(_("Try again"), className="action", type="button", **data(retry="")),
            ],
            className="alert",
            role="alert",
        )
    ]


def _field(name: str, label: str, value: str, kind: str = "text") -> Field:
    return {"name": name, "label": label, "value": value, "kind": kind}


def _day(name: str, label: str, value: date | None, _: Text) -> Field:
    written = value.isoformat() if value else ""
    return _field(name, label, written, kind="date") | {"text": day_words(_)}


def _missing(visit: PeopleVisit) -> list[Any]:
    _ = visit.text
    if visit.state.account is None:
        return []
    words = _("There is no number {number} in view.", number=visit.state.account)
    return [html.P(words, className="alert", role="alert")]
