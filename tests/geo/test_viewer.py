"""Viewers: what a scope is called in the database and in addresses, and what is no scope."""

import pytest

from geo.errors import ConfigurationError
from geo.hierarchy import SLOTS
from geo.viewer import SCOPES, Viewer


def test_scopes_are_the_widest_slots() -> None:
    assert SLOTS[: len(SCOPES)] == SCOPES


def test_names_of_a_scope() -> None:
    viewer = Viewer("leader", 2, "620102")
    assert viewer.database_role == "gridboard_county"
    assert viewer.scope_key == "county-620102"


@pytest.mark.parametrize(
    ("role", "slot", "code", "message"),
    [
        ("guest", 0, "620000", "unknown role 'guest'"),
        ("leader", 5, "620102001001001", "slot 5"),
        ("leader", -1, "620000", "slot -1"),
        ("leader", 2, "", "no area code"),
        ("leader", 2, "620102'; RESET ROLE; --", "no area code"),
        ("leader", 2, "../620102", "no area code"),
        ("leader", 2, "620102\n", "no area code"),
    ],
)
def test_what_is_no_viewer(role: str, slot: int, code: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Viewer(role, slot, code)
