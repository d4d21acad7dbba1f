"""The list of accounts: who, as what, where, and when they were last here."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria, data
from dashboard.components.data.tables import block, row
from dashboard.components.links import button, link
from dashboard.components.markup import Markup
from dashboard.components.people.people_visit import PeopleVisit
from dashboard.components.people.words import account_state
from dashboard.roles import role_name
from dashboard.roster.answers import Listed, Person
from dashboard.roster.roster import PAGE_ROWS

SCOPES_SHOWN = 2


def listing(visit: PeopleVisit) -> list[Any]:
    """Build the table of the accounts that match, with the way to the other pages."""
    _, state = visit.text, visit.state
    found = visit.roster.accounts(state.q, state.role, state.state, state.sort, state.page)
    if not found.people:
        return [_nobody(visit)]
    visit.know(code for person in found.people for code in person.scope_codes[:SCOPES_SHOWN])
    rows = [_row(visit, person) for person in found.people]
    inner = html.Table(
        [html.Thead(_heads(visit)), html.Tbody(rows)],
        className="desk-table people-table",
        **aria(label=_("Accounts")),
    )
    return [block(html.Div(inner, className="people-box"), *_pages(visit, found))]


def state_mark(state: str, visit: PeopleVisit) -> Markup:
    """Say how an account stands, in words and with a mark."""
    parts = [html.I(className="dot", **aria(hidden="true")), account_state(state, visit.text)]
    return html.Span(parts, className=f"account-state {state}")


def scope_words(visit: PeopleVisit, codes: tuple[str, ...]) -> Any:
    """Name the first scopes of an account, and say how many more there are."""
    names = ", ".join(visit.place_name(code) for code in codes[:SCOPES_SHOWN])
    more = len(codes) - SCOPES_SHOWN
    if more <= 0:
        return names
    return [names, html.Span(f" +{more}", className="quiet")]


def _heads(visit: PeopleVisit) -> Markup:
    _, state = visit.text, visit.state
    names = {
        "name": _("Name"),
        "login": _("Login"),
        "role": _("Role"),
        "": _("Scope"),
        "seen": _("Last seen"),
        "state": _("State"),
    }
    heads = []
    for sort, name in names.items():
        current = sort == state.sort
        order = "descending" if sort == "seen" else "ascending"
        arrow = (" ↓" if sort == "seen" else " ↑") if current else ""
        mark: dict[str, Any] = {"aria-sort": order} if current else {}
        content = link(f"{name}{arrow}", state.href(sort=sort)) if sort else name
        heads.append(html.Th(content, scope="col", **mark))
    return html.Tr(heads)


def _row(visit: PeopleVisit, person: Person) -> Markup:
    _ = visit.text
    href = visit.state.stay(account=person.account_id)
    own = person.login == visit.roster.viewer.login
    name: list[Any] = [link(person.name, href, title=person.name)]
    if own:
        name.append(html.Span(_("you"), className="tag"))
    if person.is_demo:
        name.append(html.Span(_("demo"), className="tag"))
    cells = [
        (name, "person-name cut"),
        (person.login, "person-login cut quiet"),
        (role_name(person.role, _), "person-role"),
        (scope_words(visit, person.scope_codes), "person-scope cut"),
        (_seen(visit, person), "person-seen quiet"),
        (state_mark(person.state, visit), "person-state"),
    ]
    return row(cells, person.state, **data(account=str(person.account_id)))


def _seen(visit: PeopleVisit, person: Person) -> str:
    _ = visit.text
    return _.ago(person.read_at - person.seen_at) if person.seen_at else _("never")


def _nobody(visit: PeopleVisit) -> Markup:
    _, state = visit.text, visit.state
    if state.q or state.role or state.state or state.page > 1:
        parts = [
            html.P(_("No account matches."), className="empty quiet"),
            link(_("Show all accounts"), state.href(q="", role="", state=""), className="action"),
        ]
    else:
        parts = [
            html.P(_("There are no accounts in your scope yet."), className="empty quiet"),
            link(_("Add an account"), state.href(new=True), className="action primary"),
        ]
    return block(html.Div(parts, className="people-empty"))


def _pages(visit: PeopleVisit, found: Listed) -> list[Any]:
    _, state = visit.text, visit.state
    if found.matching <= PAGE_ROWS:
        return []
    first = (state.page - 1) * PAGE_ROWS + 1
    last = first + len(found.people) - 1
    back = state.href(page=state.page - 1) if state.page > 1 else None
    on = state.href(page=state.page + 1) if last < found.matching else None
    span = f"{_.number(first)} – {_.number(last)}"
    words = _("{shown} of {all}", shown=span, all=_.number(found.matching))
    parts = [
        button("◀", back, _("Page before")),
        html.Span(words, className="quiet"),
        button("▶", on, _("Page after")),
    ]
    return [html.Div(parts, className="people-pages")]
