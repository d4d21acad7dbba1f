"""Files of the current view, and ledgers: the page's own address, with an ending."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

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
        return _answered(exports(), code, form, "view")

    @server.get("/ledger/<code>.<form>")
    @of_one_picture
    def ledger(code: str, form: str) -> Response:
        return _answered(exports(), code, form, "ledger")


def query_string() -> str:
    """Return the query string of the request; bytes that are no text are understood by nobody."""
    return request.query_string.decode("utf-8", "replace")


def _answered(asked: Exports, code: str, form: str, what: Literal["view", "ledger"]) -> Response:
    """Write a view or a ledger in one of its forms, and send it."""
    forms = FORMS if what == "view" else LEDGER_FORMS
    if form not in forms:
        raise NotFoundError(f"a {what} comes as {', '.join(forms)}")
    write = asked.write if what == "view" else asked.write_ledger
    visit = asked.visit(code, query_string())
    return sent(form, lambda path: write(visit, form, path))


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
