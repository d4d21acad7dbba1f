"""When incidents come: against what is expected, against earlier days, by weekday and hour."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.markup import Markup
from dashboard.components.timing.calendar_heat import hours_block
from dashboard.components.timing.changed import changed_block
from dashboard.components.timing.departed import departed_block
from dashboard.components.trend import trend_head
from dashboard.entry.look import Look
from dashboard.figures.trend import trend_figure
from dashboard.sections import CAMPAIGNS
from dashboard.timing.reading import band, changes, standing
from dashboard.visit import Visit


def time_tab(visit: Visit) -> list[Any]:
    """Build the tab of a visit."""
    source, code, filters, _ = visit.source, visit.area.code, visit.filters, visit.text
    return [
        html.Div(part, className="time-part")
        for part in (
            departed_block(standing(source, code, filters), _),
            changed_block(changes(source, code, filters), _),
            hours_block(source.hours(code, filters), _),
            [_campaigns(visit)],
        )
    ]


def _campaigns(visit: Visit) -> Markup:
    """Link the campaigns, with this area and period in the form for a new one."""
    _, state, days = visit.text, visit.state, visit.days_with_data
    terms = {"category": state.categories, "channel": state.channels}
    chosen = {kind: codes[0] for kind, codes in terms.items() if len(codes) == 1}
    query = {"area": visit.area.code, **days.parameters("from", "to"), **chosen}
    address = Look(state.lang, state.theme).address(CAMPAIGNS.path, **query)
    return html.A(_("Campaigns: before, during and after"), href=address)


def time_trend(visit: Visit) -> tuple[list[Any], dict[str, Any]]:
    """Build the head and the chart of the trend with what was expected of it."""
    source, code, filters, _ = visit.source, visit.area.code, visit.filters, visit.text
    trend = source.trend(code, filters)
    expected = band(source, code, filters, trend)
    figure = trend_figure(trend, visit.days_with_data, visit.state.theme, _, expected)
    return trend_head(trend, _, expected=expected is not None), figure
