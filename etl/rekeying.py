"""After a new edition of areas: give the incidents it moves to the areas they now lie in."""

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.locks import lock_rollups
from etl.places import TEXTS, Places, Positions, read_places
from etl.rollup_store import merge_change
from etl.rollups import Change, Registry, join_changes, make_change
from etl.statements import copy_table, read_frame, run
from etl.undoing import place_anew
from etl.verification import incident_years
from geo.revisions import bump


def rekey_incidents(connection: Connection) -> int:
    """Move incidents to the areas that cover them now, and the rollups with them.

    An incident without a point goes to the finest of its own areas that is still there. One
    that no area has any more counts for the root, so that none is lost.

    Args:
        connection: a loading transaction that holds the lock on areas alone and has
            just stored an edition.

    Returns:
        How many incidents moved.
    """
    run(connection, "collect_redrawn_areas")
    years = incident_years(connection)
    if not years:
        return 0
    places, registry = read_places(connection), Registry()
    changes: list[Change] = []
    for first, last in years:
        days = {"first_day": first, "last_day": last}
        rows = read_frame(connection, "read_misplaced", days)
        if len(rows):
            changes += _move(connection, rows, places, registry)
    moved = sum(len(change.n) for change in changes) // 2
    if moved:
        lock_rollups(connection)
        revision = bump(connection, "incident")
        merge_change(connection, registry, join_changes(changes), revision)
        run(connection, "notify", {"kind": "incident", "revision": revision})
    return moved


def _move(
    connection: Connection, rows: pd.DataFrame, places: Places, registry: Registry
) -> list[Change]:
    """Place the incidents of a year anew; returns what that takes away and what it brings."""
    found = place_anew(rows, places)
    place = places.frame.iloc[found].reset_index(drop=True)
    keys = ["city_code", "county_code", "township_code"]
    moved = (place["area_id"] != rows["cell_id"]) | (place[keys] != rows[keys]).any(axis=1)
    village = place["village_code"].fillna("") != rows["village_code"].fillna("")
    moved |= village
    rows, place, found = rows[moved], place[moved], found[moved.to_numpy()]
    rows = rows.astype({"occurred_on": "datetime64[s]"})
    _store_keys(connection, rows, places, found)
    arrived = rows.assign(cell_id=place["area_id"])
    return [
        make_change(registry.numbers(rows), rows, -1),
        make_change(registry.numbers(place), arrived, 1),
    ]


def _store_keys(
    connection: Connection, rows: pd.DataFrame, places: Places, found: Positions
) -> None:
    """Write the new keys of moved incidents."""
    columns = {
        "old_county_code": pa.array(rows["county_code"], pa.string()),
        "source": pa.array(rows["source"], pa.string()),
        "incident_id": pa.array(rows["incident_id"], pa.string()),
        "occurred_on": pa.array(rows["occurred_on"].to_numpy().astype("datetime64[D]")),
        "cell_id": pa.array(places.frame["area_id"].to_numpy()[found]),
        "precision": pa.array(places.frame["level"].to_numpy()[found]),
    }
    columns |= {name: places.texts[name].take(pa.array(found)) for name in TEXTS}
    run(connection, "create_staged_key")
    copy_table(connection, "staged_key", pa.table(columns))
    run(connection, "move_incidents")
