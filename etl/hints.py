"""What to do about refused rows, by reason; never a word of what the rows hold."""

from etl import reasons
from etl.terms import KINDS

_FORMATS = "is it the right format of times, and the right time zone, in the profile?"
_ORDER = "the source dates its steps in an impossible order: which of the two is right?"
_TERMS = "add the value to the dictionary in the profile, or let it create terms"

_HINTS = {
    reasons.NO_ID: "every incident needs the identifier that the source knows it by",
    reasons.LONG_ID: "is it the right column?",
    reasons.REPEATED: "the file holds one incident twice: which of the rows is right?",
    reasons.NO_DATE: "is it the right column?",
    reasons.FUTURE: _FORMATS,
    reasons.ANCIENT: _FORMATS,
    reasons.RECEIVED_FUTURE: _FORMATS,
    reasons.RESOLVED_FUTURE: _FORMATS,
    reasons.RECEIVED_EARLY: _ORDER,
    reasons.RESOLVED_EARLY: _ORDER,
    reasons.DEADLINE_EARLY: _ORDER,
    reasons.NO_PLACE: "an address column in the profile lets such rows be placed by name",
    reasons.NULL_ISLAND: "the source writes 0 for unknown places; an address would do instead",
    reasons.OUT_OF_RANGE: "are they degrees, in the CRS that the profile states?",
    reasons.NOT_IN_CRS: "is it the CRS that the profile states?",
    reasons.SWAPPED: "name the columns of lon and lat the other way round in the profile",
    reasons.OUTSIDE: "is it the right CRS, and are the areas of these incidents loaded?",
    reasons.FORBIDDEN: "whoever is responsible for that area has to load these rows",
    reasons.UNKNOWN_CODE: "is it the right column? is the list of divisions up to date?",
    reasons.ABOLISHED_CODE: "take the code that the division has had since",
    reasons.CODE_DISAGREES: "is the point wrong or the code? tolerance_m allows for coarse points",
    reasons.NO_ADDRESS: "gridboard load gazetteer teaches it the places that are known by name",
    reasons.SEVERAL_ADDRESSES: "add the county or township to the address",
    reasons.BAD_PEOPLE: "is it the right column?",
    reasons.MANY_PEOPLE: "is it the right column?",
}
_HINTS |= {f"unknown {kind}": _TERMS for kind in KINDS}
_HINTS |= {f"no {kind}": "name a column or a constant for it in the profile" for kind in KINDS}


def hint(reason: str) -> str | None:
    """What helps most often against a reason; None where that is plain."""
    if reason.startswith("NUL character"):
        return "the file was damaged on its way: export it again"
    if "unreadable" in reason or "cannot be read" in reason:
        return "state the format of these values in the profile"
    return _HINTS.get(reason)
