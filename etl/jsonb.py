"""JSON as PostgreSQL takes it into jsonb."""

import json
import math
from collections.abc import Mapping


def to_jsonb(value: object) -> str:
    """A value as JSON; what jsonb refuses becomes the next best.

    NUL becomes the sign for it, half a surrogate pair a question mark, a number that is not finite
    null, and what JSON has no way to say its text.
    """
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, default=str)


def _plain(value: object) -> object:
    """A value without anything that jsonb refuses."""
    if isinstance(value, str):
        shown = value.replace("\0", "\N{SYMBOL FOR NULL}")
        return shown.encode("utf-8", "replace").decode()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {_plain(str(name)): _plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    return _plain(str(value))
