"""What is wrong with a file of areas: every defect with its place, and the way on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard import ids
from dashboard.components import markup as html
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.draft import place
from dashboard.components.data.own import EditionForm
from dashboard.components.data.tables import block, heading, row, table
from dashboard.components.data.words import defect_kind
from dashboard.components.markup import Markup
from dashboard.desk.desk import Job
from dashboard.text import Text

DEFECTS_SHOWN = 300
MARGIN = 3.0


def defects(visit: DeskVisit, job: Job) -> list[Any]:
    """Build the view of a finished check."""
    _, result = visit.text, job.result or {}
    by_kind: dict[str, int] = result.get("defects") or {}
    return [
        *_fit(result.get("fit"), _),
        _kinds(by_kind, _),
        *_account(result, _),
        _list(visit, job, result),
        block(heading(_("Load as a new edition")), _form(visit, job, result)),
    ]


def _fit(fit: str | None, _: Text) -> list[Any]:
    """Say that the coordinates are not in the system they claim."""
    if not fit:
        return []
    parts = [html.B(_("The coordinates fit only in another system.")), html.P(fit)]
    return [html.Div(parts, className="alert", role="alert")]


def _kinds(by_kind: dict[str, int], _: Text) -> Markup:
    total = sum(by_kind.values())
    rows = [
        row([defect_kind(kind, _), (_.number(count), "number")])
        for kind, count in sorted(by_kind.items(), key=lambda item: (-item[1], item[0]))
        if count
    ]
    title = heading(_("Defects by kind"), _.number(total))
    empty = _("No defects: every area is where it belongs.")
    return block(
        title, table(_("Defects by kind"), [(_("Kind"), ""), (_("Number"), "number")], rows, empty)
    )


def _account(result: dict[str, Any], _: Text) -> list[Any]:
    """Tell what cleaning moved, as the check says it."""
    cleaned = result.get("cleaned")
    if not isinstance(cleaned, dict):
        return []
    rows = [row([str(name), (_shown(value, _), "number")]) for name, value in cleaned.items()]
    heads = [(_("Cleaning"), ""), ("", "number")]
    return [block(heading(_("What cleaning moved")), table(_("What cleaning moved"), heads, rows))]


def _list(visit: DeskVisit, job: Job, result: dict[str, Any]) -> Markup:
    _, found = visit.text, result.get("rows") or []
    heads = [
        (_("Kind"), ""),
        (_("Code"), ""),
        (_("With"), ""),
        (_("Area (m²)"), "number"),
        (_("Place"), "number"),
    ]
    rows = [_defect(each, _) for each in found[:DEFECTS_SHOWN]]
    more = []
    if len(found) > DEFECTS_SHOWN:
        shown, all_ = _.number(DEFECTS_SHOWN), _.number(len(found))
        more = [html.P(_("The first {shown} of {all}.", shown=shown, all=all_), className="more")]
    if result.get("geojson"):
        href = f"/data/jobs/{job.job_id}/defects.geojson"
        more.append(html.A(_("Download as GeoJSON"), href=href, className="action"))
    title = heading(_("Defects"), _("a place shows the defect on the map"))
    return block(title, table(_("Defects"), heads, rows, _("No defects.")), *more)


def _defect(each: dict[str, Any], _: Text) -> Markup:
    area = each.get("area_m2")
    metres = MARGIN * max(30.0, float(area or 0) ** 0.5)
    return row(
        [
            defect_kind(str(each.get("kind", "")), _),
            (str(each.get("code") or "–"), "code-cell"),
            (str(each.get("other") or "–"), "code-cell"),
            (_.number(area, 0 if area >= 100 else 2) if area is not None else "–", "number"),
            (place(each, metres), "number"),
        ]
    )


def _form(visit: DeskVisit, job: Job, result: dict[str, Any]) -> EditionForm:
    _ = visit.text
    return EditionForm(
        id=ids.DESK_EDITION,
        file=job.request.get("file"),
        profile=job.request.get("profile"),
        today=datetime.now(visit.zone).date().isoformat(),
        clean_m=job.request.get("clean_m"),
        blocked=bool(result.get("fit")),
        text={
            "validFrom": _("Valid from"),
            "validHint": _("First day on which these areas hold; the former ones are kept."),
            "clean": _("Clean within (m)"),
            "noClean": _("not cleaned"),
            "cleanHint": _(
                "Gaps and overlaps narrower than this are closed; never without being asked."
            ),
            "dryRun": _("Dry run"),
            "checkCleaned": _("Check as cleaned"),
            "blocked": _("It cannot be loaded before its coordinate system is stated rightly."),
            "failed": _("This was refused:"),
        },
    )


def _shown(value: Any, _: Text) -> str:
    return _.number(value, 2) if isinstance(value, float) else str(value)
