"""The reader at the other end of a stream, as far as its socket tells."""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
from contextlib import suppress


class Client:
    """A socket that another thread writes to; here it is only looked at, and cut if need be."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.fileno = connection.fileno()

    def unread_bytes(self) -> int:
        """Return how much of what was sent has not arrived; -1 once the connection is closed."""
        try:
            answer = fcntl.ioctl(self._connection, termios.TIOCOUTQ, bytes(4))
        except (OSError, ValueError):
            return -1
        return int(struct.unpack("i", answer)[0])

    def cut(self) -> None:
        """End the connection at once; who waits to write to it gets an error."""
        with suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
