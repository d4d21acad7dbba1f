"""The state of the map page, all of it in the URL.

A deep link, the back button, a reload and a print follow from one rule: whatever
the page shows is a function of its URL. Reading is total: a value that cannot be
understood falls back to its default and is named in the notes, never an exception.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode

from dashboard.codes import AREA_CODE, join_codes, split_codes
from dashboard.period import DEFAULT_PRESET, PRESETS, Days, Period

METRICS = ("count", "density", "rate")
VIEWS = ("areas", "heat", "hot", "emerging")
PER = ("people", "households")
TABS = ("overview", "peers", "time", "handling")
PLAY_STEPS = ("day", "week", "month")
RADII_M = (50, 50_000)
SORTS = (
    *("value", "count", "density", "rate", "change", "name"),
    *("received", "share", "days", "overdue", "oldest"),
)
"""Of the ranking, and of the tables of how incidents are handled; each ignores the other's."""

LANGUAGES = ("zh", "en")
THEMES = ("dark", "light")
MAX_ZOOM = 22.0
MAX_FIELDS = 100
PARAMETERS = (
    *("metric", "view", "per", "smooth", "radius", "layer"),
    *("from", "to", "period", "category", "channel", "status", "scale_from", "scale_to"),
    *("sort", "tab", "play", "publish", "lang", "theme", "at"),
)
"""All that an address of the map may say."""
_PREFIX = "/map/"

Camera = tuple[float, float, float]


@dataclass(frozen=True)
class MapState:
    """What the map page shows.

    Attributes:
        area: code of the area in view; empty means the viewer's own area.
        metric: one of ``METRICS``.
        view: choropleth (``areas``), density surface (``heat``), hot and cold spots (``hot``)
            or how they came about (``emerging``).
        per: what rates are per 1,000 of.
        smooth: whether rates of few people are drawn towards the overall rate.
        radius_m: bandwidth of the density surface; ``None`` means that of the area's level.
        layer: key of the displayed level; empty means the children of ``area``.
        period: the days counted.
        categories, channels, statuses: codes of terms; empty means all.
        scale: the days the class breaks are computed over; ``None`` means ``period``.
        sort: order of the ranking; ``value`` follows ``metric``.
        tab: what the panel shows below the key figures.
        play: length of a step of the playback over the period; empty means no playback.
        publish: whether nothing is shown that could give away a small count.
        lang, theme: presentation.
        at: longitude and latitude in degrees and zoom, when the user moved the map.
    """

    area: str = ""
    metric: str = "count"
    view: str = "areas"
    per: str = "people"
    smooth: bool = False
    radius_m: int | None = None
    layer: str = ""
    period: Period = field(default_factory=Period)
    categories: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    scale: Days | None = None
    sort: str = "value"
    tab: str = "overview"
    play: str = ""
    publish: bool = False
    lang: str = "zh"
    theme: str = "dark"
    at: Camera | None = None

    def with_(self, **changes: Any) -> MapState:
        """Return a copy with ``changes``; the camera is kept only if it is among them."""
        return replace(self, **({"at": None} | changes if "area" in changes else changes))


def parse(pathname: str | None, search: str | None) -> tuple[MapState, tuple[str, ...]]:
    """Read a URL's path and query string.

    Args:
        pathname: such as ``/map/620102``; anything else means the viewer's own area.
        search: the query string, with or without its question mark.

    Returns:
        The state, and the names of parameters that were not understood and so
        took their defaults, in the order met. Unknown parameters are ignored
        without a note; of a repeated parameter the last one counts.
    """
    notes: list[str] = []
    raw = pairs(search or "")

    def read(name: str, reader: Callable[[str], Any], default: Any) -> Any:
        if name not in raw:
            return default
        value = reader(raw[name])
        if value is None:
            notes.append(name)
            return default
        return value

    state = MapState(
        area=_area(pathname or "", notes),
        metric=read("metric", _one_of(METRICS), "count"),
        view=read("view", _one_of(VIEWS), "areas"),
        per=read("per", _one_of(PER), "people"),
        smooth=read("smooth", _yes, False),
        radius_m=read("radius", _radius, None),
        layer=read("layer", _code, ""),
        period=_period(raw, notes),
        categories=read("category", split_codes, ()),
        channels=read("channel", split_codes, ()),
        statuses=read("status", split_codes, ()),
        scale=read_range(raw, notes, "scale_from", "scale_to"),
        sort=read("sort", _one_of(SORTS), "value"),
        tab=read("tab", _one_of(TABS), "overview"),
        play=read("play", _one_of(PLAY_STEPS), ""),
        publish=read("publish", _yes, False),
        lang=read("lang", _one_of(LANGUAGES), "zh"),
        theme=read("theme", _one_of(THEMES), "dark"),
        at=read("at", _camera, None),
    )
    return state, tuple(notes)


def format_url(state: MapState) -> str:
    """Write the URL of a state, relative to the site, defaults omitted.

    ``parse`` of the result gives the state back.
    """
    path = _PREFIX + quote(state.area, safe="")
    query = urlencode(_parameters(state), safe=",")
    return f"{path}?{query}" if query else path


def filter_parameters(state: MapState) -> dict[str, str]:
    """Return the term filters as query parameters, as ``/values`` and ``/heat`` take them."""
    chosen = {
        "category": state.categories,
        "channel": state.channels,
        "status": state.statuses,
    }
    return {name: join_codes(codes) for name, codes in chosen.items() if codes}


def _parameters(state: MapState) -> dict[str, str]:
    defaults = MapState()
    plain = {
        name: str(getattr(state, name))
        for name in ("metric", "view", "per", "layer", "sort", "tab", "play", "lang", "theme")
        if getattr(state, name) != getattr(defaults, name)
    }
    return {
        **plain,
        **{name: "1" for name in ("smooth", "publish") if getattr(state, name)},
        **({"radius": str(state.radius_m)} if state.radius_m else {}),
        **state.period.parameters(),
        **filter_parameters(state),
        **(state.scale.parameters("scale_from", "scale_to") if state.scale else {}),
        **({"at": ",".join(repr(number) for number in state.at)} if state.at else {}),
    }


def pairs(search: str) -> dict[str, str]:
    """Read a query string into values by name; one that cannot be read has none."""
    try:
        return dict(parse_qsl(search.lstrip("?"), max_num_fields=MAX_FIELDS))
    except ValueError:
        return {}


def _area(pathname: str, notes: list[str]) -> str:
    if not pathname.startswith(_PREFIX):
        return ""
    code = unquote(pathname.removeprefix(_PREFIX)).rstrip("/")
    if code and not AREA_CODE.fullmatch(code):
        notes.append("area")
        return ""
    return code


def _period(raw: dict[str, str], notes: list[str]) -> Period:
    days = read_range(raw, notes, "from", "to")
    if days is not None:
        return Period.over(days)
    preset = raw.get("period", DEFAULT_PRESET)
    if preset in PRESETS:
        return Period(preset=preset)
    notes.append("period")
    return Period()


def read_range(raw: dict[str, str], notes: list[str], first: str, last: str) -> Days | None:
    """Read two days of an address; what cannot be understood is noted."""
    if first not in raw and last not in raw:
        return None
    days = Days.between(_date(raw.get(first)), _date(raw.get(last)))
    if days is None:
        notes.append(first)
    return days


def _date(text: str | None) -> date | None:
    if text is None or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _one_of(choices: Iterable[str]) -> Callable[[str], str | None]:
    allowed = frozenset(choices)
    return lambda text: text if text in allowed else None


def _yes(text: str) -> bool | None:
    return True if text == "1" else None


def _radius(text: str) -> int | None:
    least, most = RADII_M
    return int(text) if re.fullmatch(r"[0-9]{2,5}", text) and least <= int(text) <= most else None


def _code(text: str) -> str | None:
    return text if AREA_CODE.fullmatch(text) else None


def _camera(text: str) -> Camera | None:
    try:
        longitude, latitude, zoom = (float(number) for number in text.split(","))
    except ValueError:
        return None
    inside = abs(longitude) <= 180.0 and abs(latitude) <= 90.0 and 0.0 <= zoom <= MAX_ZOOM
    return (longitude, latitude, zoom) if inside else None


__all__ = [
    "LANGUAGES",
    "MAX_FIELDS",
    "METRICS",
    "PARAMETERS",
    "PER",
    "PLAY_STEPS",
    "RADII_M",
    "SORTS",
    "TABS",
    "THEMES",
    "VIEWS",
    "MapState",
    "filter_parameters",
    "format_url",
    "pairs",
    "parse",
    "read_range",
]
