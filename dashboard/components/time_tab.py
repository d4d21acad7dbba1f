"""When incidents come: the trend with its interval, weekdays and hours."""

from __future__ import annotations

from typing import Any

from dashboard.visit import Visit


def time_tab(visit: Visit) -> list[Any]:
    """Build the tab of a visit."""
    return []
