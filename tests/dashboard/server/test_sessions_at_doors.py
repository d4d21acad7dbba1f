"""Sessions as the doors see them: what keeps them going, what ends them, and what a cookie is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard import ids
from dashboard.app import create_app
from dashboard.people.account import Account
from dashboard.people.accounts import change_account, disable
from dashboard.people.cookies import SECURE_NAME
from dashboard.people.demo_accounts import READY, ensure_demo_accounts
from dashboard.people.entering import enter_demo
from dashboard.people.limits import SessionLimits
from dashboard.people.sessions import Sessions, choose_scope, end_session
from dashboard.server.origin import Origin
from dashboard.settings import DashboardSettings
from geo.database import administering, guarding
from geo.settings import DatabaseSettings
from tests.areas import COUNTY, PROVINCE
from tests.dashboard.server.conftest import Clients
from tests.dashboard.visitors import BY, Visitors, client_of, enter, make_account, make_session
from tests.databases import opened

Age = Callable[[Account, str], None]


@pytest.fixture
def admin(world: DatabaseSettings) -> Iterator[Engine]:
    with opened(world, "admin") as engine:
        yield engine


@pytest.fixture
def account(world: DatabaseSettings) -> Account:
    return make_account(world, f"county:{COUNTY},province:{PROVINCE}")


@pytest.fixture
def mine(clients: Clients, account: Account, world_engine: Engine) -> FlaskClient:
    """A client in a session of ``account``."""
    return enter(clients(None), make_session(world_engine, account))


@pytest.fixture
def age(admin: Engine) -> Age:
    """Move what an account's sessions noted back in time."""

    def move(account: Account, span: str) -> None:
        statement = text(
            "UPDATE session SET seen_at = seen_at - CAST(:span AS interval)"
            " WHERE account_id = :account"
        )
        with admin.begin() as connection:
            connection.execute(statement, {"span": span, "account": account.account_id})

    return move


def seen(admin: Engine, account: Account) -> object:
    with admin.connect() as connection:
        query = text("SELECT max(seen_at) FROM session WHERE account_id = :id")
        return connection.execute(query, {"id": account.account_id}).scalar_one()


def session_of(engine: Engine, client: FlaskClient) -> object:
    cookie = client.get_cookie(SECURE_NAME)
    assert cookie is not None
    return Sessions(engine).find(cookie.value)


@pytest.mark.parametrize("how", ["end", "disable", "scope", "cookie"])
def test_what_ends_a_session_is_felt_at_the_next_request(
    mine: FlaskClient, account: Account, world_engine: Engine, admin: Engine, how: str
) -> None:
    assert mine.get("/revision.json").status_code == 200
    if how == "cookie":
        mine.set_cookie(SECURE_NAME, "x" * 43)
    with administering(admin) as connection:
        if how == "end":
            found = session_of(world_engine, mine)
            end_session(connection, found.session_id, BY)  # type: ignore[attr-defined]
        elif how == "disable":
            disable(connection, account, BY)
        elif how == "scope":
            change_account(connection, account, BY, scopes=account.scopes[1:])
    assert mine.get("/revision.json").status_code == 401
    page = mine.get("/map", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["Location"]) == (303, "/log-in?next=%2Fmap")


def test_another_scope_is_worked_in_from_the_next_request_on(
    mine: FlaskClient, world_engine: Engine
) -> None:
    assert mine.get("/revision.json").json["scope"] == f"county-{COUNTY}"
    found = session_of(world_engine, mine)
    with guarding(world_engine) as connection:
        choose_scope(connection, found, f"province-{PROVINCE}", BY)  # type: ignore[arg-type]
    assert mine.get("/revision.json").json["scope"] == f"province-{PROVINCE}"


def test_a_role_is_what_it_is_now(clients: Clients, visitors: Visitors, world, admin, world_engine):
    operator = make_account(world, f"operator@county:{COUNTY}")
    client = enter(clients(None), make_session(world_engine, operator))
    assert client.get("/data/news.json").status_code == 200
    with admin.begin() as connection:
        statement = text("UPDATE account SET role = 'leader' WHERE account_id = :id")
        connection.execute(statement, {"id": operator.account_id})
    assert client.get("/data/news.json").status_code == 403


CALLBACK = {
    "output": "..x.y...",
    "outputs": [],
    "inputs": [],
    "changedPropIds": [f"{ids.FRESHNESS}.revision"],
}


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("/revision.json", False),
        ("/data/news.json", False),
        ("/people/news.json", False),
        (f"/values/county-{COUNTY}/1/5/{COUNTY}.bin", False),
        ("/healthz", False),
        ("/map", True),
        ("/_dash-layout", True),
        ("/no/such/page", True),
    ],
)
def test_what_is_asked_by_the_clock_does_not_count(
    mine: FlaskClient, account: Account, admin: Engine, age: Age, path: str, counts: bool
) -> None:
    age(account, "30 minutes")
    before = seen(admin, account)
    mine.get(path)
    assert (seen(admin, account) != before) is counts


@pytest.mark.parametrize(
    ("changed", "counts"),
    [
        ([f"{ids.FRESHNESS}.revision"], False),
        ([f"{ids.DESK_WATCH}.work", f"{ids.DESK_WATCH}.side"], False),
        ([f"{ids.FRESHNESS}.revision", "address.search"], True),
        ([], True),
        (["address.search"], True),
        ("nonsense", True),
    ],
)
def test_a_picture_drawn_anew_by_itself_does_not_count(
    mine: FlaskClient, account: Account, admin: Engine, age: Age, changed: object, counts: bool
) -> None:
    age(account, "30 minutes")
    before = seen(admin, account)
    mine.post("/_dash-update-component", json={**CALLBACK, "changedPropIds": changed})
    assert (seen(admin, account) != before) is counts


def test_a_page_left_open_idles_out_though_it_goes_on_asking(
    mine: FlaskClient, account: Account, age: Age
) -> None:
    for _ in range(3):
        age(account, "19 minutes")
        assert mine.get("/revision.json").status_code == 200
    age(account, "5 minutes")
    assert mine.get("/revision.json").status_code == 401


def test_a_finished_tile_is_shut_as_soon_as_the_session_is(
    mine: FlaskClient, account: Account, admin: Engine
) -> None:
    found = mine.get("/revision.json").json
    gzip = {"Accept-Encoding": "gzip"}
    layer = f"/tiles/{found['scope']}/{found['area']}/2"
    tiles = [f"{layer}/{z}/{x}/{y}.mvt" for z, x, y in _over_the_county(mine)]
    drawn = next(url for url in tiles if mine.get(url, headers=gzip).status_code == 200)
    assert mine.get(drawn, headers=gzip).data
    with administering(admin) as connection:
        disable(connection, account, BY)
    assert mine.get(drawn, headers=gzip).status_code == 401


def _over_the_county(client: FlaskClient) -> list[tuple[int, int, int]]:
    from dashboard.server.warm import tiles_over

    return [(8, x, y) for x, y in tiles_over((90, 30, 110, 45), 8)]


def test_the_token_of_one_site_opens_no_other(
    clients: Clients, admin_engine: Engine, app_engine: Engine, mine: FlaskClient
) -> None:
    cookie = mine.get_cookie(SECURE_NAME)
    assert cookie is not None
    other = enter(clients(None, engine=app_engine), cookie.value)
    assert other.get("/revision.json").status_code == 401


@pytest.mark.parametrize("demo", [True, False])
def test_ready_accounts_are_somebody_in_the_demo_alone(
    world_engine: Engine, admin: Engine, tmp_path: Path, demo: bool
) -> None:
    with administering(admin) as connection:
        ensure_demo_accounts(connection)
    login = READY[1].login
    token = enter_demo(world_engine, login, Origin("127.0.0.1"), SessionLimits()).token
    settings = DashboardSettings(state_dir=tmp_path, demo=demo)
    client = client_of(create_app(settings, world_engine).server, token)
    assert client.get("/revision.json").status_code == (200 if demo else 401)


def test_over_plain_http_the_cookie_has_another_name(
    world_engine: Engine, account: Account, tmp_path: Path
) -> None:
    settings = DashboardSettings(state_dir=tmp_path, cookie_secure=False)
    server = create_app(settings, world_engine).server
    token = make_session(world_engine, account)
    assert client_of(server, token, secure=False).get("/revision.json").status_code == 200
    assert client_of(server, token, secure=True).get("/revision.json").status_code == 401


@pytest.mark.parametrize("path", ["/log-in", "/log-in/demo", "/welcome", "/log-out"])
def test_even_strangers_must_come_from_our_pages_to_log_in(clients: Clients, path: str) -> None:
    stranger = clients(None)
    stranger.environ_base.pop("HTTP_SEC_FETCH_SITE")
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert stranger.post(path, data={}, headers=headers).status_code == 403
