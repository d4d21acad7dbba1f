"""The levels of a country or city: which there are, what they are called, how codes look.

Every hierarchy maps its levels on six fixed slots, so that tables, policies and rollups need
not know which country they hold. A hierarchy may leave slots out.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pyproj import CRS
from pyproj.exceptions import CRSError

from geo.errors import ConfigurationError, InputError

SLOTS: tuple[str, ...] = ("province", "city", "county", "township", "village", "cell")
"""The fixed places of a level, widest first; a level's slot is its index here."""

PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE, CELL = range(len(SLOTS))


@dataclass(frozen=True)
class Level:
    """One level of a hierarchy.

    Attributes:
        slot: index into ``SLOTS``.
        key: the hierarchy's own word, as in URLs (``district``).
        name_zh: what the user reads in Chinese.
        name_en: what the user reads in English.
        code_pattern: regular expression that the whole code of such an area fits.
        optional: whether places without this level are to be expected.
        heat_radius_m: bandwidth of the density map of such an area, the same for all of
            them; None takes the usual one of the slot.
    """

    slot: int
    key: str
    name_zh: str
    name_en: str
    code_pattern: str
    optional: bool = False
    heat_radius_m: float | None = None

    def check_code(self, code: str) -> None:
        """Refuse a code that cannot belong to this level.

        Raises:
            InputError: names the code and the pattern.
        """
        if not re.fullmatch(self.code_pattern, code):
            raise InputError(
                f"{code!r} is no code of a {self.name_en}: expected {self.code_pattern}"
            )


@dataclass(frozen=True)
class CellScheme:
    """How cells are numbered: the parent's code, then a number of so many digits.

    Attributes:
        parent_slot: the level whose code a cell's code begins with.
        digits: how many digits follow it.
    """

    parent_slot: int
    digits: int

    def code(self, parent_code: str, number: int) -> str:
        """The code of the ``number``-th cell (from 1) of a parent.

        Raises:
            InputError: the number does not fit the digits.
        """
        if not 0 <= number < 10**self.digits:
            raise InputError(
                f"cell {number} of {parent_code} does not fit {self.digits} digits:"
                " draw fewer cells, or change the scheme in the hierarchy's profile"
            )
        return f"{parent_code}{number:0{self.digits}d}"


@dataclass(frozen=True)
class Hierarchy:
    """A profile of levels.

    Attributes:
        key: short name (``china``).
        time_zone: where a local day begins and ends.
        measuring_crs: equal-area CRS in metres for areas and distances.
        levels: widest first; slots may be missing, but not the first and the last.
        cells: how cells are numbered.
    """

    key: str
    time_zone: ZoneInfo
    measuring_crs: str
    levels: tuple[Level, ...]
    cells: CellScheme

    @classmethod
    def from_toml(cls, path: Path) -> "Hierarchy":
        """Read a profile.

        Raises:
            ConfigurationError: the file is missing, no TOML, or does not describe a hierarchy.
        """
        try:
            return cls.parse(path.read_text(encoding="utf-8"), str(path))
        except OSError as error:
            raise ConfigurationError(
                f"cannot read the hierarchy {path}: {error.strerror}"
            ) from error

    @classmethod
    def parse(cls, profile: str, origin: str = "profile") -> "Hierarchy":
        """Read a profile's text; ``origin`` is what error messages call it.

        Raises:
            ConfigurationError: see ``from_toml``.
        """
        try:
            table = tomllib.loads(profile)
        except tomllib.TOMLDecodeError as error:
            raise ConfigurationError(f"{origin} is no TOML: {error}") from error
        return cls.from_table(table, origin)

    @classmethod
    def from_table(cls, table: Mapping[str, Any], origin: str = "profile") -> "Hierarchy":
        """Build a hierarchy from a parsed profile, or from what ``to_table`` gave.

        Raises:
            ConfigurationError: see ``from_toml``.
        """
        try:
            return cls._from_table(table)
        except KeyError as error:
            raise ConfigurationError(f"{origin} lacks the entry {error.args[0]!r}") from error
        except (TypeError, ValueError, re.error) as error:
            raise ConfigurationError(f"{origin}: {error}") from error

    def to_table(self) -> dict[str, Any]:
        """The profile as plain values, as the database keeps it."""
        levels = [asdict(level) | {"slot": SLOTS[level.slot]} for level in self.levels]
        cells = {"parent": SLOTS[self.cells.parent_slot], "digits": self.cells.digits}
        return {
            "key": self.key,
            "time_zone": self.time_zone.key,
            "measuring_crs": self.measuring_crs,
            "cells": cells,
            "levels": levels,
        }

    @classmethod
    def _from_table(cls, table: Mapping[str, Any]) -> "Hierarchy":
        levels = tuple(_level(entry) for entry in table["levels"])
        cells = CellScheme(_slot(table["cells"]["parent"]), int(table["cells"]["digits"]))
        _check_levels(levels)
        _check_measuring_crs(table["measuring_crs"])
        zone = _zone(table["time_zone"])
        return cls(str(table["key"]), zone, str(table["measuring_crs"]), levels, cells)

    def level(self, key: str) -> Level:
        """The level of a key.

        Raises:
            ConfigurationError: there is none; names those there are.
        """
        for level in self.levels:
            if level.key == key:
                return level
        raise ConfigurationError(
            f"no level {key!r} in {self.key}: expected {', '.join(x.key for x in self.levels)}"
        )

    def at(self, slot: int) -> Level | None:
        """The level at a slot, if this hierarchy has one there."""
        return next((level for level in self.levels if level.slot == slot), None)

    def below(self, slot: int) -> Level | None:
        """The next level below a slot; none below the cells."""
        return next((level for level in self.levels if level.slot > slot), None)


def load_hierarchy(name_or_path: str) -> Hierarchy:
    """A built-in hierarchy by name (``china``, ``chicago``), or one of your own by path.

    Raises:
        ConfigurationError: there is no such hierarchy, or its profile is wrong.
    """
    built_in = files("geo").joinpath("hierarchies", f"{name_or_path}.toml")
    if re.fullmatch(r"\w+", name_or_path) and built_in.is_file():
        return Hierarchy.parse(built_in.read_text(encoding="utf-8"), name_or_path)
    return Hierarchy.from_toml(Path(name_or_path))


def _slot(name: str) -> int:
    if name not in SLOTS:
        raise ValueError(f"unknown slot {name!r}: expected one of {', '.join(SLOTS)}")
    return SLOTS.index(name)


def _level(entry: Mapping[str, Any]) -> Level:
    known = [field.name for field in fields(Level)]
    unknown = set(entry) - set(known)
    if unknown:
        raise ValueError(f"unknown entry {min(unknown)!r} of a level: expected {', '.join(known)}")
    return Level(
        slot=_slot(entry["slot"]),
        key=str(entry["key"]),
        name_zh=str(entry["name_zh"]),
        name_en=str(entry["name_en"]),
        code_pattern=str(entry["code_pattern"]),
        optional=bool(entry.get("optional", False)),
        heat_radius_m=_radius(entry.get("heat_radius_m")),
    )


def _radius(given: object) -> float | None:
    if given is None:
        return None
    if not isinstance(given, int | float) or given <= 0:
        raise ValueError(f"heat_radius_m must be a number of metres above 0, not {given!r}")
    return float(given)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError as error:
        raise ValueError(
            f"unknown time zone {name!r}: expected one such as Asia/Shanghai"
        ) from error


def _check_levels(levels: tuple[Level, ...]) -> None:
    slots = [level.slot for level in levels]
    if slots != sorted(set(slots)) or slots[:1] != [PROVINCE] or slots[-1] != CELL:
        given = ", ".join(SLOTS[slot] for slot in slots)
        raise ValueError(
            f"expected levels from slot province to slot cell, widest first; got {given}"
        )
    if len({level.key for level in levels}) < len(levels):
        raise ValueError("two levels have the same key")
    for level in levels:
        re.compile(level.code_pattern)


def _check_measuring_crs(definition: str) -> None:
    try:
        crs = CRS.from_user_input(definition)
    except CRSError as error:
        raise ValueError(f"unknown measuring_crs {definition!r}: {error}") from error
    if not crs.is_projected or crs.axis_info[0].unit_name != "metre":
        raise ValueError(f"measuring_crs {definition!r} must be projected, in metres")
