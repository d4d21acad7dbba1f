"""The look of the charts, read from the page's own tokens so that both always agree."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.settings import DashboardSettings
from geo.errors import ConfigurationError

_BLOCK = re.compile(r':root(?:\[data-theme="(?P<theme>\w+)"\])?\s*\{(?P<body>[^}]*)\}')
_TOKEN = re.compile(r"--(?P<name>[\w-]+):\s*(?P<value>[^;]+);")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CHART_FONT_PX = 12


@cache
def tokens(theme: str, path: Path | None = None) -> dict[str, str]:
    """Read the tokens of a theme: the general ones, and over them the theme's own.

    Args:
        theme: ``dark`` or ``light``.
        path: the style sheet; by default the page's ``tokens.css``.

    Raises:
        ConfigurationError: the style sheet cannot be read or holds no tokens.
    """
    path = path or DashboardSettings().assets_dir / "tokens.css"
    try:
        sheet = _COMMENT.sub("", path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"cannot read the tokens {path}: {error.strerror}") from error
    found: dict[str, str] = {}
    for block in _BLOCK.finditer(sheet):
        if block["theme"] in (None, theme):
            pairs = _TOKEN.finditer(block["body"])
            found |= {pair["name"]: " ".join(pair["value"].split()) for pair in pairs}
    if not found:
        raise ConfigurationError(f"{path} holds no tokens: expected :root {{ --name: value; }}")
    return found


@cache
def template(theme: str) -> dict[str, Any]:
    """Return the plotly template of a theme: quiet axes, our face, our colours."""
    token = tokens(theme)
    axis = {
        "gridcolor": token["line"],
        "linecolor": token["line"],
        "zeroline": False,
        "tickcolor": token["line"],
        "ticks": "",
        "fixedrange": True,
    }
    return {
        "layout": {
            "font": {"family": token["face"], "size": CHART_FONT_PX, "color": token["muted"]},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [token["series"], token["ghost"], token["accent"]],
            "hoverlabel": {
                "bgcolor": token["raised"],
                "bordercolor": token["line"],
                "font": {"family": token["face"], "color": token["text"]},
            },
            "xaxis": {**axis, "showgrid": False},
            "yaxis": axis,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        }
    }
