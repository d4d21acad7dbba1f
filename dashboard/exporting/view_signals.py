"""What else a view's files hold where the map shows spots, or rates drawn towards the whole."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from dashboard.counts import Floats
from dashboard.exporting.columns import Column
from dashboard.lineage import Rows
from dashboard.rating import layer_prior
from dashboard.signals.answers import NO_DATA, TOO_FEW, Signals
from dashboard.signals.sentences import pattern_name, spot_name
from dashboard.visit import Visit

SPOTS = ("hot", "emerging")


def spot_columns(visit: Visit, rows: Rows) -> Iterator[Column]:
    """Give the class of each area with its numbers, where the map shows spots."""
    _, kind = visit.text, visit.state.view
    if kind not in SPOTS or visit.state.publish:
        return
    source, slot, per = visit.source, visit.layer.slot, visit.state.per
    find = source.hot if kind == "hot" else source.emerging
    found: Signals = find(slot, visit.filters, per)
    at = found.at(rows)
    classes = found.classes[at]
    known = np.abs(classes) < TOO_FEW
    names = {int(name): _name(visit, int(name)) for name in np.unique(classes)}
    yield Column("spot_class", _("Class of spot (number)"), "whole", _where(classes, known))
    yield Column("spot", _("Class of spot"), "text", [names[int(name)] for name in classes])
    yield Column("spot_z", _("Standard score (Gi*)"), "number", _where(found.z[at], known))
    head = _("Probability by chance, corrected for many tests")
    yield Column("spot_p", head, "number", _where(found.p[at], known))
    yield Column("spot_tests", _("Tests corrected for (number)"), "whole",
                 np.full(len(rows), found.tests))  # fmt: skip


def smoothed_columns(visit: Visit, counts: Floats, people: Floats) -> Iterator[Column]:
    """Give the rates drawn towards that of the whole layer, where the map shows them."""
    _, state = visit.text, visit.state
    if not state.smooth or state.publish:
        return
    head = {
        "people": _("Incidents per 1,000 people"),
        "households": _("Incidents per 1,000 households"),
    }[state.per]
    prior = layer_prior(visit)
    drawn = np.full(len(counts), np.nan) if prior is None else prior.drawn(counts, people)
    label = _("{figure}, smoothed (empirical Bayes)", figure=head)
    yield Column(f"incidents_per_1000_{state.per}_smoothed", label, "number", drawn)


def _name(visit: Visit, name: int) -> str:
    _ = visit.text
    if name == NO_DATA:
        return _("nothing to compare with")
    if name == TOO_FEW:
        return _("too few incidents to tell")
    return spot_name(name, _) if visit.state.view == "hot" else pattern_name(name, _)


def _where(values: NDArray[np.number], known: NDArray[np.bool_]) -> Floats:
    """The values where something is known, nothing elsewhere."""
    result: Floats = np.where(known, values.astype(np.float64), np.nan)
    return result
