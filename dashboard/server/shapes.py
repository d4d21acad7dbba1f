"""What the inputs of callbacks look like as our pages send them; anything else is malformed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dashboard import ids

_VERSIONS = frozenset({"area", "incident", "retries"})
LONGEST_TEXT = 10_000
"""Of an address; browsers and proxies take no longer ones either."""


def is_place(value: object) -> bool:
    """Whether a value is an address: texts by name."""
    return isinstance(value, dict) and all(
        isinstance(name, str) and is_text(text) for name, text in value.items()
    )


def is_text(value: object) -> bool:
    """Whether a value is a text of bearable length."""
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def is_mark(value: object) -> bool:
    """Whether a value is a mark that a page compares, or none yet."""
    return value is None or is_text(value)


def is_revision(value: object) -> bool:
    """Whether a value is the numbers of versions, or none yet."""
    return value is None or (
        isinstance(value, dict)
        and _VERSIONS.issuperset(value)
        and all(isinstance(number, int) for number in value.values())
    )


SHAPES: Mapping[str, Callable[[object], bool]] = {
    f"{ids.ADDRESS}.data": is_place,
    f"{ids.COMPARE_PAGE}.address": is_place,
    f"{ids.BRIEF_PAGE}.address": is_place,
    f"{ids.DESK_PAGE}.address": is_place,
    f"{ids.PEOPLE_PAGE}.address": is_place,
    f"{ids.FRESHNESS}.revision": is_revision,
    f"{ids.COMPARE_FRESHNESS}.revision": is_revision,
    f"{ids.BRIEF_FRESHNESS}.revision": is_revision,
    f"{ids.SEARCH}.query": is_text,
    f"{ids.COMPARE_FIND_FIRST}.query": is_text,
    f"{ids.COMPARE_FIND_SECOND}.query": is_text,
    f"{ids.DESK_WATCH}.side": is_mark,
    f"{ids.DESK_WATCH}.work": is_mark,
    f"{ids.PEOPLE_WATCH}.mark": is_mark,
}
"""By ``<component>.<property>``; a callback that takes another one is refused until it is here."""
