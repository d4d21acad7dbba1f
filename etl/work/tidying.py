"""What a worker throws away: uploads and jobs of long ago, and files nobody knows of."""

import logging
import shutil
import time
from pathlib import Path

from sqlalchemy import Connection

from etl.jobs import Job
from etl.persons.findings import PersonDataError
from etl.statements import run
from etl.work.files import Folders
from etl.work.process import Ending

_DAY_S = 86_400.0
"""How long an uploaded file waits to be loaded; one on its way in is younger."""

_log = logging.getLogger(__name__)


def tidy(connection: Connection, folders: Folders, keep_days: int) -> None:
    """Delete uploaded files after a day, what is known of them and of ended jobs later.

    A file that nobody loaded may hold what was refused at the door, so it does not stay.

    Args:
        connection: a loading transaction; files go first, so that none is forgotten.
        folders: where the files lie.
        keep_days: how long they are kept.
    """
    jobs = run(connection, "delete_old_jobs", {"days": keep_days}).scalars().all()
    uploads = run(connection, "delete_old_uploads", {"days": keep_days}).scalars().all()
    for job_id in jobs:
        shutil.rmtree(folders.jobs / str(job_id), ignore_errors=True)
    for upload_id in uploads:
        (folders.uploads / str(upload_id)).unlink(missing_ok=True)
    wanted = {str(number) for number in run(connection, "read_wanted_uploads").scalars()}
    left = [path for path in _old_files(folders.uploads) if path.name not in wanted]
    for path in left:
        path.unlink(missing_ok=True)
    if jobs or uploads or left:
        _log.info("deleted %d jobs, %d uploads, %d files", len(jobs), len(uploads), len(left))


def forget_file(folders: Folders, job: Job, ending: Ending) -> None:
    """Delete an uploaded file once it is loaded, or refused because it tells of persons."""
    match job.request.get("file"):
        case {"upload": int(number)}:
            loaded = job.kind == "load" and not job.request.get("dry_run")
            loaded = loaded and ending.state == "done"
            if loaded or ending.result.get("kind") == PersonDataError.__name__:
                (folders.uploads / str(number)).unlink(missing_ok=True)


def _old_files(folder: Path) -> list[Path]:
    """Files in a folder that came more than a day ago."""
    if not folder.is_dir():
        return []
    before = time.time() - _DAY_S
    return [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before]
