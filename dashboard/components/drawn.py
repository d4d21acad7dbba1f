"""Which address a part of a page was drawn for: links know what they change (assets/links.js)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from dash import html

DRAWN = "data-drawn"


def drawn_mark(identity: str) -> html.Div:
    """Build what says it, to be put first in the part it is said of."""
    return html.Div(id=identity, hidden=True)


def drawn_for(place: Mapping[str, str], href: str) -> str:
    """Say it of the links of one answer.

    Args:
        place: the path and query string that were asked for.
        href: the same address as links write theirs.
    """
    return json.dumps([f"{place.get('pathname') or ''}{place.get('search') or ''}", href])
