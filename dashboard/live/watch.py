"""What wakes the keeper: its bell, the database's connection, a reader that goes away."""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dashboard.live.events import GONE
from dashboard.live.stream import Stream

_LEFT = select.EPOLLRDHUP | select.EPOLLHUP | select.EPOLLERR | select.EPOLLONESHOT


class Watch:
    """Waits in one thread for all of these; any thread may add, remove and ring."""

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._poll.register(self._bell, select.EPOLLIN)
        self._readers: dict[int, Stream] = {}
        # Numbers of descriptors are used again: nobody may touch ours after they were closed.
        self._lock = threading.Lock()
        self._closed = False

    def add(self, stream: Stream) -> None:
        """Tell the stream when its reader goes away, which no writing would notice for long."""
        if stream.client is not None and stream.client.fileno >= 0:
            with self._lock, suppress(OSError, ValueError):
                self._readers[stream.client.fileno] = stream
                self._poll.register(stream.client.fileno, _LEFT)

    def remove(self, stream: Stream) -> None:
        """Forget a stream that ended, before the number of its socket is given to another."""
        if stream.client is not None:
            with self._lock:
                if self._readers.get(stream.client.fileno) is stream:
                    del self._readers[stream.client.fileno]
                    with suppress(OSError, ValueError):
                        self._poll.unregister(stream.client.fileno)

    def ring(self) -> None:
        """Wake who waits, now or when it waits next."""
        with self._lock:
            if not self._closed:
                os.eventfd_write(self._bell, 1)

    @contextmanager
    def also(self, number: int) -> Iterator[None]:
        """Wake for what arrives at another descriptor too."""
        self._poll.register(number, select.EPOLLIN)
        try:
            yield
        finally:
            # A connection that broke was closed, and so forgotten, already.
            with suppress(OSError, ValueError):
                self._poll.unregister(number)

    def wait(self, timeout_s: float) -> bool:
        """Wait for anything; whether the bell was rung."""
        rung = False
        for number, _kinds in self._poll.poll(max(0.0, timeout_s)):
            if number == self._bell:
                os.eventfd_read(self._bell)
                rung = True
            elif stream := self._readers.get(number):
                stream.say(GONE)
        return rung

    def close(self) -> None:
        """Give the descriptors back."""
        with self._lock:
            self._closed = True
            self._poll.close()
            os.close(self._bell)
