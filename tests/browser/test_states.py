"""Loading, value, zero, no data, failed and stale: none looks like another."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page

from tests.areas import CITY, COUNTY, PROVINCE, SPECIAL, cell_code
from tests.browser.conftest import Visit
from tests.browser.holding import Held
from tests.browser.looking import place, total, until
from tests.dashboard.world import LAST_DAY, Cases, count_cases

pytestmark = pytest.mark.browser


def state(page: Page) -> str | None:
    return page.get_attribute("#map", "data-map-state")


def test_loading_is_a_skeleton(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    held = Held(page, "**/_dash-update-component*")
    page.goto(f"{visitor.site}/map/{CITY}")
    page.wait_for_selector(".map-skeleton")
    until(page, "document.querySelectorAll('#panel .skeleton').length > 5")
    assert page.locator(".kpi-total").count() == 0
    assert page.locator(".js-plotly-plot:visible").count() == 0
    held.let_go()
    visitor.ready()
    page.wait_for_selector(".map-skeleton", state="detached")


def test_zero_is_a_number(visit: Visit, cases: Cases) -> None:
    cell = cell_code("E1")
    day = next(
        day
        for day in (LAST_DAY - timedelta(days=n) for n in range(60))
        if not count_cases(cases, cell, day, day + timedelta(days=1))
    )
    visitor = visit()
    page = visitor.go(f"/map/{cell}?from={day}&to={day}")
    assert total(page) == 0
    assert "没有符合筛选条件的上报" in page.inner_text("#kpi")
    assert "0 件" in page.inner_text(".notice.zero")
    assert page.locator(".legend .hatch").count() == 0


def test_no_data_is_a_hatch_and_a_reason(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?from=2010-01-01&to=2010-01-31")
    assert "无数据" in page.inner_text("#kpi")
    assert "2023-02-10" in page.inner_text(".kpi-why")
    page.wait_for_selector(".legend .hatch")
    assert page.locator(".legend .hatch").count() == 1
    assert page.inner_text(".notice.empty") == "此期间此处无数据。"
    page.wait_for_selector("#trend-block", state="hidden")
    page.click("#kpi a.action")
    until(page, "/[1-9]/.test(document.querySelector('#kpi .kpi-total').textContent)")


def test_a_surface_of_nothing_has_no_scale_and_tells_zero_from_no_data(
    visit: Visit, cases: Cases
) -> None:
    day = next(
        day
        for day in (LAST_DAY - timedelta(days=n) for n in range(300))
        if not count_cases(cases, PROVINCE, day, day + timedelta(days=1))
    )
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?from=2010-01-01&to=2010-01-31&view=heat")
    page.wait_for_selector(".legend .hatch")
    assert page.locator(".heat-bar").count() == 0
    assert page.locator(".legend .hatch").count() == 1
    page = visitor.go(f"/map/{CITY}?from={day}&to={day}&view=heat")
    until(page, "document.querySelector('.legend').textContent.includes('无事件')")
    assert page.locator(".heat-bar").count() == 0
    assert page.locator(".legend .hatch").count() == 0


def test_spots_without_people_do_not_deny_the_data(visit: Visit) -> None:
    page = visit().go(f"/map/{SPECIAL}?view=hot&period=all")
    assert "此期间此处无数据" not in page.inner_text(".notice.empty")
    assert "人口" in page.inner_text(".notice.empty")


@pytest.mark.errors_expected
def test_a_failed_map_keeps_its_last_picture_and_can_be_tried_again(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all")
    legend = page.inner_text(".legend")
    page.route("**/values/**", lambda route: route.abort())
    page.click("#ranking tbody a >> nth=0")
    page.wait_for_selector('[data-map-state="failed"]')
    notice = page.inner_text(".notice.failed")
    assert "地图未能刷新" in notice
    assert "显示的是" in notice
    assert page.inner_text(".legend") == legend
    page.unroute("**/values/**")
    page.click(".notice.failed [data-retry]")
    visitor.ready()
    page.wait_for_selector(".notice.failed", state="detached")


@pytest.mark.errors_expected
def test_a_map_that_never_came_says_so(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.route("**/values/**", lambda route: route.abort())
    page.goto(f"{visitor.site}/map/{CITY}")
    page.wait_for_selector('[data-map-state="failed"]')
    assert "没有更早的画面可显示" in page.inner_text(".notice.failed")
    page.wait_for_selector(".js-plotly-plot")


@pytest.mark.errors_expected
def test_stale_shows_its_age_and_keeps_what_was_known(visit: Visit) -> None:
    visitor = visit()
    # By the stream it would hear of the server again, however soon.
    visitor.page.route("**/live", lambda route: route.abort())
    page = visitor.go(f"/map/{CITY}?period=all")
    before = total(page)
    page.wait_for_selector(".freshness.fresh")
    page.route("**/revision.json", lambda route: route.abort())
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(".freshness.stale [role=alert]")
    assert "数据陈旧" in page.inner_text(".freshness")
    assert total(page) == before
    until(page, "getComputedStyle(document.querySelector('.panel-body')).opacity < 1")
    page.unroute("**/revision.json")
    page.click(".freshness [data-retry]")
    page.wait_for_selector(".freshness.fresh")


@pytest.mark.errors_expected
def test_a_server_that_is_away_leaves_the_page_as_it_was(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all")
    before = page.inner_text("#kpi")
    page.context.set_offline(True)
    page.click("#ranking tbody a >> nth=0")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.wait_for_selector(".freshness.stale")
    assert page.inner_text("#kpi") == before
    assert place(page) == "甲市"
    page.context.set_offline(False)
    page.click(".freshness [data-retry]")
    until(page, "document.querySelector('#breadcrumb').textContent.includes('县')")


@pytest.mark.errors_expected
def test_a_page_that_missed_answers_catches_up_by_itself(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all")
    away = ("**/_dash-update-component*", "**/revision.json")
    for path in away:
        page.route(path, lambda route: route.fulfill(status=503, body="{}"))
    page.click("#ranking tbody a >> nth=0")
    page.wait_for_selector(".freshness.stale")
    assert place(page) == "甲市"
    for path in away:
        page.unroute(path)
    # The server is heard of again; nobody presses anything.
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(page, "document.querySelector('#breadcrumb').textContent.includes('县')")
    page.wait_for_selector(".freshness.fresh")


@pytest.mark.errors_expected
def test_a_brief_says_when_it_is_not_that_of_its_address_and_catches_up(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"{visitor.site}/brief/{CITY}?from=2026-01-01&to=2026-02-28")
    page.wait_for_selector(".brief-sheet h1")
    until(page, "document.title.startsWith('甲市 · 简报 · ')")
    before = page.title()
    away = ("**/_dash-update-component*", "**/revision.json")
    for path in away:
        page.route(path, lambda route: route.fulfill(status=503, body="{}"))
    page.click(".brief-bar .segments a >> nth=0")
    page.wait_for_selector(".freshness.stale [role=alert]")
    assert page.title() == before
    for path in away:
        page.unroute(path)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    until(page, f"document.title !== {before!r}")
    page.wait_for_selector(".freshness.fresh")


def test_a_rate_without_people_says_so_and_does_not_deny_the_data(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{SPECIAL}?metric=rate")
    assert page.inner_text(".notice.empty") == "无法计算人均：此处没有人口数据。"
    assert page.locator(".legend .hatch").count() == 1


def test_an_unknown_area_shows_home_and_says_so(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go("/map/110000?lang=en")
    assert place(page) == "Test Province"
    until(page, "document.querySelector('#panel-notice').textContent !== ''")
    assert page.inner_text("#panel-notice") == "No area 110000 lies in view."


def test_an_area_without_anything_below_shows_itself(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go("/map/999900?period=all")
    assert state(page) == "ready"
    assert page.get_attribute("#map", "data-map-areas") == "1"
    assert page.locator("#ranking").count() == 0


def test_a_drill_replaces_the_ranking(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{COUNTY}?period=all&lang=en")
    assert sorted(page.locator("#ranking tbody a").all_inner_texts()) == ["N Town", "S Town"]
