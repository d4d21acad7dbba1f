"""Bodies are waited for outside of the places where requests are worked on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, TypeVar

from gunicorn.http.errors import ParseException

from dashboard.errors import BadRequestError, TooManyRequestsError

WAITING_PER_ADDRESS = 16
RETRY_AFTER_S = 5

_Read = TypeVar("_Read")


class WaitingRoom:
    """Counts the threads that wait for clients to send, by the clients' addresses.

    One client must not have all of them wait; those whose body is there already wait no time.
    """

    def __init__(self, most: int = WAITING_PER_ADDRESS) -> None:
        self._most = most
        self._waiting: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def wait(self, address: str) -> Iterator[None]:
        """Wait for a client.

        Raises:
            TooManyRequestsError: too many threads wait for its address already.
        """
        with self._lock:
            if self._waiting[address] >= self._most:
                raise TooManyRequestsError(RETRY_AFTER_S)
            self._waiting[address] += 1
        try:
            yield
        finally:
            with self._lock:
                self._waiting[address] -= 1
                if not self._waiting[address]:
                    del self._waiting[address]


class OutsideBody:
    """The body of a request whose place is free while a piece of it is waited for.

    Args:
        body: what the server reads from.
        places: one of them is held by this request.
        room: counts the wait.
        address: of the client.
    """

    def __init__(
        self, body: IO[bytes], places: threading.Semaphore, room: WaitingRoom, address: str
    ) -> None:
        self._body = body
        self._places = places
        self._room = room
        self._address = address

    def read(self, size: int = -1) -> bytes:
        """Read so much, or everything."""
        return self._outside(lambda: self._body.read(size))

    def readline(self, size: int = -1) -> bytes:
        """Read a line, or so much of it."""
        return self._outside(lambda: self._body.readline(size))

    def readlines(self, hint: int = -1) -> list[bytes]:
        """Read all lines."""
        return self._outside(lambda: self._body.readlines(hint))

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def _outside(self, read: Callable[[], _Read]) -> _Read:
        with self._room.wait(self._address):
            self._places.release()
            try:
                return read()
            except (ParseException, OSError) as error:
                raise BadRequestError("the body ended early, or is no body") from error
            finally:
                self._places.acquire()
