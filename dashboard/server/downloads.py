"""Files on their way out: refused rows to be corrected, defects to be looked at in a GIS."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response, send_file

from dashboard.desk.desk import Desk
from geo.errors import NotFoundError

_FORMATS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_GEOJSON = "application/geo+json"


def register(server: Flask, desks: Callable[[], Desk]) -> None:
    """Answer ``/data/batches/<n>/rejects.<csv|xlsx>`` and ``/data/jobs/<n>/defects.geojson``."""

    @server.get("/data/batches/<int:batch_id>/rejects.<form>")
    def rejects(batch_id: int, form: str) -> Response:
        desk = desks()
        if form not in _FORMATS:
            raise NotFoundError("refused rows come as csv or xlsx")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"rejects-{batch_id}.{form}"
            desk.export_rejects(batch_id, path)
            # The open file outlives its name.
            return _attached(send_file(path.open("rb"), _FORMATS[form]), path.name)

    @server.get("/data/jobs/<int:job_id>/defects.geojson")
    def defects(job_id: int) -> Response:
        desk = desks()
        name = (desk.job(job_id).result or {}).get("geojson")
        if not isinstance(name, str):
            raise NotFoundError("this job left no file")
        file, shown = desk.folders.result(job_id, name), f"defects-{job_id}.geojson"
        desk.note_export(shown)
        return _attached(send_file(file, _GEOJSON), shown)


def _attached(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
