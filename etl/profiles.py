"""Profiles: how the columns of somebody's files become areas and incidents.

A profile is one TOML file. Nothing in it is guessed: a naive time needs a zone,
coordinates need a stated CRS, and a column that is not named is not kept.
"""

import time
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from etl.toml import to_toml
from geo.crs import STORED_CRS, check_crs
from geo.errors import ConfigurationError, InputError

BUILT_IN = Path(__file__).parent / "profiles"
"""Where the profiles that come with gridboard lie."""


class _Part(BaseModel):
    """A table of a profile: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Part):
    """A text made from one column (or from none): cut, padded, with something around it."""

    column: str | None = None
    constant: str | None = None
    first: int | None = Field(default=None, gt=0, le=64, description="keep the first n characters")
    pad: int | None = Field(default=None, gt=0, le=64, description="fill with zeros on the left")
    prefix: str = ""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is None) == (self.constant is None):
            raise ValueError("needs either a column or a constant")
        return self


class AreaColumns(_Part):
    """How one file becomes the areas of one level.

    ``several`` says what to do when a code has several features; ``crs`` is used
    where the file states none and must agree where it does. ``layer`` names one of several
    in a file, ``encoding`` that of a Shapefile's texts, ``valid_from`` the column with the day
    from which a row holds.
    """

    level: str
    match: str = "*"
    layer: str | None = None
    crs: str | None = None
    encoding: str | None = None
    valid_from: str | None = None
    code: Text
    parent: Text | None = None
    name: Text
    name_en: Text | None = None
    kind: Text | None = None
    population: str | None = None
    households: str | None = None
    several: Literal["refuse", "merge"] = "refuse"


class Checks(_Part):
    """What a load of areas puts up with.

    ``tolerance_m2`` is the largest area of one overlap, gap or other measured defect that is
    loaded and counted; above it everything is refused. ``enclaves`` says that holes of the
    widest level are land of others. ``unknown_codes`` says whether a code that the division
    list does not have, or no longer, is refused or only reported.
    """

    tolerance_m2: float = Field(default=10.0, ge=0)
    enclaves: bool = False
    unknown_codes: Literal["refuse", "report"] = "refuse"


class Derived(_Part):
    """A level that no file brings: the union of the areas below that name it as parent.

    ``name`` and ``parent`` are made from the column ``code``.
    """

    level: str
    derive: Literal["union"]
    name: Text
    parent: Text | None = None


class Term(_Part):
    """One entry of a dictionary, and the values in the file that mean it."""

    code: str
    id: int | None = Field(default=None, ge=1, le=255)
    name_zh: str
    name_en: str
    values: tuple[str, ...] = ()


class Dictionary(_Part):
    """How a column becomes a term. ``create`` makes a term of every new value, under its own name.

    With a ``constant`` every row has that term, and no column is read.
    """

    column: str | None = None
    constant: str | None = None
    create: bool = False
    terms: tuple[Term, ...] = ()

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if self.column is not None and self.constant is not None:
            raise ValueError("needs a column or a constant, not both")
        return self


ISO, EXCEL, EXCEL_1904, EPOCH, EPOCH_MS, CHINESE = (
    "iso",
    "excel",
    "excel-1904",
    "epoch",
    "epoch-ms",
    "chinese",
)
"""Formats of times that strptime has no word for: ISO 8601; days since 1900 or 1904, as
spreadsheets count them; seconds or milliseconds since 1970; 2024年3月5日 下午2时30分."""

_NAMED_FORMATS = (ISO, EXCEL, EXCEL_1904, EPOCH, EPOCH_MS, CHINESE)


class Time(_Part):
    """How a column becomes a moment.

    ``format`` is one format or several, each strptime's or one of the names above; the first
    that fits a value is taken. Without it the column holds timestamps or ISO 8601.
    ``wall_clock`` says that the zone written in the file is wrong, and that the clock
    reading is local time in the profile's zone.
    """

    column: str
    format: str | tuple[str, ...] | None = None
    wall_clock: bool = False

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats to try, in order."""
        if self.format is None:
            return (ISO,)
        return (self.format,) if isinstance(self.format, str) else self.format

    @field_validator("format")
    @classmethod
    def _known(cls, given: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        for each in (given,) if isinstance(given, str) else given or ():
            if "%" not in each and each not in _NAMED_FORMATS:
                names = ", ".join(_NAMED_FORMATS)
                raise ValueError(f"{each!r} is neither strptime's (%Y-%m-%d) nor one of {names}")
            try:
                time.strptime("", each)
            except ValueError as error:
                if "format" in str(error) and "match" not in str(error):
                    raise ValueError(f"{each!r}: {error}") from error
        return given


class Recorded(_Part):
    """A column with the code of the area in which the source says the incident lies.

    ``level`` is the level of the code, or "any": the levels are told apart by the codes.
    A place further than ``tolerance_m`` from that area contradicts it.
    """

    column: str
    level: str = "any"
    tolerance_m: float = Field(default=100.0, ge=0)


class Incidents(_Part):
    """How a file becomes incidents.

    ``incident_id`` names the column of the identifier; several columns make one from
    a digest of their contents, for files that have none. ``leave_out`` names columns that
    are never looked at: above all those about persons. ``encoding`` and ``delimiter`` of a
    text are found in the file unless they are stated; of several sheets one has to be named.
    """

    source: str
    encoding: Literal["utf-8", "gb18030"] | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    decimal: Literal[".", ","] = "."
    sheet: str | None = None
    time_zone: str | None = None
    crs: str | None = Field(default=None, description="CRS of lon and lat; stated, never guessed")
    incident_id: tuple[str, ...] = Field(min_length=1)
    lon: str | None = None
    lat: str | None = None
    address: str | None = None
    recorded: Recorded | None = None
    leave_out: tuple[str, ...] = ()
    occurred_at: Time
    received_at: Time | None = None
    deadline: Time | None = None
    resolved_at: Time | None = None
    category: Dictionary
    channel: Dictionary
    status: Dictionary
    scale: Dictionary = Dictionary()
    method: str | None = None
    organisation: str | None = None
    people: str | None = None

    @field_validator("crs")
    @classmethod
    def _known_crs(cls, given: str | None) -> str | None:
        try:
            check_crs(given or STORED_CRS)
        except InputError as error:
            raise ValueError(str(error)) from error
        return given

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, given: str | None) -> str | None:
        try:
            ZoneInfo(given or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {given!r}: write one as Asia/Shanghai") from error
        return given

    @model_validator(mode="after")
    def _placed(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("needs both lon and lat, or neither")
        if self.lon is None and self.address is None:
            raise ValueError("needs lon and lat, or an address")
        if both := sorted(set(self.leave_out) & set(self.columns)):
            raise ValueError(f"column {', '.join(both)} is both used and left out")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the profile names, each once."""
        single = (self.lon, self.lat, self.address, self.method, self.organisation, self.people)
        named = [*self.incident_id, *single]
        named += [time.column for time in self.times.values()]
        named += [rule.column for rule in self.dictionaries.values()]
        named.append(self.recorded.column if self.recorded else None)
        return tuple(dict.fromkeys(name for name in named if name is not None))

    def stated_crs(self) -> str | None:
        """The CRS of the coordinates; None only where the file has addresses alone.

        Raises:
            InputError: there are coordinates, and nobody says in which CRS.
        """
        if self.crs is None and self.lon is not None:
            raise InputError(
                f"nothing says in which CRS {self.lon} and {self.lat} are: write"
                ' crs = "EPSG:4490" (CGCS2000), "EPSG:4326" (WGS 84), "GCJ-02" (Amap, Tencent),'
                ' "BD-09" (Baidu) or another one into [incidents] of the profile, or state it'
                " with --crs"
            )
        return self.crs

    @property
    def times(self) -> dict[str, Time]:
        """The columns of moments, by the name they get."""
        named = {
            "occurred_at": self.occurred_at,
            "received_at": self.received_at,
            "deadline": self.deadline,
            "resolved_at": self.resolved_at,
        }
        return {name: time for name, time in named.items() if time is not None}

    @property
    def dictionaries(self) -> dict[str, Dictionary]:
        """The dictionaries, by kind of term."""
        return {
            "category": self.category,
            "channel": self.channel,
            "status": self.status,
            "scale": self.scale,
        }


class Credit(_Part):
    """A line that every page shows about where data come from."""

    zh: str
    en: str


class Profile(_Part):
    """Everything gridboard needs to know about somebody's files."""

    key: str
    hierarchy: str = Field(description="name or path of the hierarchy profile")
    boundaries: tuple[AreaColumns, ...] = ()
    derived: tuple[Derived, ...] = ()
    checks: Checks = Checks()
    credits: tuple[Credit, ...] = ()
    incidents: Incidents | None = None

    def with_crs(self, crs: str | None) -> "Profile":
        """The profile with the CRS of incidents that somebody states beside it, if any.

        Raises:
            InputError: an unknown CRS.
        """
        if crs is None or self.incidents is None:
            return self
        check_crs(crs)
        incidents = self.incidents.model_copy(update={"crs": crs})
        return self.model_copy(update={"incidents": incidents})


def profile_names() -> list[str]:
    """Names of the profiles that come with gridboard."""
    return sorted(path.stem for path in BUILT_IN.glob("*.toml"))


def load_profile(name_or_path: str) -> Profile:
    """Read a profile that comes with gridboard, by name, or one of yours, by path.

    Raises:
        ConfigurationError: there is no such profile, or it says something that is not understood.
    """
    path = BUILT_IN / f"{name_or_path}.toml"
    if name_or_path not in profile_names():
        path = Path(name_or_path)
    if not path.is_file():
        known = ", ".join(profile_names())
        raise ConfigurationError(f"no profile {name_or_path!r}: give a path or one of {known}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"profile {path} is not UTF-8: save it as UTF-8") from error
    profile = _parse(text, str(path))
    beside = path.parent / profile.hierarchy
    if path.parent != BUILT_IN and beside.suffix == ".toml" and beside.is_file():
        return profile.model_copy(update={"hierarchy": str(beside)})
    return profile


def parse_profile(text: str, origin: str) -> Profile:
    """Read a profile given as text, as the data page does; no file is opened for it.

    Args:
        text: TOML.
        origin: what to call it in messages.

    Raises:
        ConfigurationError: it says something that is not understood, or names a hierarchy
            by a path.
    """
    profile = _parse(text, origin)
    built_in = files("geo").joinpath("hierarchies").iterdir()
    if f"{profile.hierarchy}.toml" not in {path.name for path in built_in}:
        raise ConfigurationError(
            f"{origin}, hierarchy: {profile.hierarchy!r} is no name of a built-in hierarchy"
        )
    return profile


def named_or_given(name_or_text: str, origin: str = "profile") -> Profile:
    """A built-in profile by its name, or one given as text; never a path.

    Raises:
        ConfigurationError: as ``parse_profile``.
    """
    if name_or_text in profile_names():
        return load_profile(name_or_text)
    return parse_profile(name_or_text, origin)


def _parse(text: str, origin: str) -> Profile:
    """Check a profile and name the first thing that is wrong with it."""
    try:
        return Profile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"profile {origin} is no TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"profile {origin}, {place}: {first['msg']}") from error


def profile_to_toml(profile: Profile) -> str:
    """Write a profile as TOML that ``parse_profile`` reads back equal; defaults are left out."""
    return to_toml(profile.model_dump(exclude_defaults=True))
