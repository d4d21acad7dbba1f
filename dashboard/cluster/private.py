"""The private cluster of one checkout: make, start, stop, wipe."""

import fcntl
import json
import os
import shlex
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote

from dashboard.cluster.account import Account
from dashboard.cluster.errors import ClusterError
from dashboard.cluster.programs import ServerPrograms, find_programs
from dashboard.cluster.state import (
    PORT,
    StatePaths,
    make_private,
    make_public,
    state_paths,
)
from dashboard.cluster.tuning import GIB, Machine, measure_machine, quoted, render, server_settings

START_TIMEOUT_S = 120
STOP_TIMEOUT_S = 60
DISK_MINIMUM_BYTES = GIB


class ClusterStatus(StrEnum):
    """Whether there is a cluster and whether it runs."""

    ABSENT = "absent"
    STOPPED = "stopped"
    RUNNING = "running"


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL of our own, reached through a socket in a private folder only.

    Attributes:
        paths: where its files lie.
        durable: False only for throw-away clusters of tests.
        bindir: the server programs to use; None looks for them.
    """

    paths: StatePaths
    durable: bool = True
    bindir: Path | None = None
    account: Account = field(default_factory=Account.for_server)

    @classmethod
    def of_checkout(
        cls,
        checkout: Path,
        *,
        base: Path | None = None,
        name: str = "",
        durable: bool = True,
        bindir: Path | None = None,
    ) -> "Cluster":
        """The cluster of a checkout; ``name`` tells several of them apart (``test``)."""
        return cls(state_paths(checkout, base=base, name=name), durable, bindir)

    def url(self, user: str = "postgres", database: str = "gridboard") -> str:
        """The SQLAlchemy address of one of its databases."""
        folder = quote(str(self.paths.sockets), safe="/")
        return f"postgresql+psycopg2://{user}@/{quote(database)}?host={folder}&port={PORT}"

    def status(self) -> ClusterStatus:
        """Absent, stopped or running."""
        if not self.paths.data.exists():
            return ClusterStatus.ABSENT
        return ClusterStatus.RUNNING if self.postmaster() else ClusterStatus.STOPPED

    def postmaster(self) -> int | None:
        """The process id of the running server; a stale pid file counts as none."""
        try:
            pid = int((self.paths.data / "postmaster.pid").read_text(encoding="ascii").split()[0])
        except (OSError, ValueError, IndexError):
            return None
        return pid if works_in(pid, self.paths.data) else None

    def start(self) -> bool:
        """Make the cluster if there is none and start it unless it runs.

        Returns:
            Whether it was started now.

        Raises:
            ClusterError: no usable PostgreSQL, too little disk, a data directory that is not
                ours, or the server does not come up.
        """
        self.make_folders()
        with self.locked():
            machine = measure_machine(self.paths.folder)
            require_disk(machine, self.paths.folder)
            self.paths.require_ours()
            if self.postmaster():
                return False
            programs = find_programs(self.bindir, self.data_major())
            if not self.paths.data.exists():
                self.create(programs)
            self.forget_stale_server()
            self.configure(machine)
            self.launch(programs)
            return True

    def stop(self) -> bool:
        """Stop the server, ending open sessions; whether it was running."""
        if not self.postmaster():
            return False
        with self.locked():
            self.paths.require_ours()
            programs = find_programs(self.bindir, self.data_major())
            stop = ("stop", "-m", "fast", "-w", "-t", str(STOP_TIMEOUT_S))
            self.run([programs.path("pg_ctl"), *stop, "-D", str(self.paths.data)], "stop")
        return True

    def wipe(self) -> bool:
        """Stop the server and delete this checkout's state; whether there was any."""
        if not self.paths.folder.exists():
            return False
        self.paths.require_ours()
        self.stop()
        shutil.rmtree(self.paths.sockets, ignore_errors=True)
        shutil.rmtree(self.paths.folder)
        return True

    def data_major(self) -> int | None:
        """The major version of PostgreSQL that made the data; None while there are none."""
        try:
            return int((self.paths.data / "PG_VERSION").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    def make_folders(self) -> None:
        """Make the state's folders and see that the server's user can enter its own.

        Raises:
            ClusterError: a folder cannot be made, or the server's user cannot reach it.
        """
        try:
            make_public(self.paths.folder)
            make_private(self.paths.server, self.account)
            make_private(self.paths.sockets, self.account)
        except OSError as error:
            place = f"{self.paths.folder} ({error.strerror})"
            msg = f"Cannot keep state in {place}: set GRIDBOARD_STATE_DIR to another folder."
            raise ClusterError(msg) from error
        enter = ["/bin/sh", "-c", 'cd "$1"', "sh", str(self.paths.server)]
        self.run(enter, "enter its folder; set GRIDBOARD_STATE_DIR to one it can reach")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Wait until no other process makes, starts or stops this cluster."""
        with self.paths.lock.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def create(self, programs: ServerPrograms) -> None:
        """Make the data directory whole or not at all: beside its place, marked, then moved."""
        unfinished = self.paths.unfinished
        shutil.rmtree(unfinished, ignore_errors=True)
        self.run([programs.path("initdb"), *INITDB_OPTIONS, "-D", str(unfinished)], "be made")
        marker = self.paths.marker(unfinished)
        marker.write_text(json.dumps({"checkout": str(self.paths.checkout)}), encoding="utf-8")
        os.chown(marker, self.account.uid, self.account.gid)
        unfinished.rename(self.paths.data)

    def forget_stale_server(self) -> None:
        """Remove the pid files of a server that died.

        PostgreSQL refuses to start while the recorded process id is alive, even if after a
        reboot it is another program's.
        """
        for stale in (
            self.paths.data / "postmaster.pid",
            self.paths.sockets / f".s.PGSQL.{PORT}.lock",
        ):
            stale.unlink(missing_ok=True)

    def configure(self, machine: Machine) -> None:
        """Write the settings for this machine, over those that initdb chose."""
        tuned = server_settings(machine, durable=self.durable)
        base = f"include = {quoted(str(self.paths.data / 'postgresql.conf'))}\n"
        own = {**FIXED, "unix_socket_directories": listed(self.paths.sockets)}
        self.paths.config.write_text(base + render(own | tuned), encoding="utf-8")
        self.paths.config.chmod(0o644)

    def launch(self, programs: ServerPrograms) -> None:
        """Start the server in a session of its own, so that Ctrl-C in a terminal spares it."""
        options = f"-c config_file={shlex.quote(str(self.paths.config))}"
        wait = ("-w", "-t", str(START_TIMEOUT_S), "-l", str(self.paths.log), "-o", options)
        self.run([programs.path("pg_ctl"), "start", "-D", str(self.paths.data), *wait], "start")

    def run(self, command: Sequence[str], purpose: str) -> None:
        """Run one program as the server's user.

        Raises:
            ClusterError: it failed; the message carries its last words.
        """
        done = self.account.run(command)
        if done.returncode:
            said = self.last_words(done.stderr or done.stdout)
            msg = f"The private PostgreSQL in {self.paths.folder} could not {purpose}: {said}"
            raise ClusterError(msg)

    def last_words(self, said: str) -> str:
        """The most telling line: an error in the server's log, else the program's last line."""
        log = self.paths.log.read_text(errors="replace") if self.paths.log.exists() else ""
        lines = [*log.splitlines()[-20:], *said.splitlines()]
        fatal = [line for line in lines if "FATAL:" in line or "error:" in line]
        reason = (fatal or lines or ["no reason given"])[-1]
        return f"{reason.partition('FATAL:')[2].strip() or reason.strip()} (see {self.paths.log})"


INITDB_OPTIONS = (
    "--username=postgres",
    "--encoding=UTF8",
    # Codes sort by byte; letters of every script count as letters, or trigrams skip Chinese.
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",
    "--auth-local=trust",
    "--auth-host=reject",
    "--data-checksums",
    "--no-instructions",
)
FIXED = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "cluster_name": "gridboard",
    "max_connections": "100",
    "max_locks_per_transaction": "256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}


def listed(folder: Path) -> str:
    """A folder as the one element of a list setting: a comma in its name separates nothing."""
    doubled = str(folder).replace('"', '""')
    return f'"{doubled}"'


def works_in(pid: int, folder: Path) -> bool:
    """Whether a process lives and works in the folder, as a PostgreSQL server does in its data."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    # Where there is no /proc to ask, a living process is taken for the server.
    if not Path("/proc/self").exists():
        return True
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        # It ended just now, is dead and only not yet buried, or is somebody else's.
        return False


def require_disk(machine: Machine, folder: Path) -> None:
    """Refuse to start a server that would soon stop for want of disk.

    Raises:
        ClusterError: less than 1 GB is free.
    """
    if machine.disk_free_bytes < DISK_MINIMUM_BYTES:
        free_mb = machine.disk_free_bytes // 1024**2
        msg = f"Only {free_mb} MB of disk are free at {folder}; at least 1 GB is needed."
        raise ClusterError(msg)
