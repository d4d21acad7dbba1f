"""The doors for people: log-in page, demo, one-time link, own account, log-out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.entry.look import Look
from dashboard.entry.notices import weak
from dashboard.people.account import Account
from dashboard.people.cookies import PLAIN_NAME
from dashboard.people.demo_accounts import ensure_demo_accounts
from dashboard.people.invitations import invite
from dashboard.settings import DashboardSettings
from geo.database import administering
from tests.areas import COUNTY, OTHER_COUNTY, PROVINCE
from tests.dashboard.people.conftest import PASSWORD, People
from tests.dashboard.visitors import BY, client_of

Doors = Callable[..., FlaskClient]
ELSEWHERE = [
    "//evil.example",
    "https://evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "http:evil.example",
    "evil.example",
    "/%0d%0aSet-Cookie:x=1\r\n",
    "/log-in?next=//evil.example",
]


@pytest.fixture(scope="module")
def servers(gate: Engine, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Flask]:
    """Build the application over plain HTTP, once for each way of setting it up."""
    folder = tmp_path_factory.mktemp("entry")

    @cache
    def server(**settings: bool) -> Flask:
        given = {"cookie_secure": False, **settings}
        return create_app(DashboardSettings(state_dir=folder, **given), gate).server

    return server


@pytest.fixture
def doors(servers: Callable[..., Flask], owner: Engine) -> Doors:
    """Open a client: a stranger in a browser of its own."""
    return lambda **settings: client_of(servers(**settings), secure=False)


@pytest.fixture
def leader(people: People) -> Account:
    """Somebody with a password who works in two counties."""
    return people(f"leader@county:{COUNTY},county:{OTHER_COUNTY}")


def send(client: FlaskClient, login: str, password: str = PASSWORD, **more: str) -> TestResponse:
    return client.post("/log-in", data={"login": login, "password": password, **more})


def way(answer: TestResponse) -> tuple[str, dict[str, list[str]]]:
    """Path and parameters an answer leads to."""
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.location)
    assert not parts.netloc
    return parts.path, parse_qs(parts.query)


def test_a_stranger_is_led_to_the_log_in_and_back(doors: Doors, leader: Account) -> None:
    client, page = doors(), {"Accept": "text/html"}
    path, query = way(client.get(f"/map/{COUNTY}?period=all&lang=en", headers=page))
    assert path == "/log-in"
    shown = client.get(f"{path}?next={query['next'][0]}").text
    assert "Log-in name" in shown
    entered = send(client, leader.login, next=query["next"][0], lang="en")
    answer = client.get(entered.location)
    assert way(answer) == (f"/map/{COUNTY}", {"period": ["all"], "lang": ["en"]})
    assert client.get("/revision.json").json["scope"] == f"county-{COUNTY}"


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_nobody_is_led_elsewhere(doors: Doors, leader: Account, elsewhere: str) -> None:
    client = doors()
    entered = send(client, leader.login, next=elsewhere)
    assert way(entered)[0] == "/log-in"
    assert way(client.get(entered.location)) == ("/", {})
    asked = client.get("/log-in", query_string={"next": elsewhere, "entered": "1"})
    assert way(asked) == ("/", {})
    assert (
        way(client.post("/session/scope", data={"scope": f"county-{COUNTY}", "next": elsewhere}))[0]
        == "/"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_wrong_is_said_and_not_which(doors: Doors, leader: Account, lang: str) -> None:
    client = doors()
    wrong = send(client, leader.login, "not the password", lang=lang)
    unknown = send(client, "nobody-of-that-name", "not the password", lang=lang)
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(leader.login, "") == unknown.text.replace("nobody-of-that-name", "")
    assert Look(lang).text("Log-in name or password is wrong") in wrong.text
    assert PLAIN_NAME not in wrong.headers.get("Set-Cookie", "")


def test_what_was_typed_comes_back_inert(doors: Doors) -> None:
    shown = send(doors(), '"><script>alert(1)</script>', "x").text
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown


def test_after_too_many_attempts_the_page_says_how_long_to_wait(
    doors: Doors, leader: Account
) -> None:
    client = doors()
    for _ in range(60):
        answer = send(client, leader.login, "wrong")
        if answer.status_code == 429:
            break
    assert answer.status_code == 429
    wait_s = answer.headers["Retry-After"]
    assert int(wait_s) > 0
    assert f'data-wait-s="{wait_s}"' in answer.text
    clock = f"{int(wait_s) // 60}:{int(wait_s) % 60:02}"
    assert f"请在 {clock} 后重试" in answer.text


def test_a_browser_that_keeps_no_cookie_is_told(doors: Doors, leader: Account) -> None:
    client = doors()
    entered = send(client, leader.login)
    client.delete_cookie(PLAIN_NAME)
    assert "浏览器未能保存登录" in client.get(entered.location).text


def test_over_plain_http_the_page_says_that_no_log_in_is_kept(doors: Doors) -> None:
    client = doors(cookie_secure=True)
    client.environ_base.pop("HTTP_SEC_FETCH_SITE")
    far = client.get("/log-in", headers={"Host": "10.0.0.5:8050"}).text
    assert "此地址未加密" in far
    assert "https://10.0.0.5" in far
    assert 'name="password"' not in far
    for near in ({"Host": "127.0.0.1:8050"}, {"Host": "10.0.0.5", "Sec-Fetch-Site": "none"}):
        assert "此地址未加密" not in client.get("/log-in", headers=near).text


def test_the_cookie_is_strict(doors: Doors, leader: Account) -> None:
    cookie = send(doors(cookie_secure=True), leader.login).headers["Set-Cookie"]
    assert cookie.startswith("__Host-gridboard=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


def test_pages_at_the_door_are_never_kept_and_run_no_script_of_their_own(doors: Doors) -> None:
    client = doors()
    for path in ("/log-in", "/welcome"):
        answer = client.get(path)
        assert answer.headers["Cache-Control"] == "no-store"
        assert (
            "unsafe-inline" not in answer.headers["Content-Security-Policy"].split("style-src")[0]
        )
        assert " style=" not in answer.text
        assert "onclick" not in answer.text
        scripts = re.findall(r"<script([^>]*)>(.*?)</script>", answer.text, re.DOTALL)
        sources = [re.search(r'src="/assets/([^"]+)"', tag) for tag, _words in scripts]
        assert [each and each[1] for each in sources] == ["print.js", "entry/entry.js"]
        assert {words for _tag, words in scripts} == {""}


def test_logging_in_again_ends_the_session_before(doors: Doors, leader: Account) -> None:
    client = doors()
    send(client, leader.login)
    first = client.get_cookie(PLAIN_NAME)
    send(client, leader.login)
    second = client.get_cookie(PLAIN_NAME)
    assert first
    assert second
    assert first.value != second.value
    client.set_cookie(PLAIN_NAME, first.value)
    assert client.get("/revision.json").status_code == 401


def test_log_out_ends_the_session_and_clears_the_browser(doors: Doors, leader: Account) -> None:
    client = doors()
    send(client, leader.login)
    kept = client.get_cookie(PLAIN_NAME)
    answer = client.post("/log-out", data={"lang": "en"})
    assert way(answer) == ("/log-in", {"out": ["1"], "lang": ["en"]})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie(PLAIN_NAME) is None
    assert "You are logged out" in client.get(answer.location).text
    assert kept
    client.set_cookie(PLAIN_NAME, kept.value)
    assert client.get("/revision.json").status_code == 401
    assert way(client.post("/log-out"))[0] == "/log-in"


def test_an_ended_session_is_said_on_the_way_back(
    doors: Doors, leader: Account, later: Callable[[str], None]
) -> None:
    client = doors()
    send(client, leader.login)
    assert "你已以" in client.get("/log-in").text
    later("2 hours")
    assert client.get("/revision.json").status_code == 401
    assert "登录已结束" in client.get("/log-in?next=/map").text


def test_another_site_can_neither_log_in_nor_out(doors: Doors, leader: Account) -> None:
    client = doors()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "cross-site"
    assert send(client, leader.login).status_code == 403
    assert client.post("/log-out").status_code == 403
    assert client.post("/welcome", data={"token": "x"}).status_code == 403


def test_ready_accounts_are_entered_by_a_click_in_the_demo_alone(
    doors: Doors, owner: Engine
) -> None:
    with administering(owner) as connection:
        ensure_demo_accounts(connection)
    earnest, demo = doors(), doors(demo=True)
    assert "demo-admin" not in earnest.get("/log-in").text
    assert earnest.post("/log-in/demo", data={"login": "demo-admin"}).status_code == 404
    page = demo.get("/log-in?lang=en").text
    assert page.count('class="entry-card"') == 11
    assert "manages accounts" in page
    answer = demo.post("/log-in/demo", data={"login": "demo-admin"})
    assert way(answer)[0] == "/log-in"
    assert demo.get("/revision.json").json["scope"] == f"province-{PROVINCE}"
    kept = demo.get_cookie(PLAIN_NAME)
    assert kept
    earnest.set_cookie(PLAIN_NAME, kept.value)
    assert earnest.get("/revision.json").status_code == 401


def test_the_demo_lets_in_as_ready_accounts_alone(doors: Doors, leader: Account) -> None:
    demo = doors(demo=True)
    for login in (leader.login, "nobody", "", "\0"):
        answer = demo.post("/log-in/demo", data={"login": login})
        assert answer.status_code == 401
        assert demo.get_cookie(PLAIN_NAME) is None


def test_a_one_time_link_sets_a_password_once(doors: Doors, people: People, owner: Engine) -> None:
    account, client = people(f"county:{COUNTY}", None), doors()
    with administering(owner) as connection:
        token = invite(connection, account, BY)
    assert token not in client.get("/welcome").text
    shown = client.post("/welcome", data={"token": token, "step": "look"}).text
    assert account.name in shown
    assert account.login in shown
    given = {"token": token, "step": "set"}
    short = client.post("/welcome", data={**given, "password": "short"})
    assert short.status_code == 422
    assert "少于 12 个字符。" in short.text
    entered = client.post("/welcome", data={**given, "password": PASSWORD})
    assert way(entered)[0] == "/log-in"
    assert client.get("/revision.json").json["scope"] == f"county-{COUNTY}"
    again = doors().post("/welcome", data={**given, "password": PASSWORD})
    assert again.status_code == 410
    assert way(send(doors(), account.login))[0] == "/log-in"


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\0" * 43])
@pytest.mark.parametrize("step", ["look", "set"])
def test_a_link_that_opens_nothing_says_so(doors: Doors, token: str, step: str) -> None:
    answer = doors().post("/welcome", data={"token": token, "step": step, "password": PASSWORD})
    assert answer.status_code == 410
    assert "此链接已失效" in answer.text


def test_an_expired_link_opens_nothing(
    doors: Doors, people: People, owner: Engine, later: Callable[[str], None]
) -> None:
    with administering(owner) as connection:
        token = invite(connection, people(f"county:{COUNTY}", None), BY)
    later("73 hours")
    assert doors().post("/welcome", data={"token": token, "step": "look"}).status_code == 410


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reason_against_a_password_has_words(lang: str) -> None:
    _ = Look(lang).text
    said = [weak(why, _).words for why in ("short", "long", "control", "login", "simple", "common")]
    assert len(set(said)) == 6


def test_a_person_works_in_one_area_at_a_time_and_chooses(doors: Doors, leader: Account) -> None:
    client = doors()
    send(client, leader.login)
    chosen = client.post("/session/scope", data={"scope": f"county-{OTHER_COUNTY}", "lang": "en"})
    assert way(chosen) == ("/", {"lang": ["en"]})
    assert client.get("/revision.json").json["scope"] == f"county-{OTHER_COUNTY}"
    for foreign in (f"province-{PROVINCE}", "county-990199", "", "x" * 5000):
        refused = client.post("/session/scope", data={"scope": foreign})
        assert refused.status_code == 404
    assert client.get("/revision.json").json["scope"] == f"county-{OTHER_COUNTY}"


def test_the_account_page_shows_the_own_account(doors: Doors, leader: Account) -> None:
    client = doors()
    send(client, leader.login)
    page = client.get("/account?lang=en").text
    assert leader.name in page
    assert page.count('class="account-session"') == 1
    assert page.count('class="account-area"') == 2
    assert f'value="county-{OTHER_COUNTY}"' in page
    assert f'value="county-{COUNTY}"' not in page


def test_a_person_ends_own_sessions_and_nobody_elses(
    doors: Doors, leader: Account, people: People, gate: Engine, owner: Engine
) -> None:
    other = people(f"operator@county:{COUNTY}")
    mine, elsewhere, foreign = doors(), doors(), doors()
    for client, login in ((mine, leader.login), (elsewhere, leader.login), (foreign, other.login)):
        send(client, login)
    with owner.connect() as connection:
        rows = connection.execute(text("SELECT session_id FROM session ORDER BY session_id"))
        _, second, third = [str(row.session_id) for row in rows]
    assert mine.post("/account/sessions/end", data={"session": third}).status_code == 404
    assert foreign.get("/revision.json").status_code == 200
    ended = mine.post("/account/sessions/end", data={"session": second})
    assert way(ended) == ("/account", {"done": ["session"]})
    assert elsewhere.get("/revision.json").status_code == 401
    assert mine.get("/revision.json").status_code == 200


def test_a_person_changes_the_password(doors: Doors, leader: Account) -> None:
    client, elsewhere = doors(), doors()
    send(client, leader.login)
    send(elsewhere, leader.login)
    new = "a staple of another horse"

    def change(current: str, password: str) -> TestResponse:
        return client.post("/account/password", data={"current": current, "password": password})

    assert "当前密码不正确" in change("wrong", new).text
    assert "少于 12 个字符。" in change(PASSWORD, "short").text
    assert way(change(PASSWORD, new)) == ("/account", {"done": ["password"]})
    assert client.get("/revision.json").status_code == 200
    assert elsewhere.get("/revision.json").status_code == 401
    assert send(doors(), leader.login).status_code == 401
    assert way(send(doors(), leader.login, new))[0] == "/log-in"


def test_strangers_have_no_account_page(doors: Doors) -> None:
    client, page = doors(), {"Accept": "text/html"}
    assert way(client.get("/account", headers=page))[0] == "/log-in"
    for path in ("/account/password", "/account/sessions/end", "/session/scope"):
        assert way(client.post(path, headers=page))[0] == "/log-in"
        assert client.post(path).status_code == 401


def test_a_person_gets_a_page_where_a_program_gets_json(doors: Doors, leader: Account) -> None:
    client, page = doors(), {"Accept": "text/html,*/*;q=0.8"}
    send(client, leader.login)
    for path, status in (("/people", 404), ("/nowhere", 404), ("/metrics", 404)):
        shown = client.get(f"{path}?lang=en&theme=light", headers=page)
        assert shown.status_code == status
        assert "There is nothing here" in shown.text
        assert 'data-theme="light"' in shown.text
        assert shown.headers["X-Request-ID"] in shown.text
        assert client.get(path).json["error"]


def test_without_a_database_a_person_is_told_and_the_page_tries_again(tmp_path: Path) -> None:
    nowhere = create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none")
    settings = DashboardSettings(state_dir=tmp_path, cookie_secure=False, demo=True)
    client = client_of(create_app(settings, nowhere).server, "A" * 43, secure=False)
    shown = client.get("/map", headers={"Accept": "text/html"})
    assert shown.status_code == 503
    assert "数据暂时不可用" in shown.text
    assert '<meta http-equiv="refresh" content="10">' in shown.text
    client.delete_cookie(PLAIN_NAME)
    for answer in (client.get("/log-in"), send(client, "somebody")):
        assert answer.status_code == 503
        assert "暂时无法登录" in answer.text
