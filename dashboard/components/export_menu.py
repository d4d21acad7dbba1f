"""The menu of files that the current view can be taken home as."""

from __future__ import annotations

from dashboard import ids
from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.components.menu import Menu
from dashboard.text import Text
from dashboard.visit import Visit


def export_menu(visit: Visit) -> Menu:
    """Build the menu; each link names the file and what it is good for."""
    _ = visit.text
    links = [_link(visit, form, name, use) for form, name, use in _forms(_)]
    return Menu(links, id=ids.MENU_EXPORT, label=_("Export"))


def export_href(visit: Visit, form: str) -> str:
    """Write the address of a file of this view."""
    _path, _mark, query = visit.href(at=None).partition("?")
    return f"/export/{visit.area.code}.{form}" + (f"?{query}" if query else "")


def _forms(_: Text) -> list[tuple[str, str, str]]:
    return [
        ("xlsx", "XLSX", _("a workbook to read and print")),
        ("csv", "CSV", _("a table for any program")),
        ("geojson", "GeoJSON", _("a map layer, as text")),
        ("parquet", "GeoParquet", _("a map layer, compact and typed")),
    ]


def _link(visit: Visit, form: str, name: str, use: str) -> Markup:
    words = [html.B(name), html.Span(use, className="quiet")]
    return html.A(words, href=export_href(visit, form), download="")
