"""What the data page may ask a worker for: the shapes of requests, checked before they wait."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from dashboard.desk.desk import Desk
from dashboard.errors import BadRequestError
from etl.profiles import named_or_given
from geo.errors import GridboardError, NotFoundError

LARGEST_ID = 2**62
PROFILE_LIMIT = 100_000

Number = Annotated[int, Field(ge=1, le=LARGEST_ID)]
ProfileText = Annotated[str, Field(min_length=1, max_length=PROFILE_LIMIT)]
Tolerance = Annotated[float, Field(gt=0, le=1000)]


def read_id(text: str) -> int | None:
    """Read a number of a job or batch; ``None`` for what is none."""
    if not text.isascii() or not text.isdecimal() or len(text) > len(str(LARGEST_ID)):
        return None
    return int(text) if 0 < int(text) <= LARGEST_ID else None


class _Request(BaseModel):
    """A request: unknown keys are errors, values are taken as they are."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FileRef(_Request):
    """A file, by the number of its upload or by its name in the inbox."""

    upload: Number | None = None
    inbox: Annotated[str, Field(min_length=1, max_length=255)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.upload is None) == (self.inbox is None):
            raise ValueError("needs either an upload or a name in the inbox")
        return self


class Draft(_Request):
    """Propose a profile, or show what a given one makes of the file.

    ``like`` is a batch whose profile is to be taken.
    """

    kind: Literal["draft"]
    file: FileRef
    profile: ProfileText | None = None
    like: Number | None = None


class Check(_Request):
    """List the defects of a file of areas."""

    kind: Literal["check"]
    file: FileRef
    profile: ProfileText
    clean_m: Tolerance | None = None


class Load(_Request):
    """Load a file, or only try."""

    kind: Literal["load"]
    what: Literal["incidents", "boundaries"]
    file: FileRef
    profile: ProfileText
    dry_run: bool = False
    valid_from: Annotated[date, Field(strict=False)] | None = None
    clean_m: Tolerance | None = None


class Undo(_Request):
    """Take a batch back."""

    kind: Literal["undo"]
    batch_id: Number


class Cancel(_Request):
    """Call a job off."""

    kind: Literal["cancel"]
    job_id: Number


Request = Annotated[Draft | Check | Load | Undo | Cancel, Field(discriminator="kind")]
_ADAPTER: TypeAdapter[Draft | Check | Load | Undo | Cancel] = TypeAdapter(Request)


def ask(desk: Desk, body: object) -> int:
    """Check a request as the browser sent it, and pass it on; the number of the job.

    Raises:
        BadRequestError: its shape is wrong, or its profile says something not understood.
        NotFoundError: the file or batch is not in the viewer's scope.
    """
    request = _read(body)
    if isinstance(request, Cancel):
        desk.job(request.job_id)
    elif isinstance(request, Undo):
        desk.batch(request.batch_id)
    else:
        _require_file(desk, request.file)
        if request.profile is not None:
            _require_profile(request.profile)
    found = request.model_dump(mode="json", exclude={"kind", "like"}, exclude_none=True)
    if isinstance(request, Draft) and request.like is not None:
        found["profile"] = _profile_like(desk, request.like)
    return desk.ask(request.kind, found)


def _profile_like(desk: Desk, batch_id: int) -> str:
    profile = desk.profile_of(batch_id)
    if profile is None:
        raise NotFoundError("the profile of this batch was not kept: draft one")
    return profile


def _read(body: object) -> Draft | Check | Load | Undo | Cancel:
    try:
        return _ADAPTER.validate_python(body)
    except ValidationError as error:
        first: Any = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRequestError(f"{place or 'the request'}: {first['msg']}") from error


def _require_file(desk: Desk, file: FileRef) -> None:
    if file.upload is not None:
        known = desk.knows_upload(file.upload)
    else:
        known = any(offered.name == file.inbox for offered in desk.offered())
    if not known:
        raise NotFoundError("there is no such file")


def _require_profile(profile: str) -> None:
    try:
        named_or_given(profile)
    except GridboardError as error:
        raise BadRequestError(str(error)) from error
