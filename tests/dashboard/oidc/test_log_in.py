"""The way to the provider and back, with a provider that is honest."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from dashboard.oidc.flow import LIFE_S
from tests.areas import COUNTY, OTHER_COUNTY
from tests.dashboard.oidc.conftest import PUBLIC_URL, Browser, problem_of, provider_answer
from tests.dashboard.oidc.provider import FakeProvider, new_key
from tests.dashboard.visitors import client_of


def rows(owner: Engine, query: str) -> list[dict[str, object]]:
    with owner.begin() as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


ACCOUNTS = "SELECT login, name, role, scope_slots, scope_codes, subject, created_by FROM account"
AUDIT = """SELECT actor, scope_code, action, role, detail FROM audit ORDER BY audit_id"""


def test_who_the_provider_vouches_for_gets_in(
    browser: Browser, provider: FakeProvider, owner: Engine
) -> None:
    answer = browser.log_in("/?area=990101&lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?area=990101&lang=en")
    assert answer.headers["Cache-Control"] == "no-store"
    assert browser.client.get("/revision.json").json["scope"] == f"county-{COUNTY}"
    assert rows(owner, ACCOUNTS) == [
        {
            "login": "lan.zhou",
            "name": "周岚",
            "role": "leader",
            "scope_slots": [2],
            "scope_codes": [COUNTY],
            "subject": f"{provider.address} 17",
            "created_by": "OpenID Connect",
        }
    ]
    added, entered = rows(owner, AUDIT)
    assert (added["action"], added["actor"]) == ("account_added", "OpenID Connect")
    assert (entered["action"], entered["actor"]) == ("log_in", "lan.zhou")
    assert (entered["scope_code"], entered["role"]) == (COUNTY, "leader")
    assert entered["detail"]["via"] == "oidc"  # type: ignore[index]


def test_the_session_before_is_over(
    application: Flask, browser: Browser, provider: FakeProvider
) -> None:
    browser.log_in()
    before = browser.client.get_cookie("__Host-gridboard")
    browser.log_in()
    after = browser.client.get_cookie("__Host-gridboard")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert not Browser(client_of(application, before.value)).is_in()


def test_the_question_is_asked_as_it_should(browser: Browser, provider: FakeProvider) -> None:
    parts = urlsplit(browser.start().headers["Location"])
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{provider.address}/authorize"
    assert asked["redirect_uri"] == f"{PUBLIC_URL}/log-in/oidc/back"
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid profile"
    guarded = {asked["state"], asked["nonce"], asked["code_challenge"]}
    assert {len(value) for value in guarded} == {43}
    assert len(guarded) == 3


def test_two_log_ins_share_no_secret(application: Flask, browser: Browser) -> None:
    other = Browser(client_of(application))
    first, second = (
        parse_qs(urlsplit(one.start().headers["Location"]).query) for one in (browser, other)
    )
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


def test_the_cookie_of_the_way_is_out_of_reach(browser: Browser) -> None:
    begun = browser.start()
    cookie = begun.headers["Set-Cookie"]
    assert cookie.startswith("__Host-gridboard-oidc=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={LIFE_S}"):
        assert part in cookie
    back = browser.come_back(begun.headers["Location"])
    gone = next(c for c in back.headers.getlist("Set-Cookie") if "-oidc=" in c)
    assert "Max-Age=0" in gone


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "/log-in", "x"]
)
def test_nobody_is_led_elsewhere_afterwards(browser: Browser, wanted: str) -> None:
    assert browser.log_in(wanted).headers["Location"] == "/"


def test_changed_claims_change_the_account_at_the_next_log_in(
    application: Flask, browser: Browser, provider: FakeProvider, owner: Engine
) -> None:
    browser.log_in()
    provider.person |= {"roles": ["officers"], "areas": [OTHER_COUNTY, COUNTY], "name": "周 兰"}
    other = Browser(client_of(application))
    other.log_in()
    (account,) = rows(owner, ACCOUNTS)
    assert (account["role"], account["name"]) == ("operator", "周 兰")
    assert account["scope_codes"] == [OTHER_COUNTY, COUNTY]
    (changed,) = [line for line in rows(owner, AUDIT) if line["action"] == "account_changed"]
    assert changed["actor"] == "OpenID Connect"
    assert json.dumps(changed["detail"]).count("leader") == 1
    assert other.is_in()
    assert not browser.is_in(), "a session of the old role goes on"


def test_a_new_login_name_is_still_the_same_person(
    browser: Browser, provider: FakeProvider, owner: Engine
) -> None:
    browser.log_in()
    provider.person["preferred_username"] = "lan.li"
    browser.log_in()
    assert [account["login"] for account in rows(owner, ACCOUNTS)] == ["lan.zhou"]


def test_who_loses_access_there_loses_it_here(
    application: Flask, browser: Browser, provider: FakeProvider, owner: Engine
) -> None:
    browser.log_in()
    assert browser.is_in()
    provider.person["roles"] = ["others"]
    assert problem_of(Browser(client_of(application)).log_in()) == "oidc_unknown"
    assert not browser.is_in()
    failed = rows(owner, AUDIT)[-1]
    assert failed["action"] == "log_in_failed"
    assert failed["detail"]["sessions"] == 1  # type: ignore[index]


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("roles", None),
        ("roles", []),
        ("roles", ["others"]),
        ("roles", {"offices": True}),
        ("areas", None),
        ("areas", ["000000"]),
        ("areas", [["990101"]]),
        ("preferred_username", None),
        ("preferred_username", "two words"),
        ("preferred_username", ["a", "b"]),
    ],
)
def test_who_is_not_named_by_the_settings_stays_outside(
    browser: Browser, provider: FakeProvider, owner: Engine, claim: str, value: object
) -> None:
    provider.person[claim] = value
    assert problem_of(browser.log_in()) == "oidc_unknown"
    assert not browser.is_in()
    assert rows(owner, ACCOUNTS) == []


def test_an_area_that_is_gone_takes_nothing_from_the_others(
    browser: Browser, provider: FakeProvider, owner: Engine
) -> None:
    provider.person["areas"] = ["990199", COUNTY]
    browser.log_in()
    assert rows(owner, ACCOUNTS)[0]["scope_codes"] == [COUNTY]


def test_the_login_of_somebody_else_is_not_taken_over(
    browser: Browser, provider: FakeProvider, owner: Engine
) -> None:
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO account (login, name, role, scope_slots, scope_codes)"
                " VALUES ('lan.zhou', 'Another', 'admin', '{0}', '{990000}')"
            )
        )
    assert problem_of(browser.log_in()) == "oidc_taken"
    assert not browser.is_in()
    (account,) = rows(owner, ACCOUNTS)
    assert (account["role"], account["subject"]) == ("admin", None)


def test_another_subject_with_the_same_login_is_somebody_else(
    application: Flask, browser: Browser, provider: FakeProvider, owner: Engine
) -> None:
    browser.log_in()
    provider.person["sub"] = "18"
    assert problem_of(Browser(client_of(application)).log_in()) == "oidc_taken"
    assert browser.is_in()


def test_a_disabled_account_stays_disabled(
    browser: Browser, provider: FakeProvider, owner: Engine
) -> None:
    browser.log_in()
    with owner.begin() as connection:
        connection.execute(text("UPDATE gridboard.account SET disabled_at = now()"))
    provider.person["roles"] = ["map-admins"]
    assert problem_of(browser.log_in()) == "oidc_disabled"
    assert not browser.is_in()
    assert rows(owner, ACCOUNTS)[0]["role"] == "leader"


def test_no_is_an_answer(browser: Browser, provider: FakeProvider) -> None:
    to_provider = browser.start("/?lang=en").headers["Location"]
    state = parse_qs(urlsplit(to_provider).query)["state"][0]
    answer = browser.bring(f"/log-in/oidc/back?error=access_denied&state={state}")
    assert problem_of(answer) == "oidc_refused"
    assert "lang%3Den" in answer.headers["Location"]
    page = browser.client.get(answer.headers["Location"], headers={"Accept": "text/html"})
    assert "did not let you in" in page.text


def test_a_new_key_of_the_provider_is_fetched_once_a_minute(
    browser: Browser, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.log_in()
    provider.key = new_key()
    provider.published = [provider.key]
    assert problem_of(browser.log_in()) == "oidc_invalid", "keys were read less than a minute ago"
    monkeypatch.setattr("dashboard.oidc.provider.KEYS_PAUSE_S", 0.0)
    assert browser.log_in().headers["Location"] == "/"
    assert provider.asked.count("/keys") == 2


def test_a_provider_that_is_away_is_asked_once_in_a_while(
    browser: Browser, provider: FakeProvider
) -> None:
    provider.answers = False
    assert [problem_of(browser.start()) for _ in range(3)] == ["oidc_away"] * 3
    assert len(provider.asked) == 1


def test_nothing_secret_is_logged(
    browser: Browser, provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    answer = provider_answer(browser.start().headers["Location"])
    code = parse_qs(urlsplit(answer).query)["code"][0]
    browser.bring(answer)
    browser.bring(answer)
    provider.person["roles"] = []
    browser.log_in()
    assert "oidc_unknown" in caplog.text
    for secret in (code, "s3cret", "lan.zhou", "周岚"):
        assert secret not in caplog.text
