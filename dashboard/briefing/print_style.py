"""How a document looks on paper: the sheet of the page itself, and the size of the paper."""

from __future__ import annotations

from pathlib import Path

from dashboard.briefing.room import MAP_PERCENTS
from dashboard.settings import DashboardSettings
from dashboard.theme import tokens

FOOT_MARGIN_MM = 10
_PAGE = """
@page { size: A4; margin: 11mm 12mm %dmm; }
html { font-family: "%s", sans-serif; font-size: 11.4px; }
body { margin: 0; }
.brief-sheet .brief-middle,
.brief-sheet .brief-below { display: table; width: 100%%; table-layout: fixed; }
.brief-sheet .brief-middle > *,
.brief-sheet .brief-below > * { display: table-cell; vertical-align: top; }
.brief-sheet .brief-below > :first-child { width: 58%%; }
%s.brief-sheet .brief-middle > :last-child,
.brief-sheet .brief-below > :last-child { padding-left: 1.4em; }
"""
# Cells of a table, and not flex items as on the screen: the printer takes the height of a flex
# row from its items at their narrowest, which can push the foot to a second page.

_SHARE = ".brief-sheet .map-{0} > :first-child {{ width: {0}%; }}\n"


def print_style(family: str, path: Path | None = None) -> str:
    """Return the style sheet of a printed document.

    Args:
        family: the typeface.
        path: the page's own sheet; by default that of the application.
    """
    path = path or DashboardSettings().assets_dir / "brief.css"
    inks = {name: value for name, value in tokens("light").items() if name.startswith("paper")}
    root = "".join(f"--{name}: {value};" for name, value in inks.items())
    shares = "".join(_SHARE.format(percent) for percent in MAP_PERCENTS)
    page = _PAGE % (FOOT_MARGIN_MM, family, shares)
    return f":root {{ {root} }}\n" + page + path.read_text(encoding="utf-8")
