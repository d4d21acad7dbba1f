"""Asking for jobs, hearing of them, and what comes out of the page as a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from tests.areas import COUNTY
from tests.dashboard.desk.conftest import COUNTY_OPERATOR, Clients, Put

PROFILE = """
key = "hotline"
hierarchy = "china"

[incidents]
source = "hotline"
time_zone = "Asia/Shanghai"
crs = "EPSG:4326"
incident_id = ["id"]
lon = "x"
lat = "y"
occurred_at = { column = "at" }
category = { column = "kind", create = true }
channel = { constant = "hotline" }
status = { column = "state" }
"""
FILE = {"inbox": "october.csv"}


@pytest.fixture(autouse=True)
def october(inbox: Path) -> None:
    (inbox / "october.csv").write_text("id\n1\n")


def ask(client: FlaskClient, **body: Any) -> Any:
    return client.post("/data/jobs", json=body)


def test_each_kind_of_request_waits_as_it_was_asked_for(
    operator: FlaskClient, desk_admin: Engine, put_batch: Put
) -> None:
    batch_id = put_batch()
    load = {"what": "incidents", "file": FILE, "profile": PROFILE, "dry_run": True}
    areas = {
        "what": "boundaries", "file": FILE, "profile": "china", "dry_run": False,
        "valid_from": "2026-11-01", "clean_m": 0.5,
    }  # fmt: skip
    asked = {
        "draft": {"file": FILE},
        "check": {"file": FILE, "profile": "china", "clean_m": 1.0},
        "undo": {"batch_id": batch_id},
    }
    for kind, request in asked.items():
        assert ask(operator, kind=kind, **request).status_code == 201
    assert ask(operator, kind="load", **load).status_code == 201
    assert ask(operator, kind="load", **areas).status_code == 201
    with desk_admin.connect() as connection:
        rows = connection.execute(text("SELECT * FROM job ORDER BY job_id")).all()
    assert [row.request for row in rows] == [*asked.values(), load, areas]
    assert {row.state for row in rows} == {"waiting"}


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {},
        {"kind": "drop"},
        {"kind": "draft"},
        {"kind": "draft", "file": {}},
        {"kind": "draft", "file": {"upload": "1"}},
        {"kind": "draft", "file": {"upload": 1, "inbox": "october.csv"}},
        {"kind": "draft", "file": {"path": "/etc/passwd"}},
        {"kind": "draft", "file": FILE, "as": "loader"},
        {"kind": "draft", "file": FILE, "profile": "/etc/passwd"},
        {"kind": "load", "what": "incidents", "file": FILE, "profile": "no such profile"},
        {"kind": "load", "what": "accounts", "file": FILE, "profile": PROFILE},
        {"kind": "check", "file": FILE, "profile": "china", "clean_m": -1},
        {"kind": "check", "file": FILE, "profile": "china", "clean_m": 1e9},
        {"kind": "load", "what": "boundaries", "file": FILE, "profile": "china",
         "valid_from": "yesterday"},
        {"kind": "undo", "batch_id": "1; DROP TABLE batch"},
        {"kind": "undo", "batch_id": 10**30},
    ],
    ids=str,
)  # fmt: skip
def test_other_shapes_are_refused(operator: FlaskClient, desk_admin: Engine, body: object) -> None:
    assert operator.post("/data/jobs", json=body).status_code == 400
    with desk_admin.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM job")).scalar_one() == 0


@pytest.mark.parametrize(
    "file", [{"upload": 999}, {"inbox": "november.csv"}, {"inbox": "../secret"}, {"inbox": "."}]
)
def test_files_that_are_not_offered_do_not_exist(
    operator: FlaskClient, file: dict[str, object]
) -> None:
    assert ask(operator, kind="draft", file=file).status_code == 404


def test_a_batch_of_another_scope_does_not_exist(operators: Clients, put_batch: Put) -> None:
    batch_id = put_batch(rejects=[("no date", {"id": "1"})])
    county = operators(COUNTY_OPERATOR)
    assert ask(county, kind="undo", batch_id=batch_id).status_code == 404
    assert county.get(f"/data/batches/{batch_id}/rejects.csv").status_code == 404
    own = put_batch(scope=COUNTY)
    assert ask(county, kind="undo", batch_id=own).status_code == 201


def test_refused_rows_come_as_a_file(operator: FlaskClient, put_batch: Put) -> None:
    rows = [("no occurred_at", {"id": "1", "at": None}), ("no category", {"id": "2", "at": "x"})]
    batch_id = put_batch(rejects=rows)
    with operator.get(f"/data/batches/{batch_id}/rejects.csv") as answer:
        content = answer.data.decode("utf-8-sig")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    disposition = f'attachment; filename="rejects-{batch_id}.csv"'
    assert answer.headers["Content-Disposition"] == disposition
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    found = pd.read_csv(StringIO(content), dtype=str)
    assert found["id"].tolist() == ["1", "2"]
    assert found["gridboard_reason"].tolist() == ["no occurred_at", "no category"]
    with operator.get(f"/data/batches/{batch_id}/rejects.xlsx") as book:
        assert book.data[:2] == b"PK"
    assert operator.get(f"/data/batches/{batch_id}/rejects.exe").status_code == 404
    assert operator.get("/data/batches/999999/rejects.csv").status_code == 404


def test_defects_come_as_a_file_of_the_job(
    operators: Clients, put_job: Put, tmp_path: Path
) -> None:
    client = operators()
    client.put("/data/uploads?name=x", data=b"x")
    (uploads,) = (tmp_path / "state").rglob("uploads")
    request = {"file": FILE, "profile": "china"}
    job = put_job("check", "done", request, result={"geojson": "defects.geojson"})
    results = uploads.parent / "jobs" / str(job)
    results.mkdir(parents=True)
    (results / "defects.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with client.get(f"/data/jobs/{job}/defects.geojson") as answer:
        assert answer.json == {"type": "FeatureCollection", "features": []}
    assert answer.mimetype == "application/geo+json"
    assert operators(COUNTY_OPERATOR).get(f"/data/jobs/{job}/defects.geojson").status_code == 404
    sly = put_job("check", "done", request, result={"geojson": "../uploads/1"})
    assert client.get(f"/data/jobs/{sly}/defects.geojson").status_code == 404
    none = put_job("check", "done", request, result={})
    assert client.get(f"/data/jobs/{none}/defects.geojson").status_code == 404


def test_news_change_when_something_must_be_drawn(operator: FlaskClient, put_job: Put) -> None:
    before = operator.get("/data/news.json").json
    assert before["jobs"] == []
    job = put_job("draft", "waiting", {"file": FILE})
    after = operator.get(f"/data/news.json?job={job}").json
    assert after["side"] != before["side"]
    assert after["work"] != before["work"]
    assert [each["job"] for each in after["jobs"]] == [job]
    assert not after["absent"]
    assert operator.get("/data/news.json?job=x").status_code == 400


def test_a_worker_that_is_away_is_noticed(operator: FlaskClient, put_job: Put) -> None:
    young = put_job("draft", "waiting", {"file": FILE})
    before = operator.get(f"/data/news.json?job={young}").json
    put_job("draft", "waiting", {"file": FILE}, age=timedelta(seconds=30))
    after = operator.get(f"/data/news.json?job={young}").json
    assert (before["absent"], after["absent"]) == (False, True)
    # Whoever looks at a job that waits is told, though the job stays as it is.
    assert before["work"] != after["work"]
    put_job("draft", "running", {"file": FILE}, seen=datetime.now(UTC))
    assert not operator.get("/data/news.json").json["absent"]


def test_a_worker_that_died_is_noticed(operator: FlaskClient, put_job: Put) -> None:
    lost = datetime.now(UTC) - timedelta(minutes=5)
    put_job("load", "running", {"file": FILE}, seen=lost)
    assert operator.get("/data/news.json").json["absent"]


def test_a_profile_is_changed_by_its_fields(operator: FlaskClient) -> None:
    def change(toml: str, *changes: list[object]) -> Any:
        answer = operator.post("/data/profile", json={"toml": toml, "changes": list(changes)})
        assert answer.status_code == 200, answer.text
        return answer.json

    same = change(PROFILE)
    assert same["toml"] == PROFILE
    assert same["problem"] is None
    assert same["fields"]["lon"] == "x"
    moved = change(PROFILE, ["crs", "GCJ-02"], ["leave_out", ["who"]], ["occurred_at", "day"])
    assert 'crs = "GCJ-02"' in moved["toml"]
    assert moved["fields"]["leave_out"] == ["who"]
    assert moved["fields"]["occurred_at"] == "day"
    assert moved["problem"] is None
    bare = change(moved["toml"], ["crs", ""])
    assert bare["lacks"] == "crs"
    forms = change(moved["toml"], ["occurred_at.format", "%Y/%m/%d | excel"])
    assert forms["fields"]["occurred_at.format"] == "%Y/%m/%d | excel"
    broken = change("key = ")
    assert broken["fields"] is None
    assert broken["problem"]


@pytest.mark.parametrize(
    "body",
    [
        None,
        {"toml": 5},
        {"toml": PROFILE, "changes": [["hierarchy", "/etc/passwd"]]},
        {"toml": PROFILE, "changes": [["crs", 5]]},
        {"toml": PROFILE, "changes": ["crs"]},
        {"toml": "x" * 200_000},
    ],
)
def test_other_changes_are_refused(operator: FlaskClient, body: object) -> None:
    assert operator.post("/data/profile", json=body).status_code == 400


def test_a_file_can_be_read_like_an_earlier_batch(
    operator: FlaskClient, desk_admin: Engine, put_batch: Put, put_job: Put
) -> None:
    batch_id = put_batch()
    assert ask(operator, kind="draft", file=FILE, like=batch_id).status_code == 404
    job = put_job("load", "done", {"what": "incidents", "file": FILE, "profile": PROFILE})
    with desk_admin.begin() as connection:
        values = {"batch": batch_id, "job": job}
        statement = text("UPDATE job SET batch_id = :batch WHERE job_id = :job")
        connection.execute(statement, values)
    asked = ask(operator, kind="draft", file=FILE, like=batch_id).json["job"]
    with desk_admin.connect() as connection:
        query = text("SELECT request FROM job WHERE job_id = :job")
        request = connection.execute(query, {"job": asked}).scalar_one()
    assert request == {"file": FILE, "profile": PROFILE}


def test_a_job_can_be_called_off(operator: FlaskClient, put_job: Put, desk_admin: Engine) -> None:
    job = put_job("draft", "waiting", {"file": FILE})
    assert ask(operator, kind="cancel", job_id=job).status_code == 201
    assert ask(operator, kind="cancel", job_id=999_999).status_code == 404
    with desk_admin.connect() as connection:
        kinds = connection.execute(text("SELECT kind FROM job ORDER BY job_id")).scalars().all()
    assert kinds == ["draft", "cancel"]
    # The wish itself is no work that anybody waits for.
    assert [each["job"] for each in operator.get("/data/news.json").json["jobs"]] == [job]
