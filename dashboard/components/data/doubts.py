"""What a draft is unsure of, in the user's language; particulars behind are kept as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from dashboard.text import Text

_NO_TERM = "no term for "
_FIT = re.compile(r"of ([\d,]+) points inside the area they belong to: ([^()]+)")
_FITS_SHOWN = 3


def doubts_by_field(found: Iterable[dict[str, Any]], _: Text) -> dict[str, str]:
    """Join the doubts about each field of the form: ``incidents.crs`` is the field ``crs``."""
    joined: dict[str, str] = {}
    for doubt in found:
        name = str(doubt.get("field", "")).removeprefix("incidents.")
        name = name.removesuffix(".column").removesuffix(".values")
        words = doubt_words(str(doubt.get("why", "")), _)
        joined[name] = f"{joined[name]} {words}" if name in joined else words
    return joined


def doubt_words(why: str, _: Text) -> str:
    """Say a doubt; one that nobody translated stays as the draft says it."""
    if why.startswith(_NO_TERM):
        words = why.removeprefix(_NO_TERM).partition(":")[0]
        return _("No meaning is known for {words}: add it to the term it means.", words=words)
    for part, words in _known(_).items():
        if part in why:
            return words + _fit_words(why, _)
    return why


def _fit_words(why: str, _: Text) -> str:
    """Say in which systems the points lie where they are recorded, if the draft could tell."""
    found = _FIT.search(why)
    if found is None:
        return ""
    fits = [fit.strip().replace("as is", "WGS 84") for fit in found[2].split(",")]
    return " " + _(
        "Share of {n} points that lie in the area they are recorded in: {fits}.",
        n=found[1],
        fits=" · ".join(fits[:_FITS_SHOWN]),
    )


def _known(_: Text) -> dict[str, str]:
    """Return the words for a doubt by a part of how the draft says it."""
    return {
        "in which CRS its degrees are": _(
            "Nothing in the file says its coordinate system: ask whoever made it. The systems"
            " differ by up to a kilometre."
        ),
        "the coordinates are metres": _(
            "The coordinates are metres of a projection that the file does not name: ask whoever"
            " made it."
        ),
        "comes from the name of the file": _(
            "Taken from the name of the file: every file of one office must bear the same."
        ),
        "no column was found that says when": _("No column says when it happened: choose one."),
        "the times state none": _("The times state no zone, so it is that of the areas."),
        "only a part of the name says so": _("Only a part of the column's name says so."),
        "which of them mean open": _(
            "Its words are unknown: say below which of them mean open, resolved and failed."
        ),
        "so each becomes a term": _(
            "Its words are unknown, so each becomes a term under its own name."
        ),
        "left out because they are about persons": _("Left out because about persons."),
        "every incident counts as open": _("No column says it: every incident counts as open."),
        "so every incident has one": _("No column says it: every incident has the same."),
        "day and month cannot be told apart": _(
            "Day and month cannot be told apart: taken as month/day/year."
        ),
        "no identifier or share one": _("Some rows have no identifier, or share one."),
        "it seems to number the rows": _(
            "It seems to number the rows of this file: the next file may do so too."
        ),
        "no column identifies an incident": _(
            "No column identifies an incident, so a digest of several does."
        ),
        "the columns may be exchanged": _("The columns of longitude and latitude look exchanged."),
        "neither coordinates nor an address": _(
            "Neither coordinates nor an address were found: choose the columns."
        ),
    }
