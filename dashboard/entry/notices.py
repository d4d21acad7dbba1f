"""What the pages at the door tell: what went wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dashboard.people.passwords import MAX_LENGTH, MIN_LENGTH
from dashboard.text import Text

Field = Literal["", "login", "current", "password"]


@dataclass(frozen=True)
class Notice:
    """A few words above a form.

    Attributes:
        look: ``bad`` or ``good``, which only colours it; ``plain`` without a judgement.
        title: what is the matter.
        words: what to do.
        wait_s: seconds until another attempt is of use.
        field: the field it is about.
        shut: whether no log-in can succeed, so that nothing should be typed at all.
    """

    look: Literal["bad", "good", "plain"]
    title: str
    words: str = ""
    wait_s: int = 0
    field: Field = ""
    shut: bool = False

    @property
    def wrong(self) -> bool:
        """Whether what was typed is what is wrong."""
        return self.field != ""


def refused(_: Text) -> Notice:
    """Nobody is told which of the possible reasons it was."""
    words = _(
        "Look at capitals and the input method and try again. A disabled account cannot log in"
        " either; the administrator of your area knows."
    )
    return Notice("bad", _("Log-in name or password is wrong"), words, field="login")


def too_many(wait_s: int, _: Text) -> Notice:
    """Attempts are throttled; the page counts the minutes and seconds down."""
    minutes, seconds = divmod(wait_s, 60)
    words = _("Try again in {time}.", time=f"{minutes}:{seconds:02}")
    return Notice("bad", _("Too many attempts"), words, wait_s=wait_s)


def away(_: Text) -> Notice:
    """The database does not answer."""
    words = _("The database does not answer at the moment. Try again in a minute.")
    return Notice("bad", _("Nobody can be logged in just now"), words)


def not_kept(_: Text) -> Notice:
    """The browser came back without its cookie."""
    words = _("It refuses this site's cookie. Allow cookies for this site and log in again.")
    return Notice("bad", _("The browser did not keep the log-in"), words)


def unencrypted(https: str, _: Text) -> Notice:
    """The cookie would not be taken over plain HTTP."""
    words = _(
        "Over http a password could be read on the way, and the browser keeps no log-in. Open"
        " {address} instead; if it does not answer, whoever runs this site must set up https.",
        address=https,
    )
    return Notice("bad", _("This address is not encrypted"), words, shut=True)


def ended(_: Text) -> Notice:
    """A cookie came along that opens nothing any more."""
    words = _("It was not used for a while, or was ended elsewhere. What you saw is still there.")
    return Notice("plain", _("Your session has ended"), words)


def logged_out(_: Text) -> Notice:
    """After a log-out."""
    words = _("This browser has forgotten what it had kept of the figures.")
    return Notice("good", _("You are logged out"), words)


def not_ready(_: Text) -> Notice:
    """A click on an account of the demo that is none."""
    return Notice("bad", _("There is no such demo account"))


def void_link(_: Text) -> Notice:
    """A one-time link that opens nothing."""
    words = _(
        "It was used already, has been replaced by a newer one, or is too old. The"
        " administrator of your area gives you a new one."
    )
    return Notice("bad", _("It opens nothing now"), words)


def wrong_password(_: Text) -> Notice:
    """The present password does not fit."""
    return Notice("bad", _("The present password is wrong"), field="current")


def password_changed(_: Text) -> Notice:
    """It fits from now on."""
    words = _("It holds from now on; you were logged out everywhere else.")
    return Notice("good", _("The password is changed"), words)


def session_ended(_: Text) -> Notice:
    """One of the own sessions was ended."""
    return Notice("good", _("That session has ended"))


def password_hint(_: Text) -> str:
    """What makes a password good."""
    return _(
        "At least {n} characters; a few words that only you would put together are best.",
        n=MIN_LENGTH,
    )


def weak(reason: str, _: Text) -> Notice:
    """A new password is too easy to guess; ``reason`` is that of ``WeakPasswordError``."""
    why = {
        "short": _("It has fewer than {n} characters.", n=MIN_LENGTH),
        "long": _("It has more than {n} characters.", n=MAX_LENGTH),
        "control": _("It holds characters that cannot be typed."),
        "login": _("It holds the log-in name."),
        "common": _("It is among those that are tried first."),
        "simple": _("It repeats the same few characters."),
    }
    return Notice("bad", _("Choose another password"), why[reason], field="password")
