"""The tokens: both themes define every colour, text on its ground can be read."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from dashboard.settings import DashboardSettings
from dashboard.state import THEMES
from dashboard.theme import template, tokens
from geo.errors import ConfigurationError

ASSETS = DashboardSettings().assets_dir
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def lightness(colour: str) -> float:
    return 116 * luminance(colour) ** (1 / 3) - 16


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["background", "surface", "raised"])
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "good", "bad"])
def test_text_can_be_read_on_every_ground(theme: str, ground: str, ink: str) -> None:
    token = tokens(theme)
    assert contrast(token[ink], token[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_labels_and_buttons_can_be_read(theme: str) -> None:
    token = tokens(theme)
    assert contrast(token["map-label"], token["map-halo"]) >= 7
    assert contrast(token["on-accent"], token["accent"]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_the_ramp_has_even_steps_away_from_the_ground(theme: str) -> None:
    token = tokens(theme)
    steps = [lightness(token[f"ramp-{i}"]) for i in range(1, 8)]
    differences = [after - before for before, after in itertools.pairwise(steps)]
    rising = theme == "dark"
    assert all((difference > 0) == rising for difference in differences)
    assert all(8 <= abs(difference) <= 15 for difference in differences)
    assert abs(steps[0] - lightness(token["map-zero"])) >= 6


def test_the_light_theme_redefines_every_colour() -> None:
    dark, light = tokens("dark"), tokens("light")
    colours = {name for name, value in dark.items() if COLOUR.search(value)}
    assert {name for name in colours if dark[name] == light[name]} == set()


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_only_the_tokens_know_colours(path: Path) -> None:
    if path.name != "tokens.css":
        assert COLOUR.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_every_token_used_is_defined(path: Path) -> None:
    used = set(re.findall(r"var\(--([\w-]+)", path.read_text(encoding="utf-8")))
    assert used - tokens("dark").keys() == set()


def test_the_template_speaks_in_tokens() -> None:
    token = tokens("light")
    layout = template("light")["layout"]
    assert layout["font"]["color"] == token["muted"]
    assert layout["hoverlabel"]["bgcolor"] == token["raised"]


def test_a_sheet_without_tokens_is_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.css"
    empty.write_text("body { color: red; }")
    with pytest.raises(ConfigurationError, match="holds no tokens"):
        tokens("dark", empty)
    with pytest.raises(ConfigurationError, match="cannot read"):
        tokens("dark", tmp_path / "missing.css")
