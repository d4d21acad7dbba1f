"""Profiles: how the columns of somebody's files become areas and incidents.

A profile is one TOML file. Nothing in it is guessed: a naive time needs a zone,
a file without a CRS needs one stated, and a column that is not named is not read.
"""

import tomllib
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from geo.errors import ConfigurationError

BUILT_IN = Path(__file__).parent / "profiles"
"""Where the profiles that come with gridboard lie."""


class _Part(BaseModel):
    """A table of a profile: unknown keys are errors, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Part):
    """A text made from one column (or from none): cut, padded, with something around it."""

    column: str | None = None
    constant: str | None = None
    first: int | None = Field(default=None, gt=0, description="keep the first n characters")
    pad: int | None = Field(default=None, gt=0, description="fill with zeros on the left")
    prefix: str = ""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column is None) == (self.constant is None):
            raise ValueError("needs either a column or a constant")
        return self


class AreaColumns(_Part):
    """How one file becomes the areas of one level.

    ``several`` says what to do when a code has several features; ``crs`` is used
    where the file states none and must agree where it does.
    """

    level: str
    match: str = "*"
    crs: str | None = None
    code: Text
    parent: Text | None = None
    name: Text
    name_en: Text | None = None
    kind: Text | None = None
    population: str | None = None
    households: str | None = None
    several: Literal["refuse", "merge"] = "refuse"


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


class Time(_Part):
    """How a column becomes a moment.

    ``format`` is strptime's; without it the column holds timestamps or ISO 8601.
    ``wall_clock`` says that the zone written in the file is wrong, and that the clock
    reading is local time in the profile's zone.
    """

    column: str
    format: str | None = None
    wall_clock: bool = False


class Incidents(_Part):
    """How a file becomes incidents.

    ``incident_id`` names the column of the identifier; several columns make one from
    a digest of their contents, for files that have none.
    """

    source: str
    time_zone: str | None = None
    crs: str = Field(description="CRS of lon and lat; stated, never guessed")
    incident_id: tuple[str, ...] = Field(min_length=1)
    lon: str
    lat: str
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
    credits: tuple[Credit, ...] = ()
    incidents: Incidents | None = None


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
        profile = Profile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"profile {path} is no TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(f"profile {path}, {place}: {first['msg']}") from error
    beside = path.parent / profile.hierarchy
    if path.parent != BUILT_IN and beside.suffix == ".toml" and beside.is_file():
        return profile.model_copy(update={"hierarchy": str(beside)})
    return profile
