"""Which swatch each area of a map of spots has, and what the legend says of them."""

from __future__ import annotations

import re

import numpy as np

from dashboard.briefing.classes import FEW, UNKNOWN, ZERO, Colouring, Entry
from dashboard.components.spots import spots_of_map
from dashboard.signals.answers import NO_DATA, TOO_FEW
from dashboard.theme import tokens
from dashboard.visit import Visit

VIEWS = {"hot": ("gi-hot", "gi-cold"), "emerging": ("hot", "cold")}
"""The tokens of each view's swatches, of hot and of cold spots."""

_SIDE = re.compile(r"[,，(（]")
_COLD = 20
"""What the classes of cold spots begin after."""


def spot_colouring(visit: Visit, theme: str) -> Colouring:
    """Class the areas of a visit's map of spots as the screen does, in the same swatches."""
    view, lineage = visit.state.view, visit.source.picture.lineage
    words = (spots_of_map(visit) or {})[view]
    rows = lineage.features(visit.layer.slot, lineage.row(visit.area.code))
    source = visit.source.hot if view == "hot" else visit.source.emerging
    found = source(visit.layer.slot, visit.filters, visit.state.per)
    spots = found.classes[found.at(rows)]
    classes = np.where(spots < 0, _COLD - spots, spots).astype(np.int8)
    classes[spots == TOO_FEW] = FEW
    classes[spots == NO_DATA] = UNKNOWN
    token, names = tokens(theme), VIEWS[view]
    kinds: list[tuple[int, str, str]] = []
    for first, name, side in ((0, names[0], words["hot"]), (_COLD, names[1], words["cold"])):
        kinds += [
            (first + at, token[f"{name}-{at}"], f"{_SIDE.split(side)[0]} · {said}")
            for at, said in reversed(list(enumerate(words["classes"], start=1)))
        ]
    kinds.append((ZERO, token["map-zero"], words["none"]))
    kinds += [
        (FEW, token["map-land"], words["few"]),
        (UNKNOWN, token["map-land"], words["unknown"]),
    ]
    sizes = {number: int((classes == number).sum()) for number, *_rest in kinds}
    entries = tuple(
        Entry(number, colour, said, sizes[number])
        for number, colour, said in kinds
        if sizes[number] or number == ZERO
    )
    unit = words["period"] if view == "emerging" else ""
    return Colouring(words["title"], unit, rows, classes, entries)
