"""What a campaign is, and what a form must say to make one."""

from __future__ import annotations

import re
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
Problem = Literal["name", "area", "days", "terms"]


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
    days = Days.between(read_day(given.get("from")), read_day(given.get("to")))
    if days is None or len(days) > LONGEST_DAYS or days.since.year < 1990:
        return "days"
    return Draft(name, area, given.get("category", ""), given.get("channel", ""), days)


def read_day(written: str | None) -> date | None:
    """Read a day as a form sends it; ``None`` if it is none."""
    if written is None or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
