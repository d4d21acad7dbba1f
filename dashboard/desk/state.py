"""The state of the data page, all of it in the URL, like that of the map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dashboard.desk.requests import read_id
from dashboard.sections import DATA
from dashboard.state import LANGUAGES, THEMES

WHATS = ("incidents", "boundaries")
_NUMBERS = ("job", "batch")
_CHOICES = {"what": WHATS, "lang": LANGUAGES, "theme": THEMES}


@dataclass(frozen=True)
class DeskState:
    """What the data page shows.

    Attributes:
        what: the kind of file that is about to be brought.
        job: the number of the job shown, or None.
        batch: the number of the batch shown, or None.
        lang, theme: presentation.
    """

    what: str = "incidents"
    job: int | None = None
    batch: int | None = None
    lang: str = "zh"
    theme: str = "dark"

    def href(self, **changes: Any) -> str:
        """Return the address of the page with changes; whatever else was open is closed."""
        shown = {"job": None, "batch": None}
        return format_desk(replace(self, **(shown | changes)))

    def stay(self, **changes: Any) -> str:
        """Return the address of the same view in another language or theme."""
        return format_desk(replace(self, **changes))


def parse_desk(search: str | None) -> DeskState:
    """Read a query string; what is not understood takes its default."""
    try:
        raw = dict(parse_qsl((search or "").lstrip("?"), max_num_fields=50))
    except ValueError:
        raw = {}
    known: dict[str, Any] = {name: _number(raw.get(name)) for name in _NUMBERS}
    known |= {name: raw[name] for name, allowed in _CHOICES.items() if raw.get(name) in allowed}
    return DeskState(**known)


def format_desk(state: DeskState) -> str:
    """Write the address of a state, defaults omitted; ``parse_desk`` gives the state back."""
    default = DeskState()
    given = {
        name: str(getattr(state, name))
        for name in (*_NUMBERS, *_CHOICES)
        if getattr(state, name) != getattr(default, name)
    }
    return f"{DATA.path}?{urlencode(given)}" if given else DATA.path


def _number(text: str | None) -> int | None:
    return read_id(text) if text is not None else None
