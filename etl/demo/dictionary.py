"""The demo's terms and how often the generator uses each of them."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

TERM_KINDS = ("category", "channel", "status", "scale")


def demo_terms() -> pd.DataFrame:
    """List the terms of the dictionary.

    Returns:
        Rows in order of kind and id: kind, id (from 1), code, name_zh, name_en.
    """
    rows = [
        (kind, number, term["code"], term["zh"], term["en"])
        for kind in TERM_KINDS
        for number, term in enumerate(terms(kind), start=1)
    ]
    return pd.DataFrame(rows, columns=["kind", "id", "code", "name_zh", "name_en"])


def terms(kind: str) -> list[dict[str, Any]]:
    """Read the terms of a kind, in order of id."""
    found: list[dict[str, Any]] = _dictionary()[kind]
    return found


def codes(kind: str) -> list[str]:
    """List the codes of a kind, in order of id."""
    return [term["code"] for term in terms(kind)]


def habit(kind: str, name: str) -> NDArray[np.float64]:
    """Read one figure (or list of figures) of every term of a kind."""
    return np.array([term["habits"][name] for term in terms(kind)], dtype=float)


@cache
def _dictionary() -> dict[str, Any]:
    text = (files("etl.demo") / "data" / "dictionary.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
