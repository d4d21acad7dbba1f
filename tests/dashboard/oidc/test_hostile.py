"""Answers that must not let anybody in, whoever made them up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from joserfc import jwt
from sqlalchemy import Engine, text

from dashboard.oidc.flow import LIFE_S
from dashboard.oidc.provider import AT_ONCE
from tests.dashboard.oidc.conftest import Browser, problem_of, provider_answer
from tests.dashboard.oidc.provider import (
    CLIENT_ID,
    Claims,
    FakeProvider,
    new_key,
    signed_with_the_public_key,
    unsigned,
)
from tests.dashboard.visitors import client_of

BACK = "/log-in/oidc/back"
HOUR_S = 3600


@pytest.fixture(autouse=True)
def nobody_got_in(browser: Browser, owner: Engine) -> object:
    """After each of these tests there is no account and no session."""
    yield
    assert not browser.is_in()
    with owner.connect() as connection:
        found = "SELECT (SELECT count(*) FROM gridboard.account)"
        assert connection.execute(text(found)).scalar() == 0


def set_claim(name: str, value: object) -> Callable[[Claims], object]:
    return lambda claims: claims.update({name: value})


def drop_claim(name: str) -> Callable[[Claims], object]:
    return lambda claims: claims.pop(name)


def later(name: str, seconds: int) -> Callable[[Claims], object]:
    return lambda claims: claims.update({name: claims["iat"] + seconds})


LIES = {
    "another nonce": set_claim("nonce", "n" * 43),
    "no nonce": drop_claim("nonce"),
    "an empty nonce": set_claim("nonce", ""),
    "another audience": set_claim("aud", "another client"),
    "another audience by our leave": lambda claims: claims.update(aud="other", azp=CLIENT_ID),
    "our audience by another's leave": set_claim("azp", "another client"),
    "several audiences, nobody's": set_claim("aud", [CLIENT_ID, "another client"]),
    "no audience": drop_claim("aud"),
    "another issuer": set_claim("iss", "https://login.evil.example"),
    "no issuer": drop_claim("iss"),
    "expired": later("exp", -HOUR_S),
    "without end": drop_claim("exp"),
    "an end in words": set_claim("exp", "never"),
    "from the future": later("nbf", HOUR_S),
    "without a time": drop_claim("iat"),
    "nobody": drop_claim("sub"),
    "an empty subject": set_claim("sub", ""),
    "a subject that is a list": set_claim("sub", ["17"]),
    "another access token": set_claim("at_hash", "AAAA"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_token_that_was_not_made_for_this_log_in(
    browser: Browser, provider: FakeProvider, lie: str
) -> None:
    provider.alter = LIES[lie]
    assert problem_of(browser.log_in()) == "oidc_invalid"


OTHER_KEY = new_key()
FORGERIES = {
    "unsigned": unsigned,
    "signed with what is public": signed_with_the_public_key,
    "signed by a key of one's own": lambda _, claims: jwt.encode(
        {"alg": "RS256", "kid": OTHER_KEY.kid}, claims, OTHER_KEY
    ),
    "signed by another key under the name of the right one": lambda provider, claims: jwt.encode(
        {"alg": "RS256", "kid": provider.key.kid}, claims, OTHER_KEY
    ),
    "a key that comes along": lambda _, claims: jwt.encode(
        {"alg": "RS256", "jwk": OTHER_KEY.as_dict(private=False)}, claims, OTHER_KEY
    ),
    "no token": lambda _provider, _claims: "no.token.at all",
    "empty": lambda _provider, _claims: "",
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_token_the_provider_did_not_sign(
    browser: Browser, provider: FakeProvider, forgery: str
) -> None:
    provider.sign = FORGERIES[forgery]
    assert problem_of(browser.log_in()) == "oidc_invalid"


def test_a_changed_token(browser: Browser, provider: FakeProvider) -> None:
    honest = provider.sign

    def changed(provider: FakeProvider, claims: Claims) -> str:
        header, _, signature = honest(provider, claims).split(".")
        _, body, _ = honest(provider, claims | {"roles": ["map-admins"]}).split(".")
        return f"{header}.{body}.{signature}"

    provider.sign = changed
    assert problem_of(browser.log_in()) == "oidc_invalid"


def test_no_token_at_all(browser: Browser, provider: FakeProvider) -> None:
    provider.sign = lambda _provider, _claims: None  # type: ignore[assignment, return-value]
    assert problem_of(browser.log_in()) == "oidc_invalid"


def test_an_answer_nobody_asked_for(browser: Browser, provider: FakeProvider) -> None:
    assert problem_of(browser.bring(f"{BACK}?code=c&state=s")) == "oidc_stale"
    assert problem_of(browser.bring(BACK)) == "oidc_stale"
    assert provider.asked == []


def test_an_answer_to_another_browser(
    application: Flask, browser: Browser, provider: FakeProvider
) -> None:
    """Somebody lures a person into the attacker's account, or has stolen the answer."""
    stolen = provider_answer(Browser(client_of(application)).start().headers["Location"])
    browser.start()
    assert problem_of(browser.bring(stolen)) == "oidc_stale"


def test_a_stolen_code_in_an_own_answer(
    application: Flask, browser: Browser, provider: FakeProvider
) -> None:
    stolen = provider_answer(Browser(client_of(application)).start().headers["Location"])
    code = parse_qs(urlsplit(stolen).query)["code"][0]
    own = parse_qs(urlsplit(browser.start().headers["Location"]).query)["state"][0]
    answer = browser.bring(f"{BACK}?{urlencode({'code': code, 'state': own})}")
    assert problem_of(answer) == "oidc_refused", "the PKCE verifier is another one"


def test_a_code_that_was_used(browser: Browser, provider: FakeProvider) -> None:
    provider.person["roles"] = []
    begun = browser.start()
    answer = provider_answer(begun.headers["Location"])
    assert problem_of(browser.bring(answer)) == "oidc_unknown"
    assert problem_of(browser.bring(answer)) == "oidc_stale", "the cookie is gone"
    name, _, value = begun.headers["Set-Cookie"].partition(";")[0].partition("=")
    browser.client.set_cookie(name, value)
    assert problem_of(browser.bring(answer)) == "oidc_refused", "the provider knows the code"


def test_a_log_in_that_was_begun_long_ago(
    browser: Browser, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = browser.start()
    name, _, cookie = begun.headers["Set-Cookie"].partition(";")[0].partition("=")
    secret, begun_at, wanted = cookie.split(".")
    answer = provider_answer(begun.headers["Location"])
    for other in (int(begun_at) - LIFE_S - 1, int(begun_at) + HOUR_S):
        browser.client.set_cookie(name, f"{secret}.{other}.{wanted}")
        assert problem_of(browser.bring(answer)) == "oidc_stale"


@pytest.mark.parametrize("cookie", ["", "x", "a.b.c", f"{'a' * 43}.1.!", f"{'a' * 43}.²."])
def test_a_cookie_of_ones_own(browser: Browser, cookie: str) -> None:
    browser.client.set_cookie("__Host-gridboard-oidc", cookie)
    assert problem_of(browser.bring(f"{BACK}?code=c&state=s")) == "oidc_stale"


def test_an_answer_of_another_issuer(browser: Browser, provider: FakeProvider) -> None:
    provider.metadata["authorization_response_iss_parameter_supported"] = True
    answer = provider_answer(browser.start().headers["Location"])
    assert problem_of(browser.bring(answer)) == "oidc_invalid", "it does not name itself"
    answer = provider_answer(browser.start().headers["Location"])
    assert problem_of(browser.bring(f"{answer}&iss=https://login.evil.example")) == "oidc_invalid"


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://login.evil.example"},
        {"token_endpoint": "http://login.evil.example/token"},
        {"authorization_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
    ],
)
def test_a_provider_that_publishes_what_cannot_be(
    browser: Browser, provider: FakeProvider, metadata: Claims
) -> None:
    provider.metadata = metadata
    assert problem_of(browser.start()) == "oidc_away"


def test_keys_that_cannot_sign(browser: Browser, provider: FakeProvider) -> None:
    provider.published = []
    assert problem_of(browser.log_in()) == "oidc_away"


@pytest.mark.parametrize("junk", ["code=%00&state=%ff", "state=" + "x" * 3000, "code=c&code=d"])
def test_junk_is_answered_like_any_stale_log_in(browser: Browser, junk: str) -> None:
    browser.start()
    assert problem_of(browser.bring(f"{BACK}?{junk}")) == "oidc_stale"


def test_a_slow_provider_holds_few_threads(
    browser: Browser, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Strangers can begin log-ins; those beyond a few are told at once to come again."""
    monkeypatch.setattr("dashboard.oidc.provider.WAIT_S", 0.01)
    asked, go_on = threading.Semaphore(0), threading.Event()

    def slow(_provider: FakeProvider, _claims: Claims) -> str:
        asked.release()
        assert go_on.wait(5)
        return "no token"

    provider.sign = slow
    answers = []
    others = [Browser(client_of(browser.client.application)) for _ in range(AT_ONCE)]
    waiting = [
        threading.Thread(target=lambda one=one: answers.append(problem_of(one.log_in())))
        for one in others
    ]
    for one in waiting:
        one.start()
    assert all(asked.acquire(timeout=10) for _ in waiting)
    assert problem_of(browser.log_in()) == "oidc_away"
    go_on.set()
    for one in waiting:
        one.join(10)
    assert answers == ["oidc_invalid"] * AT_ONCE


def test_only_get_goes_there(browser: Browser) -> None:
    assert browser.client.post(BACK).status_code == 405
    assert browser.client.post("/log-in/oidc").status_code == 405
