"""Read a stream as a browser does, beside the test."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Iterable
from typing import Any

Said = tuple[str, dict[str, Any]]
WAIT_S = 60.0
END = ("end", {})


def spelled(block: bytes) -> Said | None:
    """The name and the data of an event; nothing for a comment."""
    lines = dict(line.split(": ", 1) for line in block.decode("ascii").splitlines() if line != ":")
    return (lines["event"], json.loads(lines["data"])) if lines else None


class Reader:
    """Collects the events of a stream until it ends.

    Attributes:
        raw: every byte that came.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.raw = b""
        self._chunks = chunks
        self._said: queue.Queue[Said] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def next(self, *, beats: bool = False) -> Said:
        """The next event; the beats between, which come by the clock, only if asked for."""
        end_s = time.monotonic() + WAIT_S
        while True:
            said = self._said.get(timeout=max(0.0, end_s - time.monotonic()))
            if beats or said[0] != "beat":
                return said

    def until(self, name: str) -> Said:
        """The next event of a name, whatever comes before it."""
        while (said := self.next(beats=True))[0] != name:
            assert said != END
        return said

    def rest(self) -> list[Said]:
        """The events up to the end of the stream, but for beats."""
        found: list[Said] = []
        while (said := self.next()) != END:
            found.append(said)
        return found

    def join(self) -> None:
        """Wait until nobody reads any more."""
        self._thread.join(WAIT_S)

    def _read(self) -> None:
        rest = b""
        try:
            for chunk in self._chunks:
                self.raw += chunk
                *blocks, rest = (rest + chunk).split(b"\n\n")
                for said in filter(None, map(spelled, blocks)):
                    self._said.put(said)
        finally:
            close = getattr(self._chunks, "close", None)
            if close:
                close()
            self._said.put(END)
