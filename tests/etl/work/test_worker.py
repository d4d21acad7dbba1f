"""Workers: jobs are done once, whoever dies; nothing of them is half done."""

import json
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from multiprocessing import active_children
from pathlib import Path

import pytest
from geopandas import GeoDataFrame
from shapely.affinity import translate
from sqlalchemy import Connection, Engine, text

from etl.jobs import State, end_job, note_progress, note_result, take_job
from etl.work.files import Folders
from etl.work.tidying import tidy
from etl.work.worker import Worker
from geo.database import loading
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import COUNTY, PROVINCE, province_areas
from tests.cluster import CHECKOUT
from tests.etl.drawn import ask as look
from tests.etl.work.conftest import (
    HEADER,
    PROFILE,
    Ask,
    at_work,
    incidents_file,
    over,
    state_of,
    until,
    upload,
)
from tests.processes import descendants, words

ROWS = "SELECT count(*) FROM gridboard.incident"


def load_request(name: str, **more: object) -> dict[str, object]:
    """Ask for a file of the inbox to be loaded."""
    return {"what": "incidents", "file": {"inbox": name}, "profile": PROFILE} | more


def test_a_file_is_loaded_and_undone(
    drawn: Engine, reader: Connection, ask: Ask, worker: Worker, folders: Folders, tmp_path: Path
) -> None:
    number = upload(drawn, folders, incidents_file(tmp_path / "四月 (1).csv", 30, bad=2))
    request = {"what": "incidents", "file": {"upload": number}, "profile": PROFILE}
    with at_work(worker):
        tried = until(drawn, ask("load", request | {"dry_run": True}), over)
        assert (tried.state, tried.batch_id) == ("done", None)
        assert look(reader, ROWS) == [(0,)]
        assert (folders.uploads / str(number)).exists()
        done = until(drawn, ask("load", request), over)
        assert done.state == "done"
        assert done.result is not None
        assert (done.result["rows_loaded"], done.result["rows_rejected"]) == (28, 2)
        assert done.progress["step"].startswith("Loading")
        batch = "SELECT author, file_name, source FROM gridboard.batch WHERE batch_id = :id"
        assert look(reader, batch, id=done.batch_id) == [("Zhao", "四月 (1).csv", "mine")]
        undone = until(drawn, ask("undo", {"batch_id": done.batch_id}), over)
        assert undone.result == {
            "batch_id": done.batch_id,
            "rows_removed": 28,
            "rows_restored": 0,
        }
        again = until(drawn, ask("undo", {"batch_id": done.batch_id}), over)
        assert again.state == "refused"
        assert "undone already" in (again.result or {})["error"]
    assert look(reader, ROWS) == [(0,)]
    assert not any((folders.jobs / str(done.job_id)).iterdir())
    assert not (folders.uploads / str(number)).exists(), "what is loaded is not kept twice"


def test_a_file_about_persons_does_not_stay(
    drawn: Engine, ask: Ask, worker: Worker, folders: Folders, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(incidents_file(path, 3).read_text().replace("id,", "phone,id,", 1))
    text_ = "\n".join(
        line if line.startswith("phone") else f"1381234567{at},{line}"
        for at, line in enumerate(path.read_text().splitlines())
    )
    path.write_text(text_)
    number = upload(drawn, folders, path)
    request = {"what": "incidents", "file": {"upload": number}, "profile": PROFILE}
    with at_work(worker):
        job = until(drawn, ask("load", request | {"dry_run": True}), over)
    assert (job.state, (job.result or {})["kind"]) == ("refused", "PersonDataError")
    assert not (folders.uploads / str(number)).exists()


def test_the_profile_of_the_latest_load_of_a_source_is_kept(
    drawn: Engine, reader: Connection, ask: Ask, worker: Worker, folders: Folders
) -> None:
    assert folders.inbox is not None
    incidents_file(folders.inbox / "a.csv", 3)
    with at_work(worker):
        numbers = [ask("load", load_request("a.csv")) for _ in range(2)]
        until(drawn, numbers[1], over)
    with loading(drawn) as connection:
        connection.exec_driver_sql("UPDATE job SET finished_at = now() - interval '400 days'")
        tidy(connection, folders, 30)
    assert look(reader, "SELECT job_id FROM gridboard.job") == [(numbers[1],)]


def test_a_profile_is_drafted_and_shown_again(
    drawn: Engine, ask: Ask, worker: Worker, folders: Folders
) -> None:
    assert folders.inbox is not None
    incidents_file(folders.inbox / "a.csv", 60)
    with at_work(worker):
        drafted = until(drawn, ask("draft", {"file": {"inbox": "a.csv"}}), over).result
        assert drafted is not None
        assert {"profile", "unsure", "columns", "rows", "persons"} <= set(drafted)
        assert [column["name"] for column in drafted["columns"]] == HEADER
        again = {"file": {"inbox": "a.csv"}, "profile": PROFILE}
        shown = until(drawn, ask("draft", again), over)
    assert shown.state == "done"
    assert shown.result is not None
    assert len(shown.result["rows"]) == 50
    assert shown.result["rows"][0]["lon"] == pytest.approx(100.005)


def test_areas_are_checked_for_those_who_see_all_of_them(
    drawn: Engine, ask: Ask, worker: Worker, folders: Folders, tmp_path: Path
) -> None:
    """What overlaps is said by the outlines and codes of the neighbours: of other counties, too."""
    path = tmp_path / "cells.geojson"
    province_areas().loc[lambda areas: areas["level"] == 5].drop(columns="level").to_file(path)
    file = {"upload": upload(drawn, folders, path, COUNTY)}
    of_county = Viewer("operator", 2, COUNTY)
    with at_work(worker):
        number = ask("check", {"file": file, "profile": "china"}, of_county)
        checked = until(drawn, number, over)
    assert checked.state == "refused"
    assert "areas are checked by an operator of the whole" in (checked.result or {})["error"]
    assert not (folders.jobs / str(number) / "defects.geojson").exists()


def test_areas_are_checked_and_loaded(
    drawn: Engine, reader: Connection, ask: Ask, worker: Worker, folders: Folders
) -> None:
    """The cells with one of them shifted are found wrong; with new names they are loaded."""
    assert folders.inbox is not None
    areas = province_areas()
    cells = GeoDataFrame(areas.loc[areas["level"] == 5].drop(columns="level"))
    renamed = cells.assign(name="new")
    renamed.to_file(folders.inbox / "cells.geojson")
    shifted = cells.copy()
    shifted.loc[shifted.index[0], "geometry"] = translate(cells.geometry.iloc[0], 0.002, 0)
    shifted.to_file(folders.inbox / "shifted_cells.geojson")
    with at_work(worker):
        wrong = {"file": {"inbox": "shifted_cells.geojson"}, "profile": "china"}
        checked = until(drawn, ask("check", wrong), over)
        assert checked.state == "done", checked.result
        assert checked.result is not None
        assert checked.result["defects"]
        written = folders.jobs / str(checked.job_id) / checked.result["geojson"]
        assert json.loads(written.read_text())["features"]
        load = {"what": "boundaries", "valid_from": "2024-06-01"}
        refused = until(drawn, ask("load", wrong | load), over)
        assert refused.state == "refused"
        good = {"file": {"inbox": "cells.geojson"}, "profile": "china"} | load
        loaded = until(drawn, ask("load", good), over)
        assert loaded.state == "done", loaded.result
        odd = until(drawn, ask("load", good | {"valid_from": "soon"}), over)
        assert "is no day such as" in (odd.result or {})["error"]
    names = "SELECT DISTINCT name FROM gridboard.current_area WHERE level = 5"
    assert look(reader, names) == [("new",)]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"file": {"inbox": "none.csv"}}, "the inbox holds no such file"),
        ({"file": {"upload": 99}}, "there is no upload 99"),
        ({"profile": "/etc/passwd"}, "profile"),
        ({"what": "people"}, "cannot load 'people'"),
        ({"crs": 7}, "the request's crs is missing or of the wrong kind"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_done_is_refused_in_words(
    drawn: Engine,
    ask: Ask,
    worker: Worker,
    folders: Folders,
    request_: dict[str, object],
    said: str,
) -> None:
    assert folders.inbox is not None
    incidents_file(folders.inbox / "a.csv", 3)
    with at_work(worker):
        job = until(drawn, ask("load", load_request("a.csv") | request_), over)
    assert job.state == "refused"
    assert said in (job.result or {})["error"]


def test_a_job_of_a_county_writes_only_there(
    drawn: Engine, reader: Connection, ask: Ask, worker: Worker, folders: Folders, tmp_path: Path
) -> None:
    path = incidents_file(tmp_path / "a.csv", 10)
    path.write_text(path.read_text().replace("100.005", "100.025", 5))
    file = {"upload": upload(drawn, folders, path, COUNTY)}
    request = load_request("a.csv", file=file)
    with at_work(worker):
        job = until(drawn, ask("load", request, Viewer("operator", 2, COUNTY)), over)
    assert (job.state, (job.result or {}).get("rows_loaded")) == ("done", 5)
    assert look(reader, "SELECT DISTINCT county_code FROM gridboard.incident") == [(COUNTY,)]


def test_the_oldest_job_is_first_and_each_is_taken_once(drawn: Engine, ask: Ask) -> None:
    numbers = [ask("undo", {"batch_id": 1}) for _ in range(3)]
    with loading(drawn) as one, loading(drawn) as other:
        taken = [take_job(one), take_job(other), take_job(one), take_job(other)]
    assert [job.job_id if job else None for job in taken] == [*numbers, None]


def test_a_job_of_a_silent_worker_is_taken_up(drawn: Engine, ask: Ask) -> None:
    number = ask("undo", {"batch_id": 1})
    with loading(drawn) as connection:
        lost = take_job(connection)
    assert lost is not None
    with loading(drawn) as connection:
        assert take_job(connection) is None
    with loading(drawn) as connection:
        taken = take_job(connection, lost_s=0)
    assert taken is not None
    assert taken.job_id == number
    with loading(drawn) as connection:
        assert not note_progress(connection, lost, {}), "the first worker learns of it"
        assert note_progress(connection, taken, {})


def test_what_was_done_before_its_worker_died_is_not_done_again(
    drawn: Engine, reader: Connection, ask: Ask, worker: Worker, folders: Folders
) -> None:
    """Killed between the load's commit and the word that the job is over."""
    assert folders.inbox is not None
    incidents_file(folders.inbox / "a.csv", 5)
    with at_work(worker):
        number = ask("load", load_request("a.csv"))
        done = until(drawn, number, over)
    silent = "UPDATE job SET state = 'running', seen_at = now() - interval '2 minutes'"
    with loading(drawn) as connection:
        connection.exec_driver_sql(silent)
    with at_work(Worker(worker.settings, folders)):
        again = until(drawn, number, over)
    assert (again.state, again.result) == ("done", done.result)
    assert look(reader, "SELECT count(*) FROM gridboard.batch WHERE kind = 'incident'") == [(1,)]


def held(engine: Engine) -> Connection:
    """A transaction that keeps every load of the source waiting."""
    connection = engine.connect()
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtext('gridboard.source'), hashtext('mine'))")
    )
    return connection


def test_a_job_under_way_is_called_off(
    drawn: Engine,
    admin_engine: Engine,
    reader: Connection,
    ask: Ask,
    worker: Worker,
    folders: Folders,
) -> None:
    assert folders.inbox is not None
    incidents_file(folders.inbox / "a.csv", 5)
    waiting = ask("undo", {"batch_id": 1})
    ask("cancel", {"job_id": waiting})
    with held(admin_engine), at_work(worker):
        number = ask("load", load_request("a.csv"))
        until(drawn, number, lambda job: bool(job.progress))
        ask("cancel", {"job_id": number}, Viewer("operator", 2, COUNTY))
        before = state_of(drawn, number).seen_at
        assert before is not None
        until(drawn, number, lambda job: (job.seen_at or before) > before)
        assert state_of(drawn, number).state == "running", "another scope calls nothing off"
        ask("cancel", {"job_id": number})
        assert until(drawn, number, over).state == "cancelled"
        assert state_of(drawn, waiting).state == "cancelled"
    assert look(reader, ROWS) == [(0,)]
    asked = "SELECT count(*) FROM gridboard.job WHERE kind = 'cancel' AND state = 'waiting'"
    with loading(drawn) as connection:
        take_job(connection)
    assert look(reader, asked) == [(0,)]


def test_a_job_whose_process_dies_has_failed(
    drawn: Engine, admin_engine: Engine, ask: Ask, worker: Worker, folders: Folders
) -> None:
    assert folders.inbox is not None
    incidents_file(folders.inbox / "a.csv", 5)
    with held(admin_engine), at_work(worker):
        number = ask("load", load_request("a.csv"))
        until(drawn, number, lambda job: bool(job.progress))
        for child in active_children():
            os.kill(child.pid or 0, signal.SIGKILL)
        job = until(drawn, number, over)
    assert job.state == "failed"
    assert "ended unexpectedly (signal 9); nothing was changed" in (job.result or {})["error"]


def test_a_worker_that_is_told_to_end_gives_its_job_back(
    drawn: Engine, admin_engine: Engine, ask: Ask, worker: Worker, folders: Folders
) -> None:
    assert folders.inbox is not None
    incidents_file(folders.inbox / "a.csv", 5)
    number = ask("load", load_request("a.csv"))
    with held(admin_engine):
        with at_work(worker):
            until(drawn, number, lambda job: bool(job.progress))
        assert state_of(drawn, number).state == "waiting"
        assert not active_children()
    with at_work(Worker(worker.settings, folders)):
        assert until(drawn, number, over).state == "done"


def test_a_silent_statement_does_not_silence_the_worker(
    drawn: Engine, admin_engine: Engine, ask: Ask, worker: Worker, folders: Folders
) -> None:
    assert folders.inbox is not None
    incidents_file(folders.inbox / "a.csv", 5)
    with held(admin_engine), at_work(worker):
        number = ask("load", load_request("a.csv"))
        first = until(drawn, number, lambda job: bool(job.progress)).seen_at
        assert first is not None
        later = until(drawn, number, lambda job: (job.seen_at or first) > first, seconds=10)
    assert later.state == "running"
    # And it is not heard of more often than four times a second.
    assert later.seen_at is not None
    assert later.seen_at - first >= timedelta(seconds=0.25)


KILLED = """
import signal, sys
from pathlib import Path
from etl.work.files import Folders
from etl.work.worker import Worker
from geo.settings import DatabaseSettings
from pydantic import SecretStr

if __name__ == "__main__":
    url, base = sys.argv[1:]
    folders = Folders(Path(base) / "uploads", Path(base) / "jobs", Path(base) / "inbox")
    Worker(DatabaseSettings(database_url=SecretStr(url)), folders).run()
"""


def test_a_killed_worker_leaves_its_job_to_another(
    drawn: Engine,
    admin_engine: Engine,
    reader: Connection,
    ask: Ask,
    worker: Worker,
    folders: Folders,
    database: DatabaseSettings,
    tmp_path: Path,
) -> None:
    assert folders.inbox is not None
    incidents_file(folders.inbox / "a.csv", 5)
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    url = database.url("admin").render_as_string(hide_password=False)
    number = ask("load", load_request("a.csv"))
    with held(admin_engine):
        command = [sys.executable, str(script), url, str(tmp_path)]
        with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(CHECKOUT)}) as program:
            until(drawn, number, lambda job: bool(job.progress))
            started = descendants(program.pid)
            assert len(started) >= 2, "the process that forks, and the job's"
            program.kill()
        until(drawn, number, lambda job: not any(map(words, started)))
    worker.lost_s = 0.5
    with at_work(worker):
        assert until(drawn, number, over).state == "done"
    assert look(reader, ROWS) == [(5,)]


def test_old_things_are_deleted(
    drawn: Engine, reader: Connection, ask: Ask, worker: Worker, folders: Folders, tmp_path: Path
) -> None:
    names = ["old", "new", "wanted"]
    old, new, wanted = (
        upload(drawn, folders, incidents_file(tmp_path / f"{name}.csv", 1)) for name in names
    )
    ended, waits = ask("undo", {"batch_id": 1}), ask("load", {"file": {"upload": wanted}})
    folders.of_job(ended).joinpath("defects.geojson").write_text("{}")
    ages = {"lost.part": 2, "arriving.part": 0, str(wanted): 2, str(old): 2}
    for name, age in ages.items():
        path = folders.uploads / name
        path.touch()
        moment = (datetime.now(UTC) - timedelta(days=age)).timestamp()
        os.utime(path, (moment, moment))
    with loading(drawn) as connection:
        connection.execute(
            text(
                "UPDATE upload SET uploaded_at = now() - interval '40 days'"
                " WHERE upload_id IN (:old, :wanted)"
            ),
            {"old": old, "wanted": wanted},
        )
        connection.execute(
            text(
                "UPDATE job SET state = 'done', finished_at = now() - interval '40 days'"
                " WHERE job_id = :ended"
            ),
            {"ended": ended},
        )
    assert worker.work_once(drawn)
    assert look(reader, "SELECT upload_id FROM gridboard.upload ORDER BY 1") == [(new,), (wanted,)]
    assert [job for (job,) in look(reader, "SELECT job_id FROM gridboard.job")] == [waits]
    left = {path.name for path in folders.uploads.iterdir()}
    assert left == {str(new), str(wanted), "arriving.part"}
    assert not (folders.jobs / str(ended)).exists()


def test_the_first_areas_may_be_loaded_by_a_job(
    loader_engine: Engine, reader: Connection, ask: Ask, worker: Worker, folders: Folders
) -> None:
    """Before there are any, nobody can say whose they are."""
    assert folders.inbox is not None
    areas = province_areas()
    province = GeoDataFrame(areas.loc[areas["level"] == 0].drop(columns="level"))
    province.to_file(folders.inbox / "province.geojson")
    request = {"what": "boundaries", "file": {"inbox": "province.geojson"}, "profile": "china"}
    with at_work(worker):
        job = until(loader_engine, ask("load", request), over)
    assert job.state == "done", job.result
    assert look(reader, "SELECT code FROM gridboard.current_area") == [(PROVINCE,)]


def test_the_inbox_is_for_the_whole_area_alone(
    drawn: Engine, ask: Ask, worker: Worker, folders: Folders
) -> None:
    assert folders.inbox is not None
    incidents_file(folders.inbox / "a.csv", 3)
    with at_work(worker):
        number = ask("load", load_request("a.csv"), Viewer("operator", 2, COUNTY))
        job = until(drawn, number, over)
    assert job.state == "refused"
    assert "the inbox is for the whole area alone" in (job.result or {})["error"]


@pytest.mark.parametrize("state", ["failed", "refused", "cancelled"])
def test_what_was_committed_is_done_whatever_is_said_afterwards(
    drawn: Engine, ask: Ask, state: State
) -> None:
    number = ask("undo", {"batch_id": 1})
    with loading(drawn) as connection:
        job = take_job(connection)
        assert job is not None
        note_result(connection, number, {"rows": 5}, None)
    with loading(drawn) as connection:
        end_job(connection, job, state, {"error": "the connection was lost"})
    ended = state_of(drawn, number)
    assert (ended.state, ended.result) == ("done", {"rows": 5})


def test_requests_and_results_may_hold_anything(drawn: Engine, ask: Ask) -> None:
    odd = {"a\0b": "x\0\\u0000", "half": "\ud800", "n": float("nan")}
    odd |= {"at": datetime(2024, 1, 1, tzinfo=UTC)}
    number = ask("draft", odd)
    with loading(drawn) as connection:
        job = take_job(connection)
        assert job is not None
        assert note_progress(connection, job, odd)
        end_job(connection, job, "done", {"rows": [odd, (1, None, True)]})
    kept = {"a␀b": "x␀\\u0000", "half": "?", "n": None, "at": "2024-01-01 00:00:00+00:00"}
    found = state_of(drawn, number)
    assert found.request == found.progress == kept
    assert found.result == {"rows": [kept, [1, None, True]]}
