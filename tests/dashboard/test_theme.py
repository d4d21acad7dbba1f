"""The tokens: both themes define every colour, text on its ground can be read."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import numpy as np
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


SEEN = {
    # Machado, G. M. et al. (2009), A physiologically-based model for simulation of color vision
    # deficiency, IEEE Transactions on Visualization and Computer Graphics 15, severity 1.0.
    "all": np.eye(3),
    "no red": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no green": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no blue": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def as_seen(colours: list[str], eyes: str) -> np.ndarray:
    """CIELAB of colours as such eyes see them."""
    parts = np.array([[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in colours])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.transpose(SEEN[eyes]), 0, 1)
    xyz = seen @ _XYZ.T / [0.9505, 1, 1.089]
    bent = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = bent.T
    return np.column_stack([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize(("names", "count"), [(("gi-hot", "gi-cold"), 3), (("hot", "cold"), 8)])
def test_swatches_of_spots_are_told_apart_by_all_eyes(
    theme: str, eyes: str, names: tuple[str, str], count: int
) -> None:
    token = tokens(theme)
    swatches = [token[f"{name}-{i}"] for name in names for i in range(1, count + 1)]
    seen = as_seen([*swatches, token["map-zero"]], eyes)
    apart = np.linalg.norm(seen[:, None] - seen[None], axis=2)
    assert apart[~np.eye(len(seen), dtype=bool)].min() >= 7


def test_the_light_theme_redefines_every_colour() -> None:
    dark, light = tokens("dark"), tokens("light")
    coloured = {name for name, value in dark.items() if COLOUR.search(value)}
    colours = {name for name in coloured if not name.startswith("paper")}
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
