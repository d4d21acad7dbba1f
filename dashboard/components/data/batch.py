"""One batch: its account, what it refused, and how it is taken back."""

from __future__ import annotations

from typing import Any

from dashboard import ids
from dashboard.components import markup as html
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.outcome import counts, reasons
from dashboard.components.data.overview import intake
from dashboard.components.data.own import Action, action
from dashboard.components.data.reasons import reason_name
from dashboard.components.data.tables import block, facts, heading, row, table
from dashboard.components.data.words import batch_kind
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.desk.desk import Batch, Reject
from dashboard.text import Text

COLUMNS_SHOWN = 8


def batch_view(visit: DeskVisit, batch: Batch) -> list[Any]:
    """Build the view of a batch."""
    _ = visit.text
    report = batch.report or {}
    account = {
        "rows_read": batch.rows_read,
        "rows_loaded": batch.rows_loaded,
        "rows_updated": batch.rows_updated,
        "rows_unchanged": batch.rows_unchanged,
        "rows_rejected": batch.rows_rejected,
    }
    return [
        html.Div(
            [
                html.H1(_("Batch {number}", number=batch.batch_id), className="desk-title"),
                link(_("All batches"), visit.state.href(), className="quiet-link"),
            ],
            className="desk-head",
        ),
        *_undone(visit, batch),
        block(counts(account, _), _about(visit, batch)),
        *([reasons(_reasons(report), batch.rows_rejected, _)] if batch.rows_rejected else []),
        *([_rejects(visit, batch)] if batch.rows_rejected else []),
        *_undo(visit, batch),
    ]


def _reasons(report: dict[str, Any]) -> list[dict[str, Any]]:
    found, first = report.get("reasons") or {}, report.get("examples") or {}
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"reason": reason, "rows": rows, "first_row": first.get(reason)} for reason, rows in ordered
    ]


def _about(visit: DeskVisit, batch: Batch) -> Markup:
    _ = visit.text
    days = (
        f"{_.day(batch.first_day)} – {_.day(batch.last_day)}"
        if batch.first_day and batch.last_day
        else "–"
    )
    return facts(
        [
            (_("File"), batch.file_name or "–"),
            (_("Source"), f"{batch.source} · {batch_kind(batch.kind, _)}"),
            (_("Profile"), batch.profile or "–"),
            (_("Days"), days),
            (_("Loaded at"), _.moment(batch.finished_at.astimezone(visit.zone))),
            (_("By"), batch.author or "–"),
        ]
    )


def _undone(visit: DeskVisit, batch: Batch) -> list[Any]:
    if batch.undone_at is None:
        return []
    _ = visit.text
    words = _(
        "Taken back on {moment} by {author}.",
        moment=_.moment(batch.undone_at.astimezone(visit.zone)),
        author=batch.undone_by or "–",
    )
    return [html.P(words, className="alert calm", role="status")]


def _rejects(visit: DeskVisit, batch: Batch) -> Markup:
    _, found = visit.text, visit.desk.rejects(batch.batch_id)
    kept = {name for each in found for name in each.raw}
    stated = [name for name in (batch.report or {}).get("columns") or [] if name in kept]
    columns = [*stated, *sorted(kept - set(stated))][:COLUMNS_SHOWN]
    heads = [(_("Row"), "number"), (_("Reason"), ""), *((name, "") for name in columns)]
    rows = [_reject(each, columns, _) for each in found]
    href = f"/data/batches/{batch.batch_id}/rejects"
    buttons = html.Div(
        [
            html.A(_("Download as CSV"), href=f"{href}.csv", className="action"),
            html.A(_("Download as XLSX"), href=f"{href}.xlsx", className="action"),
            html.P(
                _("Correct the rows in the file and bring it again below, with the same profile."),
                className="quiet",
            ),
        ],
        className="buttons",
    )
    shown, all_ = _.number(len(found)), _.number(batch.rows_rejected)
    is_part = len(found) < batch.rows_rejected
    note = _("The first {shown} of {all}.", shown=shown, all=all_) if is_part else all_
    again = [intake(visit, like=batch.batch_id)] if visit.desk.profile_of(batch.batch_id) else []
    listed = table(_("Refused rows"), heads, rows)
    return block(heading(_("Refused rows"), note), buttons, listed, *again)


def _reject(each: Reject, columns: list[str], _: Text) -> Markup:
    cells: list[Any] = [(_.number(each.row), "number quiet"), (reason_name(each.reason, _), "late")]
    values = [each.raw.get(name) for name in columns]
    cells += [("–" if value is None else str(value), "cut") for value in values]
    return row(cells)


def _undo(visit: DeskVisit, batch: Batch) -> list[Any]:
    if batch.undone_at is not None or batch.kind != "incident":
        return []
    _ = visit.text
    return [
        block(
            heading(_("Undo")),
            html.P(_("An undo brings back what was there before this batch."), className="quiet"),
            _undo_button(visit, batch, _),
        )
    ]


def _undo_button(visit: DeskVisit, batch: Batch, _: Text) -> Action:
    former = visit.desk.former_versions(batch.batch_id)
    question = {
        "title": _("Undo batch {number}?", number=batch.batch_id),
        "words": [
            _("{n} incidents that came with it disappear.", n=_.number(batch.rows_loaded)),
            *(
                [_("{n} incidents it corrected are as they were before.", n=_.number(former))]
                if former
                else []
            ),
            _("Every map and figure follows at once. The batch stays in the list as undone."),
        ],
        "yes": _("Undo the batch"),
        "no": _("Keep it"),
    }
    request = {"kind": "undo", "batch_id": batch.batch_id}
    label = _("Undo this batch …")
    return action(label, request, _, look="danger", question=question, id=ids.DESK_UNDO)
