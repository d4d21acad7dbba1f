"""Files on their way in: streamed, bounded, from our own pages only, and never a path."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard.desk import files
from dashboard.desk.files import Folders, shown_name
from dashboard.errors import BadRequestError, NoRoomError, TooLargeError
from geo.errors import NotFoundError
from tests.areas import PROVINCE
from tests.dashboard.desk.conftest import COUNTY_OPERATOR, Clients

PUT = "/data/uploads?name=october.csv"
CONTENT = "编号,时间\n1,2026-10-01\n".encode()


def kept(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "state").rglob("uploads/*") if path.is_file()]


def test_a_file_lies_under_its_number_alone(
    operator: FlaskClient, tmp_path: Path, desk_admin: Engine
) -> None:
    answer = operator.put(PUT, data=CONTENT)
    assert answer.status_code == 201
    digest = hashlib.sha256(CONTENT).hexdigest()
    number = answer.json["upload"]
    assert answer.json == {"upload": number, "bytes": len(CONTENT), "sha256": digest}
    (path,) = kept(tmp_path)
    assert path.name == str(number)
    assert path.read_bytes() == CONTENT
    assert path.stat().st_mode & 0o077 == 0
    with desk_admin.connect() as connection:
        row = connection.execute(text("SELECT * FROM upload")).one()
    assert (row.file_name, row.bytes, row.file_sha256) == ("october.csv", len(CONTENT), digest)
    assert row.scope_code == PROVINCE
    assert row.author.startswith("operator-"), "the login of the client's account"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "..\\..\\boot.ini", "a\0b.csv", "%2e%2e%2fx", ""]
)
def test_no_name_is_a_path(operator: FlaskClient, tmp_path: Path, name: str) -> None:
    answer = operator.put("/data/uploads", query_string={"name": name}, data=CONTENT)
    assert answer.status_code == 201
    (path,) = kept(tmp_path)
    assert path.name == str(answer.json["upload"])
    assert "/" not in shown_name(name)
    assert shown_name(name)


def test_a_shown_name_cannot_pretend() -> None:
    assert shown_name("invoice\u202ecsv.exe") == "invoice csv.exe"
    assert shown_name("a\r\nb") == "a b"
    assert len(shown_name("x" * 5000)) == files.NAME_LIMIT


def test_a_file_above_the_limit_leaves_nothing(operator: FlaskClient, tmp_path: Path) -> None:
    answer = operator.put(PUT, data=b"x" * 1_000_001)
    assert answer.status_code == 413
    assert "larger than 1 MB" in answer.json["error"]
    assert kept(tmp_path) == []


def test_more_than_a_dash_callback_may_hold_is_taken(operator: FlaskClient) -> None:
    assert operator.put(PUT, data=b"x" * 1_000_000).status_code == 201
    assert operator.post("/data/jobs", data=b"x" * 1_500_000).status_code in (400, 413)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path, None, 1000)


def test_a_body_without_an_announced_size_is_bounded_too(folders: Folders) -> None:
    with pytest.raises(TooLargeError):
        folders.receive(lambda: iter([b"x" * 600, b"x" * 600]), None)
    assert list(folders.uploads.iterdir()) == []


def test_a_file_that_stops_half_way_leaves_nothing(folders: Folders) -> None:
    with pytest.raises(BadRequestError, match="whole"):
        folders.receive(lambda: iter([b"half"]), 100)

    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(NoRoomError):
        folders.receive(broken, 100)
    assert list(folders.uploads.iterdir()) == []


def test_a_full_disk_is_said_before_anything_is_written(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "KEPT_FREE_BYTES", 1 << 60)
    with pytest.raises(NoRoomError, match="free space"):
        folders.receive(lambda: iter([b"x"]), 1)
    assert list(folders.uploads.iterdir()) == []


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
def test_another_site_or_nobody_changes_nothing(
    operator: FlaskClient, tmp_path: Path, headers: dict[str, str]
) -> None:
    operator.environ_base.pop("HTTP_SEC_FETCH_SITE")
    assert operator.put(PUT, data=CONTENT, headers=headers).status_code == 403
    undo = {"kind": "undo", "batch_id": 1}
    assert operator.post("/data/jobs", json=undo, headers=headers).status_code == 403
    callback = operator.post("/_dash-update-component", json={}, headers=headers)
    assert callback.status_code == 403
    assert kept(tmp_path) == []


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}], ids=str
)
def test_our_own_pages_may(operator: FlaskClient, headers: dict[str, str]) -> None:
    operator.environ_base.pop("HTTP_SEC_FETCH_SITE")
    assert operator.put(PUT, data=CONTENT, headers=headers).status_code == 201


ROUTES = [
    ("PUT", "/data/uploads?name=x"),
    ("POST", "/data/jobs"),
    ("POST", "/data/profile"),
    ("GET", "/data/news.json"),
    ("GET", "/data/batches/1/rejects.csv"),
    ("GET", "/data/jobs/1/defects.geojson"),
]


@pytest.mark.parametrize("role", ["", "leader@", "wall@", "planner@", "approver@"])
def test_the_page_and_its_routes_are_for_operators(operators: Clients, role: str) -> None:
    client = operators(f"{role}province:{PROVINCE}")
    assert client.get("/data").status_code == 404
    for method, path in ROUTES:
        assert client.open(path, method=method, data=b"{}").status_code == 403, path
    assert "data-page" not in client.get("/_dash-layout").text


def test_an_operator_and_an_admin_have_the_page(operators: Clients) -> None:
    for role in ("operator", "admin"):
        client = operators(f"{role}@province:{PROVINCE}")
        assert client.get("/data").status_code == 200
        assert "data-page" in client.get("/_dash-layout").text


def test_the_callbacks_of_the_page_refuse_others(operators: Clients) -> None:
    client = operators(f"province:{PROVINCE}")
    served = [
        one
        for one in client.get("/_dash-dependencies").json
        if any(item["id"] == "data-page" for item in one["inputs"])
    ]
    assert len(served) == 2
    for one in served:
        names = [name.rsplit(".", 1) for name in one["output"].strip(".").split("...")]
        body = {
            "output": one["output"],
            "outputs": [{"id": name, "property": prop} for name, prop in names],
            "inputs": [item | {"value": None} for item in one["inputs"]],
            "state": [],
            "changedPropIds": ["data-page.address"],
        }
        answer = client.post("/_dash-update-component", json=body)
        assert "october" not in answer.text
        assert "Batches" not in answer.text


def test_the_inbox_offers_its_own_plain_files_only(tmp_path: Path, inbox: Path) -> None:
    (inbox / "october.csv").write_text("x")
    (inbox / ".hidden").write_text("x")
    (inbox / "folder").mkdir()
    (inbox / "folder" / "inside.csv").write_text("x")
    secret = tmp_path / "secret"
    secret.write_text("x")
    (inbox / "link.csv").symlink_to(secret)
    offered = Folders(tmp_path, inbox, 1000).offered()
    assert [(file.name, file.bytes) for file in offered] == [("october.csv", 1)]
    assert Folders(tmp_path, None, 1000).offered() == []
    assert Folders(tmp_path, inbox / "nowhere", 1000).offered() == []


@pytest.mark.parametrize("name", ["../uploads/1", "/etc/passwd", "", ".", "..", "a/b", "link"])
def test_a_result_is_a_plain_file_of_its_folder(tmp_path: Path, name: str) -> None:
    results = tmp_path / "jobs" / "7"
    results.mkdir(parents=True)
    (tmp_path / "uploads").mkdir()
    (tmp_path / "uploads" / "1").write_text("x")
    (results / "link").symlink_to(tmp_path / "uploads" / "1")
    (results / "defects-1.geojson").write_text("{}")
    folders = Folders(tmp_path, None, 1000)
    assert folders.result(7, "defects-1.geojson").read_text() == "{}"
    with pytest.raises(NotFoundError):
        folders.result(7, name)


def test_a_county_operator_keeps_files_in_their_own_scope(
    operators: Clients, desk_admin: Engine
) -> None:
    county = operators(COUNTY_OPERATOR)
    number = county.put(PUT, data=CONTENT).json["upload"]
    draft = {"kind": "draft", "file": {"upload": number}}
    assert county.post("/data/jobs", json=draft).status_code == 201
    other = operators("operator@county:990202").post("/data/jobs", json=draft)
    assert other.status_code == 404
