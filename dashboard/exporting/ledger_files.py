"""A ledger as a workbook, with a sheet for each part, and as a document to print and bind."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.exporting.about import caption, notes_name
from dashboard.exporting.columns import Column, as_frame
from dashboard.exporting.ledger import Ledger, Section, by_cell
from dashboard.exporting.sheets import Book
from dashboard.names import letters
from dashboard.text import Text
from dashboard.visit import Visit

PRINTED = 500
"""Rows of a table on paper, some twenty pages; the workbook holds all."""

_ROOM = 205
"""What a row on one line has room for on paper, where a Chinese letter takes two."""

_MAP = "gridboard:/map"
_MAP_MM = (262.0, 145.0)
_MAP_PX = 1000


@dataclass(frozen=True)
class _Part:
    """A part of a document: what the contents say of it, and what it holds."""

    title: str
    size: str
    content: list[Markup]


def write_ledger_xlsx(found: Ledger, visit: Visit, path: Path) -> None:
    """Write a workbook: first what the figures are of, with the map if any; then the tables."""
    _ = visit.text
    cover = _("Map") if found.has_map else notes_name(_)
    with Book(path, found.title, visit.source.picture.as_of) as book:
        sheet = book.sheet(cover)
        sheet.head(found.title, [(_("What it is made of"), found.form), *found.lines])
        if found.has_map:
            sheet.picture(_picture(visit, "png"), _MAP_PX)
        for section in found.sections:
            sheet = book.sheet(section.title)
            said = remarks(section, section.rows, _)
            line = caption(visit, cover, said, of_all_days=section.of_all_days)
            sheet.caption(f"{found.title} · {section.title}", line)
            sheet.table(section.columns)


def write_ledger_pdf(found: Ledger, visit: Visit, path: Path) -> None:
    """Write a document: each part begins a page, heads of tables stand on every page.

    A township's is the compilation (汇编) of its ledger: map, table and registers bound together
    under a table of contents.
    """
    from dashboard.briefing.paper import to_pdf  # only now: it takes a moment to load

    _ = visit.text
    parts, pictures = [], {}
    if found.has_map:
        pictures[_MAP] = _picture(visit, "svg")
        shown = by_cell(visit)
        level, days = _.term(shown.layer), _.days(visit.days)
        words = _("Incidents (number) by {level}, {days}", level=level, days=days)
        picture = [html.P(words, className="remark"), html.Img(src=_MAP, alt=words)]
        parts.append(_Part(_("Map: where the incidents are"), "", picture))
    parts += [_printed(section, _) for section in found.sections]
    title = _("{ledger}: compilation", ledger=found.title) if found.has_map else found.title
    bound = [html.Section(_bound(at, part), className="part") for at, part in enumerate(parts)]
    lang = "zh-Hans" if _.lang == "zh" else "en"
    body = html.Article([_cover(found, title, parts, _), *bound], className="ledger", lang=lang)
    style = Path(str(files("dashboard.exporting").joinpath("ledger.css")))
    path.write_bytes(to_pdf(body, title, lang, pictures, style))


def _bound(at: int, part: _Part) -> list[Markup]:
    return [html.H2(part.title, id=f"part-{at}"), *part.content]


def remarks(section: Section, shown: int, _: Text) -> list[str]:
    """Say what is to be known of a table, and how much of it is not there."""
    lines = [section.words] if section.words else []
    if section.total == 0:
        lines.append(_("Nothing to list: none, which is not the same as unknown."))
    if shown < section.total:
        all_, first = _.number(section.total), _.number(shown)
        lines.append(_("The first {shown} of {all}.", shown=first, all=all_))
    return lines


def _cover(found: Ledger, title: str, parts: list[_Part], _: Text) -> Markup:
    """Build the cover: what the figures are of, and a table of contents with the pages."""
    lines = [html.P([html.B(heading), " ", words]) for heading, words in found.lines]
    contents = [
        html.Li([html.A([part.title, html.Span(f" {part.size}")], href=f"#part-{at}")])
        for at, part in enumerate(parts)
    ]
    what = _("The compilation: this document binds the map, the table and the four registers.")
    return html.Section(
        [
            html.H1(title),
            html.P(found.form, className="form"),
            *([html.P(what)] if found.has_map else []),
            *lines,
            html.P(_("Contents"), className="contents"),
            html.Ol(contents),
        ],
        className="cover",
    )


def _printed(section: Section, _: Text) -> _Part:
    shown = min(PRINTED, section.rows)
    said = [html.P(words, className="remark") for words in remarks(section, shown, _)]
    table = [_table(section, shown, _)] if shown else []
    size = (
        _.n("{n} row", "{n} rows", shown)
        if shown == section.total
        else _("{shown} of {all} rows", shown=_.number(shown), all=_.number(section.total))
    )
    return _Part(section.title, size, [*said, *table])


def _table(section: Section, shown: int, _: Text) -> Markup:
    """Build a table; its rows stay on one line where the paper is wide enough for all of them.

    A name may break after each Chinese letter, so that columns of numbers would push it to do so.
    """
    frame = as_frame(section.columns).head(shown)
    rows = [
        [_words(column, value, _) for column, value in zip(section.columns, row, strict=True)]
        for row in frame.itertuples(index=False, name=None)
    ]
    widths = [max(map(letters, column)) for column in zip(*rows, strict=True)]
    aligned = [_align(each) for each in section.columns]
    heads = [each.label for each in section.columns]
    body = [
        html.Tr(
            [html.Td(words, className=side) for words, side in zip(row, aligned, strict=True)],
            className="total" if section.has_total and at == section.total - 1 else None,
        )
        for at, row in enumerate(rows)
    ]
    head = [html.Th(words, className=side) for words, side in zip(heads, aligned, strict=True)]
    return html.Table(
        [html.Thead(html.Tr(head)), html.Tbody(body)],
        className="fitting" if sum(widths) <= _ROOM else None,
    )


def _words(column: Column, value: Any, _: Text) -> str:
    if value is None or pd.isna(value):
        return ""
    if column.kind == "text":
        return str(value).removeprefix("'")
    number = float(str(value))
    return _.number(number) if column.kind == "whole" else _.number(number, column.digits)


def _align(column: Column) -> str | None:
    return None if column.kind == "text" else "figure"


def _picture(visit: Visit, form: Literal["png", "svg"]) -> bytes:
    from dashboard.briefing.map_picture import Paper, map_picture  # only now, as above

    paper = Paper(*_MAP_MM, theme="light", titled=form == "png")
    return map_picture(by_cell(visit), form, paper)
