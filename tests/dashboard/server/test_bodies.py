"""Whoever sends slowly holds no place, and one address does not hold all threads."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, request
from gunicorn.http.errors import InvalidChunkSize, NoMoreData
from werkzeug.test import EnvironBuilder, run_wsgi_app

from dashboard.errors import BadRequestError, TooManyRequestsError
from dashboard.server import errors
from dashboard.server.bodies import OutsideBody, WaitingRoom
from dashboard.server.turnstile import Turnstile

WAIT_S = 60


class Slow(BytesIO):
    """A body of which nothing comes until it is let go."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.asked, self.go = threading.Event(), threading.Event()

    def read(self, size: int | None = -1, /) -> bytes:
        self.asked.set()
        assert self.go.wait(WAIT_S)
        return super().read(size)


@pytest.fixture
def server() -> Flask:
    """Answers with the length of what it was sent; one request at a time."""
    server = Flask(__name__)
    errors.register(server)
    server.add_url_rule("/", "length", lambda: str(len(request.data)), methods=["GET", "POST"])
    server.wsgi_app = Turnstile(server.wsgi_app, 1)  # type: ignore[method-assign]
    return server


def posted(server: Flask, body: BytesIO) -> tuple[str, bytes]:
    environ = EnvironBuilder(method="POST").get_environ()
    environ["CONTENT_LENGTH"] = str(len(body.getvalue()))
    environ |= {"REMOTE_ADDR": "192.0.2.7", "wsgi.input": body}
    answer, status, _ = run_wsgi_app(server, environ, buffered=True)
    return status[:3], b"".join(answer)


def test_a_slow_body_keeps_nobody_waiting(server: Flask) -> None:
    slow, got = Slow(b"x" * 900), []
    sender = threading.Thread(target=lambda: got.append(posted(server, slow)))
    sender.start()
    assert slow.asked.wait(WAIT_S)
    assert server.test_client().get("/").text == "0"
    slow.go.set()
    sender.join(WAIT_S)
    assert got == [("200", b"900")]


def test_one_address_does_not_have_all_threads_wait(server: Flask) -> None:
    bodies = [Slow(b"x") for _ in range(16)]
    senders = [threading.Thread(target=posted, args=(server, body)) for body in bodies]
    for sender in senders:
        sender.start()
    assert all(body.asked.wait(WAIT_S) for body in bodies)
    assert posted(server, BytesIO(b"x"))[0] == "429"
    assert server.test_client().post("/", data=b"abc").text == "3", "others go on"
    for body in bodies:
        body.go.set()
    for sender in senders:
        sender.join(WAIT_S)
    assert posted(server, BytesIO(b"x")) == ("200", b"1")


def test_a_failed_read_leaves_nothing_behind() -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("gone")

    places, room = threading.Semaphore(1), WaitingRoom(1)
    body = OutsideBody(Broken(), places, room, "a")
    for _ in range(3):
        with places, pytest.raises(BadRequestError):
            body.read()
    with room.wait("a"), pytest.raises(TooManyRequestsError), room.wait("a"):
        pass
    with room.wait("a"):
        assert places.acquire(blocking=False)


@pytest.mark.parametrize("failure", [InvalidChunkSize(b"x"), OSError("gone"), NoMoreData()])
def test_a_body_that_is_none_is_a_bad_request(server: Flask, failure: Exception) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise failure

    assert posted(server, Broken(b"x"))[0] == "400"


def test_lines_come_as_they_are() -> None:
    def lines(environ: dict[str, Any], _start: object) -> Iterable[bytes]:
        return [*environ["wsgi.input"]]

    turnstile = Turnstile(lines, 1)  # type: ignore[arg-type]
    environ = {"wsgi.input": BytesIO(b"a\nb\nc"), "REMOTE_ADDR": "a"}
    assert turnstile(environ, None) == [b"a\n", b"b\n", b"c"]  # type: ignore[arg-type]
