"""pg_dump and pg_restore: found, and run without a password in any command line."""

import os
import subprocess
import tempfile
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from psycopg2.extensions import make_dsn
from sqlalchemy import URL

from dashboard.backup.archive import PIECE_BYTES
from dashboard.backup.errors import BackupError
from dashboard.cluster.programs import ask, bindirs, parse_major

_Environment = Mapping[str, str]


@dataclass(frozen=True)
class ClientPrograms:
    """The folder of ``pg_dump`` and ``pg_restore``, and their major version."""

    bindir: Path
    major: int


def find_clients(server_major: int, bindir: Path | None = None) -> ClientPrograms:
    """The oldest programs that are not older than the server.

    Newer ones than needed write settings into a dump which the server does not know.

    Args:
        server_major: major version of the server.
        bindir: look here only; None looks in the usual places and on PATH.

    Raises:
        BackupError: there are none.
    """
    on_path = [Path(folder) for folder in os.get_exec_path() if folder]
    folders = [bindir] if bindir else [*bindirs(), *on_path]
    complete = [f for f in folders if (f / "pg_dump").exists() and (f / "pg_restore").exists()]
    found = [ClientPrograms(f, parse_major(ask(f / "pg_dump", "--version"))) for f in complete]
    fitting = [programs for programs in found if programs.major >= server_major]
    if not fitting:
        raise BackupError(
            f"no pg_dump of PostgreSQL {server_major} or newer was found: install"
            f" postgresql-client-{server_major}, or name its folder in GRIDBOARD_POSTGRES_BINDIR"
        )
    return min(fitting, key=lambda programs: programs.major)


def dump(programs: ClientPrograms, url: URL, snapshot: str) -> Generator[bytes]:
    """Our schema as pg_dump writes it, as of a snapshot that a transaction has exported.

    Raises:
        BackupError: pg_dump failed.
    """
    # No extensions, no roles: bootstrap.sql makes those of the server it is restored into.
    options = ("--format=custom", "--schema=gridboard", f"--snapshot={snapshot}")
    command = [str(programs.bindir / "pg_dump"), *options, f"--dbname={_dsn(url)}"]
    with tempfile.TemporaryFile() as said, _process(command, url, said, reads=False) as process:
        if process.stdout:
            while piece := process.stdout.read(PIECE_BYTES):
                yield piece
        _finish(process, said)


def restore(programs: ClientPrograms, url: URL, dump: Iterable[bytes]) -> None:
    """Have pg_restore take in a dump, all or nothing.

    Raises:
        BackupError: pg_restore failed; nothing was changed.
    """
    options = ("--single-transaction", "--exit-on-error")
    command = [str(programs.bindir / "pg_restore"), *options, f"--dbname={_dsn(url)}"]
    with tempfile.TemporaryFile() as said, _process(command, url, said, reads=True) as process:
        _feed(process, dump)
        _finish(process, said)


def _feed(process: subprocess.Popen[bytes], dump: Iterable[bytes]) -> None:
    try:
        with process.stdin as sink:  # type: ignore[union-attr]
            for piece in dump:
                sink.write(piece)
    except BrokenPipeError:
        # It ended before its time: its own words say why.
        return


def _process(
    command: list[str], url: URL, said: IO[bytes], *, reads: bool
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own argument list, no shell
        command,
        stdin=subprocess.PIPE if reads else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if reads else subprocess.PIPE,
        stderr=said,
        env=_environment(url),
    )


def _finish(process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    if process.wait():
        said.seek(0)
        words = said.read().decode(errors="replace").split("\n")
        errors = [line for line in words if "error:" in line] or words
        raise BackupError(f"{errors[0].strip() or 'the program ended without a word'}")


def _dsn(url: URL) -> str:
    """The address for libpq, without the password, which every user's ``ps`` would show."""
    _, given = url.get_dialect()().create_connect_args(url)
    shown = {name: value for name, value in given.items() if "password" not in name}
    return str(make_dsn(**shown))


def _environment(url: URL) -> _Environment:
    """Ours without what would tell libpq something else, and with the password."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    password = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    # A statement of hours is what a dump is; the server may have a limit for others.
    return (
        ours | password | {"PGOPTIONS": "-c statement_timeout=0", "PGAPPNAME": "gridboard backup"}
    )
