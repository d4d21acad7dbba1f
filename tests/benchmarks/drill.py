"""A click that drills down: what the server spends on it, and the same by GROUP BY.

The figure counts everything the server does for the click: the callbacks of the page (its
head, the map's scene, the panel) and the values of the map, from the request's body to the
answer's bytes, in this process and without a network. The peer answers the same questions
with plain GROUP BY over the incidents, as the same viewer, and renders nothing.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, text

from dashboard.app import MEGABYTE, create_app
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.source import Source
from dashboard.state import MapState, format_url
from dashboard.store import Store
from dashboard.visit import Visit
from geo.database import transaction
from geo.hierarchy import SLOTS
from tests.benchmarks.target import (
    demo_engine,
    demo_session,
    demo_settings,
    demo_viewer,
    mixed_states,
)
from tests.dashboard.visitors import client_of

CLICKS = 300
COMPARED = 100
_SQL = Path(__file__).parent / "sql"
_CALLBACK = "/_dash-update-component"


def measure() -> dict[str, float]:
    """Return pages.drill_* figures."""
    engine = demo_engine()
    settings = demo_settings()
    app = create_app(settings, engine)
    store = Store(settings.block_cache_mb * MEGABYTE)
    source = Source(engine, demo_viewer(), store)
    states = mixed_states(source, CLICKS)
    click = clicker(client_of(app.server, demo_session(), secure=False))
    clicks = [seconds(partial(click, state)) for state in states]
    # By turns, so that both meet the same machine.
    pairs = [
        (
            seconds(partial(answer, engine, store, state)),
            seconds(partial(group_by, engine, Visit(source, state))),
        )
        for state in states[:COMPARED]
    ]
    ours, theirs = zip(*pairs, strict=True)
    return {
        "pages.drill_p50_ms": float(np.percentile(clicks, 50)) * 1000,
        "pages.drill_p95_ms": float(np.percentile(clicks, 95)) * 1000,
        "pages.drill_answers_p50_ms": float(np.percentile(ours, 50)) * 1000,
        "pages.drill_groupby_p50_ms": float(np.percentile(theirs, 50)) * 1000,
        "pages.drill_vs_groupby": sum(theirs) / sum(ours),
    }


def clicker(client: FlaskClient) -> Callable[[MapState], None]:
    """Make the requests of a click, as the page makes them."""
    declared = [
        item for item in client.get("/_dash-dependencies").get_json() if _reads_address(item)
    ]
    assert len(declared) == 3, "the page draws its head, its map and its panel"

    def click(state: MapState) -> None:
        path, _, query = format_url(state).partition("?")
        address = {"pathname": path, "search": f"?{query}" if query else ""}
        answers = [_post(client, item, address) for item in declared]
        drawn = {key: value for answer in answers for key, value in answer["response"].items()}
        values = drawn["map"]["scene"]["urls"]["values"]
        assert client.get(values).status_code == 200

    return click


def answer(engine: Engine, store: Store, state: MapState) -> None:
    """Ask a source what a click asks, rendering nothing: what GROUP BY is compared with."""
    visit = Visit(Source(engine, demo_viewer(), store), state)
    code, filters = visit.area.code, visit.filters
    visit.source.summary(code, filters)
    visit.source.children(code, filters, visit.layer.key)
    visit.source.composition(code, filters)
    visit.source.trend(code, filters)


def group_by(engine: Engine, visit: Visit) -> None:
    """Answer what a click asks by counting incidents."""
    with transaction(engine, demo_viewer()) as connection:
        area = SLOTS[visit.area.slot]
        child = SLOTS[visit.layer.slot]
        for days in _compared(visit.filters):
            _count(connection, "totals.sql", area, child, visit, days)
        _count(connection, "children.sql", area, child, visit, visit.days)
        _count(connection, "composition.sql", area, child, visit, visit.days)
        for days in (visit.days, visit.days.year_before()):
            _count(connection, "trend.sql", area, child, visit, days)


def _compared(filters: Filters) -> tuple[Days, Days, Days]:
    return filters.days, filters.days.before(), filters.days.year_before()


def _count(
    connection: Connection, name: str, area: str, child: str, visit: Visit, days: Days
) -> None:
    # The column names are SLOTS, not input.
    place = "true" if area == SLOTS[0] else f"{area}_code = :code AND county_code = ANY (:counties)"
    query = (_SQL / name).read_text().replace("<place>", place)
    query = query.replace("<child>", f"{child}_code")
    filters = visit.filters
    connection.execute(
        text(query),
        {
            "code": visit.area.code,
            # What the index of incidents begins with, so that the peer need not read them all.
            "counties": _counties(visit),
            "since": days.since,
            "until": days.until,
            "categories": sorted(filters.categories) or None,
            "channels": sorted(filters.channels) or None,
            "statuses": sorted(filters.statuses) or None,
        },
    ).all()


def _counties(visit: Visit) -> list[str]:
    county = SLOTS.index("county")
    way = [(step.slot, step.code) for step in visit.area.parents]
    way.append((visit.area.slot, visit.area.code))
    if visit.area.slot < county:
        layer = visit.hierarchy.at(county)
        assert layer is not None
        return list(visit.source.children(visit.area.code, visit.filters, layer.key)["code"])
    # A city without counties stands in for its only one.
    return [max(step for step in way if step[0] <= county)[1]]


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _reads_address(item: dict[str, Any]) -> bool:
    return not item.get("clientside_function") and any(
        entry["id"] == "address" for entry in item["inputs"]
    )


def _post(client: FlaskClient, item: dict[str, Any], address: dict[str, str]) -> dict[str, Any]:
    outputs = [
        dict(zip(("id", "property"), name.rsplit(".", 1), strict=True))
        for name in item["output"].strip(".").split("...")
    ]
    inputs = [
        {**entry, "value": address if entry["id"] == "address" else None}
        for entry in item["inputs"]
    ]
    body = {
        "output": item["output"],
        "outputs": outputs,
        "inputs": inputs,
        "changedPropIds": ["address.data"],
        "state": [],
    }
    answer = client.post(
        _CALLBACK,
        data=json.dumps(body),
        content_type="application/json",
        headers={"Accept-Encoding": "gzip"},
    )
    assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
    packed = answer.headers.get("Content-Encoding") == "gzip"
    found: dict[str, Any] = json.loads(gzip.decompress(answer.data) if packed else answer.data)
    return found
