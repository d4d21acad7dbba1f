"""What the kinds of jobs do: nothing but what the command line does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from etl.drafting import draft_profile, preview_profile
from etl.edition_checking import check_boundary_files
from etl.edition_loading import load_boundary_files
from etl.jobs import Job, note_result
from etl.loading import load_incident_file
from etl.places import read_places
from etl.profiles import Profile, named_or_given
from etl.reports import LoadReport
from etl.statements import run
from etl.undoing import undo_batch
from etl.work.files import Folders, job_file
from geo.database import loading
from geo.errors import InputError

Report = Callable[[str, int, int], None]
"""Called as (what is being done, done so far, total; 0 where the total is unknown)."""

Result = Mapping[str, object]
"""What a job came to, as JSON holds it."""


@dataclass(frozen=True)
class Task:
    """One job, and what doing it needs."""

    engine: Engine
    folders: Folders
    job: Job
    report: Report

    def asked(self, name: str, kind: Any) -> Any:
        """A particular of the request.

        Raises:
            InputError: it is missing or of another kind.
        """
        value = self.job.request.get(name)
        if not isinstance(value, kind):
            raise InputError(f"the request's {name} is missing or of the wrong kind")
        return value

    def day(self, name: str) -> date | None:
        """A day of the request, if it names one.

        Raises:
            InputError: it is no day.
        """
        text = self.asked(name, str | None)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise InputError(f"the request's {name} is no day such as 2026-01-31") from error

    def profile(self) -> Profile:
        """The profile that the request names or holds; never a path."""
        return named_or_given(self.asked("profile", str))

    def scope_code(self) -> str | None:
        """The area whose data the job may write; None for all."""
        with loading(self.engine) as connection:
            held = run(connection, "read_hierarchy").one_or_none()
        whole = held is None or held.root_code == self.job.scope_code
        return None if whole else self.job.scope_code

    def keep(self, connection: Connection, report: LoadReport) -> None:
        """Store the account of a load together with what it loaded."""
        batch_id = None if report.dry_run else report.batch_id
        note_result(connection, self.job.job_id, report.as_dict(), batch_id)


def perform(task: Task) -> Result:
    """Do a job.

    Raises:
        GridboardError: it cannot be done; the message says why.
    """
    return _KINDS[task.job.kind](task)


def _draft(task: Task) -> Result:
    """Propose a profile for a file of incidents, or show what a given one makes of it."""
    given = task.asked("profile", str | None)
    task.report("Reading", 0, 0)
    with job_file(task.engine, task.folders, task.job) as file:
        if given is not None:
            return preview_profile(file, task.profile(), name=file.name).as_dict()
        with loading(task.engine) as connection:
            held = run(connection, "read_hierarchy").one_or_none()
            places = None if held is None else read_places(connection)
        return draft_profile(file, name=file.name, places=places).as_dict()


def _check(task: Task) -> Result:
    """Find what is wrong with a file of areas; all of it is written for a GIS as well.

    What is wrong is said by the outlines and codes of the areas around, so it is said to those who
    may see all of them: who loads areas answers for all of them anyway.
    """
    if (scope_code := task.scope_code()) is not None:
        raise InputError(
            f"areas are checked by an operator of the whole, not of {scope_code}: have them do it"
        )
    geojson = task.folders.of_job(task.job.job_id) / "defects.geojson"
    with job_file(task.engine, task.folders, task.job) as file:
        checked = check_boundary_files(
            task.engine,
            [file],
            task.profile(),
            task.report,
            crs=task.asked("crs", str | None),
            clean_m=task.asked("clean_m", float | int | None),
            valid_from=task.day("valid_from"),
            geojson=geojson,
        )
    return checked.as_dict() | {"geojson": geojson.name}


def _load(task: Task) -> Result:
    """Load a file of incidents or areas."""
    kinds = {"incidents": _load_incidents, "boundaries": _load_boundaries}
    what = task.asked("what", str)
    if what not in kinds:
        raise InputError(f"cannot load {what!r}: expected incidents or boundaries")
    return kinds[what](task).as_dict()


def _load_incidents(task: Task) -> LoadReport:
    """Load a file of incidents."""
    with job_file(task.engine, task.folders, task.job) as file:
        return load_incident_file(
            task.engine,
            file,
            task.profile(),
            task.report,
            crs=task.asked("crs", str | None),
            scope_code=task.scope_code(),
            author=task.job.author,
            dry_run=bool(task.asked("dry_run", bool | None)),
            before_commit=task.keep,
        )


def _load_boundaries(task: Task) -> LoadReport:
    """Load a file of areas."""
    with job_file(task.engine, task.folders, task.job) as file:
        return load_boundary_files(
            task.engine,
            [file],
            task.profile(),
            task.day("valid_from"),
            task.report,
            crs=task.asked("crs", str | None),
            clean_m=task.asked("clean_m", float | int | None),
            scope_code=task.scope_code(),
            author=task.job.author,
            dry_run=bool(task.asked("dry_run", bool | None)),
            before_commit=task.keep,
        )


def _undo(task: Task) -> Result:
    """Undo a batch."""
    batch_id = task.asked("batch_id", int)
    task.report("Undoing", 0, 0)
    with loading(task.engine) as connection:
        author, scope = task.job.author, task.job.scope_code
        done = undo_batch(connection, batch_id, author=author, scope_code=scope).as_dict()
        note_result(connection, task.job.job_id, done, batch_id)
    return done


_KINDS: dict[str, Callable[[Task], Result]] = {
    "draft": _draft,
    "check": _check,
    "load": _load,
    "undo": _undo,
}
