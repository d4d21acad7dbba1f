"""How long sessions last."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86_400


@dataclass(frozen=True)
class SessionLimits:
    """How long a session lasts, by role.

    Attributes:
        idle_s: without anything done by a person.
        absolute_s: after log-in, whatever is done.
        wall_s: of walls, after log-in; they have no idle limit, nobody ever touches them.
    """

    idle_s: int = HOUR_S
    absolute_s: int = 12 * HOUR_S
    wall_s: int = 90 * DAY_S

    def idle_of(self, role: str) -> int | None:
        """Seconds a session of a role may idle; ``None``: for ever."""
        return None if role == "wall" else self.idle_s

    def absolute_of(self, role: str) -> int:
        """Seconds from log-in to the end."""
        return self.wall_s if role == "wall" else self.absolute_s
