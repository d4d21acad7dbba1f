"""A draft: what the file holds, the profile proposed for it, and what it makes of the rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard import ids
from dashboard.components import markup as html
from dashboard.components.attributes import data
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.doubts import doubts_by_field
from dashboard.components.data.fields import groups
from dashboard.components.data.own import ProfileEditor
from dashboard.components.data.reasons import reason_name
from dashboard.components.data.tables import block, heading, row, table
from dashboard.components.data.words import field_name, person_kind
from dashboard.components.markup import Markup
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
        _preview(result.get("rows") or [], visit),
        _columns(result.get("columns") or [], result.get("persons") or [], visit.text),
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
        text=_editor_words(_),
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


def _preview(rows: list[dict[str, Any]], visit: DeskVisit) -> Markup:
    """Build the table of the first rows as they would be kept."""
    _ = visit.text
    names = [name for name in _FIRST if any(name in each for each in rows)]
    heads = [(_("Row"), "number"), *((field_name(name, _), "") for name in names)]
    heads += [(_("Place"), "number"), (_("Refused because"), "")]
    built = [_row(number, each, names, visit) for number, each in enumerate(rows, start=1)]
    title = heading(_("First rows, as they would be kept"), _("{n} rows", n=_.number(len(rows))))
    empty = _("No row could be read with this profile.")
    return block(title, table(_("First rows, as they would be kept"), heads, built, empty))


def _row(number: int, each: dict[str, Any], names: list[str], visit: DeskVisit) -> Markup:
    _ = visit.text
    reason = each.get("reason")
    cells: list[Any] = [(_.number(each.get("row") or number), "number quiet")]
    cells += [(shown(each.get(name), visit), "cut") for name in names]
    cells += [(place(each), "number"), (reason_name(str(reason), _) if reason else "", "late")]
    return row(cells, "refused" if reason else "")


def place(each: dict[str, Any], metres: float = 800) -> Any:
    """Build the place of a row: a button that shows it on the map."""
    lon, lat = each.get("lon"), each.get("lat")
    if lon is None or lat is None:
        return "–"
    words = f"{lon:.{_PLACE_DIGITS}f}, {lat:.{_PLACE_DIGITS}f}"
    look = f"{lon},{lat},{metres:.0f}"
    return html.Button(words, className="look", type="button", **data(look=look))


def shown(value: object, visit: DeskVisit) -> str:
    """Write a mapped value: moments to the minute in the zone of the areas, nothing as a dash."""
    if value is None or value == "":
        return "–"
    text = str(value)
    if text[4:5] == "-" and text[10:11] == "T":
        moment = datetime.fromisoformat(text)
        return visit.text.moment(moment.astimezone(visit.zone) if moment.tzinfo else moment)
    return text


def _columns(columns: list[dict[str, Any]], persons: list[dict[str, Any]], _: Text) -> Markup:
    """Build the list of the file's columns with a few of their values."""
    private = {str(person["column"]) for person in persons}
    rows = []
    for column in columns:
        name = str(column["name"])
        if name in private:
            cells = [html.Del(name), (_("about persons: will be left out"), "late")]
        else:
            examples = [str(each) for each in column.get("examples") or []][:EXAMPLES_SHOWN]
            cells = [name, (" · ".join(examples) or "–", "quiet cut")]
        rows.append(row(cells))
    heads = [(_("Column"), ""), (_("Examples"), "")]
    title = heading(_("Columns of the file"), _.number(len(columns)))
    return block(title, table(_("Columns of the file"), heads, rows, _("The file has no columns.")))
