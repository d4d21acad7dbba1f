"""One open stream: what is put in by the keeper of all comes out as the body of an answer."""

from __future__ import annotations

import queue
import random
import time
from collections.abc import Callable, Iterator

from dashboard.live.client import Client
from dashboard.live.events import COMMENT, Event, reconnect_event
from geo.revisions import Revisions
from geo.viewer import Viewer

SILENCE_S = 60.0
"""Whoever hears nothing for so long is told to come again: its keeper is no more."""

LONGEST_S = (600.0, 900.0)
"""After how long a reader is told to come again: the gate asks anew, processes share the work."""

COME_AGAIN_MS = (500, 3000)


class Stream:
    """A reader's session, its viewer, and the events it has not been sent yet.

    Attributes:
        session_id: of the session that opened it.
        viewer: whose role and scope that session had then.
        client: the reader's socket; ``None`` where the server does not tell.
        told: the versions it was told last.
        is_ending: whether its last event was said.
        ends_at_s: when it is old enough, by the monotonic clock.
    """

    def __init__(
        self,
        session_id: int,
        viewer: Viewer,
        client: Client | None,
        leave: Callable[[Stream], None],
    ) -> None:
        self.session_id = session_id
        self.viewer = viewer
        self.client = client
        self.told: Revisions | None = None
        self.is_ending = False
        self.ends_at_s = time.monotonic() + random.uniform(*LONGEST_S)  # noqa: S311
        self._leave = leave
        # Of all queues this one may be filled by the handler of a signal.
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._stalled_since_s: float | None = None

    def say(self, event: Event) -> None:
        """Send an event when its turn comes; never waits."""
        self.is_ending = self.is_ending or event.is_last
        self._events.put(event)

    def say_come_again(self) -> None:
        """End the stream and have the reader open another."""
        self.say(reconnect_event(random.randint(*COME_AGAIN_MS)))  # noqa: S311

    def stalled_s(self, now_s: float) -> float:
        """Return for how long the reader has left bytes unread; 0 when it has read them all."""
        if self.client is None or self.client.unread_bytes() <= 0:
            self._stalled_since_s = None
            return 0.0
        self._stalled_since_s = self._stalled_since_s or now_s
        return now_s - self._stalled_since_s

    def __iter__(self) -> Iterator[bytes]:
        """Give the events as they come, until one is the last."""
        # Sent at once, so that the reader and every proxy between know that the answer began.
        yield COMMENT.wire
        while True:
            event = self._next()
            yield event.wire
            if event.is_last:
                return

    def close(self) -> None:
        """Leave; the server calls this whichever way the answer ended."""
        self._leave(self)

    def _next(self) -> Event:
        try:
            return self._events.get(timeout=SILENCE_S)
        except queue.Empty:
            self.say_come_again()
            return self._events.get()
