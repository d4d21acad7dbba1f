"""What can go wrong at a log-in by the provider, in words for the person and for the log."""

from __future__ import annotations

from typing import Literal, get_args

from dashboard.entry.notices import Notice
from dashboard.text import Text
from geo.errors import GridboardError

Problem = Literal[
    "oidc_stale",
    "oidc_away",
    "oidc_refused",
    "oidc_invalid",
    "oidc_unknown",
    "oidc_taken",
    "oidc_disabled",
]
PROBLEMS: tuple[Problem, ...] = get_args(Problem)


class OidcError(GridboardError):
    """A log-in by the provider came to nothing.

    Attributes:
        problem: what the log-in page says about it; the message is for the log.
    """

    def __init__(self, problem: Problem, message: str) -> None:
        super().__init__(message)
        self.problem = problem


def oidc_notice(problem: str, _: Text) -> Notice | None:
    """What the log-in page says about a problem; nothing about words that name none."""
    ask = _("The administrator of your area can help.")
    said = {
        "oidc_stale": Notice(
            "plain", _("The log-in took too long or was begun twice"), _("Begin it again.")
        ),
        "oidc_away": Notice(
            "bad", _("The log-in service does not answer"), _("Try again in a minute.")
        ),
        "oidc_refused": Notice("bad", _("The log-in service did not let you in")),
        "oidc_invalid": Notice("bad", _("The log-in service's answer cannot be trusted"), ask),
        "oidc_unknown": Notice("bad", _("You are known, but have no access here"), ask),
        "oidc_taken": Notice("bad", _("Your log-in name is another account's here"), ask),
        "oidc_disabled": Notice("bad", _("Your account here is disabled"), ask),
    }
    return said.get(problem)
