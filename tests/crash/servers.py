"""A durable PostgreSQL of a test's own, to be killed, and a small disk to be filled."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.cluster import Cluster
from geo.schema import create_database, migrate
from geo.settings import DatabaseSettings
from tests.cluster import CHECKOUT, folder_for_states
from tests.crash.loads import settings_of
from tests.databases import TEST_DATABASE, opened


@contextmanager
def durable_cluster() -> Iterator[Cluster]:
    """A running cluster that keeps what it has committed, whatever happens to it."""
    with folder_for_states() as base:
        cluster = Cluster.of_checkout(CHECKOUT, base=base, durable=True)
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.start()
            cluster.wipe()


def made_database(cluster: Cluster) -> DatabaseSettings:
    """A migrated, empty database of a cluster."""
    settings = settings_of(cluster.url(database=f"{TEST_DATABASE}crash"))
    create_database(settings.url("admin"))
    with opened(settings, "admin") as engine:
        migrate(engine)
    return settings


def kill(cluster: Cluster) -> None:
    """``kill -9`` the server and everything it has started, as a power cut would."""
    postmaster = cluster.postmaster()
    assert postmaster is not None
    # Stopped first, so that it does not mend what we break.
    os.kill(postmaster, signal.SIGSTOP)
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in (*map(int, children), postmaster):
        os.kill(pid, signal.SIGKILL)
    while any(Path(f"/proc/{pid}/cwd").exists() for pid in (*children, postmaster)):
        time.sleep(0.01)


@contextmanager
def small_disk(cluster: Cluster, size: str) -> Iterator[Path]:
    """A disk of some size that belongs to the server's user; needs root."""
    disk = cluster.paths.server / "disk"
    disk.mkdir()
    options = f"size={size},mode=700,uid={cluster.account.uid},gid={cluster.account.gid}"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def enlarge(disk: Path, size: str) -> None:
    """Give a full disk room again."""
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)
