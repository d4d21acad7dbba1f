"""A wire on which answers come late, each by another while: how races show themselves.

``GRIDBOARD_TEST_LATE_MS=600 bin/test tests/browser`` puts it before every server of the tests.
"""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

SETTING = "GRIDBOARD_TEST_LATE_MS"
_PIECE_BYTES = 1 << 16
# A piece that comes after a longer one begins an answer; others go on with it.
_PAUSE_S = 0.002


@contextmanager
def late(port: int) -> Iterator[int]:
    """Stand before a server of this machine, and yield the port to ask instead of its own.

    Without the setting it is the server's own port.
    """
    most_s = float(os.environ.get(SETTING, "0")) / 1000
    if not most_s:
        yield port
        return
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_answer, args=(door, port, most_s), daemon=True).start()
        yield door.getsockname()[1]


def _answer(door: socket.socket, port: int, most_s: float) -> None:
    with suppress(OSError):
        while True:
            _start(_join, door.accept()[0], port, most_s)


def _join(browser: socket.socket, port: int, most_s: float) -> None:
    with browser, suppress(OSError), socket.create_connection(("127.0.0.1", port)) as server:
        asking = _start(_carry, browser, server, 0)
        _carry(server, browser, most_s)
        asking.join()


def _carry(source: socket.socket, sink: socket.socket, most_s: float) -> None:
    since = time.monotonic()
    with suppress(OSError):
        while piece := source.recv(_PIECE_BYTES):
            if time.monotonic() - since > _PAUSE_S:
                time.sleep(random.SystemRandom().uniform(0, most_s))
            sink.sendall(piece)
            since = time.monotonic()
    for end in (source, sink):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _start(work: Callable[..., None], *its: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=its, daemon=True)
    thread.start()
    return thread
