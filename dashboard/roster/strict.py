"""The address of the log as a file, read as strictly as that of every file: misread.py."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qsl

from dashboard.addresses import Misread, misread
from dashboard.desk.requests import read_id
from dashboard.misread import MisreadError
from dashboard.roster.state import KINDS, read_day, readable
from dashboard.state import LANGUAGES, THEMES

PARAMETERS = ("kind", "actor", "from", "to", "before", "lang", "theme")
"""As the page of the log has them, whose address with ``.csv`` is that of the file."""

_CHOICES = {"kind": KINDS, "lang": LANGUAGES, "theme": THEMES}
_DAYS = ("from", "to")


def require_log_understood(query: str) -> None:
    """Refuse the address of the log as a file unless all of it is understood.

    Args:
        query: the query string, as it was sent.

    Raises:
        MisreadError: something is not.
    """
    found = misread(query, PARAMETERS) or list(_wrong_values(dict(parse_qsl(query))))
    if found:
        raise MisreadError(found)


def _wrong_values(given: dict[str, str]) -> Iterator[Misread]:
    for name, allowed in _CHOICES.items():
        if name in given and given[name] not in allowed:
            yield Misread(name, "value", tuple(allowed))
    if "actor" in given and readable(given["actor"]) != given["actor"].strip():
        yield Misread("actor", "value")
    if "before" in given and not read_id(given["before"]):
        yield Misread("before", "value")
    days = {name: read_day(given[name]) for name in _DAYS if name in given}
    yield from (Misread(name, "day") for name, day in days.items() if day is None)
    first, last = days.get("from"), days.get("to")
    if first and last and last < first:
        # Both are days: what is wrong is their order.
        yield Misread("from", "value")
