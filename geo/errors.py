"""The one tree of errors a user can meet.

A message says what was wrong, what was expected and what to do. They are caught
only at the edges: the command line prints one line and exits with 1; the web
application answers with an alert or a status code.
"""

from collections.abc import Mapping
from types import MappingProxyType


class GridboardError(Exception):
    """Anything gridboard refuses or cannot do, said in one sentence a user can act on.

    Attributes:
        particulars: the same for programs, as JSON holds it; empty where the sentence says all.
    """

    particulars: Mapping[str, object] = MappingProxyType({})

    def as_dict(self) -> dict[str, object]:
        """The refusal for programs: the sentence, the name of the error, its particulars."""
        return {"error": str(self), "kind": type(self).__name__, **self.particulars}


class ConfigurationError(GridboardError):
    """A setting is missing, unknown or contradicts another."""


class DatabaseUnavailableError(GridboardError):
    """PostgreSQL does not answer, or every connection of the pool is taken."""


class StorageFullError(GridboardError):
    """The database has no room left; its transaction was rolled back."""


class UnsafeRoleError(GridboardError):
    """The application's login role could bypass row-level security."""


class SchemaVersionError(GridboardError):
    """The database's schema is older or newer than this code."""


class InputError(GridboardError):
    """A file, row or profile holds something that must not be loaded."""


class RollupError(GridboardError):
    """A rollup block contradicts the incidents it counts."""


class NotFoundError(GridboardError):
    """No such area within the viewer's scope (or none at all: the answers are alike)."""
