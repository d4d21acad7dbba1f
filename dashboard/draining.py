"""A web process that waits for no one for ever, and ends when it is told to."""

from __future__ import annotations

import selectors
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from dashboard.patience import Patience, WatchedSocket
from dashboard.refusing import refuse

LINGER_S = 2.0


class DrainingWorker(ThreadWorker):  # type: ignore[misc]
    """Gives threads to clients that send; closes its ears at once when it is told to end.

    The original has a thread wait for each new connection, and wait for ever once the first
    byte is there. Told to end it keeps listening, though it accepts nothing any more, until its
    last request is answered: whoever came meanwhile waits for nothing and is cut off.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._watched: set[WatchedSocket] = set()

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections or not; for good, when the process is to end."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                listener.close()
            # Browsers connect ahead: who has said nothing by then will hardly do so in time.
            for conn in self.pending_conns:
                conn.timeout = min(conn.timeout, time.monotonic() + LINGER_S)

    def enqueue_req(self, conn: Any) -> None:
        """Give a connection to a thread once it has something to say, and none before."""
        if conn.initialized or conn.data_ready:
            conn.sock.patience = Patience()
            super().enqueue_req(conn)
            return
        conn.sock = WatchedSocket(conn.sock)
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(
            conn.sock, selectors.EVENT_READ, partial(self.on_pending_socket_readable, conn)
        )
        self._watched.add(conn.sock)

    def murder_pending(self) -> None:
        """Close connections that said nothing, and those that keep a thread waiting too long."""
        super().murder_pending()
        now_s = time.monotonic()
        self._watched = {sock for sock in self._watched if sock.fileno() >= 0}
        for sock in self._watched:
            if sock.patience.is_out(now_s):
                sock.cut_off()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what cannot be read as the application would; the original repeats it in logs."""
        refuse(client, exc)
