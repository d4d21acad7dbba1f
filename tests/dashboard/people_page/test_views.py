"""What the admin's page says of accounts, in each of their states, and to whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from dashboard.browsers import browser_name
from dashboard.components.people.log import export_href
from dashboard.components.people.side import side
from dashboard.components.people.words import deed_name
from dashboard.components.people.work import fields, head, work
from dashboard.errors import ForbiddenError
from dashboard.people.account import Account
from dashboard.roster.answers import STATES
from dashboard.roster.deeds import ACTIONS, actions_of
from dashboard.roster.roster import PAGE_ROWS
from dashboard.roster.state import (
    KINDS,
    SORTS,
    PeopleState,
    format_people,
    parse_people,
    readable,
)
from dashboard.text import text_for
from geo.viewer import ROLES, Viewer
from tests.areas import CITY_WITHOUT_COUNTIES, COUNTY, OTHER_COUNTY, PROVINCE, TOWNSHIPS
from tests.dashboard.markup import having, links, walk, words
from tests.dashboard.people_page.conftest import (
    COUNTY_ADMIN,
    PROVINCE_ADMIN,
    Clients,
    Look,
    Make,
    set_password,
)

TEXTS = st.text(max_size=80).map(readable)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
STATES_OF_THE_PAGE = st.builds(
    PeopleState,
    account=st.none() | st.integers(1, 2**62),
    new=st.booleans(),
    q=TEXTS,
    role=st.sampled_from(["", *ROLES]),
    state=st.sampled_from(["", *STATES]),
    sort=st.sampled_from(SORTS),
    page=st.integers(1, 10_000),
    lang=st.sampled_from(["zh", "en"]),
    theme=st.sampled_from(["dark", "light"]),
)
STATES_OF_THE_LOG = st.builds(
    PeopleState,
    log=st.just(value=True),
    kind=st.sampled_from(["", *KINDS]),
    actor=TEXTS,
    since=st.none() | DAYS,
    last=st.none() | DAYS,
    before=st.none() | st.integers(1, 2**62),
)


def said(visit: Any) -> str:
    return words(work(visit))


def names_listed(visit: Any) -> list[str]:
    return [words(cell) for cell in walk(work(visit)) if "person-name" in look_of(cell)]


def look_of(part: Any) -> str:
    return str(getattr(part, "className", "") or "")


@given(STATES_OF_THE_PAGE | STATES_OF_THE_LOG)
def test_the_state_is_all_in_the_address(state: PeopleState) -> None:
    path, _, query = format_people(state).partition("?")
    assert parse_people(path, query) == state


@given(st.text(max_size=300))
def test_any_address_is_read(search: str) -> None:
    parse_people("/people", search)
    parse_people(search, f"?q={search}&account={search}&from={search}&before={search}")


def test_accounts_are_listed_with_scope_role_and_state(
    look: Look, make: Make, owner: Engine, admin: Account
) -> None:
    li = make(f"leader@county:{COUNTY}", "li")
    make(f"operator@city:{CITY_WITHOUT_COUNTIES},township:{TOWNSHIPS['S']}", "wang")
    set_password(owner, li)
    found = said(look())
    assert "Li li Leader Nan County never active" in found
    assert "Wang wang Operator Yi City, S Town never invited" in found
    assert names_listed(look("lang=en&sort=name")) == ["Li", "Province.Admin you", "Wang"]


@pytest.mark.parametrize(
    ("search", "expected"),
    [
        ("q=LI", ["Li"]),
        ("q=nan county", ["Li"]),
        (f"q={TOWNSHIPS['J']}", ["Wang"]),
        ("q=南县", ["Li"]),
        ("role=operator", ["Wang"]),
        ("state=active", ["Li"]),
        ("q=%25", []),
        ("q=_", []),
        ("page=2", []),
    ],
)
def test_accounts_are_found(
    look: Look, make: Make, owner: Engine, search: str, expected: list[str]
) -> None:
    set_password(owner, make(f"leader@county:{COUNTY}", "li"))
    make(f"operator@township:{TOWNSHIPS['J']}", "wang")
    assert names_listed(look(f"lang=en&{search}")) == expected
    if not expected:
        assert "No account matches." in said(look(f"lang=en&{search}"))


def test_many_accounts_come_page_by_page(look: Look, owner: Engine) -> None:
    with owner.begin() as connection:
        statement = text(
            "INSERT INTO account (login, name, role, scope_slots, scope_codes)"
            " SELECT 'a' || lpad(n::text, 3, '0'), 'A' || n, 'leader', '{0}', ARRAY[:code]"
            " FROM generate_series(1, :most) AS n"
        )
        connection.execute(statement, {"code": PROVINCE, "most": PAGE_ROWS + 1})
    first, second = look(), look("lang=en&page=2")
    assert len(names_listed(first)) == PAGE_ROWS
    assert names_listed(second) == [f"A{PAGE_ROWS + 1}"]
    assert "1 – 50 of 51" in said(first)
    assert links(work(first))["▶"] == "/people?page=2&lang=en"


def test_nobody_yet_says_what_to_do(look: Look) -> None:
    found = look()
    assert "There are no accounts in your scope yet." in said(found)
    assert links(work(found))["Add an account"] == "/people?new=1&lang=en"


def test_the_column_counts_what_can_be_chosen(look: Look, make: Make, owner: Engine) -> None:
    set_password(owner, make(f"leader@county:{COUNTY}", "li"))
    make(f"wall@county:{COUNTY}", "screen")
    column = words(side(look("lang=en&role=leader")))
    assert "All 2 active 1 invited 1 disabled 0" in column
    assert "Wall 1 Leader 1 Planner 0" in column
    assert links(side(look("lang=en")))["Audit log"] == "/people/log?lang=en"


@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_the_page_is_for_admins(look: Look, role: str) -> None:
    with pytest.raises(ForbiddenError, match="admin"):
        look(viewer=Viewer(role, 0, PROVINCE, "li"))


def test_an_admin_sees_accounts_that_lie_all_in_scope(look: Look, make: Make) -> None:
    make(f"leader@county:{COUNTY}", "inside")
    both = make(f"leader@county:{COUNTY},county:{OTHER_COUNTY}", "both")
    above = make(f"leader@province:{PROVINCE}", "above")
    make(f"leader@township:{TOWNSHIPS['N']}", "town")
    county = look(viewer=COUNTY_ADMIN)
    assert names_listed(county) == ["Inside", "Town"]
    assert "All 2" in words(side(county))
    assert names_listed(look("lang=en&q=both", COUNTY_ADMIN)) == []
    nowhere = said(look("lang=en&account=999999", COUNTY_ADMIN))
    for foreign in (both, above):
        found = said(look(f"lang=en&account={foreign.account_id}", COUNTY_ADMIN))
        assert found.replace(str(foreign.account_id), "999999") == nowhere


def test_an_account_shows_what_can_be_done_with_it(
    look: Look, make: Make, owner: Engine, clients: Clients
) -> None:
    li = make(f"leader@county:{COUNTY}", "li")
    visit = look(f"lang=en&account={li.account_id}")
    assert words(head(visit)) == "Li li All accounts"
    assert fields(visit) == []
    assert "no one-time link that still holds" in said(visit)
    set_password(owner, li)
    clients(li)
    visit = look(f"lang=en&account={li.account_id}")
    found = said(visit)
    assert "1 open" in found
    assert "Nan County password 127.0.0.1 tests" in found
    (form,) = having(work(visit), id=f"people-account-{li.account_id}")
    assert form.scopes == [
        {"code": COUNTY, "name": "Nan County", "path": "Jia City", "level": "county"}
    ]
    (reset,) = having(work(visit), id="people-reset")
    assert reset.question["title"] == "Reset the password of Li?"
    assert reset.request == {"kind": "reset", "account": li.account_id}


def test_one_own_account_offers_nothing_that_shuts_oneself_out(look: Look, admin: Account) -> None:
    visit = look(f"lang=en&account={admin.account_id}")
    for button in ("people-reset", "people-disable"):
        assert not having(work(visit), id=button)
    (form,) = having(work(visit), id=f"people-account-{admin.account_id}")
    assert "another administrator" in form.fixed


def test_accounts_of_the_identity_provider_and_the_demo_are_only_shut_out(
    look: Look, make: Make, owner: Engine
) -> None:
    vouched, ready = make(f"leader@county:{COUNTY}", "li"), make(f"leader@county:{COUNTY}", "demo")
    with owner.begin() as connection:
        connection.execute(text("UPDATE account SET subject = 'issuer li' WHERE login = 'li'"))
        connection.execute(text("UPDATE account SET is_demo = true WHERE login = 'demo'"))
    for account, way in ((vouched, "identity provider"), (ready, "demo")):
        visit = look(f"lang=en&account={account.account_id}")
        assert f"Logs in with {way}" in said(visit)
        assert having(work(visit), id="people-disable")
        assert not having(work(visit), id="people-reset")
        (form,) = having(work(visit), id=f"people-account-{account.account_id}")
        assert form.nameFixed


def test_names_are_text_whatever_they_hold(look: Look, make: Make, owner: Engine) -> None:
    hostile = '<img src=x onerror="alert(1)">[x](javascript:alert(2))'
    li = make(f"leader@county:{COUNTY}", "li")
    with owner.begin() as connection:
        statement = text("UPDATE account SET name = :name WHERE login = 'li'")
        connection.execute(statement, {"name": hostile})
    assert names_listed(look()) == [hostile]
    assert all("javascript" not in href for href in links(work(look())).values())
    kinds = {getattr(part, "_type", "") for part in walk(work(look(f"account={li.account_id}")))}
    assert "Markdown" not in kinds


def test_places_to_choose_lie_in_scope(look: Look) -> None:
    roster = look(viewer=COUNTY_ADMIN).roster
    assert [place.code for place in roster.find_places("county")] == [COUNTY]
    assert [place.code for place in roster.find_places("9901")] == [
        COUNTY, TOWNSHIPS["S"], TOWNSHIPS["N"],
    ]  # fmt: skip
    assert roster.find_places(OTHER_COUNTY) == roster.find_places("990188") == []
    assert roster.find_places("  ") == roster.find_places("网格") == []
    everything = look(viewer=PROVINCE_ADMIN).roster
    assert [place.name for place in everything.find_places("TEST PROVINCE")] == ["试省"]
    (town,) = everything.find_places(TOWNSHIPS["N"])
    assert (town.above, town.above_en) == (("甲市", "南县"), ("Jia City", "Nan County"))


def test_every_deed_has_a_kind_and_a_name() -> None:
    _ = text_for("en")
    assert sorted(action for kind in KINDS for action in actions_of(kind)) == sorted(ACTIONS)
    assert [action for action in ACTIONS if deed_name(action, text_for("zh")) == action] == []
    assert deed_name("log_in_failed", _) == "log-in refused"


def test_browsers_are_named_shortly() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0"
    phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/1 Safari/6"
    assert browser_name(edge, version=True) == "Edge 131 · Windows"
    assert browser_name(phone, version=True) == "Safari 18 · iPhone"
    assert browser_name("curl/8", version=True) == "curl/8"
    assert browser_name(None, version=True) is None


def test_the_file_of_the_log_holds_what_is_shown() -> None:
    state = parse_people("/people/log", "kind=refused&actor=li&from=2026-01-02&lang=en&before=9")
    assert export_href(state) == "/people/log.csv?kind=refused&actor=li&from=2026-01-02"
