"""An account: who it is, what it may do, and where."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from dashboard.people.errors import AccountError
from geo.viewer import SCOPES, Viewer

MAX_LOGIN = 64
MAX_NAME = 100
_LOGIN = re.compile(r"[^\W_](?:[\w.@+-]*\w)?")


@dataclass(frozen=True)
class Scope:
    """An area in which an account may work.

    Attributes:
        slot: 0 (province) to 3 (township).
        code: the area's code.
    """

    slot: int
    code: str

    @property
    def key(self) -> str:
        """The scope as one word, such as ``county-620102``."""
        return f"{SCOPES[self.slot]}-{self.code}"

    def viewer(self, role: str, login: str = "") -> Viewer:
        """Who looks, working in this scope."""
        return Viewer(role, self.slot, self.code, login)


@dataclass(frozen=True)
class Account:
    """An account as whoever may see it sees it; nothing secret is in it.

    Attributes:
        account_id: its number.
        login: what a person types to log in, in its normal form.
        name: what the person or the wall is called.
        role: one of ``geo.viewer.ROLES``.
        scopes: the areas it may work in, one at a time; the first is where it begins.
        disabled_at: since when it may not log in.
        subject: issuer and subject of the OpenID provider that vouches for it.
        is_demo: entered by a click on the demo's log-in page.
        created_at, created_by: when it was made, and the login of who made it.
        seen_at: when it last did something; ``None`` if never.
        has_password: whether it can log in with one.
        invited_until: until when its open one-time link can be used.
    """

    account_id: int
    login: str
    name: str
    role: str
    scopes: tuple[Scope, ...]
    disabled_at: datetime | None
    subject: str | None
    is_demo: bool
    created_at: datetime
    created_by: str
    seen_at: datetime | None = None
    has_password: bool = False
    invited_until: datetime | None = None


@dataclass(frozen=True)
class By:
    """Who does something to an account, for the audit log.

    Attributes:
        login: of an account, or words for the command line.
        role: of that account.
        scope_code: the area it works in; empty means that of the account it is done to.
        address: network address.
        request_id: as in the log.
    """

    login: str
    role: str | None = None
    scope_code: str = ""
    address: str | None = None
    request_id: str | None = None


def pair_scopes(slots: list[int], codes: list[str]) -> tuple[Scope, ...]:
    """Scopes of the two columns they are kept in."""
    return tuple(Scope(slot, code) for slot, code in zip(slots, codes, strict=True))


def normal_login(text: str) -> str:
    """The one form of a login, however it was typed.

    Full-width letters, capitals and blanks around it make no other login.

    Raises:
        AccountError: it cannot be a login.
    """
    login = unicodedata.normalize("NFKC", text[: 4 * MAX_LOGIN]).strip().casefold()
    login = unicodedata.normalize("NFKC", login)
    if len(text) > 4 * MAX_LOGIN or len(login) > MAX_LOGIN or not _LOGIN.fullmatch(login):
        raise AccountError(
            f"this cannot be a login: expected 1 to {MAX_LOGIN} letters, digits and . _ - + @,"
            " beginning and ending with a letter or digit"
        )
    if login != login.lower():
        raise AccountError("this cannot be a login: it has letters without a small form")
    return login


def clean_name(text: str) -> str:
    """The name of a person or a wall, on one line.

    Raises:
        AccountError: it is empty or too long, or holds characters that cannot be seen.
    """
    name = " ".join(unicodedata.normalize("NFC", text[: 4 * MAX_NAME]).split())
    hidden = any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") for letter in name)
    if not 1 <= len(name) <= MAX_NAME or len(text) > 4 * MAX_NAME or hidden:
        raise AccountError(
            f"this cannot be a name: expected 1 to {MAX_NAME} characters that can be seen"
        )
    return name
