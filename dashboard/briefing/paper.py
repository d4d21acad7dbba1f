"""Markup as HTML, and HTML as PDF: on this machine alone, nothing is ever fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from dashboard.briefing.errors import PrinterMissingError
from dashboard.briefing.face import family
from dashboard.briefing.print_style import FOOT_MARGIN_MM, print_style
from dashboard.components.markup import to_html
from geo.errors import GridboardError

PX_PER_MM = 96 / 25.4


@dataclass(frozen=True)
class Layout:
    """What lies where on the first page, in pixels from its upper left corner.

    Attributes:
        pages: how many there are.
        bottom: where the room of a page ends.
        boxes: left, top, right and bottom of each element with an id.
    """

    pages: int
    bottom: float
    boxes: Mapping[str, tuple[float, float, float, float]]


def to_pdf(
    body: Any, title: str, lang: str, pictures: Mapping[str, bytes], look: Path | None = None
) -> bytes:
    """Lay a document out on A4; the same document gives the same bytes.

    Args:
        body: markup.
        title: what a reader's window is headed by.
        lang: of the words.
        pictures: SVG drawings by the addresses that the document calls them by.
        look: its style sheet; by default that of a brief.

    Raises:
        FaceMissingError: no typeface with Chinese characters is installed.
        PrinterMissingError: Pango is not installed.
    """
    written: bytes | None = _laid_out(body, title, lang, pictures, look).write_pdf(
        pdf_identifier=b"gridboard"
    )
    if not written:
        raise GridboardError("the document could not be laid out")
    return written


def measure(body: Any, lang: str, pictures: Mapping[str, bytes]) -> Layout:
    """Lay a brief out on A4, to see what lies where; arguments and errors as of ``to_pdf``."""
    pages = _laid_out(body, "", lang, pictures, None).pages
    margins_px = FOOT_MARGIN_MM * PX_PER_MM
    return Layout(len(pages), pages[0].height - margins_px, dict(pages[0].anchors))


def _laid_out(
    body: Any, title: str, lang: str, pictures: Mapping[str, bytes], look: Path | None
) -> Any:
    printer = _printer()
    page = (
        f'<!DOCTYPE html><html lang="{escape(lang)}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        '<meta name="author" content="gridboard"><meta name="generator" content="gridboard">'
        f"</head><body>{to_html(body)}</body></html>"
    )
    inside = _inside(printer, pictures)
    style = printer.CSS(string=print_style(family(), look), url_fetcher=inside)
    sheet = printer.HTML(string=page, url_fetcher=inside, base_url="gridboard:/")
    return sheet.render(stylesheets=[style])


def _printer() -> Any:
    """Load what lays documents out; its libraries take a moment, and may be missing."""
    try:
        import weasyprint  # type: ignore[import-untyped]
        import weasyprint.urls  # type: ignore[import-untyped]
    except OSError as error:
        raise PrinterMissingError(
            "documents cannot be laid out: Pango is missing; install the packages libpango-1.0-0,"
            " libpangoft2-1.0-0 and libharfbuzz-subset0, which bin/setup also does, and start"
            f" again ({error})"
        ) from error
    return weasyprint


def _inside(printer: Any, pictures: Mapping[str, bytes]) -> Any:
    """Answer from pictures at hand; any other address ends the printing."""

    class Inside(printer.urls.URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url not in pictures:
                raise GridboardError(f"a document may not ask for {url}")
            kind = {"Content-Type": "image/svg+xml"}
            return printer.urls.URLFetcherResponse(url, pictures[url], kind)

    return Inside(fail_on_errors=True)
