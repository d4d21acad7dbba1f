"""The map itself: classes, surface, hover, camera, and what the numbers say."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.areas import CITY, COUNTY, PROVINCE, SPECIAL
from tests.browser.conftest import Visit
from tests.browser.looking import (
    find_on_map,
    once,
    photograph_map,
    total,
    until,
    wait_for_other_map,
    wait_for_total,
)
from tests.dashboard.world import load_cases, make_cases

pytestmark = pytest.mark.browser

_NOTE_STEPS = """
window.steps = [];
new MutationObserver(() => {
  const step = document.querySelector(".play-now b").textContent;
  if (step !== window.steps.at(-1)) window.steps.push(step);
}).observe(document.querySelector(".play-now"),
  { subtree: true, characterData: true, childList: true });
"""
"""What a playback shows, however soon it goes on."""


def test_another_metric_is_painted_without_a_request_for_numbers(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{PROVINCE}?layer=cell&period=all")
    before = photograph_map(page)
    visitor.forget()
    page.click(".control >> text=人均")
    until(
        page,
        "document.querySelector('.legend-title').textContent === '人均'"
        " && document.querySelector('.legend-rows .hatch')",
    )
    wait_for_other_map(page, before)
    assert visitor.asked("/values/") == visitor.asked("/tiles/") == visitor.asked("/index/") == []
    # The special area has no population: its rate is unknown, not zero.
    assert "人口未知" in page.inner_text(".legend-rows")


def test_a_surface_has_a_radius_a_unit_and_a_count(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all&view=heat")
    legend = page.inner_text(".legend")
    assert "件/km²" in legend
    assert "5,000 米" in legend
    assert f"已定位 {total(page):,} 件" in legend
    assert "事件定位：全部精确到点。" in legend
    assert visitor.asked("/heat/")
    page.click(".control >> text=分区")
    page.wait_for_selector(".legend-rows")


def test_the_surface_follows_the_bandwidth_and_the_address_follows_when_it_rests(
    visit: Visit,
) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all&view=heat&lang=en")
    before = photograph_map(page)
    visitor.forget()
    slider = page.locator(".radius-slider")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    until(page, "document.querySelector('.radius-value').textContent === '2,000 m'")
    assert slider.get_attribute("aria-valuetext") == "2,000 m"
    until(page, "location.search.includes('radius=2000')")
    wait_for_other_map(page, before)
    once(page, lambda: visitor.asked("radius=2000"))
    # Nothing but surfaces was asked for, each once; the last one is that of the address.
    addresses = visitor.asked("/heat/")
    assert "radius=2000" in addresses[-1]
    assert len(set(addresses)) == len(addresses)
    assert visitor.asked("/values/") == visitor.asked("/index/") == []
    page.click(".radius >> text=Back to 5,000 m")
    until(page, "!location.search.includes('radius')")
    until(page, "document.querySelector('.radius-value').textContent === '5,000 m'")


def test_a_period_is_played_under_classes_that_stay(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?from=2023-11-01&to=2024-01-31&lang=en")
    visitor.forget()
    page.click("[data-play-toggle]")
    page.wait_for_selector("[data-play=ready]")
    until(page, "location.search.includes('play=week')")
    page.click(".play-step >> text=by month")
    until(page, "document.querySelector('.play-now')?.textContent.startsWith('November 2023')")
    classes = page.locator(".legend-range").all_inner_texts()
    assert "Classes are the same for all steps." in page.inner_text(".legend")
    page.locator(".play-track input").focus()
    page.keyboard.press("End")
    until(page, "document.querySelector('.play-now').textContent.startsWith('January 2024')")
    until(page, "document.querySelector('.legend').textContent.includes('January 2024')")
    assert page.locator(".legend-range").all_inner_texts() == classes
    # From the last step it begins anew, and stops at the end by itself.
    page.evaluate(_NOTE_STEPS)
    page.click("button[aria-label='Play']")
    until(page, "window.steps.length >= 3")
    page.wait_for_selector("button[aria-label='Play']")
    assert page.evaluate("window.steps") == ["November 2023", "December 2023", "January 2024"]
    # All steps of a length came in one answer, and nothing else was asked for.
    assert len(visitor.asked("/frames/")) == 2
    assert visitor.asked("/values/") == []
    shown = page.inner_text(".play-now")
    page.click(".play >> text=Choose this period")
    until(page, "location.search.includes('from=2024-01-01') && !document.querySelector('.play')")
    once(page, lambda: f"{total(page):,} incidents" in shown)


def test_the_card_gives_name_value_and_denominator(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all&lang=en")
    find_on_map(page, "Nan County")
    card = page.inner_text(".card")
    assert f"county {COUNTY}" in card
    assert "incidents" in card
    assert "÷ 4,800 people" in card
    assert "km²" in card
    row = page.locator("#ranking tr", has_text="Nan County").locator("td").nth(2).inner_text()
    assert row in card


def test_a_row_under_the_pointer_is_marked_on_the_map(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all")
    canvas = page.locator(".map-canvas")
    before = canvas.screenshot()
    page.hover("#ranking tbody tr >> nth=1")
    once(page, lambda: canvas.screenshot() != before)


def test_moving_the_map_is_kept_in_the_address(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all")
    page.click("[aria-label=放大]")
    until(page, "location.search.includes('at=')")
    address, scale = page.url, page.inner_text(".maplibregl-ctrl-scale")
    page.click(".control >> text=密度")
    until(page, "location.search.includes('metric=density')")
    assert "at=" in page.url
    page.goto(address)
    visitor.ready()
    once(page, lambda: page.inner_text(".maplibregl-ctrl-scale") == scale)
    page.click("[aria-label=全域视图]")
    until(page, "!location.search.includes('at=')")


def test_new_data_changes_the_figures_and_nothing_else(visit: Visit, living_loader: Engine) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{SPECIAL}?period=all")
    page.click("[aria-label=放大]")
    until(page, "location.search.includes('at=')")
    address, before = page.url, total(page)
    # Other tests count elsewhere.
    more = [case for case in make_cases(1100)[900:] if case.place == "special"]
    assert more
    load_cases(living_loader, more)
    visitor.forget()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_for_total(page, before + len(more))
    once(page, lambda: visitor.asked("/values/"))
    visitor.ready()
    assert page.url == address
    assert visitor.asked("/index/") == []


def test_no_request_repeats_while_nothing_changes(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}")
    page.wait_for_selector(".js-plotly-plot")
    visitor.settle()
    visitor.forget()
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    once(page, lambda: visitor.requests)
    page.wait_for_timeout(800)
    assert [url.split("?")[0] for url in visitor.requests] == [f"{visitor.site}/revision.json"]


NUMBERS = {
    "m.classOf(NaN, [2, 5])": -1,
    "m.classOf(0, [2, 5])": 0,
    "m.classOf(1, [2, 5])": 1,
    "m.classOf(2, [2, 5])": 2,
    "m.classOf(9, [2, 5])": 3,
    "m.classOf(7, [])": 1,
    "m.measure('rate', 3, 1500, 1)": 2,
    "m.measure('density', 3, 0, 2)": 1.5,
    "Number.isNaN(m.measure('rate', 3, NaN, 2))": True,
    "Number.isNaN(m.measure('count', m.NO_DATA, 1, 1))": True,
    "[1, 2, 3].map((k) => m.rampStep(k, 3, 7)).join()": "1,4,7",
    "[-1, 0, 1].map((k) => m.rampStep(k, 1, 7)).join()": "-1,0,4",
    "m.positionOf(Uint32Array.of(3, 8, 9), 8)": 1,
    "m.positionOf(Uint32Array.of(3, 8, 9), 4)": -1,
}


@pytest.mark.errors_expected
def test_numbers(visit: Visit) -> None:
    visitor = visit()
    visitor.page.goto(f"{visitor.site}/assets/tokens.css")
    found = {
        expression: visitor.page.evaluate(
            f"import('/assets/gridmap/numbers.js').then((m) => {expression})"
        )
        for expression in NUMBERS
    }
    assert found == NUMBERS
