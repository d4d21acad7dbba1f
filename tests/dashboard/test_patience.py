"""Slow clients lose their patience with us before we lose our threads; limits of the server."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from gunicorn.http.errors import InvalidRequestLine
from hypothesis import given
from hypothesis import strategies as st

from dashboard.patience import GRACE_S, LEAST_BYTES_PER_S, STALL_S, Patience
from dashboard.refusing import refuse
from dashboard.serving import options
from dashboard.settings import DashboardSettings

# One thread: whoever holds it holds everything.
from tests.ports import free_port

SERVE = """
import sys
from pathlib import Path
from flask import Flask, request
from dashboard import patience
from dashboard.serving import run_server
from dashboard.settings import DashboardSettings

patience.GRACE_S, patience.STALL_S = 0.3, float(sys.argv[3])
server = Flask("small")
server.add_url_rule("/", "small", lambda: request.scheme + " " + request.remote_addr)
server.add_url_rule("/body", "body", lambda: str(len(request.data)), methods=["POST"])
server.add_url_rule("/large", "large", lambda: b"x" * 50_000_000)
settings = DashboardSettings(
    port=int(sys.argv[1]), workers=1, threads=1, live_streams=0, load_worker=False
)
run_server(lambda: server, settings, Path(sys.argv[2]), lambda: print("up", flush=True))
"""
HEADERS = b"Host: 127.0.0.1\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where a server with one thread listens that soon loses its patience."""
    with serving(tmp_path_factory.mktemp("server"), 0.3) as port:
        yield port


@contextmanager
def serving(folder: Path, stall_s: float) -> Iterator[int]:
    """A server with one thread."""
    port = free_port()
    command = [sys.executable, "-c", SERVE, str(port), str(folder), str(stall_s)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        try:
            assert server.stdout
            assert server.stdout.readline() == b"up\n"
            yield port
        finally:
            server.terminate()
            server.wait(60)


def connected(port: int, begin: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(begin)
    return connection


def answered(port: int) -> bool:
    with urlopen(f"http://127.0.0.1:{port}/", timeout=20) as answer:
        return bool(answer.status == 200)


def told(port: int, request: bytes) -> bytes:
    """The whole answer."""
    with connected(port, request) as connection:
        return connection.recv(1 << 16)


def test_who_says_nothing_holds_no_thread(port: int) -> None:
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(connected(port))
        assert answered(port)


@pytest.mark.parametrize(
    "begin",
    [
        b"G",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
        b"POST /body HTTP/1.1\r\nContent-Length: 1000\r\n" + HEADERS + b"\r\nx",
        b"POST /body HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + HEADERS + b"\r\n5\r\nx",
    ],
)
def test_who_does_not_go_on_is_cut_off(port: int, begin: bytes) -> None:
    with ExitStack() as stack:
        stuck = [stack.enter_context(connected(port, begin)) for _ in range(2)]
        assert answered(port)
        for connection in stuck:
            assert b"200 OK" not in connection.recv(1 << 16)


def test_who_never_takes_the_answer_is_cut_off(port: int) -> None:
    with connected(port, b"GET /large HTTP/1.1\r\n" + HEADERS + b"\r\n"):
        assert answered(port)


def test_a_large_answer_arrives_whole(tmp_path: Path) -> None:
    """On a busy machine we stall ourselves: no longer than a client may in earnest."""
    with (
        serving(tmp_path, STALL_S) as port,
        urlopen(f"http://127.0.0.1:{port}/large", timeout=60) as answer,
    ):
        assert len(answer.read()) == 50_000_000


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n" + HEADERS + b"\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + HEADERS + b"X-Long: " + b"x" * 9000 + b"\r\n\r\n", b"431"),
        (b"GET / HTTP/1.1\r\n" + HEADERS + b"X-A: b\r\n" * 100 + b"\r\n", b"431"),
        (b"no request ?code=s3cret\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nBad Header: s3cret\r\n\r\n", b"400"),
    ],
)
def test_heads_that_cannot_be_read_are_refused_like_all_else(
    port: int, request_: bytes, status: bytes
) -> None:
    head, _, body = told(port, request_).partition(b"\r\n\r\n")
    assert head.split()[1] == status
    identity = re.search(rb"X-Request-ID: (\w{16})", head)
    assert identity is not None
    assert json.loads(body)["request_id"] == identity[1].decode()
    assert b"nosniff" in head
    assert b"default-src 'none'" in head
    assert b"s3cret" not in body


def test_what_is_refused_is_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, caplog.at_level("INFO"):
        refuse(ours, InvalidRequestLine("GET /?code=s3cret"))
        refuse(ours, RuntimeError("of our own"))
        assert theirs.recv(1 << 16).count(b"HTTP/1.1 400") == 1
    refused, failed = (vars(record)["fields"] for record in caplog.records)
    assert (refused["status"], refused["reason"]) == (400, "InvalidRequestLine")
    assert failed["status"] == 500
    assert "s3cret" not in caplog.text


def test_nobody_on_this_machine_is_believed_by_gunicorn(port: int) -> None:
    """Its default believes 127.0.0.1, where every proxy of a small site is."""
    forged = b"X-Forwarded-Proto: https\r\nX-Forwarded-For: 198.51.100.1\r\n"
    request = b"GET / HTTP/1.1\r\n" + HEADERS + forged + b"\r\n"
    with connected(port, request) as connection, connection.makefile("rb") as answer:
        assert answer.read().endswith(b"http 127.0.0.1")


def test_limits_of_the_server(tmp_path: Path) -> None:
    given = options(DashboardSettings(), tmp_path, lambda: None)
    assert given["forwarded_allow_ips"] == ""
    assert given["secure_scheme_headers"] == {}


def test_nobody_waits_as_long_as_a_thread_waits_for_nobody() -> None:
    assert not Patience().is_out(1e9)


def test_a_slow_line_that_goes_on_is_not_cut_off() -> None:
    patience, now_s = Patience(), 0.0
    for _ in range(1000):
        patience.begin(now_s)
        now_s += 1
        assert not patience.is_out(now_s)
        patience.end(now_s, int(LEAST_BYTES_PER_S))


@given(st.floats(0.01, 5), st.integers(0, 10))
def test_drops_run_out_of_patience(pause_s: float, drop_bytes: int) -> None:
    patience, now_s = Patience(), 0.0
    while True:
        patience.begin(now_s)
        now_s += pause_s
        if patience.is_out(now_s):
            break
        patience.end(now_s, drop_bytes)
        assert now_s < 2 * GRACE_S + 2 * pause_s


def test_much_that_came_buys_no_long_silence() -> None:
    patience = Patience()
    patience.begin(0)
    patience.end(1, 1_000_000_000)
    patience.begin(1)
    assert not patience.is_out(1 + STALL_S)
    assert patience.is_out(2 + STALL_S)
