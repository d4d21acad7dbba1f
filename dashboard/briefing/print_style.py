"""How a document looks on paper: the sheet of the page itself, and the size of the paper."""

from __future__ import annotations

from pathlib import Path

from dashboard.settings import DashboardSettings
from dashboard.theme import tokens

_PAGE = """
@page { size: A4; margin: 11mm 12mm 10mm; }
html { font-family: "%s", sans-serif; font-size: 11.4px; }
body { margin: 0; }
"""


def print_style(family: str, path: Path | None = None) -> str:
    """Return the style sheet of a printed document.

    Args:
        family: the typeface.
        path: the page's own sheet; by default that of the application.
    """
    path = path or DashboardSettings().assets_dir / "brief.css"
    inks = {name: value for name, value in tokens("light").items() if name.startswith("paper")}
    root = "".join(f"--{name}: {value};" for name, value in inks.items())
    return f":root {{ {root} }}\n" + _PAGE % family + path.read_text(encoding="utf-8")
