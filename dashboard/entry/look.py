"""The language and theme of a page at the door, which follow whoever goes through it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from dashboard.state import LANGUAGES, THEMES
from dashboard.text import Text, text_for

PRESENTATION = {"lang": LANGUAGES, "theme": THEMES}
"""The parameters that every address of ours may have, and what each may be."""

_MAX_FIELDS = 50


@dataclass(frozen=True)
class Look:
    """How a page is presented.

    Attributes:
        lang, theme: as in every address of the application; the first of each goes unsaid.
    """

    lang: str = LANGUAGES[0]
    theme: str = THEMES[0]

    @property
    def text(self) -> Text:
        """The words of the language."""
        return text_for(self.lang)

    @property
    def html_lang(self) -> str:
        """The language as HTML names it."""
        return "zh-CN" if self.lang == "zh" else self.lang

    def other_theme(self) -> Look:
        """Return the same in the other theme."""
        return replace(self, theme=_other(THEMES, self.theme))

    def other_lang(self) -> Look:
        """Return the same in the other language."""
        return replace(self, lang=_other(LANGUAGES, self.lang))

    def address(self, path: str, **parameters: str) -> str:
        """Write an address of ours with parameters, in this language and theme."""
        query = urlencode(parameters | self._unusual())
        return f"{path}?{query}" if query else path

    def dressed(self, path: str) -> str:
        """Give an address of ours, as it was asked for, this language and theme."""
        parts = urlsplit(path)
        kept = [pair for pair in _pairs(parts.query) if pair[0] not in PRESENTATION]
        query = urlencode([*kept, *self._unusual().items()], safe=",")
        return parts._replace(query=query).geturl()

    def _unusual(self) -> dict[str, str]:
        default = Look()
        return {
            name: getattr(self, name)
            for name in PRESENTATION
            if getattr(self, name) != getattr(default, name)
        }


def look_of(given: Mapping[str, str], wanted: str = "/") -> Look:
    """Read language and theme of a request; what it leaves open, the page it wants says.

    Args:
        given: the parameters of the request.
        wanted: the address the person was on the way to.
    """
    asked = dict(_pairs(urlsplit(wanted).query)) | dict(given)
    return Look(
        **{name: asked[name] for name, known in PRESENTATION.items() if asked.get(name) in known}
    )


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        return []


def _other(choices: tuple[str, ...], chosen: str) -> str:
    return choices[1 - choices.index(chosen)]
