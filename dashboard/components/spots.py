"""The legends of hot and emerging spots: their classes, and how they were found."""

from __future__ import annotations

from typing import Any

from dashboard.period import Days
from dashboard.signals.months import FEWEST_MONTHS
from dashboard.signals.spots import FALSE_SHARES
from dashboard.text import Text
from dashboard.visit import Visit
from geo.chance import FALSE_DISCOVERIES


def spots_of_map(visit: Visit) -> dict[str, dict[str, Any]] | None:
    """Describe both views of spots; ``None`` where they are not published."""
    if visit.state.publish:
        return None
    return {"hot": _hot(visit), "emerging": _emerging(visit)}


def _hot(visit: Visit) -> dict[str, Any]:
    _ = visit.text
    return {
        "title": _("Hot and cold spots"),
        "period": _.days(visit.days),
        "classes": [_("FDR ≤ {n}", n=f"{share:.0%}") for share in FALSE_SHARES.values()],
        "notes": [
            _(
                "FDR, the false discovery rate: of the areas found in a row and the rows above it,"
                " no more than this share are expected to be there by chance."
            ),
            _compared(visit),
        ],
        "method": {"name": _("How they are found"), "notes": [_method(visit)]},
        "why": None,
        **_sides(_),
    }


def _emerging(visit: Visit) -> dict[str, Any]:
    _ = visit.text
    months = visit.source.months(visit.days)
    few = _("No data: it takes {n} whole months up to the end of the period.", n=FEWEST_MONTHS)
    return {
        "title": _("Emerging hot and cold spots"),
        "period": _span(months, _) if months else "",
        "classes": _patterns(_),
        "notes": [_compared(visit)],
        "method": {
            "name": _("How they are found"),
            "notes": [
                _method(visit),
                _("Each month counts together with the one before."),
                _(
                    "Hot or cold is a month of an area at a false discovery rate of {n} over all of"
                    " them.",
                    n=f"{FALSE_DISCOVERIES:.0%}",
                ),
            ],
        },
        "why": None if months else few,
        **_sides(_),
    }


def _span(months: tuple[Days, ...], _: Text) -> str:
    whole = Days(months[0].since, months[-1].until)
    return _("{n} months, {period}", n=_.number(len(months)), period=_.days(whole))


def _patterns(_: Text) -> list[str]:
    """The eight ways to become a spot, in the order of ``geo.emerging.Pattern``."""
    return [
        _("new"),
        _("consecutive"),
        _("intensifying"),
        _("persistent"),
        _("diminishing"),
        _("sporadic"),
        _("oscillating"),
        _("historical"),
    ]


def _sides(_: Text) -> dict[str, str]:
    return {
        "hot": _("hot, areas"),
        "cold": _("cold, areas"),
        "none": _("neither"),
        "few": _("too few to judge"),
        "hidden": _("hidden"),
        "unknown": _("nobody counted, or no data"),
    }


def _method(visit: Visit) -> str:
    _ = visit.text
    if visit.state.per == "households":
        return _(
            "Gi* of incidents beyond what the households there let one expect; areas that touch"
            " count together; corrected for so many tests by the false discovery rate."
        )
    return _(
        "Gi* of incidents beyond what the people there let one expect; areas that touch count"
        " together; corrected for so many tests by the false discovery rate."
    )


def _compared(visit: Visit) -> str:
    _, source = visit.text, visit.source
    lineage = source.picture.lineage
    areas = len(lineage.features(visit.layer.slot, lineage.row(source.home)))
    home = source.area(source.home)
    return _("Compared with all {n} areas of {place}.", n=_.number(areas), place=_.name(home))
