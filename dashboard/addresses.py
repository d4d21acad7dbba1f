"""What is wrong with an address before any value is looked at, for files and for pages.

A file whose address is wrong is refused (``dashboard.misread``); a page takes what it understands
and says beside it what that was not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl

from dashboard.codes import split_codes
from dashboard.filters import KINDS
from dashboard.state import MAX_FIELDS
from dashboard.text import Text

Why = Literal["many", "unknown", "twice", "blank", "beside", "day", "value"]
_REMARKED: tuple[Why, ...] = ("many", "unknown", "twice", "blank", "beside")
SPAN = "span"
_DAYS = ("from", "to")
_MOST_LETTERS, _MOST_NAMES = 40, 8


@dataclass(frozen=True)
class Misread:
    """A parameter that is not understood.

    Attributes:
        name: of the parameter, as it stands in the address.
        why: too many parameters, none of the file's, given twice, empty, contradicted by
            ``others``, no day, or with another value that is not understood.
        others: the parameters it contradicts; of an unknown one those that there are; else
            the words it may be.
    """

    name: str
    why: Why
    others: tuple[str, ...] = ()


def misread(query: str, known: Sequence[str]) -> list[Misread]:
    """Find what is wrong with an address before any value is looked at.

    Args:
        query: the query string, as it was sent.
        known: the parameters that there are.
    """
    return list(_misread(query, known))


def _misread(query: str, known: Sequence[str]) -> Iterator[Misread]:
    try:
        given = parse_qsl(query.lstrip("?"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        yield Misread("", "many")
        return
    times, values = Counter(name for name, _value in given), dict(given)
    for name, value in values.items():
        if name not in known:
            yield Misread(name, "unknown", tuple(known))
        elif times[name] > 1:
            yield Misread(name, "twice")
        elif _is_blank(name, value):
            yield Misread(name, "blank")
    days = tuple(name for name in _DAYS if name in values)
    if "period" in values and days:
        yield Misread("period", "beside", days)
    over = tuple(name for name in (*_DAYS, "period") if name in values)
    if SPAN in values and SPAN in known and over:
        yield Misread(SPAN, "beside", over)


def _is_blank(name: str, value: str) -> bool:
    """Whether a value says nothing; commas alone name no term."""
    return not value.strip() or (name in KINDS and split_codes(value) == ())


def remarks_on(notes: Sequence[str], strange: Sequence[Misread], _: Text) -> list[str]:
    """Say what of a page's address was not understood, or not taken.

    Args:
        notes: names of the parameters whose values were not understood.
        strange: what is wrong with the address besides.
        _: the words of the user's language.
    """
    names = {why: [each.name for each in strange if each.why == why] for why in _REMARKED}
    lost = [*notes, *(name for name in names["unknown"] if name not in notes)]
    empty = [name for name in names["blank"] if name not in notes]
    # Days that are none do not take the place of others.
    passed = [] if set(notes) & set(_DAYS) else names["beside"]
    said = {
        _("Not understood in the address: {names}", names=_listed(lost)): lost,
        _("Given more than once in the address: {names}", names=_listed(names["twice"])): names[
            "twice"
        ],
        _("Empty in the address, so left out: {names}", names=_listed(empty)): empty,
        _("Left out, since other days are in the address: {names}", names=_listed(passed)): passed,
        _("Of an address with more than {n} parameters none is read.", n=MAX_FIELDS): names["many"],
    }
    return [words for words, there in said.items() if there]


def _listed(names: Sequence[str]) -> str:
    """Write some names, the first of them if they are many."""
    first = ", ".join(readable(name) for name in names[:_MOST_NAMES])
    return f"{first} …" if len(names) > _MOST_NAMES else first


def readable(name: str) -> str:
    """Return a name that anybody may have sent, short and on one line."""
    plain = "".join(letter if letter.isprintable() else "?" for letter in name)
    return plain if len(plain) <= _MOST_LETTERS else f"{plain[:_MOST_LETTERS]}…"
