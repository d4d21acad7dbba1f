"""Take jobs from the queue, one after the other, and see each through."""

import logging
import multiprocessing
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess
from threading import Event

from sqlalchemy import Engine

from etl.jobs import LOST_S, Job, State, end_job, give_back, note_progress, take_job
from etl.work.files import Folders
from etl.work.process import Ending, Progress, do_job
from etl.work.tidying import forget_file, tidy
from geo.database import engine_for, loading
from geo.errors import DatabaseUnavailableError
from geo.settings import DatabaseSettings

POLL_S = 0.5
"""How long a job waits at most before an idle worker takes it."""

NOTE_EVERY_S = 0.25
SEEN_EVERY_S = 2.0
PAUSE_S = 5.0
"""After the database did not answer."""

TIDY_EVERY_S = 3600.0

_log = logging.getLogger(__name__)


@dataclass
class Worker:
    """One worker; several may share a queue.

    Attributes:
        settings: of the database; it logs in as the loader.
        folders: where the files of jobs lie.
        keep_days: how long uploads and jobs that ended are kept.
        stop: set from elsewhere to end it; a job under way goes back to the queue.
        lost_s: after how many seconds of silence a job of another worker is taken up.
    """

    settings: DatabaseSettings
    folders: Folders
    keep_days: int = 30
    stop: Event = field(default_factory=Event)
    lost_s: float = LOST_S
    tidied_s: float = float("-inf")

    def run(self) -> None:
        """Work until told to stop."""
        engine = engine_for(self.settings, "loader")
        try:
            while not self.stop.is_set():
                try:
                    if not self.work_once(engine):
                        self.stop.wait(POLL_S)
                except DatabaseUnavailableError as error:
                    _log.warning("waiting for the database: %s", error)
                    self.stop.wait(PAUSE_S)
        finally:
            engine.dispose()

    def work_once(self, engine: Engine) -> bool:
        """Do one job if there is one; whether there was.

        Raises:
            DatabaseUnavailableError: the database does not answer.
        """
        if time.monotonic() - self.tidied_s > TIDY_EVERY_S:
            self.tidied_s = time.monotonic()
            with loading(engine) as connection:
                tidy(connection, self.folders, self.keep_days)
        with loading(engine) as connection:
            job = take_job(connection, self.lost_s)
        if job is None:
            return False
        _log.info("job %d (%s) of %s begins", job.job_id, job.kind, job.author)
        if job.result is not None:
            # Done with its result by a worker that died before it could say so.
            self._end(engine, job, "done", None)
        else:
            self._see_through(engine, job)
        return True

    def _see_through(self, engine: Engine, job: Job) -> None:
        """Start the job's process, pass on what it tells, and write down how it ends."""
        # Not fork: a copy of this process would share its connections and threads.
        context = multiprocessing.get_context("forkserver")
        receiver, sender = context.Pipe(duplex=False)
        arguments = (sender, self.settings, self.folders, job)
        process = context.Process(target=do_job, args=arguments, name=f"job {job.job_id}")
        process.start()
        sender.close()
        watch = _Watch(engine, job, receiver, self.stop)
        ending = watch.until_it_ends()
        _finish(process, ending)
        receiver.close()
        if ending is None and self.stop.is_set():
            self._when_it_answers(lambda: _give_back(engine, job))
        elif ending is None and watch.called_off:
            self._end(engine, job, "cancelled", None)
        elif ending is None:
            said = f"the job's process ended unexpectedly ({_cause(process)}); nothing was changed"
            self._end(engine, job, "failed", {"error": said})
        else:
            forget_file(self.folders, job, ending)
            self._end(engine, job, ending.state, ending.result)

    def _end(
        self, engine: Engine, job: Job, state: State, result: dict[str, object] | None
    ) -> None:
        """Write down how a job ended."""
        _log.info("job %d: %s", job.job_id, state)
        self._when_it_answers(lambda: _write_ending(engine, job, state, result))

    def _when_it_answers(self, action: Callable[[], None]) -> None:
        """Do something in the database, if need be once it is back."""
        while True:
            try:
                action()
            except DatabaseUnavailableError as error:
                _log.warning("waiting for the database: %s", error)
                if self.stop.wait(PAUSE_S):
                    return
            else:
                return


@dataclass
class _Watch:
    """A job under way, seen from the worker."""

    engine: Engine
    job: Job
    pipe: Pipe
    stop: Event
    latest: Progress | None = None
    noted: Progress | None = None
    noted_s: float = 0.0
    called_off: bool = False

    def until_it_ends(self) -> Ending | None:
        """Wait; None if the process died, the job was called off or the worker has to stop."""
        while not self.stop.is_set() and not self.called_off:
            try:
                said = self.pipe.recv() if self.pipe.poll(NOTE_EVERY_S) else None
            except (EOFError, OSError):  # the second in the midst of a message
                return None
            if isinstance(said, Ending):
                return said
            self.latest = said or self.latest
            self._note()
        return None

    def _note(self) -> None:
        """Write down how far the job is, at most four times a second; see if it is to go on."""
        since_s = time.monotonic() - self.noted_s
        if since_s < NOTE_EVERY_S or (self.latest == self.noted and since_s < SEEN_EVERY_S):
            return
        self.noted, self.noted_s = self.latest, time.monotonic()
        # The job's own process meets a database that is away in its own time.
        with suppress(DatabaseUnavailableError), loading(self.engine) as connection:
            progress = asdict(self.latest) if self.latest else {}
            self.called_off = not note_progress(connection, self.job, progress)


def _finish(process: BaseProcess, ending: Ending | None) -> None:
    """See that the process is gone; at once, unless it has said its last word."""
    if ending is not None:
        process.join(timeout=PAUSE_S)
    if process.is_alive():
        process.kill()
    process.join()


def _cause(process: BaseProcess) -> str:
    """Why a process is gone, in a word or two."""
    code = process.exitcode or 0
    return f"signal {-code}" if code < 0 else f"exit code {code}, see the log"


def _write_ending(engine: Engine, job: Job, state: State, result: dict[str, object] | None) -> None:
    with loading(engine) as connection:
        end_job(connection, job, state, result)


def _give_back(engine: Engine, job: Job) -> None:
    with loading(engine) as connection:
        give_back(connection, job)
