"""Load files of incidents as a profile says: what the command line and the data page call."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, Engine

from etl.incidents import LoadRequest, load_chunks
from etl.profiles import Profile, load_profile
from etl.reading.incidents import count_incidents, estimate_incidents, read_incidents, source_name
from etl.reading.postgres import is_database
from etl.reports import MOST_REJECTED, LoadReport
from etl.terms import created_kinds, profile_terms
from etl.workers import BESIDE, Crew
from geo.database import loading
from geo.errors import ConfigurationError
from geo.hierarchy import load_hierarchy

Report = Callable[[str, int, int], None]
"""Called as (what is being done, done so far, total; 0 where the total is unknown)."""

BeforeCommit = Callable[[Connection, LoadReport], None]
"""What else belongs to a load: done with it or not at all."""


def load_incident_file(
    engine: Engine,
    source: str | Path,
    profile: str | Profile,
    report: Report,
    *,
    name: str | None = None,
    crs: str | None = None,
    crew: Crew = BESIDE,
    scope_code: str | None = None,
    author: str | None = None,
    dry_run: bool = False,
    rejects: Path | None = None,
    most_rejected: float = MOST_REJECTED,
    before_commit: BeforeCommit = lambda connection, report: None,
) -> LoadReport:
    """Load a file of incidents.

    Args:
        engine: of the loader.
        source: a file, or ``postgresql://…?table=schema.name``.
        profile: the profile, or its name or path.
        report: told of the progress.
        name: what to call the file in messages and batches, if not by its own name.
        crs: the CRS of the coordinates, if the profile does not state it.
        crew: who prepares the chunks.
        scope_code: the area whose incidents may be written; None for all.
        author: who asked for it.
        dry_run: do everything, then take it back.
        rejects: a file to write the refused rows to.
        most_rejected: the share of refused rows above which nothing is loaded.
        before_commit: called last of all, within the transaction.

    Raises:
        GridboardError: the file, the profile or the database is not as it must be.
    """
    given = (load_profile(profile) if isinstance(profile, str) else profile).with_crs(crs)
    rules = given.incidents
    if rules is None:
        raise ConfigurationError(f"profile {given.key} says nothing about incidents")
    rules.stated_crs()
    total = count_incidents(source) or estimate_incidents(source) or 0
    # A name of a file may hold bytes that are no text.
    called = (name or source_name(source)).encode("utf-8", "replace").decode()
    step = f"Loading {called}"
    report(step, 0, total)
    request = LoadRequest(
        source=rules.source,
        rules=rules,
        file=None if is_database(source) else Path(source),
        name=called,
        profile=given.key,
        author=author,
        scope_code=scope_code,
        terms=tuple(profile_terms(rules)),
        create_terms=created_kinds(rules),
        most_rejected=most_rejected,
        dry_run=dry_run,
        rejects=rejects,
        crew=crew,
        progress=lambda done: report(step, done, max(done, total) if total else 0),
    )
    hierarchy = load_hierarchy(given.hierarchy)
    with loading(engine) as connection:
        done = load_chunks(connection, read_incidents(source, rules, name), hierarchy, request)
        before_commit(connection, done)
        return done
