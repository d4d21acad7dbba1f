"""Where a file is on its way from the disk to the map."""

from __future__ import annotations

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.markup import Markup
from dashboard.desk.desk import Job


def steps(visit: DeskVisit, job: Job) -> Markup:
    """Build the four steps, the one of a job marked."""
    _ = visit.text
    boundaries = job.kind == "check" or job.request.get("what") == "boundaries"
    second = _("Check") if boundaries else _("Profile")
    names = [_("File"), second, _("Dry run"), _("Load")]
    now = step_of(job)
    items = []
    for number, name in enumerate(names, start=1):
        look = "now" if number == now else "past" if number < now else "ahead"
        mark = aria(current="step") if number == now else {}
        items.append(
            html.Li([html.Span(str(number), className="step"), name], className=look, **mark)
        )
    return html.Ol(items, className="steps", **aria(label=_("Steps")))


def step_of(job: Job) -> int:
    """Return the number of the step a job belongs to."""
    if job.kind != "load":
        return 2
    return 3 if job.request.get("dry_run") else 4
