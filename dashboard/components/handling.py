"""How incidents are handled: outcomes, durations, what is late."""

from __future__ import annotations

from typing import Any

from dashboard.visit import Visit


def handling_tab(visit: Visit) -> list[Any]:
    """Build the tab of a visit."""
    return []
