"""The first rows of a file as a profile reads them, and the columns they come from."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Any

from dashboard.components import markup as html
from dashboard.components.attributes import data
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.reasons import reason_name
from dashboard.components.data.tables import block, heading, row, table
from dashboard.components.data.words import field_name
from dashboard.components.markup import Markup
from dashboard.desk.profiles import KINDS, fields_of
from dashboard.text import Text

EXAMPLES_SHOWN = 3
_FIRST = ("incident_id", "occurred_at", *KINDS)
_MOMENTS = ("occurred_at", "received_at", "deadline", "resolved_at")
_PLACE_DIGITS = 5

Terms = dict[tuple[str, str], dict[str, str]]
"""For each kind and code of a term its names: ``zh`` and ``en``."""


def terms_of(result: dict[str, Any]) -> Terms:
    """Read the names of the terms from the profile of a draft."""
    fields = _fields(result)
    return {
        (kind, term["code"]): {"zh": term["zh"], "en": term["en"]}
        for kind in KINDS
        for term in fields.get(f"{kind}.terms", ())
    }


def preview(rows: list[dict[str, Any]], terms: Terms, visit: DeskVisit) -> Markup:
    """Build the table of the first rows as they would be kept; why some would not comes first."""
    _ = visit.text
    names = [name for name in _FIRST if any(name in each for each in rows)]
    refused = any(each.get("reason") for each in rows)
    heads = [(_("Row"), "number"), (_("Place"), "number")]
    heads += [(_("Refused because"), "")] if refused else []
    heads += [(field_name(name, _), "") for name in names]
    built = []
    for number, each in enumerate(rows, start=1):
        reason = reason_name(str(each["reason"]), _) if each.get("reason") else ""
        cells: list[Any] = [(_.number(each.get("row") or number), "number quiet")]
        cells += [(place(each), "number"), *([(reason, "late")] if refused else [])]
        cells += [(shown(each.get(name), visit, terms, name), "cut") for name in names]
        built.append(row(cells, "refused" if reason else ""))
    title = heading(_("First rows, as they would be kept"), _("{n} rows", n=_.number(len(rows))))
    empty = _("No row could be read with this profile.")
    return block(title, table(_("First rows, as they would be kept"), heads, built, empty))


def place(each: dict[str, Any], metres: float = 800) -> Any:
    """Build the place of a row: a button that shows it on the map."""
    lon, lat = each.get("lon"), each.get("lat")
    if lon is None or lat is None:
        return "–"
    words = f"{lon:.{_PLACE_DIGITS}f}, {lat:.{_PLACE_DIGITS}f}"
    look = f"{lon},{lat},{metres:.0f}"
    return html.Button(words, className="look", type="button", **data(look=look))


def shown(value: object, visit: DeskVisit, terms: Terms | None = None, kind: str = "") -> str:
    """Write a mapped value: terms by name, moments in the zone of the areas, nothing as a dash."""
    if value is None or value == "":
        return "–"
    text = str(value)
    if name := (terms or {}).get((kind, text), {}).get(visit.state.lang):
        return name
    if kind in _MOMENTS:
        moment = datetime.fromisoformat(text)
        return visit.text.moment(moment.astimezone(visit.zone) if moment.tzinfo else moment)
    return text


def columns(result: dict[str, Any], _: Text) -> Markup:
    """Build the list of the file's columns with a few of their values; some are left out."""
    found = result.get("columns") or []
    private = {str(person["column"]) for person in result.get("persons") or []}
    left_out = private | set(_fields(result).get("leave_out", ()))
    rows = []
    for column in found:
        name = str(column["name"])
        examples = [str(each) for each in column.get("examples") or []][:EXAMPLES_SHOWN]
        cells: list[Any] = [name, (" · ".join(examples) or "–", "quiet cut")]
        if name in left_out:
            why = _("about persons: will be left out") if name in private else _("left out")
            cells = [html.Del(name), (why, "late")]
        rows.append(row(cells))
    heads = [(_("Column"), ""), (_("Examples"), "")]
    title = heading(_("Columns of the file"), _.number(len(found)))
    return block(title, table(_("Columns of the file"), heads, rows, _("The file has no columns.")))


def _fields(result: dict[str, Any]) -> dict[str, Any]:
    try:
        return fields_of(tomllib.loads(str(result.get("profile") or "")))
    except tomllib.TOMLDecodeError:
        return {}
