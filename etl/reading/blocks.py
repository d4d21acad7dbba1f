"""Cut a text into blocks of whole records, and know the line each begins at."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from geo.errors import InputError

BLOCK_BYTES = 2 * 2**20
"""How much of a text is looked at together."""

LONGEST_BYTES = 16 * 2**20
"""A record longer than this is none."""

Item = TypeVar("Item")

_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Block:
    """Whole records as they are in the file.

    Attributes:
        raw: their bytes, with LF as line breaks.
        first_line: number of the first line, from 1.
        marked: whether the file begins with the mark (BOM) that says it is in UTF-8.
    """

    raw: bytes
    first_line: int
    marked: bool = False

    def line_at(self, position: int) -> int:
        """The number of the line at a byte."""
        return self.first_line + self.raw.count(b"\n", 0, position)


def read_blocks(stream: BinaryIO, name: str, *, quotes: bool) -> Iterator[Block]:
    """Cut a text at line breaks outside of quotation marks; the BOM is taken off.

    Line breaks of the kinds CR LF and CR alone become LF. All of it holds for UTF-8 and
    GB18030 alike: neither uses the bytes of line breaks and quotation marks in another sense.

    Args:
        stream: the text.
        name: what to call it in messages.
        quotes: whether a value in quotation marks may hold line breaks.

    Raises:
        InputError: UTF-16, a NUL byte, or a record that does not end.
    """
    rest, line, first = b"", 1, True
    pending_cr = marked = False
    while piece := stream.read(BLOCK_BYTES):
        if first:
            _refuse_utf16(piece, name)
            marked = piece.startswith(_BOM)
            piece, first = piece.removeprefix(_BOM), False
        if pending_cr:
            piece = b"\r" + piece
        pending_cr = piece.endswith(b"\r")
        if pending_cr:
            piece = piece[:-1]
        rest += _plain_breaks(piece)
        cut = _last_end(rest, quotes=quotes)
        if not cut:
            _refuse_long(rest, line, name)
            continue
        block = Block(rest[:cut], line, marked)
        _refuse_nul(block, name)
        line += block.raw.count(b"\n")
        rest = rest[cut:]
        _refuse_long(rest, line, name)
        yield block
    if pending_cr:
        rest += b"\n"
    if rest:
        block = Block(rest, line, marked)
        _refuse_nul(block, name)
        if quotes and rest.count(b'"') % 2:
            last = block.line_at(rest.rfind(b'"'))
            raise InputError(f"{name}, line {last}: a quotation mark that is never closed")
        yield block


def _plain_breaks(piece: bytes) -> bytes:
    """Line breaks as LF."""
    if b"\r" not in piece:
        return piece
    return piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _last_end(text: bytes, *, quotes: bool) -> int:
    """Where the last whole record ends; 0 if none does."""
    cut = text.rfind(b"\n") + 1
    if quotes and text.count(b'"', 0, cut) % 2:
        # Within quotation marks: the record begins before the mark that opened them.
        cut = text.rfind(b"\n", 0, text.rfind(b'"', 0, cut)) + 1
    return cut


def _refuse_utf16(start: bytes, name: str) -> None:
    if start.startswith(_UTF16) or start[1:2] == b"\0" or start[:1] == b"\0":
        raise InputError(f"{name} is in UTF-16: save it as UTF-8")


def _refuse_nul(block: Block, name: str) -> None:
    at = block.raw.find(b"\0")
    if at >= 0:
        raise InputError(
            f"{name}, line {block.line_at(at)}: a NUL byte, so this is no text or a damaged one"
        )


def _refuse_long(rest: bytes, line: int, name: str) -> None:
    if len(rest) > LONGEST_BYTES:
        raise InputError(
            f"{name}, line {line}: a record that does not end within"
            f" {LONGEST_BYTES // 2**20} MB: is a quotation mark left open?"
        )


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The same items, each made in a thread while the one before is being used."""
    over = object()
    with ThreadPoolExecutor(max_workers=1) as maker:
        pending = maker.submit(next, items, over)
        while (item := pending.result()) is not over:
            pending = maker.submit(next, items, over)
            yield item  # type: ignore[misc]
