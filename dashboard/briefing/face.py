"""The typeface of pictures and documents: one with Chinese characters, installed, never fetched."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.font_manager import FontProperties

from dashboard.briefing.errors import FaceMissingError

FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN")
"""Of one design under several names; the first that is installed is taken."""

_FILES = ("NotoSansCJK", "NotoSansSC", "SourceHanSans")


@cache
def family() -> str:
    """Return the name of the family to draw and print with.

    Raises:
        FaceMissingError: none of them is installed.
    """
    found = _first_known()
    if found is None:
        # What is known was written down before: the face may have been installed since.
        for path in font_manager.findSystemFonts():
            if Path(path).name.startswith(_FILES):
                font_manager.fontManager.addfont(path)
        found = _first_known()
    if found is None:
        raise FaceMissingError(
            f"no typeface with Chinese characters is installed: expected {FAMILIES[0]}; install"
            " the package fonts-noto-cjk, which bin/setup also does, and start again"
        )
    return found


def face(size_pt: float, *, bold: bool = False) -> FontProperties:
    """Return the face in a size.

    Raises:
        FaceMissingError: it is not installed.
    """
    return FontProperties(family=family(), size=size_pt, weight="bold" if bold else "regular")


def _first_known() -> str | None:
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return next((name for name in FAMILIES if name in known), None)
