"""``kill -9`` of the loader at any moment, then run again: as if nothing had happened."""

import time
from functools import partial

import numpy as np
import pytest

from etl.checksums import Checksums
from geo.settings import DatabaseSettings
from tests.crash.loads import Files, connected, left_behind, start_load, sums
from tests.databases import cloned_database
from tests.processes import children, words
from tests.waiting import until


@pytest.mark.parametrize(("kills", "crew"), [(2, []), (1, ["--workers", "2"])], ids=str)
def test_killed_again_and_again_then_run(
    database: DatabaseSettings,
    files: Files,
    before: Checksums,
    clean: Checksums,
    done_after_s: float,
    kills: int,
    crew: list[str],
) -> None:
    moments = np.random.default_rng(kills)
    for _ in range(kills):
        with start_load(database, files, *crew) as program:
            until(lambda: connected(database))
            time.sleep(moments.uniform(0, done_after_s))
            helpers = children(program.pid)
            program.kill()
        until(partial(none_alive, helpers))
        until(lambda: left_behind(database) == [])
        assert sums(database) in (before, clean), "all of it, or nothing"
    with start_load(database, files) as program:
        assert program.wait(120) == 3, program.stderr
    assert sums(database) == clean
    until(lambda: left_behind(database) == [])


@pytest.fixture(scope="module")
def done_after_s(server: str, loaded_once: str, files: Files) -> float:
    """How long a load has a transaction open."""
    with cloned_database(server, loaded_once) as settings, start_load(settings, files):
        until(lambda: connected(settings))
        started = time.monotonic()
        until(lambda: not connected(settings))
        return time.monotonic() - started


def none_alive(processes: list[int]) -> bool:
    """Whether all of them are gone."""
    return not any(map(words, processes))
