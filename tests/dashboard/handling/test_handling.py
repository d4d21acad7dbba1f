"""How incidents are handled: equal to a recount, its parts to the whole, and said in words."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine
from statsmodels.stats.proportion import proportion_confint

from dashboard.components.handling import days_taken, handling_tab
from dashboard.components.panel import panel
from dashboard.filters import Filters
from dashboard.handling.answers import Handler, Outcome, Quartiles
from dashboard.handling.judging import judged
from dashboard.handling.summing import Part, outcome
from dashboard.period import Days
from dashboard.source import Source
from dashboard.store import Store
from dashboard.text import text_for
from dashboard.visit import Visit
from etl.incidents import load_incidents
from geo.database import loading
from geo.errors import NotFoundError
from geo.hierarchy import load_hierarchy
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
from tests.dashboard.markup import links, walk, words
from tests.dashboard.world import Cases, as_frame, drawn_province, make_cases
from tests.databases import opened

AREAS = (PROVINCE, CITY, CITY_WITHOUT_COUNTIES, SPECIAL, COUNTY, TOWNSHIPS["S"], cell_code("S1"))
PERIODS = (
    Days(date(2023, 1, 1), date(2025, 1, 1)),
    Days(date(2024, 1, 1), date(2024, 2, 15)),
    Days(date(2024, 2, 20), date(2024, 3, 6)),
)
ORGANISATIONS = ("调解一", "调解二", None)


@pytest.fixture(scope="module")
def cases() -> Cases:
    return make_cases(600, seed=7)


@pytest.fixture(scope="module")
def frame(cases: Cases) -> pd.DataFrame:
    """Incidents with organisations, some without a deadline or a date of resolution."""
    draw = random.Random(3)  # noqa: S311
    table = as_frame(cases)
    table["organisation"] = [draw.choice(ORGANISATIONS) for _ in cases]
    takes = [timedelta(hours=draw.choice([2, 15, 40, 200])) for _ in cases]
    done = table["received_at"] + pd.Series(takes)
    known = pd.Series([draw.random() < 0.9 for _ in cases])
    resolved = table["status"] == "resolved"
    table["resolved_at"] = done.where(resolved & known, pd.NaT)
    table["deadline"] = table["deadline"].where([draw.random() < 0.8 for _ in cases], pd.NaT)
    return table


@pytest.fixture(scope="module")
def engine(server: str, template: str, frame: pd.DataFrame) -> Iterator[Engine]:
    with drawn_province(server, template) as settings:
        with opened(settings, "loader") as loader, loading(loader) as connection:
            load_incidents(connection, [frame], load_hierarchy("china"), source="test")
        with opened(settings, "app") as app:
            yield app


@pytest.fixture
def source(engine: Engine) -> Source:
    return Source(engine, Viewer("leader", 0, PROVINCE), Store(50_000_000))


def recount(rows: pd.DataFrame, as_of: pd.Timestamp) -> dict[str, Any]:
    """The same from the rows of the file, one by one."""
    waiting = rows[rows["status"] == "open"]
    late = waiting[waiting["deadline"] < as_of]
    whole_days = (as_of - late["deadline"]).dt.days
    ends = rows[rows["resolved_at"].notna()]
    zone = "Asia/Shanghai"
    days = [
        (b.tz_convert(zone).date() - a.tz_convert(zone).date()).days
        for a, b in zip(ends["received_at"], ends["resolved_at"], strict=True)
    ]
    bands = [(0, 7), (8, 30), (31, 90), (91, 100_000)]
    return {
        "received": len(rows),
        "resolved": int((rows["status"] == "resolved").sum()),
        "open": len(waiting),
        "overdue": len(late),
        "late": tuple(int(whole_days.between(*band).sum()) for band in bands),
        "no_deadline": int(waiting["deadline"].isna().sum()),
        "days": Quartiles(*np.percentile(days, [25, 50, 75]).tolist()) if days else None,
    }


def said(outcome: Outcome) -> dict[str, Any]:
    names = ("received", "resolved", "open", "overdue", "late", "no_deadline", "days")
    return {name: getattr(outcome, name) for name in names}


def rows_of(frame: pd.DataFrame, cases: Cases, code: str, days: Days) -> pd.DataFrame:
    return frame[[code in case.codes and days.since <= case.day < days.until for case in cases]]


@pytest.mark.parametrize("days", PERIODS)
@pytest.mark.parametrize("code", AREAS)
def test_figures_equal_a_recount_and_those_of_the_panel(
    source: Source, frame: pd.DataFrame, cases: Cases, code: str, days: Days
) -> None:
    filters = Filters(days)
    as_of = pd.Timestamp(source.picture.as_of)
    rows = rows_of(frame, cases, code, days)
    found = source.handling(code, filters)
    assert said(found.total) == recount(rows, as_of)
    if found.total.received:
        low, high = proportion_confint(found.total.resolved, found.total.received, method="beta")
        assert (found.total.share_low, found.total.share_high) == pytest.approx((low, high))
    key = source.summary(code, filters)
    assert (key.total, key.resolved, key.open, key.overdue) == (
        found.total.received, found.total.resolved, found.total.open, found.total.overdue
    )  # fmt: skip
    for child in found.areas:
        assert child.code is not None
        assert said(child.outcome) == recount(rows_of(frame, cases, child.code, days), as_of)
    for each in found.organisations:
        own = rows[
            rows["organisation"].isna() if each.name is None else rows["organisation"] == each.name
        ]
        assert said(each.outcome) == recount(own, as_of)


@pytest.mark.parametrize("code", AREAS)
def test_the_backlog_is_all_that_is_open_whenever_it_occurred(source: Source, code: str) -> None:
    ever = source.handling(code, Filters(PERIODS[0]))
    now = source.backlog(code, Filters(PERIODS[2], statuses=frozenset({2})))
    for one, other in zip((ever.total, *(a.outcome for a in ever.areas)),
                          (now.total, *(a.outcome for a in now.areas)), strict=True):  # fmt: skip
        assert (one.open, one.overdue, one.late, one.no_deadline) == (
            other.received, other.overdue, other.late, other.no_deadline
        )  # fmt: skip


@pytest.mark.parametrize("code", AREAS)
def test_parts_add_up_to_the_whole(source: Source, code: str) -> None:
    for found in (
        source.handling(code, Filters(PERIODS[0])),
        source.backlog(code, Filters(PERIODS[0])),
    ):
        lists: list[tuple[Handler, ...]] = [found.organisations]
        if found.areas:
            lists.append((*found.areas, *([found.coarser] if found.coarser else [])))
        for parts in lists:
            for name in ("received", "resolved", "open", "overdue", "no_deadline"):
                total = sum(getattr(part.outcome, name) for part in parts)
                assert total == getattr(found.total, name)
            assert np.sum([part.outcome.late for part in parts], axis=0).tolist() == [
                *found.total.late
            ]


def test_terms_filter_and_scope_holds(engine: Engine, frame: pd.DataFrame, cases: Cases) -> None:
    leader = Source(engine, Viewer("leader", 3, TOWNSHIPS["N"]), Store(50_000_000))
    family = leader.picture.basics.terms.ids("category", ["family"])
    days = PERIODS[0]
    rows = rows_of(frame, cases, TOWNSHIPS["N"], days)
    found = leader.handling(TOWNSHIPS["N"], Filters(days, categories=family))
    assert found.total.received == int((rows["category"] == "family").sum())
    assert leader.backlog(TOWNSHIPS["N"], Filters(days, categories=family)).total.received == int(
        ((rows["category"] == "family") & (rows["status"] == "open")).sum()
    )
    for outside in (OTHER_COUNTY, "990999"):
        with pytest.raises(NotFoundError):
            leader.handling(outside, Filters(days))


def visit(source: Source, code: str, search: str) -> Visit:
    return Visit.at(source, {"pathname": f"/map/{code}", "search": search})


def test_a_middle_half_without_a_width_is_not_told() -> None:
    _ = text_for("en")
    assert days_taken(Quartiles(8, 8, 8), _) == "Receipt to resolution: median 8 days."
    assert "half of them 3 to 7.5" in days_taken(Quartiles(3, 5, 7.5), _)


def test_the_tab_says_what_became_of_them(source: Source) -> None:
    at = visit(source, COUNTY, "?period=all&lang=en&tab=handling&status=open")
    found = words(handling_tab(at))
    names = [f"{term.name_en[:1].upper()}{term.name_en[1:]}" for term in source.terms("status")]
    assert all(name in found for name in names)
    assert "The filter by status is left out here." in found
    assert "no deadline known " in found
    assert "(95% interval " in found
    assert "Receipt to resolution: median " in found
    assert "not recorded" in found
    whole = source.handling(COUNTY, source.filters(at.state.with_(statuses=()))).total
    assert f"Together {whole.received:,}" in found
    heads = ("What became of them", "Open now", "Outcomes by area and organisation")
    assert sorted(heads, key=found.index) == list(heads)
    assert links(handling_tab(at))["S Town"].startswith(f"/map/{TOWNSHIPS['S']}?tab=handling")
    none = words(handling_tab(visit(source, COUNTY, "?from=2030-01-01&to=2030-02-01&lang=en")))
    assert "Nothing was reported that fits these filters." in none
    assert "Open now" in none
    assert "Outcomes by area" not in none


@pytest.mark.parametrize("sort", ["name", "received", "share", "days", "overdue", "oldest"])
def test_tables_sort_the_worst_first(source: Source, sort: str) -> None:
    at = visit(source, CITY, f"?period=all&lang=en&sort={sort}")
    tables = [
        part
        for part in walk(handling_tab(at))
        if "handling" in str(getattr(part, "className", "")).split()
    ]
    assert len(tables) == 4
    # Who is late stands above how each handled them.
    outcomes = tables[2]
    sorted_heads = [part for table in tables for part in walk(table) if hasattr(part, "aria-sort")]
    assert len(sorted_heads) == 4
    found = source.handling(CITY, at.filters)
    keys = {
        "received": lambda o: -o.received,
        "share": lambda o: o.share,
        "days": lambda o: -o.days.median,
    }
    if sort in keys:
        order = sorted(found.areas, key=lambda each: (keys[sort](each.outcome), each.code))
        text = words(outcomes)
        assert text.index(order[0].name_en or "") < text.index(order[1].name_en or "")


def handler(name: str, received: int, resolved: int) -> Handler:
    found = outcome(
        Part(
            np.array([2, 1], np.int16),
            np.full(2, -1, np.int32),
            np.full(2, -1, np.int32),
            np.array([resolved, received - resolved]),
        )
    )
    return Handler(None, None, name, None, found)


def test_a_share_is_called_lower_only_where_chance_does_not_explain_it() -> None:
    found = judged([handler("a", 200, 120), handler("b", 300, 250), handler("c", 9, 6)])
    assert [each.verdict for each in found] == ["below", "above", "alike"]
    assert [each.verdict for each in judged([handler("a", 10, 3), handler("b", 0, 0)])] == [
        "alike",
        "alike",
    ]
    # Nothing was received at all; one alone is held against nobody.
    nothing = [handler("a", 0, 0), handler("b", 0, 0)]
    assert [each.verdict for each in judged(nothing)] == ["alike", "alike"]
    assert [each.verdict for each in judged([handler("a", 500, 3)])] == ["alike"]
    assert judged([]) == ()
    two = judged([handler("a", 100, 40), handler("b", 50, 40)])
    assert [each.verdict for each in two] == ["below", "above"]
    rng = np.random.default_rng(4)
    named = [
        any(
            each.verdict != "alike"
            for each in judged([handler(str(n), 80, int(rng.binomial(80, 0.8))) for n in range(15)])
        )
        for _ in range(60)
    ]
    assert np.mean(named) <= 0.12


def test_the_ranking_ignores_the_orders_of_these_tables(source: Source) -> None:
    block = panel(visit(source, CITY, "?period=all&sort=overdue&lang=en")).ranking
    (sorted_by,) = [part for part in walk(block) if hasattr(part, "aria-sort")]
    assert words(sorted_by).startswith("Number")


def test_of_thousands_of_organisations_the_rest_is_summed(
    engine: Engine, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = source.handling(PROVINCE, Filters(PERIODS[0]))
    monkeypatch.setattr("dashboard.handling.summing.MOST_ORGANISATIONS", 1)
    fresh = Source(engine, source.viewer, Store(50_000_000))
    found = fresh.handling(PROVINCE, Filters(PERIODS[0]))
    assert (len(found.organisations), found.others) == (1, 2)
    assert found.rest is not None
    received = [each.outcome.received for each in (*found.organisations, found.rest)]
    assert sum(received) == whole.total.received
    assert received[0] == max(each.outcome.received for each in whole.organisations)
    said = words(handling_tab(Visit.at(fresh, {"pathname": "/", "search": "?period=all&lang=en"})))
    assert "2 other organisations" in said
