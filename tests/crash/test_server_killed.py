"""PostgreSQL is killed at any moment, or its disk is full; then the load is run again."""

import os
import time
from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import text

from dashboard.cluster import Cluster
from etl.checksums import Checksums
from geo.settings import DatabaseSettings
from tests.crash.loads import (
    Files,
    admin,
    connected,
    left_behind,
    prepare,
    start_load,
    sums,
)
from tests.crash.servers import durable_cluster, enlarge, kill, made_database, small_disk
from tests.waiting import until

KILLS = 3
LOAD_S = 2.0
"""About as long as a load is at work in the database; also after it is over is a moment."""


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A durable cluster, running."""
    with durable_cluster() as made:
        yield made


@pytest.fixture(scope="module")
def target(cluster: Cluster, files: Files) -> DatabaseSettings:
    """A database of it with areas and the first file."""
    settings = made_database(cluster)
    prepare(settings, files)
    return settings


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")


@needs_root
def test_a_full_disk_is_said_and_the_load_works_once_there_is_room(
    cluster: Cluster, target: DatabaseSettings, files: Files, before: Checksums
) -> None:
    """First in the sequence: nothing of the second file is loaded yet."""
    with small_disk(cluster, "1m") as disk:
        server_says(target, f"CREATE TABLESPACE small LOCATION '{disk}'")
        server_says(target, "GRANT CREATE ON TABLESPACE small TO PUBLIC")
        server_says(target, "ALTER ROLE gridboard_loader SET default_tablespace = 'small'")
        server_says(target, "ALTER ROLE gridboard_loader SET temp_tablespaces = 'small'")
        with start_load(target, files) as program:
            _, err = program.communicate(timeout=120)
        assert program.returncode == 1
        assert err.startswith("gridboard: the database's disk is full, nothing was changed: free")
        assert len(err.splitlines()) == 1
        assert sums(target) == before
        until(lambda: left_behind(target) == [])
        enlarge(disk, "200m")
        with start_load(target, files, "--dry-run") as program:
            assert program.wait(120) == 3
        until(lambda: left_behind(target) == [])
        for setting in ("default_tablespace", "temp_tablespaces"):
            server_says(target, f"ALTER ROLE gridboard_loader RESET {setting}")
        server_says(target, "DROP TABLESPACE small")


def test_the_server_is_killed_again_and_again(
    cluster: Cluster,
    target: DatabaseSettings,
    files: Files,
    before: Checksums,
    clean: Checksums,
) -> None:
    moments = np.random.default_rng(7)
    for _ in range(KILLS):
        with start_load(target, files) as program:
            until(lambda: connected(target))
            time.sleep(moments.uniform(0, LOAD_S))
            kill(cluster)
            _, err = program.communicate(timeout=120)
        assert program.returncode in (1, 3)
        assert program.returncode == 3 or "the database does not answer" in err
        assert cluster.start()
        assert sums(target) in (before, clean), "all of it, or nothing"
        until(lambda: left_behind(target) == [])
    with start_load(target, files) as program:
        assert program.wait(120) == 3
    # What a load has committed survives, also what wal_level = minimal has not logged.
    kill(cluster)
    assert cluster.start()
    assert sums(target) == clean
    until(lambda: left_behind(target) == [])


def server_says(target: DatabaseSettings, statement: str) -> None:
    """Run a statement as superuser, outside of a transaction."""
    options = {"isolation_level": "AUTOCOMMIT"}
    with admin(target).connect().execution_options(**options) as connection:
        connection.execute(text(statement))
