"""The menu of files that the current view can be taken home as."""

from __future__ import annotations

from dashboard import ids
from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.components.menu import Menu
from dashboard.components.publishing import way_in
from dashboard.exporting.ledger import KEEPERS, LEDGER_ROLES
from dashboard.text import Text
from dashboard.visit import Visit


def export_menu(visit: Visit) -> Menu:
    """Build the menu; each link names the file and what it is good for."""
    _ = visit.text
    links: list[Markup] = [_link(visit, "export", *each) for each in _forms(_)]
    may = visit.source.viewer.role in LEDGER_ROLES and not visit.state.publish
    if visit.area.slot in KEEPERS and may:
        links += [html.Hr(), *(_link(visit, "ledger", *each) for each in _ledgers(_))]
    if not visit.state.publish:
        links += [html.Hr(), way_in(visit)]
    return Menu(links, id=ids.MENU_EXPORT, label=_("Export"))


def export_href(visit: Visit, form: str, door: str = "export") -> str:
    """Write the address of a file of this view, or of the area's ledger."""
    # The layer that is shown, where the area has none of the one asked for.
    layer = visit.layer.key if visit.state.layer else ""
    _path, _mark, query = visit.href(at=None, layer=layer).partition("?")
    return f"/{door}/{visit.area.code}.{form}" + (f"?{query}" if query else "")


def _forms(_: Text) -> list[tuple[str, str, str]]:
    return [
        ("xlsx", "XLSX", _("a workbook to read and print")),
        ("csv", "CSV", _("a table for any program")),
        ("geojson", "GeoJSON", _("a map layer, as text")),
        ("parquet", "GeoParquet", _("a map layer, compact and typed")),
    ]


def _ledgers(_: Text) -> list[tuple[str, str, str]]:
    return [
        ("pdf", _("Ledger, PDF"), _("to print and bind")),
        ("xlsx", _("Ledger, XLSX"), _("with every row")),
    ]


def _link(visit: Visit, door: str, form: str, name: str, use: str) -> Markup:
    words = [html.B(name), html.Span(use, className="quiet")]
    return html.A(words, href=export_href(visit, form, door), download="")
