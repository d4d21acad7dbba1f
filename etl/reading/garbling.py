"""Recognise text that was decoded wrongly once and saved so."""

import re
from functools import cache

import numpy as np
import numpy.typing as npt

_LOST = "\ufffd"
_LOST_TWICE = "锟斤拷"
"""What becomes of two characters that were lost, when they are read as GBK."""

_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\ue000-\uf8ff\uff00-\uffef]{3,}")
_LATIN = re.compile("[\u0080-\u00ff\u0152-\u02dc\u2013-\u203a\u20ac\u2122]{2,}")
_CJK = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")

_SURE = 6
"""From so many characters on, a run that reads as UTF-8 within GBK is no chance any more."""

_SEVERAL = 3
"""From so many on, shorter ones are no chance, if they are most of what there is."""


def garbled_at(text: str) -> int | None:
    """Find the first place of a text that must be wrong.

    Recognised are the sign for lost characters, 锟斤拷, UTF-8 that was read as GBK, and UTF-8
    that was read as Latin-1 or Windows-1252. A run of Chinese characters counts if it is
    long, or if most runs of the text are like it: short ones occur by chance.

    Returns:
        The position of the first such character; None if there is nothing.
    """
    if text.isascii() or not _is_suspect(text):
        return None
    lost = [at for at in (text.find(_LOST), text.find(_LOST_TWICE)) if at >= 0]
    found = [*lost, *_latin(text), *_han(text)]
    return min(found, default=None)


def unlikely_at(text: str) -> int | None:
    """Find where a text read as GB18030 is likely something else, such as Latin-1 or Big5.

    Returns:
        The position of the first character outside of the common ones, if those are the
        smaller part of all characters beyond ASCII.
    """
    codes = _codes(text)
    beyond = codes > 0x7F
    rare = beyond & ~_tables()[1][codes]
    if not rare.any() or int(rare.sum()) * 2 < int(beyond.sum()):
        return None
    before = text.encode("utf-16-le", "surrogatepass")[: 2 * int(np.argmax(rare))]
    return len(before.decode("utf-16-le", "surrogatepass"))


def _han(text: str) -> list[int]:
    """The first run of UTF-8 read as GBK, if there is one."""
    first = {match.group(): match.start() for match in reversed(list(_HAN.finditer(text)))}
    wrong = {run for run in first if _was_utf8(run)}
    sure = [first[run] for run in wrong if len(run) >= _SURE]
    if len(wrong) >= _SEVERAL and len(wrong) * 2 > len(first):
        sure += [first[run] for run in wrong]
    return [min(sure)] if sure else _garbled_line(text, wrong)


def _garbled_line(text: str, wrong: set[str]) -> list[int]:
    """The first line most of whose runs are wrong, if there are several."""
    start = 0
    for line in text.splitlines(keepends=True) if len(wrong) >= _SEVERAL else ():
        runs = [match.group() for match in _HAN.finditer(line)]
        found = len(wrong.intersection(runs))
        if found >= _SEVERAL and found * 2 > len(set(runs)):
            return [start]
        start += len(line)
    return []


def _was_utf8(run: str) -> bool:
    """Whether the bytes of a run in GBK are the UTF-8 of Chinese text, perhaps cut off."""
    try:
        data = run.encode("gb18030")
        original = data[: len(data) - _cut_off(data)].decode("utf-8")
    except UnicodeError:
        return False
    return bool(_CJK.fullmatch(original))


def _cut_off(data: bytes) -> int:
    """Bytes at the end that begin a character of three bytes and do not finish it."""
    for length in (1, 2):
        if data[-length] >= 0xE0:
            return length
        if data[-length] < 0x80:
            return 0
    return 0


def _latin(text: str) -> list[int]:
    """The first run of UTF-8 read as Latin-1 or Windows-1252, if there is one."""
    for match in _LATIN.finditer(text):
        for codec in ("latin-1", "cp1252"):
            try:
                match.group().encode(codec).decode("utf-8")
            except UnicodeError:
                continue
            return [match.start()]
    return []


def _is_suspect(text: str) -> bool:
    """Whether a text holds any character that garbled text nearly always has."""
    return bool(_tables()[0][_codes(text)].any())


def _codes(text: str) -> npt.NDArray[np.uint16]:
    """The text in units of 16 bits."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)


@cache
def _tables() -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """By unit of 16 bits: what garbled text has, and what ordinary text in GB18030 has."""
    suspect, common = np.zeros(65536, dtype=bool), np.zeros(65536, dtype=bool)
    suspect[[ord(_LOST), ord(_LOST_TWICE[0])]] = True
    # The lead byte of a common character in UTF-8 and the byte after it, read as GBK. Those
    # that GB 2312 has too are left to occur: garbled text has both kinds.
    for lead in range(0xE3, 0xEA):
        for trail in range(0x80, 0xA1):
            suspect[[ord(char) for char in bytes((lead, trail)).decode("gbk", "ignore")]] = True
    suspect[0xC2:0xF5] = True
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            common[[ord(char) for char in bytes((row, cell)).decode("gb2312", "ignore")]] = True
    common[:0x80] = True
    return suspect, common
