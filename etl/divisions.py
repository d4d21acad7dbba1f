"""The official list of division codes: which code meant what, and from when to when.

A list that states days is taken as it is. A list that states none says what was in force on
one day: compared with the list held, codes it lacks were abolished by then, codes that are new
came into force then, and a code with another name is closed and opened again.
"""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.plain_tables import read_plain_table
from etl.statements import copy_table, read_frame, run
from geo.errors import InputError
from geo.hierarchy import SLOTS

COLUMNS = ("code", "name", "level", "valid_from", "valid_to")
"""What a list holds: texts, the level's slot, and two days, None where open."""


@dataclass(frozen=True)
class Division:
    """One entry: what a code meant in [valid_from, valid_to); None where open."""

    code: str
    name: str
    level: int | None
    valid_from: date | None
    valid_to: date | None

    def covers(self, day: date) -> bool:
        """Whether it was in force on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Divisions:
    """The list, by code; empty where none was loaded."""

    entries: dict[str, tuple[Division, ...]]

    def __bool__(self) -> bool:
        return bool(self.entries)

    def __contains__(self, code: str) -> bool:
        return code in self.entries

    def on(self, code: str, day: date) -> Division | None:
        """What a code meant on a day, if it was in force."""
        return next((entry for entry in self.entries.get(code, ()) if entry.covers(day)), None)

    def last(self, code: str) -> Division | None:
        """The newest entry of a code."""
        return self.entries[code][-1] if code in self.entries else None


@dataclass(frozen=True)
class DivisionReport:
    """What loading a list did: counts of entries."""

    rows_read: int
    added: int
    ended: int
    unchanged: int


def read_divisions(connection: Connection) -> Divisions:
    """Read the list held."""
    return _as_divisions(_held(connection))


def read_division_file(file: Path) -> pd.DataFrame:
    """Read a list: code, name and, where known, level, valid_from and valid_to.

    Returns:
        n rows with ``COLUMNS``, by code and day.

    Raises:
        InputError: names the line that is wrong, or the codes that overlap.
    """
    frame = read_plain_table(file, ("code", "name"), ("level", "valid_from", "valid_to"))
    for line, code in frame["code"].items():
        if not code.isascii() or not code.isalnum():
            raise InputError(f"{file.name}, line {line}: {code!r} is no code (letters and digits)")
    frame["level"] = [_level(file, line, text) for line, text in frame["level"].items()]
    for name in ("valid_from", "valid_to"):
        frame[name] = pd.Series(
            [_day(file, line, text) for line, text in frame[name].items()],
            index=frame.index,
            dtype=object,
        )
    frame = frame.sort_values(["code", "valid_from"], key=_sortable, kind="stable")
    _refuse_overlaps(file, _as_divisions(frame))
    return frame.reset_index(drop=True)


def renew(held: pd.DataFrame, given: pd.DataFrame, day: date | None) -> pd.DataFrame:
    """The list that follows when another one is given.

    Args:
        held: n rows with ``COLUMNS``.
        given: m rows with ``COLUMNS``.
        day: when a list without days was in force; None where that does not matter.

    Returns:
        Rows with ``COLUMNS``, by code and day.

    Raises:
        InputError: ``given`` states no days, differs from what is held, and ``day`` is missing;
            or ``day`` lies before a day held.
    """
    if given["valid_from"].notna().any() or given["valid_to"].notna().any():
        return given
    if not len(held):
        return given.assign(valid_from=pd.Series([day] * len(given), dtype=object))
    opened = held["valid_to"].isna()
    key = ["code", "name"]
    stays = opened & pd.MultiIndex.from_frame(held[key]).isin(pd.MultiIndex.from_frame(given[key]))
    known = pd.MultiIndex.from_frame(held.loc[opened, key])
    new = given[~pd.MultiIndex.from_frame(given[key]).isin(known)]
    ends = opened & ~stays
    if not len(new) and not ends.any():
        return held
    _check_day(held, day)
    closed = held.assign(valid_to=held["valid_to"].mask(ends, day))
    opened_now = new.assign(valid_from=pd.Series([day] * len(new), index=new.index, dtype=object))
    both = pd.concat([closed, opened_now], ignore_index=True)
    return both.sort_values(["code", "valid_from"], key=_sortable, kind="stable", ignore_index=True)


def load_divisions(
    connection: Connection, given: pd.DataFrame, day: date | None = None
) -> DivisionReport:
    """Put a list in place of the one held, all or nothing; a second run changes nothing.

    Args:
        connection: a loading transaction.
        given: what ``read_division_file`` returns.
        day: see ``renew``.

    Raises:
        InputError: see ``renew``.
    """
    run(connection, "lock_divisions")
    held = _held(connection)
    renewed = renew(held, given, day)
    before, after = set(_entries(held)), set(_entries(renewed))
    if before != after:
        run(connection, "create_staged_division")
        copy_table(connection, "staged_division", _as_table(renewed))
        run(connection, "replace_divisions")
    running = {entry for entry in before if entry.valid_to is None}
    return DivisionReport(
        rows_read=len(given),
        added=len({(x.code, x.name) for x in after} - {(x.code, x.name) for x in before}),
        ended=len(running - after),
        unchanged=len(before & after),
    )


def _held(connection: Connection) -> pd.DataFrame:
    frame = read_frame(connection, "read_divisions").astype({"level": "Int16"})
    for name in ("valid_from", "valid_to"):
        frame[name] = frame[name].astype(object).where(frame[name].notna(), None)
    return frame


def _entries(frame: pd.DataFrame) -> list[Division]:
    levels = (None if pd.isna(level) else int(level) for level in frame["level"])
    days = ([day or None for day in frame[name]] for name in ("valid_from", "valid_to"))
    rows = zip(frame["code"], frame["name"], levels, *days, strict=True)
    return [Division(*row) for row in rows]


def _as_divisions(frame: pd.DataFrame) -> Divisions:
    entries: dict[str, tuple[Division, ...]] = {}
    for entry in _entries(frame):
        entries[entry.code] = (*entries.get(entry.code, ()), entry)
    return Divisions(entries)


def _as_table(frame: pd.DataFrame) -> pa.Table:
    days = {name: pa.array(list(frame[name]), pa.date32()) for name in ("valid_from", "valid_to")}
    texts = {name: pa.array(frame[name], pa.string()) for name in ("code", "name")}
    return pa.table({**texts, "level": pa.array(frame["level"], pa.int16()), **days})


def _sortable(values: pd.Series) -> pd.Series:
    """Open days come first."""
    return values if values.name == "code" else values.map(lambda day: day or date.min)


def _level(file: Path, line: object, text: str | None) -> int | None:
    if text is None or pd.isna(text):
        return None
    if text in SLOTS:
        return SLOTS.index(text)
    if text.isdecimal() and int(text) < len(SLOTS):
        return int(text)
    raise InputError(f"{file.name}, line {line}: no level {text!r}; expected {', '.join(SLOTS)}")


def _day(file: Path, line: object, text: str | None) -> date | None:
    if text is None or pd.isna(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{file.name}, line {line}: {text!r} is no day like 2019-12-31") from error


def _refuse_overlaps(file: Path, divisions: Divisions) -> None:
    for code, entries in divisions.entries.items():
        for entry in entries:
            begins = entry.valid_from or date.min
            if entry.valid_to is not None and entry.valid_to <= begins:
                raise InputError(f"{file.name}: {code} ends before it begins")
        for one, other in pairwise(entries):
            if one.valid_to is None or one.valid_to > (other.valid_from or date.min):
                raise InputError(
                    f"{file.name}: {code} is there twice for the same days"
                    f" ({one.name}, {other.name}): each code has one meaning at a time"
                )


def _check_day(held: pd.DataFrame, day: date | None) -> None:
    if day is None:
        raise InputError(
            "this list differs from the one held and says no days: say from when it is in"
            " force with --valid-from"
        )
    days = [known for name in ("valid_from", "valid_to") for known in held[name] if known]
    if days and day < max(days):
        raise InputError(f"a list of {max(days)} is held already: load lists in order of time")
