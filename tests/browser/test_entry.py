"""Coming in, staying, being shut out and leaving, as a person at a browser sees it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, text

from dashboard.people.account import Account
from dashboard.people.demo_accounts import ensure_demo_accounts
from dashboard.people.invitations import invite, link
from geo.database import administering
from geo.settings import DatabaseSettings
from tests.areas import CITY, COUNTY, OTHER_COUNTY
from tests.browser.conftest import _WATCH, READY, WAIT_MS, served
from tests.browser.looking import until
from tests.dashboard.visitors import BY, make_account
from tests.databases import opened

pytestmark = pytest.mark.browser

PASSWORD = "four words nobody guesses"  # noqa: S105 - of accounts of the tests
SIZES = [(1366, 768), (3840, 2160), (390, 844)]
Strangers = Callable[..., Page]


@pytest.fixture(scope="module")
def owner(living_world: DatabaseSettings) -> Iterator[Engine]:
    """The administrator's connections."""
    with opened(living_world, "admin") as engine:
        yield engine


@pytest.fixture(scope="module")
def door(
    living_world: DatabaseSettings, owner: Engine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of the application, served as a demo."""
    with administering(owner) as connection:
        ensure_demo_accounts(connection)
    folder = tmp_path_factory.mktemp("door")
    more = {"GRIDBOARD_LOAD_WORKER": "false", "GRIDBOARD_DEMO": "true"}
    with served(living_world, folder, **more) as address:
        yield address


@pytest.fixture
def stranger(browser: Browser, door: str) -> Iterator[Strangers]:
    """Open a page in a browser of its own; in the end no script failed or broke the policy."""
    pages: list[Page] = []
    failures: list[str] = []

    def new(address: str = "/", width: int = 1200, height: int = 700) -> Page:
        context = browser.new_context(
            base_url=door, viewport={"width": width, "height": height}, locale="zh-CN"
        )
        context.add_init_script(_WATCH)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address)
        pages.append(page)
        return page

    yield new
    for page in pages:
        failures += page.evaluate("window.violations ?? []")
        page.context.close()
    assert failures == []


def make_person(living_world: DatabaseSettings, owner: Engine, viewer: str) -> tuple[Account, str]:
    """Make an account; return it with the one-time link of its password."""
    account = make_account(living_world, viewer)
    with administering(owner) as connection:
        return account, link(invite(connection, account, BY))


def drawn(page: Page) -> Page:
    page.wait_for_selector(READY, timeout=WAIT_MS)
    page.wait_for_selector("#kpi .kpi-total", timeout=WAIT_MS)
    return page


def enter_as(page: Page, login: str) -> Page:
    page.click(f'.entry-card[value="{login}"]')
    return drawn(page)


def test_one_click_into_the_demo_and_after_log_out_the_way_back_shows_nothing(
    stranger: Strangers,
) -> None:
    page = stranger(f"/map/{CITY}?lang=en&theme=light&period=all")
    assert "/log-in?next=" in page.url
    assert page.get_attribute("html", "data-theme") == "light"
    enter_as(page, "demo-leader")
    assert page.url.endswith(f"/map/{CITY}?period=all&lang=en&theme=light")
    page.click("#menu-who")
    assert "demo-leader" in page.inner_text(".who-person")
    page.click('.who button:has-text("Log out")')
    page.wait_for_selector(".entry-notice.good")
    page.go_back()
    page.wait_for_url("**/log-in*")
    assert page.locator(".kpi-total").count() == 0


def test_link_log_out_wrong_password_log_in_and_another_area(
    stranger: Strangers, living_world: DatabaseSettings, owner: Engine
) -> None:
    account, address = make_person(
        living_world, owner, f"leader@county:{COUNTY},county:{OTHER_COUNTY}"
    )
    page = stranger(address)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_selector("#password")
    assert "#" not in page.url
    assert account.login in page.inner_text(".entry-whom")
    page.click('form.switches .button:has-text("EN")')
    page.wait_for_selector('html[lang="en"]')
    page.fill("#password", "short")
    page.click(".entry-go")
    page.wait_for_selector('.entry-notice:has-text("fewer than 12")')
    page.fill("#password", PASSWORD)
    page.click(".entry-go")
    drawn(page)
    page.click("#menu-who")
    page.click('.who button:has-text("Log out")')
    page.wait_for_selector(".entry-notice.good")
    page.fill("#login", account.login.upper())
    page.fill("#password", "something else")
    page.click(".entry-go")
    page.wait_for_selector(".entry-notice.bad")
    assert page.input_value("#login") == account.login.upper()
    # The browser moves there once the page is complete, after its words can be found.
    until(page, "document.activeElement.id === 'password'")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    drawn(page)
    assert "lang=en" in page.url
    first = page.inner_text("#breadcrumb [aria-current]")
    page.click("#menu-who")
    page.click(f'.who [name="scope"][value="county-{OTHER_COUNTY}"]')
    page.wait_for_selector("#menu-who", state="detached")
    drawn(page)
    assert page.inner_text("#breadcrumb [aria-current]") != first
    page.click("#menu-who")
    page.click('.who a[href^="/account"]')
    assert OTHER_COUNTY in page.inner_text(".account-area[aria-current]")
    assert not any(address.partition("#")[2] in url for url in asked)
    used = stranger(address)
    used.wait_for_selector(".entry-notice.bad")
    assert "它已被使用" in used.inner_text(".entry-notice")


def shut_out(page: Page, owner: Engine, change: str) -> None:
    """End the sessions that a click began, and do something on the page that asks the server."""
    with owner.begin() as connection:
        connection.execute(
            text(f"UPDATE session SET {change} WHERE ended_at IS NULL AND via = 'demo'")  # noqa: S608
        )
    page.click("#ranking tbody a >> nth=0")
    page.wait_for_selector(".session-bar", timeout=WAIT_MS)


def test_when_a_session_expires_the_picture_stays_and_a_bar_leads_back(
    stranger: Strangers, owner: Engine, shots: Path
) -> None:
    page = stranger(f"/map/{CITY}?period=all")
    enter_as(page, "demo-leader")
    figures = page.inner_text("#kpi")
    shut_out(page, owner, "expires_at = now()")
    page.wait_for_timeout(300)
    page.screenshot(path=shots / "entry-ended.png")
    assert page.inner_text("#kpi") == figures
    here = page.evaluate("location.pathname + location.search")
    page.click(".session-bar a")
    page.wait_for_selector('.entry-notice:has-text("登录已结束")')
    enter_as(page, "demo-leader")
    assert page.evaluate("location.pathname + location.search") == here


def test_after_a_revocation_a_log_in_in_another_tab_wakes_the_page(
    stranger: Strangers, owner: Engine
) -> None:
    page = stranger()
    enter_as(page, "demo-leader")
    shut_out(page, owner, "ended_at = now()")
    other = page.context.new_page()
    other.goto("/log-in")
    with page.expect_navigation(timeout=WAIT_MS):
        other.click('.entry-card[value="demo-leader"]')
        # The session is there with the answer; where the page goes from there is its own affair.
        other.wait_for_url(lambda url: "/log-in" not in url)
        other.close()
        page.bring_to_front()
    page.wait_for_selector("#kpi .kpi-total", timeout=WAIT_MS)
    page.wait_for_selector(".session-bar", state="detached")


def test_the_wait_after_too_many_attempts_is_counted_down(
    stranger: Strangers, owner: Engine
) -> None:
    failed = "INSERT INTO failed_log_in (login_sha256, address) VALUES (:login, '127.0.0.1')"
    login = sha256(b"nobody-at-all").digest()
    with owner.begin() as connection:
        connection.execute(text(failed), [{"login": login}] * 10)
    page = stranger("/log-in")
    page.fill("#login", "nobody-at-all")
    page.fill("#password", "wrong")
    page.click(".entry-go")
    page.wait_for_selector(".entry-go:disabled", timeout=WAIT_MS)
    left = page.inner_text("[data-wait-s] p")
    until(page, f"document.querySelector('[data-wait-s] p').textContent !== {left!r}")


@pytest.mark.parametrize(("width", "height"), SIZES, ids=str)
def test_the_door_fits_every_screen(
    stranger: Strangers, shots: Path, width: int, height: int
) -> None:
    page = stranger("/log-in?lang=en", width, height)
    page.screenshot(path=shots / f"entry-{width}x{height}.png")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for part in ("#login", "#password", ".entry-go", ".entry-card >> nth=10"):
        box = page.locator(part).bounding_box()
        assert box, part
        assert box["x"] >= 0, part
        assert box["x"] + box["width"] <= width, part
    if width > 1100:
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_the_door_is_usable_by_keyboard_and_without_scripts(browser: Browser, door: str) -> None:
    context = browser.new_context(base_url=door, java_script_enabled=False)
    page = context.new_page()
    page.goto("/log-in")
    page.focus("#login")
    page.keyboard.type("nobody")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector(".entry-notice.bad")
    page.focus(".entry-card >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{door}/")
    context.close()
