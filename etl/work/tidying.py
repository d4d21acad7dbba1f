"""What a worker throws away: uploads and jobs of long ago, and files nobody knows of."""

import logging
import shutil
import time
from pathlib import Path

from sqlalchemy import Connection

from etl.statements import run
from etl.work.files import Folders

_UNKNOWN_S = 86_400.0
"""A file without a row may still be on its way in; after a day it is not."""

_log = logging.getLogger(__name__)


def tidy(connection: Connection, folders: Folders, keep_days: int) -> None:
    """Delete uploads and ended jobs older than ``keep_days`` days, with their files.

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
    known = {str(number) for number in run(connection, "read_upload_numbers").scalars()}
    lost = [path for path in _old_files(folders.uploads) if path.name not in known]
    for path in lost:
        path.unlink(missing_ok=True)
    if jobs or uploads or lost:
        _log.info("deleted %d jobs, %d uploads, %d lost files", len(jobs), len(uploads), len(lost))


def _old_files(folder: Path) -> list[Path]:
    """Files in a folder that nobody has written to for a day."""
    if not folder.is_dir():
        return []
    before = time.time() - _UNKNOWN_S
    return [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < before]
