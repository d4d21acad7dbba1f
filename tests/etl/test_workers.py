"""Chunks prepared beside the loader, in processes or on a Dask cluster: always one result."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, text

from etl.checksums import take_checksums
from etl.dask_workers import Cluster
from etl.incidents import load_incidents
from etl.verification import verify_rollups
from etl.workers import BESIDE, Crew, Processes, WorkerError, run_in_order
from geo.database import loading
from geo.errors import ConfigurationError
from tests.etl.drawn import CHINA, NOON, PLACES, ask, counts, frame, incident

PLACED = sorted(set(PLACES) - {"outside"})


def slow_square(item: int, context: int) -> int:
    """The later an item comes the sooner it is done."""
    time.sleep(0.02 * (5 - item % 5))
    return item * item + context


def end_at_seven(item: int, context: int) -> int:
    """What a machine without memory does to a worker."""
    if item == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return item


def everywhere(cluster: str) -> list[Crew]:
    return [BESIDE, Processes(2), Cluster(cluster)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """The address of a Dask scheduler with two workers, processes of their own."""
    with dask_cluster() as address:
        yield address


@contextmanager
def dask_cluster() -> Iterator[str]:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as made:
        yield made.scheduler_address


def test_results_come_in_order_and_few_at_a_time(cluster: str) -> None:
    for crew in everywhere(cluster):
        taken: list[int] = []

        def items(taken: list[int] = taken) -> Iterator[int]:
            for number in range(15):
                taken.append(number)
                yield number

        done = []
        for item, result in run_in_order(slow_square, items(), 100, crew):
            assert len(taken) - len(done) <= crew.window
            done.append((item, result))
        assert done == [(n, n * n + 100) for n in range(15)]


def test_a_failure_is_raised_here(cluster: str) -> None:
    for crew in everywhere(cluster):
        with pytest.raises(ZeroDivisionError):
            list(run_in_order(divide, [1, 2, 0, 4], 10, crew))


def divide(item: int, context: int) -> float:
    return context / item


def test_a_killed_process_is_named_and_nothing_is_loaded() -> None:
    with pytest.raises(WorkerError, match="one of 2 worker processes ended"):
        list(run_in_order(end_at_seven, range(9), 0, Processes(2)))


def test_refuses_a_cluster_that_is_not_there() -> None:
    with pytest.raises(ConfigurationError, match="no Dask scheduler answers"):
        list(run_in_order(divide, [1], 1, Cluster("tcp://127.0.0.1:9", timeout_s=1)))


def test_refuses_no_workers_at_all() -> None:
    with pytest.raises(ConfigurationError, match="0 workers: expected at least 1"):
        Processes(0)


def many_chunks(count: int = 12) -> list[list[dict[str, object]]]:
    """Incidents of all kinds, with repeats within and across chunks and terms never seen."""
    chance = np.random.default_rng(7)
    rows = [
        incident(
            n,
            PLACED[int(chance.integers(len(PLACED)))],
            category=f"kind {int(chance.integers(30))}",
            occurred_at=NOON - timedelta(days=int(chance.integers(700))),
        )
        for n in range(count * 60)
    ]
    rows += [rows[5], rows[5] | {"people": 77}, rows[300], incident(9999, "outside")]
    return [rows[at : at + 60] for at in range(0, len(rows), 60)]


EMPTY = """
    TRUNCATE gridboard.incident, gridboard.rollup_cell, gridboard.rollup_county;
    DELETE FROM gridboard.term WHERE kind = 'category' AND code LIKE 'kind%'"""


def ignore(done: int) -> None:
    """Nobody wants to know."""


def load_with(engine: Engine, crew: Crew, progress: Callable[[int], None]) -> None:
    with loading(engine) as connection:
        report = load_incidents(
            connection,
            map(frame, many_chunks()),
            CHINA,
            source="test",
            create_terms=frozenset({"category"}),
            crew=crew,
            progress=progress,
        )
    assert counts(report) == {"read": 724, "loaded": 720, "unchanged": 2, "rejected": 2}
    with loading(engine) as connection:
        assert verify_rollups(connection) == []


def state(reader: Connection) -> list[object]:
    terms = ask(reader, "SELECT id, code FROM gridboard.term WHERE kind = 'category' ORDER BY id")
    return [take_checksums(reader), terms]


def test_every_crew_gives_the_same_database(
    drawn: Engine, reader: Connection, admin_engine: Engine
) -> None:
    """Beside the loader, in processes, on a cluster one of whose two workers is killed."""
    from distributed import Client

    states = []
    with dask_cluster() as address, Client(address, set_as_default=False) as client:
        victims = list(client.run(os.getpid).values())[:1]

        def kill_one(done: int) -> None:
            while victims:
                os.kill(victims.pop(), signal.SIGKILL)

        for crew, progress in [
            (BESIDE, ignore),
            (Processes(2), ignore),
            (Cluster(address), kill_one),
        ]:
            load_with(drawn, crew, progress)
            states.append(state(reader))
            with admin_engine.begin() as connection:
                connection.execute(text(EMPTY))
        assert not victims
    assert states[1:] == [states[0], states[0]]
