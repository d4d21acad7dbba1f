"""What the data page says about jobs, batches and sources, in each of their states."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.components.data.doubts import doubt_words
from dashboard.components.data.preview import shown
from dashboard.components.data.side import side
from dashboard.components.data.work import work
from dashboard.components.pages import page_links
from dashboard.desk.state import DeskState, format_desk, parse_desk
from dashboard.pages.site import site
from dashboard.sections import MAP
from dashboard.text import text_for
from geo.viewer import Viewer
from tests.areas import COUNTY, PROVINCE
from tests.dashboard.desk.conftest import Put, Visit
from tests.dashboard.desk.test_desk_jobs import FILE, PROFILE
from tests.dashboard.markup import having, links, walk, words
from tests.dashboard.world import LAST_DAY

LOAD = {"what": "incidents", "file": FILE, "profile": PROFILE}
REPORT = {
    "rows_read": 100, "rows_loaded": 80, "rows_updated": 10, "rows_unchanged": 4,
    "rows_rejected": 6, "seconds": {"read": 1.25},
    "reasons": [{"reason": "occurred_at in the future", "rows": 6, "first_row": 17}],
}  # fmt: skip


FIT = {"system": "GCJ-02", "lies": True, "share_inside": {"GCJ-02": 0.996, "as is": 0.71}}


def said(visit: Any) -> str:
    return words(work(visit))


def test_the_state_is_all_in_the_address() -> None:
    state = DeskState(what="boundaries", job=12, lang="en", theme="light")
    assert parse_desk(format_desk(state).partition("?")[2]) == state
    assert format_desk(DeskState()) == "/data"
    assert parse_desk("?job=x&batch=-1&lang=fr&what=people") == DeskState()
    assert state.href(batch=3) == "/data?batch=3&what=boundaries&lang=en&theme=light"


def test_first_a_place_for_a_file(look: Visit, inbox: Path) -> None:
    (inbox / "october.csv").write_text("x")
    visit = look("lang=en")
    (intake,) = [part for part in walk(work(visit)) if getattr(part, "id", "") == "desk-intake"]
    assert [file["name"] for file in intake.inbox] == ["october.csv"]
    assert intake.profiles == []
    assert "Nothing was loaded yet" not in said(visit)  # the areas are a batch
    areas = look("lang=en&what=boundaries")
    (intake,) = [part for part in walk(work(areas)) if getattr(part, "id", "") == "desk-intake"]
    assert intake.profiles[0] == {"value": "china", "label": "china"}


def test_a_job_that_nobody_takes_says_what_to_start(look: Visit, put_job: Put) -> None:
    young = put_job("draft", "waiting", {"file": FILE})
    assert "gridboard work" not in said(look(f"lang=en&job={young}"))
    old = put_job("draft", "waiting", {"file": FILE}, age=timedelta(seconds=20))
    assert "gridboard work" in said(look(f"lang=en&job={old}"))


def test_the_side_says_so_too_unless_one_is_at_work(look: Visit, put_job: Put) -> None:
    put_job("draft", "waiting", {"file": FILE}, age=timedelta(seconds=20))
    assert "No worker is running." in words(side(look("lang=en")))
    put_job("load", "running", LOAD, seen=datetime.now(UTC))
    assert "No worker is running." not in words(side(look("lang=en")))


def test_a_draft_shows_persons_as_left_out_and_refused_rows(
    look: Visit, put_job: Put, put_batch: Put
) -> None:
    rows = [
        {"row": 1, "incident_id": "A1", "occurred_at": "2026-10-01T09:00:00+08:00",
         "lon": 103.8, "lat": 36.05},
        {"row": 2, "incident_id": "A2", "reason": "no coordinates", "lon": None, "lat": None},
    ]  # fmt: skip
    result = {
        "profile": PROFILE,
        "unsure": [{"field": "incidents.crs", "why": "nothing says it"}],
        "columns": [{"name": "id", "examples": ["A1"]}, {"name": "who", "examples": []}],
        "rows": rows,
        "persons": [{"column": "who", "kind": "names", "rows": 2}],
    }
    put_batch(source="12345")
    job = put_job("draft", "done", {"file": FILE}, result=result)
    visit = look(f"lang=en&job={job}")
    found = said(visit)
    assert "who names of persons, 2 rows: will be left out" in found
    assert "about persons: will be left out" in found
    assert "1 103.80000, 36.05000 A1 2026-10-01 09:00" in found
    assert "no coordinates" in found
    assert having(work(visit), data_look="103.8,36.05,800")
    (editor,) = [part for part in walk(work(visit)) if getattr(part, "id", "") == "desk-editor"]
    assert editor.unsure == {"crs": "nothing says it"}
    assert editor.fields["lon"] == "x"
    assert editor.sources == ["12345"]
    scene = site(visit)
    assert scene is not None
    assert [point["look"] for point in scene["points"]] == ["good"]
    assert scene["borders"]["slots"] == [0, 1, 2, 3, 5]


def test_a_dry_run_adds_up_and_offers_the_load(look: Visit, put_job: Put) -> None:
    job = put_job("load", "done", {**LOAD, "dry_run": True}, result={**REPORT, "dry_run": True})
    visit = look(f"lang=en&job={job}")
    found = said(visit)
    assert "nothing was changed yet" in found
    assert "rows read 100 rows new 80 rows 80.0%" in found
    assert "date in the future 6 100.0% 17" in found
    (button,) = having(work(visit), id="desk-load")
    assert button.request == {"kind": "load", **LOAD, "dry_run": False}


def test_reasons_are_said_in_chinese(look: Visit, put_job: Put) -> None:
    job = put_job("load", "done", {**LOAD, "dry_run": True}, result=REPORT)
    assert "日期在未来 6" in said(look(f"job={job}"))


@pytest.mark.parametrize(
    ("state", "expected"),
    [("refused", "was refused"), ("failed", "went wrong"), ("cancelled", "called off")],
)
def test_what_did_not_work_says_why(look: Visit, put_job: Put, state: str, expected: str) -> None:
    job = put_job("load", state, LOAD, result={"error": "the disk is full"})
    found = said(look(f"lang=en&job={job}"))
    assert expected in found
    assert "nothing was changed" in found
    assert "the disk is full" in found


def test_a_batch_shows_its_refused_rows_and_asks_before_an_undo(
    look: Visit, put_batch: Put
) -> None:
    batch_id = put_batch(rejects=[("no occurred_at", {"id": "7", "at": None})])
    visit = look(f"lang=en&batch={batch_id}")
    found = said(visit)
    assert "october.csv" in found
    assert "no date – 7" in found
    assert links(work(visit))["Download as CSV"] == f"/data/batches/{batch_id}/rejects.csv"
    (undo,) = having(work(visit), id="desk-undo")
    assert undo.request == {"kind": "undo", "batch_id": batch_id}
    assert "10 incidents that came with it disappear." in undo.question["words"]


def test_a_number_out_of_scope_is_not_there(look: Visit) -> None:
    assert "There is no number 999999 in view." in said(look("lang=en&batch=999999"))
    assert "There is no number 999999 in view." in said(look("lang=en&job=999999"))


def test_stale_never_looks_fresh(look: Visit, put_batch: Put) -> None:
    today = datetime.now(UTC).date()
    put_batch(source="fresh", last_day=today - timedelta(days=3))
    put_batch(source="old", last_day=date(2024, 1, 31))
    put_batch(source="empty")
    parts = side(look("lang=en"))
    looks = {
        words(part).split()[0]: part.className.split()[1]
        for part in walk(parts)
        if str(getattr(part, "className", "")).startswith("source ")
    }
    assert looks == {"fresh": "fresh", "old": "stale", "empty": "unknown"}
    assert "old stale Last incident 2024-01-31" in words(parts)


def test_an_operator_of_a_part_hears_of_loads_that_are_not_listed(
    look: Visit, put_batch: Put, world_engine: Engine
) -> None:
    own, whole = Viewer("operator", 2, COUNTY), Viewer("operator", 0, PROVINCE)
    loaded = look("lang=en", own, world_engine)
    (item,) = [
        part
        for part in walk(side(loaded))
        if str(getattr(part, "className", "")).startswith("source ")
    ]
    assert item.className == "source stale"
    told = words(item)
    assert told.startswith(f"Loads for other areas stale Data to {LAST_DAY.isoformat()}")
    assert "Nothing was loaded for this area alone. Loads for other areas, such as a wider" in told
    assert "No incidents were loaded yet" not in words(side(loaded))
    assert "The first batch of it will be listed here." in said(loaded)
    # Before any incident there is nothing to hear of, and the province sees all there is.
    assert "No incidents were loaded yet." in words(side(look("lang=en", own)))
    put_batch(source="hotline")
    put_batch(source="window", scope=COUNTY, last_day=date(2024, 1, 31))
    told = words(side(look("lang=en", own)))
    assert "window stale Last incident 2024-01-31" in told
    assert "hotline" not in told
    assert told.endswith("although figures of this area may come from them.")
    assert "other areas" not in words(side(look("lang=en", whole)))


def test_a_check_lists_each_defect_with_its_place(look: Visit, put_job: Put) -> None:
    rows = [{"kind": "overlap", "code": "99", "other": "98", "area_m2": 1834.2,
             "lon": 103.0, "lat": 36.0}]  # fmt: skip
    result = {"defects": {"overlap": 1}, "rows": rows}
    request = {"file": FILE, "profile": "china"}
    job = put_job("check", "done", request, result=result)
    visit = look(f"lang=en&job={job}")
    assert "overlap 103.00000, 36.00000 1,834 99 98" in said(visit)
    cleaned = {"width_m": 0.5, "changes": [{"code": "99", "lost_m2": 12.5, "moved_m": 0.4}]}
    moved = put_job("check", "done", request, result={**result, "cleaned": cleaned})
    assert "within 0.50 m Code" in said(look(f"lang=en&job={moved}"))
    assert "99 12.50 0.00 0.40" in said(look(f"lang=en&job={moved}"))
    lying = put_job("check", "done", request, result={**result, "fit": FIT})
    found = look(f"lang=en&job={lying}")
    assert "fit only as GCJ-02." in said(found)
    (form,) = having(work(found), id="desk-edition")
    assert form.blocked


@pytest.mark.parametrize(
    ("role", "shown"), [("operator", "Data"), ("admin", "Data People"), ("leader", "")]
)
def test_the_way_to_other_pages_is_for_those_they_are_for(role: str, shown: str) -> None:
    found = page_links(Viewer(role, 0, PROVINCE), MAP, "?lang=en", text_for("en"))
    names = ["Map", "Compare", "Brief", "Campaigns", *shown.split()]
    expected = {name: f"/{name.lower()}?lang=en" for name in names}
    assert links(found) == expected


def test_a_draft_shows_terms_by_name_and_columns_left_out(look: Visit, put_job: Put) -> None:
    terms = 'terms = [{ code = "open", name_zh = "办理中", name_en = "under way", values = ["a"] }]'
    status = f'leave_out = ["memo"]\n[incidents.status]\ncolumn = "state"\n{terms}'
    profile = PROFILE.replace('status = { column = "state" }', status)
    result = {
        "profile": profile,
        "columns": [{"name": "id", "examples": []}, {"name": "memo", "examples": []}],
        "rows": [{"row": 1, "incident_id": "A1", "status": "open", "lon": None, "lat": None}],
    }
    job = put_job("draft", "done", {"file": FILE, "profile": profile}, result=result)
    found = said(look(f"lang=en&job={job}"))
    assert "A1 under way" in found
    assert "memo left out" in found
    assert "as given" in str(work(look(f"lang=en&job={job}")))


def test_a_refusal_shows_what_it_knows_in_particular(look: Visit, put_job: Put) -> None:
    persons = [{"column": "who", "kind": "names", "rows": 60}]
    result = {"error": "…", "kind": "PersonDataError", "persons": persons}
    job = put_job("load", "refused", LOAD, result=result)
    assert "含有个人信息" in said(look(f"job={job}"))
    assert "who 姓名, 60 行" in said(look(f"job={job}"))
    result = {"error": "…", "kind": "MostlyRejectedError", "account": REPORT}
    job = put_job("load", "refused", LOAD, result=result)
    assert "probably that of another file" in said(look(f"lang=en&job={job}"))
    assert "date in the future 6" in said(look(f"lang=en&job={job}"))
    result = {"error": "…", "kind": "DefectsError", "defects": {"gap": 3}}
    job = put_job("load", "refused", LOAD, result=result)
    assert "gap 3" in said(look(f"lang=en&job={job}"))


def test_the_fit_of_a_draft_is_said_beside_the_question() -> None:
    why = (
        "nothing in the file says in which CRS its degrees are; ask whoever made it;"
        " of 20,000 points inside the area they belong to: GCJ-02 100.0%, as is 55.3%,"
        " BD-09 14.7%, swapped axes 0.0% (read as WGS 84: as is)"
    )
    said_en = doubt_words(why, text_for("en"))
    assert said_en.endswith(
        "Share of 20,000 points that lie in the area they are recorded in:"
        " GCJ-02 100.0% · WGS 84 55.3% · BD-09 14.7%."
    )
    assert "20,000 个点落在其登记区域内的比例：GCJ-02 100.0%" in doubt_words(why, text_for("zh"))


def test_an_identifier_that_looks_like_a_moment_is_shown_as_it_is(look: Visit) -> None:
    assert shown("ABCD-EFGHITJK", look(), None, "incident_id") == "ABCD-EFGHITJK"
    assert parse_desk(f"?job={'9' * 5000}") == DeskState()
