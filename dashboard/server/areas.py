"""What a hover shows: an area by its id in the tiles, and the versions in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
from flask import Flask, Response, jsonify

from dashboard.server.values import IMMUTABLE, enter
from dashboard.source import Source
from geo.errors import NotFoundError

_LARGEST_ID = 2**31 - 1


def register(server: Flask, sources: Callable[[], Source]) -> None:
    """Answer ``/areas`` and ``/revision.json``."""

    @server.get("/areas/<scope>/<int:revision>/<int:area_id>.json")
    def area(scope: str, revision: int, area_id: int) -> Response:
        source = enter(sources, scope, revision)
        response = jsonify(describe_area(source, area_id))
        response.headers["Cache-Control"] = IMMUTABLE
        return response

    @server.get("/revision.json")
    def revision() -> Response:
        response = jsonify(describe_revision(sources()))
        response.headers["Cache-Control"] = "private, no-store"
        return response


def describe_area(source: Source, area_id: int) -> dict[str, Any]:
    """Describe an area; its path leads from the top of the viewer's scope down to itself.

    Raises:
        NotFoundError: the id is not in the viewer's scope.
    """
    areas, lineage = source.areas, source.picture.lineage
    row = int(lineage.rows_of(np.array([min(area_id, _LARGEST_ID)], np.int32))[0])
    if row < 0:
        raise NotFoundError("no such area")
    itself = areas.step(row)
    return {
        **asdict(itself),
        "level": areas.level_key(itself.slot),
        "path": [asdict(areas.step(step)) for step in [*lineage.path(row), row]],
        "population": areas.number("population", row),
        "households": areas.number("households", row),
        "area_km2": round(float(lineage.numbers("area_km2")[row]), 6),
        "kind": lineage.text("kind", row),
        "synthetic": areas.is_synthetic(itself.slot),
    }


def describe_revision(source: Source) -> dict[str, Any]:
    """Name the versions in force and the moment the data speaks of."""
    as_of = source.picture.as_of
    return {
        "scope": source.viewer.scope_key,
        "area": source.revisions.area,
        "incident": source.revisions.incident,
        "changed_at": source.revisions.changed_at.isoformat(),
        "as_of": as_of.isoformat() if as_of else None,
    }
