"""ID and phone numbers inside values, whatever their width, spaces and dashes.

Everything runs over whole columns in Arrow: a column of a million rows that holds no long
number costs some 0.04 s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from etl.persons.findings import Tally

Weights = npt.NDArray[np.int64]
"""How many rows have each value."""

Digits = npt.NDArray[np.uint8]
"""n numbers, a digit a column; X counts 10."""

Mask = npt.NDArray[np.bool_]
"""A statement about each of n numbers."""

SHORTEST = 11
"""Bytes of the shortest text that may hold a number looked for."""

_DASHES = "[\u2010-\u2015\u2212\ufe58\ufe63\u30fc_~\u00b7\u200b-\u200d\ufeff]"
_ANY_DIGIT = "[0-9０-９]"
_ANY_JOINT = "[\\s()（）\u3000\u2010-\u2015\u2212_~·\u30fc－\u200b-\u200d-]{0,3}"
LONG_NUMBER = f"{_ANY_DIGIT}(?:{_ANY_JOINT}{_ANY_DIGIT}){{10}}"
_JOINT = "[\\s()-]{0,3}"
_BEFORE = "(?:^|[^0-9.]|[^0-9][.])"
_AFTER = "(?:[^0-9元万亿]|$)"
_MONTH_DAY = f"[01]{_JOINT}[0-9]{_JOINT}[0-3]{_JOINT}[0-9]"


def _digits(count: int) -> str:
    return f"(?:{_JOINT}[0-9]){{{count}}}"


_ID = (
    f"[1-8]{_digits(5)}{_JOINT}(?:1{_JOINT}9|2{_JOINT}0){_digits(2)}{_JOINT}{_MONTH_DAY}{_digits(3)}"
    f"{_JOINT}[0-9Xx]"
)
_OLD_ID = f"[0-9]{_digits(14)}"
_ELEVEN = f"(?:(?:[+]|00)?86{_JOINT})?[0-9]{_digits(10)}"
_LANDLINE = f"[(]?0(?:10|2[0-9]|[3-9][0-9][0-9])(?:[)]{_JOINT}|[\\s-]{{1,3}})[2-8][0-9]{{6,7}}"
_PROVINCES = np.array(
    [
        *(*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47)),
        *(*range(50, 55), *range(61, 66), 71, 81, 82, 83),
    ]
)
_OPERATORS = np.array(
    [
        *range(130, 140),
        *(140, 141, *range(144, 150)),
        *(150, 151, 152, 153, *range(155, 160)),
        *(162, 165, 166, 167),
        *range(170, 179),
        *range(180, 190),
        *(190, 191, 192, 193, *range(195, 200)),
    ]
)
_ADULT_YEARS = 16
_OLD_BIRTHS = (40, 88)
"""Years of birth, 19.., that decide alone; codes of cells have 00 to 39 there."""

_CHECK = np.array([pow(2, 17 - at, 11) for at in range(18)])
_MANY, _FEW_BEGINNINGS = 20, 3
_ROUNDS = 8
_JOINT_SIGNS = frozenset(b" -()_~")


def scan_numbers(
    values: pa.LargeStringArray, weights: Weights, numbered: bool
) -> dict[tuple[str, str], Tally]:
    """Look for ID and phone numbers.

    Args:
        values: n values, none missing.
        weights: n counts of rows.
        numbered: whether the column numbers something else, as identifiers do: then it
            takes more than a few numbers that look right by chance.

    Returns:
        What was found, by kind and group.
    """
    suspects = pc.match_substring_regex(values, LONG_NUMBER).to_numpy(zero_copy_only=False)
    if not suspects.any():
        return {}
    rows = np.flatnonzero(suspects)
    texts = _plain(values if suspects.all() else values.take(pa.array(rows)))
    counts = weights[rows]
    found: dict[tuple[str, str], Tally] = {}
    seen: dict[tuple[str, str], Mask] = {}
    for shape, at, digits in _numbers(texts):
        for verdict in shape.judge(digits):
            key = (shape.kind, verdict.group)
            known = seen.setdefault(key, np.zeros(len(texts), dtype=bool))
            hits = at[verdict.right]
            tally = verdict.tally(int(counts[hits[~known[hits]]].sum()), numbered)
            known[hits] = True
            found[key] = found[key] + tally if key in found else tally
    return found


def is_too_short(values: pa.LargeStringArray) -> bool:
    """Whether values of one width all have the same other sign within any eleven digits.

    So are times (a colon) and most coordinates (a point): four times as fast as looking.
    """
    offsets = np.frombuffer(values.buffers()[1], dtype=np.int64)[values.offset :]
    first, last = int(offsets[0]), int(offsets[len(values)])
    width = (last - first) // len(values)
    if (np.diff(offsets[: len(values) + 1]) != width).any():
        return False
    signs = np.frombuffer(values.buffers()[2], dtype=np.uint8)[first:last].reshape(-1, width)
    longest = run = 0
    for at, sign in enumerate(signs[0].tolist()):
        constant = sign < 128 and not chr(sign).isdigit() and bool((signs[:, at] == sign).all())
        if not constant:
            run += 1
        elif sign not in _JOINT_SIGNS:
            run = 0
        longest = max(longest, run)
    return longest < SHORTEST


def _plain(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Half-width digits, one kind of dash and bracket."""
    if pc.all(pc.string_is_ascii(texts)).as_py():
        return texts
    return pc.replace_substring_regex(pc.utf8_normalize(texts, form="NFKC"), _DASHES, "-")


def _numbers(
    texts: pa.LargeStringArray,
) -> Iterator[tuple[_Shape, npt.NDArray[np.int64], Digits]]:
    """All numbers: their shape, rows and last digits; at most one a row each time.

    Values that are such a number and nothing else, as columns of codes are, take a way
    without regular expressions, twenty times as fast.
    """
    others = np.ones(len(texts), dtype=bool)
    for shape in _SHAPES:
        bare, digits = _bare_numbers(texts, shape.width)
        others[bare] = False
        if len(bare):
            yield shape, bare, digits
    rows = np.flatnonzero(others)
    rest = texts.take(pa.array(rows))
    for shape in _SHAPES:
        for at, digits in _matches(rest, shape):
            yield shape, rows[at], digits


def _matches(
    texts: pa.LargeStringArray, shape: _Shape
) -> Iterator[tuple[npt.NDArray[np.int64], Digits]]:
    """The numbers of one shape within longer texts."""
    whole = f"{_BEFORE}(?P<number>{shape.pattern}){_AFTER}"
    rows = np.arange(len(texts))
    for _ in range(_ROUNDS):
        hit = pc.match_substring_regex(texts, whole)
        rows = rows[hit.to_numpy(zero_copy_only=False)]
        if not len(rows):
            return
        texts = texts.filter(hit)
        number = pc.extract_regex(texts, whole).field("number")
        number = pc.replace_substring_regex(pc.utf8_upper(number), "[^0-9X]", "")
        letters = "".join(pc.utf8_slice_codeunits(number, start=-shape.width).to_pylist())
        yield rows, _digits_of(letters.encode("ascii"), shape.width)
        texts = pc.replace_substring_regex(texts, whole, "#", max_replacements=1)


def _bare_numbers(texts: pa.LargeStringArray, width: int) -> tuple[npt.NDArray[np.int64], Digits]:
    """The values that are a number of so many digits (X last allowed) and nothing else."""
    rows = np.flatnonzero(pc.binary_length(texts).to_numpy(zero_copy_only=False) == width)
    same = texts if len(rows) == len(texts) else texts.take(pa.array(rows))
    offsets = np.frombuffer(same.buffers()[1], dtype=np.int64)[same.offset :]
    letters = bytes(same.buffers()[2] or b"")[offsets[0] : offsets[len(same)]]
    digits = _digits_of(letters, width)
    numeric = (digits[:, :-1] <= 9).all(axis=1) & (digits[:, -1] <= 10)
    return rows[numeric], digits[numeric]


def _digits_of(letters: bytes, width: int) -> Digits:
    """Digits of letters; what is none of 0 to 9 and X exceeds 10."""
    digits = np.frombuffer(letters, dtype=np.uint8).reshape(-1, width) - np.uint8(ord("0"))
    last = digits[:, -1]
    last[(last == ord("X") - ord("0")) | (last == ord("x") - ord("0"))] = 10
    return digits


def _value(digits: Digits, first: int, last: int) -> npt.NDArray[np.int32]:
    """The number that the digits from ``first`` to before ``last`` make."""
    value = np.zeros(len(digits), dtype=np.int32)
    for at in range(first, last):
        value *= 10
        value += digits[:, at]
    return value


def _weighted(digits: Digits) -> npt.NDArray[np.int32]:
    """The sum of digits times the weights of the check digit."""
    total = np.zeros(len(digits), dtype=np.int32)
    for at, weight in enumerate(_CHECK):
        total += digits[:, at] * np.uint8(weight)
    return total


def _born(digits: Digits, first: int) -> Mask:
    """Whether month and day follow at a position, behind the code of a province."""
    month, day = _value(digits, first, first + 2), _value(digits, first + 2, first + 4)
    dated = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    return np.isin(_value(digits, 0, 2), _PROVINCES) & dated


@dataclass(frozen=True)
class _Verdict:
    """Which of some numbers are candidates of a group, and which are right; see ``Tally``."""

    group: str
    candidates: int
    right: Mask
    chance: float
    least: float
    begins: npt.NDArray[np.int32] | None = None

    def tally(self, rows: int, strict: bool) -> Tally:
        """Count them.

        Numbers in sequence all begin alike; those of many people do not.
        """
        hits = int(self.right.sum())
        spread = needed = 1
        if self.begins is not None and hits >= _MANY:
            spread, needed = len(np.unique(self.begins[self.right])), _FEW_BEGINNINGS
        return Tally(rows, self.candidates, hits, self.chance, self.least, spread, needed, strict)


def _judge_ids(digits: Digits) -> Iterator[_Verdict]:
    """Well-formed numbers of 18 digits, and those with the right check digit (ISO 7064 11-2).

    Numbers of businesses (county, date, sequence) have a right one in 1 of 11. Dates of birth
    of grown-ups are told from recent dates, so that such numbers hide no person.
    """
    year = _value(digits, 6, 10)
    shaped = _born(digits, 10) & (year >= 1900) & (year <= 2099)
    right = shaped & (_weighted(digits) % 11 == 1)
    grown = year <= datetime.now(UTC).year - _ADULT_YEARS
    for group, chosen in (("adults", grown), ("recent", ~grown)):
        yield _Verdict(group, int((shaped & chosen).sum()), right & chosen, 1 / 11, 0.5)


def _judge_old_ids(digits: Digits) -> Iterator[_Verdict]:
    """Numbers of 15 digits have no check digit: region, date of birth and their share decide."""
    year = _value(digits, 6, 8)
    right = _born(digits, 8) & (year >= _OLD_BIRTHS[0]) & (year <= _OLD_BIRTHS[1])
    yield _Verdict("15 digits", len(digits), right, 0.02, 0.6)


def _judge_mobiles(digits: Digits) -> Iterator[_Verdict]:
    """Numbers of 11 digits that begin like a mobile phone's, or with an area code."""
    begins = _value(digits, 0, 3)
    mobile = np.isin(begins, _OPERATORS)
    yield _Verdict("mobile", len(digits), mobile, 0.07, 0.5, begins)
    area = (begins == 10) | ((begins >= 20) & (begins <= 99))
    local = area & (digits[:, 4] >= 2) & (digits[:, 4] <= 8)
    yield _Verdict("landline", len(digits), local, 0.06, 0.5, _value(digits, 4, 7))


def _judge_landlines(digits: Digits) -> Iterator[_Verdict]:
    """An area code, something between, and 7 or 8 digits: seldom anything else."""
    yield _Verdict("apart", len(digits), np.ones(len(digits), dtype=bool), 0.01, 0.5)


@dataclass(frozen=True)
class _Shape:
    """How a kind of number looks, and who judges those that look so."""

    kind: str
    pattern: str
    width: int
    judge: Callable[[Digits], Iterator[_Verdict]]


_SHAPES = (
    _Shape("ID numbers", _ID, 18, _judge_ids),
    _Shape("ID numbers", _OLD_ID, 15, _judge_old_ids),
    _Shape("phone numbers", _ELEVEN, 11, _judge_mobiles),
    _Shape("phone numbers", _LANDLINE, 10, _judge_landlines),
)
