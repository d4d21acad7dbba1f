"""The kinds of areas in words, for files that people read."""

from __future__ import annotations

from dashboard.text import Text


def kind_words(_: Text) -> dict[str, str]:
    """Name the kinds of areas that the data names by keys, in the singular."""
    return {
        "province": _("province"),
        "prefecture": _("prefecture"),
        "district": _("urban district"),
        "county": _("county"),
        "county_city": _("county-level city"),
        "subdistrict": _("subdistrict"),
        "town": _("town"),
        "township": _("rural township"),
        "community": _("urban community"),
        "village": _("rural village"),
        "basic": _("ordinary cell"),
        "special": _("special cell"),
    }
