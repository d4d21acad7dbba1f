"""Load incidents: chunks are checked, placed, copied, compared and counted in one transaction."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.batches import close_batch, open_batch
from etl.hierarchies import refuse_other_hierarchy, root_code
from etl.incident_store import IncidentStore, Mask
from etl.locks import lock_areas, lock_rollups, lock_source, lock_terms
from etl.places import Places, read_places
from etl.rejects import RejectStore
from etl.reports import LoadReport
from etl.rollup_store import merge_change
from etl.rollups import Change, Registry, join_changes, make_change
from etl.staging import REPEATED, Staged, stage
from etl.statements import run
from etl.terms import NewTerm, Terms, store_terms
from geo.hierarchy import Hierarchy
from geo.revisions import bump

Progress = Callable[[int], None]
"""Told the number of rows done so far."""

_MANY = 10_000
"""Changed rows from which the planner's statistics are renewed at once."""


@dataclass
class _Load:
    """One load under way: what it writes to and what it has counted so far."""

    connection: Connection
    hierarchy: Hierarchy
    places: Places
    terms: Terms
    create: frozenset[str]
    store: IncidentStore
    report: LoadReport
    registry: Registry = field(default_factory=Registry)
    changes: list[Change] = field(default_factory=list)
    done: int = 0

    def reject(self, rows: list[int], reasons: list[str], raw: pd.DataFrame) -> None:
        """Count refused rows and keep them."""
        rejects = RejectStore(self.connection, self.report.batch_id, self.report)
        rejects.add(np.array(rows, np.int64), np.array(reasons, object), raw)


def load_incidents(
    connection: Connection,
    incidents: Iterable[pd.DataFrame],
    hierarchy: Hierarchy,
    *,
    source: str,
    file: Path | None = None,
    terms: Iterable[NewTerm] = (),
    create_terms: frozenset[str] = frozenset(),
    places: Places | None = None,
    progress: Progress | None = None,
) -> LoadReport:
    """Load incidents and keep the rollups in step, all or nothing.

    An incident is known by (source, incident_id), whatever its day or county were
    before. One that is there as it is stays; one that differs takes the new content,
    and moves the rollups by exactly that. Two loads of one source follow each other.

    Args:
        connection: a loading transaction.
        incidents: chunks with ``cleaning.COLUMNS``; moments in UTC, lon and lat in EPSG:4326.
        hierarchy: says in which zone a local day begins.
        source: who the identifiers belong to.
        file: where the rows come from.
        terms: what the dictionaries must hold.
        create_terms: kinds of terms that take unknown codes as new terms.
        places: areas read before; read again if they have changed since.
        progress: told of every chunk that is stored.

    Returns:
        Counts that add up to the rows read.

    Raises:
        InputError: no boundaries are loaded, or a chunk lacks a column.
    """
    report = LoadReport()
    lock_areas(connection, "shared")
    lock_source(connection, source)
    refuse_other_hierarchy(connection, hierarchy)
    scope = root_code(connection)
    report.batch_id = open_batch(
        connection, scope_code=scope, kind="incident", source=source, file=file
    )
    with report.phase("places"):
        current = places if places and places.is_current(connection) else read_places(connection)
    known = bool(run(connection, "source_is_known", {"source": source}).scalar_one())
    store = IncidentStore(connection, source, report.batch_id, known)
    if create_terms:
        lock_terms(connection)
    held = store_terms(connection, terms)
    load = _Load(connection, hierarchy, current, held, create_terms, store, report)
    _store_chunks(load, incidents, progress)
    _finish(load)
    return report


def _store_chunks(
    load: _Load, incidents: Iterable[pd.DataFrame], progress: Progress | None
) -> None:
    """Prepare each chunk while the server still works on the one before."""
    with ThreadPoolExecutor(max_workers=1) as server:
        pending: Future[None] | None = None
        for chunk in incidents:
            if load.create and pending is not None:
                pending.result()
            _create_terms(load, chunk)
            with load.report.phase("prepare"):
                zone, first = load.hierarchy.time_zone, load.report.rows_read + 1
                staged = stage(chunk, load.terms, load.places, zone, first)
                load.report.rows_read += len(chunk)
            if pending is not None:
                pending.result()
            pending = server.submit(_store, load, staged, first, progress)
        if pending is not None:
            pending.result()


def _create_terms(load: _Load, chunk: pd.DataFrame) -> None:
    """Put unknown codes into the dictionaries that take them."""
    new = [
        NewTerm(kind, code, code, code)
        for kind in sorted(load.create)
        for code in load.terms.unknown(kind, chunk[kind])
    ]
    if new:
        load.terms = store_terms(load.connection, new)


def _store(load: _Load, staged: Staged, first_row: int, progress: Progress | None) -> None:
    """COPY a chunk, compare it with what is there, and write the difference."""
    with load.report.phase("store"):
        refused = np.flatnonzero([reason is not None for reason in staged.reasons])
        numbers = (first_row + refused).tolist()
        load.reject(numbers, staged.reasons[refused].tolist(), staged.frame.iloc[refused])
        load.report.rows_unchanged += staged.repeats
        if staged.table.num_rows:
            _write(load, staged, first_row)
    load.done += len(staged.frame)
    if progress is not None:
        progress(load.done)


def _write(load: _Load, staged: Staged, first_row: int) -> None:
    """Write the rows of a chunk and note what that changes."""
    outcome = load.store.write(staged.table, staged.days)
    repeated = np.array(outcome.repeated, dtype=np.int64)
    again = staged.frame.iloc[repeated - first_row]
    load.reject(repeated.tolist(), [REPEATED] * len(repeated), again)
    load.report.rows_unchanged += outcome.same
    load.report.rows_updated += len(outcome.replaced)
    load.report.rows_loaded += int(outcome.inserted.sum()) - len(outcome.replaced)
    if outcome.inserted.any():
        load.changes.append(_arrived(load, staged, outcome.inserted))
    if len(outcome.replaced):
        old = outcome.replaced.astype({"occurred_on": "datetime64[s]"})
        load.changes.append(make_change(load.registry.numbers(old), old, -1))


def _arrived(load: _Load, staged: Staged, inserted: Mask) -> Change:
    """The change that the inserted rows make."""
    positions = staged.positions[inserted]
    frame = load.places.frame
    place_of, found = pd.factorize(positions)
    numbers = load.registry.numbers(frame.iloc[found])[place_of]
    terms = staged.table.select(["category", "channel", "status"]).filter(pa.array(inserted))
    counted = terms.to_pandas().assign(
        occurred_on=staged.days[inserted], cell_id=frame["area_id"].to_numpy()[positions]
    )
    return make_change(numbers, counted, 1)


def _finish(load: _Load) -> None:
    """Merge the rollups, keep what was refused, close the batch and tell whoever listens."""
    with load.report.phase("index"):
        load.store.close_years()
    if load.report.changed:
        with load.report.phase("rollups"):
            lock_rollups(load.connection)
            revision = bump(load.connection, "incident")
            merge_change(load.connection, load.registry, join_changes(load.changes), revision)
        run(load.connection, "notify", {"kind": "incident", "revision": revision})
    if load.report.rows_loaded + load.report.rows_updated > _MANY:
        with load.report.phase("statistics"):
            run(load.connection, "refresh_statistics")
    close_batch(load.connection, load.report)
