"""What jobs, states, outcomes and columns are called."""

from __future__ import annotations

from dashboard.desk.desk import Job
from dashboard.text import Text


def job_name(job: Job, _: Text) -> str:
    """Name what a job does."""
    if job.kind == "load":
        return _("Dry run") if job.request.get("dry_run") else _("Load")
    names = {"draft": _("Read the file"), "check": _("Check areas"), "undo": _("Undo")}
    return names.get(job.kind, job.kind)


def state_name(state: str, _: Text) -> str:
    """Name how a job stands."""
    return {
        "waiting": _("waiting"),
        "running": _("running"),
        "done": _("done"),
        "refused": _("refused"),
        "failed": _("failed"),
        "cancelled": _("cancelled"),
    }.get(state, state)


def outcome_names(_: Text) -> dict[str, str]:
    """Name the four ways a row can end, by the name of their count."""
    return {
        "rows_loaded": _("new"),
        "rows_updated": _("corrected"),
        "rows_unchanged": _("unchanged"),
        "rows_rejected": _("refused rows"),
    }


def batch_kind(kind: str, _: Text) -> str:
    """Name what a batch holds."""
    return {"incident": _("incidents"), "area": _("areas")}.get(kind, kind)


def field_name(field: str, _: Text) -> str:
    """Name a field of an incident."""
    return {
        "incident_id": _("Identifier"),
        "lon": _("Longitude or x"),
        "lat": _("Latitude or y"),
        "crs": _("Coordinate system"),
        "address": _("Address"),
        "time_zone": _("Time zone"),
        "source": _("Source"),
        "occurred_at": _("Occurred"),
        "received_at": _("Received"),
        "deadline": _("Deadline"),
        "resolved_at": _("Resolved on"),
        "category": _("Category"),
        "channel": _("Channel"),
        "status": _("Status"),
        "scale": _("Scale"),
        "method": _("Method"),
        "organisation": _("Organisation"),
        "people": _("People involved"),
        "leave_out": _("Columns left out"),
    }.get(field, field)


def person_kind(kind: str, _: Text) -> str:
    """Name what of a person a column holds."""
    return {
        "name": _("names of persons"),
        "names": _("names of persons"),
        "id number": _("ID numbers"),
        "phone number": _("phone numbers"),
        "home address": _("home addresses"),
        "address": _("home addresses"),
        "ethnicity": _("ethnicity"),
        "religion": _("religion"),
    }.get(kind.lower(), kind)


def defect_kind(kind: str, _: Text) -> str:
    """Name a defect of a coverage."""
    return {
        "invalid ring": _("invalid ring"),
        "overlap": _("overlap"),
        "gap": _("gap"),
        "sliver": _("sliver"),
        "hole": _("hole"),
        "duplicate code": _("duplicate code"),
        "blank code": _("blank code"),
        "outside parent": _("outside its parent"),
        "unfilled parent": _("parent not filled"),
        "misplaced code": _("code disagrees with its place"),
        "unknown code": _("code not in the division list"),
    }.get(kind.replace("_", " "), kind)
