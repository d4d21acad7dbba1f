"""A ledger as a workbook, with a sheet for each part, and as a document to print and bind."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.exporting.columns import Column, as_frame
from dashboard.exporting.ledger import Ledger, Section, by_cell
from dashboard.exporting.sheets import Book
from dashboard.text import Text
from dashboard.visit import Visit

PRINTED = 500
"""Rows of a table on paper, some twenty pages; the workbook holds all."""

_MAP = "gridboard:/map"
_MAP_MM = (262.0, 145.0)
_MAP_PX = 1000


def write_ledger_xlsx(found: Ledger, visit: Visit, path: Path) -> None:
    """Write a workbook: the map on the first sheet, if there is one, and a sheet a table."""
    _ = visit.text
    with Book(path, found.title, visit.source.picture.as_of) as book:
        if found.has_map:
            sheet = book.sheet(_("Map"))
            sheet.head(found.title, [(_("What it is made of"), found.form), *found.lines])
            sheet.picture(_picture(visit, "png"), _MAP_PX)
        for section in found.sections:
            sheet = book.sheet(section.title)
            lines = [(_("What it is made of"), found.form), *found.lines]
            lines += [(_("Remark"), words) for words in remarks(section, section.rows, _)]
            sheet.head(f"{found.title} · {section.title}", lines)
            sheet.table(section.columns)


def write_ledger_pdf(found: Ledger, visit: Visit, path: Path) -> None:
    """Write a document: each part begins a page, heads of tables stand on every page."""
    from dashboard.briefing.paper import to_pdf  # only now: it takes a moment to load

    _ = visit.text
    parts = [_cover(found, _)]
    pictures = {}
    if found.has_map:
        pictures[_MAP] = _picture(visit, "svg")
        shown = by_cell(visit)
        level, days = _.term(shown.layer), _.days(visit.days)
        words = _("Incidents (number) by {level}, {days}", level=level, days=days)
        picture = [html.P(words, className="remark"), html.Img(src=_MAP, alt=words)]
        parts.append(html.Section([html.H2(_("Map")), *picture], className="part"))
    parts += [_printed(section, _) for section in found.sections]
    lang = "zh-Hans" if _.lang == "zh" else "en"
    body = html.Article(parts, className="ledger", lang=lang)
    style = Path(str(files("dashboard.exporting").joinpath("ledger.css")))
    path.write_bytes(to_pdf(body, found.title, lang, pictures, style))


def remarks(section: Section, shown: int, _: Text) -> list[str]:
    """Say what is to be known of a table, and how much of it is not there."""
    lines = [section.words] if section.words else []
    if section.total == 0:
        lines.append(_("Nothing to list: none, which is not the same as unknown."))
    if shown < section.total:
        all_, first = _.number(section.total), _.number(shown)
        lines.append(_("The first {shown} of {all}.", shown=first, all=all_))
    return lines


def _cover(found: Ledger, _: Text) -> Markup:
    lines = [html.P([html.B(heading), " ", words]) for heading, words in found.lines]
    names = [_("Map")] if found.has_map else []
    names += [section.title for section in found.sections]
    return html.Section(
        [
            html.H1(found.title),
            html.P(found.form, className="form"),
            *lines,
            html.Ol([html.Li(name) for name in names]),
        ],
        className="cover",
    )


def _printed(section: Section, _: Text) -> Markup:
    shown = min(PRINTED, section.rows)
    said = [html.P(words, className="remark") for words in remarks(section, shown, _)]
    frame = as_frame(section.columns).head(shown)
    head = html.Tr([html.Th(each.label, className=_align(each)) for each in section.columns])
    rows = [
        html.Tr(
            [_cell(column, value, _) for column, value in zip(section.columns, row, strict=True)]
        )
        for row in frame.itertuples(index=False, name=None)
    ]
    table = [html.Table([html.Thead(head), html.Tbody(rows)])] if rows else []
    return html.Section([html.H2(section.title), *said, *table], className="part")


def _cell(column: Column, value: Any, _: Text) -> Markup:
    if value is None or pd.isna(value):
        return html.Td("")
    if column.kind == "text":
        return html.Td(str(value).removeprefix("'"))
    number = float(str(value))
    words = _.number(number) if column.kind == "whole" else _.number(number, column.digits)
    return html.Td(words, className=_align(column))


def _align(column: Column) -> str | None:
    return None if column.kind == "text" else "figure"


def _picture(visit: Visit, form: Literal["png", "svg"]) -> bytes:
    from dashboard.briefing.map_picture import Paper, map_picture  # only now, as above

    paper = Paper(*_MAP_MM, theme="light", titled=form == "png")
    return map_picture(by_cell(visit), form, paper)
