"""Sums of what became of incidents, against pandas over the incidents one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, false_discovery_control, hypergeom

from dashboard.handling.answers import Handler, Outcome, Quartiles
from dashboard.handling.groups import Groups
from dashboard.handling.summing import MOST_ORGANISATIONS, handled
from dashboard.terms import OPEN, RESOLVED
from geo.hierarchy import CITY, COUNTY, TOWNSHIP, VILLAGE
from tests.dashboard.made import MadeSource, Place

FAILED = 3
NO_DEADLINE, NOT_LATE = -2, -1
PLACES = [
    Place("620100", CITY),
    Place("620121", COUNTY, "620100"),
    Place("620122", COUNTY, "620100"),
    Place("620121101", TOWNSHIP, "620121"),
    Place("620121102", TOWNSHIP, "620121"),
    Place("620121101201", VILLAGE, "620121101"),
    Place("620121101202", VILLAGE, "620121101"),
    Place("620122101", TOWNSHIP, "620122"),
]
AREAS = MadeSource(PLACES, {}, date(2024, 1, 1)).areas
NAMES = ("丙", "甲", "乙", "a", "", None)

late = st.one_of(
    st.sampled_from([NO_DEADLINE, NOT_LATE, 0, 7, 8, 30, 31, 90, 91]), st.integers(0, 900)
)
group = st.one_of(
    st.tuples(st.just(OPEN), st.just(-1), late),
    st.tuples(st.just(RESOLVED), st.one_of(st.just(-1), st.integers(0, 60)), st.just(NOT_LATE)),
    st.tuples(st.just(FAILED), st.just(-1), st.just(NOT_LATE)),
)
groups = st.lists(
    st.tuples(st.integers(0, len(PLACES) - 1), group, st.sampled_from(NAMES), st.integers(1, 9)),
    max_size=40,
)
Drawn = list[tuple[int, tuple[int, int, int], str | None, int]]


def parts_of(drawn: Drawn) -> list[Groups]:
    """The groups as two counties hold them."""
    kinds = [("row", np.int32), ("status", np.int16), ("organisation", object),
             ("days", np.int32), ("late", np.int32), ("incidents", np.int64)]  # fmt: skip
    parts = []
    for own in (drawn[::2], drawn[1::2]):
        rows = [(row, g[0], name, g[1], g[2], n) for row, g, name, n in own]
        columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
        parts.append(Groups(*(np.array(c, k) for c, (_, k) in zip(columns, kinds, strict=True))))
    return parts


def incidents_of(drawn: Drawn) -> pd.DataFrame:
    """The incidents one by one."""
    rows = [(PLACES[r].code, *g, name or None, n) for r, g, name, n in drawn]
    table = pd.DataFrame(rows, columns=["code", "status", "days", "late", "name", "n"])
    return table.loc[table.index.repeat(table["n"])].reset_index(drop=True)


def recount(rows: pd.DataFrame) -> dict[str, Any]:
    waiting, done = rows[rows["status"] == OPEN], rows[rows["status"] == RESOLVED]
    dated = done.loc[done["days"] >= 0, "days"]
    bands = [(0, 7), (8, 30), (31, 90), (91, 10_000)]
    counted = tuple(int(waiting["late"].between(*band).sum()) for band in bands)
    k, n = len(done), len(rows)
    return {
        "received": n,
        "by_status": rows["status"].value_counts().to_dict(),
        "resolved": k,
        "open": len(waiting),
        "overdue": sum(counted),
        "late": counted,
        "no_deadline": int((waiting["late"] == NO_DEADLINE).sum()),
        "share": k / n if n else None,
        "share_low": pytest.approx(beta.ppf(0.025, k, n - k + 1) if k else 0.0),
        "share_high": pytest.approx(beta.ppf(0.975, k + 1, n - k) if k < n else 1.0),
        "days": Quartiles(*dated.quantile([0.25, 0.5, 0.75])) if len(dated) else None,
    }


def verdicts(parts: list[Outcome]) -> list[str]:
    """Fisher's exact test of each against all others, from the hypergeometric distribution."""
    n, k = sum(each.received for each in parts), sum(each.resolved for each in parts)
    if len(parts) < 2 or not n:
        return ["alike"] * len(parts)
    chance = []
    for each in parts:
        at = np.arange(min(k, each.received) + 1)
        pmf = hypergeom.pmf(at, n, k, each.received)
        chance.append(min(1.0, pmf[pmf <= pmf[each.resolved] * (1 + 1e-7)].sum()))
    told = false_discovery_control(chance) <= 0.05
    return [
        "alike" if not beyond else "below" if each.resolved * n < k * each.received else "above"
        for each, beyond in zip(parts, told, strict=True)
    ]


@settings(max_examples=60)
@given(groups, st.sampled_from(PLACES), st.sampled_from([1, 3, MOST_ORGANISATIONS]))
def test_every_sum_is_that_of_its_incidents(drawn: Drawn, place: Place, most: int) -> None:
    lineage = AREAS.picture.lineage
    row = lineage.row(place.code)
    slot = AREAS.child_slot(row)
    table = incidents_of(drawn)
    around = {each.code: {each.code} for each in PLACES}
    for each in reversed(PLACES):
        if each.around:
            around[each.around] |= around[each.code]
    own = table[table["code"].isin(around[place.code])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboard.handling.summing.MOST_ORGANISATIONS", most)
        found = handled(parts_of(drawn), row, slot, AREAS)
    assert vars(found.total) == recount(own)

    children = [
        each.code for each in PLACES if each.slot == slot and each.code in around[place.code]
    ]
    assert [each.code for each in found.areas] == children
    for each in found.areas:
        at = lineage.row(each.code or "")
        assert (each.area_id, each.name, each.name_en) == (
            10 * (at + 1), f"名{each.code}", f"Name {each.code}"
        )  # fmt: skip
        assert vars(each.outcome) == recount(own[own["code"].isin(around[each.code or ""])])
    assert [each.verdict for each in found.areas] == verdicts([e.outcome for e in found.areas])
    left = own[~own["code"].isin(set().union(*(around[code] for code in children)))]
    if slot is None or left.empty:
        assert found.coarser is None
    else:
        assert found.coarser == Handler(None, None, None, None, found.coarser.outcome)
        assert vars(found.coarser.outcome) == recount(left)

    # The most incidents first, of as many by name; those without a name count as one.
    sizes = own["name"].fillna("").value_counts()
    order = sorted(sizes.index, key=lambda name: (-sizes[name], name))
    assert [each.name for each in found.organisations] == [name or None for name in order[:most]]
    for each in found.organisations:
        assert each.area_id is each.code is each.name_en is None
        assert vars(each.outcome) == recount(own[own["name"].fillna("") == (each.name or "")])
    assert [each.verdict for each in found.organisations] == verdicts(
        [each.outcome for each in found.organisations]
    )
    assert found.others == max(0, len(order) - most)
    if found.others:
        assert found.rest is not None
        assert vars(found.rest.outcome) == recount(own[own["name"].fillna("").isin(order[most:])])
    else:
        assert found.rest is None


def test_of_no_county_there_is_nothing() -> None:
    found = handled([], AREAS.picture.lineage.row("620100"), COUNTY, AREAS)
    assert vars(found.total) == recount(incidents_of([]))
    assert [each.outcome.received for each in found.areas] == [0, 0]
    assert (found.coarser, found.organisations, found.rest, found.others) == (None, (), None, 0)
