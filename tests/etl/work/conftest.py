"""A queue, folders, and workers that are real processes' parents."""

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, text

from etl.jobs import Job, Kind, read_job, submit
from etl.work.files import Folders
from etl.work.worker import Worker
from geo.database import loading, writing
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import PROVINCE

OPERATOR = Viewer("operator", 0, PROVINCE)
HEADER = ["id", "what", "when", "lat", "lon"]
PROFILE = """
key = "mine"
hierarchy = "china"
[incidents]
source = "mine"
time_zone = "Asia/Shanghai"
crs = "EPSG:4326"
incident_id = ["id"]
lon = "lon"
lat = "lat"
occurred_at = { column = "when" }
category = { column = "what" }
channel = { constant = "hotline" }
status = { constant = "open" }
"""

Ask = Callable[..., int]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """The folders of a state, and an inbox."""
    made = Folders(tmp_path / "uploads", tmp_path / "jobs", tmp_path / "inbox")
    for folder in (made.uploads, made.jobs, tmp_path / "inbox"):
        folder.mkdir()
    return made


@pytest.fixture
def ask(app_engine: Engine) -> Ask:
    """Asks for a job as the web process does."""

    def one(kind: Kind, request: Mapping[str, object], viewer: Viewer = OPERATOR) -> int:
        with writing(app_engine, viewer) as connection:
            return submit(connection, viewer, "Zhao", kind, request)

    return one


@pytest.fixture
def worker(database: DatabaseSettings, folders: Folders) -> Worker:
    """A worker that is not at work yet."""
    return Worker(database, folders)


@contextmanager
def at_work(worker: Worker) -> Iterator[Worker]:
    """Have a worker work beside the block."""
    thread = Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.stop.set()
        thread.join(timeout=30)
        assert not thread.is_alive()


def state_of(engine: Engine, job_id: int) -> Job:
    """The job as it stands."""
    with loading(engine) as connection:
        return read_job(connection, job_id)


def until(engine: Engine, job_id: int, fits: Callable[[Job], bool], seconds: float = 60) -> Job:
    """Wait until a job is as it should be."""
    waiting = Event()
    for _ in range(int(seconds / 0.05)):
        job = state_of(engine, job_id)
        if fits(job):
            return job
        waiting.wait(0.05)
    pytest.fail(f"in vain: {job}")


def over(job: Job) -> bool:
    """Whether a job is over."""
    return job.state not in ("waiting", "running")


def incidents_file(path: Path, rows: int, *, bad: int = 0, first: int = 0) -> Path:
    """A CSV of incidents, the last ``bad`` of which lie outside."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(rows):
            lon = 100.005 if number < rows - bad else 10
            day = f"2024-{number % 12 + 1:02}-{number % 28 + 1:02} 12:00"
            writer.writerow([first + number, "family", day, 36.005, lon])
    return path


def upload(engine: Engine, folders: Folders, path: Path, scope: str = PROVINCE) -> int:
    """Put a file where uploads lie; its number."""
    with engine.begin() as connection:
        number = connection.scalar(
            text(
                "INSERT INTO gridboard.upload (scope_code, author, file_name, bytes, file_sha256)"
                " VALUES (:scope, 'Zhao', :name, 1, '') RETURNING upload_id"
            ),
            {"scope": scope, "name": path.name},
        )
    path.rename(folders.uploads / str(number))
    return int(number or 0)
