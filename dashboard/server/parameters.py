"""Reading the filters of a data request, strictly: what is not understood is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from dashboard.briefing.room import HEIGHT
from dashboard.codes import split_codes
from dashboard.errors import BadRequestError
from dashboard.filters import KINDS, Filters
from dashboard.period import Days
from dashboard.state import RADII_M
from dashboard.terms import Terms

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_METRES = re.compile(r"[0-9]{1,6}")
_MILLIMETRES = re.compile(r"[0-9]{1,3}")


def read_filters(arguments: Mapping[str, str], terms: Terms) -> Filters:
    """Read ``from``, ``to`` (inclusive), ``category``, ``channel`` and ``status``.

    Args:
        arguments: the query string; codes of terms are separated by commas.
        terms: the dictionaries.

    Raises:
        BadRequestError: a date is missing or is none, or a code names no term.
    """
    first, last = (_read_date(arguments, name) for name in ("from", "to"))
    days = Days.between(first, last)
    if days is None:
        raise BadRequestError("'to' must not lie before 'from', nor either far from our time")
    chosen = {kind: _read_codes(arguments, kind, terms) for kind in KINDS}
    return Filters(days, chosen["category"], chosen["channel"], chosen["status"])


def read_radius(arguments: Mapping[str, str]) -> int | None:
    """Read ``radius``, a bandwidth in whole metres; ``None`` where it is not given.

    Raises:
        BadRequestError: it is no number, or beyond what can be shown.
    """
    text = arguments.get("radius")
    if text is None:
        return None
    least, most = RADII_M
    if not _METRES.fullmatch(text) or not least <= int(text) <= most:
        raise BadRequestError(f"'radius' must be whole metres, {least} to {most}")
    return int(text)


def read_height(arguments: Mapping[str, str], least: int, most: int) -> int:
    """Read ``high``, the height of a picture on paper in whole millimetres; by default the least.

    Raises:
        BadRequestError: it is no number, or beyond what a page has room for.
    """
    text = arguments.get(HEIGHT, str(least))
    if not _MILLIMETRES.fullmatch(text) or not least <= int(text) <= most:
        raise BadRequestError(f"'{HEIGHT}' must be whole millimetres, {least} to {most}")
    return int(text)


def read_choice(
    arguments: Mapping[str, str], name: str, choices: Sequence[str], default: str | None = None
) -> str:
    """Read one of a few words.

    Raises:
        BadRequestError: it is another one, or missing where there is no default.
    """
    text = arguments.get(name, default)
    if text is None or text not in choices:
        raise BadRequestError(f"'{name}' must be one of {', '.join(choices)}")
    return text


def _read_date(arguments: Mapping[str, str], name: str) -> date:
    text = arguments.get(name, "")
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise BadRequestError(f"'{name}' must be a date, YYYY-MM-DD")


def _read_codes(arguments: Mapping[str, str], kind: str, terms: Terms) -> frozenset[int]:
    codes = split_codes(arguments.get(kind, ""))
    if codes is None:
        raise BadRequestError(f"'{kind}' must be codes separated by commas")
    if terms.unknown(kind, codes):
        raise BadRequestError(f"'{kind}' names a term that does not exist")
    return terms.ids(kind, codes)
