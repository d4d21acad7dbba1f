"""Rollup blocks: packing, merging, and that children always sum to their parent."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from etl.rollups import Change, Registry, join_changes, make_change, pack, split_blocks, unpack
from etl.verification import verify_rollups
from geo.blocks import CELL_ENTRY, DAY_ENTRY, Keep, decode, merge, select, tally, total
from geo.database import loading
from geo.errors import RollupError
from geo.migrations.scripts import run_script
from tests.etl.drawn import NOON, PLACES, ask, counts, incident, load

DAY = np.datetime64("2024-05-10")


BEFORE_HOURS = """
    SET LOCAL search_path = gridboard, public;
    ALTER TABLE rollup_county DROP COLUMN hours;
    DROP FUNCTION local_hour(timestamptz, text);
"""

EMPTIED = """
    INSERT INTO gridboard.rollup_county (county_code, month, city_code, days, totals, hours)
    SELECT county_code, date '2024-12-01', city_code, '', '', ''
    FROM gridboard.rollup_county LIMIT 1
"""


def rows(*values: tuple[int, int, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(values, columns=["cell_id", "category", "channel", "status"])
    return frame.assign(occurred_on=DAY, hour=0)


def test_packed_entries_are_those_of_geo_blocks() -> None:
    cells, kinds = [7, 7, 3, 70_000], [1, 1, 2, 255]
    change = make_change(
        np.zeros(4, np.int64), rows(*zip(cells, kinds, kinds, kinds, strict=True)), 1
    )
    _, blocks = split_blocks(change.summed(), CELL_ENTRY)
    expected = merge(np.empty(0, CELL_ENTRY), tally(cells, [10] * 4, kinds, kinds, kinds))
    assert bytes.fromhex(blocks[0][2:]) == expected.tobytes()


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 4), max_size=30))
def test_packing_and_unpacking_are_opposites(values: list[tuple[int, int, int, int]]) -> None:
    change = make_change(np.zeros(len(values), np.int64), rows(*values), 1).summed()
    again = unpack(change.blocks, pack(change, CELL_ENTRY))
    assert again.keys.tolist() == change.keys.tolist()
    assert again.n.tolist() == change.n.tolist()


large = st.one_of(st.integers(0, 5), st.integers(0, 2**64 - 1))


@given(st.lists(st.tuples(st.integers(0, 1 << 40), large, st.integers(-2, 2)), max_size=30))
def test_sums_are_those_of_a_dictionary(entries: list[tuple[int, int, int]]) -> None:
    """Also of numbers too large to be sorted as one."""
    blocks, keys, n = zip(*entries, strict=True) if entries else ((), (), ())
    change = Change(
        np.array(blocks, np.int64), np.array(keys, np.uint64), np.array(n, np.int64)
    ).summed()
    expected: dict[tuple[int, int], int] = defaultdict(int)
    for block, key, count in entries:
        expected[block, key] += count
    found = zip(change.blocks.tolist(), change.keys.tolist(), strict=True)
    assert dict(zip(found, change.n.tolist(), strict=True)) == expected
    assert list(zip(change.blocks.tolist(), change.keys.tolist(), strict=True)) == sorted(expected)


def test_what_cancels_leaves_an_empty_block() -> None:
    one = rows((7, 1, 1, 1))
    places = np.zeros(1, np.int64)
    change = join_changes([make_change(places, one, 1), make_change(places, one, -1)]).summed()
    blocks, packed = split_blocks(change, CELL_ENTRY)
    assert (len(blocks), packed) == (1, ["\\x"])


def test_a_count_below_zero_is_refused() -> None:
    change = make_change(np.zeros(1, np.int64), rows((7, 1, 1, 1)), -1)
    with pytest.raises(RollupError, match="would become -1"):
        split_blocks(change.summed(), CELL_ENTRY)


def test_an_area_with_a_number_too_large_is_refused() -> None:
    with pytest.raises(RollupError, match="area 1073741824 cannot be counted"):
        make_change(np.zeros(1, np.int64), rows((1 << 30, 1, 1, 1)), 1)


def test_a_database_without_hours_gets_them_from_its_incidents(
    drawn: Engine, admin_engine: Engine
) -> None:
    """The migration packs what a load would have packed, byte by byte; what an undo emptied too."""
    moments = [NOON - timedelta(hours=number * 1.75) for number in range(300)]
    # Of one kind, so that its count needs more than one byte.
    alike = [incident(1000 + number) for number in range(300)]
    load(drawn, [incident(n, occurred_at=each) for n, each in enumerate(moments)], alike)
    hours = "SELECT county_code, month, hours FROM gridboard.rollup_county ORDER BY 1, 2"
    with admin_engine.begin() as connection:
        connection.exec_driver_sql(EMPTIED)
        loaded = ask(connection, hours)
        connection.exec_driver_sql(BEFORE_HOURS)
        run_script(connection, "0006_hours.sql")
        assert ask(connection, hours) == loaded
    with loading(drawn) as connection:
        assert verify_rollups(connection) == []


def test_nothing_sums_to_nothing() -> None:
    empty = join_changes([])
    assert isinstance(empty.summed(), Change)
    assert not len(empty.summed().n)


def test_a_registry_numbers_places_once() -> None:
    registry = Registry()
    frame = pd.DataFrame(
        [("c", "k", "t"), ("c", "k", "u"), ("c", "k", "t")],
        columns=["city_code", "county_code", "township_code"],
    )
    assert registry.numbers(frame).tolist() == [0, 1, 0]
    assert registry.numbers(frame[1:2]).tolist() == [1]
    assert registry.places == [("c", "k", "t"), ("c", "k", "u")]


incidents = st.builds(
    lambda number, place, days, hours, **terms: incident(
        number, place, occurred_at=NOON - timedelta(days=days, hours=hours), **terms
    ),
    number=st.integers(0, 30),
    place=st.sampled_from(sorted(PLACES)),
    days=st.integers(0, 500),
    # Also exactly midnight, a microsecond after it and just before it.
    hours=st.sampled_from([0, 12, 12 - 1e-9 / 3.6, 12 + 1 / 60, 3.5, -8.75]),
    category=st.sampled_from(["family", "land"]),
    channel=st.sampled_from(["hotline", "window"]),
    status=st.sampled_from(["open", "resolved", "failed"]),
)
filters = st.builds(
    Keep,
    categories=st.frozensets(st.integers(1, 2)),
    channels=st.frozensets(st.integers(1, 2)),
    statuses=st.frozensets(st.integers(1, 3)),
    first_day=st.integers(1, 20),
    last_day=st.integers(10, 31),
)


LEVELS = ("city_code", "county_code", "township_code")


def counted_by_blocks(reader: Connection, keep: Keep) -> dict[str, Counter[str]]:
    """Incidents by place, from every block that is kept: a counter a level and table."""
    counts_of: dict[str, Counter[str]] = defaultdict(Counter)
    codes = dict(ask(reader, "SELECT area_id, code FROM gridboard.area"))
    cells = "SELECT city_code, county_code, township_code, entries FROM gridboard.rollup_cell"
    for *place, packed in ask(reader, cells):
        entries = select(decode(bytes(packed), CELL_ENTRY), keep)
        for entry in entries:
            counts_of["finest"][codes[int(entry["cell"])]] += int(entry["n"])
        for level, code in zip(LEVELS, place, strict=True):
            counts_of[level][code] += total(entries)
    days = "SELECT city_code, county_code, days FROM gridboard.rollup_county"
    for city, county, packed in ask(reader, days):
        n = total(select(decode(bytes(packed), DAY_ENTRY), keep))
        counts_of["city_code of counties"][city] += n
        counts_of["county_code of counties"][county] += n
    return {level: +found for level, found in counts_of.items()}


def counted_plainly(reader: Connection, keep: Keep) -> dict[str, Counter[str]]:
    """The same by asking the incidents one by one."""
    counts_of: dict[str, Counter[str]] = defaultdict(Counter)
    question = (
        "SELECT code, incident.city_code, incident.county_code, incident.township_code,"
        " category, channel, status, extract(day FROM occurred_on)::integer"
        " FROM gridboard.incident JOIN gridboard.area ON area_id = cell_id"
    )
    for finest, city, county, township, category, channel, status, day in ask(reader, question):
        kinds = ((category, keep.categories), (channel, keep.channels), (status, keep.statuses))
        wanted = all(not terms or term in terms for term, terms in kinds)
        if wanted and keep.first_day <= day <= keep.last_day:
            counts_of["finest"][finest] += 1
            for level, code in zip(LEVELS, (city, county, township), strict=True):
                counts_of[level][code] += 1
    for level in ("city_code", "county_code"):
        counts_of[f"{level} of counties"] = counts_of[level]
    return {level: found for level, found in counts_of.items() if found}


def summed_up(reader: Connection, finest: Counter[str]) -> Counter[str]:
    """Every area with all that lies below it, by the parents of the areas."""
    tree = ask(reader, "SELECT code, parent_code FROM gridboard.area ORDER BY level DESC")
    sums = Counter(finest)
    for code, parent in tree:
        if parent is not None:
            sums[parent] += sums[code]
    return sums


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batch=st.lists(incidents, min_size=1, max_size=25), keep=filters)
def test_children_sum_to_their_parent_whatever_was_loaded(
    drawn: Engine, reader: Connection, batch: list[dict[str, object]], keep: Keep
) -> None:
    """Loads and corrections pile up in one database; every figure stays that of a recount."""
    before = ask(reader, "SELECT count(*) FROM gridboard.incident")[0][0]
    report = load(drawn, batch[::2], batch[1::2])
    after = ask(reader, "SELECT count(*) FROM gridboard.incident")[0][0]
    assert counts(report)["read"] == len(batch)
    assert after == before + report.rows_loaded
    with loading(drawn) as connection:
        assert verify_rollups(connection) == []
    by_blocks = {level: found for level, found in counted_by_blocks(reader, keep).items() if found}
    assert by_blocks == counted_plainly(reader, keep)
    sums = summed_up(reader, by_blocks.get("finest", Counter()))
    for level in LEVELS:
        for code, n in by_blocks.get(level, Counter()).items():
            assert sums[code] == n
    everything = counted_by_blocks(reader, Keep())
    assert everything["city_code"].total() == after == totals(reader)


def totals(reader: Connection) -> int:
    """All incidents by the monthly totals of the counties, each of its own month."""
    found = 0
    for month, packed in ask(reader, "SELECT month, totals FROM gridboard.rollup_county"):
        assert isinstance(month, date)
        entries = decode(bytes(packed), DAY_ENTRY)  # type: ignore[call-overload]
        assert set(entries["day"].tolist()) <= {0}
        found += total(entries)
    return found
