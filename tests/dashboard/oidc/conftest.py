"""A provider, the application that trusts it, and people who come by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.settings import DashboardSettings
from geo.settings import DatabaseSettings
from tests.areas import COUNTY
from tests.dashboard.oidc.provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, running_provider
from tests.dashboard.visitors import client_of, forget_people
from tests.dashboard.world import drawn_province, make_cases
from tests.databases import opened

PUBLIC_URL = "https://map.example.org"
ROLES = '{"map-admins": "admin", "offices": "leader", "officers": "operator"}'


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    """A provider that knows one person."""
    with running_provider() as running:
        running.person = {
            "sub": "17",
            "preferred_username": "Lan.Zhou",
            "name": "周岚",
            "roles": ["offices", "others"],
            "areas": [COUNTY],
        }
        yield running


@pytest.fixture(scope="package")
def town(server: str, template: str) -> Iterator[DatabaseSettings]:
    """A loaded province of our own: accounts come and go here."""
    with drawn_province(server, template, make_cases(20)) as settings:
        yield settings


@pytest.fixture
def town_engine(town: DatabaseSettings) -> Iterator[Engine]:
    """The application's connections to it."""
    with opened(town, "app") as engine:
        yield engine


@pytest.fixture
def application(
    provider: FakeProvider,
    town_engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Flask:
    """The application, with the provider in its settings."""
    for name, value in {
        "ISSUER": provider.address,
        "CLIENT_ID": CLIENT_ID,
        "CLIENT_SECRET": CLIENT_SECRET,
        "ROLES": ROLES,
    }.items():
        monkeypatch.setenv(f"GRIDBOARD_OIDC_{name}", value)
    settings = DashboardSettings(state_dir=tmp_path, public_url=PUBLIC_URL)
    return create_app(settings, town_engine).server


@pytest.fixture
def owner(town: DatabaseSettings) -> Iterator[Engine]:
    """Past row-level security, to look at what came of it; afterwards nobody has an account."""
    with opened(town, "admin") as engine:
        yield engine
        with engine.begin() as connection:
            forget_people(connection)


@dataclass(frozen=True)
class Browser:
    """Somebody's browser, which follows the provider's redirects as well as ours."""

    client: FlaskClient

    def start(self, wanted: str = "/") -> TestResponse:
        """Click on the button of the log-in page."""
        return self.client.get("/log-in/oidc", query_string={"next": wanted})

    def come_back(self, to_provider: str) -> TestResponse:
        """Log in at the provider, and bring its answer."""
        return self.bring(provider_answer(to_provider))

    def bring(self, answer: str) -> TestResponse:
        """Bring an answer of the provider."""
        parts = urlsplit(answer)
        return self.client.get(parts.path, query_string=parts.query)

    def log_in(self, wanted: str = "/") -> TestResponse:
        """Go the whole way, to the page wanted or to what the log-in page is to tell."""
        answer = self.come_back(self.start(wanted).headers["Location"])
        onward = answer.headers["Location"]
        return self.client.get(onward) if "entered=1" in onward else answer

    def is_in(self) -> bool:
        """Whether the session opens a door behind which there are data."""
        return self.client.get("/revision.json").status_code == 200


@pytest.fixture
def browser(application: Flask, owner: Engine) -> Browser:
    """A browser that was never here."""
    return Browser(client_of(application))


Problems = Callable[[TestResponse], str]


def problem_of(answer: TestResponse) -> str:
    """The problem that the log-in page is asked to tell of."""
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["Location"])
    assert parts.path == "/log-in"
    return parse_qs(parts.query)["problem"][0]


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        """Leave the redirect to the test."""


def provider_answer(to_provider: str) -> str:
    """Where the provider sends a person who comes to an address of its."""
    try:
        build_opener(_Stay).open(to_provider, timeout=10)
    except HTTPError as answer:
        with answer:
            return str(answer.headers["Location"])
    raise AssertionError("the provider did not send anybody back")
