"""What a page at the door was asked for or sent: address, language, theme, fields."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Request

from dashboard.entry.look import Look, look_of
from dashboard.server.next import safe_next


@dataclass(frozen=True)
class Asked:
    """A request for a page at the door.

    Attributes:
        look: language and theme.
        wanted: the address of ours the person is on the way to.
    """

    look: Look
    wanted: str

    @property
    def onward(self) -> str:
        """Where to go on to, in this language and theme."""
        return self.look.dressed(self.wanted)


def read_asked(request: Request) -> Asked:
    """Read what every page at the door takes, from the form where one was sent."""
    given = request.args.to_dict() | request.form.to_dict()
    wanted = safe_next(given.get("next", ""))
    return Asked(look_of(given, wanted), wanted)
