"""Proxies are believed only when told to; the public address; HSTS."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, Response, request
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.public_url import is_secure, require_origin
from dashboard.server import transport
from dashboard.server.transport import plain_address, trust_proxies
from dashboard.settings import DashboardSettings
from geo.errors import ConfigurationError
from geo.settings import read_settings


def seen_by(proxies: int, **headers: str) -> list[str]:
    """Address and scheme that the application sees behind so many proxies."""
    server = Flask(__name__)

    @server.get("/")
    def look() -> list[str]:
        return [request.remote_addr or "", request.scheme, request.host]

    client = trust_proxies(server.wsgi_app, proxies)
    server.wsgi_app = client  # type: ignore[method-assign]
    sent = {f"X-Forwarded-{name}": value for name, value in headers.items()}
    answer = server.test_client().get("/", headers=sent).json
    assert isinstance(answer, list)
    return answer


FORGED = {"For": "198.51.100.1", "Proto": "https", "Host": "evil.example"}


def test_without_proxies_whoever_asks_is_not_believed() -> None:
    assert seen_by(0, **FORGED) == ["127.0.0.1", "http", "localhost"]


def test_a_proxy_that_is_not_believed_is_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    server = Flask(__name__)
    server.add_url_rule("/", "look", lambda: "ok")
    server.wsgi_app = trust_proxies(server.wsgi_app, 0)  # type: ignore[method-assign]
    client = server.test_client()
    assert client.get("/").text == "ok"
    assert not caplog.records
    for _ in range(3):
        client.get("/", headers={"X-Forwarded-For": "198.51.100.1"})
    (said,) = caplog.records
    assert "set GRIDBOARD_TRUSTED_PROXIES" in said.message
    assert "198.51.100.1" not in said.message


def test_one_proxy_is_believed_about_who_asks_it() -> None:
    assert seen_by(1, **FORGED) == ["198.51.100.1", "https", "localhost"]
    forged = FORGED | {"For": "203.0.113.9, 198.51.100.1", "Proto": "http, https"}
    assert seen_by(1, **forged)[:2] == ["198.51.100.1", "https"]


def test_of_two_proxies_the_first_knows_who_asks() -> None:
    chain = {"For": "203.0.113.9, 198.51.100.1, 10.0.0.2", "Proto": "http, https, http"}
    assert seen_by(2, **chain)[:2] == ["198.51.100.1", "https"]
    assert seen_by(2, For="198.51.100.1")[0] == "127.0.0.1", "one value is not enough"


@pytest.mark.parametrize("address", ["unknown", "_hidden", "'; DROP TABLE audit", "300.1.1.1"])
def test_what_is_no_address_is_not_taken_for_one(address: str) -> None:
    assert seen_by(1, For=address)[0] == "127.0.0.1"


def test_what_is_no_scheme_is_not_taken_for_one() -> None:
    assert seen_by(1, Proto="javascript")[1] == "http"


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:DB8::1]:4711", "2001:db8::1"),
        ("2001:db8:0::1", "2001:db8::1"),
        (" 198.51.100.1 ", "198.51.100.1"),
        ("[", None),
        ("", None),
    ],
)
def test_addresses_have_one_form(text: str, address: str | None) -> None:
    assert plain_address(text) == address


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = plain_address(text)
    assert found is None or plain_address(found) == found


@pytest.mark.parametrize(
    ("public_url", "scheme", "demanded"),
    [
        (None, "http", False),
        (None, "https", True),
        ("https://map.example.org", "http", True),
        ("http://127.0.0.1:8050", "http", False),
    ],
)
def test_https_is_demanded_where_it_was_used(
    public_url: str | None, scheme: str, demanded: bool
) -> None:
    server = Flask(__name__)
    server.add_url_rule("/", "look", lambda: Response("ok"))
    transport.register(server, public_url)
    answer = server.test_client().get("/", base_url=f"{scheme}://localhost")
    wanted = "max-age=31536000" if demanded else None
    assert answer.headers.get("Strict-Transport-Security") == wanted


def test_the_application_is_wired_that_way(world_engine: Engine, tmp_path: Path) -> None:
    settings = DashboardSettings(state_dir=tmp_path, trusted_proxies=1)
    client = create_app(settings, world_engine).server.test_client()
    for path in ("/healthz", "/log-in", "/no-such-page"):
        assert "Strict-Transport-Security" not in client.get(path).headers
        told = client.get(path, headers={"X-Forwarded-Proto": "https"})
        assert told.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "url",
    [
        "map.example.org", "ftp://map.example.org", "https://", "https://u:p@map.example.org",
        "https://map.example.org/app", "https://map.example.org?x", "https://map.example.org:x",
        "https://map.example.org:0", "javascript:alert(1)", "https://map example.org",
        "https://map.example.org\\@evil.example", "https://map.example.org#x",
    ],
)  # fmt: skip
def test_a_public_address_is_scheme_and_host_alone(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDBOARD_PUBLIC_URL", url)
    with pytest.raises(ConfigurationError, match="GRIDBOARD_PUBLIC_URL: expected scheme and host"):
        read_settings(DashboardSettings)


def test_a_public_address_loses_its_last_slash() -> None:
    assert require_origin("https://map.example.org:8443/") == "https://map.example.org:8443"


@pytest.mark.parametrize(
    ("url", "secure"),
    [
        ("https://map.example.org", True),
        ("http://127.0.0.1:8050", True),
        ("http://[::1]:8050", True),
        ("http://localhost:8050", True),
        ("http://10.0.0.5", False),
        ("http://127.0.0.1.evil.example", False),
    ],
)
def test_where_nobody_can_read_on_the_way(url: str, secure: bool) -> None:
    assert is_secure(url) is secure
