"""Why rows are refused: short texts for people, and codes that stay for programs.

A text may go on behind a colon with what is particular; the code belongs to what stands before.
"""

import numpy as np
import numpy.typing as npt

from etl.terms import KINDS

NO_ID = "no incident_id"
LONG_ID = "incident_id too long"
REPEATED = "incident_id repeated in the file with other content"
NO_DATE = "no occurred_at"
FUTURE = "occurred_at in the future"
ANCIENT = "occurred_at before 1990"
RECEIVED_FUTURE = "received_at in the future"
RESOLVED_FUTURE = "resolved_at in the future"
RECEIVED_EARLY = "received_at more than a day before occurred_at"
RESOLVED_EARLY = "resolved_at more than a day before occurred_at"
DEADLINE_EARLY = "deadline more than a day before occurred_at"
NO_PLACE = "no coordinates"
NULL_ISLAND = "coordinates 0, 0"
OUT_OF_RANGE = "coordinates out of range"
NOT_IN_CRS = "coordinates do not fit the stated CRS"
SWAPPED = "coordinates swapped: longitude and latitude are exchanged"
OUTSIDE = "outside the area of the database"
FORBIDDEN = "outside the area this load may write"
UNKNOWN_CODE = "recorded code unknown"
ABOLISHED_CODE = "recorded code abolished"
CODE_DISAGREES = "recorded code disagrees with the place"
NO_ADDRESS = "address not found"
SEVERAL_ADDRESSES = "address fits several places"
BAD_PEOPLE = "people is no whole number from 0"
MANY_PEOPLE = f"people above {2**31 - 1}"

Reasons = npt.NDArray[np.object_]
"""n texts; None where a row is good."""

_CODES = {
    NO_ID: "no_id",
    LONG_ID: "long_id",
    REPEATED: "repeated_id",
    NO_DATE: "no_date",
    FUTURE: "future_date",
    ANCIENT: "ancient_date",
    RECEIVED_FUTURE: "received_in_future",
    RESOLVED_FUTURE: "resolved_in_future",
    RECEIVED_EARLY: "received_before_occurred",
    RESOLVED_EARLY: "resolved_before_occurred",
    DEADLINE_EARLY: "deadline_before_occurred",
    NO_PLACE: "no_coordinates",
    NULL_ISLAND: "null_island",
    OUT_OF_RANGE: "coordinates_out_of_range",
    NOT_IN_CRS: "coordinates_not_in_crs",
    SWAPPED: "swapped_axes",
    OUTSIDE: "outside_hierarchy",
    FORBIDDEN: "outside_scope",
    UNKNOWN_CODE: "unknown_code",
    ABOLISHED_CODE: "abolished_code",
    CODE_DISAGREES: "code_disagrees",
    NO_ADDRESS: "address_not_found",
    SEVERAL_ADDRESSES: "address_ambiguous",
    BAD_PEOPLE: "bad_people",
    MANY_PEOPLE: "too_many_people",
}
_CODES |= {f"unknown {kind}": f"unknown_{kind}" for kind in KINDS}
_CODES |= {f"no {kind}": f"no_{kind}" for kind in KINDS}
_BY_BEGINNING = {text.partition(":")[0]: code for text, code in _CODES.items()}


def reason_code(text: str) -> str:
    """The code of a reason, the same for ever, as ``future_date`` or ``unreadable_lon``."""
    begin = text.partition(":")[0]
    if begin in _BY_BEGINNING:
        return _BY_BEGINNING[begin]
    for words, code in (("unreadable ", "unreadable_"), ("NUL character in ", "nul_in_")):
        if begin.startswith(words):
            return code + begin.removeprefix(words).replace(" ", "_")
    return "other"
