"""The state of the admin's page, all of it in the URL, like that of the map."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dashboard.desk.requests import read_id
from dashboard.roster.answers import STATES
from dashboard.sections import PEOPLE
from dashboard.state import LANGUAGES, THEMES
from geo.viewer import ROLES

LOG_PATH = f"{PEOPLE.path}/log"
SORTS = ("login", "name", "role", "state", "seen")
KINDS = ("entries", "refused", "accounts", "exports", "campaigns", "data", "system")
"""What kind of deeds the log shows."""
MAX_TEXT = 64
LAST_PAGE = 10_000
_NUMBERS = ("account", "page", "before")
_TEXTS = ("q", "actor")
_DAYS = {"from": "since", "to": "last"}
_CHOICES: dict[str, tuple[str, ...]] = {
    "role": ROLES, "state": STATES, "sort": SORTS, "kind": KINDS, "lang": LANGUAGES,
    "theme": THEMES,
}  # fmt: skip
_OF_LIST = ("q", "role", "state", "sort", "page", "account", "new")
_OF_LOG = ("kind", "actor", "from", "to", "before")


@dataclass(frozen=True)
class PeopleState:
    """What the admin's page shows.

    Attributes:
        log: whether it is the audit log, at an address of its own.
        account: number of the account shown, or None.
        new: whether one is about to be added.
        q, role, state, sort, page: which accounts are listed, and how.
        kind, actor, since, last, before: which lines of the log are; days inclusive.
        lang, theme: presentation.
    """

    log: bool = False
    account: int | None = None
    new: bool = False
    q: str = ""
    role: str = ""
    state: str = ""
    sort: str = "login"
    page: int = 1
    kind: str = ""
    actor: str = ""
    since: date | None = None
    last: date | None = None
    before: int | None = None
    lang: str = "zh"
    theme: str = "dark"

    def href(self, **changes: Any) -> str:
        """Return the address of a list with changes; what was open in it is closed."""
        shown = {"log": False, "account": None, "new": False, "page": 1, "before": None}
        return format_people(replace(self, **(shown | changes)))

    def stay(self, **changes: Any) -> str:
        """Return the address of the same view in another language or theme."""
        return format_people(replace(self, **changes))


def parse_people(pathname: str | None, search: str | None) -> PeopleState:
    """Read an address; what is not understood takes its default."""
    try:
        raw = dict(parse_qsl((search or "").lstrip("?"), max_num_fields=50))
    except ValueError:
        raw = {}
    found = {name: read_id(raw[name]) for name in _NUMBERS if name in raw}
    known: dict[str, Any] = {name: number for name, number in found.items() if number}
    known |= {name: raw[name] for name, allowed in _CHOICES.items() if raw.get(name) in allowed}
    known |= {name: readable(raw[name]) for name in _TEXTS if name in raw}
    known |= {field: read_day(raw.get(name)) for name, field in _DAYS.items()}
    known["page"] = min(known.get("page", 1), LAST_PAGE)
    known["log"], known["new"] = pathname == LOG_PATH, raw.get("new") == "1"
    return PeopleState(**known)


def format_people(state: PeopleState) -> str:
    """Write the address of a state, defaults omitted; ``parse_people`` gives the state back."""
    names = [*(_OF_LOG if state.log else _OF_LIST), "lang", "theme"]
    default, given = PeopleState(), {}
    for name in names:
        value = getattr(state, _DAYS.get(name, name))
        if value != getattr(default, _DAYS.get(name, name)):
            given[name] = "1" if value is True else str(value)
    path = LOG_PATH if state.log else PEOPLE.path
    return f"{path}?{urlencode(given)}" if given else path


def readable(text: str) -> str:
    """Return what of a text can be looked for: printable, and not endless."""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:MAX_TEXT]


def read_day(text: str | None) -> date | None:
    """Read a day, YYYY-MM-DD; ``None`` for what is none."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1900 <= found.year < 2200 else None
