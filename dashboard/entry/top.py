"""The top line of a page that the server writes: that of every page, without a script of Dash."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from dashboard.components import markup as html
from dashboard.components.attributes import aria
from dashboard.components.header import switch_links
from dashboard.components.markup import to_html
from dashboard.components.menu import plain_menu
from dashboard.components.pages import page_links, presentation_of
from dashboard.entry.look import Look
from dashboard.sections import Section
from geo.viewer import Viewer


def top_line(viewer: Viewer, here: Section, look: Look, path: str, **given: str) -> Markup:
    """Write what follows the brand: the pages, the switches and the menu of who is logged in.

    Args:
        viewer: who looks.
        here: the page shown.
        look: its language and theme.
        path: its address, which the switches lead to again.
        given: parameters that the address keeps.
    """
    _ = look.text

    def switched(**changes: str) -> str:
        return replace(look, **changes).address(path, **given)

    pages = page_links(viewer, here, presentation_of(look.lang, look.theme), _)
    switches = switch_links(look.lang, look.theme, switched, _, plain_menu)
    parts = [
        html.Nav(pages, className="pages", **aria(label=_("Pages"))),
        html.Div(switches, className="switches"),
    ]
    # Every word in it was escaped when it was written.
    return Markup(to_html(parts))  # noqa: S704
