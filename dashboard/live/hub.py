"""The open streams of one process: a bounded number, kept by one thread while there are any."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask
from sqlalchemy import Engine

from dashboard.errors import NoPlaceError
from dashboard.live.client import Client
from dashboard.live.keeper import Keeper, Standing
from dashboard.live.stream import Stream
from geo.viewer import Viewer

EXTENSION = "gridboard.live"
"""Where a Flask application keeps its hub."""

STREAMS_PER_SESSION = 4
"""Of its six connections to a site a browser needs some to ask with, however many windows it has
open in one session; and nobody takes the places of all."""


class Hub:
    """Lets readers in, and tells all of them to come again when the process ends.

    Made before the server forks; each process starts a thread of its own for its first reader.

    Args:
        engine: the application's connections.
        standing: which of some sessions still stand.
        limit: how many streams there may be.
        told: told how many there are whenever that changes.
    """

    def __init__(
        self,
        engine: Engine,
        standing: Standing,
        limit: int,
        told: Callable[[int], object] = int,
    ) -> None:
        self._engine = engine
        self._standing = standing
        self._limit = limit
        self._told = told
        self._streams: set[Stream] = set()
        self._keeper: Keeper | None = None
        self._lock = threading.Lock()
        self._stopping = False

    @property
    def count(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    @property
    def is_kept(self) -> bool:
        """Whether the thread runs that hears the database."""
        return self._keeper is not None

    def join(self, session_id: int, viewer: Viewer, client: Client | None) -> Stream:
        """Open a stream; it says the versions in force first.

        Raises:
            NoPlaceError: there are as many streams as there may be.
        """
        stream = Stream(session_id, viewer, client, self._leave)
        with self._lock:
            own = sum(other.session_id == session_id for other in self._streams)
            if len(self._streams) >= self._limit or own >= STREAMS_PER_SESSION:
                raise NoPlaceError("no more live streams at the moment: ask for news instead")
            self._streams.add(stream)
            self._told(len(self._streams))
            self._kept(stream)
        if self._stopping:
            stream.say_come_again()
        return stream

    def stop(self) -> None:
        """Tell every reader to come again.

        Takes no lock: the handler of a signal calls it, and may be interrupted by itself.
        """
        self._stopping = True
        for stream in tuple(self._streams):
            stream.say_come_again()

    def _kept(self, stream: Stream) -> None:
        """Have a keeper that knows the stream."""
        keeper = self._keeper
        if keeper is None or not keeper.is_alive:
            keeper = Keeper(self._engine, self._standing, self._open, self._release)
            self._keeper = keeper
            for other in self._streams:
                keeper.watch.add(other)
            keeper.start()
        else:
            keeper.watch.add(stream)
            keeper.watch.ring()

    def _open(self) -> tuple[Stream, ...]:
        return tuple(self._streams)

    def _release(self) -> bool:
        """Let the keeper go, unless somebody has joined at this moment."""
        with self._lock:
            if not self._streams:
                self._keeper = None
            return not self._streams

    def _leave(self, stream: Stream) -> None:
        with self._lock:
            self._streams.discard(stream)
            self._told(len(self._streams))
            if self._keeper is not None:
                self._keeper.watch.remove(stream)
                self._keeper.watch.ring()


def hub_of(server: Flask) -> Hub | None:
    """Return the hub of an application, if it has one."""
    hub: Hub | None = server.extensions.get(EXTENSION)
    return hub
