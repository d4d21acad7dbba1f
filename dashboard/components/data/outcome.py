"""What a load did or would do: counts that add up, reasons, and what can be done next."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.own import action
from dashboard.components.data.reasons import reason_name
from dashboard.components.data.tables import block, heading, row, table
from dashboard.components.data.words import outcome_names
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.desk.desk import Job
from dashboard.text import Text


def outcome(visit: DeskVisit, job: Job) -> list[Any]:
    """Build the view of a finished load or dry run."""
    _, result = visit.text, job.result or {}
    dry = bool(job.request.get("dry_run"))
    return [
        block(_title(result, dry, _), counts(result, _), *_beside(result, _)),
        reasons(result.get("reasons") or [], int(result.get("rows_rejected") or 0), _),
        html.Div(_next(visit, job, result, dry=dry), className="buttons"),
    ]


def counts(result: dict[str, Any], _: Text) -> Markup:
    """Build the four outcomes as a bar and as figures; they add up to the rows read."""
    read = int(result.get("rows_read") or 0)
    parts = [(key, name, int(result.get(key) or 0)) for key, name in outcome_names(_).items()]
    bar = [
        html.I(className=key, style={"width": f"{100 * count / read:.3f}%"})
        for key, _name, count in parts
        if read and count
    ]
    cells = [_figure("rows_read", _("rows read"), read, None, _)]
    cells += [
        _figure(key, name, count, count / read if read else None, _) for key, name, count in parts
    ]
    return html.Div(
        [
            html.Dl(cells, className="facts outcomes"),
            html.Div(bar, className="outcome-bar", **aria(hidden="true")),
        ]
    )


def _figure(key: str, name: str, count: int, share: float | None, _: Text) -> Markup:
    value = [_.number(count), html.Small(f" {_('rows')}", className="quiet")]
    note = html.Dd(_share(share, _), className="share quiet")
    look = f"{key}{' some' if count else ''}"
    return html.Div([html.Dt(name), html.Dd(value), note], className=look)


def _share(share: float | None, _: Text) -> str:
    """Write a share to a tenth of a percent, so that the shares of a whole add up to it."""
    return "" if share is None else f"{_.number(100 * share, 1)}%"


def reasons(found: Any, refused: int, _: Text) -> Markup:
    """Build the table of reasons, as a load tells them or as a batch keeps them."""
    listed = _as_list(found)
    heads = [
        (_("Reason"), ""),
        (_("Rows"), "number"),
        (_("Share"), "number"),
        (_("First row"), "number"),
    ]
    rows = [
        row(
            [
                reason_name(str(each["reason"]), _),
                (_.number(each["rows"]), "number"),
                (_share(each["rows"] / refused, _) if refused else "–", "number quiet"),
                (_.number(each["first_row"]) if each.get("first_row") else "–", "number quiet"),
            ]
        )
        for each in listed
    ]
    title = heading(_("Why rows are refused"), _("{n} rows", n=_.number(refused)))
    return block(title, table(_("Why rows are refused"), heads, rows, _("No row is refused.")))


def _as_list(found: Any) -> list[dict[str, Any]]:
    if isinstance(found, dict):
        ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        return [{"reason": reason, "rows": rows} for reason, rows in ordered]
    return list(found)


def _title(result: dict[str, Any], dry: bool, _: Text) -> Markup:
    words = _("What a load would do: nothing was changed yet") if dry else _("What was loaded")
    seconds = sum(float(each) for each in (result.get("seconds") or {}).values())
    return heading(words, _("in {seconds} s", seconds=_.number(seconds, 1)))


def _beside(result: dict[str, Any], _: Text) -> list[Any]:
    """Say what changed that was no row of the file."""
    said = []
    if result.get("rows_closed"):
        said.append(_("{n} areas end with this edition.", n=_.number(result["rows_closed"])))
    if result.get("rows_moved"):
        said.append(_("{n} incidents move to other areas.", n=_.number(result["rows_moved"])))
    if result.get("first_day") and result.get("last_day"):
        said.append(_("Incidents of {days}.", days=f"{result['first_day']} – {result['last_day']}"))
    return [html.P(words, className="quiet") for words in said]


def _next(visit: DeskVisit, job: Job, result: dict[str, Any], *, dry: bool) -> list[Any]:
    _, request = visit.text, job.request
    if not dry:
        batch_id = job.batch_id or result.get("batch_id")
        more = [link(_("Another file"), visit.state.href(), className="action")]
        if batch_id is None:
            return more
        href = visit.state.href(batch=batch_id)
        return [link(_("To the batch"), href, className="action primary"), *more]
    load = {"kind": "load", **request, "dry_run": False}
    return [action(_("Load"), load, _, look="primary", id="desk-load"), *back(job, _)]


def back(job: Job, _: Text) -> list[Any]:
    """Build the way back to the profile of a load of incidents, or to the check of areas."""
    file, profile = job.request.get("file"), job.request.get("profile")
    if not file or not profile:
        return []
    if job.request.get("what") == "boundaries" or job.kind == "check":
        request = {"kind": "check", "file": file, "profile": profile}
        return [action(_("Check again"), request, _)]
    request = {"kind": "draft", "file": file, "profile": profile}
    return [action(_("Back to the profile"), request, _)]
