import gc
import json
import logging
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.routing import AnyConverter, IntegerConverter

from dashboard.server.doors import is_entrance, is_open
from dashboard.server.requestlog import JsonFormatter
from geo.database import engine_for
from geo.settings import DatabaseSettings
from tests.areas import COUNTY, PROVINCE
from tests.dashboard.server.conftest import Clients
from tests.dashboard.world import FIRST_DAY, LAST_DAY

ALL = f"from={FIRST_DAY}&to={LAST_DAY}"
SCOPE = f"province-{PROVINCE}"
DATA_ROUTES = [
    f"/tiles/{SCOPE}/1/5/5/24/12.mvt",
    f"/index/{SCOPE}/1/5/{PROVINCE}.bin",
    f"/values/{SCOPE}/1/5/{PROVINCE}.bin?{ALL}",
    f"/heat/{SCOPE}/1/{PROVINCE}.bin?{ALL}",
    f"/areas/{SCOPE}/1/1.json",
    "/revision.json",
    "/_dash-layout",
    "/_dash-dependencies",
    "/no/such/page",
]


@pytest.mark.parametrize("path", DATA_ROUTES)
def test_a_stranger_passes_no_door_with_data(clients: Clients, path: str) -> None:
    answer = clients(None).get(path)
    assert answer.status_code == 401
    assert set(answer.json) == {"error", "request_id"}


@pytest.mark.parametrize("path", ["/map/620102?metric=rate&from=2026-01-01", "/data", "/people"])
def test_a_person_is_led_to_the_log_in_and_back(clients: Clients, path: str) -> None:
    answer = clients(None).get(path, headers={"Accept": "text/html,*/*"})
    assert answer.status_code == 303
    place = urlsplit(answer.headers["Location"])
    assert (place.scheme, place.netloc, place.path) == ("", "", "/log-in")
    assert parse_qs(place.query) == {"next": [path]}
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_route_but_the_open_ones_asks_the_gate(clients: Clients) -> None:
    stranger = clients(None)
    rules = list(stranger.application.url_map.iter_rules())
    assert len(rules) > 10
    for rule in rules:
        values = {name: _example(rule, name) for name in rule.arguments}
        path = rule.build(values)[1]
        if not (is_open(path) or is_entrance(path)):
            method = "POST" if "POST" in (rule.methods or ()) else "GET"
            assert stranger.open(path, method=method).status_code == 401, path


def _example(rule, name: str) -> object:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "x"


def test_headers_keep_the_page_to_itself(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": "text/html"})
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in script
    assert "sha256-" in script
    assert "http" not in policy
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "private" in page.headers["Cache-Control"]


def test_the_gate_knows_no_dev_tools(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": "text/html"}).text
    assert '"ui":true' not in page
    assert client.get("/_dash_mcp").status_code in (200, 404)  # the page for any path, no tool
    assert client.post("/_mcp", json={}).status_code in (404, 405)


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "text",
        {},
        {"output": 5},
        {"output": "no.such.output", "inputs": [], "outputs": {}},
        {"output": {"deep": [[[]]]}},
    ],
)
def test_a_callback_nobody_registered_is_refused(client: FlaskClient, body: object) -> None:
    answer = client.post("/_dash-update-component", json=body)
    assert answer.status_code == 400
    assert set(answer.json) == {"error", "request_id"}


def test_a_callback_with_missing_inputs_is_refused(client: FlaskClient) -> None:
    dependencies = client.get("/_dash-dependencies").json
    served = [one for one in dependencies if not one.get("clientside_function")]
    for one in served:
        for inputs in ([], ["x"], [{"id": 1}], [[]] * len(one["inputs"])):
            body = {"output": one["output"], "inputs": inputs, "outputs": {}, "changedPropIds": []}
            assert client.post("/_dash-update-component", json=body).status_code == 400


def test_a_callback_as_the_page_makes_it_passes(clients: Clients) -> None:
    client = clients(f"operator@province:{PROVINCE}")
    dependencies = client.get("/_dash-dependencies").json
    served = [one for one in dependencies if not one.get("clientside_function")]
    assert served
    address = {"pathname": f"/map/{COUNTY}", "search": "?period=all"}
    for one in served:
        names = [name.rsplit(".", 1) for name in one["output"].strip(".").split("...")]
        outputs = [{"id": name, "property": prop} for name, prop in names]

        def filled(items: list[dict[str, str]]) -> list[dict[str, object]]:
            values = {"query": "镇", "data": address, "address": address}
            return [item | {"value": values.get(item["property"])} for item in items]

        body = {
            "output": one["output"],
            "outputs": outputs if one["output"].startswith("..") else outputs[0],
            "inputs": filled(one["inputs"]),
            "state": filled(one["state"]),
            "changedPropIds": ["address.data"],
        }
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Cache-Control"].startswith("private")


def test_a_surprise_says_nothing_about_the_inside(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("the secret of the inside")

    client.application.add_url_rule("/surprise", view_func=fail)
    answer = client.get("/surprise")
    assert answer.status_code == 500
    assert set(answer.json) == {"error", "request_id"}
    assert "secret" not in answer.text
    assert "the secret of the inside" in caplog.text


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post("/_dash-update-component", data=b"x" * 2_000_000)
    assert answer.status_code in (400, 413)


def test_one_line_of_json_a_request(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "gridboard.request"):
        answer = client.get("/revision.json?secret=1")
    (record,) = [record for record in caplog.records if record.name == "gridboard.request"]
    line = json.loads(JsonFormatter().format(record))
    assert line["path"] == "/revision.json"
    assert line["status"] == 200
    assert line["scope"] == SCOPE
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["ms"] > 0
    assert "secret" not in json.dumps(line)


@pytest.fixture
def away() -> Engine:
    """An engine whose server is not there."""
    url = "postgresql://gridboard_app@/gridboard?host=/nowhere"
    return engine_for(DatabaseSettings(database_url=url))


@pytest.mark.parametrize("path", [f"/heat/{SCOPE}/1/{PROVINCE}.bin?{ALL}", "/revision.json"])
def test_a_database_that_is_away_is_said_so(clients: Clients, away: Engine, path: str) -> None:
    answer = clients(engine=away).get(path)
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json["error"] == "the data is unavailable at the moment"


def test_health_without_the_database(clients: Clients, away: Engine) -> None:
    client = clients(None, engine=away)
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json["checks"]["database"] == "away"
    assert ready.headers["Retry-After"]


def test_ready_when_everything_is_there(clients: Clients) -> None:
    ready = clients(None).get("/readyz")
    assert ready.status_code == 200
    assert set(ready.json["checks"].values()) == {"ok"}


def test_a_full_pool_is_an_answer_within_bounded_time(
    clients: Clients, world: DatabaseSettings
) -> None:
    small = DatabaseSettings(**(world.model_dump() | {"pool_size": 1, "pool_wait_s": 0.2}))
    engine = engine_for(small)
    client = clients(engine=engine)
    with engine.connect():
        answer = client.get("/revision.json")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert client.get("/readyz").json["checks"]["pool"] == "exhausted"
    assert client.get("/revision.json").status_code == 200
    engine.dispose()


def test_an_app_that_could_pass_by_policies_is_not_ready(
    clients: Clients, world: DatabaseSettings
) -> None:
    engine = engine_for(world, "admin")
    ready = clients(engine=engine).get("/readyz")
    assert ready.status_code == 503
    assert ready.json["checks"]["role"] == "unsafe"
    engine.dispose()


def test_a_viewer_of_an_area_that_is_not_there_sees_nothing(clients: Clients) -> None:
    assert clients("county:123456").get("/revision.json").status_code == 404


# flask-compress leaves the file of a streamed answer to the garbage collector to close.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_an_asset_is_not_sent_again(client: FlaskClient) -> None:
    packed = {"Accept-Encoding": "br"}
    with client.get("/assets/tokens.css", headers=packed) as first:
        assert first.status_code == 200
        assert first.headers["Content-Encoding"] == "br"
        tag = first.headers["ETag"]
    with client.get("/assets/tokens.css", headers=packed | {"If-None-Match": tag}) as again:
        assert again.status_code == 304
    gc.collect()


def test_county_and_province_differ_in_every_address(
    clients: Clients, address: Callable[[str, str], str]
) -> None:
    county = clients(f"county:{COUNTY}")
    for door in ("tiles", "index", "values", "areas"):
        assert county.get(address(door, f"5/{COUNTY}.bin")).status_code == 404
    assert county.get(address("heat", f"{COUNTY}.bin?{ALL}")).status_code == 404
