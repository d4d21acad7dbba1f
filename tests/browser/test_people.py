"""The admin's page as an admin meets it: from a new account to what the log says of it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import text

from geo.settings import DatabaseSettings
from tests.areas import COUNTY, PROVINCE
from tests.browser.conftest import WAIT_MS, Visitor, let_in, new_key, served
from tests.browser.holding import Held
from tests.browser.looking import once, until
from tests.dashboard.visitors import make_account, make_session
from tests.dashboard.world import drawn_province
from tests.databases import opened

pytestmark = pytest.mark.browser

MANY = 120
CALLBACKS = "**/_dash-update-component*"
LOOK_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"
SIZES = [
    (1366, 768, "zh", "dark"),
    (1920, 1080, "en", "light"),
    (3840, 2160, "zh", "dark"),
    (820, 1180, "en", "light"),
    (390, 844, "zh", "light"),
]
"""Width, height, language and theme."""
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

Admin = Callable[..., Visitor]


@pytest.fixture(scope="module")
def people_world(server: str, template: str) -> Iterator[DatabaseSettings]:
    """The drawn areas with many accounts, in a database of their own."""
    with drawn_province(server, template) as settings:
        with opened(settings, "admin") as engine, engine.begin() as connection:
            statement = text(
                "INSERT INTO account (login, name, role, scope_slots, scope_codes)"
                " SELECT 'person' || n, '人' || n, 'leader', '{2}', ARRAY[:code]"
                " FROM generate_series(1, :most) AS n"
            )
            connection.execute(statement, {"code": COUNTY, "most": MANY})
        yield settings


@pytest.fixture(scope="module")
def people_site(
    people_world: DatabaseSettings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The application over it."""
    folder = tmp_path_factory.mktemp("people")
    with served(people_world, folder, GRIDBOARD_LOAD_WORKER="false") as address:
        yield address


@pytest.fixture
def admin(browser: Browser, people_world: DatabaseSettings, people_site: str) -> Iterator[Admin]:
    """Open the page as an admin; in the end nothing may have gone wrong in it."""
    context = browser.new_context(accept_downloads=True)
    context.add_init_script(WATCH)
    visitors: list[Visitor] = []

    def new(width: int = 1366, height: int = 768, viewer: str = f"province:{PROVINCE}") -> Visitor:
        let_in(context, people_site, new_key(people_world, f"admin@{viewer}"))
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        visitors.append(Visitor.watching(page, people_site))
        return visitors[-1]

    yield new
    for visitor in visitors:
        outside = [url for url in visitor.requests if not url.startswith((people_site, "data:"))]
        violations = visitor.page.evaluate("window.violations ?? []")
        assert (outside, violations, visitor.errors) == ([], [], [])
    context.close()


def show(visitor: Visitor, address: str, selector: str) -> Page:
    """Open an address of the page and wait for a part of it."""
    visitor.page.goto(visitor.site + address)
    visitor.page.wait_for_selector(selector, timeout=WAIT_MS)
    visitor.page.wait_for_selector("#people-side .choices", state="attached", timeout=WAIT_MS)
    return visitor.page


def test_the_walk_of_a_new_account(admin: Admin, shots: Path) -> None:
    visitor = admin()
    page = show(visitor, "/people", ".people-table")
    page.click('#people-side a:has-text("新增账号")')
    page.wait_for_selector("#people-new")
    submit = page.locator("#people-new .primary")
    page.wait_for_selector("#people-new .primary:disabled")

    # The scope is found by name, by keyboard alone.
    page.fill("#people-new-login", "Li.Na")
    page.fill("#people-new-name", "Li Na")
    page.fill("#people-new-find", "东")
    page.wait_for_selector('#people-new-found [aria-selected="true"] b:has-text("东县")')
    page.keyboard.press("Enter")
    page.wait_for_selector('.scopes b:has-text("东县")')
    page.screenshot(path=shots / "people-new.png")
    submit.click()

    # The link is shown once, and nowhere in what the server draws.
    page.wait_for_selector("#people-link input", timeout=WAIT_MS)
    link = page.input_value("#people-link input")
    assert re.fullmatch(rf"{re.escape(visitor.site)}/welcome#[\w-]{{40,}}", link)
    page.wait_for_selector('.account-state.invited:has-text("待启用")')
    page.screenshot(path=shots / "people-link.png")
    assert not any(link.partition("#")[2] in url for url in visitor.requests)
    page.click("#people-link .primary")
    page.wait_for_selector('#people-link .primary:has-text("已复制")')
    address = page.url
    page.reload()
    page.wait_for_selector(".account-form")
    assert page.locator("#people-link").count() == 0

    # What is typed outlives a drawing anew, and is saved.
    name = page.locator(".account-form input").first
    name.fill("Li Nana")
    with page.expect_response(CALLBACKS):
        page.evaluate("window.dispatchEvent(new CustomEvent('gridboard:retry'))")
    page.wait_for_timeout(300)
    assert name.input_value() == "Li Nana"
    page.click(".account-form .primary")
    page.wait_for_selector(".account-form .saved", timeout=WAIT_MS)
    page.wait_for_selector('#people-head:has-text("Li Nana")')

    # An account is shut out only after a question.
    page.click("#people-disable")
    assert "立即结束" in page.inner_text("dialog[open]")
    page.screenshot(path=shots / "people-question.png")
    page.keyboard.press("Escape")
    page.click("#people-disable")
    page.click("dialog[open] .danger")
    page.wait_for_selector("#people-enable", timeout=WAIT_MS)
    page.click("#people-enable")
    page.wait_for_selector("#people-disable", timeout=WAIT_MS)
    assert page.url == address

    # All of it stands in the log.
    page.click('#people-side a:has-text("审计日志")')
    page.click('#people-side a:has-text("账号变更")')
    page.wait_for_selector(".log-table")
    until(page, "location.search === '?kind=accounts'")
    for deed in ("新增账号", "变更账号", "停用账号", "启用账号"):
        once(page, lambda deed=deed: f"{deed}\t账号 li.na" in page.inner_text(".log-table"))
    page.screenshot(path=shots / "people-log.png")
    with page.expect_download() as download:
        page.click('a[href^="/people/log.csv"]')
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        assert {row["action"] for row in csv.DictReader(file)} >= {"account_added"}


def test_accounts_are_found_while_typing(admin: Admin) -> None:
    page = show(admin(), "/people?page=2", ".people-table")
    page.fill("#query-q", "person77")
    until(page, "document.querySelectorAll('.people-table tbody tr').length === 1")
    until(page, "location.pathname + location.search === '/people?q=person77'")
    until(page, "document.activeElement.id === 'query-q'")
    page.fill("#query-q", "nobody at all")
    page.wait_for_selector('.people-empty:has-text("没有符合条件的账号")')
    page.click('.people-empty a:has-text("显示全部账号")')
    page.wait_for_selector(".people-pages")
    until(page, "document.querySelector('#query-q').value === ''")
    page.click('.people-pages a[aria-label="下一页"]')
    page.wait_for_selector('.people-pages:has-text("51 –")')
    assert page.evaluate("location.search") == "?page=2"
    page.click(".people-table tbody tr >> nth=3")
    page.wait_for_selector(".account-form")
    page.click('#people-head a:has-text("全部账号")')
    until(page, "location.search === '?page=2'")


def test_an_ended_session_is_over_at_once(
    admin: Admin, browser: Browser, people_world: DatabaseSettings, people_site: str
) -> None:
    account = make_account(people_world, f"leader@county:{COUNTY}", "wang.fang")
    with opened(people_world, "app") as engine:
        token = make_session(engine, account)
    page = show(admin(), f"/people?account={account.account_id}", ".account-form")
    other = browser.new_context()
    let_in(other, people_site, token)
    assert other.request.get(f"{people_site}/revision.json").status == 200
    page.click('.desk-table .action:has-text("结束")')
    page.wait_for_selector('td.end:has-text("已结束"), td.end:has-text("由")', timeout=WAIT_MS)
    assert other.request.get(f"{people_site}/revision.json").status == 401
    other.close()


def test_a_taken_login_is_said_and_nothing_typed_is_lost(admin: Admin) -> None:
    visitor = admin()
    page = show(visitor, "/people?new=1&lang=en", "#people-new")
    page.fill("#people-new-login", "person7")
    page.fill("#people-new-name", "Seven")
    page.fill("#people-new-find", "Nan")
    page.click("#people-new-found li")
    page.click("#people-new .primary")
    page.wait_for_selector('.problem:has-text("person7 is taken")', timeout=WAIT_MS)
    assert page.input_value("#people-new-name") == "Seven"
    # The refused request is what the browser writes down.
    once(page, lambda: visitor.errors)
    visitor.errors.clear()


def test_when_the_server_is_away_the_page_keeps_what_it_shows(admin: Admin) -> None:
    visitor = admin()
    page = show(visitor, "/people", ".people-table")
    page.route("**/people/news.json", lambda route: route.abort())
    page.evaluate("window.dispatchEvent(new CustomEvent('gridboard:retry'))")
    page.wait_for_selector('.desk-away:has-text("服务器没有响应")', timeout=WAIT_MS)
    assert page.locator(".people-table tbody tr").count() == 50
    page.unroute("**/people/news.json")
    page.click(".desk-away [data-retry]")
    until(page, "!document.querySelector('.desk-away')")
    visitor.errors.clear()


@pytest.mark.parametrize(("width", "height", "lang", "theme"), SIZES, ids=str)
def test_the_page_fits_every_size(
    admin: Admin, shots: Path, width: int, height: int, lang: str, theme: str
) -> None:
    visitor = admin(width, height)
    views = {
        "list": ("/people", ".people-table"),
        "new": ("/people?new=1", "#people-new"),
        "account": ("/people?account=3", "#people-account-3"),
        "log": ("/people/log", ".people-work > * > .people-box > .log-table"),
        "empty": ("/people?q=nobody", ".people-empty"),
    }
    page = show(visitor, f"/people?lang={lang}&theme={theme}", ".people-table")
    for view, (address, part) in views.items():
        mark = "&" if "?" in address else "?"
        page.evaluate("to => gridboard.go(to)", f"{address}{mark}lang={lang}&theme={theme}")
        page.wait_for_selector(part, timeout=WAIT_MS)
        page.screenshot(path=shots / f"people-{view}-{lang}-{theme}-{width}x{height}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        for each in ("#people-pages", "#people-side", "#people-head", part):
            box = page.locator(each).first.bounding_box()
            assert box, (view, each)
            assert box["x"] >= 0, (view, each)
            assert box["x"] + box["width"] <= width + 1, (view, each)
        if lang == "en":
            # But for the names of people and areas, which are their own.
            body = re.sub(r"人\d+", "", page.inner_text("body"))
            assert set(re.findall(r"[一-鿿]+", body)) <= {"中文"}, view


def test_days_of_the_log_are_typed_as_everywhere(admin: Admin) -> None:
    page = show(admin(), "/people/log?lang=en", "#query-from")
    assert page.get_attribute("#query-from", "placeholder") == "yyyy-mm-dd"
    page.fill("#query-from", "2026/3/1")
    assert page.evaluate("location.search") == "?lang=en", "it waits for the whole day"
    page.keyboard.press("Enter")
    until(page, "location.search === '?lang=en&from=2026-03-01'")
    page.fill("#query-to", "tomorrow")
    page.keyboard.press("Tab")
    page.wait_for_selector("#query-to[aria-invalid=true]")
    assert "to=" not in page.evaluate("location.search")
    page.fill("#query-to", "20260331")
    page.click("h1")
    until(page, "location.search === '?lang=en&from=2026-03-01&to=2026-03-31'")
    until(page, "document.querySelector('#query-to').value === '2026-03-31'")
    page.fill("#query-from", "")
    page.keyboard.press("Enter")
    until(page, "location.search === '?lang=en&to=2026-03-31'")


def test_news_wait_for_what_somebody_is_at(admin: Admin, people_world: DatabaseSettings) -> None:
    page = show(admin(), "/people?account=3", ".account-form")

    def somebody_does_something() -> None:
        make_account(people_world, f"leader@county:{COUNTY}")
        with page.expect_response("**/people/news.json"):
            page.evaluate(LOOK_AGAIN)

    page.click("#people-disable")
    somebody_does_something()
    page.wait_for_timeout(500)
    assert page.locator("dialog[open]").count() == 1
    with page.expect_response(CALLBACKS):
        page.keyboard.press("Escape")
    page.wait_for_selector("dialog[open]", state="detached")
    page.click("#people-account-3-name")
    page.keyboard.press("End")
    page.keyboard.type("一")
    somebody_does_something()
    page.wait_for_timeout(500)
    page.keyboard.type("二")
    assert page.input_value("#people-account-3-name") == "人3一二"
    with page.expect_response(CALLBACKS):
        page.locator("#people-account-3-name").blur()
    until(page, "document.querySelector('#people-account-3-name').value === '人3一二'")


def test_what_is_typed_after_saving_is_not_saved_and_not_lost(
    admin: Admin, people_world: DatabaseSettings
) -> None:
    visitor = admin()
    page = show(visitor, "/people?account=4&lang=en", ".account-form")
    name, role = "#people-account-4-name", "#people-account-4-role"
    answer, drawing = Held(page, "**/people/changes*"), Held(page, CALLBACKS)
    page.select_option(role, "planner")
    page.click(".account-form .primary")
    page.wait_for_selector(".account-form .primary:disabled")
    page.fill(name, "Four")
    # Enter takes an area that is found; before that it does not send half a form.
    page.fill("#people-account-4-find", "East")
    page.keyboard.press("Enter")
    answer.let_go()
    page.wait_for_selector(".account-form .primary:not(:disabled)")
    assert page.input_value(name) == "Four"
    # The page does not show yet what was saved: it is not taken back by what is changed next.
    assert page.input_value(role) == "planner"
    with page.expect_request("**/people/changes*") as sent:
        page.click(".account-form .primary")
    assert sent.value.post_data_json == {"kind": "change", "account": 4, "name": "Four"}
    page.wait_for_selector(".account-form .saved")
    drawing.let_go()
    page.wait_for_selector('#people-head:has-text("Four")', timeout=WAIT_MS)
    assert page.input_value(role) == "planner"


def test_whoever_goes_on_is_not_taken_back(admin: Admin) -> None:
    visitor = admin()
    page = show(visitor, "/people?new=1&lang=en", "#people-new")
    page.fill("#people-new-login", "late.one")
    page.fill("#people-new-name", "Late One")
    page.fill("#people-new-find", "Nan")
    page.click("#people-new-found li")
    answer = Held(page, "**/people/changes*")
    page.click("#people-new .primary")
    page.click('#people-head a:has-text("All accounts")')
    page.wait_for_selector(".people-table")
    with page.expect_response("**/people/changes*") as added:
        answer.let_go()
    visitor.settle()
    assert page.evaluate("location.search") == "?lang=en"
    # The link that was made is shown where its account is looked at, whatever was seen before.
    for account in (5, added.value.json()["account"]):
        page.evaluate("to => gridboard.go(to)", f"/people?lang=en&account={account}")
        page.wait_for_selector(f"#people-account-{account}")
    page.wait_for_selector("#people-link input")
    # What is typed into a field that is still drawn goes nowhere, once one has gone on.
    page.click('#people-head a:has-text("All accounts")')
    page.wait_for_selector(".people-table")
    drawing = Held(page, CALLBACKS)
    page.fill("#query-q", "person7")
    page.go_back()
    page.locator("#query-q").blur()
    page.wait_for_timeout(500)
    assert "account=" in page.evaluate("location.search")
    drawing.let_go()
    page.wait_for_selector("#people-link", state="detached")


def test_a_field_shows_what_is_looked_for(admin: Admin) -> None:
    visitor = admin()
    page = show(visitor, "/people/log?lang=en", "#query-actor")
    drawing = Held(page, CALLBACKS)
    page.fill("#query-actor", "person7")
    page.click('#people-side a:has-text("Exports")')
    until(page, "location.search === '?kind=exports&lang=en'")
    drawing.let_go()
    visitor.settle()
    assert page.input_value("#query-actor") == ""
    # An address that was not answered yet holds, too.
    drawing = Held(page, CALLBACKS)
    page.evaluate("gridboard.go('/people/log?lang=en&actor=person8')")
    page.click("#query-actor")
    page.locator("#query-actor").blur()
    assert page.evaluate("location.search") == "?lang=en&actor=person8"
    drawing.let_go()
    visitor.settle()
    assert page.input_value("#query-actor") == "person8"


def test_an_answer_that_was_lost_is_asked_for_again(admin: Admin) -> None:
    visitor = admin()
    page = show(visitor, "/people", ".people-table")
    page.route(CALLBACKS, lambda route: route.abort(), times=2)
    page.click(".people-table tbody a >> nth=0")
    page.wait_for_selector(".account-form", timeout=WAIT_MS)
    visitor.settle()
    visitor.errors.clear()


def test_an_answer_takes_nothing_back_that_was_typed_since(admin: Admin) -> None:
    visitor = admin()
    page = show(visitor, "/people/log?lang=en", "#query-from")
    held = Held(page, CALLBACKS)
    page.fill("#query-from", "2026-03-01")
    page.keyboard.press("Enter")
    until(page, "location.search === '?lang=en&from=2026-03-01'")
    held.wait()
    page.fill("#query-from", "")
    page.keyboard.press("Enter")
    until(page, "location.search === '?lang=en'")
    page.fill("#query-actor", "person7")
    with page.expect_response(CALLBACKS):
        held.let_go()
    visitor.settle()
    assert page.input_value("#query-from") == ""
    assert page.input_value("#query-actor") == "person7"
    page.keyboard.press("Enter")
    until(page, "location.search === '?lang=en&actor=person7'")


def test_the_menu_of_a_page_that_the_server_writes(admin: Admin) -> None:
    visitor = admin()
    page = visitor.page
    page.goto(f"{visitor.site}/campaigns?lang=en")
    panel = page.locator("#menu-who-panel")
    panel.wait_for(state="hidden")
    for leave in ("Escape", "outside", "keyboard"):
        page.click("#menu-who")
        panel.wait_for(state="visible")
        if leave == "Escape":
            page.keyboard.press("Escape")
            until(page, "document.activeElement.id === 'menu-who'")
        elif leave == "outside":
            page.click("h1")
        else:
            for _ in range(3):
                page.keyboard.press("Tab")
        until(page, "!document.querySelector('details.menu').open")
        panel.wait_for(state="hidden")
    page.click("#menu-who")
    page.click("#menu-who-panel button:has-text('Log out')")
    page.wait_for_url("**/log-in**")


def test_every_control_has_a_name_and_the_keyboard_reaches_it(admin: Admin) -> None:
    visitor = admin()
    for address, part in (("/people?account=3", ".account-form"), ("/people/log", ".log-table")):
        page = show(visitor, address, part)
        nameless = page.eval_on_selector_all(
            "a[href], button, input:not([aria-hidden]), select",
            "all => all.filter((e) => !(e.ariaLabel || e.textContent.trim()"
            " || e.labels?.length)).map((e) => e.outerHTML)",
        )
        assert nameless == []
    page = show(visitor, "/people", ".people-table")
    seen: set[str] = set()
    for _ in range(34):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.closest('[id]')?.id"))
    assert {"people-pages", "people-side", "query-q", "people-work"} <= seen
