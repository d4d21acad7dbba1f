"""What to do about refused rows, by reason; never a word of what the rows hold."""

_HINTS = (
    ("outside", "is it the right CRS, and are the areas of these incidents loaded?"),
    ("coordinates 0, 0", "the source writes 0 for unknown places; an address would do instead"),
    ("coordinates out of range", "are they degrees, in the CRS that the profile states?"),
    ("swapped", "name the columns of lon and lat the other way round in the profile"),
    ("no coordinates", "an address column in the profile lets such rows be placed by name"),
    ("future", "is it the right time zone and format of times in the profile?"),
    ("before 1990", "is it the right format of times in the profile?"),
    ("cannot be read", "state the format of these values in the profile"),
    ("unknown", "add the value to the dictionary in the profile, or let it create terms"),
    ("repeated", "the file holds one incident twice: which of the rows is right?"),
    ("recorded", "is the point or the recorded code wrong? tolerance_m allows for coarse points"),
    ("no incident_id", "every incident needs the identifier that the source knows it by"),
    ("NUL", "the file was damaged on its way: export it again"),
)


def hint(reason: str) -> str | None:
    """What helps most often against a reason; None where that is plain."""
    return next((text for word, text in _HINTS if word in reason), None)
