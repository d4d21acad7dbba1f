"""Undo a batch: what it wrote goes, what it replaced comes back, rollups follow exactly."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.batches import Batch, read_batch
from etl.coverage import note_coverage
from etl.hierarchies import root_code
from etl.locks import lock_areas, lock_rollups, lock_source
from etl.places import TEXTS, Places, Positions, read_places
from etl.rollup_store import merge_change
from etl.rollups import Change, Registry, join_changes, make_change
from etl.statements import copy_table, read_frame, run, stream
from geo.assignment import UNASSIGNED
from geo.audit import Deed, record
from geo.errors import InputError
from geo.hierarchy import PROVINCE
from geo.revisions import bump

_PIECE_ROWS = 100_000
_FORMER = (
    *("county_code", "source", "incident_id", "occurred_on", "city_code", "township_code"),
    *("village_code", "cell_code", "category", "channel", "status", "lon", "lat"),
    "hour",
)
_OWN_CODES = ("cell_code", "village_code", "township_code", "county_code", "city_code")


class UndoError(InputError):
    """A batch that cannot be undone, or not yet."""


@dataclass(frozen=True)
class UndoReport:
    """What an undo did.

    Attributes:
        batch_id: the batch that was undone.
        rows_removed: incidents that it had written.
        rows_restored: those of them that it had written in place of others, which are back.
    """

    batch_id: int
    rows_removed: int
    rows_restored: int

    def as_dict(self) -> dict[str, object]:
        """The account as JSON holds it."""
        return asdict(self)


def undo_batch(
    connection: Connection, batch_id: int, *, author: str, scope_code: str | None = None
) -> UndoReport:
    """Undo a batch of incidents, all or nothing.

    Incidents that come back are placed on the areas of today, as a new edition of areas would
    have placed them.

    Args:
        connection: a loading transaction.
        batch_id: the batch.
        author: who asks for it.
        scope_code: the area whose batches the author may undo; by default all.

    Raises:
        NotFoundError: there is no such batch.
        UndoError: it is one of areas, is undone already, belongs to another scope, or a later
            batch has replaced what it wrote.
    """
    batch = read_batch(connection, batch_id)
    lock_areas(connection, "shared")
    lock_source(connection, batch.source)
    run(connection, "lock_batch", {"batch_id": batch_id})
    batch = read_batch(connection, batch_id)
    _refuse(connection, batch, scope_code)
    registry = Registry()
    removed = _remove(connection, batch, registry)
    restored = _restore(connection, batch, registry)
    change = join_changes([removed, restored])
    if len(change.n):
        lock_rollups(connection)
        revision = bump(connection, "incident")
        merge_change(connection, registry, change, revision)
        note_coverage(connection)
        run(connection, "notify", {"kind": "incident", "revision": revision})
    run(connection, "mark_undone", {"batch_id": batch_id, "undone_by": author})
    done = UndoReport(batch_id, -int(removed.n.sum()), int(restored.n.sum()))
    record(connection, Deed(author, batch.scope_code, "undo", detail=done.as_dict()))
    return done


def place_anew(rows: pd.DataFrame, places: Places) -> Positions:
    """Find the areas of today in which incidents lie.

    Args:
        rows: n rows of lon and lat (EPSG:4326, missing where only an address was known) and of
            the codes an incident has.
        places: the areas of today.

    Returns:
        n rows of ``Places.frame``: the area that covers the point; without a point the finest
        of the incident's own areas that is still there; the root if there is none.
    """
    frame = places.frame
    root = int(np.flatnonzero(frame["level"] == PROVINCE)[0])
    found = np.full(len(rows), UNASSIGNED, dtype=np.int64)
    known = rows["lon"].notna().to_numpy()
    points = rows.loc[known, ["lon", "lat"]].to_numpy(np.float64)
    found[known] = places.locate(points[:, 0], points[:, 1])
    by_code = pd.Series(np.arange(len(frame)), index=frame["code"])
    for name in _OWN_CODES:
        left = ~known & (found == UNASSIGNED)
        codes = rows.loc[left, name]
        found[left] = by_code.reindex(codes).fillna(UNASSIGNED).to_numpy(np.int64)
    return np.where(found == UNASSIGNED, root, found)


def _refuse(connection: Connection, batch: Batch, scope_code: str | None) -> None:
    """See that a batch can be undone."""
    if batch.kind == "area":
        raise UndoError(
            f"{batch.title} brought areas: load the former edition again instead, with a later"
            " --valid-from (gridboard load boundaries), and incidents move back with it"
        )
    if batch.undone_at is not None:
        when = f"{batch.undone_at:%Y-%m-%d %H:%M} UTC"
        raise UndoError(f"{batch.title} was undone already, on {when} by {batch.undone_by}")
    if scope_code is not None and scope_code not in (batch.scope_code, root_code(connection)):
        raise UndoError(f"{batch.title} was loaded for {batch.scope_code}, not for {scope_code}")
    later = run(connection, "find_later_batch", {"batch_id": batch.batch_id}).one_or_none()
    if later is not None and scope_code not in (None, root_code(connection), later.scope_code):
        raise UndoError(
            f"a later load by others has since replaced {later.incidents:,} incidents of"
            f" {batch.title}: ask an operator of the whole to undo that one first"
        )
    if later is not None:
        named = later.file_name or later.source
        raise UndoError(
            f"batch {later.batch_id} ({named}) has since replaced {later.incidents:,} incidents of"
            f" {batch.title}: undo batch {later.batch_id} first"
        )


def _remove(connection: Connection, batch: Batch, registry: Registry) -> Change:
    """Delete what the batch wrote; returns what that takes from the rollups."""
    days = run(connection, "read_batch_days", {"batch_id": batch.batch_id}).one()
    values = {"batch_id": batch.batch_id, "first_day": days.first_day, "last_day": days.last_day}
    gone = read_frame(connection, "delete_batch_incidents", values)
    return _counted(registry, gone, -gone["n"].to_numpy(np.int64))


def _restore(connection: Connection, batch: Batch, registry: Registry) -> Change:
    """Bring back what the batch replaced; returns what that adds to the rollups."""
    values = {"batch_id": batch.batch_id}
    changes: list[Change] = []
    places: Places | None = None
    for piece in _pieces(stream(connection, "read_former_incidents", values)):
        places = places or read_places(connection)
        rows = pd.DataFrame.from_records(piece, columns=list(_FORMER))
        found = place_anew(rows, places)
        _stage_keys(connection, rows, places, found)
        run(connection, "restore_incidents", values)
        place = places.frame.iloc[found].reset_index(drop=True)
        arrived = place.assign(
            **{
                name: rows[name]
                for name in ("occurred_on", "hour", "category", "channel", "status")
            },
            cell_id=place["area_id"],
        )
        changes.append(_counted(registry, arrived, np.ones(len(rows), dtype=np.int64)))
    return join_changes(changes)


def _pieces(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """Rows, some at a time."""
    left = iter(rows)
    while piece := list(islice(left, _PIECE_ROWS)):
        yield piece


def _counted(registry: Registry, rows: pd.DataFrame, n: np.ndarray[Any, Any]) -> Change:
    """Rows as a signed change."""
    if not len(rows):
        return join_changes([])
    rows = rows.assign(occurred_on=pd.to_datetime(rows["occurred_on"]).astype("datetime64[s]"))
    each = make_change(registry.numbers(rows), rows, 1)
    return Change(each.blocks, each.keys, n)


def _stage_keys(
    connection: Connection, rows: pd.DataFrame, places: Places, found: Positions
) -> None:
    """COPY the keys under which former rows come back."""
    columns = {
        "old_county_code": pa.array(rows["county_code"], pa.string()),
        "source": pa.array(rows["source"], pa.string()),
        "incident_id": pa.array(rows["incident_id"], pa.string()),
        "occurred_on": pa.array(rows["occurred_on"], pa.date32()),
        "cell_id": pa.array(places.frame["area_id"].to_numpy()[found]),
        "precision": pa.array(places.frame["level"].to_numpy()[found]),
    }
    columns |= {name: places.texts[name].take(pa.array(found)) for name in TEXTS}
    run(connection, "create_staged_key")
    copy_table(connection, "staged_key", pa.table(columns))
