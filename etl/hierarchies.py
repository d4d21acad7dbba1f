"""The one hierarchy of a database: written by its first load of boundaries."""

import json
from collections.abc import Mapping

from sqlalchemy import Connection

from etl.statements import run
from geo.errors import InputError
from geo.hierarchy import Hierarchy


def store_hierarchy(connection: Connection, hierarchy: Hierarchy, root_code: str) -> None:
    """Make the hierarchy and its root the database's, or see that they are already.

    Raises:
        InputError: the database holds another hierarchy, time zone, measuring CRS or root.
    """
    profile = hierarchy.to_table()
    values = {
        "root_code": root_code,
        "profile": json.dumps(profile),
        "time_zone": profile["time_zone"],
        "measuring_crs": profile["measuring_crs"],
    }
    run(connection, "store_hierarchy", values)
    found = run(connection, "read_hierarchy").one()
    fixed = ("key", "time_zone", "measuring_crs")
    if found.root_code != root_code or any(found.profile[x] != profile[x] for x in fixed):
        raise InputError(
            f"this database holds {found.profile['key']} with root {found.root_code}, the file"
            f" brings {hierarchy.key} with root {root_code}:"
            " name another database with GRIDBOARD_DATABASE"
        )


def refuse_other_hierarchy(connection: Connection, hierarchy: Hierarchy) -> None:
    """See that the database is empty or holds this hierarchy.

    Raises:
        InputError: it holds another hierarchy, or one of another time zone.
    """
    found = run(connection, "read_hierarchy").one_or_none()
    if found is None:
        return
    if found.profile["key"] != hierarchy.key or found.time_zone != hierarchy.time_zone.key:
        raise InputError(
            f"this database holds {found.profile['key']} ({found.time_zone}), the profile says"
            f" {hierarchy.key} ({hierarchy.time_zone.key}):"
            " name another database with GRIDBOARD_DATABASE"
        )


def root_code(connection: Connection) -> str:
    """The code of the area that contains all others.

    Raises:
        InputError: no boundaries are loaded yet.
    """
    found = run(connection, "read_hierarchy").one_or_none()
    if found is None:
        raise InputError("no boundaries are loaded yet: run gridboard load boundaries first")
    return str(found.root_code)


def store_notes(connection: Connection, notes: Mapping[str, object]) -> None:
    """Keep what every page must say about the data beside what is noted already."""
    run(connection, "store_notes", {"notes": json.dumps(notes, ensure_ascii=False)})


def read_hierarchy(connection: Connection) -> Hierarchy:
    """The hierarchy of the database.

    Raises:
        InputError: no boundaries are loaded yet.
    """
    found = run(connection, "read_hierarchy").one_or_none()
    if found is None:
        raise InputError("no boundaries are loaded yet: run gridboard load boundaries first")
    return Hierarchy.from_table(found.profile, "the hierarchy in the database")
