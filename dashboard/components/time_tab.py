"""When incidents come: against what is expected, against earlier days, by weekday and hour."""

from __future__ import annotations

from typing import Any

from dashboard.components import markup as html
from dashboard.components.timing.calendar_heat import hours_block
from dashboard.components.timing.campaigns import campaigns_block, marks_of
from dashboard.components.timing.changed import changed_block
from dashboard.components.timing.departed import departed_block
from dashboard.components.trend import trend_head
from dashboard.figures.campaign_marks import marked
from dashboard.figures.trend import trend_figure
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
            campaigns_block(visit),
        )
    ]


def time_trend(visit: Visit) -> tuple[list[Any], dict[str, Any]]:
    """Build the head and the chart of the trend with what was expected of it, and campaigns."""
    source, code, filters, _ = visit.source, visit.area.code, visit.filters, visit.text
    trend = source.trend(code, filters)
    expected = band(source, code, filters, trend)
    figure = trend_figure(trend, visit.days_with_data, visit.state.theme, _, expected)
    marks = marks_of(visit)
    head = trend_head(trend, _, expected=expected is not None, campaigns=bool(marks))
    return head, marked(figure, trend, marks, visit.state.theme)
