"""Two scopes over few connections, ten thousand times: no row of the one meets the other."""

import itertools
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from geo.database import engine_for, guarding, transaction, writing
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import COUNTY, OTHER_COUNTY

REQUESTS = 10_000
CONNECTIONS = 3
THREADS = 6
VIEWERS = (Viewer("leader", 2, COUNTY, "one"), Viewer("leader", 2, OTHER_COUNTY, "other"))
# Every table that belongs to places, in one round trip: which counties does the viewer see?
SEEN = text(
    """
    SELECT county_code FROM area
    UNION SELECT county_code FROM area_shape
    UNION SELECT county_code FROM incident
    UNION SELECT county_code FROM rollup_county
    UNION SELECT county_code FROM rollup_cell
    """
)


@pytest.fixture
def few(filled_settings: DatabaseSettings) -> Iterator[Engine]:
    """The application's engine with fewer connections than threads."""
    engine = engine_for(
        filled_settings.model_copy(update={"pool_size": CONNECTIONS, "pool_wait_s": 60})
    )
    yield engine
    engine.dispose()


def seen(connection: Connection) -> set[str]:
    return set(connection.scalars(SEEN))


def ask(engine: Engine, viewer: Viewer, way: int) -> set[str]:
    """What a viewer sees in a transaction that ends well, fails, is taken back, or writes."""
    if way == 0:
        with writing(engine, viewer) as connection:
            found = seen(connection)
            connection.rollback()
        return found
    try:
        with transaction(engine, viewer) as connection:
            found = seen(connection)
            if way == 1:
                connection.execute(text("SELECT 1 / 0"))
    except DBAPIError:
        pass
    return found


def without_viewer(engine: Engine, way: int) -> None:
    """What is asked between the two: by the gate, and by a connection that forgot to say."""
    whose = guarding(engine) if way else engine.connect()
    with whose as connection, pytest.raises(DBAPIError, match="permission denied"):
        seen(connection)


def test_ten_thousand_requests_of_two_scopes_leak_no_row(few: Engine) -> None:
    chance = random.Random(4)  # noqa: S311
    work = [(chance.randrange(2), chance.randrange(12)) for _ in range(REQUESTS)]

    def turn(number: int) -> tuple[str, frozenset[str]]:
        which, way = work[number]
        if number % 50 == 0:
            without_viewer(few, way % 2)
        viewer = VIEWERS[which]
        return viewer.scope_code, frozenset(ask(few, viewer, way))

    with ThreadPoolExecutor(THREADS) as threads:
        answers = list(threads.map(turn, range(REQUESTS)))
    assert set(answers) == {
        (viewer.scope_code, frozenset({viewer.scope_code})) for viewer in VIEWERS
    }
    turns = sum(one != other for one, other in itertools.pairwise(answers))
    assert turns > REQUESTS // 3, "the two must alternate"
