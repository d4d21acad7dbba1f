"""A real server of several processes: one account of them all, and an end that cuts nobody off."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from dashboard.people.cookies import cookie_name
from geo.database import GATE_CONNECTIONS
from geo.settings import DatabaseSettings
from tests.areas import PROVINCE
from tests.dashboard.visitors import make_account, make_session
from tests.databases import cloned_database, opened
from tests.ports import free_port
from tests.processes import children
from tests.waiting import until

TOKEN = "a-token-of-the-tests"  # noqa: S105
SERVE = """
import sys
from pathlib import Path
from dashboard.app import create_app
from dashboard.serving import run_server
from dashboard.settings import DashboardSettings

settings = DashboardSettings(
    port=int(sys.argv[1]), workers=2, load_worker=False, state_dir=Path(sys.argv[2]),
    metrics_token=sys.argv[3], cookie_secure=False,
)
load = lambda: create_app(settings, read_ahead=True).server
run_server(load, settings, Path(sys.argv[2]), lambda: print("up", flush=True))
"""
WAITING = """
    SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'gridboard.revision'::regclass
"""


@dataclass
class Serving:
    """A server of two processes, and a session in it."""

    process: subprocess.Popen[bytes]
    port: int
    token: str

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Ask in a connection of one's own, so that any process may answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookie = {"Cookie": f"{cookie_name(False)}={self.token}"}
        connection.request("GET", path, headers=cookie | headers)
        answer = connection.getresponse()
        found = answer.status, answer.read()
        connection.close()
        return found

    def metrics(self) -> dict[tuple[str, ...], float]:
        """What Prometheus reads."""
        status, body = self.get("/metrics", Authorization=f"Bearer {TOKEN}")
        assert status == 200
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(body.decode())
            for sample in family.samples
        }


@pytest.fixture(scope="module")
def served(server: str, template: str) -> Iterator[DatabaseSettings]:
    """The database of the server."""
    with cloned_database(server, template) as settings:
        yield settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The state of the server."""
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def serving(served: DatabaseSettings, folder: Path) -> Iterator[Serving]:
    """One server for all tests here; the last of them ends it."""
    account = make_account(served, f"wall@province:{PROVINCE}")
    with opened(served, "app") as engine:
        token = make_session(engine, account)
    port = free_port()
    url = served.url("admin").render_as_string(hide_password=False)
    command = [sys.executable, "-c", SERVE, str(port), str(folder), TOKEN]
    variables = dict(os.environ) | {"GRIDBOARD_DATABASE_URL": url}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=variables) as process:
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        yield Serving(process, port, token)
        process.kill()


def test_all_processes_count_together(serving: Serving, folder: Path) -> None:
    first, second = children(serving.process.pid)
    for other in (second, first):
        os.kill(other, signal.SIGSTOP)
        for _ in range(5):
            assert serving.get("/data/news.json")[0] == 403, "no wall sees it"
        os.kill(other, signal.SIGCONT)
    key = ("gridboard_requests_total", "wall", "/data/news.json", "403")
    found = serving.metrics()
    assert found[key] == 10
    assert found["gridboard_pool_size", "gate"] == 2 * GATE_CONNECTIONS
    (counts,) = folder.glob("metrics-*")
    assert counts.stat().st_mode & 0o777 == 0o700
    os.kill(first, signal.SIGKILL)
    until(lambda: first not in children(serving.process.pid))
    until(lambda: not [*counts.glob(f"gauge_livesum_{first}.db")])
    # Whoever comes in its place holds nothing until it is asked.
    (new,) = until(lambda: [each for each in children(serving.process.pid) if each != second])
    os.kill(new, signal.SIGSTOP)
    found = serving.metrics()
    os.kill(new, signal.SIGCONT)
    assert found[key] == 10, "what it counted stays"
    assert found["gridboard_pool_size", "gate"] == GATE_CONNECTIONS, "what it held is gone"


def test_requests_in_flight_end_and_no_others_begin(
    serving: Serving, served: DatabaseSettings
) -> None:
    answers: list[tuple[int, bytes]] = []
    asking = threading.Thread(target=lambda: answers.append(serving.get("/revision.json")))
    with (
        opened(served, "admin") as engine,
        engine.connect() as holding,
        engine.connect() as watching,
    ):
        holding.execute(text("LOCK TABLE gridboard.revision IN ACCESS EXCLUSIVE MODE"))
        asking.start()
        until(lambda: watching.scalar(text(WAITING)))
        serving.process.send_signal(signal.SIGTERM)
        until(lambda: refuses(serving.port))
        assert serving.process.poll() is None
        assert answers == []
        holding.rollback()
    asking.join(60)
    ((status, body),) = answers
    assert status in (200, 404), body
    assert body.endswith(b"}\n")
    assert serving.process.wait(60) == 0


def refuses(port: int) -> bool:
    """Whether nobody listens any more."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return False
    except ConnectionRefusedError:
        return True
