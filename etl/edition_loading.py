"""Load files of areas as a profile says: what the command line and the data page call."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from etl.boundaries import Origin, load_boundaries
from etl.checking import Stated
from etl.edition_files import Edition, read_edition
from etl.hierarchies import store_notes
from etl.profiles import Checks, Profile, load_profile
from etl.reports import LoadReport
from etl.shapes import build_shapes
from geo.database import loading
from geo.hierarchy import Hierarchy, load_hierarchy

Report = Callable[[str, int, int], None]
"""Called as (what is being done, done so far, total; 0 where the total is unknown)."""

BeforeCommit = Callable[[Connection, LoadReport], None]
"""What else belongs to a load: done with it or not at all."""


def load_boundary_files(
    engine: Engine,
    files: list[Path],
    profile: str | Profile,
    valid_from: date | None,
    report: Report,
    *,
    crs: str | None = None,
    clean_m: float | None = None,
    tolerance_m2: float | None = None,
    scope_code: str | None = None,
    author: str | None = None,
    dry_run: bool = False,
    before_commit: BeforeCommit = lambda connection, report: None,
) -> LoadReport:
    """Load an edition from files and, if anything changed, draw the map's layers.

    One transaction: whoever looks sees the former areas with their shapes, or the new ones.

    Args:
        engine: of the loader.
        files: one a level.
        profile: the profile, or its name or path.
        valid_from: first day of the edition; today in the hierarchy's zone if not given.
        report: told of the progress.
        crs: the CRS of the files, as the operator states it.
        clean_m: clean overlaps and gaps up to this width first, in metres.
        tolerance_m2: put up with defects up to this size; else what the profile says.
        scope_code: the area within which the author may write; None for all.
        author: who asked for it.
        dry_run: do everything but draw the map, then take it back.
        before_commit: called last of all, within the transaction.

    Raises:
        GridboardError: a file, the profile or the database is not as it must be.
    """
    given = load_profile(profile) if isinstance(profile, str) else profile
    hierarchy = load_hierarchy(given.hierarchy)
    report("Reading", 0, 0)
    account = LoadReport(dry_run=dry_run)
    with account.phase("read"):
        edition = read_edition(files, given, hierarchy, crs=crs, clean_m=clean_m)
    if edition.cleaned is not None:
        account.details["cleaned"] = edition.cleaned.as_dict()
    with loading(engine) as connection:
        report("Loading areas", 0, 0)
        attempt = connection.begin_nested()
        load_boundaries(
            connection,
            edition.areas,
            hierarchy,
            valid_from=valid_from or today(hierarchy),
            stated=state(edition, given, tolerance_m2),
            origin=Origin(files[0], given.key, author, scope_code, edition.separate, edition.crs),
            report=account,
        )
        store_notes(connection, {"credits": [credit.model_dump() for credit in given.credits]})
        if account.changed and not dry_run:
            report("Drawing the map", 0, 0)
            with account.phase("shapes"):
                build_shapes(connection, hierarchy)
        if dry_run:
            attempt.rollback()
        before_commit(connection, account)
    return account


def today(hierarchy: Hierarchy) -> date:
    """The local day."""
    return datetime.now(UTC).astimezone(hierarchy.time_zone).date()


def state(edition: Edition, profile: Profile, tolerance_m2: float | None) -> Stated:
    """What is known about an edition beside its areas; an option wins over the profile."""
    checks = profile.checks
    if tolerance_m2 is not None:
        checks = Checks.model_validate(checks.model_dump() | {"tolerance_m2": tolerance_m2})
    return Stated(checks=checks, found=edition.defects, derived=edition.derived)
