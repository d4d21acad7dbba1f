"""Places for clusters that live as long as one test."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from dashboard.cluster import Cluster
from tests.cluster import CHECKOUT

Ask = Callable[[Cluster, str], object]


@pytest.fixture
def cluster(state_base: Path) -> Iterator[Cluster]:
    """A cluster that is not there yet, and is gone after the test."""
    made = Cluster.of_checkout(CHECKOUT, base=state_base, durable=False)
    yield made
    made.stop()


@pytest.fixture
def ask() -> Ask:
    """Runs a query as superuser and gives the single value it answers."""
    return answer_of


def answer_of(cluster: Cluster, question: str) -> object:
    """The single value that a query as superuser answers."""
    engine = create_engine(
        cluster.url(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        answer = connection.execute(text(question))
        return answer.scalar() if answer.returns_rows else None
