"""A web process that is told to end: finishes what it has begun and hides no door behind it."""

from __future__ import annotations

from gunicorn.workers.gthread import ThreadWorker


class DrainingWorker(ThreadWorker):  # type: ignore[misc]
    """Closes its ears at once when it is told to end.

    The original keeps listening, though it accepts nothing any more, until its last request is
    answered: whoever came meanwhile waits for nothing and is cut off.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept connections or not; for good, when the process is to end."""
        super().set_accept_enabled(enabled)
        if not enabled and not self.alive:
            for listener in self.sockets:
                listener.close()
