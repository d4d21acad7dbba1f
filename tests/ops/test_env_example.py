"""The example of settings and the settings classes say the same."""

import re

import pytest
from pydantic.fields import FieldInfo

from dashboard.cli import SETTINGS
from tests.cluster import CHECKOUT

EXAMPLE = (CHECKOUT / ".env.example").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"^# (GRIDBOARD_\w+)=(.*)$", EXAMPLE, re.MULTILINE))
FIELDS = {
    f"GRIDBOARD_{name}".upper(): field
    for settings in SETTINGS
    for name, field in settings.model_fields.items()
}


def test_every_setting_is_shown_and_nothing_else() -> None:
    assert set(SHOWN) == set(FIELDS)


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_the_shown_value_is_the_default(name: str) -> None:
    assert SHOWN[name] == default_of(FIELDS[name])


def default_of(field: FieldInfo) -> str:
    """The default as one would write it; empty where there is none or the machine decides."""
    decided = field.default_factory is not None or field.default is None
    return "" if decided else str(field.default)


def test_the_example_can_be_taken_as_it_is() -> None:
    """Every line is a comment or empty, so that a mere copy changes nothing."""
    assert all(line.startswith("#") for line in EXAMPLE.splitlines() if line)


def test_an_empty_value_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that was uncommented but not filled in means the default, not an empty path."""
    for name in FIELDS:
        monkeypatch.setenv(name, "")
    for settings in SETTINGS:
        assert settings() == settings.model_construct()
