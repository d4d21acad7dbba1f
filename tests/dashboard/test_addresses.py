"""Addresses of pages: what is not understood is remarked; what the pages write never is."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from dashboard.addresses import misread, remarks_on
from dashboard.briefing.brief_visit import BriefVisit
from dashboard.comparing.comparison import Comparison
from dashboard.comparing.scenes import links as linked
from dashboard.comparing.scenes import scenes
from dashboard.comparing.state import OWN_PARAMETERS
from dashboard.components.brief.bar import bar
from dashboard.components.export_menu import export_menu
from dashboard.components.header import switch_links
from dashboard.components.panel import panel, remarks
from dashboard.components.ways import ways
from dashboard.pages import compare
from dashboard.pages import map as map_page
from dashboard.pages.scene import scene
from dashboard.publishing.errors import NotPublishableError
from dashboard.sections import BRIEF, COMPARE, MAP, section_of
from dashboard.source import Source
from dashboard.state import PARAMETERS
from dashboard.text import text_for
from dashboard.visit import Visit
from geo.viewer import Viewer
from tests.areas import CITY, COUNTY, TOWNSHIPS
from tests.dashboard.conftest import Sources
from tests.dashboard.markup import words

Look = Callable[[Source, dict[str, str]], tuple[str, Any]]


def published(part: Callable[[Any], Any], visit: Any) -> Any:
    """A part of a page; nothing of one that is not published."""
    try:
        return part(visit)
    except NotPublishableError:
        return None


def at_map(source: Source, place: dict[str, str]) -> tuple[str, Any]:
    visit = Visit.at(source, place)
    parts = (map_page._frame, panel, scene, export_menu)
    return words(remarks(visit)), [published(part, visit) for part in parts]


def at_compare(source: Source, place: dict[str, str]) -> tuple[str, Any]:
    at = Comparison.at(source, place)
    parts = (compare._frame, compare._figures, scenes, linked)
    return words(compare._remarks(at)), [published(part, at) for part in parts]


def at_brief(source: Source, place: dict[str, str]) -> tuple[str, Any]:
    at = BriefVisit.at(source, place)
    state, _ = at.visit.state, at.visit.text
    switches = switch_links(state.lang, state.theme, at.href, _)
    return words(remarks(at.visit)), (bar(at), ways(at.visit, BRIEF), switches)


PAGES: dict[str, Look] = {MAP.key: at_map, COMPARE.key: at_compare, BRIEF.key: at_brief}


def remarked(source: Source, address: str) -> str:
    """What a page says of its own address; nothing else of it is asked for."""
    parts = urlsplit(address)
    place = {"pathname": parts.path, "search": f"?{parts.query}"}
    if parts.path.startswith(COMPARE.path):
        return words(compare._remarks(Comparison.at(source, place)))
    at_brief_page = parts.path.startswith(BRIEF.path)
    visit = BriefVisit.at(source, place).visit if at_brief_page else Visit.at(source, place)
    return words(remarks(visit))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("period=90d", ""),
        ("period=90d&mop=change", "Not understood in the address: mop"),
        ("rev=1&metric=x&metric=y", "Not understood in the address: metric, rev"),
        ("period=7d&period=30d", "Given more than once in the address: period"),
        ("metric=&category=,&from=&to=2024-01-01", "Not understood in the address: from"),
        ("metric=&category=,", "Empty in the address, so left out: metric, category"),
        (
            "period=7d&from=2024-01-01&to=2024-01-02",
            "Left out, since other days are in the address: period",
        ),
        ("period=7d&from=2024-13-01&to=2024-01-02", "Not understood in the address: from"),
        ("&".join(f"p{n}=1" for n in range(9)), "in the address: p0, p1, p2, p3, p4, p5, p6, p7 …"),
        ("%00" + "x" * 90 + "=1", "Not understood in the address: ?" + "x" * 39 + "…"),
    ],
)
def test_what_is_not_understood_is_remarked(
    source: Source, page: str, query: str, said: str
) -> None:
    found = remarked(source, f"/{page}/{COUNTY}?lang=en&{query}")
    assert said in found
    assert bool(found) == bool(said)
    if "x" not in query:
        # Neither is understood because it is strange, nor is anything said twice.
        assert found.count("Not understood") <= 1


def test_each_page_has_parameters_of_its_own(source: Source) -> None:
    for page, own in (("compare", "show=change&at2=100,36,9"), ("brief", "span=month")):
        assert remarked(source, f"/{page}/{COUNTY}?lang=en&{own}") == ""
        name = own.partition("=")[0]
        assert f"address: {name}" in remarked(source, f"/map/{COUNTY}?lang=en&{own}")
    beside = remarked(source, f"/brief/{COUNTY}?lang=en&span=month&period=90d")
    assert beside == "Left out, since other days are in the address: span"


def test_an_address_that_is_too_long_is_read_by_no_page(source: Source) -> None:
    many = "&".join(["lang=en", "span=month", "metric=rate", *["at=1,1,1"] * 99])
    for page in PAGES:
        found = remarked(source, f"/{page}/{COUNTY}?{many}")
        assert found == words(remarks_on((), misread(many, PARAMETERS), text_for("zh")))
        assert "100" in found
    place = {"pathname": f"/brief/{COUNTY}", "search": many}
    assert BriefVisit.at(source, place).span == "week"


def test_an_area_out_of_view_does_not_hide_the_rest(source: Source) -> None:
    found = remarked(source, "/map/110000?lang=en&mop=1")
    assert found == "No area 110000 lies in view. Not understood in the address: mop"
    found = remarked(source, f"/compare/{COUNTY}?lang=en&with={COUNTY}&mop=1")
    assert found.endswith("two of its periods. Not understood in the address: mop")


def test_what_only_the_browser_reads_is_known_to_the_pages() -> None:
    written = Path("assets/navigation.js").read_text(encoding="utf-8")
    listed = re.search(r"const OWN_PARAMETERS = \[(.*?)\];", written)
    assert listed
    names = re.findall(r'"(\w+)"', listed[1])
    assert names
    assert set(names) <= {*PARAMETERS, *OWN_PARAMETERS}


def addresses(markup: Any) -> Iterator[str]:
    """Every address of a page in markup, wherever it stands."""
    if isinstance(markup, str):
        if re.match(r"/(map|compare|brief)?(/[^.]*)?(\?|$)", markup):
            yield markup.partition("#")[0].replace("{code}", COUNTY)
    elif isinstance(markup, dict):
        for value in markup.values():
            yield from addresses(value)
    elif isinstance(markup, list | tuple):
        for each in markup:
            yield from addresses(each)
    elif hasattr(markup, "to_plotly_json"):
        yield from addresses(markup.to_plotly_json())
    elif hasattr(markup, "__dict__"):
        yield from addresses(vars(markup))


def shape(address: str) -> tuple[str, ...]:
    """What an address is like: links of two that are alike are alike, too."""
    parts = urlsplit(address)
    _nothing, page, code = [*parts.path.split("/"), "", ""][:3]
    pairs = [pair.partition("=") for pair in parts.query.split("&")]
    told = {
        name if name in ("from", "to", "from2", "to2", "with") else f"{name}={value}"
        for name, _mark, value in pairs
        if name not in ("lang", "theme", "sort", "category", "channel", "status", "radius")
    }
    return (page, str(len(code)), *sorted(told))


MOST_PAGES = 60


@pytest.mark.parametrize("scope", ["province", "county"])
def test_no_page_remarks_what_another_one_writes(sources: Sources, scope: str) -> None:
    """From page to page along every link; of pages that are alike one is opened."""
    source = sources() if scope == "province" else sources(Viewer("leader", 2, COUNTY))
    begun = {
        "province": [
            f"/map/{CITY}?lang=en",
            f"/map/{CITY}?publish=1&from=2023-07-01&to=2023-09-30",
        ],
        "county": [f"/map/{COUNTY}?at=104,36,9", f"/brief/{TOWNSHIPS['S']}?span=day"],
    }[scope]
    waiting, known, seen = deque(begun), {shape(each) for each in begun}, set()
    opened = 0
    while waiting and opened < MOST_PAGES:
        address = waiting.popleft()
        parts, opened = urlsplit(address), opened + 1
        section = section_of(parts.path)
        assert section
        place = {"pathname": parts.path, "search": f"?{parts.query}"}
        _said, shown = PAGES[section.key](source, place)
        for href in addresses(shown):
            if href not in seen:
                seen.add(href)
                assert remarked(source, href) == "", (address, href)
            if shape(href) not in known:
                known.add(shape(href))
                waiting.append(href)
    assert {urlsplit(each).path.split("/")[1] for each in seen} >= {"map", "compare", "brief"}
    assert len(seen) > 100
