"""The worker beside the server: there when it serves, back when it dies, gone with the server."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from tests.cluster import CHECKOUT
from tests.ops.conftest import COMMAND, Gridboard
from tests.processes import children, words
from tests.waiting import until

ASK = """
    INSERT INTO gridboard.job (scope_code, author, kind, request)
    VALUES ('990000', 'Zhao', 'undo', '{"batch_id": 1}') RETURNING job_id
"""
STATE = "SELECT state FROM gridboard.job WHERE job_id = :job"


@pytest.fixture
def database(gridboard: Gridboard) -> Iterator[Connection]:
    """The database of the private cluster, just set up; each question sees what is committed."""
    assert gridboard("setup").returncode == 0
    url = gridboard("cluster", "url").stdout.strip()
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[int]:
    """``gridboard serve`` as a process of its own."""
    command = [str(COMMAND), "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        for line in program.stdout:
            if line.startswith("gridboard serves "):
                break
        yield program.pid
        program.kill()


def worker_of(server: int) -> int:
    """The process of the worker beside a server; 0 if there is none."""
    keepers = [child for child in children(server) if "dashboard.keeping" in words(child)]
    return next((child for keeper in keepers for child in children(keeper)), 0)


def job_is_seen(database: Connection) -> bool:
    """Whether a job that is asked for now is worked on."""
    job = database.scalar(text(ASK))
    until(lambda: database.scalar(text(STATE), {"job": job}) == "refused")
    return True


def test_the_worker_lives_and_dies_with_the_server(
    database: Connection, environment: dict[str, str], gridboard: Gridboard, state_base: Path
) -> None:
    with serving(environment) as server:
        first = until(lambda: worker_of(server))
        assert job_is_seen(database)
        os.kill(first, signal.SIGKILL)
        second = until(lambda: worker_of(server) not in (0, first) and worker_of(server))
        assert job_is_seen(database)
        notes = [path.name for path in state_base.glob("*/work-*.pid")]
        assert notes == [f"work-{second}.pid"]
        os.kill(server, signal.SIGKILL)
        until(lambda: not words(second))
    # One of its own, without any server.
    command = [str(COMMAND), "work"]
    with subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL) as own:
        assert job_is_seen(database)
        database.close()
        assert gridboard("stop").stdout.strip() == "Stopped 1 worker and PostgreSQL"
        assert own.wait(10) == 0
    assert not [*state_base.glob("*/work-*.pid")]


def test_only_commands_log_in_as_the_loader() -> None:
    """No code that the web application runs asks for the loader's connection."""
    packages = (CHECKOUT / "dashboard").rglob("*.py")
    asking = {path.relative_to(CHECKOUT) for path in packages if '"loader"' in path.read_text()}
    assert {path.parent.name for path in asking} == {"commands"}
