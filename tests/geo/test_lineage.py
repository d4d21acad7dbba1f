"""Lineage: missing levels are stood in for, so that nothing is without county and township."""

import pytest

from geo.errors import InputError
from geo.lineage import Lineage, lineages

# A province with: city C (county K: township T (village V with a cell, and a cell outside of
# villages) and leaf county L with a cell), city J without counties but a township, and S with
# nothing below it.
PARENTS = {
    "P": None,
    "C": "P",
    "K": "C",
    "T": "K",
    "V": "T",
    "V1": "V",
    "T1": "T",
    "L": "C",
    "L1": "L",
    "J": "P",
    "JT": "J",
    "JT1": "JT",
    "S": "P",
}
SLOTS = {
    "P": 0, "C": 1, "K": 2, "T": 3, "V": 4, "V1": 5, "T1": 5,
    "L": 2, "L1": 5, "J": 1, "JT": 3, "JT1": 5, "S": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("P", Lineage("P", None, None, None, None)),
        ("C", Lineage("P", "C", None, None, None)),
        ("K", Lineage("P", "C", "K", None, None)),
        ("T", Lineage("P", "C", "K", "T", None)),
        ("V", Lineage("P", "C", "K", "T", "V")),
        ("V1", Lineage("P", "C", "K", "T", "V")),
        ("T1", Lineage("P", "C", "K", "T", None)),
        ("L", Lineage("P", "C", "L", "L", None)),
        ("L1", Lineage("P", "C", "L", "L", None)),
        ("J", Lineage("P", "J", "J", None, None)),
        ("JT", Lineage("P", "J", "J", "JT", None)),
        ("JT1", Lineage("P", "J", "J", "JT", None)),
        ("S", Lineage("P", "S", "S", "S", None)),
    ],
)
def test_lineage(code: str, expected: Lineage) -> None:
    assert lineages(SLOTS, PARENTS)[code] == expected


def test_a_hierarchy_without_cities() -> None:
    """Chicago: the city is at the widest slot, and its districts take it as their city."""
    found = lineages({"city": 0, "17": 2}, {"city": None, "17": "city"})
    assert found["city"] == Lineage("city", "city", None, None, None)
    assert found["17"] == Lineage("city", "city", "17", "17", None)


@pytest.mark.parametrize(
    ("slots", "parents", "message"),
    [
        ({"P": 0, "Q": 0}, {"P": None, "Q": None}, "exactly one area without a parent"),
        ({"C": 1}, {"C": None}, "at the widest level"),
        ({"P": 0, "C": 1}, {"P": None, "C": "X"}, "names X as its parent"),
        ({"P": 0, "C": 1, "D": 1}, {"P": None, "C": "P", "D": "C"}, "cannot lie in C"),
    ],
)
def test_a_broken_tree_is_refused(
    slots: dict[str, int], parents: dict[str, str | None], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        lineages(slots, parents)
