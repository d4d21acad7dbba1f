"""The column beside the work: accounts or log, and what is to be listed of either."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.data.tables import heading
from dashboard.components.links import link, segments
from dashboard.components.markup import Markup
from dashboard.components.people.people_visit import PeopleVisit
from dashboard.components.people.words import account_state, kind_name
from dashboard.roles import role_name
from dashboard.roster.answers import STATES
from dashboard.roster.state import KINDS, PeopleState
from geo.viewer import ROLES

Choice = tuple[str, str, int | None]


def side(visit: PeopleVisit) -> list[Any]:
    """Build the column."""
    _, state = visit.text, visit.state
    views = [
        link(_("Accounts"), state.href(), current=not state.log),
        link(_("Audit log"), state.href(log=True), current=state.log),
    ]
    return [segments(_("View"), views), *(_of_log(visit) if state.log else _of_accounts(visit))]


def _of_accounts(visit: PeopleVisit) -> list[Any]:
    _, state = visit.text, visit.state
    tallies = visit.roster.tallies()
    by_state = dict.fromkeys(STATES, 0)
    by_role = dict.fromkeys(ROLES, 0)
    for (role, stands), accounts in tallies.items():
        by_role[role] += accounts
        by_state[stands] += accounts
    all_ = sum(tallies.values())
    states: list[Choice] = [("", _("All"), all_)]
    states += [(name, account_state(name, _), by_state[name]) for name in STATES]
    roles: list[Choice] = [("", _("All"), all_)]
    roles += [(name, role_name(name, _), by_role[name]) for name in ROLES]
    new = link(
        _("Add an account"), state.href(new=True), className="action wide", current=state.new
    )
    shown = state.account is None and not state.new
    return [
        new,
        _choices(visit, _("State"), states, state.state if shown else None, _by(state, "state")),
        _choices(visit, _("Role"), roles, state.role if shown else None, _by(state, "role")),
    ]


def _of_log(visit: PeopleVisit) -> list[Any]:
    _, state = visit.text, visit.state
    kinds: list[Choice] = [
        ("", _("All"), None),
        *((kind, kind_name(kind, _), None) for kind in KINDS),
    ]
    today = datetime.now(visit.zone).date()
    begins = {
        _("All days"): None,
        _("Today"): today,
        _("Last 7 days"): today - timedelta(days=6),
        _("Last 30 days"): today - timedelta(days=29),
    }
    days = [
        link(
            name,
            state.href(log=True, since=since, last=None),
            current=(state.since, state.last) == (since, None),
        )
        for name, since in begins.items()
    ]
    return [
        _choices(visit, _("Kind"), kinds, state.kind, _by(state, "kind", log=True)),
        _listed(_("Days"), days),
    ]


def _by(state: PeopleState, field: str, **more: Any) -> Callable[[str], str]:
    return lambda value: state.href(**{field: value}, **more)


def _choices(
    visit: PeopleVisit,
    label: str,
    choices: Iterable[Choice],
    chosen: str | None,
    href: Callable[[str], str],
) -> Markup:
    links = []
    for value, name, count in choices:
        parts: list[Any] = [name]
        if count is not None:
            parts.append(html.Span(visit.text.number(count), className="quiet"))
        links.append(link(parts, href(value), current=value == chosen))
    return _listed(label, links)


def _listed(label: str, links: list[Markup]) -> Markup:
    items = html.Ul([html.Li(each) for each in links], className="choices", **aria(label=label))
    return html.Section([heading(label), items], className="side-block")
