"""What a campaign is, and what a form must say to make one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from dashboard.codes import AREA_CODE
from dashboard.period import Days

WRITERS = ("leader", "planner", "operator", "admin")
"""Roles that may add and close campaigns; policies of the database hold them to their scope."""

LONGEST_DAYS = 3 * 366
LONGEST_NAME = 80
Problem = Literal["name", "area", "from", "to", "order", "length", "category", "channel"]
"""What is wrong with a form: the field of that name, the order of its days, or how many."""

_YEARS = range(1990, 2200)
_SEPARATED = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_RUN_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


@dataclass(frozen=True)
class Campaign:
    """A campaign as it is kept.

    Attributes:
        campaign_id: its number.
        name: what it is called.
        area_code: where it took place.
        categories, channels: codes of terms; empty means all.
        days: from its first to its last day.
        author: login of who added it.
        created_at: when it was added.
        closed_at: when it was put aside; ``None`` while it is listed as open.
    """

    campaign_id: int
    name: str
    area_code: str
    categories: tuple[str, ...]
    channels: tuple[str, ...]
    days: Days
    author: str
    created_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class Draft:
    """A campaign that somebody wants to add; without a term, all of its kind are counted."""

    name: str
    area_code: str
    category: str
    channel: str
    days: Days


def read_draft(given: Mapping[str, str]) -> Draft | Problem:
    """Read a form; return what is wrong with it instead, if anything is."""
    name = " ".join(given.get("name", "").split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        return "name"
    area = given.get("area", "")
    if not AREA_CODE.fullmatch(area):
        return "area"
    days = _read_days(given.get("from", ""), given.get("to", ""))
    if not isinstance(days, Days):
        return days
    return Draft(name, area, given.get("category", ""), given.get("channel", ""), days)


def _read_days(first: str, last: str) -> Days | Problem:
    since, until = read_day(first), read_day(last)
    if since is None or until is None:
        return "from" if since is None else "to"
    days = Days.between(since, until)
    if days is None:
        return "order"
    return days if len(days) <= LONGEST_DAYS else "length"


def read_day(written: str) -> date | None:
    """Read a day as people write it: 2026-03-01, 2026/3/1, 20260301, 2026年3月1日.

    The year comes first, so that no day is read as a month; full-width digits are digits.

    Returns:
        The day; ``None`` for what is none, or lies too far away.
    """
    written = "".join(unicodedata.normalize("NFKC", written).split())
    found = _SEPARATED.fullmatch(written) or _RUN_TOGETHER.fullmatch(written)
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None
