"""Which areas each area belongs to: the lineage columns of the database."""

from collections.abc import Mapping
from dataclasses import dataclass

from geo.errors import InputError
from geo.hierarchy import PROVINCE, SLOTS, TOWNSHIP, VILLAGE


@dataclass(frozen=True)
class Lineage:
    """The areas that an area belongs to; the columns of the same name in the database."""

    province_code: str
    city_code: str | None
    county_code: str | None
    township_code: str | None
    village_code: str | None


def lineages(slots: Mapping[str, int], parents: Mapping[str, str | None]) -> dict[str, Lineage]:
    """The lineage of every area of a complete set of areas.

    Where a level is missing above an area, its nearest wider area takes the place: a township
    of a city without counties has the city's code as county_code. An area that has nothing
    below it down to a level stands in for that level itself, so that every incident has a
    county and a township. Nothing stands in for a village.

    Args:
        slots: the slot of each area, by code.
        parents: the code of each area's parent, by code; None for the root.

    Returns:
        One lineage an area, by code, in the order of ``slots``.

    Raises:
        InputError: there is not exactly one root, at the slot province; or a parent is unknown
            or not wider than its child.
    """
    _check(slots, parents)
    widest_first = sorted(slots, key=lambda code: slots[code])
    below = {code: [False] * len(SLOTS) for code in slots}
    for code in reversed(widest_first):
        parent = parents[code]
        if parent is not None:
            below[parent] = [a or b for a, b in zip(below[parent], below[code], strict=True)]
            below[parent][slots[code]] = True
    # By slot, the narrowest area above (or the area itself) that is at least as wide.
    reach: dict[str, list[str]] = {}
    for code in widest_first:
        parent, slot = parents[code], slots[code]
        above = reach[parent][:slot] if parent is not None else []
        reach[code] = above + [code] * (len(SLOTS) - slot)
    return {code: _lineage(slots[code], reach[code], below[code], slots) for code in slots}


def _lineage(slot: int, reach: list[str], below: list[bool], slots: Mapping[str, int]) -> Lineage:
    columns = [
        None if any(below[slot + 1 : place + 1]) else reach[place] for place in range(TOWNSHIP + 1)
    ]
    in_village = slots[reach[VILLAGE]] == VILLAGE
    return Lineage(
        reach[PROVINCE], columns[1], columns[2], columns[3], reach[VILLAGE] if in_village else None
    )


def _check(slots: Mapping[str, int], parents: Mapping[str, str | None]) -> None:
    roots = [code for code in slots if parents[code] is None]
    if len(roots) != 1 or slots[roots[0]] != PROVINCE:
        raise InputError(
            "expected exactly one area without a parent, at the widest level; found"
            f" {', '.join(roots[:5]) or 'none'}"
        )
    for code, slot in slots.items():
        parent = parents[code]
        if parent is None:
            continue
        if parent not in slots:
            raise InputError(f"area {code} names {parent} as its parent, which is not there")
        if slots[parent] >= slot:
            raise InputError(
                f"area {code} ({SLOTS[slot]}) cannot lie in {parent} ({SLOTS[slots[parent]]}):"
                " expected a wider parent"
            )
