"""The admin's page's own components, whose scripts are assets/people*.js."""

from __future__ import annotations

from typing import Any

from dashboard.components.base import OwnComponent
from dashboard.roles import role_may, role_name
from dashboard.text import Text
from geo.viewer import ROLES

NEWS_PATH = "/people/news.json"


class PeopleWatch(OwnComponent):
    """Asks for news; sets ``mark`` when somebody did something, or when asked to try again."""

    takes = ("url", "text", "lang", "mark")


class QueryFields(OwnComponent):
    """Fields that write what is typed into the address, a moment after the last letter."""

    takes = ("fields",)


class PeopleAction(OwnComponent):
    """A button that changes something, after a question if there is one."""

    takes = ("label", "request", "look", "question", "failed", "lang")


class OneTimeLink(OwnComponent):
    """The link made a moment ago for an account: shown once, by the page that asked for it."""

    takes = ("account", "text")


class AccountForm(OwnComponent):
    """Name, role and scopes of an account that is there, or of a new one."""

    takes = (
        "account",
        "login",
        "name",
        "role",
        "scopes",
        "roles",
        "fixed",
        "nameFixed",
        "text",
        "lang",
    )


def watch_words(_: Text) -> dict[str, str]:
    """Return the words of ``PeopleWatch``."""
    return {
        "title": _("People"),
        "away": _("The server does not answer."),
        "stays": _("What is shown may be out of date."),
        "retry": _("Try again"),
    }


def roles_offered(_: Text) -> list[dict[str, str]]:
    """Describe every role: its name, and what those who have it may do."""
    return [
        {"value": role, "label": role_name(role, _), "may": " · ".join(role_may(role, _))}
        for role in ROLES
    ]


def form_words(_: Text) -> dict[str, str]:
    """Return the words of ``AccountForm``."""
    return {
        "login": _("Login"),
        "loginHint": _("Small letters, digits, and . _ - @; it stays as it is."),
        "name": _("Name"),
        "nameHint": _("As colleagues know them."),
        "role": _("Role"),
        "scopes": _("Scope"),
        "scopesHint": _("One works in one scope at a time and changes between them at the top."),
        "find": _("Find an area by name or code"),
        "placeholder": _("Name or code"),
        "none": _("No area in your scope has this name or code."),
        "remove": _("Leave out {name}"),
        "noScope": _("Choose at least one area."),
        "save": _("Save the changes"),
        "saved": _("Saved. It holds from the next request on."),
        "add": _("Add the account"),
        "undo": _("As it was"),
        "failed": _("This was refused:"),
        "away": _("the server does not answer"),
    }


def link_words(_: Text) -> dict[str, str]:
    """Return the words of ``OneTimeLink``."""
    return {
        "title": _("One-time link"),
        "words": _(
            "Hand it over yourself. Whoever opens it first sets the password; it is shown here"
            " once, and nobody can look it up again."
        ),
        "until": _("It holds for {hours} hours."),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "done": _("I have handed it over"),
        "select": _("Select it and copy by hand."),
    }


def action(
    label: str, request: dict[str, Any], _: Text, *, look: str = "", **properties: Any
) -> PeopleAction:
    """Build a button that changes something."""
    return PeopleAction(
        label=label, request=request, look=look, failed=_("This was refused:"), lang=_.lang,
        **properties,
    )  # fmt: skip
