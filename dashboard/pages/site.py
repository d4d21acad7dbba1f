"""What the map of the data page shows: the scope's borders, and what a job found in a file."""

from __future__ import annotations

import json
from typing import Any

from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.preview import shown
from dashboard.components.data.reasons import reason_name
from dashboard.components.data.words import defect_kind
from dashboard.desk.desk import Job
from dashboard.text import Text
from geo.errors import NotFoundError

MAX_LABELS = 60
MAX_POINTS = 500


def site(visit: DeskVisit) -> dict[str, Any] | None:
    """Describe the map of a visit; without anything to show there is no map."""
    job = visit.job
    if job is None or job.state != "done" or job.kind not in ("draft", "check"):
        return None
    result = job.result or {}
    points = _points(job, result.get("rows") or [], visit)
    if not points:
        return None
    defects = f"/data/jobs/{job.job_id}/defects.geojson" if result.get("geojson") else None
    return {
        "borders": _borders(visit),
        "points": points,
        "defects": defects,
        "legend": _legend(job, points, visit.text),
    }


def _points(job: Job, rows: list[dict[str, Any]], visit: DeskVisit) -> list[dict[str, Any]]:
    placed = [each for each in rows if each.get("lon") is not None and each.get("lat") is not None]
    describe = _defect if job.kind == "check" else _incident
    return [
        {"lon": each["lon"], "lat": each["lat"], **describe(each, number, visit)}
        for number, each in enumerate(placed[:MAX_POINTS], start=1)
    ]


def _incident(each: dict[str, Any], number: int, visit: DeskVisit) -> dict[str, str]:
    _ = visit.text
    said = [shown(each.get(name), visit) for name in ("occurred_at", "category", "status")]
    said += [reason_name(each["reason"], _)] if each.get("reason") else []
    title = _("Row {number}", number=each.get("row") or number)
    return _words("bad" if each.get("reason") else "good", title, said)


def _defect(each: dict[str, Any], _number: int, visit: DeskVisit) -> dict[str, str]:
    _ = visit.text
    area = each.get("area_m2")
    size = f"{_.number(area, 2)} m²" if area is not None else None
    return _words(
        "bad", defect_kind(str(each.get("kind")), _), [each.get("code"), each.get("other"), size]
    )


def _words(look: str, title: str, lines: list[Any]) -> dict[str, str]:
    said = json.dumps([str(line) for line in lines if line], ensure_ascii=False)
    return {"look": look, "title": title, "lines": said}


def _legend(job: Job, points: list[dict[str, Any]], _: Text) -> list[dict[str, str]]:
    if job.kind == "check":
        return [{"look": "bad", "words": _("Defects")}]
    lines = [{"look": "good", "words": _("First rows, as they would be kept")}]
    if any(point["look"] == "bad" for point in points):
        lines.append({"look": "bad", "words": _("refused rows")})
    return lines


def _borders(visit: DeskVisit) -> dict[str, Any] | None:
    """Describe the viewer's area and those right below it; before any are loaded, nothing."""
    source, _ = visit.source, visit.text
    try:
        area = source.area(source.home)
    except NotFoundError:
        return None
    child = area.child_level
    slots = [area.slot, *(source.hierarchy.level(layer).slot for layer in area.layers)]
    found = source.labels(area.code, child, limit=MAX_LABELS) if child else None
    labels = []
    if found is not None:
        names = (
            found["name_en"].fillna(found["name"]) if visit.state.lang == "en" else found["name"]
        )
        places = found[["lon", "lat"]].astype(float).round(5).to_numpy().tolist()
        labels = [[*at, _.within(name, area)] for at, name in zip(places, names, strict=True)]
    version = source.revisions.area
    return {
        "tiles": f"/tiles/{source.viewer.scope_key}/{version}/{{slot}}/{{z}}/{{x}}/{{y}}.mvt",
        "slots": slots,
        "focus": area.area_id,
        "bounds": list(area.bounds),
        "labels": labels,
    }
