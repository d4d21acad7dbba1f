"""What a database holds, in numbers and lines that two databases can be compared by."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from psycopg2 import sql
from sqlalchemy import Connection, text

from geo.database import COPY_BYTES, read_sql_file
from geo.driver import driver_cursor

LISTED = ("structure", "policies", "grants", "roles")
"""What is compared line by line; each is ``sql/read_<name>.sql``."""

_MODULUS = 1 << 256


@dataclass(frozen=True)
class TableContent:
    """How many rows a table holds, and a digest that does not hang on their order."""

    rows: int
    sha256: str


@dataclass(frozen=True)
class Inventory:
    """Everything of ours in a database.

    Attributes:
        tables: content by name; of a partitioned table each part.
        sequences: the last number each has given.
        lines: by name of ``LISTED``, one line for each table, policy, grant, …
    """

    tables: dict[str, TableContent]
    sequences: dict[str, int]
    lines: dict[str, list[str]]

    @property
    def rows(self) -> int:
        """Rows in all tables together."""
        return sum(table.rows for table in self.tables.values())

    def as_dict(self) -> dict[str, Any]:
        """The inventory as JSON holds it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> "Inventory":
        """The inventory a manifest holds."""
        tables = {name: TableContent(**content) for name, content in given["tables"].items()}
        return cls(tables, given["sequences"], given["lines"])

    def missing_in(self, other: "Inventory") -> list[str]:
        """How another database differs from this one, a line for each difference.

        Sequences may be ahead, because numbers are given out past any snapshot. Roles may be
        more, because a newer gridboard may bring some.
        """
        found = [*_differing_tables(self.tables, other.tables)]
        for name, last in self.sequences.items():
            if other.sequences.get(name, -1) < last:
                found.append(f"sequence {name} is behind {last}")
        for name in LISTED:
            ours, theirs = set(self.lines[name]), set(other.lines[name])
            found += [f"{name}: missing {line}" for line in sorted(ours - theirs)]
            surplus = theirs - ours if name != "roles" else set()
            found += [f"{name}: unexpected {line}" for line in sorted(surplus)]
        return found


def take_inventory(connection: Connection) -> Inventory:
    """Count and digest everything of ours.

    Args:
        connection: a transaction of the schema's owner, past row-level security, of one
            picture (REPEATABLE READ).
    """
    tables = {name: _digest(connection, name) for name in _lines(connection, "tables")}
    sequences = dict(row for row in _rows(connection, "sequences"))
    return Inventory(tables, sequences, {name: [*_lines(connection, name)] for name in LISTED})


class _RowSum:
    """A sink for COPY that adds up the digests of rows, so that their order does not matter.

    The driver hands over one row at a time.
    """

    def __init__(self) -> None:
        self.total = 0
        self.rows = 0

    def write(self, row: bytes) -> int:
        """Add a row."""
        self.total += int.from_bytes(hashlib.sha256(row).digest())
        self.rows += 1
        return len(row)


def _digest(connection: Connection, table: str) -> TableContent:
    copy = sql.SQL("COPY gridboard.{} TO STDOUT").format(sql.Identifier(table))
    rows = _RowSum()
    with driver_cursor(connection) as cursor:
        cursor.copy_expert(copy, rows, size=COPY_BYTES)
    return TableContent(rows.rows, f"{rows.total % _MODULUS:064x}")


def _lines(connection: Connection, name: str) -> Iterator[str]:
    return iter(sorted(str(line) for (line,) in _rows(connection, name)))


def _rows(connection: Connection, name: str) -> list[tuple[Any, ...]]:
    query = text(read_sql_file("dashboard.backup", f"read_{name}.sql"))
    return [tuple(row) for row in connection.execute(query)]


def _differing_tables(
    ours: dict[str, TableContent], theirs: dict[str, TableContent]
) -> Iterator[str]:
    for name in sorted({*ours, *theirs}):
        if name not in theirs:
            yield f"table {name} is missing"
        elif name not in ours:
            yield f"table {name} is unexpected"
        elif ours[name].rows != theirs[name].rows:
            yield f"table {name} has {theirs[name].rows:,} rows instead of {ours[name].rows:,}"
        elif ours[name] != theirs[name]:
            yield f"table {name} has other content"
