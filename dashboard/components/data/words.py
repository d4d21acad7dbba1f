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
    return {"incident": _("incident records"), "area": _("boundaries")}.get(kind, kind)


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
        "names": _("names of persons"),
        "ID numbers": _("ID numbers"),
        "phone numbers": _("phone numbers"),
        "home addresses": _("home addresses"),
        "ethnicity": _("ethnicity"),
        "religion": _("religion"),
        "dates of birth": _("dates of birth"),
        "accounts": _("accounts"),
        "free text": _("free text"),
    }.get(kind, kind)


def defect_kind(kind: str, _: Text) -> str:
    """Name a defect of a file of areas."""
    return {
        "invalid": _("invalid outline"),
        "duplicate code": _("duplicate code"),
        "several features": _("several features with one code"),
        "blank code": _("blank code"),
        "bad code": _("malformed code"),
        "no name": _("no name"),
        "unfit character": _("unfit character in a name"),
        "unknown parent": _("unknown parent"),
        "unknown code": _("code not in the division list"),
        "astray": _("code disagrees with its place"),
        "bad date": _("bad date"),
        "overlap": _("overlap"),
        "gap": _("gap"),
        "sliver": _("sliver"),
        "hole": _("hole"),
        "outside": _("outside its parent"),
        "unfilled": _("parent not filled"),
        "edges": _("borders without common vertices"),
    }.get(kind, kind)


def step_name(step: str, _: Text) -> str:
    """Name what a worker is doing; the name of a file behind it is kept."""
    steps = {
        "Reading": _("Reading"),
        "Loading areas": _("Loading areas"),
        "Drawing the map": _("Drawing the map"),
        "Checking": _("Checking"),
        "Loading": _("Loading"),
        "Counting": _("Counting"),
        "Undoing": _("Undoing"),
    }
    known = next(
        (each for each in sorted(steps, key=len, reverse=True) if step.startswith(each)), ""
    )
    return steps[known] + step.removeprefix(known) if known else step
