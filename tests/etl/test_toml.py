"""What is written as TOML reads back equal."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.toml import to_toml

VALUES = st.recursive(
    st.text() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_round_trip(table: dict[str, object]) -> None:
    assert tomllib.loads(to_toml(table)) == table


def test_comments_stand_above_what_they_are_about() -> None:
    text = to_toml(
        {"a": 1, "b": {"c": 2, "d": {"e": 3}, "missing": None}},
        {"a": "first\nsecond", "b": "third", "b.c": "fourth", "b.missing": "fifth"},
    )
    assert text.splitlines() == [
        "# first",
        "# second",
        "a = 1",
        "",
        "# third",
        "[b]",
        "# fourth",
        "c = 2",
        "# fifth",
        "",
        "[b.d]",
        "e = 3",
    ]


def test_what_has_no_form() -> None:
    with pytest.raises(TypeError, match="object has no form in TOML"):
        to_toml({"a": object()})
