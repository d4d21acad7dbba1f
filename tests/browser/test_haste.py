"""A quick user on a slow line: what was asked for last is what is shown."""

from __future__ import annotations

import struct
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page

from tests.areas import CITY, COUNTY, OTHER_COUNTY, PROVINCE
from tests.browser.conftest import READY, WAIT_MS, Visit
from tests.browser.holding import Held
from tests.browser.looking import find_on_map, frames, once, photograph_map, until, wait_for_place

pytestmark = pytest.mark.browser

_HOLD_FRAMES = """
const waiting = [];
const draw = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (act) => waiting.push(act);
window.drawAtLast = () => {
  window.requestAnimationFrame = draw;
  waiting.forEach((act) => draw(act));
};
"""
_HOLD_A_FACE = """
const load = document.fonts.load.bind(document.fonts);
document.fonts.load = (font, text) => text.includes("南县")
  ? new Promise((done) => { window.faceAtLast = () => load(font, text).then(done); })
  : load(font, text);
"""
_SHOW_TWO_FILES = """async () => {
  const { SiteView } = await import("/assets/gridmap/site.js");
  const host = document.body.appendChild(document.createElement("div"));
  host.style.cssText = "position: fixed; inset: 0; z-index: 1000";
  const about = (point) => { window.about = point && point.title; };
  const view = new SiteView(host, { state: (state) => { window.state = state; }, about });
  const file = (title, lon) => ({ borders: null, points: [{ lon, lat: 30, look: "bad", title }] });
  const first = { ...file("first", 110), defects: "/data/held.geojson" };
  view.show(first).then(() => { window.left = true; });
  window.next = () => view.show({ ...file("second", 120), defects: null });
}"""


def test_a_late_name_is_not_shown_where_the_pointer_is_no_longer(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all&lang=en")
    first, second = find_on_map(page, "Nan County"), find_on_map(page, "Dong County")
    page.reload()
    visitor.ready()
    held = Held(page, "**/areas/**")
    page.mouse.move(*first)
    held.wait()
    page.mouse.move(*second)
    held.wait(2)
    later, sooner = held.routes
    held.routes.clear()
    sooner.continue_()
    until(page, "document.querySelector('.card-name')?.textContent === 'Dong County'")
    with page.expect_response(later.request.url):
        later.continue_()
    visitor.settle()
    assert page.inner_text(".card-name") == "Dong County"
    page.reload()
    visitor.ready()
    page.mouse.move(*first)
    held.wait()
    page.hover("#kpi")
    page.wait_for_selector(".card", state="detached")
    held.let_go()
    visitor.settle()
    assert page.locator(".card").count() == 0


def test_a_click_that_is_answered_late_takes_nobody_back(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all&lang=en")
    spot = find_on_map(page, "Nan County")
    page.reload()
    visitor.ready()
    held = Held(page, "**/areas/**")
    page.mouse.click(*spot)
    held.wait()
    page.click("#ranking a >> text=Dong County")
    until(page, f"location.pathname === '/map/{OTHER_COUNTY}'")
    held.let_go()
    visitor.settle()
    assert page.evaluate("location.pathname") == f"/map/{OTHER_COUNTY}"


def test_spots_asked_for_and_left_are_not_drawn(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{PROVINCE}?layer=county&period=all&view=hot&lang=en")
    legend = page.inner_text(".legend")
    held = Held(page, "**/signals/**kind=emerging*")
    page.click(".control >> text=Emerging")
    held.wait()
    page.go_back()
    page.wait_for_selector(READY)
    areas = int(page.get_attribute("#map", "data-map-areas") or 0)
    held.answer(struct.pack(f"<I{2 * areas}f{areas}b", areas, *[0.0] * 2 * areas, *[3] * areas))
    visitor.settle()
    assert page.inner_text(".legend") == legend


def test_a_surface_asked_for_and_left_is_not_drawn(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all&view=heat&lang=en")
    before = photograph_map(page)
    held = Held(page, "**/heat/**")
    page.locator(".radius-slider").focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    until(page, "location.search.includes('radius=2000')")
    held.wait()
    page.go_back()
    until(page, "!location.search.includes('radius')")
    held.let_go()
    visitor.settle()
    page.wait_for_selector(READY)
    frames(page)
    assert photograph_map(page) == before
    # The way back is taken at once, whatever the slider was about to do.
    page.locator(".radius-slider").focus()
    page.keyboard.press("ArrowLeft")
    page.click(".radius >> text=Back to 5,000 m")
    page.wait_for_timeout(700)
    assert "radius" not in page.url
    assert page.inner_text(".radius-value") == "5,000 m"


def test_a_look_chosen_before_the_map_is_there_is_drawn(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.add_init_script(_HOLD_FRAMES)
    page.goto(f"{visitor.site}/map/{CITY}?period=all&lang=en")
    once(page, lambda: visitor.asked("/values/"))
    page.click(".control >> text=Density")
    until(page, "location.search.includes('metric=density')")
    visitor.settle()
    page.evaluate("window.drawAtLast()")
    visitor.ready()
    assert page.inner_text(".legend-title") == "Density"


def test_names_whose_face_comes_late_are_not_written_over_others(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.add_init_script(_HOLD_A_FACE)
    visitor.go(f"/map/{CITY}?period=all")
    until(page, "window.faceAtLast !== undefined")
    page.click("#ranking a >> text=南县")
    wait_for_place(page, "南县")
    visitor.settle()
    before = photograph_map(page)
    page.evaluate("window.faceAtLast()")
    frames(page)
    page.wait_for_timeout(300)
    assert photograph_map(page) == before


def test_a_retry_leaves_the_step_that_is_played(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?from=2023-11-01&to=2024-01-31&lang=en&play=month")
    page.wait_for_selector("[data-play=ready]")
    page.locator(".play-track input").focus()
    page.keyboard.press("End")
    until(page, "document.querySelector('.legend').textContent.includes('January 2024')")
    with page.expect_response("**/values/**"):
        page.evaluate("window.dispatchEvent(new CustomEvent('gridboard:retry'))")
    visitor.settle()
    page.wait_for_selector(READY)
    assert "January 2024" in page.inner_text(".play-now")
    assert "January 2024" in page.inner_text(".legend")


def test_a_file_whose_defects_come_late_does_not_come_back(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{COUNTY}")
    held = Held(page, "**/data/held.geojson")
    page.evaluate(_SHOW_TWO_FILES)
    held.wait()
    page.evaluate("window.next()")
    until(page, "window.state === 'ready'")
    held.answer(b'{"type": "FeatureCollection", "features": []}')
    until(page, "window.left")
    visitor.settle()
    for x in (597, 600):
        page.mouse.move(x, 350)
        frames(page)
    assert page.evaluate("window.about") == "second"


def test_a_second_choice_does_not_take_the_first_one_back(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all&lang=en")
    held = Held(page, "**/_dash-update-component*")
    page.click(".control >> text=Density")
    page.click(".tabs >> text=Over time")
    page.click("#switches .button >> nth=0")
    page.click("#menu-period")
    page.click("#menu-period-panel >> text=Last 7 days")
    page.click("#ranking a >> text=Nan County")
    chosen = {"lang": "en", "metric": "density", "tab": "time", "theme": "light", "period": "7d"}
    assert asked(page) == (f"/map/{COUNTY}", chosen)
    # What is still drawn as the choice in force can be chosen again.
    page.click(".control >> text=Incidents")
    del chosen["metric"]
    page.click("#pages a >> text=Compare")
    assert asked(page) == (f"/compare/{COUNTY}", chosen)
    held.let_go()
    page.wait_for_selector("#compare-kpi .pairs", timeout=WAIT_MS)


def test_what_is_compared_keeps_every_choice(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.goto(f"{visitor.site}/compare/{COUNTY}?period=all&lang=en")
    page.wait_for_selector("#compare-kpi .pairs", timeout=WAIT_MS)
    page.fill("#compare-find-second", OTHER_COUNTY)
    page.wait_for_selector("[role=option]")
    held = Held(page, "**/_dash-update-component*")
    page.click("#compare-bar >> text=Density")
    page.click("#compare-find-second")
    page.click("[role=option]")
    chosen = {"lang": "en", "period": "all", "metric": "density", "with": OTHER_COUNTY}
    assert asked(page) == (f"/compare/{COUNTY}", chosen)
    held.let_go()
    page.wait_for_selector("#compare-head-second h2", timeout=WAIT_MS)


def asked(page: Page) -> tuple[str, dict[str, str]]:
    """Read what the address says."""
    address = urlsplit(page.url)
    return address.path, dict(parse_qsl(address.query))


def test_a_map_moved_on_the_way_to_another_area_shows_that_area(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all")
    scale = page.inner_text(".maplibregl-ctrl-scale")
    held = Held(page, "**/_dash-update-component*")
    page.click("#ranking a >> text=南县")
    page.click("[aria-label=放大]")
    once(page, lambda: page.inner_text(".maplibregl-ctrl-scale") != scale)
    page.wait_for_selector(READY)
    frames(page)
    held.let_go()
    wait_for_place(page, "南县")
    assert page.url == f"{visitor.site}/map/{COUNTY}?period=all"
    page.click("[aria-label=放大]")
    until(page, "location.search.includes('at=')")


def test_the_focus_stays_where_it_went_while_an_answer_was_awaited(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{CITY}?period=all")
    held = Held(page, "**/_dash-update-component*")
    page.focus("#ranking thead a >> nth=2")
    page.keyboard.press("Enter")
    page.focus("#search")
    held.let_go()
    page.wait_for_selector("#ranking th:nth-child(4)[aria-sort=descending]")
    visitor.settle()
    # What takes the focus away later does not send it to where it was before.
    page.evaluate("document.activeElement.blur()")
    page.click(".control >> text=密度")
    until(page, "document.querySelector('.legend-title').textContent === '密度'")
    visitor.settle()
    assert page.evaluate("!document.activeElement.closest('#ranking')")
