"""The worker beside the server: starts when it serves, is started again when it dies, ends with it.

The worker is a process of its own because it writes as gridboard_loader, which the web application
may not, and because a large load must not slow the page down.
"""

import subprocess
import sys
from contextlib import suppress
from typing import Any

COMMAND = (sys.executable, "-m", "dashboard.keeping", sys.executable, "-m", "dashboard", "work")

END_TIMEOUT_S = 15.0


def start_worker(arbiter: Any) -> None:
    """Start the worker, out of reach of Ctrl-C in the terminal: it ends in its turn."""
    arbiter.keeper = subprocess.Popen(  # noqa: S603 - our own argument list, no shell
        COMMAND, stdin=subprocess.PIPE, start_new_session=True
    )


def leave_worker_to_master(arbiter: Any) -> None:
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
