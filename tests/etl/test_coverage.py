"""The first and the last day of all data, noted with every change of the incidents."""

from datetime import date, timedelta

from sqlalchemy import Connection, Engine

from etl.incidents import load_incidents
from etl.undoing import undo_batch
from etl.verification import rebuild_rollups, verify_rollups
from geo.database import loading
from tests.etl.drawn import CHINA, NOON, ask, frame, incident, load

DAY = NOON.date()
NOTED = "SELECT first_day, last_day FROM gridboard.revision WHERE kind = 'incident'"


def noted(reader: Connection) -> tuple[object, ...]:
    return ask(reader, NOTED)[0]


def on(number: int, place: str, days: int) -> dict[str, object]:
    """An incident some days from the usual one."""
    return incident(number, place, occurred_at=NOON + timedelta(days=days))


def test_loads_widen_it_and_undoing_takes_that_back(drawn: Engine, reader: Connection) -> None:
    assert noted(reader) == (None, None)
    first = load(drawn, [on(1, "S1", 0)])
    assert noted(reader) == (DAY, DAY)
    second = load(drawn, [on(2, "E1", 400), on(3, "J1", -3)])
    assert noted(reader) == (DAY - timedelta(days=3), DAY + timedelta(days=400))
    with loading(drawn) as connection:
        undo_batch(connection, second.batch_id, author="tester")
    assert noted(reader) == (DAY, DAY)
    with loading(drawn) as connection:
        undo_batch(connection, first.batch_id, author="tester")
    assert noted(reader) == (None, None)


def test_a_corrected_day_narrows_it(drawn: Engine, reader: Connection) -> None:
    load(drawn, [on(1, "S1", 0), on(2, "E1", 40)])
    load(drawn, [on(2, "E1", 10)])
    assert noted(reader) == (DAY, DAY + timedelta(days=10))


def test_a_load_that_is_only_tried_leaves_it(drawn: Engine, reader: Connection) -> None:
    load(drawn, [on(1, "S1", 0)])
    with loading(drawn) as connection:
        load_incidents(connection, [frame([on(2, "S1", 1)])], CHINA, source="test", dry_run=True)
    assert noted(reader) == (DAY, DAY)


def test_it_is_verified_and_rebuilt(
    drawn: Engine, reader: Connection, admin_engine: Engine
) -> None:
    load(drawn, [on(1, "S1", 0), on(2, "E1", 5)])
    with admin_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE gridboard.revision SET last_day = '2024-12-31'")
    with loading(drawn) as connection:
        assert [str(found) for found in verify_rollups(connection)] == [
            f"covered days of all {DAY:%Y-%m}: 1 entries differ"
        ]
        rebuild_rollups(connection)
    assert noted(reader) == (DAY, DAY + timedelta(days=5))
    with loading(drawn) as connection:
        assert verify_rollups(connection) == []
    assert isinstance(noted(reader)[0], date)
