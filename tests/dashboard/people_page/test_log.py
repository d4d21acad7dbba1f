"""The audit log as an admin reads it: filtered, page by page, as a file, and within scope."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from html import unescape
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import Engine, text

from dashboard.components.people.work import fields, head, work
from dashboard.people.account import Account
from dashboard.roster.roster import LOG_ROWS
from dashboard.state import MAX_FIELDS
from geo.audit import Deed, record
from tests.areas import COUNTY, OTHER_COUNTY, PROVINCE
from tests.dashboard.markup import links, walk, words
from tests.dashboard.people_page.conftest import COUNTY_ADMIN, Clients, Look, Make


def write(owner: Engine, *deeds: Deed) -> None:
    with owner.begin() as connection:
        for deed in deeds:
            record(connection, deed)


def lines(visit: Any) -> list[str]:
    rows = [part for part in walk(work(visit)) if hasattr(part, "children")]
    bodies = [row for row in rows if "log-at" in str(first_class(row))]
    return [words(row) for row in bodies]


def first_class(row: Any) -> str:
    children = row.children if isinstance(row.children, list) else []
    first = children[0] if children and isinstance(children[0], dict) else None
    return str(first["props"].get("className", "")) if first else ""


@pytest.fixture
def some_deeds(owner: Engine) -> None:
    write(
        owner,
        Deed("li", COUNTY, "log_in", "leader", "10.0.0.5", "r1", {"via": "password"}),
        Deed("", "", "log_in_failed", None, "10.0.0.6", "r2"),
        Deed("boss", PROVINCE, "account_changed", "admin", "10.0.0.7", "r3",
             {"login": "li", "role": ["leader", "admin"],
              "scopes": [[f"county-{COUNTY}"], [f"county-{COUNTY}", f"county-{OTHER_COUNTY}"]]}),
        Deed("wang", OTHER_COUNTY, "export", "operator", "10.0.0.8", "r4", {"file": "a.csv"}),
        Deed("li", COUNTY, "campaign_added", "leader", "10.0.0.5", "r5",
             {"campaign": 7, "name": "Wages", "area": COUNTY, "days": "2023-09-04 – 2023-10-15",
              "category": "family", "channel": ""}),
    )  # fmt: skip


def test_a_line_says_who_what_where_from_and_how(look: Look, some_deeds: None) -> None:
    newest, exported, changed, refused, entered = lines(look("/people/log?lang=en"))
    assert (
        "li Leader added a campaign Name Wages Campaign 7 Area Nan County Period 2023-09-04 –"
        " 2023-10-15 Category family Nan County 10.0.0.5"
    ) in newest
    assert "wang Operator exported File a.csv Dong County 10.0.0.8" in exported
    assert (
        "boss Administrator changed an account Account li Role Leader → Administrator"
        " Scope Nan County → Nan County, Dong County Test Province 10.0.0.7"
    ) in changed
    assert "nobody known log-in refused – – 10.0.0.6" in refused
    assert "li Leader logged in Way password Nan County 10.0.0.5" in entered


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("kind=exports", ["wang"]),
        ("kind=campaigns", ["li"]),
        ("kind=refused", ["nobody"]),
        ("kind=accounts", ["boss"]),
        ("actor=li", ["li", "li"]),
        ("actor=l", []),
        ("from=2000-01-01&to=2000-12-31", []),
        ("to=2199-01-01", ["li", "wang", "boss", "nobody", "li"]),
    ],
)
def test_lines_are_found(look: Look, some_deeds: None, search: str, expected: list[str]) -> None:
    visit = look(f"/people/log?lang=en&{search}")
    found = lines(visit)
    assert len(found) == len(expected)
    assert all(f" {who}" in line for who, line in zip(expected, found, strict=True))
    if not expected:
        assert "Nothing in the log matches." in words(work(visit))


def test_days_are_those_of_the_areas(look: Look, owner: Engine) -> None:
    write(owner, Deed("li", PROVINCE, "log_in"))
    late = datetime(2026, 5, 1, 17, 30, tzinfo=UTC)
    with owner.begin() as connection:
        connection.execute(text("UPDATE audit SET at = :at"), {"at": late})
    # Half past one at night in China, a day later than in Greenwich.
    assert lines(look("/people/log?from=2026-05-02&to=2026-05-02"))[0].startswith(
        "2026-05-02 01:30:00"
    )
    assert lines(look("/people/log?from=2026-05-01&to=2026-05-01")) == []


def test_an_admin_reads_the_log_of_the_own_scope(look: Look, some_deeds: None) -> None:
    visit = look("/people/log?lang=en", COUNTY_ADMIN)
    assert len(lines(visit)) == 2
    assert "li Leader added a campaign" in lines(visit)[0]
    assert "li Leader logged in" in lines(visit)[1]
    assert "Dong County" not in words(work(visit))
    # To ask for somebody of elsewhere is like asking for nobody.
    foreign, nobody = (
        words(work(look(f"/people/log?lang=en&actor={who}", COUNTY_ADMIN)))
        for who in ("wang", "nobody-at-all")
    )
    assert foreign == nobody


def test_names_outside_the_scope_stay_codes(look: Look, owner: Engine) -> None:
    detail = {"login": "li", "scopes": [[f"county-{OTHER_COUNTY}"], [f"county-{COUNTY}"]]}
    write(owner, Deed("boss", COUNTY, "account_changed", "admin", detail=detail))
    (line,) = lines(look("/people/log?lang=en", COUNTY_ADMIN))
    assert f"Scope {OTHER_COUNTY} → Nan County" in line


def test_the_log_comes_page_by_page(look: Look, owner: Engine) -> None:
    write(owner, *[Deed(f"u{n}", PROVINCE, "log_in") for n in range(LOG_ROWS + 5)])
    first = look("/people/log?lang=en")
    assert len(lines(first)) == LOG_ROWS
    older = links(work(first))["Older"]
    second = look(older)
    assert len(lines(second)) == 5
    assert "u0 " in lines(second)[-1]
    assert "Older" not in links(work(second))
    assert links(work(second))["Newest"] == "/people/log?lang=en"


def test_an_empty_log_and_its_fields(look: Look) -> None:
    visit = look("/people/log?lang=en")
    assert "Nothing was written down in your scope yet." in words(work(visit))
    assert [field["name"] for field in fields(visit)] == ["actor", "from", "to"]
    assert {each["text"]["form"] for each in fields(visit)[1:]} == {"yyyy-mm-dd"}, "as everywhere"
    assert links(head(visit)) == {"Download as CSV": "/people/log.csv"}


def test_the_file_is_safe_to_open_and_is_written_down(
    clients: Clients, admin: Account, owner: Engine, told: Any
) -> None:
    write(owner, Deed("li", PROVINCE, "log_in_failed", detail={"reason": "=cmd|'/c calc'!A1"}))
    write(owner, Deed("=1+1", PROVINCE, "upload", detail={"file": "@SUM(A1)"}))
    client = clients(admin)
    with client.get("/people/log.csv?kind=data") as answer:
        content = answer.data.decode("utf-8-sig")
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="audit.csv"'
    assert answer.headers["Cache-Control"] == "private, no-store"
    (row,) = csv.DictReader(StringIO(content))
    assert row["actor"] == "'=1+1"
    assert row["action"] == "upload"
    moment = datetime.fromisoformat(row["at"])
    assert datetime.now(UTC) - moment < timedelta(minutes=5)
    actor, action, detail = told()[-1]
    assert (actor, action) == (admin.login, "export")
    assert detail == {"file": "audit.csv", "rows": 1}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=x", "'from' is not understood. Expected: a day as YYYY-MM-DD."),
        ("to=2026-02-30", "'to' is not understood. Expected: a day as YYYY-MM-DD."),
        ("from=2026-03-02&to=2026-03-01", "the first not after the last"),
        ("kind=exprots", "'kind' is not understood. Expected: one of entries, refused, accounts,"),
        ("actor=%00li", "'actor' is not understood. Expected: a login, of letters"),
        ("before=0", "'before' is not understood. Expected: the number of a line"),
        ("lang=xx", "'lang' is not understood. Expected: one of zh, en."),
        ("kind=", "'kind' is empty."),
        ("kind=data&kind=system", "'kind' is given more than once."),
        ("since=2026-01-01", "There is no parameter 'since'. Expected: some of kind, actor, from"),
        ("&".join(f"a{n}=1" for n in range(MAX_FIELDS + 1)), "The address has more than"),
    ],
)
def test_a_file_is_refused_that_would_not_be_what_was_asked_for(
    clients: Clients, admin: Account, told: Any, query: str, said: str
) -> None:
    client, before = clients(admin), told()
    refused = client.get(f"/people/log.csv?{query}")
    assert refused.status_code == 400
    assert said in refused.json["error"]
    assert told() == before, "nothing left the site"


def test_a_person_reads_on_a_page_why_there_is_no_file(clients: Clients, admin: Account) -> None:
    address = "/people/log.csv?from=x&lang=en"
    page = clients(admin).get(address, headers={"Accept": "text/html"})
    assert page.status_code == 400
    said = unescape(page.get_data(as_text=True))
    assert "There is no such file" in said
    assert "'from' is not understood. Expected: a day as YYYY-MM-DD." in said


def test_all_of_the_address_of_the_log_makes_its_file(clients: Clients, admin: Account) -> None:
    query = "kind=data&actor=li&from=2026-03-01&to=2026-03-01&before=9&lang=en&theme=light"
    with clients(admin).get(f"/people/log.csv?{query}") as answer:
        assert answer.status_code == 200


def test_who_is_no_admin_hears_nothing_of_the_address(clients: Clients, make: Make) -> None:
    leader = clients(make(f"leader@county:{COUNTY}", "only.leader"))
    assert leader.get("/people/log.csv?from=x").status_code == 403


def test_what_was_done_is_said_in_the_language(look: Look, owner: Engine) -> None:
    write(
        owner,
        Deed("li", PROVINCE, "load", detail={"what": "area", "batch_id": 3, "rows": 5}),
        Deed("li", PROVINCE, "load", detail={"what": "incident", "batch_id": 4}),
        Deed("li", PROVINCE, "job", detail={"what": "check", "job": 8}),
        Deed("li", PROVINCE, "undo", detail={"batch_id": 4, "rows_removed": 7}),
        Deed("", "", "log_in_failed", detail={"reason": "throttled", "wait_s": 30}),
        Deed("li", PROVINCE, "export", detail={"what": "gridboard-area.csv"}),
    )
    export, refused, undo, job, incidents, areas = lines(look("/people/log?lang=zh"))
    assert "内容 区划" in areas
    assert "内容 事件" in incidents
    assert "内容 检查边界 任务 8" in job
    assert "移除行数 7" in undo
    assert "尝试次数过多" in refused
    assert "gridboard-area.csv" in export
    said = " ".join(lines(look("/people/log?lang=en")))
    for words_ in ("What boundaries", "What incident records", "What Check areas"):
        assert words_ in said


def test_the_file_holds_the_scope_alone(
    clients: Clients, county_admin: Account, some_deeds: None
) -> None:
    with clients(county_admin).get("/people/log.csv") as answer:
        found = answer.data.decode("utf-8-sig")
    assert "10.0.0.5" in found
    assert "wang" not in found
    assert OTHER_COUNTY not in found


def test_news_tell_that_somebody_did_something(
    clients: Clients, county_admin: Account, owner: Engine
) -> None:
    client = clients(county_admin)
    before = client.get("/people/news.json").json
    write(owner, Deed("wang", OTHER_COUNTY, "log_in"))
    assert client.get("/people/news.json").json == before, "what others do elsewhere is no news"
    write(owner, Deed("li", COUNTY, "log_in"))
    assert client.get("/people/news.json").json != before
