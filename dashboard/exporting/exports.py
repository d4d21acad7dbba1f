"""Files of the current view, each written down in the audit log before it leaves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from dashboard.errors import ForbiddenError
from dashboard.exporting.geometries import read_pieces
from dashboard.exporting.ledger import LEDGER_ROLES, Ledger, ledger
from dashboard.exporting.ledger_files import write_ledger_pdf, write_ledger_xlsx
from dashboard.exporting.maps import write_geojson, write_geoparquet
from dashboard.exporting.tables import write_csv, write_xlsx
from dashboard.exporting.view_table import ViewTable, view_table
from dashboard.misread import require_understood
from dashboard.people.account import By
from dashboard.source import Source
from dashboard.visit import Visit
from geo.audit import Deed, record
from geo.database import writing
from geo.errors import NotFoundError

Write = Callable[["Exports", ViewTable, Path], None]


@dataclass(frozen=True)
class Exports:
    """What leaves the site for one viewer, within one request.

    Attributes:
        engine: connections of the application.
        source: where figures come from.
        by: who asks, for the audit log.
    """

    engine: Engine
    source: Source
    by: By

    def visit(self, code: str, query: str) -> Visit:
        """Read the address of a file: an area, and the query string of the map page.

        Raises:
            NotFoundError: the area is not in scope, as if it did not exist.
            MisreadError: the query string holds what is not understood.
        """
        visit = Visit.at(self.source, {"pathname": f"/map/{code}", "search": query})
        if visit.strayed or "area" in visit.notes:
            raise NotFoundError("no such area")
        require_understood(visit, query)
        return visit

    def write(self, visit: Visit, form: str, path: Path) -> str:
        """Write the view's table as a file, and into the audit log that it was taken.

        Args:
            visit: what is shown.
            form: one of ``FORMS``.
            path: where to; replaced if it exists.

        Returns:
            The file's name as its reader sees it.
        """
        table = view_table(visit)
        FORMS[form](self, table, path)
        name = file_name(visit, visit.layer.key, form)
        self.note(name, rows=len(table.area_ids))
        return name

    def write_ledger(self, visit: Visit, form: str, path: Path) -> str:
        """Write the ledger of an area as a file, and into the audit log that it was taken.

        Args:
            visit: the area and the days.
            form: one of ``LEDGER_FORMS``.
            path: where to.

        Returns:
            The file's name as its reader sees it.
        """
        if self.source.viewer.role not in LEDGER_ROLES:
            raise ForbiddenError("a wall shows figures; registers of incidents are for persons")
        found = ledger(self.engine, visit)
        LEDGER_FORMS[form](found, visit, path)
        name = file_name(visit, "ledger", form)
        self.note(name, rows=found.rows)
        return name

    def note(self, name: str, **detail: object) -> None:
        """Write down that a file leaves the site."""
        by, what = self.by, {"what": name, **detail}
        deed = Deed(by.login, by.scope_code, "export", by.role, by.address, by.request_id, what)
        with writing(self.engine, self.source.viewer) as connection:
            record(connection, deed)


def file_name(visit: Visit, what: str, form: str) -> str:
    """Name a file by area, content and period."""
    days = visit.days
    what = f"{what}-publishable" if visit.state.publish else what
    return f"gridboard-{visit.area.code}-{what}-{days.since:%Y%m%d}-{days.last:%Y%m%d}.{form}"


def _geojson(exports: Exports, table: ViewTable, path: Path) -> None:
    write_geojson(table, read_pieces(exports.engine, exports.source, table.area_ids), path)


def _geoparquet(exports: Exports, table: ViewTable, path: Path) -> None:
    write_geoparquet(table, read_pieces(exports.engine, exports.source, table.area_ids), path)


FORMS: dict[str, Write] = {
    "xlsx": lambda _exports, table, path: write_xlsx(table, path),
    "csv": lambda _exports, table, path: write_csv(table, path),
    "geojson": _geojson,
    "parquet": _geoparquet,
}
"""By the ending of the file's name."""

LEDGER_FORMS: dict[str, Callable[[Ledger, Visit, Path], None]] = {
    "xlsx": write_ledger_xlsx,
    "pdf": write_ledger_pdf,
}
"""By the ending of the file's name."""
