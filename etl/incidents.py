"""Load incidents: chunks are prepared, copied, compared and counted in one transaction."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.batches import close_batch, file_sha256, open_batch
from etl.changes import ChangeLog
from etl.coverage import note_coverage
from etl.hierarchies import refuse_other_hierarchy, root_code
from etl.incident_store import IncidentStore, Rows
from etl.locks import lock_areas, lock_rollups, lock_source, lock_terms
from etl.places import Places, Positions, read_places
from etl.placing import Evidence, read_knowledge
from etl.preparing import Context, Prepared, prepare
from etl.profiles import Incidents
from etl.reading.chunks import Chunk
from etl.reasons import FORBIDDEN, REPEATED
from etl.rejects import RejectStore, export_rejects, layout_of
from etl.repeats import Mask, Seen
from etl.reports import MOST_REJECTED, LoadReport
from etl.rollup_store import merge_change
from etl.rollups import Registry, make_change
from etl.staging import Days, local_hours, with_codes
from etl.statements import run
from etl.terms import NewTerm, Terms, require_terms, settle_terms, store_terms
from etl.workers import BESIDE, Crew, run_in_order
from geo.hierarchy import Hierarchy
from geo.revisions import bump

Progress = Callable[[int], None]
"""Told the number of rows done so far."""

_MANY = 10_000
"""Changed rows from which the planner's statistics may have to be renewed at once."""

_ASIDE = 100_000
"""Rows that may wait for the end because their identifiers came before."""


@dataclass(frozen=True, kw_only=True)
class LoadRequest:
    """What is asked of a load.

    Attributes:
        source: who the identifiers belong to.
        rules: what the chunks' columns mean; None if they have ``cleaning.COLUMNS`` already.
        file: where the rows come from, if it is a file.
        name: what to call that in messages and batches.
        profile: how they were read.
        author: who asked for it.
        scope_code: the area whose incidents may be written; None for all.
        terms: what the dictionaries must hold.
        create_terms: kinds of terms that take unknown codes as new terms.
        most_rejected: the share of refused rows above which nothing is loaded.
        dry_run: take everything back in the end.
        rejects: a file to write the refused rows to, if any.
        crew: who prepares the chunks.
        progress: told of every chunk that is stored.
    """

    source: str
    rules: Incidents | None = None
    file: Path | None = None
    name: str | None = None
    profile: str | None = None
    author: str | None = None
    scope_code: str | None = None
    terms: tuple[NewTerm, ...] = ()
    create_terms: frozenset[str] = frozenset()
    most_rejected: float = MOST_REJECTED
    dry_run: bool = False
    rejects: Path | None = None
    crew: Crew = BESIDE
    progress: Progress = lambda done: None


@dataclass(frozen=True)
class _Part:
    """Good rows that are written together.

    Attributes:
        raw: rows as they were read, these among them.
        at: for each of n rows its place in ``raw``.
        table: n rows of ``staged_incident``.
        positions: n rows of ``Places.frame``.
        days: n local days.
    """

    raw: pd.DataFrame
    at: npt.NDArray[np.int64]
    table: pa.Table
    positions: Positions
    days: Days

    def take(self, mask: Mask) -> "_Part":
        """Some of them."""
        rows = self.table.filter(pa.array(mask))
        return _Part(self.raw, self.at[mask], rows, self.positions[mask], self.days[mask])

    def apart(self) -> "_Part":
        """The same without the rows around them, to be kept for longer."""
        raw = self.raw.iloc[self.at].reset_index(drop=True)
        return replace(self, raw=raw, at=np.arange(len(raw)))


@dataclass
class _Load:
    """One load under way: what it writes to and what it has counted so far."""

    connection: Connection
    request: LoadRequest
    zone: ZoneInfo
    places: Places
    terms: Terms
    known: bool
    store: IncidentStore
    report: LoadReport
    seen: Seen = field(default_factory=Seen)
    aside: list[_Part] = field(default_factory=list)
    registry: Registry = field(default_factory=Registry)
    changes: ChangeLog = field(default_factory=ChangeLog)
    evidence: Evidence = field(default_factory=Evidence)

    @cached_property
    def block_places(self) -> npt.NDArray[np.int64]:
        """The registry's number for each row of ``Places.frame``."""
        return self.registry.numbers(self.places.frame)

    def reject(self, rows: Rows, reasons: list[str], raw: pd.DataFrame) -> None:
        """Count rows as refused and keep them as they were read."""
        rules = self.request.rules
        if rules is not None:
            raw = raw[[name for name in raw.columns if name in rules.columns]]
        rejects = RejectStore(self.connection, self.report.batch_id, self.report)
        rejects.add(rows, np.array(reasons, object), raw)


def load_incidents(
    connection: Connection,
    incidents: Iterable[pd.DataFrame],
    hierarchy: Hierarchy,
    *,
    source: str,
    places: Places | None = None,
    **options: Any,
) -> LoadReport:
    """Load incidents that have our columns already; see ``load_chunks``.

    Args:
        connection: a loading transaction.
        incidents: frames with ``cleaning.COLUMNS``; moments in UTC, lon and lat in EPSG:4326.
        hierarchy: says in which zone a local day begins.
        source: who the identifiers belong to.
        places: areas read before; read again if they have changed since.
        options: other fields of ``LoadRequest``.

    Returns:
        Counts that add up to the rows read.

    Raises:
        InputError: no boundaries are loaded, or a frame lacks a column.
    """
    request = LoadRequest(source=source, **options)
    return load_chunks(connection, _numbered(incidents), hierarchy, request, places)


def _numbered(frames: Iterable[pd.DataFrame]) -> Iterator[Chunk]:
    """Frames one after the other as chunks of one file."""
    first = 1
    for frame in frames:
        yield Chunk(frame.reset_index(drop=True), first)
        first += len(frame)


def load_chunks(
    connection: Connection,
    chunks: Iterable[Chunk],
    hierarchy: Hierarchy,
    request: LoadRequest,
    places: Places | None = None,
) -> LoadReport:
    """Load incidents and keep the rollups in step, all or nothing.

    An incident is known by (source, incident_id), whatever its day or county were
    before. One that is there as it is stays; one that differs takes the new content,
    and moves the rollups by exactly that. Two loads of one source follow each other.

    Args:
        connection: a loading transaction.
        chunks: consecutive rows of a file.
        hierarchy: says in which zone a local day begins.
        request: what is asked.
        places: areas read before; read again if they have changed since.

    Returns:
        Counts that add up to the rows read.

    Raises:
        InputError: no boundaries are loaded, or a chunk lacks a column.
        PersonDataError: the file holds data about persons.
        LyingCrsError: its coordinates are in another CRS than stated.
        MostlyRejectedError: more rows were refused than the request allows.
        WorkerError: a worker ended before its work was done.
    """
    report = LoadReport(most_rejected=request.most_rejected, dry_run=request.dry_run)
    report.layout = layout_of(request.rules)
    savepoint = connection.begin_nested() if request.dry_run else None
    load = _begin(connection, hierarchy, request, report, places)
    context = Context(
        load.places,
        load.terms,
        hierarchy.time_zone,
        request.rules,
        load.store.scope_code,
        read_knowledge(connection, request.rules, hierarchy, load.places),
    )
    with ThreadPoolExecutor(max_workers=1) as other, closing(load.changes):
        # The digest reads the file again: while the server works, not before.
        digest = other.submit(file_sha256, request.file) if request.file else None
        _store_chunks(load, chunks, context)
        _finish(load, digest.result() if digest else None)
    if request.rejects is not None:
        export_rejects(connection, report.batch_id, request.rejects)
    if savepoint is not None:
        savepoint.rollback()
    return report


def _begin(
    connection: Connection,
    hierarchy: Hierarchy,
    request: LoadRequest,
    report: LoadReport,
    places: Places | None,
) -> _Load:
    """Take the locks in their order, open the batch, read what chunks are prepared with."""
    lock_areas(connection, "shared")
    lock_source(connection, request.source)
    refuse_other_hierarchy(connection, hierarchy)
    root = root_code(connection)
    report.batch_id = open_batch(
        connection,
        scope_code=request.scope_code or root,
        kind="incident",
        source=request.source,
        name=request.name or (request.file.name if request.file else None),
        profile=request.profile,
        author=request.author,
    )
    with report.phase("places"):
        current = places if places and places.is_current(connection) else read_places(connection)
    scope = None if request.scope_code in (None, root) else request.scope_code
    known = bool(run(connection, "source_is_known", {"source": request.source}).scalar_one())
    if request.create_terms:
        lock_terms(connection)
    if scope is None:
        terms = store_terms(connection, request.terms, request.create_terms)
    else:
        terms = require_terms(connection, request.terms)
    store = IncidentStore(connection, request.source, report.batch_id, scope)
    return _Load(connection, request, hierarchy.time_zone, current, terms, known, store, report)


def _store_chunks(load: _Load, chunks: Iterable[Chunk], context: Context) -> None:
    """Store each chunk while the next ones are read and prepared."""
    work = run_in_order(prepare, chunks, context, load.request.crew)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="store") as server, closing(work):
        pending: Future[None] | None = None
        for chunk, prepared in work:
            if pending is not None:
                pending.result()
            pending = server.submit(_store, load, chunk, prepared)
        if pending is not None:
            pending.result()


def _store(load: _Load, chunk: Chunk, prepared: Prepared) -> None:
    """Count a chunk and, unless the file is refused anyway, write it."""
    load.report.rows_read += prepared.rows_read
    load.evidence += prepared.evidence
    # A column that says it is about persons: what is left to do is to count.
    if not load.evidence.persons.headers:
        with load.report.phase("store"):
            _write(load, chunk, prepared)
    load.request.progress(load.report.rows_read)


def _write(load: _Load, chunk: Chunk, prepared: Prepared) -> None:
    """Write what is certainly new at once, what the identifiers leave open later."""
    load.report.rows_unchanged += prepared.repeats
    refused = prepared.refused
    numbers, reasons = chunk.first_row + refused, prepared.reasons.tolist()
    load.reject(numbers, reasons, chunk.frame.iloc[refused])
    load.terms, table = settle_terms(load.connection, load.terms, prepared.table)
    table = with_codes(table, load.places, prepared.positions)
    at = table["row"].to_numpy() - chunk.first_row
    part = _Part(chunk.frame, at, table, prepared.positions, prepared.days)
    again = load.seen.meet(table["incident_id"])
    if load.known:
        _compare(load, part, again)
        return
    _append(load, part.take(~again) if again.any() else part)
    load.aside += [part.take(again).apart()] if again.any() else []
    if sum(waiting.table.num_rows for waiting in load.aside) > _ASIDE:
        _settle(load)


def _append(load: _Load, part: _Part) -> None:
    """Write rows that are new."""
    if not part.table.num_rows:
        return
    load.store.append(part.table, part.days)
    load.report.rows_loaded += part.table.num_rows
    _count_arrived(load, part)


def _compare(load: _Load, part: _Part, again: Mask) -> None:
    """Write rows some of which may be there already, and note what that changes."""
    if not part.table.num_rows:
        return
    outcome = load.store.compare(part.table, part.days, again)
    _reject_later(load, part, outcome.repeated, REPEATED)
    _reject_later(load, part, outcome.foreign, FORBIDDEN)
    load.report.rows_unchanged += outcome.same
    load.report.rows_updated += len(outcome.replaced)
    load.report.rows_loaded += int(outcome.inserted.sum()) - len(outcome.replaced)
    _count_arrived(load, part.take(outcome.inserted))
    if len(outcome.replaced):
        old = outcome.replaced.astype({"occurred_on": "datetime64[s]"})
        load.changes.add(make_change(load.registry.numbers(old), old, -1))


def _settle(load: _Load) -> None:
    """Compare the rows whose identifiers came before in this load with what is there by now."""
    for part in load.aside:
        _compare(load, part, np.ones(part.table.num_rows, dtype=bool))
    load.known = load.known or bool(load.aside)
    load.aside = []


def _reject_later(load: _Load, part: _Part, rows: Rows, reason: str) -> None:
    """Refuse rows for what the database holds."""
    where = part.at[np.searchsorted(part.table["row"].to_numpy(), rows)]
    load.reject(rows, [reason] * len(rows), part.raw.iloc[where])


def _count_arrived(load: _Load, part: _Part) -> None:
    """Note the change that written rows make, and the days they are of."""
    if not part.table.num_rows:
        return
    kinds = part.table.select(["category", "channel", "status", "cell_id"])
    hours = local_hours(part.table["occurred_at"].to_pandas(), load.zone)
    counted = kinds.to_pandas().assign(occurred_on=part.days, hour=hours)
    load.changes.add(make_change(load.block_places[part.positions], counted, 1))
    load.report.cover(part.days.min().item(), part.days.max().item())


def _finish(load: _Load, digest: str | None) -> None:
    """Index, merge the rollups, close the batch and tell whoever listens."""
    report, connection = load.report, load.connection
    if load.request.rules is not None:
        load.evidence.refuse(load.request.name or "the file", load.request.rules, load.places)
    with report.phase("index"), ThreadPoolExecutor(max_workers=1) as server:
        indexed = server.submit(load.store.close_years)
        load.changes.sum_up()
        indexed.result()
        _settle(load)
    if report.changed:
        with report.phase("rollups"):
            lock_rollups(connection)
            revision = bump(connection, "incident")
            for change in load.changes.parts():
                merge_change(connection, load.registry, change, revision)
            note_coverage(connection)
        run(connection, "notify", {"kind": "incident", "revision": revision})
    changed = report.rows_loaded + report.rows_updated
    if changed > _MANY:
        with report.phase("statistics"):
            run(connection, "refresh_incident_statistics", {"changed": changed})
    close_batch(connection, report, digest)
