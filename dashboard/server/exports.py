"""Files of the current view, and ledgers: the page's own address, with an ending."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, request, send_file

from dashboard.exporting.exports import FORMS, LEDGER_FORMS, Exports
from dashboard.picture import of_one_picture
from geo.errors import NotFoundError

MIMETYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "pdf": "application/pdf",
    "png": "image/png",
}


def register(server: Flask, exports: Callable[[], Exports]) -> None:
    """Answer ``/export`` and ``/ledger/<code>.<form>?…`` with the query of the map page."""

    @server.get("/export/<code>.<form>")
    @of_one_picture
    def export(code: str, form: str) -> Response:
        if form not in FORMS:
            raise NotFoundError(f"a view comes as {', '.join(FORMS)}")
        asked = exports()
        visit = asked.visit(code, request.query_string.decode())
        return sent(form, lambda path: asked.write(visit, form, path))

    @server.get("/ledger/<code>.<form>")
    @of_one_picture
    def ledger(code: str, form: str) -> Response:
        if form not in LEDGER_FORMS:
            raise NotFoundError(f"a ledger comes as {', '.join(LEDGER_FORMS)}")
        asked = exports()
        visit = asked.visit(code, request.query_string.decode())
        return sent(form, lambda path: asked.write_ledger(visit, form, path))


def sent(form: str, write: Callable[[Path], str]) -> Response:
    """Have a file written, and send it under the name it is given."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file.{form}"
        name = write(path)
        # The open file outlives its name.
        response = send_file(path.open("rb"), MIMETYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
