"""What decides whether something serves, and when the address is said."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dashboard.preloading import read_statements
from dashboard.serving import (
    hear_master_alone,
    once_all_are_up,
    options,
    pid_file,
    require_free_port,
    serving_pid,
    stop_noted,
    url_host,
)
from dashboard.settings import DashboardSettings
from geo.database import read_sql_file
from geo.errors import ConfigurationError
from tests.cluster import CHECKOUT
from tests.ports import free_port

SERVE = """
import sys
from pathlib import Path
from flask import Flask
from dashboard.serving import run_server
from dashboard.settings import DashboardSettings

settings = DashboardSettings(port=int(sys.argv[1]), workers=1, load_worker=False)
run_server(lambda: Flask("small"), settings, Path(sys.argv[2]), lambda: print("up", flush=True))
"""


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A small server that is up; killed in the end if it still runs."""
    command = [sys.executable, "-c", SERVE, str(port), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout
            assert server.stdout.readline() == b"up\n"
            yield server
        finally:
            server.kill()


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A living process of somebody else, with our name in its command line."""
    command = [sys.executable, "-c", "import time; time.sleep(600)", "gridboard", "serve"]
    with subprocess.Popen(command, cwd="/") as process:
        yield process
        process.kill()


def test_a_stale_pid_file_is_nobody(tmp_path: Path, stranger: subprocess.Popen[bytes]) -> None:
    file = pid_file(tmp_path, 8050)
    assert serving_pid(file) is None
    file.write_text("no number")
    assert serving_pid(file) is None
    file.write_text(str(stranger.pid))
    assert serving_pid(file) is None
    assert stop_noted(tmp_path, "serve") == 0
    assert stranger.poll() is None


def test_a_server_starts_over_a_stale_pid_file_and_is_stopped_alone(
    tmp_path: Path, stranger: subprocess.Popen[bytes]
) -> None:
    port = free_port()
    file = pid_file(tmp_path, port)
    file.write_text(str(stranger.pid))
    with serving(tmp_path, port) as server:
        assert serving_pid(file) == server.pid
        # As when the terminal is closed: the workers are renewed, the server is the same.
        server.send_signal(signal.SIGHUP)
        assert serving_pid(file) == server.pid
        with pytest.raises(ConfigurationError, match="gridboard serves there already"):
            require_free_port(DashboardSettings(port=port), tmp_path)
        assert stop_noted(tmp_path, "serve") == 1
        assert serving_pid(file) is None
        assert server.wait(10) == 0
    assert stop_noted(tmp_path, "serve") == 0
    assert stranger.poll() is None


def test_ctrl_c_again_and_again_is_one_ctrl_c(tmp_path: Path) -> None:
    with serving(tmp_path, free_port()) as server:
        while server.poll() is None:
            server.send_signal(signal.SIGINT)
            time.sleep(0.0005)
        assert server.returncode == 0, "also where it comes while the interpreter ends"


def test_a_killed_server_is_nobody_at_once(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port) as server:
        server.kill()
        server.wait(10)
        assert serving_pid(pid_file(tmp_path, port)) is None, "though its worker may still end"


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_taken_port_is_seen(tmp_path: Path, host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as taken:
        settings = DashboardSettings(host=host, port=taken.getsockname()[1])
        with pytest.raises(ConfigurationError, match="Address already in use"):
            require_free_port(settings, tmp_path)
    require_free_port(settings, tmp_path)


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"Cannot listen on 192\.0\.2\.1:8050"):
        require_free_port(DashboardSettings(host="192.0.2.1"), tmp_path)


def test_the_address_is_said_once_when_the_last_worker_is_up() -> None:
    said: list[str] = []
    up = once_all_are_up(2, lambda: said.append("ready"))
    up(None)
    assert said == []
    up(None)
    up(None)
    assert said == ["ready"]


def test_options_of_the_server(tmp_path: Path) -> None:
    given = options(DashboardSettings(host="::1", port=8051), tmp_path, lambda: None)
    assert given["bind"] == f"{url_host('::1')}:8051" == "[::1]:8051"
    assert given["control_socket_disable"] is True
    assert given["umask"] == 0o077
    settings = DashboardSettings(threads=3, live_streams=20)
    threads = options(settings, tmp_path, lambda: None)["threads"]
    assert threads == 23, "a stream waits on a thread that no request needs"


def test_a_worker_that_is_up_passes_over_ctrl_c() -> None:
    before, begun = signal.getsignal(signal.SIGINT), []
    try:
        hear_master_alone(begun.append)("worker")
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
    assert begun == ["worker"]


def test_no_statement_is_read_from_disk_any_more() -> None:
    """An upgrade beneath a running server must not mix new statements with old code."""
    files = [
        path
        for package in ("geo", "etl", "dashboard")
        for path in (CHECKOUT / package).rglob("sql/*.sql")
    ]
    assert read_statements() == len(files) > 100
    before = read_sql_file.cache_info().misses
    read_sql_file("dashboard.people", "find_session.sql")
    read_sql_file("geo", "current.sql")
    assert read_sql_file.cache_info().misses == before
