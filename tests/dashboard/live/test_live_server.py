"""Streams of a real server: forty readers, revocation, readers that go, the server's end."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path

import pytest
from sqlalchemy import Engine

from dashboard.people.account import Account, By
from dashboard.people.accounts import disable
from dashboard.people.cookies import cookie_name
from etl.statements import run
from geo.database import administering, loading
from geo.revisions import bump
from geo.settings import DatabaseSettings
from tests.areas import COUNTY, OTHER_COUNTY
from tests.dashboard.live.conftest import soon
from tests.dashboard.live.reading import Reader
from tests.dashboard.visitors import make_account, make_session
from tests.databases import cloned_database, opened
from tests.ports import free_port
from tests.processes import children

STREAMS = 40
THREADS = 2
MEMORY_KB = 4_096
SERVE = f"""
import sys
from pathlib import Path
from dashboard.app import create_app
from dashboard.serving import run_server
from dashboard.settings import DashboardSettings

settings = DashboardSettings(
    port=int(sys.argv[1]), state_dir=Path(sys.argv[2]), workers=1, threads={THREADS},
    live_streams={STREAMS}, load_worker=False, log_level="WARNING",
)
load = lambda: create_app(settings).server
run_server(load, settings, Path(sys.argv[2]), lambda: print("up", flush=True))
"""
BY = By("tests")


class Site:
    """A server in a process of its own, and whose sessions it knows."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self._readers: dict[HTTPResponse, list[Reader]] = {}

    @property
    def worker(self) -> int:
        """The process that answers."""
        (worker,) = children(self.process.pid)
        return worker

    @contextmanager
    def ask(self, token: str, method: str = "GET") -> Iterator[HTTPResponse]:
        """Ask for the stream; go away in the end, as a closed page does."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookie = f"{cookie_name(secure=True)}={token}"
        connection.request(method, "/live", headers={"Cookie": cookie})
        reached = connection.sock
        answer = connection.getresponse()
        try:
            yield answer
        finally:
            with suppress(OSError):
                reached.shutdown(socket.SHUT_RDWR)
            # Whoever still reads is let go by that, before the connection is taken apart.
            for reader in self._readers.pop(answer, []):
                reader.join()
            connection.close()

    def status(self, token: str, method: str = "GET") -> int:
        """The status of an answer."""
        with self.ask(token, method) as answer:
            return answer.status

    def read(self, answer: HTTPResponse) -> Reader:
        """Read what a stream says."""
        assert answer.status == 200, answer.read()
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        reader = Reader(lines(answer))
        self._readers.setdefault(answer, []).append(reader)
        return reader

    def told(self, name: str) -> int:
        """A number of the worker, from its account in /proc."""
        lines = Path(f"/proc/{self.worker}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@pytest.fixture(scope="module")
def served_database(server: str, template: str) -> Iterator[DatabaseSettings]:
    """A database for the servers."""
    with cloned_database(server, template) as settings:
        yield settings


@pytest.fixture(scope="module")
def app(served_database: DatabaseSettings) -> Iterator[Engine]:
    """The application's connections to it, as the servers have them."""
    with opened(served_database, "app") as engine:
        yield engine


@pytest.fixture(scope="module")
def site(
    served_database: DatabaseSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The server of all tests; the last of them ends it."""
    with running(served_database, tmp_path_factory.mktemp("live"), free_port()) as site:
        yield site


@pytest.fixture
def enter(served_database: DatabaseSettings, app: Engine) -> Callable[[Account], str]:
    """Open a session of an account; its token."""
    return lambda account: make_session(app, account)


@contextmanager
def running(database: DatabaseSettings, folder: Path, port: int) -> Iterator[Site]:
    """Run a server until it is not needed any more."""
    url = database.url("admin").render_as_string(hide_password=False)
    environment = {**os.environ, "GRIDBOARD_DATABASE_URL": url}
    command = [sys.executable, "-c", SERVE, str(port), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        try:
            assert process.stdout
            assert process.stdout.readline() == b"up\n"
            yield Site(process, port)
        finally:
            process.terminate()
            process.wait(60)


def lines(answer: HTTPResponse) -> Iterator[bytes]:
    """The lines of an answer, until it ends or its connection does."""
    with suppress(OSError, HTTPException):
        yield from iter(answer.readline, b"")


def commit(database: DatabaseSettings) -> int:
    """What a load does at its end."""
    with opened(database, "loader") as engine, loading(engine) as connection:
        revision = bump(connection, "incident")
        run(connection, "notify", {"kind": "incident", "revision": revision})
        return revision


def test_forty_readers_hear_a_load_and_others_are_served_meanwhile(
    site: Site, served_database: DatabaseSettings, enter: Callable[[Account], str]
) -> None:
    tokens = [enter(make_account(served_database, f"wall@county:{COUNTY}")) for _ in range(10)]
    with ExitStack() as stack:
        readers = [
            site.read(stack.enter_context(site.ask(token)))
            for token in tokens
            for _ in range(STREAMS // len(tokens))
        ]
        for reader in readers:
            assert reader.next()[0] == "revision"
        revision = commit(served_database)
        for reader in readers:
            name, data = reader.next()
            assert (name, data["incident"]) == ("revision", revision)
        other = enter(make_account(served_database, f"county:{OTHER_COUNTY}"))
        assert site.status(other) == 503
        assert {site.status(other, "HEAD") for _ in range(3 * THREADS)} == {200}
    # Whoever goes gives the place back without anything being said.
    soon(lambda: site.status(other) == 200)


def test_an_account_shut_out_hears_that_and_nothing_more(
    site: Site, served_database: DatabaseSettings, enter: Callable[[Account], str]
) -> None:
    account = make_account(served_database, f"county:{COUNTY}")
    token = enter(account)
    with site.ask(token) as answer:
        reader = site.read(answer)
        assert reader.next()[0] == "revision"
        with opened(served_database, "admin") as engine, administering(engine) as owner:
            disable(owner, account, BY)
        assert reader.next() == ("session", {"state": "ended"})
        assert reader.rest() == []
    assert site.status(token) == 401


def test_readers_that_come_and_go_leave_nothing_behind(
    site: Site, served_database: DatabaseSettings, enter: Callable[[Account], str]
) -> None:
    token = enter(make_account(served_database, f"county:{COUNTY}"))

    def visit(times: int) -> None:
        for _ in range(times):
            with site.ask(token) as answer:
                while answer.status == 200 and not answer.readline().startswith(b"data:"):
                    pass

    def grown_kb() -> int:
        before_kb = site.told("VmRSS")
        visit(150)
        return site.told("VmRSS") - before_kb

    visit(60)
    threads = site.told("Threads")
    files = len(list(Path(f"/proc/{site.worker}/fd").iterdir()))
    # What is not given back grows every time; a thread that is new to memory grows once.
    assert any(grown_kb() < MEMORY_KB for _ in range(3))
    assert site.told("Threads") <= threads + STREAMS
    soon(lambda: len(list(Path(f"/proc/{site.worker}/fd").iterdir())) <= files + 2)


def test_the_end_of_the_server_is_told(
    site: Site, served_database: DatabaseSettings, enter: Callable[[Account], str]
) -> None:
    """The last test of this file: it ends the server of all."""
    token = enter(make_account(served_database, f"wall@county:{COUNTY}"))
    with site.ask(token) as one, site.ask(token) as other:
        readers = [site.read(one), site.read(other)]
        for reader in readers:
            assert reader.next()[0] == "revision"
        site.process.terminate()
        for reader in readers:
            assert [name for name, _data in reader.rest()] == ["reconnect"]
    assert site.process.wait(60) == 0
