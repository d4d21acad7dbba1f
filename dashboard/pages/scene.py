"""What the map shows, as one value the browser can keep: addresses, classes, labels."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from dashboard.components.play import play_of_map
from dashboard.components.spots import spots_of_map
from dashboard.location_words import location_lines
from dashboard.naming import worst_first
from dashboard.period import Days
from dashboard.rating import rate_of_map
from dashboard.signals.answers import KINDS
from dashboard.state import METRICS, filter_parameters
from dashboard.visit import Visit

MAX_LABELS = 400
MAX_OUTLINES = 2


def scene(visit: Visit) -> dict[str, Any]:
    """Describe the map of a visit.

    Returns:
        area (with the way down to it), layer, names of the levels, outlines (slots of
        the borders drawn over it), urls, radii, play, scales by metric, labels (lon, lat,
        name; the worst first, then the most important) and the legend's lines.
    """
    area, layer, _ = visit.area, visit.layer, visit.text
    return {
        "title": f"{_.name(area)} · gridboard",
        "area": {
            "id": area.area_id,
            "code": area.code,
            "slot": area.slot,
            "bounds": list(area.bounds),
            "path": [step.code for step in area.parents] + [area.code],
        },
        "layer": {
            "slot": layer.slot,
            "name": _.term(layer),
            "areas": area.areas_per_layer.get(layer.key, 1),
        },
        "levels": {level.key: _.term(level) for level in visit.hierarchy.levels},
        "outlines": _outlines(visit),
        "urls": _urls(visit),
        "radii": _radii(visit),
        "play": play_of_map(visit),
        "scales": _scales(visit),
        "rate": rate_of_map(visit),
        "spots": spots_of_map(visit),
        "labels": _labels(visit),
        "legend": _legend(visit),
    }


def _outlines(visit: Visit) -> list[int]:
    between = range(visit.area.slot + 1, visit.layer.slot)
    return [level.slot for level in visit.hierarchy.levels if level.slot in between][:MAX_OUTLINES]


def _urls(visit: Visit) -> dict[str, str]:
    scope, versions = visit.source.viewer.scope_key, visit.source.revisions
    place = f"{scope}/{versions.area}/{visit.layer.slot}/{visit.area.code}"
    query = urlencode(_question(visit, visit.days), safe=",")
    return {
        "tiles": f"/tiles/{scope}/{versions.area}/{{slot}}/{{z}}/{{x}}/{{y}}.mvt",
        "index": f"/index/{place}.bin",
        "values": f"/values/{place}.bin?{query}",
        "frames": f"/frames/{place}.bin?{query}&per={visit.state.per}",
        "heat": f"/heat/{scope}/{versions.area}/{visit.area.code}.bin?{query}",
        "areas": f"/areas/{scope}/{versions.area}/{{id}}.json",
        **_signals(visit, f"{scope}/{versions.area}/{visit.layer.slot}", query),
    }


def _signals(visit: Visit, layer: str, query: str) -> dict[str, str]:
    """Where spots are, and what is said of one area; none of it is published."""
    if visit.state.publish:
        return {}
    state = visit.state
    query += f"&per={state.per}"
    smooth = "&smooth=1" if state.smooth else ""
    spots = f"/signals/{layer}/{visit.area.code}.bin?{query}"
    return {
        **{kind: f"{spots}&kind={kind}" for kind in KINDS},
        "said": f"/signals/{layer}/{{id}}.json?{query}{smooth}",
    }


def _radii(visit: Visit) -> dict[str, Any]:
    """The bandwidths of the density surface to choose from, in metres."""
    radii = visit.source.radii(visit.area.code)
    return {"usual": radii.usual_m, "stops": list(radii.stops_m)}


def _question(visit: Visit, days: Days) -> dict[str, str]:
    return {
        "from": days.since.isoformat(),
        "to": days.last.isoformat(),
        **filter_parameters(visit.state),
        **({"publish": "1"} if visit.state.publish else {}),
        "rev": str(visit.source.revisions.incident),
    }


def _scales(visit: Visit) -> dict[str, dict[str, Any]]:
    filters = visit.source.scale_filters(visit.state)
    return {
        metric: asdict(visit.source.breaks(visit.layer.key, metric, filters, visit.rate))
        for metric in METRICS
    }


def _labels(visit: Visit) -> list[list[Any]]:
    """Name the areas shown; where they are too many to be read, the children."""
    area, layer = visit.area, visit.layer.key
    if area.areas_per_layer.get(layer, 0) > MAX_LABELS and area.child_level:
        layer = area.child_level
    found = worst_first(visit, visit.source.labels(area.code, layer, limit=MAX_LABELS), layer)
    english = visit.state.lang == "en"
    names = found["name_en"].fillna(found["name"]) if english else found["name"]
    rounded = (found[["lon", "lat"]].astype(float).round(5)).to_numpy().tolist()
    within = visit.text.within
    return [[*point, within(name, area)] for point, name in zip(rounded, names, strict=True)]


def _legend(visit: Visit) -> dict[str, Any]:
    _, state = visit.text, visit.state
    scale = visit.source.scale_filters(state).days
    paged = state.scale is not None and scale != visit.days
    return {
        "period": _.days(visit.days),
        "scale": _("Classes of {period}", period=_.days(scale)) if paged else None,
        "rescale": visit.href(scale=None) if paged else None,
        "located": location_lines(visit),
    }
