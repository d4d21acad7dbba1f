"""Real townships and villages by name and code, and the counties they belong to."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# Lanzhou New Area has census figures and townships, but no polygon of its own: the land
# still lies in Yongdeng and Gaolan. Its townships keep their codes; townships.csv names
# the county whose land they lie on, and its people follow them (see `read_counties`).
NEW_AREA = "620171"


@dataclass(frozen=True)
class Village:
    """A village or community (居委会): the parent of cells."""

    code: str
    name: str

    @property
    def is_community(self) -> bool:
        """Digits 10-12 up to 199 number residents' committees, those above villages."""
        return int(self.code[9:]) < 200 or 400 <= int(self.code[9:]) < 500

    @property
    def kind(self) -> str:
        """Either "community" or "village"."""
        return "community" if self.is_community else "village"


@dataclass(frozen=True)
class Township:
    """A subdistrict, town or township with its villages, in order of code."""

    code: str
    county_code: str
    name: str
    villages: tuple[Village, ...]

    @property
    def kind(self) -> str:
        """Kind by GB/T 10114, digits 7-9: subdistrict, town, township or other unit."""
        number = int(self.code[6:9])
        return ("subdistrict", "town", "township", "township", "other")[min(number // 100, 4)]

    @property
    def communities(self) -> int:
        """How many of the villages are urban communities."""
        return sum(village.is_community for village in self.villages)


@dataclass(frozen=True)
class County:
    """A county's seat and its 2020 census figures, the New Area folded in."""

    code: str
    name_en: str
    seat_lon: float
    seat_lat: float
    population: int
    urban: int
    rural: int
    households: int


@cache
def read_townships() -> tuple[Township, ...]:
    """Read every township of the province, ascending by code."""
    return tuple(
        Township(
            row["code"],
            row["county_code"],
            row["name"],
            tuple(Village(row["code"] + word[:3], word[3:]) for word in row["villages"].split()),
        )
        for row in _rows("townships.csv")
    )


@cache
def read_counties() -> dict[str, County]:
    """Read the counties by code: seats are approximate, figures those of the 2020 census.

    The New Area's figures are shared among the counties that hold its townships, in
    proportion to the townships' villages, so that the prefecture's total stays exact.
    """
    rows = {row["code"]: row for row in _rows("counties.csv")}
    figures = {code: _figures(row) for code, row in rows.items()}
    for code, share in _new_area_shares(figures.pop(NEW_AREA)).items():
        figures[code] = [own + extra for own, extra in zip(figures[code], share, strict=True)]
    return {
        code: County(
            code,
            rows[code]["name_en"],
            float(rows[code]["seat_lon"]),
            float(rows[code]["seat_lat"]),
            *numbers,
        )
        for code, numbers in figures.items()
    }


def _new_area_shares(figures: list[int]) -> dict[str, list[int]]:
    villages: dict[str, int] = {}
    for township in read_townships():
        if township.code.startswith(NEW_AREA):
            county = township.county_code
            villages[county] = villages.get(county, 0) + len(township.villages)
    first, *others = sorted(villages)
    total = sum(villages.values())
    shares = {code: [figure * villages[code] // total for figure in figures] for code in others}
    given = [sum(column) for column in zip(*shares.values(), strict=True)]
    shares[first] = [figure - out for figure, out in zip(figures, given, strict=True)]
    # The total is the sum of urban and rural, whatever the rounding did.
    return {
        code: [urban + rural, urban, rural, homes]
        for code, (_, urban, rural, homes) in shares.items()
    }


def _figures(row: dict[str, str]) -> list[int]:
    return [int(row[name]) for name in ("population", "urban", "rural", "households")]


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("etl.demo") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
