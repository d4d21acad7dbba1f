"""A throw-away PostgreSQL for one test session: made as the private cluster of a checkout is."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.cluster import Cluster

CHECKOUT = Path(__file__).resolve().parents[1]


@contextmanager
def folder_for_states() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own are closed to the server's user."""
    folder = Path(tempfile.mkdtemp(prefix="gridboard-test-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_cluster() -> Iterator[str]:
    """Start a cluster, yield its administrator's URL, stop it and remove its files."""
    with folder_for_states() as base:
        # Durability is worth nothing here: the folder does not outlive the session.
        cluster = Cluster.of_checkout(CHECKOUT, base=base, durable=False)
        cluster.start()
        try:
            yield cluster.url(database="postgres")
        finally:
            cluster.wipe()
