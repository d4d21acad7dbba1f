"""The drawn province, loaded into a database of the test's own."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from tests.etl.drawn import load_areas


@pytest.fixture
def drawn(loader_engine: Engine) -> Engine:
    """The loader's connections to a database with the drawn province."""
    load_areas(loader_engine)
    return loader_engine


@pytest.fixture
def reader(admin_engine: Engine) -> Iterator[Connection]:
    """A connection that sees everything; each question sees what is committed by then."""
    with admin_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection
