from dataclasses import replace
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from dashboard.comparing.state import AGAINST, SHOWS, CompareState, format_compare, parse_compare
from dashboard.state import MapState
from tests.dashboard.test_state import codes, ranges, states

compared = st.builds(
    CompareState,
    first=states,
    other=st.one_of(st.just(""), codes),
    against=st.sampled_from(AGAINST),
    days=st.one_of(st.none(), ranges),
    show=st.sampled_from(SHOWS),
)


@given(compared)
def test_reading_an_address_gives_back_what_was_written(state: CompareState) -> None:
    address = urlsplit(format_compare(state))
    assert address.path.startswith("/compare")
    assert parse_compare(address.path, address.query) == (state, ())


@given(st.text(), st.text())
def test_any_address_can_be_read(path: str, search: str) -> None:
    parse_compare(f"/compare/{path}", search)


def test_what_is_not_understood_is_noted() -> None:
    search = "?with=<>&against=never&from2=2024-02-30&to2=2024-03-01&metric=rate"
    state, notes = parse_compare("/compare/620102", search)
    assert state == CompareState(MapState(area="620102", metric="rate"))
    assert notes == ("with", "against", "from2")


def test_another_area_drops_the_one_compared_with() -> None:
    state = CompareState(MapState(area="1"), other="2", against="before")
    assert state.href(area="3") == "/compare/3?against=before"
    assert state.href(metric="rate") == "/compare/1?metric=rate&with=2&against=before"
    assert replace(state, other="").href() == "/compare/1?against=before"
