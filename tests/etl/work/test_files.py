"""What a job may name: numbers and names, never paths."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine

from etl.jobs import Job
from etl.work.files import Folders, inbox_file, inbox_names, job_file, safe_name
from geo.errors import InputError
from tests.areas import COUNTY, PROVINCE
from tests.etl.work.conftest import Ask, state_of, upload


@pytest.fixture
def inbox(folders: Folders, tmp_path: Path) -> Path:
    """One good file among everything that must not be read."""
    assert folders.inbox is not None
    (tmp_path / "secret").write_text("secret")
    (folders.inbox / "a b.csv").write_text("good")
    (folders.inbox / "link.csv").symlink_to(tmp_path / "secret")
    (folders.inbox / "loop").symlink_to(folders.inbox)
    (folders.inbox / ".hidden.csv").write_text("hidden")
    (folders.inbox / "folder").mkdir()
    (folders.inbox / "folder" / "x.csv").write_text("deeper")
    os.mkfifo(folders.inbox / "pipe")
    return folders.inbox


def test_the_inbox_offers_its_own_files(inbox: Path) -> None:
    assert inbox_names(inbox) == ["a b.csv"]
    assert inbox_file(inbox, "a b.csv").read_text() == "good"


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../secret", "./a b.csv", "/etc/passwd", "folder/x.csv", "folder"),
        *("link.csv", "loop", ".hidden.csv", "pipe", "none.csv", "a b.csv\0", "..\\secret"),
        *("x" * 5000, "a b.csv/", "~root"),
    ],
)
def test_nothing_else_is_a_file_of_the_inbox(inbox: Path, name: str) -> None:
    with pytest.raises(InputError, match="the inbox holds no such file"):
        inbox_file(inbox, name)


def test_without_an_inbox_there_is_none() -> None:
    assert inbox_names(None) == inbox_names(Path("/nowhere")) == []
    with pytest.raises(InputError, match="GRIDBOARD_INBOX"):
        inbox_file(None, "a.csv")


def job_with(drawn: Engine, ask: Ask, file: object) -> Job:
    """A job that names a file in some way."""
    return state_of(drawn, ask("load", {"file": file}))


@pytest.mark.parametrize(
    "file",
    [
        None, "a.csv", {}, {"path": "/etc/passwd"}, {"upload": "1"}, {"upload": "../1"},
        {"upload": -1}, {"upload": 2**70}, {"upload": 1.5}, {"inbox": 5}, {"inbox": ["a b.csv"]},
        {"inbox": "a b.csv", "upload": 1}, {"inbox": "a b.csv", "more": 1},
    ],
    ids=str,
)  # fmt: skip
def test_there_are_two_ways_to_name_a_file(
    drawn: Engine, ask: Ask, folders: Folders, inbox: Path, file: object
) -> None:
    job = job_with(drawn, ask, file)
    with pytest.raises(InputError, match="no file is named"), job_file(drawn, folders, job):
        pass


def test_an_upload_is_read_under_its_own_name(
    drawn: Engine, ask: Ask, folders: Folders, tmp_path: Path
) -> None:
    path = tmp_path / "村居 网格.geojson"
    path.write_text("{}")
    number = upload(drawn, folders, path)
    job = job_with(drawn, ask, {"upload": number})
    with job_file(drawn, folders, job) as file:
        assert (file.name, file.read_text()) == ("村居 网格.geojson", "{}")
        assert folders.of_job(job.job_id) in file.parents
    assert not file.exists()
    assert (folders.uploads / str(number)).read_text() == "{}"


def test_an_upload_of_another_scope_is_none(
    drawn: Engine, ask: Ask, folders: Folders, tmp_path: Path
) -> None:
    for scope, other in ((COUNTY, PROVINCE), (PROVINCE, PROVINCE)):
        path = tmp_path / "a.csv"
        path.write_text("x")
        number = upload(drawn, folders, path, scope)
        with job_file(drawn, folders, job_with(drawn, ask, {"upload": number})):
            pass
        job = job_with(drawn, ask, {"upload": number})
        strange = Job(**{**vars(job), "scope_code": "990102"})
        with pytest.raises(InputError, match="belongs to others"):
            job_file(drawn, folders, strange).__enter__()
        assert other


def test_an_upload_that_became_a_link_is_refused(
    drawn: Engine, ask: Ask, folders: Folders, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x")
    number = upload(drawn, folders, path)
    content = folders.uploads / str(number)
    content.unlink()
    content.symlink_to("/etc/passwd")
    job = job_with(drawn, ask, {"upload": number})
    with pytest.raises(InputError, match="there is no upload"), job_file(drawn, folders, job):
        pass


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("a.csv", "a.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\data\\四月.XLSX", "四月.XLSX"),
        ("...", "file"),
        ("", "file"),
        (".profile", "profile"),
        ("a\0b\n.csv", "a_b_.csv"),
        ("x" * 300 + ".gpkg", "x" * 116 + ".gpkg"),
    ],
)
def test_names_of_uploads_become_harmless(given: str, name: str) -> None:
    assert safe_name(given) == name
