"""One account: who it is, what it may see, its sessions, and what happened to it lately."""

from __future__ import annotations

from typing import Any

from dashboard.browsers import browser_name
from dashboard.components import markup as html
from dashboard.components.data.tables import block, facts, heading, row, table
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.components.people.listing import state_mark
from dashboard.components.people.log import log_table
from dashboard.components.people.own import (
    AccountForm,
    OneTimeLink,
    action,
    form_words,
    link_words,
    roles_offered,
)
from dashboard.components.people.people_visit import PeopleVisit, described
from dashboard.components.people.words import via_name
from dashboard.roster.answers import Person, SessionLine
from dashboard.roster.state import PeopleState

HOURS = 72


def account_view(visit: PeopleVisit, person: Person) -> list[Any]:
    """Build the view of an account."""
    _ = visit.text
    return [
        OneTimeLink(account=person.account_id, text=_link_words(visit)),
        *_remarks(visit, person),
        html.Div(
            [
                block(heading(_("Account")), _form(visit, person)),
                block(
                    heading(visit.text("Access")), _access(visit, person), _buttons(visit, person)
                ),
            ],
            className="people-grid",
        ),
        _sessions(visit, person),
        _lately(visit, person),
    ]


def new_view(visit: PeopleVisit) -> list[Any]:
    """Build the form of an account that is not there yet."""
    _ = visit.text
    form = AccountForm(
        id="people-new",
        account=None,
        login="",
        name="",
        role="leader",
        scopes=[],
        roles=roles_offered(_),
        fixed="",
        nameFixed=False,
        text=form_words(_),
        lang=_.lang,
    )
    words = _(
        "No password is given out: the account gets a one-time link, and whoever opens it chooses"
        " a password."
    )
    return [block(html.P(words, className="quiet people-lead"), form, look="people-narrow")]


def _link_words(visit: PeopleVisit) -> dict[str, str]:
    words = link_words(visit.text)
    return words | {"until": words["until"].format(hours=HOURS)}


def _form(visit: PeopleVisit, person: Person) -> AccountForm:
    _ = visit.text
    visit.know(person.scope_codes)
    scopes = []
    for code in person.scope_codes:
        place = visit.place(code)
        gone = {"code": code, "name": code, "path": _("no such area any more"), "level": ""}
        scopes.append(described(place, visit) if place else gone)
    return AccountForm(
        id=f"people-account-{person.account_id}",
        account=person.account_id,
        login=person.login,
        name=person.name,
        role=person.role,
        scopes=scopes,
        roles=roles_offered(_),
        fixed=_fixed(visit, person),
        nameFixed=not person.is_own,
        text=form_words(_),
        lang=_.lang,
    )


def _fixed(visit: PeopleVisit, person: Person) -> str:
    """Say why role and scopes cannot be changed here, if they cannot."""
    _ = visit.text
    if visit.is_self:
        return _("Your own role and scope are changed by another administrator.")
    if person.subject is not None:
        return _("Name, role and scope come from the identity provider at every log-in.")
    return _("An account of the demo stays as it is.") if person.is_demo else ""


def _remarks(visit: PeopleVisit, person: Person) -> list[Any]:
    _ = visit.text
    if person.disabled_at is not None:
        words = _(
            "Disabled since {moment}: nobody can log in.", moment=visit.moment(person.disabled_at)
        )
        return [html.P(words, className="alert", role="status")]
    if person.state == "invited":
        until = person.invited_until
        if until is not None and until > person.read_at:
            words = _(
                "Waiting: its one-time link holds until {moment}.", moment=visit.moment(until)
            )
            return [html.P(words, className="alert calm", role="status")]
        words = _("Nobody can log in: it has no password, and no one-time link that still holds.")
        return [html.P(words, className="alert", role="status")]
    return []


def _standing(visit: PeopleVisit, person: Person) -> Markup:
    _ = visit.text
    return block(heading(_("Access")), _access(visit, person), _buttons(visit, person))


def _access(visit: PeopleVisit, person: Person) -> Markup:
    _ = visit.text
    never = _("never")
    ways = {True: _("password"), False: _("identity provider")}
    way = via_name("demo", _) if person.is_demo else ways[person.subject is None]
    pairs: list[tuple[str, Any]] = [
        (_("State"), state_mark(person.state, visit)),
        (_("Last seen"), visit.moment(person.seen_at) if person.seen_at else never),
        (_("Logs in with"), way),
    ]
    if person.is_own:
        since = visit.moment(person.password_at) if person.password_at else never
        pairs.append((_("Password set"), since))
    pairs.append((_("Added"), visit.moment(person.created_at)))
    if person.created_by:
        pairs.append((_("Added by"), person.created_by))
    return facts(pairs)


def _buttons(visit: PeopleVisit, person: Person) -> Markup:
    _ = visit.text
    if visit.is_self:
        words = _("Your own password is changed on your account page.")
        return html.P(words, className="quiet people-note")
    parts = [_reset(visit, person)] if person.is_own and person.disabled_at is None else []
    parts.append(_disable(visit, person) if person.disabled_at is None else _enable(visit, person))
    return html.Div(parts, className="buttons")


def _reset(visit: PeopleVisit, person: Person) -> Any:
    _ = visit.text
    request = {"kind": "reset", "account": person.account_id}
    if person.state == "invited":
        return action(_("Make a new one-time link"), request, _, id="people-reset")
    question = {
        "title": _("Reset the password of {name}?", name=person.name),
        "words": [
            _("The password is forgotten and all sessions end at once."),
            _("You get a one-time link to hand over; with it a new password is chosen."),
        ],
        "yes": _("Reset it"),
        "no": _("Leave it"),
    }
    return action(_("Reset the password …"), request, _, question=question, id="people-reset")


def _disable(visit: PeopleVisit, person: Person) -> Any:
    _ = visit.text
    question = {
        "title": _("Disable the account of {name}?", name=person.name),
        "words": [
            _("All of its sessions end at once, and nobody can log in with it."),
            _("What it did stays in the log. It can be enabled again."),
        ],
        "yes": _("Disable it"),
        "no": _("Leave it"),
    }
    request = {"kind": "disable", "account": person.account_id}
    label = _("Disable the account …")
    return action(label, request, _, look="danger", question=question, id="people-disable")


def _enable(visit: PeopleVisit, person: Person) -> Any:
    _ = visit.text
    request = {"kind": "enable", "account": person.account_id}
    return action(_("Enable the account"), request, _, look="primary", id="people-enable")


def _sessions(visit: PeopleVisit, person: Person) -> Markup:
    _ = visit.text
    found = visit.roster.sessions(person.account_id)
    visit.know(each.scope_code for each in found)
    heads = [
        (_("Last asked"), ""), (_("Since"), ""), (_("Scope"), ""), (_("Way"), ""),
        (_("Address"), ""), (_("Browser"), ""), ("", ""),
    ]  # fmt: skip
    rows = [_session(visit, person, each) for each in found]
    open_ = [each for each in found if each.open]
    others = [each for each in open_ if each.session_id != visit.session_id]
    note = _("{n} open", n=_.number(len(open_)))
    listed = table(_("Sessions"), heads, rows, _("No session was opened yet."))
    return block(heading(_("Sessions"), note), listed, *_end_all(visit, person, others))


def _end_all(visit: PeopleVisit, person: Person, others: list[SessionLine]) -> list[Any]:
    _ = visit.text
    if len(others) < 2 or visit.is_self:
        return []
    request = {"kind": "end_sessions", "account": person.account_id}
    button = action(_("End all sessions"), request, _, look="danger", id="people-end-all")
    return [html.Div(button, className="buttons people-note")]


def _session(visit: PeopleVisit, person: Person, each: SessionLine) -> Markup:
    _ = visit.text
    end: Any = ""
    if each.session_id == visit.session_id:
        end = html.Span(_("this one"), className="tag")
    elif each.open:
        request = {"kind": "end_session", "session": each.session_id}
        end = action(_("End"), request, _, look="small")
    elif each.ended_at is not None:
        by = each.ended_by or ""
        who = by if by and by != person.login else ""
        end = html.Span(_("ended by {who}", who=who) if who else _("ended"), className="quiet")
    else:
        end = html.Span(_("expired"), className="quiet")
    cells = [
        _.ago(person.read_at - each.seen_at) if each.open else (visit.moment(each.seen_at), ""),
        (visit.moment(each.created_at), "quiet"),
        visit.place_name(each.scope_code),
        via_name(each.via, _),
        (each.address or "–", "code-cell"),
        (html.Span(browser_name(each.browser, version=True) or "–", title=each.browser), "cut"),
        (end, "end"),
    ]
    return row(cells, "" if each.open else "over")


def _lately(visit: PeopleVisit, person: Person) -> Markup:
    _ = visit.text
    lines = visit.roster.about(person.login)
    to_log = link(
        _("All it did"),
        PeopleState(
            log=True, actor=person.login, lang=visit.state.lang, theme=visit.state.theme
        ).stay(),
        className="quiet-link",
    )
    empty = html.P(_("Nothing in the last 90 days."), className="empty quiet")
    shown = log_table(visit, lines) if lines else empty
    return block(heading(_("Lately"), to_log), shown)
