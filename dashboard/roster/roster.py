"""The roster: accounts, sessions and the audit log, read as the admin who asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, text

from dashboard.people.account import By
from dashboard.roster.answers import Listed, LogFilter, LogLine, Person, Place, SessionLine
from dashboard.sections import PEOPLE, require_role
from etl.spreadsheets import write_table
from geo.audit import Deed, record
from geo.database import read_sql_file, transaction, writing
from geo.errors import NotFoundError
from geo.viewer import Viewer

PAGE_ROWS = 50
LOG_ROWS = 100
SESSIONS_SHOWN = 20
PLACES_FOUND = 12
ABOUT_ROWS = 8
EXPORT_ROWS = 100_000
_EXPORT_HEAD = ("at", "actor", "role", "action", "scope", "detail", "address", "request_id")


class Roster:
    """Answers of one admin; nothing outside the scope is seen, by the database's own policies.

    Args:
        engine: connections of the application.
        viewer: the admin.
        by: the same, for the log.

    Raises:
        ForbiddenError: the viewer is no admin.
    """

    def __init__(self, engine: Engine, viewer: Viewer, by: By) -> None:
        require_role(viewer, PEOPLE)
        self.viewer = viewer
        self._engine = engine
        self._by = by

    def accounts(
        self, wanted: str = "", role: str = "", state: str = "", sort: str = "login", page: int = 1
    ) -> Listed:
        """Read a page of the accounts that match.

        Args:
            wanted: part of a login, a name or the name of a scope; or the code of one.
            role: only accounts of it; empty for all.
            state: only accounts that stand like this; empty for all.
            sort: login, name, role, state or seen.
            page: 1 for the first ``PAGE_ROWS``.
        """
        rows = self._accounts(
            wanted=wanted.casefold(),
            role=role or None,
            state=state or None,
            sort=sort,
            skip=(page - 1) * PAGE_ROWS,
        )
        return Listed(tuple(map(_person, rows)), rows[0].matching if rows else 0)

    def account(self, account_id: int) -> Person:
        """Read an account.

        Raises:
            NotFoundError: there is none of this number in scope.
        """
        rows = self._accounts(account_id=account_id)
        if not rows:
            raise NotFoundError("there is no such account")
        return _person(rows[0])

    def tallies(self) -> dict[tuple[str, str], int]:
        """Count the accounts in scope by role and state."""
        return {(row.role, row.state): int(row.accounts) for row in self._read("tallies")}

    def sessions(self, account_id: int) -> list[SessionLine]:
        """Read the latest sessions of an account, those that are open first."""
        rows = self._read("sessions", account_id=account_id, most=SESSIONS_SHOWN)
        return [SessionLine(**row._mapping) for row in rows]

    def owner(self, session_id: int) -> Person:
        """Read whose session it is.

        Raises:
            NotFoundError: there is none of this number in scope.
        """
        rows = self._read("session_owner", session_id=session_id)
        if not rows:
            raise NotFoundError("there is no such session")
        return self.account(rows[0].account_id)

    def places(self, codes: Iterable[str]) -> dict[str, Place]:
        """Name areas; those that are not in scope, or no more, are left out."""
        wanted = sorted(set(codes))
        rows = self._read("area_names", codes=wanted) if wanted else []
        return {row.code: _place(row) for row in rows}

    def find_places(self, wanted: str) -> list[Place]:
        """Find areas that can be a scope, by part of the name or the beginning of the code."""
        wanted = wanted.strip().lower()
        if not wanted:
            return []
        codes = [row.code for row in self._read("areas_found", wanted=wanted, most=PLACES_FOUND)]
        found = self.places(codes)
        return [found[code] for code in codes if code in found]

    def log(self, wanted: LogFilter) -> list[LogLine]:
        """Read a page of the audit log, newest first; one line more tells that there are older."""
        return [_line(row) for row in self._read("log", **_values(wanted, LOG_ROWS + 1))]

    def about(self, login: str) -> list[LogLine]:
        """Read what an account did lately, and what was done to it."""
        return [_line(row) for row in self._read("about", login=login, most=ABOUT_ROWS)]

    def mark(self) -> int:
        """Return a number that changes whenever somebody in scope did something."""
        return int(self._read("news")[0].mark)

    def export_log(self, wanted: LogFilter, path: Path) -> None:
        """Write the lines that match as CSV, newest first, at most ``EXPORT_ROWS``.

        The log says that it was taken out, in the same transaction.
        """
        by = self._by
        with writing(self._engine, self.viewer) as connection:
            lines = [*map(_line, _run(connection, "log", _values(wanted, EXPORT_ROWS)))]
            write_table(path, _EXPORT_HEAD, map(_cells, lines))
            detail = {"file": path.name, "rows": len(lines)}
            deed = Deed(
                by.login, by.scope_code, "export", by.role, by.address, by.request_id, detail
            )
            record(connection, deed)

    def _accounts(self, **given: Any) -> list[Row[Any]]:
        every: dict[str, Any] = {
            "account_id": None, "wanted": "", "role": None, "state": None, "sort": "login",
            "most": PAGE_ROWS, "skip": 0,
        }  # fmt: skip
        return self._read("accounts", **(every | given))

    def _read(self, name: str, **values: Any) -> list[Row[Any]]:
        with transaction(self._engine, self.viewer) as connection:
            return list(_run(connection, name, values))


def _run(connection: Connection, name: str, values: Mapping[str, Any]) -> Iterator[Row[Any]]:
    statement = text(read_sql_file("dashboard.roster", f"{name}.sql"))
    return iter(connection.execute(statement, dict(values)))


def _values(wanted: LogFilter, most: int) -> dict[str, Any]:
    return {**vars(wanted), "actions": list(wanted.actions), "most": most}


def _person(row: Row[Any]) -> Person:
    values = dict(row._mapping)
    del values["matching"]
    values["scope_codes"] = tuple(values["scope_codes"])
    return Person(**values)


def _place(row: Row[Any]) -> Place:
    values = dict(row._mapping)
    return Place(**(values | {"above": tuple(row.above), "above_en": tuple(row.above_en)}))


def _line(row: Row[Any]) -> LogLine:
    return LogLine(**row._mapping)


def _cells(line: LogLine) -> list[str | None]:
    said = "; ".join(f"{name}: {plain(value)}" for name, value in line.detail.items())
    at = line.at.isoformat(timespec="seconds")
    kept = (line.actor, line.role, line.action, line.scope_code)
    return [at, *kept, said, line.address, line.request_id]


def plain(value: object) -> str:
    """Write a detail of a line as text."""
    if isinstance(value, list):
        return " → ".join(map(plain, value)) if len(value) == 2 else ", ".join(map(plain, value))
    return "–" if value is None else str(value)
