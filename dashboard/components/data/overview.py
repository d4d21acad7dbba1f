"""The first view: bring a file, and what was loaded before."""

from __future__ import annotations

from typing import Any

from dashboard import ids
from dashboard.components import markup as html
from dashboard.components.data.desk_visit import DeskVisit
from dashboard.components.data.own import Intake
from dashboard.components.data.tables import block, heading, row, table
from dashboard.components.data.words import batch_kind
from dashboard.components.links import link, segments
from dashboard.components.markup import Markup
from dashboard.desk.desk import Batch
from dashboard.text import Text
from etl.profiles import load_profile, profile_names

MEGABYTE = 1_000_000


def overview(visit: DeskVisit) -> list[Any]:
    """Build the place for a file and the table of batches."""
    _ = visit.text
    names = {"incidents": _("Incident records"), "boundaries": _("Boundaries")}
    choices = [
        link(name, visit.state.href(what=what), current=what == visit.state.what)
        for what, name in names.items()
    ]
    head = html.Div(
        [html.H1(_("Bring a file"), className="desk-title"), segments(_("What it holds"), choices)],
        className="desk-head",
    )
    return [head, block(intake(visit)), batches(visit)]


def batches(visit: DeskVisit) -> Markup:
    """Build the table of the latest batches."""
    _, found = visit.text, visit.desk.batches()
    heads = [
        (_("No."), "number"),
        (_("Loaded at"), ""),
        (_("Source"), ""),
        (_("File"), ""),
        (_("Read"), "number"),
        (_("new"), "number"),
        (_("corrected"), "number"),
        (_("unchanged"), "number"),
        (_("refused rows"), "number"),
        (_("By"), ""),
    ]
    rows = [_batch(visit, batch) for batch in found]
    empty = (
        _("Nothing was loaded for this area alone. The first batch of it will be listed here.")
        if visit.is_part
        else _("Nothing was loaded yet. The first batch will be listed here.")
    )
    return block(heading(_("Batches"), _("rows")), table(_("Batches"), heads, rows, empty))


def _batch(visit: DeskVisit, batch: Batch) -> Markup:
    _, number = visit.text, visit.text.number
    undone = batch.undone_at is not None
    name = batch.file_name or "–"
    cells = [
        (link(str(batch.batch_id), visit.state.href(batch=batch.batch_id)), "number"),
        (_.moment(batch.finished_at.astimezone(visit.zone)), "moment"),
        [batch.source, html.Small(f" {batch_kind(batch.kind, _)}", className="quiet")],
        (link(name, visit.state.href(batch=batch.batch_id), title=name), "cut"),
        (number(batch.rows_read), "number"),
        (number(batch.rows_loaded), "number"),
        (number(batch.rows_updated), "number"),
        (number(batch.rows_unchanged), "number quiet"),
        (number(batch.rows_rejected), "number late" if batch.rows_rejected else "number quiet"),
        (_("undone") if undone else _author(batch.author), "quiet"),
    ]
    return row(cells, "undone" if undone else "")


def _author(author: str | None) -> str:
    return author or "–"


def intake(visit: DeskVisit, like: int | None = None) -> Intake:
    """Build the place for a file; ``like`` is the batch whose profile is taken for it."""
    _, folders = visit.text, visit.desk.folders
    what = visit.state.what if like is None else "incidents"
    limit_mb = folders.upload_limit_bytes // MEGABYTE
    inbox = [
        {
            "name": file.name,
            "bytes": file.bytes,
            "changed": _.moment(file.changed_at.astimezone(visit.zone)),
        }
        for file in visit.desk.offered()
    ]
    return Intake(
        id=ids.DESK_INTAKE,
        what=what,
        profiles=[] if like else _profiles(visit) if what == "boundaries" else _used(visit),
        like=like,
        limit_mb=limit_mb,
        inbox=[] if like else inbox,
        text=_intake_words(what, limit_mb, _)
        | ({"drop": _("Drop the corrected file here")} if like else {}),
        lang=visit.state.lang,
    )


def _profiles(visit: DeskVisit) -> list[dict[str, str]]:
    """Name the profiles that come with gridboard, those of the areas in use first."""
    used = visit.hierarchy_key
    names = sorted(profile_names(), key=lambda name: (load_profile(name).hierarchy != used, name))
    return [{"value": name, "label": name} for name in names]


def _used(visit: DeskVisit) -> list[dict[str, str]]:
    """Offer to propose a profile anew, or to take that of an earlier batch."""
    _, known = visit.text, visit.desk.sources_known()
    if not known:
        return []
    earlier = [
        {
            "value": str(batch_id),
            "label": _("As batch {number}: {source}", number=batch_id, source=source),
        }
        for batch_id, source in known.items()
    ]
    return [{"value": "", "label": _("Propose one from the file")}, *earlier]


def _intake_words(what: str, limit_mb: int, _: Text) -> dict[str, str]:
    kinds = {
        "incidents": _("CSV (UTF-8, GB18030), XLSX, Parquet or JSON lines; also as .gz or .zip"),
        "boundaries": _("GeoJSON, Shapefile as .zip, GeoPackage or GeoParquet"),
    }
    return {
        "drop": _("Drop a file here"),
        "choose": _("Choose a file"),
        "kinds": kinds[what],
        "limit": _(
            "At most {limit} MB. It is looked at first; nothing is loaded before you say so.",
            limit=_.number(limit_mb),
        ),
        "inbox": _("In the inbox of the server"),
        "sending": _("Sending {name}"),
        "left": _("left"),
        "stop": _("Stop"),
        "failed": _("The file was not taken:"),
        "away": _("the server does not answer"),
        "tooLarge": _("it is too large; load it with the command line"),
        "profile": _("Profile of the areas") if what == "boundaries" else _("Profile"),
        "profileHint": _("It says which columns hold code, name and parent.")
        if what == "boundaries"
        else _("Files that come every month are read like the ones before."),
    }
