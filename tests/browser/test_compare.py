"""Two maps that move together, seen in a browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.areas import COUNTY, OTHER_COUNTY, PROVINCE
from tests.browser.conftest import WAIT_MS, Visit, Visitor
from tests.browser.looking import once, until

pytestmark = pytest.mark.browser

_MAPS = ("#compare-map-first", "#compare-map-second")


def _open(visitor: Visitor, address: str) -> Page:
    visitor.page.goto(visitor.site + address)
    _ready(visitor.page)
    return visitor.page


def _ready(page: Page) -> None:
    for one in _MAPS:
        page.wait_for_selector(f'{one}[data-map-idle="true"]', timeout=WAIT_MS)
    page.wait_for_selector("#compare-kpi .pairs", timeout=WAIT_MS)


def _scales(page: Page) -> list[str]:
    return [page.inner_text(f"{one} .maplibregl-ctrl-scale") for one in _MAPS]


def _legends(page: Page) -> list[str]:
    return [page.inner_text(f"{one} .legend-range >> nth=0") for one in _MAPS]


def test_two_periods_move_as_one_and_are_pointed_at_as_one(visit: Visit) -> None:
    page = _open(visit(), f"/compare/{PROVINCE}?period=365d")
    once(page, lambda: len({*_scales(page)}) == 1)
    before = _scales(page)
    assert len(set(_legends(page))) == 1
    page.click(f"{_MAPS[1]} [aria-label=放大]")
    until(page, "location.search.includes('at=')")
    # Where one is moved to, the other is, too; and so it is when the address is opened again.
    once(page, lambda: len({*_scales(page)}) == 1 and _scales(page) != before)
    after = _scales(page)
    box = page.locator(f"{_MAPS[0]} .map-canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2 - 30, box["y"] + box["height"] / 2 - 30)
    page.mouse.move(box["x"] + box["width"] / 2 - 33, box["y"] + box["height"] / 2 - 33)
    until(page, "document.querySelectorAll('.card').length === 2")
    until(
        page,
        "new Set([...document.querySelectorAll('.card-name')].map(e => e.textContent)).size === 1",
    )
    page.reload()
    _ready(page)
    once(page, lambda: _scales(page) == after)


def test_two_areas_share_the_zoom_and_the_classes(visit: Visit) -> None:
    visitor = visit()
    page = _open(visitor, f"/compare/{COUNTY}?period=all&with={OTHER_COUNTY}&layer=cell")
    once(page, lambda: len({*_scales(page)}) == 1)
    scales = _scales(page)
    assert len(set(_legends(page))) == 1
    page.click(f"{_MAPS[0]} [aria-label=放大]")
    until(page, "location.search.includes('at2=')")
    once(page, lambda: len({*_scales(page)}) == 1 and _scales(page) != scales)
    names = page.inner_text("#compare-head-first"), page.inner_text("#compare-head-second")
    page.click("#compare-bar [aria-label=左右互换]")
    until(page, f"location.pathname.endsWith('{OTHER_COUNTY}')")
    until(
        page,
        "name => document.querySelector('#compare-head-first').innerText === name",
        arg=names[1].replace("B", "A", 1),
    )
    swapped = names[0].replace("A", "B", 1)
    once(page, lambda: page.inner_text("#compare-head-second") == swapped)


def test_from_the_map_to_the_comparison_and_down(visit: Visit) -> None:
    visitor = visit()
    page = visitor.go(f"/map/{PROVINCE}?period=365d")
    page.click("#pages a:nth-of-type(2)")
    _ready(page)
    # There is no other province: nothing to ask for.
    assert page.locator("#compare-find-second").count() == 0
    page.click("#compare-ranking tbody a >> nth=0")
    until(page, "document.querySelector('#compare-where ol').children.length === 2")
    _ready(page)
    once(page, lambda: page.locator("#compare-kpi tbody tr").count() >= 4)
    page.fill("#compare-find-second", OTHER_COUNTY)
    page.wait_for_selector(".results")
    # A city is not compared with a county.
    until(page, "document.querySelector('.results').classList.contains('none')")
    page.click("#compare-bar >> text=变化图")
    page.wait_for_selector(f"{_MAPS[0]} .legend-row.spots", timeout=WAIT_MS)
    assert len(visitor.asked("/changes/")) == 1
    assert "与偶然波动无法区分" in page.inner_text(f"{_MAPS[0]} .legend")
    page.wait_for_selector(_MAPS[1], state="hidden")


def test_a_tablet_shows_both_maps_at_once_and_a_phone_one_after_the_other(visit: Visit) -> None:
    boxes = {}
    for width, height in ((820, 1180), (390, 844)):
        page = _open(visit(width, height), f"/compare/{COUNTY}?period=all")
        found = [page.locator(map_).bounding_box() for map_ in _MAPS]
        assert all(found)
        boxes[width] = [(box["x"], box["y"]) for box in found if box]
    (left, top), (right, beside) = boxes[820]
    assert top == beside
    assert right > left
    (first, above), (second, below) = boxes[390]
    assert first == second
    assert below > above
