"""What the admin's page may ask for: the shapes of changes, checked before anything happens."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dashboard.codes import AREA_CODE
from dashboard.desk.requests import LARGEST_ID
from dashboard.errors import BadRequestError
from geo.viewer import ROLES

MOST_SCOPES = 100

Number = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Role = Annotated[str, Field(pattern=f"^({'|'.join(ROLES)})$")]
Code = Annotated[str, Field(pattern=f"^{AREA_CODE.pattern}$")]
Codes = Annotated[list[Code], Field(min_length=1, max_length=MOST_SCOPES)]


class _Change(BaseModel):
    """A change: unknown keys are errors, values are taken as they are."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Add(_Change):
    """Make an account, and a one-time link for it."""

    kind: Literal["add"]
    login: Line
    name: Line
    role: Role
    scopes: Codes


class Change(_Change):
    """Change what an account is called, may do or may see; what is not named stays."""

    kind: Literal["change"]
    account: Number
    name: Line | None = None
    role: Role | None = None
    scopes: Codes | None = None


class OfAccount(_Change):
    """Shut an account or open it, forget its password, or end its sessions."""

    kind: Literal["disable", "enable", "reset", "end_sessions"]
    account: Number


class EndSession(_Change):
    """End one session."""

    kind: Literal["end_session"]
    session: Number


AnyChange = Add | Change | OfAccount | EndSession
_ADAPTER: TypeAdapter[AnyChange] = TypeAdapter(Annotated[AnyChange, Field(discriminator="kind")])


def read_change(body: object) -> AnyChange:
    """Check a change as the browser sent it.

    Raises:
        BadRequestError: its shape is wrong.
    """
    try:
        return _ADAPTER.validate_python(body)
    except ValidationError as error:
        first: Any = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise BadRequestError(f"{place or 'the request'}: {first['msg']}") from error
