"""What stands around the web process and may be amiss while the map is served all the same."""

from __future__ import annotations

import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard.cluster.private import DISK_MINIMUM_BYTES
from dashboard.serving import serving_pid
from geo.database import gate_engine, read_sql_file, run_at_gate
from geo.errors import DatabaseUnavailableError

OK = "ok"
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Surroundings:
    """Where to look for what may be amiss.

    Attributes:
        engine: the application's connections.
        folder: the private state of this checkout.
        has_worker: whether a worker should run beside the server; one of another machine
            cannot be seen from here.
    """

    engine: Engine
    folder: Path
    has_worker: bool

    def concerns(self) -> dict[str, str]:
        """Look at accounts, disk and worker; each is ``ok`` or a word on what is wrong."""
        return {"accounts": self._accounts(), "disk": self._disk(), "worker": self._worker()}

    def _accounts(self) -> str:
        """Whether anybody could log in."""
        statement = read_sql_file("dashboard", "has_accounts.sql")
        try:
            ((found,),) = run_at_gate(gate_engine(self.engine), statement, {})
        except (DatabaseUnavailableError, SQLAlchemyError):
            # What is wrong with the database is told by the checks.
            return "unknown"
        return OK if found else "none: run 'gridboard user add'"

    def _disk(self) -> str:
        there = next(path for path in (self.folder, *self.folder.parents) if path.exists())
        try:
            free = shutil.disk_usage(there).free
        except OSError as error:
            _log.warning("the disk of %s cannot be asked: %s", there, error)
            return "unknown"
        return OK if free >= DISK_MINIMUM_BYTES else "almost full"

    def _worker(self) -> str:
        if not self.has_worker:
            return OK
        alive = any(serving_pid(note) for note in self.folder.glob("work-*.pid"))
        return OK if alive else "none"
