"""Names of any length, cut to the room there is."""

from __future__ import annotations

import unicodedata
from itertools import accumulate

IN_A_SENTENCE, IN_A_LIST, IN_A_TABLE = 64, 60, 28
"""Room of a name by where it stands; a Chinese letter takes two."""


def shortened(name: str, most: int = IN_A_SENTENCE) -> str:
    """Cut a name that is longer than there is room for; the cut is marked."""
    if letters(name) <= most:
        return name
    ends = accumulate(letters(letter) for letter in name)
    return name[: sum(end < most for end in ends)].rstrip() + "…"


def letters(words: str) -> int:
    """The room some words take; Chinese letters take that of two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)
