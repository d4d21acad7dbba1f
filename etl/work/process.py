"""The process of one job: what a hostile file does to it, it does to nobody else."""

import multiprocessing
import os
import signal
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from threading import Thread

from etl.jobs import Job, State
from etl.work.files import Folders
from etl.work.kinds import Task, perform
from geo.database import engine_for
from geo.errors import DatabaseUnavailableError, GridboardError, StorageFullError
from geo.settings import DatabaseSettings


@dataclass(frozen=True)
class Progress:
    """How far a job is; rows_per_s is 0 until it is known."""

    step: str
    done: int
    total: int
    rows_per_s: float


@dataclass(frozen=True)
class Ending:
    """How a job ended, as its process says."""

    state: State
    result: dict[str, object]


@dataclass
class Teller:
    """Tells the worker how far the job is."""

    pipe: Pipe
    step: str = ""
    began_s: float = field(default_factory=time.monotonic)

    def __call__(self, step: str, done: int, total: int) -> None:
        """See ``kinds.Report``."""
        if step != self.step:
            self.step, self.began_s = step, time.monotonic()
        passed_s = time.monotonic() - self.began_s
        per_s = done / passed_s if done and passed_s > 0 else 0.0
        self.pipe.send(Progress(step, done, total, round(per_s, 1)))


def do_job(pipe: Pipe, settings: DatabaseSettings, folders: Folders, job: Job) -> None:
    """Do a job and send how it ends; whatever is not ours to expect ends the process."""
    # Ctrl-C in the terminal is the worker's to hear.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    engine = engine_for(settings, "loader")
    try:
        result = dict(perform(Task(engine, folders, job, Teller(pipe))))
        ending = Ending("done", result)
    except (DatabaseUnavailableError, StorageFullError) as error:
        ending = Ending("failed", error.as_dict())
    except GridboardError as error:
        ending = Ending("refused", error.as_dict())
    pipe.send(ending)
    engine.dispose()


def _end_with_parent() -> None:
    """A job whose worker was killed is another's: leave it at once."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
