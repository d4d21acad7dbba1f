"""Serve the application with gunicorn, find out what serves already, and stop it."""

import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from multiprocessing import Value
from pathlib import Path
from types import FrameType
from typing import IO, Any, Literal

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from dashboard.beside import end_worker, leave_worker_to_master, start_worker
from dashboard.draining import DrainingWorker
from dashboard.live.hub import hub_of
from dashboard.metrics.sharing import forget_process, share_counts
from dashboard.settings import DashboardSettings
from geo.errors import ConfigurationError, GridboardError

STOP_TIMEOUT_S = 20.0
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - holds the workers' heartbeat files only

_LIMITS: dict[str, object] = {
    # The longest address of a page (every filter set, a scene) has about 2,000 letters; bodies
    # are limited by the application, which knows uploads from forms.
    "limit_request_line": 8190,
    "limit_request_fields": 64,
    "limit_request_field_size": 8190,
    # What proxies say is believed in one place, dashboard/server/transport.py, and there only
    # when told to; gunicorn by itself would believe whoever asks from this machine.
    "forwarded_allow_ips": "",
    "secure_scheme_headers": {},
    "forwarder_headers": "",
}


class ServerStopError(GridboardError):
    """A server was told to stop and is still there."""


def require_free_port(settings: DashboardSettings, folder: Path) -> None:
    """Refuse to serve where somebody listens already; ask before any long work.

    Raises:
        ConfigurationError: the port is taken, or the address is not this machine's.
    """
    address = f"{settings.host}:{settings.port}"
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            # As gunicorn does: connections of a server that just ended are no hindrance.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
    except OSError as error:
        ours = serving_pid(pid_file(folder, settings.port))
        reason = "gridboard serves there already: see 'gridboard stop'" if ours else error.strerror
        msg = f"Cannot listen on {address} ({reason}); set GRIDBOARD_PORT to another port."
        raise ConfigurationError(msg) from error


def run_server(
    load: Callable[[], Flask], settings: DashboardSettings, folder: Path, ready: Callable[[], None]
) -> None:
    """Serve until told to stop (Ctrl-C, SIGTERM); does not return.

    Args:
        load: builds the application, once, before the workers are forked.
        settings: address, workers, threads.
        folder: where the file with the process id is kept.
        ready: called once, when all workers are up.
    """
    share_counts(folder / f"metrics-{settings.port}")
    Server(load, options(settings, folder, ready)).run()


def options(
    settings: DashboardSettings, folder: Path, ready: Callable[[], None]
) -> dict[str, object]:
    """Settings of gunicorn."""
    return {
        "bind": f"{url_host(settings.host)}:{settings.port}",
        "worker_class": DrainingWorker,
        "workers": settings.workers,
        # A stream keeps its thread for as long as its page is open.
        "threads": settings.threads + settings.live_streams,
        # One load for all workers: faster, and a broken one is a message instead of a loop.
        "preload_app": True,
        "keepalive": 15,
        **_LIMITS,
        "graceful_timeout": 10,
        "timeout": 60,
        "umask": 0o077,
        "worker_tmp_dir": str(SHARED_MEMORY) if os.access(SHARED_MEMORY, os.W_OK) else None,
        "control_socket_disable": True,
        "logger_class": PropagatingLogger,
        "loglevel": "warning",
        "when_ready": begin(pid_file(folder, settings.port), settings),
        "post_fork": leave_to_master,
        "on_exit": end_for_good,
        "post_worker_init": hear_master_alone(
            tell_readers_first(once_all_are_up(settings.workers, ready))
        ),
        "worker_exit": leave_at_once,
        "child_exit": forget_counts,
    }


def hold(file: Path) -> Callable[[Any], None]:
    """Note the process id and lock the note for as long as the process lives.

    Not gunicorn's own pid file: that takes any living process of a number left over for the
    server, and is written anew at SIGHUP.
    """

    def note_and_lock(arbiter: Any) -> None:
        arbiter.hold = file.open("a", encoding="ascii")
        # A server before us may have left the port and still be finishing its answers.
        if not any(try_lock(arbiter.hold, LOCK_EX) for _ in pauses(STOP_TIMEOUT_S)):
            msg = f"Another gridboard of this checkout holds {file}: see 'gridboard stop'."
            raise ConfigurationError(msg)
        arbiter.hold.truncate(0)
        arbiter.hold.write(str(os.getpid()))
        arbiter.hold.flush()

    return note_and_lock


def begin(file: Path, settings: DashboardSettings) -> Callable[[Any], None]:
    """What the master does first: hold its note, and start the worker beside it."""

    def first(arbiter: Any) -> None:
        hold(file)(arbiter)
        if settings.load_worker:
            start_worker(arbiter)

    return first


def leave_to_master(arbiter: Any, _worker: object) -> None:
    """Close a web process's copies of what tells others that the master lives."""
    arbiter.hold.close()
    leave_worker_to_master(arbiter)


def try_lock(note: IO[str], kind: int) -> bool:
    """Lock an open file unless another process holds it."""
    try:
        flock(note, kind | LOCK_NB)
    except BlockingIOError:
        return False
    return True


def once_all_are_up(workers: int, ready: Callable[[], None]) -> Callable[[object], None]:
    """Call ``ready`` in the last of the first workers to come up.

    Not earlier, when the port is open already: a worker still on its way does not hear Ctrl-C.
    """
    up = Value("i", 0)

    def count(_worker: object) -> None:
        with up.get_lock():
            up.value += 1
            if up.value == workers:
                ready()

    return count


def hear_master_alone(then: Callable[[object], None]) -> Callable[[object], None]:
    """Have a worker that is up pass over Ctrl-C before ``then``.

    A terminal sends it to the workers too, beside what the master sends them then: the handler of
    the second signal would wait for a lock that the handler of the first one holds.
    """

    def begin(worker: object) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        then(worker)

    return begin


def tell_readers_first(then: Callable[[object], None]) -> Callable[[object], None]:
    """Have a worker that is told to end tell its open streams, which would never end of themselves.

    Their readers come again, to another worker or the next server.
    """

    def begin(worker: Any) -> None:
        hub = hub_of(worker.wsgi)

        def tell_and_leave(number: int, frame: FrameType | None) -> None:
            if hub is not None:
                hub.stop()
            worker.handle_exit(number, frame)

        signal.signal(signal.SIGTERM, tell_and_leave)
        then(worker)

    return begin


def end_for_good(arbiter: Any) -> None:
    """End the worker beside; from here on Ctrl-C asks for what is under way already.

    Python gives a handled signal back to the system before it is done, and would then be killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_worker(arbiter)


def leave_at_once(_arbiter: object, worker: Any) -> None:
    """End a worker that has served without taking its libraries apart, which takes seconds.

    Or that was told to end while it came up; one that failed to keeps its exit code.
    """
    if worker.booted or not worker.alive:
        logging.shutdown()
        os._exit(0)


def forget_counts(_arbiter: object, worker: Any) -> None:
    """Leave out of the metrics what a web process that ended had at hand."""
    forget_process(worker.pid)


def url_host(host: str) -> str:
    """A host as it stands before a port: IPv6 addresses in brackets."""
    return f"[{host}]" if ":" in host else host


class Server(BaseApplication):  # type: ignore[misc]
    """A gunicorn that takes its settings from us instead of a command line."""

    def __init__(self, load: Callable[[], Flask], settings: dict[str, object]) -> None:
        self._load = load
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Hand our settings over."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Build the application."""
        return self._load()


class PropagatingLogger(Logger):  # type: ignore[misc]
    """Leaves gunicorn's messages to the root logger, so that they come out like all others."""

    def setup(self, cfg: Any) -> None:
        """Add no handlers; pass on what is worth a warning."""
        super().setup(cfg)
        for name in ("gunicorn.error", "gunicorn.access"):
            log = logging.getLogger(name)
            log.handlers.clear()
            log.propagate = True


def pid_file(folder: Path, port: int) -> Path:
    """Where the server on a port notes its process id."""
    return folder / f"serve-{port}.pid"


def serving_pid(file: Path) -> int | None:
    """The process id of the server that wrote the file, if it still runs.

    Numbers are used again after a crash or a restart of the machine; locks end with their owner.
    """
    try:
        with file.open(encoding="ascii") as note:
            return None if try_lock(note, LOCK_SH) else int(note.read())
    except (OSError, ValueError):
        return None


def stop_noted(folder: Path, kind: Literal["serve", "work"]) -> int:
    """End every server or worker that noted itself in the folder; how many there were.

    Raises:
        ServerStopError: one did not end in time.
    """
    with ExitStack() as stack:
        running = {
            pid: stack.enter_context(file.open(encoding="ascii"))
            for file in folder.glob(f"{kind}-*.pid")
            if (pid := serving_pid(file))
        }
        for pid in running:
            os.kill(pid, signal.SIGTERM)
        for pid, note in running.items():
            if not any(try_lock(note, LOCK_SH) for _ in pauses(STOP_TIMEOUT_S)):
                msg = f"Process {pid} (gridboard {kind}) did not stop: end it with kill -9."
                raise ServerStopError(msg)
    return len(running)


def pauses(timeout_s: float) -> Iterator[None]:
    """Come back every tenth of a second until the time is up."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        yield
        time.sleep(0.1)
