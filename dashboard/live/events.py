"""What a stream says, spelled as server-sent events.

Nothing in them belongs to a scope: they tell that something changed, never what.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from geo.revisions import Revisions


@dataclass(frozen=True)
class Event:
    """Something to say.

    Attributes:
        wire: its bytes, ending with an empty line.
        is_last: whether the stream ends with it.
    """

    wire: bytes
    is_last: bool = False


def event(name: str, *, is_last: bool = False, **values: object) -> Event:
    """Spell an event whose data are one line of JSON."""
    data = json.dumps(values, separators=(",", ":"))
    return Event(f"event: {name}\ndata: {data}\n\n".encode("ascii"), is_last)


BEAT = event("beat")
"""The database answered, and the reader's session stood."""

AWAY = event("away")
"""The database does not answer: what the page shows may be out of date."""

COMMENT = Event(b":\n\n")
"""Nothing, to find out whether the reader is still there."""

GONE = Event(b":\n\n", is_last=True)
"""The reader went away."""

ENDED = event("session", state="ended", is_last=True)
"""The session was ended or ran out."""

CHANGED = event("session", state="changed", is_last=True)
"""The session has another role or scope than when the stream was opened."""


def revision_event(revisions: Revisions) -> Event:
    """Tell the versions in force."""
    return event("revision", area=revisions.area, incident=revisions.incident)


def reconnect_event(after_ms: int) -> Event:
    """Ask the reader to come again; each after a time of its own, not all at once."""
    return event("reconnect", after_ms=after_ms, is_last=True)
