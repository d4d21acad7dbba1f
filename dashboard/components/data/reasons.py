"""Why rows are refused, in the user's language; what is not known stays as the loader says it."""

from __future__ import annotations

from dashboard.components.data.words import field_name
from dashboard.text import Text
from etl.reasons import reason_code


def reason_name(reason: str, _: Text) -> str:
    """Name a reason; what it says in particular behind a colon is kept."""
    code = reason_code(reason)
    known = _known(_).get(code) or _of_field(code, _)
    if known is None:
        return reason
    _begin, colon, rest = reason.partition(":")
    return f"{known} ({rest.strip()})" if colon and code not in _WHOLE else known


_WHOLE = frozenset({"swapped_axes"})


def _known(_: Text) -> dict[str, str]:
    return {
        "no_id": _("no identifier"),
        "long_id": _("identifier too long"),
        "repeated_id": _("identifier repeated with other content"),
        "no_date": _("no date"),
        "future_date": _("date in the future"),
        "ancient_date": _("date before 1990"),
        "received_in_future": _("received in the future"),
        "resolved_in_future": _("resolved in the future"),
        "received_before_occurred": _("received before it occurred"),
        "resolved_before_occurred": _("resolved before it occurred"),
        "deadline_before_occurred": _("deadline before it occurred"),
        "no_coordinates": _("no coordinates"),
        "null_island": _("coordinates are 0, 0"),
        "coordinates_out_of_range": _("coordinates out of range"),
        "coordinates_not_in_crs": _("coordinates do not fit the stated system"),
        "swapped_axes": _("longitude and latitude are exchanged"),
        "outside_hierarchy": _("outside every loaded area"),
        "outside_scope": _("outside the area this load may write"),
        "unknown_code": _("recorded code unknown"),
        "abolished_code": _("recorded code abolished"),
        "code_disagrees": _("recorded code disagrees with the place"),
        "address_not_found": _("address not found"),
        "address_ambiguous": _("address fits several places"),
        "bad_people": _("number of people is no whole number"),
        "too_many_people": _("number of people too large"),
    }


def _of_field(code: str, _: Text) -> str | None:
    """Name a reason that is about one field: ``unknown_category``, ``unreadable_lon``."""
    kind, _under, field = code.partition("_")
    name = field_name(field, _)
    if kind == "unknown":
        return _("value without a meaning: {field}", field=name)
    if kind == "no":
        return _("nothing in {field}", field=name)
    if kind == "unreadable":
        return _("not readable: {field}", field=name)
    return _("unreadable sign in {field}", field=name) if kind == "nul" else None
