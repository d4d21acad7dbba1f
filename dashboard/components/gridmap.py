"""The map: maplibre-gl as a Dash component of our own (assets/gridmap.js)."""

from __future__ import annotations

from typing import Any

from dashboard.components.base import OwnComponent
from dashboard.components.play import play_words
from dashboard.text import Text


class GridMap(OwnComponent):
    """A drill-down map.

    ``scene`` is what to show (see ``dashboard.pages.scene``), ``look`` how: metric,
    view and theme, which the browser sets by itself. ``problem`` says why no scene
    could be made, ``{"refused": …}`` where none is to be shown; ``children`` float on the
    map above the legend. ``settled`` is set by the browser once there is a first picture,
    or none is to be had. ``link`` says how it moves together with other maps of the page:
    ``group``, ``by`` (``camera`` or ``zoom``) and ``at``, the parameter of the address that
    keeps its camera.
    """

    takes = ("scene", "look", "text", "lang", "problem", "settled", "link")


def map_words(_: Text) -> dict[str, Any]:
    """Return every word the map's script shows."""
    return {
        "map": _("Map"),
        "loading": _("Loading the map …"),
        "failed": _("The map could not be refreshed."),
        "failedSince": _("It shows what was known at {time}."),
        "failedEmpty": _("There is nothing older to show."),
        "retry": _("Try again"),
        "noAreas": _("No areas are drawn at this level here."),
        "noData": _("No data for this period here."),
        "allZero": _("0 incidents: nothing was reported here in this period."),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "fit": _("Whole area"),
        "legend": _("Legend"),
        "areas": _("areas"),
        "zero": _("none"),
        "unknown": {
            "count": _("no data"),
            "density": _("area unknown"),
            "rate": _("population unknown"),
        },
        "noMetric": {
            "count": _("No data for this period here."),
            "density": _("No density: the areas here have no known size."),
            "rate": _("No rate: nobody counted the population here."),
        },
        "units": units(_),
        "metrics": metrics(_),
        "surface": _("Density of incidents"),
        "surfaceUnit": _("incidents/km² over the period"),
        "surfaceNote": _("The same at every zoom; corrected along the border of what you may see."),
        "play": play_words(_),
        "bandwidth": _("Bandwidth"),
        "usualBandwidth": _("Back to {m} m"),
        "metres": _("{m} m"),
        "located": _("{used} incidents located, {left_out} left out without a position."),
        "rescale": _("Re-scale classes"),
        "people": _("people"),
        "noArea": _("area unknown"),
        "noPopulation": _("population unknown"),
        "hidden": _("hidden"),
        "outside": _("outside the area in view"),
        "synthetic": _("synthetic outline"),
    }


def metrics(_: Text) -> dict[str, str]:
    """Name the metrics."""
    return {"count": _("Incidents"), "density": _("Density"), "rate": _("Rate")}


def units(_: Text) -> dict[str, str]:
    """Return the units of the metrics."""
    return {
        "count": _("incidents"),
        "density": _("incidents/km²"),
        "rate": _("per 1,000 people"),
    }
