"""The order in which loads wait for each other, so that none waits in a circle.

Locks are taken in this order and held until the transaction ends: areas (shared
by loads of incidents, alone by loads of boundaries), source, terms, a year's new
partition (``open_incident_year``), rollups.
"""

from typing import Literal

from sqlalchemy import Connection

from etl.statements import run


def lock_areas(connection: Connection, mode: Literal["shared", "alone"]) -> None:
    """Keep areas as they are (shared), or be the only one who changes or uses them."""
    run(connection, f"lock_areas_{mode}")


def lock_source(connection: Connection, source: str) -> None:
    """Be the only one who loads incidents of a source."""
    run(connection, "lock_source", {"source": source})


def lock_terms(connection: Connection) -> None:
    """Be the only one who changes dictionaries."""
    run(connection, "lock_terms")


def lock_rollups(connection: Connection) -> None:
    """Be the only one who merges rollup blocks; taken last and held briefly."""
    run(connection, "lock_rollups")
