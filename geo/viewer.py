"""Who is looking, and at what."""

import re
from dataclasses import dataclass

from geo.errors import ConfigurationError

ROLES = ("wall", "leader", "planner", "approver", "operator", "admin")
"""What a viewer may do; what it may see is its scope."""

SCOPES = ("province", "city", "county", "township")
"""The slots that can be a scope; each has its own database role and policies."""

_SCOPE_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")


@dataclass(frozen=True)
class Viewer:
    """A role and a scope; every query runs on behalf of one.

    Attributes:
        role: one of ``ROLES``.
        scope_slot: the slot of the scope area, 0 (province) to 3 (township).
        scope_code: the code of the scope area. A city without counties may be the scope of a
            county viewer under its own code.
        login: the account's login name, for what is written in its name; empty for the
            server itself. Two viewers of one scope see the same.
    """

    role: str
    scope_slot: int
    scope_code: str
    login: str = ""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise ConfigurationError(
                f"unknown role {self.role!r} of a viewer: expected one of {', '.join(ROLES)}"
            )
        if self.scope_slot not in range(len(SCOPES)):
            raise ConfigurationError(
                f"a viewer's scope cannot be at slot {self.scope_slot}: expected 0 (province)"
                f" to {len(SCOPES) - 1} (township)"
            )
        if not _SCOPE_CODE.fullmatch(self.scope_code):
            raise ConfigurationError(
                f"{self.scope_code!r} is no area code: expected 1 to 40 letters, digits, _ . or -"
            )

    @property
    def database_role(self) -> str:
        """The PostgreSQL role whose policies hold for this viewer."""
        return f"gridboard_{SCOPES[self.scope_slot]}"

    @property
    def scope_key(self) -> str:
        """The scope as one word, such as ``county-620102``: part of every cache key and URL."""
        return f"{SCOPES[self.scope_slot]}-{self.scope_code}"
