"""What is wrong with a file of areas: every defect with its place, and the way on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard import ids
from dashboard.components import markup as html
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.own import EditionForm
from dashboard.components.data.preview import place
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
        *_fit(result, _),
        *_above(result, _),
        kinds(by_kind, _),
        *_account(result, _),
        _list(visit, job, result),
        block(heading(_("Load as a new edition")), _form(visit, job, result)),
    ]


def lies(result: dict[str, Any]) -> bool:
    """Whether the coordinates are in another system than the file claims."""
    fit = result.get("fit")
    return bool(isinstance(fit, dict) and fit.get("lies"))


def _fit(result: dict[str, Any], _: Text) -> list[Any]:
    """Say that the coordinates are not in the system they claim, with how well each fits."""
    if not lies(result):
        return []
    fit = result["fit"]
    shares = [
        html.Li(f"{system}: {_.number(100 * share, 1)}%")
        for system, share in (fit.get("share_inside") or {}).items()
    ]
    words = _("The coordinates fit only as {system}.", system=fit.get("system"))
    parts = [
        html.B(words),
        html.P(_("Share of points that lie inside the areas loaded, by system:")),
        html.Ul(shares),
        html.P(str(result.get("crs") or ""), className="said quiet"),
    ]
    return [html.Div(parts, className="alert", role="alert")]


def _above(result: dict[str, Any], _: Text) -> list[Any]:
    """Say how many defects forbid a load."""
    above, tolerance_m2 = result.get("above") or 0, result.get("tolerance_m2") or 0
    if not above:
        return []
    words = _(
        "{n} defects forbid a load. Those measured in m² are put up with up to {m2} m².",
        n=_.number(above),
        m2=_.number(tolerance_m2, 1),
    )
    return [html.Div(html.B(words), className="alert", role="alert")]


def kinds(by_kind: dict[str, int], _: Text) -> Markup:
    """Build the table of how many defects there are of each kind."""
    total = sum(by_kind.values())
    rows = [
        row([defect_kind(kind, _), (_.number(count), "number")])
        for kind, count in sorted(by_kind.items(), key=lambda item: (-item[1], item[0]))
        if count
    ]
    title = heading(_("Defects by kind"), _.number(total))
    empty = _("No defects: every area is where it belongs.")
    return block(
        title, table(_("Defects by kind"), [(_("Kind"), ""), (_("Defects"), "number")], rows, empty)
    )


def _account(result: dict[str, Any], _: Text) -> list[Any]:
    """Tell what cleaning moved, area by area: what it was, and what it is."""
    cleaned = result.get("cleaned")
    if not isinstance(cleaned, dict):
        return []
    rows = [
        row(
            [
                (str(each.get("code")), "code-cell"),
                (_.number(each.get("lost_m2") or 0, 2), "number"),
                (_.number(each.get("gained_m2") or 0, 2), "number"),
                (_.number(each.get("moved_m") or 0, 2), "number"),
            ]
        )
        for each in (cleaned.get("changes") or [])[:DEFECTS_SHOWN]
    ]
    heads = [
        (_("Code"), ""),
        (_("Lost (m²)"), "number"),
        (_("Gained (m²)"), "number"),
        (_("Border moved at most (m)"), "number"),
    ]
    title = heading(
        _("What cleaning moved"),
        _("within {width} m", width=_.number(cleaned.get("width_m") or 0, 2)),
    )
    empty = _("Cleaning moved nothing.")
    return [block(title, table(_("What cleaning moved"), heads, rows, empty))]


def _list(visit: DeskVisit, job: Job, result: dict[str, Any]) -> Markup:
    _, found = visit.text, result.get("rows") or []
    heads = [
        (_("Kind"), ""),
        (_("Place"), "number"),
        (_("Area (m²)"), "number"),
        (_("Code"), ""),
        (_("With"), ""),
        (_("Note"), ""),
    ]
    rows = [_defect(each, _) for each in found[:DEFECTS_SHOWN]]
    more = []
    if len(found) > DEFECTS_SHOWN:
        shown, all_ = _.number(DEFECTS_SHOWN), _.number(len(found))
        more = [html.P(_("The first {shown} of {all}.", shown=shown, all=all_), className="more")]
    if found and result.get("geojson"):
        href = f"/data/jobs/{job.job_id}/defects.geojson"
        more.append(html.A(_("Download as GeoJSON"), href=href, className="action"))
    title = heading(_("Defects"), _("a place shows the defect on the map") if found else "")
    return block(title, table(_("Defects"), heads, rows, _("No defects.")), *more)


def _defect(each: dict[str, Any], _: Text) -> Markup:
    area = float(each.get("area_m2") or 0)
    metres = MARGIN * max(30.0, area**0.5)
    return row(
        [
            defect_kind(str(each.get("kind", "")), _),
            (place(each, metres), "number"),
            (_.number(area, 0 if area >= 100 else 2) if area else "–", "number"),
            (str(each.get("code") or "–"), "code-cell"),
            (str(each.get("other") or "–"), "code-cell"),
            (str(each.get("note") or ""), "quiet cut"),
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
        blocked=bool(lies(result) or result.get("above")),
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
            "blocked": _("It cannot be loaded like this: mend the file, or have it cleaned."),
            "failed": _("This was refused:"),
        },
    )
