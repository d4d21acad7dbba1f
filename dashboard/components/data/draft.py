"""A draft: what the file holds, the profile proposed for it, and what it makes of the rows."""

from __future__ import annotations

from typing import Any

from dashboard import ids
from dashboard.components import markup as html
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.doubts import doubts_by_field
from dashboard.components.data.fields import groups
from dashboard.components.data.own import ProfileEditor
from dashboard.components.data.preview import columns, preview, terms_of
from dashboard.components.data.tables import block
from dashboard.components.data.words import person_kind
from dashboard.desk.desk import Job
from dashboard.desk.profiles import edit_profile
from dashboard.text import Text

EXAMPLES_SHOWN = 3
_FIRST = ("incident_id", "occurred_at", "category", "channel", "status", "scale")
_PLACE_DIGITS = 5


def draft(visit: DeskVisit, job: Job) -> list[Any]:
    """Build the view of a finished draft."""
    result = job.result or {}
    return [
        *_persons(result.get("persons") or [], visit.text),
        block(_editor(visit, job, result)),
        preview(result.get("rows") or [], terms_of(result), visit),
        columns(result, visit.text),
    ]


def _persons(persons: list[dict[str, Any]], _: Text) -> list[Any]:
    if not persons:
        return []
    items = [
        html.Li(
            [
                html.Del(str(person["column"])),
                " ",
                html.Span(
                    _(
                        "{kind}, {rows} rows: will be left out",
                        kind=person_kind(str(person["kind"]), _),
                        rows=_.number(person["rows"]),
                    ),
                    className="quiet",
                ),
            ]
        )
        for person in persons
    ]
    words = _("These columns are about persons. They are never read further nor kept.")
    return [html.Div([html.B(words), html.Ul(items)], className="alert persons", role="status")]


def _editor(visit: DeskVisit, job: Job, result: dict[str, Any]) -> ProfileEditor:
    _ = visit.text
    given = str(result.get("profile") or "")
    read = edit_profile({"toml": given})
    return ProfileEditor(
        id=ids.DESK_EDITOR,
        job=job.job_id,
        file=job.request.get("file"),
        toml=given,
        fields=read["fields"],
        problem=read["problem"],
        lacks=read["lacks"],
        columns=[{"name": str(column["name"])} for column in result.get("columns") or []],
        sources=[source.source for source in visit.desk.sources()],
        unsure=doubts_by_field(result.get("unsure") or [], _),
        groups=groups(_),
        text=_editor_words(_) | ({"proposed": _("as given")} if job.request.get("profile") else {}),
        lang=visit.state.lang,
    )


def _editor_words(_: Text) -> dict[str, str]:
    return {
        "profile": _("Profile"),
        "form": _("Form"),
        "toml": _("Text (TOML)"),
        "edited": _("changed by you"),
        "proposed": _("as proposed"),
        "none": _("– none –"),
        "always": _("always {term}"),
        "lacksColumn": _("choose the column for: {field}"),
        "terms": _("Meaning of its values"),
        "create": _("Every other value becomes a term of its own"),
        "lacksCrs": _("choose the coordinate system of the file; it is never guessed."),
        "choose": _("– choose –"),
        "missing": _("(not in the file)"),
        "values": _("Values in the file that mean it, separated by commas"),
        "noForm": _("The text is no TOML at the moment: mend it, and the form comes back."),
        "dryRun": _("Dry run"),
        "again": _("Preview again"),
        "notYet": _("Not ready:"),
        "failed": _("This was refused:"),
    }
