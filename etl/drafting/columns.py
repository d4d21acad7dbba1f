"""Which column holds what: told by its name first, by what it holds where no name helps."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pandas as pd

from etl.drafting.dictionaries import known_share
from etl.drafting.formats import find_formats
from etl.profiles import EPOCH, EPOCH_MS, EXCEL
from etl.terms import KINDS
from etl.texts import as_number, as_text

_ENOUGH = 0.9
"""The share of values that must be of a kind for a column to be of that kind."""

_LON, _LAT = (-180.0, 180.0), (-90.0, 90.0)
_NUMBERS = ("lon", "lat", "people")
_CODE = re.compile(r"[1-8]\d{5}(?:\d{3}|\d{6}|\d{9})?")


@dataclass(frozen=True)
class Match:
    """A column for a part of an incident; ``why`` says what is doubtful about it."""

    column: str
    why: str | None = None


def find_columns(frame: pd.DataFrame, left_out: frozenset[str]) -> dict[str, Match]:
    """Propose a column for each part of an incident that seems to have one.

    Args:
        frame: the first rows of a file.
        left_out: columns that are not to be used.

    Returns:
        By the name of the part (a key of words.toml); no column twice.
    """
    names = {column: _plain(column) for column in frame.columns if column not in left_out}
    found: dict[str, Match] = {}
    for exact in (True, False):
        for part, words in _words().items():
            if part in found:
                continue
            free = [each for each in names if all(each != match.column for match in found.values())]
            column = _by_name(words, {each: names[each] for each in free}, exact=exact)
            if column is not None and _can_be(part, frame[column]):
                why = None if exact else "only a part of the name says so"
                found[part] = Match(column, why)
    return found | _by_content(frame, names, found)


def _by_name(words: dict[str, Any], names: dict[str, str], *, exact: bool) -> str | None:
    """The column whose name fits best."""
    for word in words["names"] if exact else words["part"]:
        for column, name in names.items():
            if name == word or (not exact and word in name):
                return column
    return None


def _by_content(
    frame: pd.DataFrame, names: dict[str, str], found: dict[str, Match]
) -> dict[str, Match]:
    """Coordinates and codes of areas that no name gives away."""
    used = {match.column for match in found.values()}
    free = [column for column in names if column not in used]
    more: dict[str, Match] = {}
    if "lon" not in found and "lat" not in found:
        pairs = _coordinates(frame, free)
        why = "told by the values alone: numbers as coordinates are"
        more |= {part: Match(column, why) for part, column in pairs.items()}
    if "recorded" not in found:
        codes = [column for column in free if _share(frame[column], _CODE) >= _ENOUGH]
        if codes:
            more["recorded"] = Match(codes[0], "told by the values alone: they look like codes")
    used |= {match.column for match in more.values()}
    more |= _times_and_terms(frame, [column for column in free if column not in used], found)
    return more


def _times_and_terms(
    frame: pd.DataFrame, free: list[str], found: dict[str, Match]
) -> dict[str, Match]:
    """The time it happened, and columns whose words the built-in dictionaries know."""
    more: dict[str, Match] = {}
    if "occurred_at" not in found:
        times = [column for column in free if _is_time(frame[column])]
        if times:
            why = "told by the values alone: the first column that holds times"
            more["occurred_at"] = Match(times[0], why)
    for kind in KINDS:
        if kind in found:
            continue
        for column in free:
            if known_share(kind, frame[column]) >= _ENOUGH and column not in _columns_of(more):
                more[kind] = Match(column, "told by the values alone: words of a dictionary")
                break
    return more


def _is_time(values: pd.Series) -> bool:
    """Whether a column holds times that are written out, not counted."""
    formats = find_formats(values)
    counted = {EXCEL, EPOCH, EPOCH_MS} & set(formats.written)
    return formats.read >= _ENOUGH and not counted and bool(values.notna().any())


def _columns_of(matches: dict[str, Match]) -> set[str]:
    """The columns that are taken."""
    return {match.column for match in matches.values()}


def joined_coordinates(frame: pd.DataFrame, left_out: frozenset[str]) -> str | None:
    """A column that holds longitude and latitude in one, if there is one."""
    pair = re.compile(r"[(\[]?\d{1,3}\.\d+\s*[,，;\s]\s*\d{1,3}\.\d+[)\]]?")
    free = (column for column in frame.columns if column not in left_out)
    return next((column for column in free if _share(frame[column], pair) >= _ENOUGH), None)


def _coordinates(frame: pd.DataFrame, free: list[str]) -> dict[str, str]:
    """The first two columns next to each other that could be a longitude and a latitude."""
    for left, right in pairwise(free):
        for lon, lat in ((left, right), (right, left)):
            x, y = as_number(frame[lon]).dropna(), as_number(frame[lat]).dropna()
            if len(x) < _ENOUGH * len(frame) or len(y) < _ENOUGH * len(frame):
                continue
            broken = (x % 1 != 0).mean() > 0.5 and (y % 1 != 0).mean() > 0.5
            if broken and x.between(73, 136).all() and y.between(3, 54).all():
                return {"lon": lon, "lat": lat}
    return {}


def _can_be(part: str, values: pd.Series) -> bool:
    """Whether what a column holds does not contradict its name."""
    text = as_text(values).dropna()
    if not len(text):
        return True
    if part in _NUMBERS:
        numbers = as_number(values).notna() | as_number(values, ",").notna()
        return int(numbers.sum()) >= 0.5 * len(text)
    if part == "recorded":
        return text.str.fullmatch(r"[0-9A-Za-z-]+").mean() >= _ENOUGH
    if part.endswith("_at") or part == "deadline":
        return bool(text.str.contains(r"\d").mean() >= _ENOUGH)
    return True


def _share(values: pd.Series, pattern: re.Pattern[str]) -> float:
    """The share of values that fit a pattern."""
    text = as_text(values).dropna()
    return float(text.str.fullmatch(pattern.pattern).mean()) if len(text) else 0.0


def _plain(name: str) -> str:
    """A name without what does not matter: case, spaces, signs, and what stands in brackets."""
    without = re.sub(r"[(（\[【].*?[)）\]】]", "", name)
    return re.sub(r"[\W_]+", "", without or name).lower()


@cache
def _words() -> dict[str, dict[str, Any]]:
    """The names that are known."""
    text = (files("etl.drafting") / "words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
