"""What floats on the map: the choice of metric, of view and of level."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.gridmap import metrics
from dashboard.components.links import link, segments
from dashboard.components.markup import Markup
from dashboard.visit import Visit


def control(visit: Visit) -> Markup:
    """Build the choices; only areas have metrics, and only they are published."""
    if visit.state.publish:
        groups = [_metrics(visit), *_bases(visit, areas=True)]
    else:
        areas = visit.state.view == "areas"
        groups = [_views(visit), *([_metrics(visit)] if areas else []), *_bases(visit, areas=areas)]
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
    names = {
        "areas": _("Areas"),
        "heat": _("Heatmap"),
        "hot": _("Hot spots"),
        "emerging": _("Emerging"),
    }
    choices = [
        link(name, visit.href(view=view), current=view == state.view)
        for view, name in names.items()
    ]
    return segments(_("View"), choices)


def _bases(visit: Visit, *, areas: bool) -> list[Any]:
    """Whom incidents are set against, where a view does; and whether rates are smoothed."""
    _, state = visit.text, visit.state
    is_rate = areas and state.metric == "rate"
    if not is_rate and (areas or state.view == "heat"):
        return []
    names = {"people": _("per people"), "households": _("per household")}
    choices = [
        link(name, visit.href(per=per), current=per == state.per) for per, name in names.items()
    ]
    return [
        segments(_("Set against"), choices),
        *(_smoothing(visit) if is_rate and not state.publish else []),
    ]


def _smoothing(visit: Visit) -> list[Any]:
    _, state = visit.text, visit.state
    ways = {False: _("as counted"), True: _("smoothed")}
    choices = [
        link(name, visit.href(smooth=smooth), current=smooth == state.smooth)
        for smooth, name in ways.items()
    ]
    return [segments(_("Small numbers"), choices)]


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
