"""The time zone that moments are written in."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from dashboard.source import Source
from geo.errors import NotFoundError

_BEFORE_AREAS = "Asia/Shanghai"


def local_zone(source: Source) -> ZoneInfo:
    """Return the time zone of the areas; before any are loaded, China's."""
    try:
        return source.hierarchy.time_zone
    except NotFoundError:
        return ZoneInfo(_BEFORE_AREAS)
