"""Accounts are added, changed and shut out by admins within scope, and by nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from dashboard.people.account import Account, By, Scope
from dashboard.people.accounts import add_account, change_account, disable, read_account
from geo.database import writing
from geo.errors import NotFoundError
from geo.viewer import ROLES
from tests.areas import COUNTY, OTHER_COUNTY, PROVINCE, TOWNSHIPS
from tests.dashboard.people_page.conftest import (
    COUNTY_ADMIN,
    PROVINCE_ADMIN,
    Ask,
    Clients,
    Make,
    set_password,
)

NEW = {"kind": "add", "login": "Li.Na", "name": " 李 娜 ", "role": "leader", "scopes": [COUNTY]}


def row_of(owner: Engine, login: str) -> Any:
    with owner.connect() as connection:
        query = text("SELECT * FROM account WHERE login = :login")
        return connection.execute(query, {"login": login}).one_or_none()


def open_sessions(owner: Engine, account: Account) -> int:
    with owner.connect() as connection:
        query = text("SELECT count(*) FROM session WHERE account_id = :id AND ended_at IS NULL")
        return int(connection.execute(query, {"id": account.account_id}).scalar_one())


def is_in(client: FlaskClient) -> bool:
    return client.get("/revision.json").status_code == 200


def without_request(answer: Any) -> Any:
    return answer.status_code, {**answer.json, "request_id": None}


def test_an_account_is_added_with_a_link_and_no_password(
    ask: Ask, owner: Engine, told: Any
) -> None:
    answer = ask(**NEW)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"
    made = row_of(owner, "li.na")
    assert (made.name, made.role, made.scope_codes, made.scope_slots) == (
        "李 娜", "leader", [COUNTY], [2],
    )  # fmt: skip
    assert answer.json["account"] == made.account_id
    path, _, token = answer.json["link"].partition("#")
    assert path == "/welcome"
    assert len(token) >= 40
    with owner.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM credential")).scalar_one() == 0
        digest = connection.execute(text("SELECT token_sha256 FROM invitation")).scalar_one()
    assert token.encode() not in bytes(digest)
    (added,) = (deed[2] for deed in told() if deed[2].get("login") == "li.na")
    assert added["role"] == "leader"
    assert token not in str(told())


@pytest.mark.parametrize(
    "change",
    [
        None,
        [],
        {},
        {"kind": "promote"},
        {**NEW, "role": "root"},
        {**NEW, "login": "a b"},
        {**NEW, "login": ""},
        {**NEW, "login": "x" * 65},
        {**NEW, "name": "\u200b"},
        {**NEW, "name": "x\u0000y"},
        {**NEW, "scopes": []},
        {**NEW, "scopes": COUNTY},
        {**NEW, "scopes": [COUNTY] * 101},
        {**NEW, "scopes": ["'; DROP TABLE account"]},
        {**NEW, "is_demo": True},
        {**NEW, "subject": "issuer li"},
        {"kind": "disable", "account": "1"},
        {"kind": "disable", "account": 10**30},
        {"kind": "disable", "account": -1},
        {"kind": "end_session"},
    ],
    ids=str,
)
def test_other_shapes_are_refused(
    clients: Clients, admin: Account, owner: Engine, change: object
) -> None:
    answer = clients(admin).post("/people/changes", json=change)
    assert answer.status_code == 400, answer.text
    with owner.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM account")).scalar_one() == 1


def test_refusals_are_said_in_the_language_of_the_page(clients: Clients, admin: Account) -> None:
    client = clients(admin)
    taken = {**NEW, "login": PROVINCE_ADMIN.login}
    for lang, part in (("zh", "已被使用"), ("en", "is taken")):
        answer = client.post(f"/people/changes?lang={lang}", json=taken)
        assert answer.status_code == 400
        assert part in answer.json["error"]


def test_what_changes_is_written_down_as_it_was_and_is(
    ask: Ask, make: Make, owner: Engine, told: Any
) -> None:
    li = make(f"leader@county:{COUNTY}", "li")
    change = {"name": "Li", "role": "operator", "scopes": [OTHER_COUNTY, TOWNSHIPS["S"]]}
    assert ask(kind="change", account=li.account_id, **change).status_code == 200
    changed = row_of(owner, "li")
    assert (changed.role, changed.scope_slots) == ("operator", [2, 3])
    actor, action, detail = told()[-1]
    assert (actor, action, detail["login"]) == (PROVINCE_ADMIN.login, "account_changed", "li")
    assert detail["role"] == ["leader", "operator"]
    assert "name" not in detail
    assert [len(scopes) for scopes in detail["scopes"]] == [1, 2]


def test_a_change_holds_at_the_next_request(ask: Ask, make: Make, clients: Clients) -> None:
    li = make(f"leader@county:{COUNTY}", "li")
    client = clients(li)
    assert client.get("/revision.json").json["scope"] == f"county-{COUNTY}"
    assert ask(kind="change", account=li.account_id, scopes=[OTHER_COUNTY]).status_code == 200
    # The session worked in a scope that is no longer the account's: it is over.
    assert not is_in(client)
    again = clients(li)
    assert not is_in(again) or again.get("/revision.json").json["scope"] != f"county-{COUNTY}"


def test_disabling_shuts_out_and_enabling_lets_in_again(
    ask: Ask, make: Make, clients: Clients, owner: Engine, told: Any
) -> None:
    li = make(f"leader@county:{COUNTY}", "li")
    client = clients(li)
    assert is_in(client)
    assert ask(kind="disable", account=li.account_id).status_code == 200
    assert not is_in(client)
    assert row_of(owner, "li").disabled_at is not None
    assert ask(kind="enable", account=li.account_id).status_code == 200
    assert row_of(owner, "li").disabled_at is None
    assert not is_in(client), "the old session stays ended"
    assert is_in(clients(li))
    deeds = [action for _actor, action, _detail in told()]
    assert deeds[-2:] == ["account_disabled", "account_enabled"]


def test_a_reset_forgets_the_password_and_ends_sessions(
    ask: Ask, make: Make, clients: Clients, owner: Engine, told: Any
) -> None:
    li = make(f"leader@county:{COUNTY}", "li")
    set_password(owner, li)
    client = clients(li)
    first = ask(kind="reset", account=li.account_id).json["link"]
    second = ask(kind="reset", account=li.account_id).json["link"]
    assert first != second
    assert not is_in(client)
    with owner.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM credential")).scalar_one() == 0
        query = text("SELECT count(*) FROM invitation WHERE used_at IS NULL AND expires_at > now()")
        assert connection.execute(query).scalar_one() == 1, "an earlier link holds no more"
    assert told()[-1][1] == "account_reset"


def test_sessions_end_one_by_one_or_all(
    ask: Ask, make: Make, clients: Clients, owner: Engine, told: Any
) -> None:
    li = make(f"leader@county:{COUNTY}", "li")
    one, other, third = clients(li), clients(li), clients(li)
    with owner.connect() as connection:
        query = text("SELECT min(session_id) FROM session WHERE account_id = :id")
        first = connection.execute(query, {"id": li.account_id}).scalar_one()
    assert ask(kind="end_session", session=first).status_code == 200
    assert [is_in(each) for each in (one, other, third)] == [False, True, True]
    assert ask(kind="end_session", session=first).status_code == 404
    assert ask(kind="end_sessions", account=li.account_id).status_code == 200
    assert open_sessions(owner, li) == 0
    assert not is_in(third)
    one_by_one, all_at_once = told()[-2:]
    assert one_by_one[1] == all_at_once[1] == "session_ended"
    assert one_by_one[2]["login"] == all_at_once[2]["login"] == "li"
    assert all_at_once[2]["sessions"] == 2


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "disable"},
        {"kind": "reset"},
        {"kind": "end_sessions"},
        {"kind": "change", "role": "leader"},
        {"kind": "change", "scopes": [COUNTY]},
    ],
    ids=str,
)
def test_nobody_shuts_oneself_out(
    ask: Ask, admin: Account, owner: Engine, change: dict[str, Any]
) -> None:
    answer = ask(account=admin.account_id, **change)
    assert answer.status_code == 403
    kept = row_of(owner, admin.login)
    assert (kept.role, kept.scope_codes, kept.disabled_at) == ("admin", [PROVINCE], None)


def test_one_may_change_the_own_name(ask: Ask, admin: Account, owner: Engine) -> None:
    named = {"name": "Zhang Wei", "role": "admin", "scopes": [PROVINCE]}
    assert ask(kind="change", account=admin.account_id, **named).status_code == 200
    assert row_of(owner, admin.login).name == "Zhang Wei"


def test_what_is_so_already_is_no_deed(ask: Ask, make: Make, owner: Engine, told: Any) -> None:
    li = make(f"leader@county:{COUNTY}", "li")
    ask(kind="disable", account=li.account_id)
    before, shut_at = told(), row_of(owner, "li").disabled_at
    for change in ({}, {"name": f" {li.name} "}, {"role": "leader", "scopes": [COUNTY]}):
        assert ask(kind="change", account=li.account_id, **change).status_code == 200
    assert ask(kind="disable", account=li.account_id).status_code == 200
    assert (told(), row_of(owner, "li").disabled_at) == (before, shut_at)


def test_outside_the_scope_and_nowhere_are_the_same(
    ask: Ask, make: Make, county_admin: Account, clients: Clients, owner: Engine
) -> None:
    foreign = make(f"leader@county:{OTHER_COUNTY}", "foreign")
    wide = make(f"leader@county:{COUNTY},county:{OTHER_COUNTY}", "wide")
    above = make(f"admin@province:{PROVINCE}", "above")
    clients(foreign)
    with owner.connect() as connection:
        query = text("SELECT max(session_id) FROM session WHERE account_id = :id")
        session = connection.execute(query, {"id": foreign.account_id}).scalar_one()
    for kind in ("disable", "enable", "reset", "end_sessions"):
        nowhere = without_request(ask(county_admin, kind=kind, account=999_999))
        assert nowhere[0] == 404
        for account in (foreign, wide, above):
            answer = ask(county_admin, kind=kind, account=account.account_id)
            assert without_request(answer) == nowhere
    nowhere = without_request(ask(county_admin, kind="end_session", session=999_999))
    assert nowhere[0] == 404
    assert without_request(ask(county_admin, kind="end_session", session=session)) == nowhere
    nowhere = without_request(ask(county_admin, **{**NEW, "scopes": ["990188"]}))
    assert nowhere[0] == 404
    for code in (OTHER_COUNTY, PROVINCE, "990100"):
        answer = ask(county_admin, **{**NEW, "scopes": [COUNTY, code]})
        assert without_request(answer) == nowhere
    assert row_of(owner, "li.na") is None
    assert open_sessions(owner, foreign) == 1


def test_an_admin_cannot_be_made_to_reach_further(
    ask: Ask, make: Make, county_admin: Account, owner: Engine
) -> None:
    li = make(f"leader@township:{TOWNSHIPS['N']}", "li")
    answer = ask(county_admin, kind="change", account=li.account_id, scopes=[OTHER_COUNTY])
    assert answer.status_code == 404
    assert ask(county_admin, kind="change", account=li.account_id, scopes=[COUNTY]).json["account"]
    assert row_of(owner, "li").scope_slots == [2], "the slot is the area's own, not a wish"


def test_the_database_refuses_it_too(
    people_engine: Engine, make: Make, owner: Engine, county_admin: Account
) -> None:
    li, foreign = make(f"leader@county:{COUNTY}", "li"), make(f"leader@county:{OTHER_COUNTY}", "x")
    by = By(COUNTY_ADMIN.login, "admin", COUNTY)
    beyond = [Scope(2, OTHER_COUNTY)]
    with pytest.raises(NotFoundError), writing(people_engine, COUNTY_ADMIN) as connection:
        add_account(connection, "y", "Y", "leader", beyond, by)
    with pytest.raises(NotFoundError), writing(people_engine, COUNTY_ADMIN) as connection:
        change_account(connection, li, by, scopes=beyond)
    with pytest.raises(NotFoundError), writing(people_engine, COUNTY_ADMIN) as connection:
        read_account(connection, "x")
    with pytest.raises(NotFoundError), writing(people_engine, COUNTY_ADMIN) as connection:
        disable(connection, foreign, by)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_the_doors_are_for_admins(make: Make, clients: Clients, role: str) -> None:
    client = clients(make(f"{role}@province:{PROVINCE}", "li"))
    for door in ("/people/news.json", "/people/areas.json?q=9901", "/people/log.csv"):
        assert client.get(door).status_code == 403
    assert client.post("/people/changes", json=NEW).status_code == 403
    assert client.get("/people", headers={"Accept": "text/html"}).status_code == 404
    assert client.get("/people/log", headers={"Accept": "text/html"}).status_code == 404


def test_areas_are_offered_by_name(clients: Clients, county_admin: Account) -> None:
    client = clients(county_admin)
    found = client.get("/people/areas.json?q=Nan&lang=en").json["areas"]
    expected = {"code": COUNTY, "name": "Nan County", "path": "", "level": "county"}
    assert found == [expected]
    foreign = client.get(f"/people/areas.json?q={OTHER_COUNTY}")
    assert foreign.data == client.get("/people/areas.json?q=990188").data
    assert client.get("/people/areas.json").json == {"areas": []}


def test_accounts_of_others_are_only_shut_out(ask: Ask, make: Make, owner: Engine) -> None:
    vouched, ready = make(f"leader@county:{COUNTY}", "li"), make(f"leader@county:{COUNTY}", "demo")
    with owner.begin() as connection:
        connection.execute(text("UPDATE account SET subject = 'issuer li' WHERE login = 'li'"))
        connection.execute(text("UPDATE account SET is_demo = true WHERE login = 'demo'"))
    for account in (vouched, ready):
        assert ask(kind="change", account=account.account_id, role="admin").status_code == 403
        assert ask(kind="reset", account=account.account_id).status_code == 403
        assert ask(kind="disable", account=account.account_id).status_code == 200
        assert row_of(owner, account.login).disabled_at is not None
