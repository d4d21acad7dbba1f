"""The address of a file, read strictly: a file says what was asked for, or there is none.

A page takes the default for what it does not understand, and says so beside it. A file leaves
the page and its remark behind, so its address is refused instead: with the parameter, what was
expected, and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.addresses import SPAN, Misread, misread, readable
from dashboard.errors import BadRequestError
from dashboard.filters import KINDS
from dashboard.period import PRESETS
from dashboard.state import (
    LANGUAGES,
    MAX_FIELDS,
    METRICS,
    PARAMETERS,
    PER,
    PLAY_STEPS,
    RADII_M,
    SORTS,
    TABS,
    THEMES,
    VIEWS,
)
from dashboard.text import Text, text_for
from dashboard.visit import Visit

REVISION = "rev"
_ENDS = {"from": "to", "scale_from": "scale_to"}
"""Two days are read as one; what is wrong with either is noted by the name of the first."""

_FLAGS = ("smooth", "publish")
_MOST_CODES = 40
_CHOICES: dict[str, Sequence[str]] = {
    "metric": METRICS,
    "view": VIEWS,
    "per": PER,
    "period": PRESETS,
    "sort": SORTS,
    "tab": TABS,
    "play": PLAY_STEPS,
    "lang": LANGUAGES,
    "theme": THEMES,
}


class MisreadError(BadRequestError):
    """The address of a file holds what is not understood.

    Attributes:
        found: what, in the order met.
    """

    def __init__(self, found: Sequence[Misread]) -> None:
        self.found = tuple(found)
        super().__init__(self.words(text_for("en")))

    def words(self, _: Text) -> str:
        """Say what was wrong, what was expected and what to do, in a language."""
        return " ".join(_sentence(each, _) for each in self.found)


def require_understood(
    visit: Visit, query: str, more: Sequence[str] = (), spans: Sequence[str] = ()
) -> None:
    """Refuse the address of a file unless all of it is understood.

    Args:
        visit: what was read from it.
        query: the query string, as it was sent.
        more: parameters of this file besides those of the map page.
        spans: what ``span`` may be, where it is among them.

    Raises:
        MisreadError: something is not.
    """
    found = misread(query, (*PARAMETERS, *more))
    said = {each.name for each in found}
    notes = [note for note in visit.notes if note not in said and _ENDS.get(note) not in said]
    if visit.state.layer not in ("", visit.layer.key) and "layer" not in said:
        notes.append("layer")
    found += [Misread(note, "value", _expected(note, visit, spans)) for note in notes]
    if found:
        raise MisreadError(found)


def _expected(name: str, visit: Visit, spans: Sequence[str]) -> tuple[str, ...]:
    """Return the words that a parameter may be, where they can be listed."""
    if name in KINDS:
        codes = tuple(term.code for term in visit.source.terms(name))
        return codes if len(codes) <= _MOST_CODES else ()
    if name == "layer":
        return visit.area.layers or (visit.layer.key,)
    return tuple(spans if name == SPAN else _CHOICES.get(name, ()))


def _sentence(each: Misread, _: Text) -> str:
    name, listed = readable(each.name), ", ".join(each.others)
    said = {
        "many": _(
            "The address has more than {n} parameters. Expected: each once. Leave out those that"
            " are too many.",
            n=MAX_FIELDS,
        ),
        "unknown": _(
            "There is no parameter '{name}'. Expected: some of {names}. Correct it or leave it"
            " out.",
            name=name,
            names=listed,
        ),
        "twice": _(
            "'{name}' is given more than once. Expected: once. Leave out all but one.", name=name
        ),
        "blank": _(
            "'{name}' is empty. Expected: a value, or no '{name}' at all. Give it a value or leave"
            " it out.",
            name=name,
        ),
        "beside": _(
            "'{name}' contradicts {names}. Expected: one way to say the days. Leave out the one or"
            " the other.",
            name=name,
            names=listed,
        ),
    }
    return said.get(each.why) or _(
        "'{name}' is not understood. Expected: {expected}. Correct it or leave it out.",
        name=name,
        expected=_expectation(each, _),
    )


def _expectation(each: Misread, _: Text) -> str:
    """Say what a value of a parameter would have been."""
    name, listed = each.name, ", ".join(each.others)
    least, most = RADII_M
    if name in KINDS:
        plain = _("codes of its terms, separated by commas")
        return f"{plain} ({listed})" if listed else plain
    if listed:
        return _("one of {names}", names=listed)
    if name in _FLAGS:
        return "1"
    if each.why == "day":
        return _("a day as YYYY-MM-DD")
    said = {
        "actor": _("a login, of letters that can be seen"),
        "before": _("the number of a line of the log"),
        "radius": _("whole metres from {least} to {most}", least=least, most=most),
        "at": _("longitude, latitude and zoom, separated by commas"),
    }
    return said.get(name) or _("two days as YYYY-MM-DD, the first not after the last")
