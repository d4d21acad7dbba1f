"""Campaigns: added by a form, found with their effect beyond the surroundings, closed, scoped."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise
from urllib.parse import urlencode

import numpy as np
import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, text

from dashboard.campaigns.campaign import Campaign, Draft, read_day, read_draft
from dashboard.campaigns.chart import NARROW, WIDE, chart_of
from dashboard.campaigns.effect import Course, Effect, effect_of, steps_of
from dashboard.campaigns.keeping import Campaigns
from dashboard.campaigns.words import effect_sentences
from dashboard.components.panel import panel
from dashboard.period import Days
from dashboard.source import Source
from dashboard.store import Store
from dashboard.text import text_for
from dashboard.visit import Visit
from geo.beforeafter import AFTER, BEFORE, DURING, before_after
from geo.settings import DatabaseSettings
from geo.viewer import Viewer
from tests.areas import CITY, COUNTY, OTHER_COUNTY, PROVINCE, TOWNSHIPS, cell_code
from tests.dashboard.conftest import PROVINCE_VIEWER
from tests.dashboard.markup import words
from tests.dashboard.server.conftest import Clients
from tests.dashboard.visitors import Visitors
from tests.dashboard.world import Cases, count_cases, drawn_province, make_cases
from tests.databases import opened

OpenAs = Callable[[str], FlaskClient]
ENGLISH = text_for("en")
DAYS = Days(date(2023, 9, 4), date(2023, 10, 16))
FACTOR = 4
"""As in the demo: in one area, from one day to another, four times as many of one category."""

FORM = {
    "name": " Wages  week ",
    "area": TOWNSHIPS["S"],
    "from": "2023-09-04",
    "to": "2023-10-15",
    "category": "family",
    "channel": "",
}


GONE = f"{TOWNSHIPS['S']}999"
SEPTEMBER = {"from": "2023-09-01", "to": "2023-09-30"}


@pytest.fixture(scope="module")
def planted() -> Cases:
    """More cases of the category for a time, everywhere; and four times as many in a township."""
    draw = random.Random(3)  # noqa: S311
    cases, extra = make_cases(2600, seed=5), Cases()
    number = len(cases)
    for case in cases:
        if case.category != "family" or not DAYS.since <= case.day < DAYS.until:
            continue
        copies = (FACTOR if case.place.startswith("S") else 1) * 2 - 1
        for _ in range(copies):
            day = DAYS.since + timedelta(days=draw.randrange(len(DAYS)))
            extra.append(replace(case, number=number, day=day, deadline=day + timedelta(days=9)))
            number += 1
    return Cases([*cases, *extra])


@pytest.fixture(scope="module")
def campaign_world(server: str, template: str, planted: Cases) -> Iterator[DatabaseSettings]:
    with drawn_province(server, template, planted) as settings:
        yield settings


@pytest.fixture(scope="module")
def campaign_engine(campaign_world: DatabaseSettings) -> Iterator[Engine]:
    with opened(campaign_world, "app") as engine:
        yield engine


def campaign(area: str, categories: tuple[str, ...] = ("family",), days: Days = DAYS) -> Campaign:
    return Campaign(
        1, "x", area, categories, (), days, "wang", datetime(2024, 1, 1, tzinfo=UTC), None
    )


def found_by(engine: Engine, viewer: Viewer, **asked: object) -> Effect | None:
    return effect_of(Source(engine, viewer, Store(50_000_000)), campaign(**asked))  # type: ignore[arg-type]


def test_the_planted_campaign_is_found_beyond_what_moved_everywhere(
    campaign_engine: Engine, planted: Cases
) -> None:
    found = found_by(campaign_engine, PROVINCE_VIEWER, area=TOWNSHIPS["S"])
    assert found is not None
    assert found.parent is not None and found.parent.code == COUNTY  # noqa: PT018
    for phase, since, until in (
        (BEFORE, DAYS.since - timedelta(days=56), DAYS.since),
        (DURING, DAYS.since, DAYS.until),
        (AFTER, DAYS.until, DAYS.until + timedelta(days=56)),
    ):
        inside, county = (
            count_cases(planted, code, since, until, category=["family"])
            for code in (TOWNSHIPS["S"], COUNTY)
        )
        assert found.course.total(phase) == (inside, county - inside)
        assert found.course.days(phase) == (until - since).days
    assert found.against is not None
    during, after = found.against.during, found.against.after
    assert during is not None
    assert during.low < FACTOR < during.high
    assert during.is_distinct
    assert after is not None
    assert not after.is_distinct
    assert found.against == before_after(
        found.course.inside, found.course.outside, found.course.phase
    )
    # Against itself alone it would look twice as large: everything had twice as many then.
    assert found.plain is not None and found.plain.ratio > 1.5 * FACTOR  # noqa: PT018
    said = " ".join(effect_sentences("S", found, ENGLISH))
    assert "While it ran, incidents in S changed by +" in said
    assert "More than chance explains" in said


def test_an_area_without_the_campaign_has_no_effect(campaign_engine: Engine) -> None:
    other = found_by(campaign_engine, PROVINCE_VIEWER, area=OTHER_COUNTY, categories=("land",))
    assert other is not None and other.against is not None  # noqa: PT018
    assert other.against.during is not None
    assert not other.against.during.is_distinct


def test_without_an_outside_in_view_it_says_so(campaign_engine: Engine) -> None:
    own = found_by(campaign_engine, Viewer("leader", 2, COUNTY), area=COUNTY)
    assert own is not None
    assert (own.parent, own.against) == (None, None)
    said = effect_sentences("C", own, ENGLISH)
    assert "the general trend is not taken away" in said[-1]
    later = Days(date(2030, 1, 1), date(2030, 2, 1))
    assert found_by(campaign_engine, PROVINCE_VIEWER, area=CITY, days=later) is None
    gone = ("no-such-term",)
    assert found_by(campaign_engine, PROVINCE_VIEWER, area=CITY, categories=gone) is None


def test_steps_share_no_phase_and_leave_no_day_out() -> None:
    covered = Days(date(2023, 2, 10), date(2024, 3, 6))
    steps, phase = steps_of(DAYS, covered)
    assert [a.until for a in steps[:-1]] == [b.since for b in steps[1:]]
    assert steps[0].since == DAYS.since - timedelta(days=56)
    assert steps[-1].until == DAYS.until + timedelta(days=56)
    assert {len(step) for step in steps} == {7}
    assert np.bincount(phase).tolist() == [8, 6, 8]
    late, phases = steps_of(Days(date(2024, 2, 1), date(2024, 5, 1)), covered)
    assert late[-1].until == covered.until
    assert set(phases.tolist()) == {BEFORE, DURING}
    long, _ = steps_of(
        Days(date(2021, 1, 1), date(2024, 1, 1)), Days(date(2015, 1, 1), date(2030, 1, 1))
    )
    assert len(long) <= 80


def test_dates_below_the_chart_do_not_lie_on_each_other() -> None:
    covered = Days(date(2020, 1, 1), date(2025, 1, 1))
    for days in (Days(DAYS.since, DAYS.since + timedelta(days=3)), DAYS):
        steps, phase = steps_of(days, covered)
        for width in (NARROW, WIDE):
            chart = chart_of(Course(steps, phase, phase * 0 + 9, phase * 0), width)
            assert chart is not None
            at = [place - 84 if anchor == "end" else place for place, anchor, _ in chart.dates]
            assert all(late - early >= 84 for early, late in pairwise(at))
            assert min(at) >= 0
            assert max(at) + 84 <= width
            assert days.since in [first for *_, first in chart.dates]


def test_the_chart_stands_on_the_mean_before() -> None:
    steps, phase = steps_of(DAYS, Days(date(2020, 1, 1), date(2025, 1, 1)))
    counts = np.where(phase == DURING, 30, 10)
    chart = chart_of(Course(steps, phase, counts, counts * 0))
    assert chart is not None
    assert chart.outside == ""
    assert [percent for _, percent in chart.levels] == [0, 100, 200, 300]
    heights = {percent: height for height, percent in chart.levels}
    first, *_, last = [float(pair.split()[1]) for pair in _pairs(chart.inside)]
    assert first == last == pytest.approx(heights[100], abs=0.1)
    assert chart_of(Course(steps, phase, counts * (phase == DURING), counts)) is None


def _pairs(path: str) -> list[str]:
    numbers = path.removeprefix("M").split()
    return [" ".join(numbers[at : at + 2]) for at in range(0, len(numbers), 2)]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"area": "../x"}, "area"),
        ({"from": ""}, "from"),
        ({"from": "2023-02-30"}, "from"),
        ({"from": "04/09/2023"}, "from"),
        ({"from": "1989-12-31"}, "from"),
        ({"to": "2200-01-01"}, "to"),
        ({"to": "tomorrow"}, "to"),
        ({"to": "2023-09-01"}, "order"),
        ({"to": "2029-09-01"}, "length"),
    ],
)
def test_a_form_that_does_not_fit_says_what_is_wrong(change: dict[str, str], problem: str) -> None:
    assert read_draft(FORM | change) == problem
    assert read_draft({}) == "name"


@pytest.mark.parametrize(
    "written",
    [
        "2023-09-04",
        " 2023-9-4 ",
        "2023/9/04",
        "2023.9.4",
        "20230904",
        "2023年9月4日",
        "２０２３－０９－０４",
    ],
)
def test_a_day_is_read_as_people_write_it(written: str) -> None:
    assert read_day(written) == DAYS.since


def test_a_form_that_fits() -> None:
    assert read_draft(FORM) == Draft("Wages week", TOWNSHIPS["S"], "family", "", DAYS)


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return unescape(answer.get_data(as_text=True))


@pytest.fixture
def open_as(clients: Clients, campaign_engine: Engine, campaign_world: DatabaseSettings) -> OpenAs:
    """Open a client of a viewer such as ``leader@county:990101``."""
    guests = Visitors(campaign_world, campaign_engine)
    return lambda viewer: clients(viewer, campaign_engine, guests)


def test_added_found_and_closed_within_the_scope(open_as: OpenAs) -> None:
    leader = open_as(f"leader@county:{COUNTY}")
    assert "No campaign has been added yet" in page(leader, "/campaigns?lang=en")
    refused = leader.post("/campaigns/new", data=FORM | {"to": "2023-01-01", "lang": "en"})
    assert refused.status_code == 422
    told = unescape(refused.get_data(as_text=True))
    assert 'value=" Wages  week "' in told
    marked = r'name="to"[^>]*aria-describedby="campaign-wrong"'
    (field,) = re.findall(marked, refused.get_data(as_text=True))
    assert 'value="2023-01-01"' in field
    assert told.count("aria-invalid") == 1
    assert "The last day is before the first day." in told
    assert f"/campaigns?name=+Wages++week+&area={TOWNSHIPS['S']}&from=2023-09-04" in told, (
        "another language or theme keeps what was filled in"
    )
    outside = leader.post("/campaigns/new", data=FORM | {"area": TOWNSHIPS["E"], "lang": "en"})
    missing = leader.post("/campaigns/new", data=FORM | {"area": "990102999", "lang": "en"})
    assert outside.status_code == missing.status_code == 422
    assert "Choose an area in your scope" in outside.get_data(as_text=True)
    unknown = leader.post("/campaigns/new", data=FORM | {"category": "gone", "lang": "en"})
    assert unknown.status_code == 422
    assert "Choose a category from the list" in unknown.get_data(as_text=True)
    added = leader.post("/campaigns/new", data=FORM | {"lang": "en"})
    assert added.status_code == 303
    where = added.headers["Location"]
    shown = page(leader, where)
    assert "Wages week" in shown
    assert "More than chance explains" in shown
    assert "<svg" in shown
    wall = page(open_as(f"wall@province:{PROVINCE}"), "/campaigns?lang=en")
    assert "Wages week" in wall
    assert "More than chance explains" in wall
    assert "campaign-change worse" in wall
    assert "Campaigns are added and closed by" in wall
    number = where.split("?")[0]
    for stranger in (f"leader@county:{OTHER_COUNTY}", f"leader@township:{TOWNSHIPS['N']}"):
        other = open_as(stranger)
        page(other, number, 404)
        assert "Wages week" not in page(other, "/campaigns")
        assert other.post(f"{number}/close").status_code == 404
    approver = open_as(f"approver@county:{COUNTY}")
    assert approver.post("/campaigns/new", data=FORM).status_code == 403
    assert '<form method="post" action="/campaigns/new"' not in page(approver, "/campaigns")
    page(leader, "/campaigns/99999999999999999999", 404)
    assert leader.post(f"{number}/close", data={"lang": "en"}).status_code == 303
    assert "closed" in page(leader, "/campaigns?lang=en")
    assert leader.post(f"{number}/close").status_code == 404


def test_what_is_not_understood_in_an_address_is_remarked(open_as: OpenAs) -> None:
    leader = open_as(f"leader@county:{COUNTY}")
    asked = FORM | {"name": "Remarked", "lang": "en"}
    number = leader.post("/campaigns/new", data=asked).headers["Location"].split("?")[0]
    strange = "lang=en&mop=%3Cb%3E&theme=x&lang=zh&area="
    said = page(leader, f"/campaigns?{strange}")
    assert "Not understood in the address: theme, mop " in said
    assert "Given more than once in the address: lang" in said
    assert "Empty in the address, so left out: area" in said
    assert "Not understood in the address: area" in page(leader, f"{number}?lang=en&area=1")
    many = "&".join(f"theme=light&p{n}=1" for n in range(60))
    assert "entry-notice" not in page(leader, f"/campaigns?{many}"), "it was read all the same"
    # From page to page along every link, the remark is never made of what they write themselves.
    waiting, known = ["/campaigns"], {"/campaigns"}
    while waiting:
        shown = page(leader, waiting.pop())
        assert "entry-notice" not in shown
        found = {href.partition("#")[0] for href in re.findall(r'href="(/campaigns[^"]*)"', shown)}
        waiting += found - known
        known |= found
    assert {number, f"{number}?theme=light", "/campaigns?lang=en"} <= known
    assert any("name=Remarked" in href for href in known)


def test_adding_changing_and_closing_are_in_the_audit_log(
    clients: Clients, campaign_engine: Engine, campaign_world: DatabaseSettings
) -> None:
    guests = Visitors(campaign_world, campaign_engine)
    viewer = f"leader@county:{COUNTY}"
    leader = clients(viewer, campaign_engine, guests)
    where = leader.post("/campaigns/new", data=FORM | {"name": "Told"}).headers["Location"]
    assert leader.post("/campaigns/new", data=FORM | {"area": TOWNSHIPS["E"]}).status_code == 422
    changed = FORM | {"name": "Told", "to": "2023/9/30", "category": "", "area": COUNTY}
    assert leader.post(f"{where}/change", data=changed).status_code == 303
    assert leader.post(f"{where}/change", data=changed).status_code == 303, "without a line"
    assert leader.post(f"{where}/close").status_code == 303
    assert leader.post(f"{where}/close").status_code == 404
    query = text(
        "SELECT action, actor, role, scope_code, request_id IS NOT NULL, detail FROM audit"
        " WHERE detail ->> 'name' = 'Told' ORDER BY audit_id"
    )
    with opened(campaign_world, "admin") as owner, owner.connect() as connection:
        lines = [tuple(row) for row in connection.execute(query)]
    number = int(where.rsplit("/", 1)[1])
    days, later = "2023-09-04 – 2023-10-15", "2023-09-04 – 2023-09-30"
    told = {"campaign": number, "name": "Told", "area": TOWNSHIPS["S"], "days": days}
    by = (guests.account(viewer).login, "leader", COUNTY, True)
    assert lines == [
        ("campaign_added", *by, told | {"category": "family", "channel": ""}),
        (
            "campaign_changed",
            *by,
            told | {"days": [days, later], "category": ["family", "–"], "channel": ""},
        ),
        ("campaign_closed", *by, told | {"days": later}),
    ]


def test_an_open_campaign_is_changed_within_the_scope(open_as: OpenAs) -> None:
    leader = open_as(f"leader@county:{COUNTY}")
    where = leader.post("/campaigns/new", data=FORM).headers["Location"]
    shown = page(leader, f"{where}?lang=en")
    assert 'value="2023-09-04"' in shown
    assert 'name="area"' not in shown, "a campaign stays where it is"
    better = FORM | {"name": "Better", "to": "20231022", "category": "", "lang": "en"}
    refused = leader.post(f"{where}/change", data=better | {"to": "2023-09-01"})
    assert refused.status_code == 422
    said = refused.get_data(as_text=True)
    assert "The last day is before the first day." in said
    assert 'value="Better"' in said
    gone = leader.post(f"{where}/change", data=better | {"channel": "gone"})
    assert gone.status_code == 422
    assert '<option value="gone" selected>gone</option>' in gone.get_data(as_text=True)
    assert leader.post(f"{where}/change", data=better).status_code == 303
    assert "Better" in page(leader, where)
    assert "2023-10-22" in page(leader, where)
    for stranger in (f"leader@county:{OTHER_COUNTY}", f"leader@township:{TOWNSHIPS['N']}"):
        other = open_as(stranger)
        assert other.post(f"{where}/change", data=better).status_code == 404
    approver = open_as(f"approver@county:{COUNTY}")
    assert approver.post(f"{where}/change", data=better).status_code == 403
    assert "/change" not in page(approver, where)
    leader.post(f"{where}/close")
    assert leader.post(f"{where}/change", data=better).status_code == 404
    assert "/change" not in page(leader, where)


@contextmanager
def ended(world: DatabaseSettings, code: str) -> Iterator[None]:
    """Have an area be no longer in force for a time, as a later edition would."""
    over = text("UPDATE gridboard.area SET valid_to = :day WHERE code = :code")
    moved = text("UPDATE gridboard.revision SET number = number + 1 WHERE kind = 'area'")
    with opened(world, "admin") as owner:
        for day in (date(2024, 1, 1), None):
            with owner.begin() as connection:
                connection.execute(over, {"day": day, "code": code})
                connection.execute(moved)
            if day:
                yield


def test_a_campaign_of_an_area_that_is_gone_offers_no_change(
    open_as: OpenAs, campaign_world: DatabaseSettings
) -> None:
    leader, cell = open_as(f"leader@county:{COUNTY}"), cell_code("S1")
    given = FORM | {"name": "Yard", "area": cell, "lang": "en"}
    where = leader.post("/campaigns/new", data=given).headers["Location"].split("?")[0]
    assert f'action="{where}/change"' in page(leader, where)
    why = "Its area is no longer in force, so it can be neither changed nor closed."
    with ended(campaign_world, cell):
        shown = page(leader, f"{where}?lang=en")
        assert why in shown
        assert f"{where}/change" not in shown
        assert f"{where}/close" not in shown
        assert f"/map/{cell}" not in shown
        assert page(leader, "/campaigns?lang=en").count("its area is no longer in force") == 2
        for deed, title in (("change", "not changed"), ("close", "not closed")):
            refused = leader.post(f"{where}/{deed}", data=given)
            told = unescape(refused.get_data(as_text=True))
            assert refused.status_code == 409
            assert f"<b>The campaign was {title}</b>" in told
            assert told.count(why) == 1
            assert 'role="alert"' in told
        again = page(leader, f"/campaigns?area={GONE}&lang=en")
        first = again.partition('<select id="campaign-area"')[2].partition("</option>")[0]
        assert first.endswith("Choose an area in your scope."), "no other area is chosen unasked"
        assert leader.post("/campaigns/new", data=given).status_code == 422
        for stranger, status in (
            (f"leader@county:{OTHER_COUNTY}", 404),
            (f"approver@county:{COUNTY}", 403),
        ):
            assert open_as(stranger).post(f"{where}/close").status_code == status
        assert why not in page(open_as(f"leader@county:{OTHER_COUNTY}"), "/campaigns?lang=en")
    assert leader.post(f"{where}/close").status_code == 303
    with ended(campaign_world, cell):
        assert leader.post(f"{where}/close").status_code == 404, "it is closed already"


def test_the_top_line_is_that_of_every_page(
    clients: Clients, campaign_engine: Engine, campaign_world: DatabaseSettings
) -> None:
    guests = Visitors(campaign_world, campaign_engine)
    viewer = f"admin@county:{COUNTY},county:{OTHER_COUNTY}"
    admin, account = clients(viewer, campaign_engine, guests), guests.account(viewer)
    where = admin.post("/campaigns/new", data=FORM).headers["Location"].split("?")[0]
    for path, kept in (("/campaigns?name=A+b&lang=en", "name=A+b&"), (f"{where}?lang=en", "")):
        top = page(admin, path).partition("<header")[2].partition("</header>")[0]
        here = path.partition("?")[0]
        names = ("Map", "Compare", "Brief", "Campaigns", "Data", "People")
        marks = ['aria-current="true"' if name == "Campaigns" else "" for name in names]
        for name, mark in zip(names, marks, strict=True):
            assert re.search(rf'href="/{name.lower()}\?lang=en" ?{mark}>{name}<', top), name
        assert f'href="{here}?{kept}lang=en&theme=light"' in top
        named = 'title="Chinese or English" class="button" aria-label="Chinese or English"'
        assert f'<a href="{f"{here}?{kept}".rstrip("?&")}" {named}>中文</a>' in top
        assert re.search(r'<details class="menu"><summary id="menu-who"', top)
        assert f"<b>{account.name}</b><span>{account.login} · Administrator</span>" in top
        assert 'href="/account?lang=en">My account<' in top
        assert '<form method="POST" action="/session/scope?lang=en">' in top
        assert f'name="scope" value="county-{OTHER_COUNTY}"' in top
        assert '<form method="POST" action="/log-out?lang=en">' in top
    wall = clients(f"wall@county:{COUNTY}", campaign_engine, guests)
    assert "People" not in page(wall, "/campaigns?lang=en").partition("</header>")[0]
    assert admin.post(f"{where}/close").status_code == 303


def test_a_village_is_told_of_campaigns_in_its_cells(
    campaign_engine: Engine, campaign_world: DatabaseSettings
) -> None:
    viewer, cell = Viewer("leader", 2, COUNTY, "wang"), cell_code("S1")
    area = Source(campaign_engine, viewer, Store(50_000_000)).area(TOWNSHIPS["S"])
    kept = Campaigns(campaign_engine, viewer)
    number = kept.add(Draft("Yard", cell, "", "", DAYS))
    found = text("UPDATE gridboard.area SET village_code = :village WHERE code = :cell")
    with opened(campaign_world, "admin") as owner:
        for village, told in (("990101001900", [number]), (None, [])):
            with owner.begin() as connection:
                connection.execute(found, {"village": village, "cell": cell})
            inside = kept.of_area(replace(area, code="990101001900", parents=()), DAYS)
            assert [each.campaign_id for each in inside] == told
    kept.close(number or 0)


def test_the_tab_about_time_tells_and_marks_them(
    clients: Clients, campaign_engine: Engine, campaign_world: DatabaseSettings
) -> None:
    viewer = Viewer("leader", 2, COUNTY, "wang")
    kept = Campaigns(campaign_engine, viewer)
    drafts = [
        Draft("Own", COUNTY, "", "", DAYS),
        Draft("Inside", TOWNSHIPS["S"], "family", "", DAYS),
        Draft("Beside", TOWNSHIPS["N"], "", "", DAYS),
        Draft("Past", COUNTY, "", "", Days(date(2023, 3, 1), date(2023, 4, 1))),
        Draft("Closed", COUNTY, "", "", DAYS),
    ]
    numbers = [kept.add(draft) for draft in drafts]
    kept.close(numbers[-1] or 0)
    source = Source(campaign_engine, viewer, Store(50_000_000))

    def looked(code: str, **more: str) -> tuple[str, list[str]]:
        search = "?" + urlencode({"tab": "time", "lang": "en", **SEPTEMBER, **more})
        found = panel(Visit.at(source, {"pathname": f"/map/{code}", "search": search}))
        assert found.trend is not None
        names = [each["text"] for each in found.trend["layout"].get("annotations", [])]
        assert ("campaign" in words(found.trend_head).split()) == bool(names)
        return words(found.tab), names

    said, names = looked(COUNTY)
    assert names == ["Own"], "what happens in a part of it is told, not marked"
    own, inside = "Own 2023-09-04 – 2023-10-15", "Inside S Town · 2023-09-04 – 2023-10-15"
    for expected in (own, inside, "Beside", "All campaigns"):
        assert expected in said
    assert "95% interval" in said
    assert "against the time before alone" in said, "a county leader sees nothing around the county"
    assert "Past" not in said
    assert "Closed" not in said
    said, names = looked(TOWNSHIPS["S"])
    assert names == ["Inside"], "those of the county and of the township begin on one day"
    assert "Own" in said
    assert "Beside" not in said
    said, names = looked(COUNTY, **{"from": "2023-12-01", "to": "2023-12-31"})
    assert "None is known for this area and these days." in said
    assert names == []


def test_a_draw_of_the_tab_about_time_reads_them_once(campaign_engine: Engine) -> None:
    source = Source(campaign_engine, Viewer("leader", 2, COUNTY, "wang"), Store(50_000_000))
    search = "?" + urlencode({"tab": "time", "lang": "en", **SEPTEMBER})
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(campaign_engine, "before_cursor_execute", note)
    try:
        found = panel(Visit.at(source, {"pathname": f"/map/{COUNTY}", "search": search}))
    finally:
        event.remove(campaign_engine, "before_cursor_execute", note)
    assert "Campaigns in these days" in words(found.tab)
    assert len([each for each in asked if "FROM campaign" in each]) == 1
