"""The state of the page that compares, all of it in the URL, like that of the map."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from dashboard.codes import AREA_CODE
from dashboard.period import Days
from dashboard.sections import COMPARE, MAP
from dashboard.state import MapState, format_url, pairs, parse, read_range

AGAINST = ("year", "before")
SHOWS = ("both", "change")
OWN_PARAMETERS = ("with", "against", "from2", "to2", "show", "at2")
"""All that an address of the page may say besides what one of the map may; the last of it, where
the second map was moved to, only the browser reads."""


@dataclass(frozen=True)
class CompareState:
    """What is compared with what.

    Attributes:
        first: the area, days and filters of the first side; the other side shares all of
            them but one.
        other: code of the other side's area; empty where two periods are compared.
        against: which days those are: the same a year before, or those just before.
        days: the other days, where they were chosen.
        show: two maps, or one of the change between them.
    """

    first: MapState = field(default_factory=MapState)
    other: str = ""
    against: str = "year"
    days: Days | None = None
    show: str = "both"

    def with_(self, **changes: Any) -> CompareState:
        """Return a copy with other things of the comparison itself."""
        return replace(self, **changes)

    def href(self, **changes: Any) -> str:
        """Write the address with changes of the first side; another area drops the other one."""
        other = self if "area" not in changes else self.with_(other="")
        return format_compare(other.with_(first=self.first.with_(**changes)))


def parse_compare(pathname: str | None, search: str | None) -> tuple[CompareState, tuple[str, ...]]:
    """Read an address of the page, as ``dashboard.state.parse`` reads one of the map."""
    path = (pathname or "").replace(COMPARE.path, MAP.path, 1)
    first, understood = parse(path, search)
    raw, notes = pairs(search or ""), list(understood)
    state = CompareState(
        first=first,
        other=_read(raw, "with", AREA_CODE.fullmatch, notes),
        against=_read(raw, "against", AGAINST.__contains__, notes) or AGAINST[0],
        days=read_range(raw, notes, "from2", "to2"),
        show=_read(raw, "show", SHOWS.__contains__, notes) or SHOWS[0],
    )
    return state, tuple(notes)


def format_compare(state: CompareState) -> str:
    """Write the address of a state, defaults omitted; ``parse_compare`` gives the state back."""
    address = format_url(state.first).replace(MAP.path, COMPARE.path, 1)
    own = {
        **({"with": state.other} if state.other else {}),
        **({"against": state.against} if state.against != AGAINST[0] else {}),
        **(state.days.parameters("from2", "to2") if state.days else {}),
        **({"show": state.show} if state.show != SHOWS[0] else {}),
    }
    if not own:
        return address
    return f"{address}{'&' if '?' in address else '?'}{urlencode(own)}"


def _read(raw: dict[str, str], name: str, allowed: Any, notes: list[str]) -> str:
    """Take a value if it is allowed; note its name if it is not."""
    value = raw.get(name, "")
    if value and not allowed(value):
        notes.append(name)
        return ""
    return value
