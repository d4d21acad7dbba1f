"""Areas ranked among comparable ones."""

from __future__ import annotations

from typing import Any

from dashboard.visit import Visit


def peers_tab(visit: Visit) -> list[Any]:
    """Build the tab of a visit."""
    return []
