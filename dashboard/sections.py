"""The pages there are: their addresses, and whose roles may open them."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.errors import ForbiddenError
from geo.viewer import ROLES, Viewer

OPERATORS = ("operator", "admin")


@dataclass(frozen=True)
class Section:
    """A page, or a family of addresses that one page answers for.

    Attributes:
        key: its name in code and in the page's markup.
        path: where its addresses begin.
        roles: who may open it; for everybody else it does not exist.
    """

    key: str
    path: str
    roles: tuple[str, ...] = ROLES

    def holds(self, path: str) -> bool:
        """Whether an address belongs to the page."""
        return path == self.path or path.startswith(f"{self.path}/")

    def open_to(self, viewer: Viewer) -> bool:
        """Whether a viewer may open it."""
        return viewer.role in self.roles


def require_role(viewer: Viewer, section: Section) -> None:
    """Refuse a page, and what belongs to it, to those it is not for.

    Raises:
        ForbiddenError: the viewer's role is not among the page's.
    """
    if not section.open_to(viewer):
        raise ForbiddenError(f"this is for the roles {' and '.join(section.roles)}")


MAP = Section("map", "/map")
COMPARE = Section("compare", "/compare")
BRIEF = Section("brief", "/brief")
DATA = Section("data", "/data", OPERATORS)
PEOPLE = Section("people", "/people", ("admin",))
SECTIONS = (MAP, COMPARE, BRIEF, DATA, PEOPLE)
"""Pages of the application in the browser; every address below theirs is theirs."""

CAMPAIGNS = Section("campaigns", "/campaigns")
"""Pages that the server writes; it answers each of their addresses by itself."""

LINKED = (MAP, COMPARE, BRIEF, CAMPAIGNS, DATA, PEOPLE)
"""All of them, in the order of the links between them."""


def section_of(path: str) -> Section | None:
    """Find the page of an address; the bare site is the map."""
    return MAP if path == "/" else next((each for each in SECTIONS if each.holds(path)), None)
