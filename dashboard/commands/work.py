"""gridboard work: do what the data page asks for."""

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX
from multiprocessing import forkserver
from pathlib import Path
from threading import Event

from dashboard.cluster.state import make_public
from dashboard.commands.database import answering, state
from dashboard.server.requestlog import log_json
from dashboard.serving import serving_pid, try_lock
from dashboard.settings import DashboardSettings
from etl.work.files import Folders
from etl.work.worker import Worker
from geo.database import engine_for
from geo.schema import check_schema_version
from geo.settings import DatabaseSettings, read_settings


def work() -> None:
    """Do the jobs of the data page, one after the other, until Ctrl-C.

    'gridboard serve' and 'gridboard demo' start one of these beside themselves; start more
    where jobs wait too long. Each job is done once, whichever worker takes it.
    """
    settings = read_settings(DashboardSettings)
    database = read_settings(DatabaseSettings)
    log_json(settings.log_level)
    check_schema(database)
    # A job's process is a copy of one that has loaded these, so that it starts at once.
    multiprocessing.set_forkserver_preload(["dashboard.cli"])
    forkserver.ensure_running()
    folder = state().folder
    make_public(folder)
    worker = Worker(database, job_folders(folder, settings), settings.keep_days)
    end_at_signals(worker.stop)
    with noted(folder):
        worker.run()


def job_folders(folder: Path, settings: DashboardSettings) -> Folders:
    """Where the files of jobs lie."""
    made = Folders(folder / "uploads", folder / "jobs", settings.inbox)
    for private in (made.uploads, made.jobs):
        private.mkdir(mode=0o700, exist_ok=True)
    return made


def check_schema(database: DatabaseSettings) -> None:
    """Refuse to work on a database that is away or of another schema version."""
    engine = engine_for(database, "loader")
    try:
        with answering():
            check_schema_version(engine)
    finally:
        engine.dispose()


def end_at_signals(stop: Event) -> None:
    """Let Ctrl-C and SIGTERM end the worker in order."""
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda _signal, _frame: stop.set())


@contextmanager
def noted(folder: Path) -> Iterator[None]:
    """Note the process id for ``gridboard stop``, and lock the note for as long as we live."""
    for left in folder.glob("work-*.pid"):
        if serving_pid(left) is None:
            left.unlink(missing_ok=True)
    path = folder / f"work-{os.getpid()}.pid"
    with path.open("a", encoding="ascii") as note:
        try_lock(note, LOCK_EX)
        note.truncate(0)
        note.write(str(os.getpid()))
        note.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)
