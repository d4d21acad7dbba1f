"""The worker beside the server: starts when it serves, is started again when it dies, ends with it.

The worker is a process of its own because it writes as gridboard_loader, which the web application
may not, and because a large load must not slow the page down.
"""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

COMMAND = (sys.executable, "-m", "dashboard.keeping", sys.executable, "-m", "dashboard", "work")

END_TIMEOUT_S = 15.0

Hook = Callable[[Any], None]
"""What gunicorn calls with its master process."""


def start_worker(arbiter: Any) -> None:
    """Start the worker, out of reach of Ctrl-C in the terminal: it ends in its turn."""
    arbiter.keeper = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, start_new_session=True)


def leave_worker_to_master(arbiter: Any, _worker: object) -> None:
    """Close a web process's copy of the pipe by which the worker knows that the server lives."""
    if keeper := getattr(arbiter, "keeper", None):
        keeper.stdin.close()


def end_worker(arbiter: Any) -> None:
    """End the worker; a job under way goes back to the queue."""
    keeper = getattr(arbiter, "keeper", None)
    if keeper is None:
        return
    keeper.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        keeper.wait(END_TIMEOUT_S)


def in_turn(*hooks: Callable[..., None]) -> Callable[..., None]:
    """Several hooks as one."""

    def call(*arguments: Any) -> None:
        for hook in hooks:
            hook(*arguments)

    return call
