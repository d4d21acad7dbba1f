from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.period import PRESETS, Days, Period
from dashboard.state import (
    LANGUAGES,
    METRICS,
    PER,
    PLAY_STEPS,
    RADII_M,
    SORTS,
    TABS,
    THEMES,
    VIEWS,
    MapState,
    filter_parameters,
    format_url,
    parse,
)

codes = st.from_regex(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,31}", fullmatch=True)
terms = st.text(
    st.characters(blacklist_categories=("C", "Z")) | st.sampled_from(" ,%+&=#"),
    min_size=1,
    max_size=20,
)
chosen = st.sets(terms, max_size=5).map(lambda found: tuple(sorted(found)))
ranges = st.tuples(
    st.dates(date(1900, 1, 1), date(2199, 12, 30)), st.dates(date(1900, 1, 1), date(2199, 12, 30))
).map(lambda pair: Days.between(min(pair), max(pair)))
periods = st.one_of(
    st.sampled_from(PRESETS).map(lambda preset: Period(preset=preset)),
    ranges.map(lambda days: Period.over(days)),
)
cameras = st.tuples(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 22))
states = st.builds(
    MapState,
    area=st.one_of(st.just(""), codes),
    metric=st.sampled_from(METRICS),
    view=st.sampled_from(VIEWS),
    per=st.sampled_from(PER),
    smooth=st.booleans(),
    radius_m=st.one_of(st.none(), st.integers(*RADII_M)),
    tab=st.sampled_from(TABS),
    play=st.sampled_from(["", *PLAY_STEPS]),
    publish=st.booleans(),
    layer=st.one_of(st.just(""), codes),
    period=periods,
    categories=chosen,
    channels=chosen,
    statuses=chosen,
    scale=st.one_of(st.none(), ranges),
    sort=st.sampled_from(SORTS),
    lang=st.sampled_from(LANGUAGES),
    theme=st.sampled_from(THEMES),
    at=st.one_of(st.none(), cameras),
)


@given(state=states)
def test_what_is_written_is_read_back(state: MapState) -> None:
    path, _, query = format_url(state).partition("?")
    assert parse(path, query) == (state, ())
    assert parse(path, f"?{query}") == (state, ())


@given(path=st.one_of(st.none(), st.text()), query=st.one_of(st.none(), st.text()))
def test_anything_can_be_read(path: str | None, query: str | None) -> None:
    state, _ = parse(path, query)
    assert parse(*format_url(state).partition("?")[::2]) == (state, ())


@given(
    query=st.dictionaries(
        st.sampled_from(
            ["metric", "view", "layer", "from", "to", "period", "category", "scale_from",
             "scale_to", "sort", "lang", "theme", "at", "per", "smooth", "radius", "tab", "play",
             "publish"]
        ),
        st.text(max_size=20),
    )
)  # fmt: skip
def test_bad_values_fall_back_and_are_named(query: dict[str, str]) -> None:
    from urllib.parse import urlencode

    state, notes = parse("/map/620102", urlencode(query))
    assert set(notes) <= set(query) | {"from", "scale_from"}
    assert state.area == "620102"


def test_defaults_are_left_out() -> None:
    assert format_url(MapState()) == "/map/"
    assert format_url(MapState(area="620102", metric="rate")) == "/map/620102?metric=rate"
    ranged = MapState(period=Period.over(Days(date(2024, 1, 1), date(2024, 2, 1))))
    assert format_url(ranged) == "/map/?from=2024-01-01&to=2024-01-31"


@pytest.mark.parametrize(
    ("query", "noted"),
    [
        ("metric=sum", ("metric",)),
        ("from=2024-02-30&to=2024-03-01", ("from",)),
        ("to=2024-03-01", ("from",)),
        ("from=2024-03-02&to=2024-03-01", ("from",)),
        ("from=20240301&to=20240302", ("from",)),
        ("period=forever", ("period",)),
        ("category=a,b%00c", ("category",)),
        (f"category={'x' * 101}", ("category",)),
        ("category=" + ",".join(map(str, range(257))), ("category",)),
        ("at=1,2", ("at",)),
        ("at=nan,nan,3", ("at",)),
        ("at=inf,0,3", ("at",)),
        ("layer=../x", ("layer",)),
        ("unknown=1", ()),
        ("metric=", ()),
    ],
)
def test_what_is_not_understood_is_noted(query: str, noted: tuple[str, ...]) -> None:
    assert parse("/map/620000", query) == (MapState(area="620000"), noted)


def test_a_path_that_names_no_area_is_noted() -> None:
    assert parse("/map/%2e%2e%2f", "") == (MapState(), ("area",))
    assert parse("/elsewhere", "") == (MapState(), ())
    assert parse("/map/620102/", "")[0].area == "620102"


def test_the_last_of_a_repeated_parameter_counts() -> None:
    assert parse("/map/", "metric=rate&metric=density")[0].metric == "density"


def test_a_camera_goes_with_its_area() -> None:
    state = MapState(area="620100", at=(103.8, 36.0, 9.0))
    assert state.with_(metric="rate").at == state.at
    assert state.with_(area="620102").at is None


def test_filters_as_parameters_of_data_requests() -> None:
    state = MapState(categories=("a", "b"), statuses=("open",))
    assert filter_parameters(state) == {"category": "a,b", "status": "open"}
