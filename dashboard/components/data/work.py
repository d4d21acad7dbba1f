"""The middle of the data page: the one thing that is being worked on."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.data.batch import batch_view
from dashboard.components.data.defects import defects
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.draft import draft
from dashboard.components.data.outcome import outcome
from dashboard.components.data.overview import overview
from dashboard.components.data.own import Progress, action, progress_words
from dashboard.components.data.refusal import refusal
from dashboard.components.data.steps import steps
from dashboard.components.data.tables import block
from dashboard.components.data.words import job_name
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.desk.desk import Job
from dashboard.text import Text


def work(visit: DeskVisit) -> list[Any]:
    """Build what the address asks for: a job, a batch, or the first view."""
    if visit.job is not None:
        return [*_head(visit, visit.job), *_job(visit, visit.job)]
    if visit.batch is not None:
        return batch_view(visit, visit.batch)
    return [*_missing(visit), *overview(visit)]


def failure(_: Text) -> list[Any]:
    """Say that the view could not be drawn, and how to try again."""
    return [
        html.Div(
            [
                html.B(_("The data is unavailable at the moment.")),
                html.P(_("Nothing was lost. Reload the page to try again.")),
            ],
            className="alert",
            role="alert",
        )
    ]


def _missing(visit: DeskVisit) -> list[Any]:
    number = visit.state.job or visit.state.batch
    if number is None:
        return []
    words = visit.text("There is no number {number} in view.", number=number)
    return [html.P(words, className="alert", role="alert")]


def _head(visit: DeskVisit, job: Job) -> list[Any]:
    _ = visit.text
    title = job.file or _("Batch {number}", number=job.request.get("batch_id", "–"))
    asked = _(
        "Job {number}, asked for {age}", number=job.job_id, age=_.ago(job.read_at - job.asked_at)
    )
    head = html.Div(
        [
            html.H1([html.Span(title, className="cut", title=title)], className="desk-title"),
            html.Span(f"{job_name(job, _)} · {asked} · {job.author}", className="quiet"),
        ],
        className="desk-head",
    )
    return [head] if job.kind == "undo" else [head, steps(visit, job)]


def _job(visit: DeskVisit, job: Job) -> list[Any]:
    _ = visit.text
    if job.active:
        words = progress_words(_)
        bar = Progress(job=job.job_id, small=False, text=words, lang=visit.state.lang)
        return [*_forsaken(job, _), block(bar), _under_way(job, _)]
    if job.state != "done":
        return refusal(visit, job)
    views = {"draft": draft, "check": defects, "load": outcome, "undo": _taken_back}
    return views[job.kind](visit, job)


def _under_way(job: Job, _: Text) -> Markup:
    words = _("You may leave this page: the job goes on, and is found again under Jobs.")
    request = {"kind": "cancel", "job_id": job.job_id}
    stop = action(_("Call it off"), request, _, look="quiet-action", stay=True, id="desk-cancel")
    return html.Div([stop, html.P(words, className="quiet")], className="buttons")


def _forsaken(job: Job, _: Text) -> list[Any]:
    if not job.forsaken:
        return []
    words = [
        html.B(_("No worker is running.")),
        html.P(_("The job is kept. Start a worker on the server, and it begins:")),
        html.P("gridboard work", className="code"),
    ]
    return [html.Div(words, className="alert", role="alert")]


def _taken_back(visit: DeskVisit, job: Job) -> list[Any]:
    _, result = visit.text, job.result or {}
    number = job.request.get("batch_id")
    removed, restored = result.get("rows_removed"), result.get("rows_restored")
    lines: list[Markup] = [html.B(_("Batch {number} was taken back.", number=number))]
    if removed is not None and restored is not None:
        gone = _.number(removed - restored)
        lines.append(html.P(_("{n} incidents that came with it are gone.", n=gone)))
        lines.append(html.P(_("{n} incidents are as they were before.", n=_.number(restored))))
    href = visit.state.href(batch=number)
    return [
        html.Div(lines, className="alert calm", role="status"),
        html.Div([link(_("To the batch"), href, className="action")], className="buttons"),
    ]
