from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.filters import Filters
from dashboard.period import Days
from dashboard.source import Source
from dashboard.state import MapState
from geo.errors import NotFoundError
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
from tests.dashboard.world import (
    CATEGORIES,
    CHANNELS,
    FIRST_DAY,
    LAST_DAY,
    STATUSES,
    Cases,
    count_cases,
)

ALL_DAYS = Days(date(2020, 1, 1), date(2030, 1, 1))
AREAS = (PROVINCE, CITY, CITY_WITHOUT_COUNTIES, SPECIAL, COUNTY, OTHER_COUNTY,
         *TOWNSHIPS.values(), cell_code("S1"), cell_code("J2"))  # fmt: skip
chosen_terms = st.fixed_dictionaries(
    {},
    optional={
        "category": st.sets(st.sampled_from(CATEGORIES), min_size=1),
        "channel": st.sets(st.sampled_from(CHANNELS), min_size=1),
        "status": st.sets(st.sampled_from(STATUSES), min_size=1),
    },
)
days = st.tuples(st.dates(FIRST_DAY, LAST_DAY), st.integers(1, 400))


def filters_of(source: Source, days: Days, terms: dict[str, set[str]]) -> Filters:
    known = source.picture.basics.terms
    return Filters(
        days,
        known.ids("category", terms.get("category", ())),
        known.ids("channel", terms.get("channel", ())),
        known.ids("status", terms.get("status", ())),
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=chosen_terms, period=days, code=st.sampled_from(AREAS))
def test_every_figure_equals_a_recount(
    source: Source,
    cases: Cases,
    terms: dict[str, set[str]],
    period: tuple[date, int],
    code: str,
) -> None:
    since, length = period
    span = Days(since, date.fromordinal(since.toordinal() + length))
    filters = filters_of(source, span, terms)

    def recount(area: str, days: Days, **more: set[str]) -> int:
        return count_cases(cases, area, days.since, days.until, **(terms | more))

    summary = source.summary(code, filters)
    assert summary.total == recount(code, span)
    allowed = terms.get("status", set(STATUSES))
    assert summary.resolved == recount(code, span, status={"resolved"} & allowed)
    assert summary.open == recount(code, span, status={"open"} & allowed)
    children = source.children(code, filters)
    for child in children.itertuples():
        assert child.count == recount(child.code, span)
    if len(children) and code != SPECIAL:
        assert children["count"].sum() == summary.total
    composition = source.composition(code, filters)
    assert composition["count"].sum() == summary.total
    trend = source.trend(code, filters)
    assert sum(count or 0 for count in trend.counts) == summary.total


@pytest.mark.parametrize("layer", ["city", "county", "township", "cell"])
def test_every_layer_of_the_province_adds_up(source: Source, cases: Cases, layer: str) -> None:
    frame = source.children(PROVINCE, Filters(ALL_DAYS), layer)
    assert frame["count"].sum() == len(cases)
    assert frame["area_id"].is_monotonic_increasing
    # The special area stands in for every level it lacks.
    assert SPECIAL in set(frame["code"])


def test_a_city_without_counties_is_a_feature_of_the_county_layer(source: Source) -> None:
    frame = source.children(PROVINCE, Filters(ALL_DAYS), "county")
    assert set(frame["code"]) == {COUNTY, OTHER_COUNTY, CITY_WITHOUT_COUNTIES, SPECIAL}
    assert source.area(CITY_WITHOUT_COUNTIES).child_level == "township"


def test_population_of_a_special_area_is_unknown(source: Source) -> None:
    frame = source.children(PROVINCE, Filters(ALL_DAYS)).set_index("code")
    assert np.isnan(frame.loc[SPECIAL, "population"])
    assert frame.loc[CITY, "population"] == 7200
    assert source.area(SPECIAL).population is None


def test_overdue_counts_open_incidents_past_their_deadline(source: Source, cases: Cases) -> None:
    summary = source.summary(PROVINCE, Filters(ALL_DAYS))
    assert summary.as_of is not None
    assert summary.as_of.date() > LAST_DAY
    late = [case for case in cases if case.status == "open" and case.deadline <= LAST_DAY]
    assert summary.overdue == len(late)
    in_county = [case for case in late if COUNTY in case.codes]
    assert source.summary(COUNTY, Filters(ALL_DAYS)).overdue == len(in_county)
    part = source.summary(COUNTY, Filters(Days(LAST_DAY - timedelta(days=60), ALL_DAYS.until)))
    assert part.overdue_in_all == len(in_county) > (part.overdue or 0)


def test_comparisons_need_data_from_their_first_day_on(source: Source, cases: Cases) -> None:
    leap = Days(date(2024, 2, 20), date(2024, 3, 1))
    summary = source.summary(PROVINCE, Filters(leap))
    assert summary.previous == count_cases(cases, PROVINCE, date(2024, 2, 10), date(2024, 2, 20))
    # Up to 29 February is compared with up to 28 February.
    assert summary.last_year == count_cases(cases, PROVINCE, date(2023, 2, 20), date(2023, 3, 1))
    early = source.summary(PROVINCE, Filters(Days(FIRST_DAY, date(2023, 2, 12))))
    assert early.total is not None
    assert early.previous is None
    assert early.last_year is None


def test_days_without_data_are_not_zero(source: Source) -> None:
    outside = Filters(Days(date(2025, 1, 1), date(2025, 2, 1)))
    assert source.summary(PROVINCE, outside).total is None
    assert source.children(PROVINCE, outside)["count"].isna().all()
    assert set(source.trend(PROVINCE, outside).counts) == {None}
    across = source.trend(PROVINCE, Filters(Days(LAST_DAY, date(2024, 3, 8))))
    assert across.counts[0] is not None
    assert across.counts[1:] == (None, None)


def test_a_period_past_the_data_is_compared_with_as_many_days(source: Source, cases: Cases) -> None:
    summary = source.summary(PROVINCE, Filters(Days(date(2024, 3, 1), date(2024, 4, 1))))
    assert summary.total == count_cases(cases, PROVINCE, date(2024, 3, 1), date(2024, 3, 6))
    assert summary.previous == count_cases(cases, PROVINCE, date(2024, 2, 25), date(2024, 3, 1))


def test_months_over_long_periods(source: Source, cases: Cases) -> None:
    trend = source.trend(PROVINCE, Filters(Days(date(2023, 3, 1), date(2024, 4, 1))))
    assert trend.unit == "month"
    assert trend.starts[-1] == date(2024, 3, 1)
    assert trend.counts[0] == count_cases(cases, PROVINCE, date(2023, 3, 1), date(2023, 4, 1))
    assert trend.last_year[0] is None
    # Of February 2023 only the last days have data: February 2024 is compared with nothing.
    assert trend.last_year[-2] is None
    # March 2024 has five days of data and is compared with as many.
    assert trend.last_year[-1] == count_cases(cases, PROVINCE, date(2023, 3, 1), date(2023, 3, 6))


VIEWERS = [
    Viewer("leader", 1, CITY),
    Viewer("leader", 1, CITY_WITHOUT_COUNTIES),
    Viewer("leader", 2, COUNTY),
    Viewer("leader", 2, CITY_WITHOUT_COUNTIES),
    Viewer("leader", 3, TOWNSHIPS["S"]),
    Viewer("leader", 3, TOWNSHIPS["J"]),
]


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.scope_key)
def test_a_viewer_sees_the_own_area_and_nothing_else(
    sources: Callable[..., Source], cases: Cases, viewer: Viewer
) -> None:
    own = sources(viewer)
    summary = own.summary(own.home, Filters(ALL_DAYS))
    mine = [case for case in cases if own.home in case.codes]
    assert summary.total == len(mine)
    assert summary.first_day == min(case.day for case in mine)
    assert own.area(own.home).parents == ()
    children = own.children(own.home, Filters(ALL_DAYS))
    assert children["count"].sum() == len(mine)
    assert own.children(own.home, Filters(ALL_DAYS), "cell")["count"].sum() == len(mine)
    assert own.search("省") == []
    for code in {PROVINCE, SPECIAL, OTHER_COUNTY, cell_code("E1")} - {viewer.scope_code}:
        if viewer.scope_code != CITY or code in (PROVINCE, SPECIAL):
            with pytest.raises(NotFoundError):
                own.summary(code, Filters(ALL_DAYS))


def test_scopes_share_a_store_but_no_figures(sources: Callable[..., Source]) -> None:
    province = sources()
    county = sources(Viewer("leader", 2, COUNTY))
    everything = Filters(ALL_DAYS)
    assert province.breaks("cell", "count", everything).highest is not None
    assert len(county.children(COUNTY, everything, "cell")) == 4
    assert len(province.children(PROVINCE, everything, "cell")) == 9
    assert county.breaks("cell", "count", everything) != province.breaks(
        "cell", "count", everything
    )


def test_an_area_is_introduced(source: Source) -> None:
    area = source.area(TOWNSHIPS["S"])
    assert [step.code for step in area.parents] == [PROVINCE, CITY, COUNTY]
    assert area.level == "township"
    assert area.layers == ("cell",)
    assert area.areas_per_layer == {"cell": 2}
    assert area.bounds == pytest.approx((100.0, 36.0, 100.02, 36.01))
    assert source.area(cell_code("S1")).child_level is None
    assert source.area(PROVINCE).layers == ("city", "county", "township", "cell")
    with pytest.raises(NotFoundError, match="no area"):
        source.area("123456")


def test_codes_that_name_no_term_are_left_out_and_named(source: Source) -> None:
    state = MapState(categories=("land", "nonsense"), statuses=("open",), channels=("x",))
    known, lost = source.known(state)
    assert known == MapState(categories=("land",), statuses=("open",))
    assert lost == ("category", "channel")
    assert source.known(known) == (known, ())
    terms = source.picture.basics.terms
    assert source.filters(known).categories == terms.ids("category", ["land"])


def test_search_finds_names_and_codes(source: Source) -> None:
    assert [found.code for found in source.search("南县")] == [COUNTY]
    assert source.search("nan county")[0].code == COUNTY
    assert source.search("9901")[0].code == CITY
    assert source.search("S镇")[0].path == "试省 › 甲市 › 南县"
    assert len(source.search("网格", limit=3)) == 3
    assert source.search("   ") == []
    assert source.search("%") == []


def test_labels_name_the_largest_first(source: Source) -> None:
    labels = source.labels(PROVINCE, "county", limit=1)
    assert list(labels["code"]) == [COUNTY]
    assert len(source.labels(PROVINCE, "county")) == 4
    assert 100.0 < labels["lon"].iloc[0] < 100.02
