"""Reading JSON that strangers to the page may have written: bounded, and text that can be kept."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flask import Flask
from flask.json.provider import DefaultJSONProvider

DEEPEST = 32
"""More levels than any request of ours has; a parser of thousands runs out of stack."""


class BoundedJson(DefaultJSONProvider):
    """Refuses what no page of ours sends, as malformed like any other: with ``ValueError``.

    That is: numbers that are none, nesting beyond ``DEEPEST``, and text with characters that
    neither a database nor an answer in UTF-8 can hold (NUL, halves of surrogate pairs).
    """

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read a body.

        Raises:
            ValueError: it is no JSON, or none that is taken.
        """
        try:
            found = json.loads(s, parse_constant=_refuse, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        _check(found)
        return found


def register(server: Flask) -> None:
    """Have every body read in this way."""
    server.json = BoundedJson(server)


def _check(found: Any) -> None:
    """Look at every value, level by level."""
    level = [found]
    for _depth in range(DEEPEST):
        for value in level:
            if isinstance(value, str):
                _check_text(value)
        level = [
            part
            for value in level
            if isinstance(value, (dict, list))
            for part in ((*value, *value.values()) if isinstance(value, dict) else value)
        ]
        if not level:
            return
    raise ValueError("nested too deeply")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise ValueError("text must not hold NUL")
    # Raises a ValueError itself for halves of surrogate pairs.
    text.encode()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
