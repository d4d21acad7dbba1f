"""Addresses of files: what is not understood is refused with what to do; our own links all pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.briefing.brief_visit import BriefVisit, brief_href
from dashboard.briefing.briefs import Briefs
from dashboard.briefing.room import HEIGHT
from dashboard.components.brief.bar import bar
from dashboard.components.export_menu import export_menu
from dashboard.exporting.exports import Exports
from dashboard.misread import REVISION
from dashboard.pages.brief import _picture
from dashboard.people.account import By
from dashboard.settings import DashboardSettings
from dashboard.source import Source
from dashboard.state import PARAMETERS, format_url, parse
from dashboard.visit import Visit
from tests.areas import CITY, COUNTY, PROVINCE, SPECIAL, TOWNSHIPS, cell_code
from tests.dashboard.conftest import Sources
from tests.dashboard.visitors import Visitors

GOOD = "from=2024-01-01&to=2024-01-31&category=land&metric=rate&lang=en"
DOORS = ("export", "ledger", "brief")
BY = By("somebody", "leader", PROVINCE)


@pytest.fixture(scope="module")
def leader(
    world_engine: Engine, visitors: Visitors, tmp_path_factory: pytest.TempPathFactory
) -> FlaskClient:
    """The leader of the county at the site."""
    state = tmp_path_factory.mktemp("state")
    app = create_app(
        DashboardSettings(state_dir=state, block_cache_mb=50, work_per_min=10_000), world_engine
    )
    return visitors.client(app.server, f"county:{COUNTY}")


@pytest.fixture
def refused(leader: FlaskClient) -> Callable[[str, str], str]:
    """Ask for a file that is refused, and return why."""

    def why(door: str, query: str) -> str:
        answer = leader.get(f"/{door}/{TOWNSHIPS['S']}.xlsx?{query}")
        assert answer.status_code == 400, (door, query, answer.status_code)
        return str(answer.get_json()["error"])

    return why


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("metrik=rate", r"no parameter 'metrik'\. Expected: some of metric, .*leave it out"),
        ("metric=", r"'metric' is empty\. Expected: a value"),
        ("category=,", r"'category' is empty"),
        ("category", r"'category' is empty"),
        ("from=2024-01-01&to=", r"^'to' is empty.*out\.$"),
        ("period=7d&period=30d", r"'period' is given more than once"),
        ("&".join(["lang=en"] * 101), r"more than 100 parameters\. Expected: each once"),
        ("metric=ratio", r"'metric' is not understood\. Expected: one of count, density, rate\."),
        ("from=2024-02-01&to=2024-01-01", r"'from' is not .*YYYY-MM-DD, the first not after"),
        ("to=2024-01-01", r"two days as YYYY-MM-DD"),
        ("period=7d&from=2024-01-01&to=2024-01-02", r"'period' contradicts from, to"),
        ("category=nothing", r"'category' .*codes of its terms.*\(.*family.*\)"),
        ("radius=1", r"whole metres from 50 to 50000"),
        ("layer=city", r"'layer' is not understood\. Expected: one of cell\."),
        ("smooth=yes&at=1", r"'smooth' .*Expected: 1\. .*'at' .*longitude, latitude and zoom"),
        ("scale_from=2024-01-01", r"'scale_from' is not understood"),
        ("metric=count%FF", r"'metric' is not understood"),
        ("%00%0a=1", r"no parameter '\?\?'"),
    ],
)
def test_what_is_not_understood_is_named_with_what_was_expected(
    refused: Callable[[str, str], str], door: str, query: str, said: str
) -> None:
    assert re.search(said, refused(door, query)), refused(door, query)


def test_the_span_of_a_brief(refused: Callable[[str, str], str], leader: FlaskClient) -> None:
    assert "one of day, week, month" in refused("brief", "span=year")
    assert "'span' contradicts from, to" in refused("brief", f"span=day&{GOOD}")
    assert "no parameter 'span'" in refused("export", "span=day")
    assert "no parameter 'rev'" in refused("brief", "rev=1")
    assert leader.get(f"/brief/{COUNTY}/map.svg?rev=1&more=1").status_code == 400


def test_areas_out_of_view_are_answered_alike_whatever_else_is_asked(leader: FlaskClient) -> None:
    for door in DOORS:
        for code in (CITY, "123456"):
            assert leader.get(f"/{door}/{code}.xlsx?metrik=1").status_code == 404


@pytest.mark.parametrize(("lang", "words"), [("en", "is empty"), ("zh", "参数“metric”为空")])
def test_a_person_who_opens_the_address_is_told_in_a_page(
    leader: FlaskClient, lang: str, words: str
) -> None:
    page = leader.get(
        f"/export/{COUNTY}.csv?metric=&lang={lang}&%3Cb%3E=1", headers={"Accept": "text/html"}
    )
    assert page.status_code == 400
    shown = page.get_data(as_text=True)
    assert words in shown
    assert "<b>" not in shown
    assert "&lt;b&gt;" in shown


def test_a_page_keeps_its_remark(source: Source) -> None:
    found = BriefVisit.at(source, {"pathname": f"/brief/{COUNTY}", "search": "?metric=x&y=1"})
    assert found.visit.notes == ("metric",)


@pytest.mark.parametrize("name", PARAMETERS)
def test_what_a_file_may_say_is_what_the_page_understands(name: str) -> None:
    noted = {"to": "from", "scale_to": "scale_from"}.get(name, name)
    nothing = "\x00" if name in ("category", "channel", "status") else "?"
    assert parse("/map/", urlencode({name: nothing}))[1] == (noted,)


def links(markup: Any) -> Iterator[str]:
    """Every address in markup."""
    if isinstance(markup, list | tuple):
        for each in markup:
            yield from links(each)
    elif hasattr(markup, "to_plotly_json"):
        yield from links(markup.to_plotly_json())
    elif isinstance(markup, dict):
        for name, value in markup.items():
            if name == "href":
                yield value
            else:
                yield from links(value)


VALUES = {
    "metric": ["rate", "density", "x", ""],
    "view": ["heat", "hot", "emerging"],
    "per": ["households"],
    "smooth": ["1", "2"],
    "radius": ["300", "1"],
    "layer": ["county", "township", "village", "cell", "city", "moon"],
    "from": ["2024-01-01", "x"],
    "to": ["2024-01-31"],
    "period": ["7d", "all", "x"],
    "category": ["land", "land,family", "none", ","],
    "status": ["open"],
    "scale_from": ["2024-01-01"],
    "scale_to": ["2024-02-01", "2023-01-01"],
    "sort": ["name"],
    "tab": ["peers"],
    "play": ["week"],
    "publish": ["1"],
    "lang": ["en"],
    "theme": ["light"],
    "at": ["100,36,9"],
    "span": ["day", "month", "year"],
    "foo": ["bar"],
}
CODES = (PROVINCE, CITY, COUNTY, TOWNSHIPS["S"], SPECIAL, cell_code("S1"))


def _code(path: str) -> str:
    """The area of an address of a file."""
    return path.split("/")[2].partition(".")[0]


@given(
    code=st.sampled_from(CODES),
    asked=st.fixed_dictionaries({}, optional={k: st.sampled_from(v) for k, v in VALUES.items()}),
)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_our_own_links_are_understood(
    sources: Sources, world_engine: Engine, code: str, asked: dict[str, str]
) -> None:
    """Whatever nonsense an address holds: the links of the page that it gives are understood."""
    exports = Exports(world_engine, sources(), BY)
    search = f"?{urlencode(asked)}"
    visit = Visit.at(exports.source, {"pathname": f"/map/{code}", "search": search})
    files = list(links(export_menu(visit)))
    assert any(".xlsx" in link for link in files)
    for link in files:
        parts = urlsplit(link)
        if parts.path.startswith(("/export/", "/ledger/")):
            exports.visit(_code(parts.path), parts.query)
    if visit.state.publish:
        return
    path, _mark, query = brief_href(visit).partition("?")
    for here in (
        {"pathname": f"/brief/{code}", "search": search},
        {"pathname": path, "search": query},
    ):
        brief = BriefVisit.at(exports.source, here)
        found = [link for link in links(bar(brief)) if re.search(r"\.\w+(\?|$)", link)]
        assert len(found) == 4
        for link in [*found, *(_picture(brief, name, 60) for name in ("map", "trend"))]:
            more = [REVISION, HEIGHT] if ".svg" in link else []
            parts = urlsplit(link)
            Briefs(exports).brief(_code(parts.path), parts.query, more)


def test_format_url_says_only_what_is_known() -> None:
    state, notes = parse("/map/1", urlencode({k: v[0] for k, v in VALUES.items() if v[0]}))
    assert notes == ()
    names = {pair.partition("=")[0] for pair in format_url(state).partition("?")[2].split("&")}
    assert names <= set(PARAMETERS)
    assert len(names) > 15
