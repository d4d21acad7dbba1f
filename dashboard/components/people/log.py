"""The audit log: who did what, when, in which scope, from where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.data.tables import block, row
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.components.people.people_visit import PeopleVisit
from dashboard.components.people.words import deed_name, detail_name, value_name, via_name
from dashboard.roles import role_name
from dashboard.roster.answers import LogFilter, LogLine
from dashboard.roster.deeds import ACTIONS, actions_of
from dashboard.roster.roster import LOG_ROWS, plain
from dashboard.roster.state import LOG_PATH, PeopleState
from geo.viewer import ROLES, SCOPES

_WARNED = ("log_in_failed", "account_disabled")
_OF_SCOPES = ("scope", "scopes", "scope_code", "from", "area")
"""Particulars that name areas."""

_SCOPE_KEY = re.compile(f"(?:{'|'.join(SCOPES)})-(.+)")
_LEFT_OUT = ("account_id",)
_FIRST = (
    "login", "name", "role", "scopes", "scope", "from", "what", "file", "kind", "campaign", "area",
    "days",
)  # fmt: skip


def log_view(visit: PeopleVisit) -> list[Any]:
    """Build a page of the log, with the way to older lines."""
    _, state = visit.text, visit.state
    lines = visit.roster.log(log_filter(visit.state, visit))
    if not lines:
        return [block(html.Div(_nothing(visit), className="people-empty"))]
    shown = lines[:LOG_ROWS]
    parts = []
    if state.before:
        parts.append(link(_("Newest"), state.href(log=True), className="action quiet-action"))
    if len(lines) > LOG_ROWS:
        older = state.href(log=True, before=shown[-1].audit_id)
        parts.append(link(_("Older"), older, className="action quiet-action"))
    pages = [html.Div(parts, className="people-pages")] if parts else []
    return [block(log_table(visit, shown), *pages)]


def log_filter(state: PeopleState, visit: PeopleVisit) -> LogFilter:
    """Say which lines a state asks for; its days are those of the areas' time zone."""
    return LogFilter(
        actions=actions_of(state.kind) if state.kind else ACTIONS,
        actor=state.actor,
        since=datetime.combine(state.since, time(), visit.zone) if state.since else None,
        until=datetime.combine(state.last + timedelta(days=1), time(), visit.zone)
        if state.last
        else None,
        before=state.before,
    )


def export_href(state: PeopleState) -> str:
    """Write the address of the lines as a file."""
    given = {
        "kind": state.kind,
        "actor": state.actor,
        "from": state.since.isoformat() if state.since else "",
        "to": state.last.isoformat() if state.last else "",
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{LOG_PATH}.csv?{query}" if query else f"{LOG_PATH}.csv"


def log_table(visit: PeopleVisit, lines: Sequence[LogLine]) -> Markup:
    """Build the table of lines of the log."""
    _ = visit.text
    named = {code for line in lines for code in _codes(line)}
    visit.know(named)
    heads = [_("When"), _("Who"), _("What"), _("Particulars"), _("Scope"), _("From")]
    head = html.Tr([html.Th(words, scope="col") for words in heads])
    inner = html.Table(
        [html.Thead(head), html.Tbody([_row(visit, line) for line in lines])],
        className="desk-table log-table",
        **aria(label=_("Audit log")),
    )
    return html.Div(inner, className="people-box")


def _row(visit: PeopleVisit, line: LogLine) -> Markup:
    _ = visit.text
    at = line.at.astimezone(visit.zone)
    moment = html.Span(f"{_.moment(at)}:{at:%S}", title=line.request_id or "")
    cells = [
        (moment, "log-at quiet"),
        (_who(visit, line), "log-who"),
        (deed_name(line.action, _), "log-what late" if line.action in _WARNED else "log-what"),
        (_particulars(visit, line), "log-detail"),
        (visit.place_name(line.scope_code) if line.scope_code else "–", "log-scope"),
        (line.address or "–", "log-from quiet"),
    ]
    return row(cells)


def _who(visit: PeopleVisit, line: LogLine) -> list[Any]:
    _ = visit.text
    if not line.actor:
        return [html.Span(_("nobody known"), className="quiet")]
    state = visit.state
    own = PeopleState(log=True, actor=line.actor, lang=state.lang, theme=state.theme)
    role = role_name(line.role, _) if line.role in ROLES else line.role or ""
    return [link(line.actor, own.stay()), html.Small(f" {role}", className="quiet")]


def _particulars(visit: PeopleVisit, line: LogLine) -> list[Any]:
    parts: list[Any] = []
    # The database keeps particulars in an order of its own.
    keys = sorted(line.detail, key=lambda key: (*_FIRST, key).index(key))
    for key in keys:
        value = line.detail[key]
        if key in _LEFT_OUT or value in (None, 0, "", [], {}):
            continue
        name = html.Span(detail_name(key, visit.text), className="quiet")
        parts.append(html.Span([name, " ", _value(visit, key, value)], className="particular"))
    return parts or ["–"]


def _value(visit: PeopleVisit, key: str, value: Any) -> str:
    """Write a value; of a pair, what it was and what it is. A list of scopes is no pair."""
    if not isinstance(value, list):
        return _word(visit, key, value)
    words = [_value(visit, key, each) for each in value]
    of_lists = any(isinstance(each, list) for each in value)
    if len(value) == 2 and (of_lists or key not in _OF_SCOPES):
        return " → ".join(words)
    return ", ".join(words)


def _word(visit: PeopleVisit, key: str, value: Any) -> str:
    _ = visit.text
    if key in _OF_SCOPES and isinstance(value, str):
        return visit.place_name(_code(value))
    if key == "role" and value in ROLES:
        return role_name(value, _)
    if key == "via" and isinstance(value, str):
        return via_name(value, _)
    if key in ("what", "reason") and isinstance(value, str):
        return value_name(value, _)
    if key == "rows" and isinstance(value, int):
        return _.number(value)
    return plain(value)


def _codes(line: LogLine) -> list[str]:
    found = [line.scope_code]
    for key in _OF_SCOPES:
        found += map(_code, _flat(line.detail.get(key)))
    return found


def _code(scope: str) -> str:
    """The code in a scope's key, such as ``county-620102``."""
    key = _SCOPE_KEY.fullmatch(scope)
    return key[1] if key else scope


def _flat(value: Any) -> list[str]:
    if isinstance(value, list):
        return [code for each in value for code in _flat(each)]
    return [value] if isinstance(value, str) else []


def _nothing(visit: PeopleVisit) -> list[Any]:
    _, state = visit.text, visit.state
    if PeopleState(log=True, lang=state.lang, theme=state.theme) == state:
        return [html.P(_("Nothing was written down in your scope yet."), className="empty quiet")]
    every = PeopleState(log=True, lang=state.lang, theme=state.theme).stay()
    return [
        html.P(_("Nothing in the log matches."), className="empty quiet"),
        link(_("Show the whole log"), every, className="action"),
    ]
