"""A throw-away PostgreSQL cluster for one test session: a private folder, a Unix socket only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PORT = 5432


def find_binaries() -> Path:
    """The folder with initdb and pg_ctl of the newest PostgreSQL installed."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    if found is None:
        message = (
            "the tests need PostgreSQL with PostGIS: install postgresql-15-postgis-3,"
            " or point GRIDBOARD_TEST_ADMIN_URL at a server"
        )
        raise RuntimeError(message)
    return Path(found).parent


@contextmanager
def running_cluster() -> Iterator[str]:
    """Start a cluster, yield its administrator's URL, stop it and remove its files."""
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="gridboard-test-", dir="/tmp"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        user = pwd.getpwnam("postgres")
        os.chown(folder, user.pw_uid, user.pw_gid)
        as_user = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"]

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, cwd="/", stdout=subprocess.DEVNULL)

    data = folder / "data"
    # Durability is worth nothing here: the folder does not outlive the session.
    options = (
        f"-k {folder} -p {_PORT} -c listen_addresses= -c fsync=off -c full_page_writes=off"
        " -c synchronous_commit=off -c max_connections=60"
    )
    pg_ctl = [str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log")]
    try:
        run(
            *(str(binaries / "initdb"), "-D", str(data), "-U", "postgres"),
            *("--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        )
        run(*pg_ctl, "-o", options, "start")
        try:
            yield f"postgresql+psycopg2://postgres@/postgres?host={folder}&port={_PORT}"
        finally:
            run(*pg_ctl, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
