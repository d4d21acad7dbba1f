"""Which doors stand open to a request in the publishable mode: few, and each by name.

A request is in the mode when its address says so, or when a callback is asked for a page whose
address does. It then gets a ``PublishedSource`` wherever a source is asked for; a door that is not
named here, as one that is added later, refuses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, g, has_request_context, request

from dashboard import ids
from dashboard.publishing.errors import NotPublishableError

PARAMETER, YES = "publish", "1"
CALLBACK = "/_dash-update-component"
THROUGH_SOURCE = frozenset(
    {
        "/export/<code>.<form>",
        "/areas/<scope>/<int:revision>/<int:area_id>.json",
        "/index/<scope>/<int:revision>/<int:layer>/<code>.bin",
        "/revision.json",
        "/values/<scope>/<int:revision>/<int:layer>/<code>.bin",
    }
)
"""Doors whose figures all come from the source they are given."""
WITHOUT_FIGURES = frozenset(
    {
        "/",
        "/<path:path>",
        "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
        "/_dash-dependencies",
        "/_dash-layout",
        "/_favicon.ico",
        "/_reload-hash",
        "/account",
        "/assets/<path:filename>",
        "/healthz",
        "/live",
        "/log-in",
        "/log-in/demo",
        "/log-out",
        "/readyz",
        "/session/scope",
        "/tiles/<scope>/<int:revision>/<int:layer>/<int:z>/<int:x>/<int:y>.mvt",
    }
)
"""Doors that say nothing about incidents, or nothing but a page's frame."""
OF_THE_MAP = frozenset({ids.BREADCRUMB, ids.KPI, ids.MAP, ids.SEARCH})
"""The first output of each callback of the map page."""
OF_COMPARISONS = frozenset(
    {ids.BRIEF_PAGES, ids.COMPARE_WHERE, ids.COMPARE_MAP_FIRST, ids.COMPARE_KPI}
)
"""The same of the pages that compare and brief, which say that nothing there is published."""


def register(server: Flask) -> None:
    """Refuse in the publishable mode what is not named above."""

    @server.before_request
    def _narrow() -> None:
        g.publishing = _asked_for()
        rule = request.url_rule
        if not g.publishing or rule is None:
            return
        if rule.rule == CALLBACK:
            open_ = _first_output() in OF_THE_MAP | OF_COMPARISONS
        else:
            open_ = rule.rule in THROUGH_SOURCE | WITHOUT_FIGURES
        if not open_:
            raise NotPublishableError("figure")


def is_publishing() -> bool:
    """Whether the request in progress is in the publishable mode."""
    return has_request_context() and bool(g.get("publishing"))


def says_publish(query: str) -> bool:
    """Whether a query string, as it stands in an address, asks for the mode."""
    try:
        pairs = parse_qsl(query.lstrip("?"), max_num_fields=100)
    except ValueError:
        return False
    return (PARAMETER, YES) in pairs


def _asked_for() -> bool:
    if YES in request.args.getlist(PARAMETER):
        return True
    is_callback = request.path == CALLBACK and request.method == "POST"
    return is_callback and any(says_publish(query) for query in _queries(_body()))


def _body() -> Any:
    return request.get_json(silent=True)


def _first_output() -> str:
    body = _body()
    output = str(body.get("output", "")) if isinstance(body, dict) else ""
    return output.strip(".").split("...")[0].rsplit(".", 1)[0]


def _queries(value: Any) -> Iterator[str]:
    """Every text of a body that could be the query of an address."""
    found: Callable[[Any], Iterator[str]] = _queries
    if isinstance(value, str) and PARAMETER in value:
        yield value.partition("?")[2] or value
    elif isinstance(value, dict):
        for each in value.values():
            yield from found(each)
    elif isinstance(value, list):
        for each in value:
            yield from found(each)
