"""The publishable mode at every door: nothing but published figures, whatever lies behind them."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from dash import Dash
from flask.testing import FlaskClient
from sqlalchemy import Engine

from dashboard.app import create_app
from dashboard.components.panel import panel
from dashboard.components.published import period_bar
from dashboard.components.publishing import way_in, way_out
from dashboard.counts import Counts
from dashboard.filters import Filters
from dashboard.publishing import source as publishing
from dashboard.publishing.doors import OF_COMPARISONS, OF_THE_MAP, THROUGH_SOURCE, WITHOUT_FIGURES
from dashboard.publishing.errors import NotPublishableError
from dashboard.publishing.lattice import Span, closed_months, span_of, spans
from dashboard.publishing.source import PublishedSource, published
from dashboard.server.values import HIDDEN
from dashboard.settings import DashboardSettings
from dashboard.source import Source
from dashboard.state import parse
from dashboard.store import Store
from dashboard.visit import Visit
from geo.disclosure import LEAST, STEP, Published
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import (
    CITY,
    CITY_WITHOUT_COUNTIES,
    COUNTY,
    OTHER_COUNTY,
    PROVINCE,
    SPECIAL,
    TOWNSHIPS,
    cell_code,
)
from tests.dashboard.visitors import Visitors
from tests.dashboard.world import (
    CATEGORIES,
    CHANNELS,
    FIRST_DAY,
    LAST_DAY,
    STATUSES,
    Cases,
    count_cases,
    drawn_province,
)
from tests.databases import opened
from tests.enclosure.callbacks import name_of, request_of
from tests.geo.disclosure_attack import Attack

PROVINCE_VIEWER = Viewer("leader", 0, PROVINCE)
COUNTY_VIEWER = Viewer("leader", 2, COUNTY)
QUARTERS = [Span("quarter", 12 * 2023 + first) for first in (3, 6, 9)]
MONTHS = [Span("month", 12 * 2023 + month) for month in range(3, 12)]
PLACES = (PROVINCE, CITY, CITY_WITHOUT_COUNTIES, COUNTY, OTHER_COUNTY, *TOWNSHIPS.values())
Made = Callable[..., PublishedSource]
OPEN = OF_THE_MAP | OF_COMPARISONS
APP = DashboardSettings(figures_per_min=100_000, work_per_min=1_000)


@pytest.fixture(scope="module")
def made(world_engine: Engine) -> Made:
    """Open the publishable answers for a viewer; all share a memory."""
    store = Store(50_000_000)
    return lambda viewer=PROVINCE_VIEWER: PublishedSource(world_engine, viewer, store)


def total(source: Source, code: str, span: Span) -> int | None:
    return source.summary(code, Filters(span.days)).total


def query(span: Span, more: str = "") -> str:
    return f"?publish=1&from={span.days.since}&to={span.days.last}{more}"


def test_figures_are_rounded_recounts_or_withheld(made: Made, cases: Cases) -> None:
    source, shown = made(), 0
    for span in (*QUARTERS, *MONTHS):
        for code in (COUNTY, OTHER_COUNTY, CITY_WITHOUT_COUNTIES, SPECIAL, *TOWNSHIPS.values()):
            found = total(source, code, span)
            recount = count_cases(cases, code, span.days.since, span.days.until)
            if found is not None:
                shown += 1
                assert recount >= LEAST
                assert found % STEP == 0
                assert abs(found - recount) <= STEP // 2
            assert recount >= LEAST or found is None
        parts = [total(source, code, span) for code in (COUNTY, OTHER_COUNTY)]
        assert total(source, CITY, span) == (sum(filter(None, parts)) or None)
    assert shown > 40


def test_every_way_to_a_figure_gives_the_same(made: Made) -> None:
    source = made()
    span = QUARTERS[1]
    filters = Filters(span.days)
    for code, layer in ((PROVINCE, "township"), (COUNTY, "township"), (CITY, "county")):
        table = source.children(code, filters, layer).set_index("code")["count"]
        for child, count in table.items():
            expected = total(source, str(child), span)
            assert count == expected or (np.isnan(count) and expected is None)
    trend = source.trend(COUNTY, filters)
    assert trend.counts == tuple(
        total(source, COUNTY, Span("month", span.first + at)) for at in range(3)
    )
    breaks = source.breaks("township", "count", filters)
    assert breaks.limits
    assert all(limit % STEP == 0 for limit in (*breaks.limits, breaks.lowest, breaks.highest))
    assert LEAST <= (breaks.lowest or 0) <= (breaks.highest or 0)


def test_whoever_publishes_publishes_the_same(made: Made) -> None:
    wide, narrow = made(), made(COUNTY_VIEWER)
    for span in (*QUARTERS, *MONTHS):
        for code in (COUNTY, TOWNSHIPS["S"], TOWNSHIPS["N"]):
            assert total(wide, code, span) == total(narrow, code, span)


def test_a_solver_learns_nothing_from_all_that_is_served(
    client: FlaskClient, address: Callable[[str, str], str], ids: dict[str, int], cases: Cases
) -> None:
    """Everything that /values gives, of a county over drill-down and time."""
    rows = [COUNTY, TOWNSHIPS["S"], TOWNSHIPS["N"]]
    order = {1: [COUNTY], 2: sorted(rows[1:], key=ids.__getitem__)}

    def served(span: Span) -> list[int]:
        found = {}
        for below, codes in order.items():
            url = address("values", f"{1 + below}/{COUNTY}.bin") + query(span)
            body = client.get(url).data
            found |= dict(zip(codes, np.frombuffer(body, "<u4", offset=4).tolist(), strict=True))
        assert all(n == HIDDEN or (n >= LEAST and n % STEP == 0) for n in found.values())
        return [-1 if found[code] == HIDDEN else found[code] for code in rows]

    def truth(code: str, span: Span) -> int:
        return count_cases(cases, code, span.days.since, span.days.until)

    counts = np.array([[truth(code, month) for month in MONTHS] for code in rows])
    years = np.full((3, 1), -1)
    seen = Published(
        MONTHS[0].first,
        np.array([served(month) for month in MONTHS]).T,
        np.array([served(quarter) for quarter in QUARTERS]).T,
        years,
    )
    assert (seen.months == -1).any()
    assert (seen.months[1:] > 0).any()
    attack = Attack(counts, seen, exact=False)
    assert attack.small()
    for node in attack.small():
        least, most = attack.reach(node)
        assert least < 0.5, node
        assert most > LEAST - 1.5, node


REFUSED = {
    "period": ["from=2023-04-01&to=2023-06-29", "from=2023-04-02&to=2023-05-01", "period=all",
               "from=2024-01-01&to=2024-01-31", "from=2023-01-01&to=2023-12-31",
               "from=2023-02-01&to=2023-02-28", "from=2023-04-01&to=2023-09-30"],
    "terms": ["from=2023-04-01&to=2023-06-30&category=family",
              "from=2023-04-01&to=2023-06-30&status=open"],
}  # fmt: skip


@pytest.mark.parametrize(("reason", "asked"), [(r, q) for r, all_ in REFUSED.items() for q in all_])
def test_what_is_not_on_the_lattice_is_refused(made: Made, reason: str, asked: str) -> None:
    state, _notes = parse(f"/map/{COUNTY}", f"?publish=1&{asked}")
    source = made()
    filters = source.filters(state)
    for ask in (
        lambda: source.summary(COUNTY, filters),
        lambda: source.children(COUNTY, filters),
        lambda: source.trend(COUNTY, filters),
        lambda: source.breaks("township", "count", filters),
    ):
        with pytest.raises(NotPublishableError) as refusal:
            ask()
        assert refusal.value.reason == reason


def test_below_the_township_nothing_is_published(made: Made) -> None:
    source, filters = made(), Filters(QUARTERS[0].days)
    with pytest.raises(NotPublishableError, match="end at the township"):
        source.counts(COUNTY, 5, filters)
    with pytest.raises(NotPublishableError, match="end at the township"):
        source.counts(cell_code("S1"), 3, filters)
    assert source.area(TOWNSHIPS["S"]).layers == ()
    assert source.area(PROVINCE).layers == ("city", "county", "township")
    assert all(found.slot <= 3 for found in source.search("S", 50))


def test_a_township_alone_publishes_nothing(made: Made) -> None:
    source = made(Viewer("leader", 3, TOWNSHIPS["S"]))
    with pytest.raises(NotPublishableError, match="county or wider"):
        source.summary(TOWNSHIPS["S"], Filters(QUARTERS[0].days))


def test_a_source_refuses_what_it_was_not_told_to_publish(made: Made) -> None:
    """By default: what a source learns later is refused until somebody names it."""
    source = made()
    source.picture.lineage.row(COUNTY)
    named = publishing._SAFE | publishing._PROTECTED
    others = {name for name in dir(Source) if not name.startswith("__")} - named
    others |= {"_engine", "_album2", "anything"}
    assert {"heat", "tally", "location", "composition", "kept", "_layer_counts"} <= others
    for name in others - publishing._OWN:
        with pytest.raises(NotPublishableError):
            getattr(source, name)
    for picture in (source.picture, source.areas.picture):
        with pytest.raises(NotPublishableError):
            picture.open_incidents.columns  # noqa: B018
        assert not any(isinstance(part, Counts) for part in vars(picture).values())


def test_a_visit_in_the_mode_never_keeps_a_plain_source(source: Source) -> None:
    visit = Visit.at(source, {"pathname": "/", "search": "?publish=1"})
    assert isinstance(visit.source, PublishedSource)
    assert published(visit.source) is visit.source


def test_presets_stand_for_the_latest_period_published(made: Made) -> None:
    source = made()
    for preset, span in (("30d", MONTHS[-1]), ("90d", QUARTERS[-1])):
        state, _notes = parse("/map/", f"?publish=1&period={preset}")
        assert span_of(source.filters(state).days) == span
    covered = closed_months(source.coverage())
    assert (covered.start, covered.stop) == (MONTHS[0].first, MONTHS[-1].first + 1)
    assert spans(covered, "year") == []


def test_every_door_that_is_not_named_refuses(client: FlaskClient) -> None:
    server = client.application
    rules = {rule.rule: rule for rule in server.url_map.iter_rules()}
    named = THROUGH_SOURCE | WITHOUT_FIGURES
    assert named <= set(rules), "a door that is named is there"
    values = {"code": "1", "form": "csv", "name": "map", "kind": "hot"}
    refused = 0
    for rule in rules.values():
        if rule.rule in named or rule.rule == "/_dash-update-component":
            continue
        with server.test_request_context():
            path = server.url_map.bind("localhost").build(
                rule.endpoint, {name: values.get(name, 1) for name in rule.arguments}
            )
        method = sorted(set(rule.methods or ()) - {"HEAD", "OPTIONS"})[0]
        for asked in ("publish=1", "publish=0&publish=1"):
            answer = client.open(f"{path}?{asked}", method=method)
            assert answer.status_code in (401, 403), (rule.rule, answer.data)
            refused += b"publishable" in answer.data
    assert refused > 20


def test_every_callback_but_those_of_the_map_refuses(
    visitors: Visitors, world_engine: Engine
) -> None:
    app = create_app(APP, world_engine)
    client = visitors.client(app.server, f"admin@province:{PROVINCE}")
    refused = 0
    for output, described in app.callback_map.items():
        if "callback" not in described or _first(output) in OPEN:
            continue
        place = {"pathname": "/map", "search": "?publish=1"}
        where = _addresses(described)
        assert where, output
        ask = request_of(output, described, dict.fromkeys(where, place))
        answer = client.post(ask.path, json=ask.json)
        assert answer.status_code in (400, 403), output
        refused += b"publishable" in answer.data
    assert refused > 3


def _addresses(described: Mapping[str, Any]) -> list[str]:
    """The inputs and states of a callback that hold an address of a page."""
    each = [*described["inputs"], *described["state"]]
    names = [f"{one['id']}.{one['property']}" for one in each]
    return [name for name in names if name.endswith((".address", "address.data"))]


def _first(output: str) -> str:
    """The component of a callback's first output."""
    return name_of(output).rsplit(".", 1)[0]


@pytest.fixture(scope="module")
def twin(
    server: str, template: str, cases: Cases, world_engine: Engine
) -> Iterator[tuple[DatabaseSettings, Engine]]:
    """Another province with the same published figures, and all else different.

    Incidents lie in other cells, on other days of their month, of other categories and
    outcomes; and two of each pool of hidden counts have swapped their months.
    """
    draw = random.Random(7)  # noqa: S311
    changed = Cases(_altered(case, draw) for case in cases)
    source = PublishedSource(world_engine, COUNTY_VIEWER, Store(10_000_000))
    swapped = 0
    for quarter in QUARTERS:
        swapped += _swap(changed, source, quarter)
    assert swapped
    with drawn_province(server, template, changed) as settings, opened(settings, "app") as engine:
        yield settings, engine


def _altered(case, draw: random.Random):
    cells = [case.place] if case.place == "special" else [case.place[0] + n for n in "12"]
    month = case.day.replace(day=1)
    last = min((month + timedelta(days=31)).replace(day=1) - timedelta(days=1), LAST_DAY)
    first = max(month, FIRST_DAY)
    day = case.day
    if day not in (FIRST_DAY, LAST_DAY):
        day = first + timedelta(days=draw.randint(0, (last - first).days))
    return replace(
        case, place=draw.choice(cells), day=day, category=draw.choice(CATEGORIES),
        channel=draw.choice(CHANNELS), status=draw.choice(STATUSES),
        deadline=day + timedelta(days=draw.randint(1, 90)),
    )  # fmt: skip


def _swap(cases: Cases, source: PublishedSource, quarter: Span) -> int:
    """Let an incident of one hidden township and one of another swap their months."""
    first, second = (Span("month", quarter.first + at) for at in (0, 1))
    towns = [TOWNSHIPS["S"], TOWNSHIPS["N"]]
    if any(total(source, code, month) for code in towns for month in (first, second)):
        return 0

    def find(code: str, month: Span) -> int:
        return next(
            at for at, case in enumerate(cases)
            if code in case.codes and month.days.since <= case.day < month.days.until
        )  # fmt: skip

    one, other = find(towns[0], first), find(towns[1], second)
    days = cases[one].day, cases[other].day
    cases[one], cases[other] = (
        replace(cases[one], day=days[1], deadline=LAST_DAY),
        replace(cases[other], day=days[0], deadline=LAST_DAY),
    )
    return 1


def _asks() -> Sequence[str]:
    """The queries of pages: each metric and order, other views and tabs."""
    looks = ("", "&metric=rate&lang=en&sort=change", "&view=heat&tab=peers",
             "&view=hot&tab=time&smooth=1&metric=rate", "&view=emerging&tab=handling&play=week",
             "&layer=cell&per=households&metric=density&sort=name")  # fmt: skip
    pages = [query(span, look) for span, look in zip((*QUARTERS, *MONTHS[:3]), looks, strict=True)]
    return [*pages, "?publish=1", "?publish=1&period=all"]


_PAGES = {"compare": "compare", "brief": "brief"}


def _figures(client: FlaskClient) -> dict[str, bytes]:
    """What the doors of the map's figures answer in the mode."""
    found = client.get("/revision.json").json
    answers = {}
    for span in (*QUARTERS, *MONTHS):
        for layer in (1, 2, 3):
            rest = f"{layer}/{found['scope'].partition('-')[2]}.bin{query(span)}"
            answers[rest] = client.get(f"/values/{found['scope']}/{found['area']}/{rest}").data
    return answers


def _files_and_pages(app: Dash, client: FlaskClient) -> dict[str, bytes]:
    """What the other open doors answer in the mode, without versions and names."""
    found = client.get("/revision.json").json
    versions = re.compile(
        f"{found['area']}|{found['incident']}|leader-[0-9]+".encode(), re.IGNORECASE
    )
    answers = {}
    for form in ("csv", "geojson"):
        path = f"/export/{COUNTY}.{form}{query(QUARTERS[0])}"
        with client.get(path) as answer:
            answers[path] = answer.data
    for output, described in app.callback_map.items():
        if "callback" not in described or _first(output) not in OPEN:
            continue
        page = _PAGES.get(_first(output).partition("-")[0], "map")
        for code, search in itertools.product(("", COUNTY), _asks()):
            place = {"pathname": f"/{page}/{code}", "search": search}
            values = dict.fromkeys(_addresses(described), place) | {"search.query": "S"}
            ask = request_of(output, described, values)
            body = client.post(ask.path, json=ask.json).data
            answers[f"{output[:20]} {code}{search}"] = versions.sub(b"", body)
    return answers


def test_whatever_lies_behind_them_published_answers_are_the_same(
    visitors: Visitors, world_engine: Engine, twin: tuple[DatabaseSettings, Engine]
) -> None:
    settings, engine = twin
    houses = (world_engine, visitors), (engine, Visitors(settings, engine))
    apps = [create_app(APP, engine) for engine, _of in houses]
    for viewer in (f"province:{PROVINCE}", f"county:{COUNTY}"):
        clients = [
            of.client(app.server, viewer) for app, (_engine, of) in zip(apps, houses, strict=True)
        ]
        pairs = list(zip(apps, clients, strict=True))
        first, second = (_figures(client) for client in clients)
        if viewer.startswith("county"):
            pages = [_files_and_pages(*pair) for pair in pairs]
            assert len(set(pages[0].values())) > 30
            first, second = first | pages[0], second | pages[1]
        assert first.keys() == second.keys()
        for name, answer in first.items():
            assert second[name] == answer, name
        plain = [_plain_values(client) for client in clients]
        assert plain[0] != plain[1], "without the mode they do differ"


def _plain_values(client: FlaskClient) -> bytes:
    found = client.get("/revision.json").json
    days = query(MONTHS[0]).replace("publish=1&", "")
    return client.get(f"/values/{found['scope']}/{found['area']}/5/{COUNTY}.bin{days}").data


def test_the_page_says_what_it_shows(client: FlaskClient, made: Made) -> None:
    visit = Visit.at(made(), {"pathname": f"/map/{COUNTY}", "search": query(MONTHS[3], "&lang=en")})
    shown = str(panel(visit))
    figure = total(made(), COUNTY, MONTHS[3])
    assert f"'{figure}'" in shown
    assert "Publishable figures: rounded to 5; counts below 10, zero too" in shown
    assert "withheld" in shown, "hidden townships look like neither zero nor missing data"
    assert "By category" not in shown
    for search, words in (
        ("?publish=1&period=all&lang=en", "calendar month, quarter or year that is over"),
        (f"{query(QUARTERS[0])}&status=open&lang=en", "without filters"),
        (f"{query(QUARTERS[0])}&tab=handling&lang=en", "not among the publishable figures"),
    ):
        visit = Visit.at(made(), {"pathname": f"/map/{COUNTY}", "search": search})
        assert words in str(panel(visit))
    menu = str(period_bar(visit))
    assert "2023 Q4" in menu
    assert "2023-12" in menu
    assert "2024" not in menu, "the first months of a quarter that is not over"


def test_the_way_in_leads_to_what_can_be_published(source: Source) -> None:
    visit = Visit.at(
        source,
        {"pathname": f"/map/{cell_code('S1')}", "search": "?category=family&view=heat&tab=time"},
    )
    href = way_in(visit)["props"]["href"]
    path, _, search = href.partition("?")
    inside = Visit.at(source, {"pathname": path, "search": search})
    assert inside.area.code == TOWNSHIPS["S"]
    assert inside.source.summary(inside.area.code, inside.filters).total is not None
    assert way_out(inside)["props"]["href"] == inside.href(publish=False)
