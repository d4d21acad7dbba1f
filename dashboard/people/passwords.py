"""Passwords: what is asked of one, and how it is kept and checked (Argon2id, RFC 9106).

One check takes 64 MiB and all cores for some hundredths of a second, whoever asks for it. So only
few run at a time in a process, few more wait for them, and everybody else is told to try again:
log-ins of strangers must not take the places of those who look at the map.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dashboard.people.errors import TooManyAttemptsError, WeakPasswordError

MIN_LENGTH = 12
MAX_LENGTH = 256
MIN_DIFFERENT = 5
MIN_BESIDE = 6
"""Letters and digits that are left of a password without the words that everybody tries."""

AT_A_TIME = 2
"""Checks that may run in one process: 128 MiB at most."""

WAITING = 2
WAIT_S = 1.0
RETRY_S = 2
_COMMON = (
    *("password", "gridboard", "qwertyuiop", "asdfghjkl", "1q2w3e4r5t", "letmein"),
    *("iloveyou", "administrator", "welcome", "abcdefghij", "woaini", "5201314", "12345678"),
    *("87654321", "11223344", "88888888", "66666666", "zxcvbnm", "dragon", "monkey"),
)
# What guessers put in the place of letters too.
_ALIKE = str.maketrans("@0$3!", "aosei")
_hasher = PasswordHasher()
_turns = BoundedSemaphore(AT_A_TIME)
_room = BoundedSemaphore(AT_A_TIME + WAITING)


def normal_password(text: str) -> str:
    """The one form of a password: full-width letters, or composed ones, make no other password."""
    return unicodedata.normalize("NFKC", text)


def require_good(password: str, login: str) -> None:
    """Refuse a password that is easy to guess, or no password at all.

    Length counts, and nothing has to be mixed: rules of that kind make passwords that are hard
    to remember and easy to guess.

    Raises:
        WeakPasswordError: why, as one word in ``reason``.
    """
    password = normal_password(password)
    plain = password.casefold()
    bare = _letters(plain)
    reasons = {
        "short": len(password) < MIN_LENGTH,
        "long": len(password) > MAX_LENGTH,
        "control": any(unicodedata.category(letter) in ("Cc", "Cs") for letter in password),
        "login": len(login) > 2 and login.casefold() in plain,
        "simple": len(set(plain)) < MIN_DIFFERENT or _is_run(bare),
        "common": _is_common(bare) or _is_common(_letters(plain.translate(_ALIKE))),
    }
    for reason, applies in reasons.items():
        if applies:
            raise WeakPasswordError(_WORDS[reason], reason)


def hash_password(password: str) -> str:
    """What is kept of a password.

    Raises:
        TooManyAttemptsError: too many are being hashed at this moment.
    """
    with _turn():
        return _hasher.hash(normal_password(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether a password is the one that was kept.

    Without one that was kept the same work is done all the same: how long the answer takes
    says nothing about whether there is such an account.

    Raises:
        TooManyAttemptsError: too many are being checked at this moment.
    """
    expected = password_hash or _nobodys_hash()
    # Longer ones were never accepted; the work must not grow with what strangers send.
    given = normal_password(password[: 4 * MAX_LENGTH])[: MAX_LENGTH + 1]
    with _turn():
        try:
            _hasher.verify(expected, given.encode(errors="surrogatepass"))
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_outdated(password_hash: str) -> bool:
    """Whether a password should be hashed anew, at the cost that is recommended today."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")


@contextmanager
def room() -> Iterator[None]:
    """Be one of the few who look at a password or wait for it; the others are told at once.

    Raises:
        TooManyAttemptsError: enough are there already.
    """
    if not _room.acquire(blocking=False):
        raise TooManyAttemptsError(_CROWDED, RETRY_S)
    try:
        yield
    finally:
        _room.release()


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=WAIT_S):
        raise TooManyAttemptsError(_CROWDED, RETRY_S)
    try:
        yield
    finally:
        _turns.release()


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def _is_common(bare: str) -> bool:
    """Whether little is left of letters and digits without the words that everybody tries."""
    rest = bare
    for common in _COMMON:
        rest = rest.replace(common, "")
    return len(rest) < len(bare) and len(rest) < MIN_BESIDE


def _is_run(text: str) -> bool:
    """Whether a text only counts up or down, as in ``123456789012`` or ``abcdefghijkl``."""
    steps = {(ord(after) - ord(before)) % 10 for before, after in pairwise(text)}
    return len(text) > 2 and len(steps) == 1


_CROWDED = "too many people are logging in: try again shortly"
_WORDS = {
    "short": f"the password is too short: expected {MIN_LENGTH} characters or more",
    "long": f"the password is too long: expected {MAX_LENGTH} characters at most",
    "control": "the password holds characters that cannot be typed",
    "login": "the password contains the login: choose one that does not",
    "simple": "the password is too simple: expected more than a few different characters in a row",
    "common": "the password is one that everybody tries: choose another",
}
