"""How long a client may keep a thread waiting for what it sends, or does not take.

A thread that waits draws nothing for anybody, and there are few. Whoever sends a request letter
by letter, or never reads its answer, is cut off; a slow line that goes on is not.
"""

from __future__ import annotations

import socket
import time
from typing import Any

GRACE_S = 10.0
LEAST_BYTES_PER_S = 2000.0
STALL_S = 30.0
_PIECE_BYTES = 1 << 16


class Patience:
    """What one client has cost so far in one request: seconds waited for it, bytes it moved."""

    def __init__(self) -> None:
        self._since_s: float | None = None
        self._waited_s = 0.0
        self._moved_bytes = 0

    def begin(self, now_s: float) -> None:
        """A thread begins to wait for the client."""
        self._since_s = now_s

    def end(self, now_s: float, moved_bytes: int) -> None:
        """The wait is over."""
        self._waited_s += now_s - (now_s if self._since_s is None else self._since_s)
        self._since_s = None
        self._moved_bytes += moved_bytes

    def is_out(self, now_s: float) -> bool:
        """Whether a thread waits now, and has waited long enough.

        That is: for anything at all longer than ``STALL_S``, or for all of it together longer
        than ``GRACE_S`` and what a line of ``LEAST_BYTES_PER_S`` would have taken.
        """
        since_s = self._since_s
        if since_s is None:
            return False
        waiting_s = now_s - since_s
        allowed_s = GRACE_S + self._moved_bytes / LEAST_BYTES_PER_S
        return waiting_s > STALL_S or self._waited_s + waiting_s > allowed_s


class WatchedSocket(socket.socket):
    """A connection that tells how long its client keeps a thread waiting."""

    def __init__(self, accepted: socket.socket) -> None:
        family, kind, protocol = accepted.family, accepted.type, accepted.proto
        super().__init__(family, kind, protocol, fileno=accepted.detach())
        self.patience = Patience()

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        """Receive, on the clock."""
        self.patience.begin(time.monotonic())
        moved = 0
        try:
            received = super().recv(size, flags)
            moved = len(received)
            return received
        finally:
            self.patience.end(time.monotonic(), moved)

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        """Send in pieces, each on the clock: a client that takes some of them is not stuck."""
        left = memoryview(data).cast("B")
        while left:
            left = left[self._send_piece(left[:_PIECE_BYTES], flags) :]

    def sendfile(self, file: Any, offset: int = 0, count: int | None = None) -> int:
        """Send a file by ``sendall``; the kernel's own way has no clock."""
        file.seek(offset)
        sent = 0
        while piece := file.read(
            _PIECE_BYTES if count is None else min(_PIECE_BYTES, count - sent)
        ):
            self.sendall(piece)
            sent += len(piece)
        return sent

    def cut_off(self) -> None:
        """Wake the thread that waits, with the end of the connection."""
        try:
            self.shutdown(socket.SHUT_RDWR)
        except OSError:
            # The client was quicker.
            return

    def _send_piece(self, piece: memoryview, flags: int) -> int:
        self.patience.begin(time.monotonic())
        moved = 0
        try:
            moved = self.send(piece, flags)
            return moved
        finally:
            self.patience.end(time.monotonic(), moved)
