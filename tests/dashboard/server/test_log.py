"""The log: who it was under a pseudonym, which request, and never a secret."""

import json
import logging
import stat
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from typer.testing import CliRunner

from dashboard.app import create_app
from dashboard.commands import user
from dashboard.server.pseudonyms import KEY_FILE, Pseudonyms
from dashboard.server.requestlog import JsonFormatter
from dashboard.settings import DashboardSettings
from tests.areas import COUNTY
from tests.dashboard.visitors import Visitors, client_of

VIEWER = f"leader@county:{COUNTY}"


@pytest.fixture
def site(world_engine: Engine, tmp_path: Path) -> Flask:
    found: Flask = create_app(DashboardSettings(state_dir=tmp_path), world_engine).server
    return found


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(JsonFormatter().format(record)) for record in caplog.records]


def test_a_person_has_one_pseudonym_and_a_stranger_none(
    site: Flask, visitors: Visitors, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "gridboard.request")
    leader, other = visitors.client(site, VIEWER), visitors.client(site, f"wall@county:{COUNTY}")
    for client in (leader, leader, other, client_of(site)):
        client.get("/revision.json")
    first, second, third, stranger = lines(caplog)
    assert first["user"] == second["user"] != third["user"]
    assert (first["role"], third["role"]) == ("leader", "wall")
    assert stranger["user"] is stranger["role"] is None
    assert visitors.account(VIEWER).login not in caplog.text + json.dumps(lines(caplog))


def test_the_command_line_tells_what_the_log_calls_somebody(
    site: Flask,
    visitors: Visitors,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level("INFO", "gridboard.request")
    visitors.client(site, VIEWER).get("/revision.json")
    monkeypatch.setenv("GRIDBOARD_STATE_DIR", str(tmp_path))
    told = CliRunner().invoke(user.app, ["logged", visitors.account(VIEWER).login.upper()])
    assert told.output.strip() == lines(caplog)[0]["user"]


def test_warnings_carry_the_id_of_their_request(
    site: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[dict[str, Any]] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append(json.loads(JsonFormatter().format(record)))

    handler = Keep()
    logging.getLogger().addHandler(handler)
    try:
        site.before_request_funcs[None].insert(0, lambda: logging.warning("by the way"))
        answer = client_of(site).get("/healthz")
        logging.warning("after all")
    finally:
        logging.getLogger().removeHandler(handler)
    said = {line["message"]: line.get("request_id") for line in told}
    assert said["by the way"] == answer.headers["X-Request-ID"]
    assert said["after all"] is None


def test_no_secret_is_ever_logged(
    site: Flask, visitors: Visitors, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    token = visitors.token(VIEWER)
    client = client_of(site, token)
    client.get("/revision.json?token=in-the-query", headers={"Authorization": "Bearer in-a-header"})
    client.get("/map/nobody?q=in-the-query", headers={"X-Forwarded-For": "192.0.2.7"})
    form = {"login": "zhao", "password": "in-the-form-1234", "token": "in-the-form"}
    for path in ("/log-in", "/welcome", "/nothing"):
        client_of(site).post(path, data=form)
    client.post("/_dash-update-component", json={"output": "in-the-body", "inputs": "in-the-body"})
    logged = json.dumps(lines(caplog), ensure_ascii=False) + caplog.text
    assert '"path": "/log-in"' in logged
    for secret in (token, "in-the-", "192.0.2.7", "zhao"):
        assert secret not in logged


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    first, second = Pseudonyms(folder), Pseudonyms(folder)
    assert first("zhao") == second("zhao") != first("qian")
    assert len(first("zhao")) == 16
    file = folder / KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [*folder.iterdir()] == [file]
    file.unlink()
    assert Pseudonyms(folder)("zhao") != first("zhao"), "another key tells nothing of before"


@pytest.mark.parametrize("spoilt", ["short", "folder"])
def test_without_a_key_of_ours_pseudonyms_hold_for_the_process(
    tmp_path: Path, spoilt: str, caplog: pytest.LogCaptureFixture
) -> None:
    if spoilt == "short":
        (tmp_path / KEY_FILE).write_bytes(b"short")
    else:
        (tmp_path / KEY_FILE).mkdir()
    named = Pseudonyms(tmp_path)
    assert named("zhao") == named("zhao") != named("qian")
    assert "key" in caplog.text
