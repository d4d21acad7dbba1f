"""The thread that keeps the streams of a process: hears the database, asks whose session stands.

Whatever it is told, it does the same: ask the database which sessions stand, end the streams of
those that do not, and tell the others the versions in force if they were told others. So a
message that was lost, doubled or made up does no harm, and nobody is told anything whose session
did not stand a moment ago.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence

from sqlalchemy import Connection, Engine

from dashboard.live.events import AWAY, BEAT, CHANGED, COMMENT, ENDED, Event, revision_event
from dashboard.live.stream import Stream
from dashboard.live.watch import Watch
from geo.database import guarding, heard, listening, transaction
from geo.driver import driver_connection
from geo.errors import DatabaseUnavailableError
from geo.revisions import Revisions, current
from geo.viewer import Viewer

CHANNEL = "gridboard"
BEAT_EVERY_S = 10.0
STALLED_S = 30.0
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0

Standing = Callable[[Connection, Sequence[int]], Mapping[int, Viewer]]
"""Which of these sessions stand, and whose role and scope each has now; asked as the gate."""

_log = logging.getLogger(__name__)


class Keeper:
    """Serves streams until there are none.

    Attributes:
        watch: wakes it.
    """

    def __init__(
        self,
        engine: Engine,
        standing: Standing,
        streams: Callable[[], Collection[Stream]],
        release: Callable[[], bool],
    ) -> None:
        """Prepare; nothing runs yet.

        Args:
            engine: of the application's login role.
            standing: asks which sessions stand.
            streams: the open streams.
            release: asked once there are none; whether there are still none, and the thread
                is to end.
        """
        self.watch = Watch()
        self._engine = engine
        self._standing = standing
        self._streams = streams
        self._release = release
        self._is_released = False
        self._beats_at_s = 0.0
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether it still serves."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._serve()
        finally:
            self.watch.close()

    def _serve(self) -> None:
        pause_s = FIRST_PAUSE_S
        while self._goes_on():
            try:
                with listening(self._engine, CHANNEL) as connection:
                    pause_s = FIRST_PAUSE_S
                    self._attend(connection)
            except DatabaseUnavailableError as error:
                _log.warning("live: %s; trying again in %g s", error, pause_s)
                self._say(AWAY)
                self._pause(pause_s)
                pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    def _attend(self, connection: Connection) -> None:
        """Hear a connection until it breaks or nobody listens any more."""
        with self.watch.also(driver_connection(connection).fileno()):
            self._beats_at_s = time.monotonic()
            rung = False
            while self._goes_on():
                if heard(connection) or rung or self._is_due():
                    self._reconcile(connection)
                    rung = False
                else:
                    rung = self.watch.wait(self._beats_at_s - time.monotonic())

    def _reconcile(self, connection: Connection) -> None:
        due = self._is_due()
        if due:
            self._beats_at_s = time.monotonic() + BEAT_EVERY_S
            self._look_after()
        standing = self._who_stands(connection)
        if standing:
            with transaction(connection, standing[0].viewer) as picture:
                now = current(picture)
            for stream in standing:
                _tell(stream, now, beat=due)

    def _who_stands(self, connection: Connection) -> list[Stream]:
        """End the streams whose session does not stand as it did; return the others."""
        streams = [stream for stream in self._streams() if not stream.is_ending]
        if not streams:
            return []
        with guarding(connection) as gate:
            found = self._standing(gate, sorted({stream.session_id for stream in streams}))
        for stream in streams:
            viewer = found.get(stream.session_id)
            if viewer != stream.viewer:
                stream.say(CHANGED if viewer else ENDED)
        return [stream for stream in streams if not stream.is_ending]

    def _look_after(self) -> None:
        """Let go of readers that do not read, and renew streams that are old."""
        now_s = time.monotonic()
        for stream in self._streams():
            if stream.client is not None and stream.stalled_s(now_s) >= STALLED_S:
                stream.client.cut()
            elif now_s >= stream.ends_at_s and not stream.is_ending:
                stream.say_come_again()

    def _pause(self, seconds: float) -> None:
        """Wait before the next attempt, still noticing who goes away."""
        end_s = time.monotonic() + seconds
        while self._goes_on() and time.monotonic() < end_s:
            if self.watch.wait(end_s - time.monotonic()):
                self._say(AWAY)
        self._say(COMMENT)
        self._look_after()

    def _say(self, event: Event) -> None:
        for stream in self._streams():
            stream.say(event)

    def _is_due(self) -> bool:
        return time.monotonic() >= self._beats_at_s

    def _goes_on(self) -> bool:
        """Whether there are streams; once released, new ones are another keeper's."""
        if not self._is_released and not self._streams():
            self._is_released = self._release()
        return not self._is_released


def _tell(stream: Stream, now: Revisions, *, beat: bool) -> None:
    """Say the versions in force if the stream was told others, and that all is well."""
    if stream.told != now:
        stream.told = now
        stream.say(revision_event(now))
    if beat:
        stream.say(BEAT)
