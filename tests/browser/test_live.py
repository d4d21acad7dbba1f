"""The page hears of changes over its stream, and does without when there is none."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route
from sqlalchemy import Engine

from tests.areas import CITY, COUNTY
from tests.browser.conftest import Visit, Visitor
from tests.browser.looking import once, total, until
from tests.dashboard.world import Cases, load_cases, make_cases

pytestmark = pytest.mark.browser

ADDRESS = f"/map/{CITY}?period=all&lang=en"
CHANGED = 'event: session\ndata: {"state":"changed"}\n\n'
HIDE = """
(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}
"""


def one_more(loader: Engine, number: int) -> None:
    """A load of one incident of the city."""
    found = next(case for case in make_cases(900) if COUNTY in case.codes)
    load_cases(loader, Cases([type(found)(**{**vars(found), "number": number})]))


def listening(visitor: Visitor) -> Page:
    """The page, once its stream is open and nothing is under way."""
    with visitor.page.expect_request("**/live"):
        page = visitor.go(ADDRESS)
    visitor.settle()
    visitor.forget()
    return page


def test_a_load_is_shown_at_once_and_nobody_asks_by_the_clock(
    visit: Visit, living_loader: Engine
) -> None:
    visitor = visit()
    page = listening(visitor)
    before = total(page)
    one_more(living_loader, 5001)
    until(page, f"document.querySelector('#kpi .kpi-total').textContent.includes('{before + 1}')")
    assert visitor.asked("/revision.json") == []
    assert visitor.asked("/live") == []


def test_news_wait_for_days_that_are_being_typed(visit: Visit, living_loader: Engine) -> None:
    page, other = listening(visit()), listening(visit())
    after = f"document.querySelector('#kpi .kpi-total').textContent.includes('{total(page) + 1}')"
    page.click("#menu-period")
    first = page.locator(".range input[type=text]").first
    first.fill("")
    page.keyboard.type("2026-0")
    one_more(living_loader, 5007)
    until(other, after)
    page.wait_for_timeout(1500)
    page.keyboard.type("1-01")
    assert first.input_value() == "2026-01-01"
    first.blur()
    until(page, after)


def test_a_hidden_page_hears_nothing_and_catches_up(visit: Visit, living_loader: Engine) -> None:
    visitor = visit()
    page = listening(visitor)
    before = total(page)
    page.evaluate(HIDE, True)
    one_more(living_loader, 5002)
    page.wait_for_timeout(1500)
    assert total(page) == before
    page.evaluate(HIDE, False)
    until(page, f"document.querySelector('#kpi .kpi-total').textContent.includes('{before + 1}')")
    once(page, lambda: visitor.asked("/live"))


@pytest.mark.errors_expected
def test_without_a_stream_the_page_asks(visit: Visit, living_loader: Engine) -> None:
    visitor = visit()
    page = visitor.page
    page.route("**/live", lambda route: route.fulfill(status=503, body="{}"))
    with page.expect_response("**/revision.json"):
        visitor.go(ADDRESS)
    before = total(page)
    page.wait_for_selector(".freshness.fresh")
    one_more(living_loader, 5003)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(page, f"document.querySelector('#kpi .kpi-total').textContent.includes('{before + 1}')")


def test_what_the_stream_says_of_the_session_is_passed_on(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    held: list[Route] = []
    page.route("**/live", lambda route: held.append(route))
    visitor.go(ADDRESS)
    page.wait_for_selector("[data-session-words]", state="attached")
    once(page, lambda: held)
    held[0].fulfill(content_type="text/event-stream", body=CHANGED)
    page.wait_for_selector(".session-bar")
