"""What floats on the map: the choice of metric, of view and of level."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.gridmap import metrics
from dashboard.components.links import link, segments
from dashboard.components.markup import Markup
from dashboard.visit import Visit


def control(visit: Visit) -> Markup:
    """Build the three choices; a density surface has but one metric, its own."""
    groups = [_views(visit)] if visit.state.view == "heat" else [_metrics(visit), _views(visit)]
    return html.Div([*groups, *_layers(visit)], className="control")


def _metrics(visit: Visit) -> Markup:
    _, state = visit.text, visit.state
    choices = [
        link(name, visit.href(metric=metric), current=metric == state.metric)
        for metric, name in metrics(_).items()
    ]
    return segments(_("Metric"), choices)


def _views(visit: Visit) -> Markup:
    _, state = visit.text, visit.state
    names = {"areas": _("Areas"), "heat": _("Heatmap")}
    choices = [
        link(name, visit.href(view=view), current=view == state.view)
        for view, name in names.items()
    ]
    return segments(_("View"), choices)


def _layers(visit: Visit) -> list[Any]:
    _, area = visit.text, visit.area
    if len(area.layers) < 2:
        return []
    choices = []
    for key in area.layers:
        is_default = key == area.child_level
        choices.append(
            link(
                [
                    _.term(visit.hierarchy.level(key)),
                    html.Span(_count(visit, key), className="quiet"),
                ],
                visit.href(layer="" if is_default else key),
                current=key == visit.layer.key,
            )
        )
    return [segments(_("Level shown"), choices)]


def _count(visit: Visit, key: str) -> str:
    return visit.text.number(visit.area.areas_per_layer.get(key, 0))
