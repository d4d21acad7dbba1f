"""What Prometheus reads: every answer counted, nobody named, nothing without the token."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr, ValidationError
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.metrics.counted import Metrics
from dashboard.metrics.measuring import outcome
from dashboard.metrics.standing import Standing
from dashboard.people.account import By
from dashboard.people.invitations import invite
from dashboard.settings import DashboardSettings
from geo.database import administering, engine_for, listening
from geo.settings import DatabaseSettings
from tests.areas import COUNTY, PROVINCE
from tests.cluster import CHECKOUT
from tests.dashboard.visitors import Visitors, client_of, make_account
from tests.databases import opened

TOKEN = "a-token-of-the-tests"  # noqa: S105
HOLDER = {"Authorization": f"Bearer {TOKEN}"}

JOBS = """
    INSERT INTO gridboard.job (scope_code, author, kind, request, state, asked_at) VALUES
        ('990000', 'Zhao', 'load', '{}', 'waiting', now() - interval '1 hour'),
        ('990000', 'Zhao', 'load', '{}', 'waiting', now()),
        ('990000', 'Zhao', 'load', '{}', 'done', now() - interval '1 day')
"""

Scrape = Callable[[], dict[tuple[str, ...], float]]


@pytest.fixture
def site(world_engine: Engine, tmp_path: Path) -> Flask:
    settings = DashboardSettings(state_dir=tmp_path, metrics_token=SecretStr(TOKEN))
    found: Flask = create_app(settings, world_engine).server
    return found


@pytest.fixture
def county(site: Flask, visitors: Visitors) -> FlaskClient:
    return visitors.client(site, f"leader@county:{COUNTY}")


@pytest.fixture
def scrape(site: Flask) -> Scrape:
    """Read all values, by name and the values of their labels in the order of these."""

    def read() -> dict[tuple[str, ...], float]:
        answer = client_of(site).get("/metrics", headers=HOLDER)
        assert answer.status_code == 200
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(answer.text)
            for sample in family.samples
        }

    return read


def test_answers_are_counted_by_route_status_and_role(
    site: Flask, county: FlaskClient, scrape: Scrape
) -> None:
    county.get("/revision.json")
    county.get("/revision.json?area=secret")
    client_of(site).get("/revision.json")
    county.get("/areas/county-nowhere/1/77.json")
    found = scrape()
    assert found["gridboard_requests_total", "leader", "/revision.json", "200"] == 2
    assert found["gridboard_requests_total", "none", "/revision.json", "401"] == 1
    area = "/areas/<scope>/<int:revision>/<int:area_id>.json"
    assert found["gridboard_requests_total", "leader", area, "404"] == 1
    assert found["gridboard_request_seconds_count", "/revision.json"] == 3
    assert found["gridboard_request_seconds_bucket", "+Inf", "/revision.json"] == 3


def test_whatever_is_asked_for_the_number_of_routes_is_bounded(
    county: FlaskClient, scrape: Scrape
) -> None:
    for number in range(20):
        county.get(f"/nobody-made-this-{number}")
        county.open(f"/map/{number}", method="BREW")
        county.get(f"/tiles/{number}")
    assert len({name[2] for name in scrape() if name[0] == "gridboard_requests_total"}) < 5


def test_tiles_are_counted_by_where_they_came_from(county: FlaskClient, scrape: Scrape) -> None:
    version = county.get("/revision.json").json
    assert version is not None
    address = f"/tiles/{version['scope']}/{version['area']}/2/0/0/0.mvt"
    for _ in range(3):
        assert county.get(address, headers={"Accept-Encoding": "gzip"}).status_code == 200
    found = scrape()
    assert found["gridboard_tiles_total", "made"] == 1
    assert found["gridboard_tiles_total", "memory"] == 2
    pattern = "/tiles/<scope>/<int:revision>/<int:layer>/<int:z>/<int:x>/<int:y>.mvt"
    assert found["gridboard_requests_total", "leader", pattern, "200"] == 3


def test_connections_come_back(county: FlaskClient, scrape: Scrape, world_engine: Engine) -> None:
    county.get("/revision.json")
    with world_engine.connect():
        assert scrape()["gridboard_pool_used", "app"] == 1
    # It leaves the pool, and is closed in the end.
    with listening(world_engine, "gridboard"):
        assert scrape()["gridboard_pool_used", "app"] == 0
    world_engine.dispose()
    county.get("/revision.json")
    found = scrape()
    assert found["gridboard_pool_used", "app"] == found["gridboard_pool_used", "gate"] == 0
    assert found["gridboard_pool_size", "app"] == 4


def test_log_ins_are_counted_by_outcome(site: Flask, scrape: Scrape) -> None:
    client_of(site).post("/log-in", data={"login": "nobody", "password": "wrong wrong"})
    found = {name for name in scrape() if name[0] == "gridboard_log_ins_total"}
    assert found == {("gridboard_log_ins_total", "refused", "password")}


@pytest.mark.parametrize(
    ("status", "entered", "expected"),
    [
        (303, True, "entered"),
        (303, False, "refused"),
        (200, False, None),
        (401, False, "refused"),
        (410, False, "refused"),
        (429, False, "throttled"),
        (503, False, "failed"),
    ],
)
def test_what_came_of_a_log_in(status: int, entered: bool, expected: str | None) -> None:
    assert outcome(status, entered) == expected


def test_who_enters_is_counted(
    world: DatabaseSettings, world_engine: Engine, site: Flask, scrape: Scrape
) -> None:
    account = make_account(world, f"leader@county:{COUNTY}")
    with opened(world, "admin") as engine, administering(engine) as connection:
        link = invite(connection, account, By("tests"))
    client = client_of(site)
    assert client.post("/welcome", data={"token": link}).status_code == 200
    password = "a long enough one"  # noqa: S105
    answer = client.post("/welcome", data={"token": link, "step": "set", "password": password})
    assert answer.status_code == 303, answer.text
    form = {"login": account.login, "password": password}
    assert client_of(site).post("/log-in", data=form).status_code == 303
    found = {name[1:]: value for name, value in scrape().items() if "log_ins_total" in name[0]}
    assert found == {("entered", "invitation"): 1, ("entered", "password"): 1}


def test_the_state_of_the_data_is_told(county: FlaskClient, scrape: Scrape) -> None:
    county.get("/revision.json")
    found = scrape()
    assert found[("gridboard_database_up",)] == 1
    assert found["gridboard_sessions", "leader"] >= 1
    assert found[("gridboard_jobs_waiting_seconds",)] == 0
    assert found["gridboard_data_changed_timestamp_seconds", "incident"] > 1.6e9


def test_jobs_are_told_by_state(admin_engine: Engine, app_engine: Engine) -> None:
    with admin_engine.begin() as connection:
        connection.exec_driver_sql(JOBS)
    values = {
        (sample.name, *sample.labels.values()): sample.value
        for family in Standing(app_engine).collect()
        for sample in family.samples
    }
    assert values["gridboard_jobs", "waiting"] == 2
    assert values["gridboard_jobs", "done"] == 1
    assert values[("gridboard_jobs_waiting_seconds",)] >= 3600


def test_open_streams_are_counted(site: Flask, visitors: Visitors, scrape: Scrape) -> None:
    wall = visitors.client(site, f"wall@county:{COUNTY}")
    stream = wall.get("/live", buffered=False)
    assert scrape()[("gridboard_streams",)] == 1
    stream.close()
    assert scrape()[("gridboard_streams",)] == 0


def test_without_a_database_the_rest_is_told(tmp_path: Path) -> None:
    nowhere = DatabaseSettings(
        app_database_url=SecretStr("postgresql://gridboard_app@/gridboard?host=/nowhere")
    )
    settings = DashboardSettings(state_dir=tmp_path, metrics_token=SecretStr(TOKEN))
    client = client_of(create_app(settings, engine_for(nowhere)).server)
    assert client.get("/revision.json").status_code == 401
    answer = client.get("/metrics", headers=HOLDER)
    assert answer.status_code == 200
    assert "gridboard_database_up 0.0" in answer.text
    assert 'route="/revision.json"' in answer.text


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer äöü", TOKEN],
)
def test_without_the_token_nothing_is_told(site: Flask, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}
    answer = client_of(site).get("/metrics", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert "gridboard_" not in answer.text


def test_a_session_is_no_token(site: Flask, visitors: Visitors) -> None:
    admin = visitors.client(site, f"admin@province:{PROVINCE}")
    assert admin.get("/metrics").status_code == 401


def test_without_a_setting_there_is_no_door(
    world_engine: Engine, visitors: Visitors, tmp_path: Path
) -> None:
    site = create_app(DashboardSettings(state_dir=tmp_path), world_engine).server
    known, unknown = (
        visitors.client(site, f"province:{PROVINCE}").get(path, headers=HOLDER)
        for path in ("/metrics", "/nothing")
    )
    assert known.status_code == unknown.status_code == 404
    strangers = [client_of(site).get(path, headers=HOLDER) for path in ("/metrics", "/nothing")]
    assert [answer.status_code for answer in strangers] == [401, 401]


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ValidationError):
        DashboardSettings(metrics_token=SecretStr("short"))


def test_nobody_is_named_and_no_area(site: Flask, visitors: Visitors, county: FlaskClient) -> None:
    county.get(f"/map/{COUNTY}")
    county.get("/revision.json?login=zhao")
    text = client_of(site).get("/metrics", headers=HOLDER).text
    login = visitors.account(f"leader@county:{COUNTY}").login
    assert login not in text
    assert COUNTY not in text
    assert PROVINCE not in text
    assert "zhao" not in text


def test_every_metric_is_documented(world_engine: Engine) -> None:
    """docs/metrics.md holds the name and the meaning of every metric, and no others."""
    told = (CHECKOUT / "docs" / "metrics.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(gridboard_\w+)` \| \w+ \| (.+) \|$", told, re.MULTILINE))
    families = [family for one in vars(Metrics()).values() for family in one.describe()]
    families += list(Standing(world_engine).describe())
    names = {
        family.name + ("_total" if family.type == "counter" else ""): family.documentation
        for family in families
    }
    assert rows == names
