"""Why a job came to nothing: in words, with what is known in particular, and the way on."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.data.defects import kinds
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.outcome import back, counts, reasons
from dashboard.components.data.tables import block
from dashboard.components.data.words import person_kind
from dashboard.components.links import link
from dashboard.components.markup import Markup
from dashboard.desk.desk import Job
from dashboard.text import Text


def refusal(visit: DeskVisit, job: Job) -> list[Any]:
    """Build the view of a job that was refused, failed or called off: nothing was changed."""
    _, result = visit.text, job.result or {}
    heads = {
        "refused": _("The file was refused: nothing was changed."),
        "failed": _("Something went wrong on the server: nothing was changed."),
        "cancelled": _("The job was called off: nothing was changed."),
    }
    parts: list[Any] = [html.B(heads.get(job.state, job.state))]
    if why := _why(str(result.get("kind") or ""), _):
        parts.append(html.P(why))
    if persons := result.get("persons"):
        parts.append(html.Ul([_person(person, _) for person in persons]))
    error = result.get("error") or _("The server's log says more.")
    parts.append(html.P(str(error), className="said quiet" if why else "said"))
    other = link(_("Another file"), visit.state.href(), className="action")
    again = back(job, _) if job.kind == "load" else []
    return [
        html.Div(parts, className="alert", role="alert"),
        *_particulars(result, _),
        html.Div([*again, other], className="buttons"),
    ]


def _why(kind: str, _: Text) -> str | None:
    """Say a refusal in the user's language, by the name of its error."""
    return {
        "PersonDataError": _(
            "It holds data about persons. Remove these columns from the file, or leave them out"
            " in the profile."
        ),
        "DefectsError": _("Its areas have defects above what is put up with."),
        "MostlyRejectedError": _(
            "So many rows would be refused that the profile is probably that of another file."
        ),
    }.get(kind)


def _person(person: dict[str, Any], _: Text) -> Markup:
    rows = _("{n} rows", n=_.number(person.get("rows") or 0))
    kind = person_kind(str(person.get("kind")), _)
    return html.Li([html.Del(str(person.get("column"))), f" {kind}, {rows}"])


def _particulars(result: dict[str, Any], _: Text) -> list[Any]:
    """Show the defects by kind, or the account of a load with too many refused rows."""
    parts: list[Any] = []
    if isinstance(defects := result.get("defects"), dict):
        parts.append(kinds(defects, _))
    if isinstance(account := result.get("account"), dict):
        parts.append(block(counts(account, _)))
        parts.append(
            reasons(account.get("reasons") or [], int(account.get("rows_rejected") or 0), _)
        )
    return parts
