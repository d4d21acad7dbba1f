"""Codes in addresses: what an area's and a term's may look like, and lists of terms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import unquote

AREA_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.-]{0,39}")
MAX_CODES = 256
_MAX_LENGTH = 100


def join_codes(codes: Iterable[str]) -> str:
    """Write codes of terms as one value, separated by commas.

    A dictionary's codes may hold anything, such as blanks and commas; ``split_codes`` gives
    them back.
    """
    return ",".join(code.replace("%", "%25").replace(",", "%2C") for code in codes)


def split_codes(text: str) -> tuple[str, ...] | None:
    """Read codes of terms: sorted, each once; empty ones are left out.

    Returns:
        ``None`` for more than ``MAX_CODES`` codes, or one that is too long or holds
        characters that are never printed.
    """
    codes = sorted({unquote(part) for part in text.split(",") if part})
    if len(codes) > MAX_CODES or not all(map(_is_printable, codes)):
        return None
    return tuple(codes)


def _is_printable(code: str) -> bool:
    return 0 < len(code) <= _MAX_LENGTH and code.isprintable()
