"""Going down and up: by map, by ranking, by search, by keyboard; and the address with it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.areas import CITY, COUNTY, PROVINCE, TOWNSHIPS
from tests.browser.conftest import Visit
from tests.browser.looking import (
    find_on_map,
    once,
    place,
    total,
    until,
    wait_for_place,
    wait_for_total,
)
from tests.dashboard.world import Cases, count_cases

pytestmark = pytest.mark.browser


def test_one_click_a_level_down_to_a_cell_and_back(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go("/map/?period=all")
    assert place(page) == "试省"
    for name, code in [("甲市", CITY), ("南县", COUNTY), ("S镇", TOWNSHIPS["S"])]:
        page.mouse.click(*find_on_map(page, name))
        wait_for_place(page, name)
        assert page.url == f"{visitor.site}/map/{code}?period=all"
    page.click("#ranking tbody a >> nth=0")
    until(page, "/00000[12]$/.test(location.pathname)")
    visitor.ready()
    assert page.get_attribute("#map", "data-map-slot") == "5"
    page.go_back()
    wait_for_place(page, "S镇")
    page.click("#breadcrumb .button")
    wait_for_place(page, "南县")


def test_a_click_outside_the_focus_goes_to_where_the_ways_part(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{COUNTY}?period=all")
    page.click("[aria-label=缩小]")
    until(page, "location.search.includes('at=')")
    page.mouse.click(*find_on_map(page, "E镇"))
    wait_for_place(page, "东县")


def test_a_deep_link_and_a_reload_show_the_same(visit: Visit, cases: Cases) -> None:
    address = f"/map/{CITY}?metric=density&layer=cell&period=all&category=family,land&sort=name"
    visitor = visit()
    page = visitor.go(address)

    def said() -> tuple[str, ...]:
        return tuple(page.inner_text(part) for part in ("#kpi", "#ranking", ".legend"))

    first = said()
    page.reload()
    visitor.ready()
    once(page, lambda: said() == first)
    assert page.url == visitor.site + address
    assert page.inner_text("#menu-category .menu-value") == "2"
    assert page.get_attribute("#map", "data-map-slot") == "5"


def test_all_cells_of_the_province_are_one_click_away(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{PROVINCE}?period=all")
    page.click(".control >> text=网格")
    page.wait_for_selector('[data-map-slot="5"][data-map-state="ready"]')
    page.wait_for_selector('[data-map-areas="9"][data-map-idle="true"]')
    assert "layer=cell" in page.url
    page.mouse.click(*find_on_map(page, "网格S1"))
    wait_for_place(page, "甲市")
    page.wait_for_selector('#map[data-map-slot="5"]')


def test_search_by_keyboard(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{PROVINCE}?metric=rate")
    page.focus("#search")
    page.keyboard.type("县")
    page.wait_for_selector("#search-list [role=option]")
    page.wait_for_selector("#search[aria-expanded=true]")
    names = page.locator("#search-list b").all_inner_texts()
    assert sorted(names) == ["东县", "南县"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_for_place(page, names[1])
    assert page.url.endswith("?metric=rate")


def test_search_by_code_and_without_result(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{PROVINCE}")
    page.fill("#search", COUNTY)
    page.wait_for_selector("#search-list [role=option]")
    until(page, "document.querySelector('#search-list b')?.textContent === '南县'")
    page.fill("#search", "zzzz")
    page.wait_for_selector(".results.none")
    assert page.inner_text(".results.none") == "没有此名称或代码的区域。"


def test_the_ranking_works_by_keyboard_and_keeps_the_focus(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all")
    page.focus("#ranking thead a >> nth=2")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ranking th:nth-child(4)[aria-sort=descending]")
    until(page, "document.activeElement.closest('#ranking th') !== null")
    page.focus("#ranking thead a >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("#ranking th[aria-sort=ascending]")
    until(page, "document.activeElement.closest('#ranking th') !== null")
    page.focus("#ranking tbody a >> nth=0")
    page.keyboard.press("Enter")
    until(page, "!location.pathname.endsWith('990100')")
    visitor.ready()
    until(page, "document.activeElement.closest('#ranking-block') !== null")


def test_filters_count_what_they_say(visit: Visit, cases: Cases) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{COUNTY}?from=2023-06-01&to=2023-12-31")
    page.click("#menu-category")
    for code in ("family", "land"):
        # Two quick choices: the second does not wait for the answer to the first.
        page.click(f'#menu-category-panel [data-toggle="category:{code}"]')
    page.wait_for_url("**category=family,land")
    page.click("#menu-status")
    page.click('#menu-status-panel [data-toggle="status:resolved"]')
    expected = count_cases(
        cases,
        COUNTY,
        date(2023, 6, 1),
        date(2024, 1, 1),
        category=["family", "land"],
        status=["resolved"],
    )
    wait_for_total(page, expected)
    assert total(page) == expected


def test_own_days(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}")
    page.click("#menu-period")
    page.fill("#date-range input[type=text] >> nth=0", "2023-07-01")
    page.fill("#date-range input[type=text] >> nth=1", "2023-07-31")
    page.click("#date-range [type=submit]")
    page.wait_for_url("**from=2023-07-01&to=2023-07-31")
    until(page, "document.querySelector('#kpi').textContent.includes('2023-07-01 – 2023-07-31')")


def test_paging_keeps_the_classes_until_asked(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{PROVINCE}?from=2023-06-01&to=2023-06-30&layer=cell")
    before = page.locator(".legend-range").all_inner_texts()
    page.click("#filters .button >> nth=0")
    page.wait_for_url("**from=2023-05-01**")
    page.wait_for_selector(".legend .action")
    assert page.locator(".legend-range").all_inner_texts() == before
    page.click(".legend .action")
    page.wait_for_selector(".legend .action", state="detached")
    assert "scale_from" not in page.url
