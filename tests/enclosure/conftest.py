"""Two databases, an application over each, and clients of everybody."""

from __future__ import annotations

import gzip
import logging
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from dash import Dash
from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from dashboard.app import create_app, work_folders
from dashboard.settings import DashboardSettings
from tests.dashboard.visitors import client_of
from tests.databases import cloned_database, opened
from tests.enclosure.recipes import Ask
from tests.enclosure.world import Facts, build, change_all_outside

# What differs from one answer to the next, whoever asks for whatever: identities and times.
_PASSING = re.compile(
    rb'"request_id":\s*"[0-9a-f]*"|"[0-9a-f]{16}"|"end_id":"[^"]*"|"seconds":[0-9.]+'
    rb"|welcome#[A-Za-z0-9_-]+|\?m=[0-9.]+"
    rb"|\w{3}, \d\d \w{3} \d{4} [0-9:]{8} GMT|\d{4}-\d\d-\d\d[T ][0-9:.]{5,}(?:Z|[+-][0-9:]+)?"
    + "|[0-9]+ ?(?:秒|分)钟?前|[0-9]+ (?:second|minute)s? ago".encode()
    # The same as JSON writes it.
    + rb"|[0-9]+ ?(?:\\u79d2|\\u5206)(?:\\u949f)?\\u524d"
)
# An ETag of a file tells where it lies; the length is that of the body, which is compared.
_HEADERS_THAT_DIFFER = ("X-Request-ID", "Date", "ETag", "Content-Length")


PROVIDER = {
    "ISSUER": "https://127.0.0.1:9",
    "CLIENT_ID": "gridboard",
    "ROLES": '{"leaders": "leader"}',
}
"""A provider of identities whom nobody reaches."""


@dataclass(frozen=True)
class Answer:
    """What came back, without what differs every time."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def everything(self) -> bytes:
        """Headers and body, to look for what must be in neither."""
        return "\n".join(f"{name}: {value}" for name, value in self.headers).encode() + self.body


@dataclass(frozen=True)
class House:
    """An application over one of the databases.

    Attributes:
        app: the application.
        facts: what its addresses are made of.
        settings: how it serves.
    """

    app: Dash
    facts: Facts = field(repr=False)
    settings: DashboardSettings = field(repr=False)

    def client(self, who: str | None) -> FlaskClient:
        """A client of a viewer of the county by role; ``None`` is a stranger."""
        return client_of(self.app.server, self.facts.tokens[who] if who else None)

    def ask(self, who: str | None, ask: Ask) -> Answer:
        """Ask as somebody."""
        return play(self.client(who), ask)


def play(client: FlaskClient, ask: Ask) -> Answer:
    """Send a request; of an answer without end only the beginning is read."""
    sent = ask.form if ask.form is not None else ask.data
    values: dict[str, Any] = {"json": ask.json} if ask.json is not None else {"data": sent}
    response = client.open(ask.path, method=ask.method, headers=ask.headers, **values)
    try:
        return _answer(response)
    finally:
        response.close()


def enter_scope(client: FlaskClient, key: str) -> TestResponse:
    """Go over to another of one's areas."""
    return client.post("/session/scope", data={"scope": key})


def _answer(response: TestResponse) -> Answer:
    endless = response.mimetype == "text/event-stream"
    body = next(iter(response.response), b"") if endless else response.data
    packed = body if isinstance(body, bytes) else body.encode()
    if response.headers.get("Content-Encoding") == "gzip":
        # The archive tells when it was made.
        packed = gzip.decompress(packed)
    if packed.startswith(b"PK"):
        packed = _parts(packed)
    kept = (pair for pair in response.headers if pair[0] not in _HEADERS_THAT_DIFFER)
    return Answer(response.status_code, tuple(sorted(kept)), _PASSING.sub(b"", packed))


def _parts(workbook: bytes) -> bytes:
    """What a workbook holds: packed, it tells the moment it was, and hides its words."""
    with ZipFile(BytesIO(workbook)) as parts:
        return b"\n".join(
            b"%s\n%s" % (name.encode(), parts.read(name)) for name in parts.namelist()
        )


@pytest.fixture(scope="session")
def houses(
    server: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[House, House]]:
    """Applications over both databases: with all there is outside of the county, and without.

    Whatever is written is written into both by test_enclosure, which runs first; the other tests
    write into the first one only.
    """
    with ExitStack() as stack:
        first = stack.enter_context(cloned_database(server, template))
        settings = [_settings(tmp_path_factory.mktemp("state")) for _each in range(2)]
        facts = build(first, work_folders(settings[0]).state)
        second = stack.enter_context(cloned_database(server, first.url("admin").database or ""))
        change_all_outside(second)
        _copy_results(*(work_folders(each).state for each in settings))
        with pytest.MonkeyPatch.context() as patch:
            # With every door there can be.
            for name, value in PROVIDER.items():
                patch.setenv(f"GRIDBOARD_OIDC_{name}", value)
            apps = [
                create_app(each, stack.enter_context(opened(database, "app")))
                for database, each in zip((first, second), settings, strict=True)
            ]
        yield House(apps[0], facts, settings[0]), House(apps[1], facts, settings[1])


@pytest.fixture
def house(houses: tuple[House, House]) -> House:
    """The application over the database with everything."""
    return houses[0]


def _settings(folder: Path) -> DashboardSettings:
    return DashboardSettings(
        state_dir=folder,
        upload_limit_mb=1,
        public_url="https://gridboard.example",
        metrics_token=SecretStr("m" * 40),
        figures_per_min=1_000_000,
        work_per_min=1_000_000,
    )


def _copy_results(first: Path, second: Path) -> None:
    for file in first.glob("jobs/*/*"):
        copy = second / file.relative_to(first)
        copy.parent.mkdir(parents=True, exist_ok=True)
        # With its time, which headers tell.
        shutil.copy2(file, copy)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Thousands of refusals are not worth a line each."""
    caplog.set_level(logging.ERROR, logger="gridboard")


Played = Callable[[str | None, Ask], Answer]
