"""What a workbook says of its sheets besides their cells."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path


def frozen(path: Path) -> list[tuple[int, int] | None]:
    """Rows and columns of each sheet that do not move; ``None`` where all do."""
    found: list[tuple[int, int] | None] = []
    with zipfile.ZipFile(path) as book:
        sheets = sorted(name for name in book.namelist() if "worksheets/sheet" in name)
        for name in sheets:
            pane = re.search(r"<pane ([^>]*)>", book.read(name).decode())
            at = dict(re.findall(r'(\w+)="(\w+)"', pane[1])) if pane else None
            found.append(at and (int(at.get("ySplit", 0)), int(at.get("xSplit", 0))))
    return found
