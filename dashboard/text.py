"""Words, numbers and days in the user's language, from gettext catalogues.

The message ids are English. The catalogues are read from their .po files when the first
page is built: there is nothing compiled to forget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Protocol

from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from dashboard.period import Days
from geo.errors import ConfigurationError

DOMAIN = "gridboard"
LEAST_SHARE = 0.001
_LOCALES = {"zh": "zh_Hans_CN", "en": "en"}


class Named(Protocol):
    """Anything that has a name and perhaps an English one."""

    @property
    def name(self) -> str:
        """The name as the people there write it."""

    @property
    def name_en(self) -> str | None:
        """The English name, if there is one."""


class NamedTwice(Protocol):
    """A term or level, which always has both names."""

    @property
    def name_zh(self) -> str:
        """The Chinese name."""

    @property
    def name_en(self) -> str:
        """The English name."""


@dataclass(frozen=True)
class Text:
    """The words of one language.

    Called with a message id it gives the translation; ``values`` fill its ``{names}``.
    """

    lang: str
    messages: Mapping[str, tuple[str, ...]]

    def __call__(self, message: str, **values: object) -> str:
        """Translate; a message nobody translated stays English."""
        found = self.messages.get(message, (message,))[0]
        return found.format(**values) if values else found

    def n(self, singular: str, plural: str, number: int) -> str:
        """Translate a message that depends on a number, which fills its ``{n}``."""
        forms = self.messages.get(singular, (singular, plural))
        form = forms[0] if number == 1 or len(forms) == 1 else forms[1]
        return form.format(n=self.number(number))

    @cached_property
    def locale(self) -> Locale:
        """Babel's locale, for numbers and days."""
        return Locale.parse(_LOCALES[self.lang])

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number, thousands separated, with ``digits`` decimals."""
        # Minus zero is equal to zero, and must not be what is kept for it.
        return _decimal(value or 0, digits, self.locale)

    def percent(self, share: float) -> str:
        """Write a share as whole percent; below ten percent with one decimal."""
        if 0 < abs(share) < LEAST_SHARE:
            return f"< {format_percent(LEAST_SHARE, format='0.0%', locale=self.locale)}"
        pattern = "0.0%" if 0 < abs(share) < 0.0995 else "#,##0%"
        return format_percent(share, format=pattern, locale=self.locale)

    def day(self, day: date) -> str:
        """Write a day with its year."""
        return format_date(day, format="y-MM-dd", locale=self.locale)

    def days(self, days: Days) -> str:
        """Write a period by its first and last day."""
        if len(days) <= 1:
            return self.day(days.since)
        return f"{self.day(days.since)} – {self.day(days.last)}"

    def moment(self, moment: datetime) -> str:
        """Write a moment to the minute, in the time zone it carries."""
        return format_datetime(moment, format="y-MM-dd HH:mm", locale=self.locale)

    def joined(self, parts: Sequence[str]) -> str:
        """Join what belongs together: 星期和季节, weekday and season."""
        return format_list(parts, locale=self.locale)

    def ago(self, age: timedelta) -> str:
        """Say how long ago something was, in the largest unit that fits: 3 天前, 3 days ago."""
        return format_timedelta(-age, add_direction=True, locale=self.locale)

    def name(self, area: Named) -> str:
        """Name an area; without an English name it keeps its own."""
        return (self.lang == "en" and area.name_en) or area.name

    def within(self, name: str, parent: Named) -> str:
        """Shorten a name that begins with the whole name of the area around it."""
        rest = name.removeprefix(self.name(parent))
        whole_word = not name.isascii() or rest.startswith(" ")
        return rest.strip() if rest.strip() and whole_word else name

    def term(self, term: NamedTwice) -> str:
        """Name a term or a level."""
        return term.name_en if self.lang == "en" else term.name_zh


@lru_cache(maxsize=20_000)
def _decimal(value: float, digits: int, locale: Locale) -> str:
    """Kept, because a page writes hundreds of numbers, and mostly small whole ones."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(value, format=pattern, locale=locale)


@cache
def text_for(lang: str) -> Text:
    """Return the words of a language.

    Raises:
        ConfigurationError: there is no catalogue for it.
    """
    return Text(lang, MappingProxyType(_messages(catalogue(lang))))


def catalogue(lang: str) -> Catalog:
    """Read the catalogue of a language.

    Raises:
        ConfigurationError: there is none.
    """
    path = files("dashboard").joinpath("locales", lang, "LC_MESSAGES", f"{DOMAIN}.po")
    if lang not in _LOCALES or not path.is_file():
        raise ConfigurationError(f"no catalogue for {lang!r}: expected one of {sorted(_LOCALES)}")
    with path.open("rb") as file:
        return read_po(file, locale=_LOCALES[lang])


def _messages(found: Catalog) -> dict[str, tuple[str, ...]]:
    messages = {}
    for message in found:
        key = message.id if isinstance(message.id, str) else message.id[0]
        string = message.string or ""
        forms = (string,) if isinstance(string, str) else tuple(string)
        if key and all(forms):
            messages[key] = forms
    return messages
