"""The viewer of everything, for what the server prepares before anybody asks."""

from __future__ import annotations

from sqlalchemy import Engine, text

from geo.database import read_sql_file, transaction
from geo.errors import NotFoundError
from geo.viewer import Viewer

_ROLE = "wall"
_NOBODY = Viewer(_ROLE, 0, "-")


def province_viewer(engine: Engine) -> Viewer:
    """Return a viewer of the area that contains all others; it is nobody's session.

    Args:
        engine: the application's.

    Raises:
        NotFoundError: no boundaries are loaded yet.
        DatabaseUnavailableError: the database does not answer.
    """
    with transaction(engine, _NOBODY) as connection:
        root = connection.execute(text(read_sql_file("dashboard", "root_code.sql"))).scalar()
    if root is None:
        raise NotFoundError("no boundaries are loaded yet")
    return Viewer(_ROLE, 0, str(root))
