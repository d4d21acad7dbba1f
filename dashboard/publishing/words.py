"""The publishable mode in words, for the page and for every file made in it."""

from __future__ import annotations

from dashboard.publishing.errors import Reason
from dashboard.publishing.lattice import Span
from dashboard.text import Text
from dashboard.visit import Visit
from geo.disclosure import LEAST, QUARTER_MONTHS, STEP, YEAR_MONTHS


def notice(visit: Visit) -> str:
    """Say how publishable figures were made; nothing for other figures."""
    return rules(visit.text) if visit.state.publish else ""


def rules(_: Text) -> str:
    """Say how publishable figures are made."""
    return _(
        "Publishable figures: rounded to {step}; counts below {least}, zero too, and others that "
        "would give them away are withheld. Areas wider than a county are sums of the counties "
        "shown.",
        step=STEP,
        least=LEAST,
    )


def refusal(reason: Reason, _: Text) -> str:
    """Say why something is not published."""
    return {
        "period": _(
            "Publishable figures are those of a calendar month, quarter or year that is over; "
            "months come with the end of their quarter."
        ),
        "terms": _("Publishable figures count all incidents, without filters."),
        "layer": _("Publishable figures end at the township."),
        "scope": _("Publishable figures are made for a county or wider."),
        "figure": _("This is not among the publishable figures."),
    }[reason]


def span_name(span: Span, _: Text) -> str:
    """Name a published period."""
    year, month = divmod(span.first, YEAR_MONTHS)
    if span.unit == "year":
        return _("Year {year}", year=year)
    if span.unit == "month":
        return f"{year}-{month + 1:02d}"
    return _("{year} Q{quarter}", year=year, quarter=month // QUARTER_MONTHS + 1)
