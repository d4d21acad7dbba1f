"""The map of the change: its classes against the tests it stands on, and its words."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from dash import Dash
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, false_discovery_control
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.comparing.changes import UNKNOWN, UNTOLD, changes, compared
from dashboard.comparing.comparison import Comparison
from dashboard.comparing.scenes import scenes
from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.settings import DashboardSettings
from dashboard.source import Source
from tests.areas import CITY, PROVINCE, SPECIAL
from tests.dashboard.made import MadeSource, Place
from tests.dashboard.markup import links, words
from tests.dashboard.visitors import Visitors
from tests.dashboard.world import Cases, count_cases
from tests.enclosure.callbacks import name_of, request_of

COUNTS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=30)


@given(COUNTS, st.integers(1, 400), st.integers(1, 400))
def test_classes_follow_the_exact_test_and_the_size(
    counts: list[tuple[int, int]], days: int, other_days: int
) -> None:
    pairs = np.array(counts, np.float64)
    found = compared(pairs[:, 0], pairs[:, 1], days, other_days)
    share = days / (days + other_days)
    p = [
        min(1.0, 2 * min(binomtest(a, a + b, share, side).pvalue for side in ("less", "greater")))
        if a + b
        else 1.0
        for a, b in counts
    ]
    told = false_discovery_control(p)
    for (a, b), q, klass in zip(counts, told, found.classes, strict=True):
        if a + b == 0:
            assert klass == 0
        elif abs(q - 0.05) > 1e-9:
            assert (klass == UNTOLD) == (q > 0.05)
        if 0 < abs(klass) < UNTOLD:
            times = (a / days) / (b / other_days) if b else np.inf
            assert (klass > 0) == (times > 1)
            size = max(times, 1 / times if times else np.inf)
            assert abs(klass) == 1 + (size >= 1.25) + (size >= 2.0)


def test_without_data_nothing_is_said_to_have_changed() -> None:
    first, second = np.array([3.0, np.nan]), np.array([np.nan, 4.0])
    assert list(compared(first, second, 30, 30).classes) == [UNKNOWN, UNKNOWN]


def test_as_many_days_count_as_have_data() -> None:
    """Ninety days of data: 3 a day for sixty of them, and 6 a day in the last thirty."""
    first = date(2024, 1, 1)

    def days(since: int, until: int) -> Days:
        return Days(first + timedelta(days=since), first + timedelta(days=until))

    places = [Place("620121", 2), Place("620121101", 3, "620121"), Place("620121102", 3, "620121")]
    source = MadeSource(places, {"620121101": [3] * 60 + [6] * 30}, first)

    def found(now: Days, then: Days) -> Any:
        return changes(source, "620121", 3, Filters(now), then)  # type: ignore[arg-type]

    # Only thirty of the sixty days asked for have data: 180 in 30 days against 180 in 60.
    late = found(days(60, 120), days(0, 60))
    assert (late.first.tolist(), late.second.tolist()) == ([180, 0], [180, 0])
    assert late.ratio[0] == pytest.approx(2)
    assert late.classes.tolist() == [3, 0]
    early = found(days(0, 60), days(-60, 30))
    assert early.ratio[0] == pytest.approx(1)
    assert early.classes.tolist() == [UNTOLD, 0]
    back = found(days(0, 60), days(60, 120))
    assert (back.ratio[0], back.classes[0]) == (pytest.approx(1 / 2), -3)
    for now, then in ((days(-60, 0), days(0, 60)), (days(0, 60), days(90, 120))):
        nothing = found(now, then)
        assert nothing.classes.tolist() == [UNKNOWN, UNKNOWN]
        for numbers in (nothing.first, nothing.second, nothing.ratio, nothing.p):
            assert np.isnan(numbers).all()
            assert len(numbers) == 2


@pytest.fixture(scope="module")
def app(world_engine: Engine) -> Dash:
    return create_app(DashboardSettings(), world_engine)


@pytest.fixture
def client(app: Dash, visitors: Visitors) -> FlaskClient:
    return visitors.client(app.server, f"province:{PROVINCE}")


def test_the_map_gets_classes_and_a_sentence(
    client: FlaskClient, source: Source, cases: Cases
) -> None:
    search = "?from=2023-10-01&to=2024-02-29&against=before&show=change"
    address = {"pathname": f"/compare/{PROVINCE}", "search": search}
    first, _second = scenes(Comparison.at(source, address))
    answer = client.get(first["urls"]["change"])
    assert answer.headers["Cache-Control"].startswith("private")
    n = int.from_bytes(answer.data[:4], "little")
    ids = np.frombuffer(client.get(first["urls"]["index"]).data, "<u4", n, 4)
    ratio = np.frombuffer(answer.data, "<f4", n, 4)
    classes = np.frombuffer(answer.data, "i1", n, 4 + 8 * n)
    now, then = (date(2023, 10, 1), date(2024, 3, 1)), (date(2023, 5, 2), date(2023, 10, 1))
    for code in (CITY, SPECIAL):
        at = int(np.flatnonzero(ids == source.area(code).area_id)[0])
        counts = [count_cases(cases, code, *days) for days in (now, then)]
        assert ratio[at] == pytest.approx(counts[0] / counts[1], rel=1e-5)
        said = json.loads(client.get(first["urls"]["said"].replace("{id}", str(ids[at]))).data)
        assert said["sentence"]["en"].startswith(f"{counts[0]} against {counts[1]} incidents: ")
        assert ("not told" in said["sentence"]["en"]) == (classes[at] == UNTOLD)
    assert client.get(first["urls"]["change"].replace("from2", "from3")).status_code == 400
    assert client.get(first["urls"]["said"].replace("{id}", "999999999")).status_code == 404
    assert set(first["spots"]) == {"change"}


def test_a_comparison_is_not_published(app: Dash, client: FlaskClient) -> None:
    for name in ("compare-kpi.children", "compare-map-first.link"):
        output = next(key for key in app.callback_map if name_of(key) == name)
        values = {
            "compare-page.address": {"pathname": "/compare", "search": "?publish=1&lang=en"},
            "compare-freshness.revision": None,
        }
        ask = request_of(output, app.callback_map[output], values)
        answer = client.post(ask.path, json=ask.json)
        assert "This is not among the publishable figures." in answer.text
        assert not any(part in answer.text for part in ("/values/", "pairs", "95%"))
        # A refusal is no failure: trying again would not help.
        assert ('"refused"' in answer.text) == (name == "compare-map-first.link")
        # The panel leads out: the page has no switch of the mode.
        leads_out = "With figures that are not published" in answer.text
        assert leads_out == (name == "compare-kpi.children")


def test_a_brief_in_the_publishable_mode_leads_out_of_it(app: Dash, client: FlaskClient) -> None:
    output = next(key for key in app.callback_map if name_of(key) == "brief-pages.children")
    values = {
        "brief-page.address": {"pathname": "/brief", "search": "?publish=1&lang=en&period=90d"},
        "brief-freshness.revision": None,
    }
    ask = request_of(output, app.callback_map[output], values)
    answer = json.loads(client.post(ask.path, json=ask.json).data)
    sheet = answer["response"]["brief-sheet"]["children"]
    assert "A brief is not made to be published" in words(sheet)
    (way_out,) = links(sheet).values()
    assert "publish" not in way_out
    assert "period=90d" in way_out
