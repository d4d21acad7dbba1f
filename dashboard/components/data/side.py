"""What waits: the worker, jobs under way and done, and how old each source is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.own import Progress, progress_words
from dashboard.components.data.tables import heading
from dashboard.components.data.words import job_name, state_name
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.desk.desk import Job, SourceAge
from dashboard.text import Text

JOBS_SHOWN = 5
STALE_AFTER = timedelta(days=35)
"""A month's file and some days of grace: files come month after month."""


def side(visit: DeskVisit) -> list[Any]:
    """Build the column of what waits."""
    _, jobs = visit.text, visit.desk.jobs()
    new = link(_("Bring a file"), visit.state.href(), className="action wide")
    return [new, *_worker(jobs, _), _jobs(visit, jobs), _sources(visit)]


def _worker(jobs: list[Job], _: Text) -> list[Any]:
    """Say when nobody does what is waiting."""
    active = [job for job in jobs if job.active]
    if not active or not all(job.forsaken for job in active):
        return []
    words = [
        html.B(_("No worker is running.")),
        html.P(_("What was asked for waits until one is started on the server:")),
        html.P("gridboard work", className="code"),
    ]
    return [html.Div(words, className="alert", role="alert")]


def _jobs(visit: DeskVisit, jobs: list[Job]) -> Markup:
    _ = visit.text
    active = [job for job in jobs if job.active]
    others = [job for job in jobs if not job.active][: max(0, JOBS_SHOWN - len(active))]
    items = [_job(visit, job) for job in [*active, *others]]
    empty = html.P(_("Nothing was asked for yet."), className="quiet")
    listed = html.Ul(items, className="jobs") if items else empty
    return html.Section([heading(_("Jobs")), listed], className="side-block")


def _job(visit: DeskVisit, job: Job) -> Markup:
    _ = visit.text
    name = html.B(job_name(job, _))
    state = html.Span(state_name(job.state, _), className=f"state {job.state}")
    what = job.file or _undone(job, _)
    parts: list[Any] = [
        html.Span([name, state], className="job-head"),
        html.Span(what, className="quiet job-file", title=what),
    ]
    if job.active:
        parts.append(
            Progress(job=job.job_id, small=True, text=progress_words(_), lang=visit.state.lang)
        )
    else:
        ended = job.finished_at or job.asked_at
        parts.append(html.Span(_.ago(job.read_at - ended), className="quiet job-age"))
    shown = visit.state.job == job.job_id
    return html.Li(link(parts, visit.state.href(job=job.job_id), current=shown))


def _undone(job: Job, _: Text) -> str:
    return _("Batch {number}", number=job.request.get("batch_id", "–"))


def _sources(visit: DeskVisit) -> Markup:
    _, sources = visit.text, visit.desk.sources()
    now = datetime.now(visit.zone)
    items = [_source(source, now, _) for source in sources] or _sources_elsewhere(visit, now)
    empty = html.P(_("No incidents were loaded yet."), className="quiet")
    listed = html.Ul(items, className="sources") if items else empty
    rest = [html.P(_others(_), className="quiet")] if sources and visit.is_part else []
    return html.Section([heading(_("Sources")), listed, *rest], className="side-block")


def _sources_elsewhere(visit: DeskVisit, now: datetime) -> list[Markup]:
    """Say how old the figures are of an area for which alone nothing was loaded."""
    _, covered = visit.text, visit.coverage
    if covered is None or not visit.is_part:
        return []
    lines = [
        html.Span(_("Data to {day}", day=_.day(covered.last))),
        html.Span(_("Nothing was loaded for this area alone."), className="quiet"),
        html.Span(_others(_), className="quiet"),
    ]
    return [_aged(_("Loads for other areas"), covered.last, lines, now, _)]


def _others(_: Text) -> str:
    return _(
        "Loads for other areas, such as a wider one, are not listed here, although figures of this"
        " area may come from them."
    )


def _source(source: SourceAge, now: datetime, _: Text) -> Markup:
    """Say how old a source is; one that is stale says so in words and has no full dot."""
    last = source.last_day
    lines = [
        html.Span(
            _("Last incident {day}", day=_.day(last)) if last else _("Last incident day unknown")
        ),
        html.Span(_("Loaded {age}", age=_.ago(now - source.loaded_at)), className="quiet"),
    ]
    return _aged(source.source, last, lines, now, _)


def _aged(name: str, last: date | None, lines: list[Markup], now: datetime, _: Text) -> Markup:
    stale = last is not None and now.date() - last > STALE_AFTER
    look = "unknown" if last is None else "stale" if stale else "fresh"
    head = [
        html.I(className="dot", **aria(hidden="true")),
        html.B(name),
        html.Span(_("stale") if stale else "", className="late"),
    ]
    return html.Li([html.Span(head, className="job-head"), *lines], className=f"source {look}")
