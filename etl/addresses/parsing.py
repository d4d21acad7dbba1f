"""Which area an address names: the chain of names, each inside the one before, that says most.

Never guessed: where two places fit equally well, the smallest area around both is taken if it
is still small enough to be of use, and nothing otherwise; an address that names two places
which exclude each other is not believed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from etl.addresses.naming import FULL, OTHER, SHORT, ways_of_calling
from etl.nesting import Nesting
from geo.assignment import UNASSIGNED
from geo.hierarchy import CELL, CITY, COUNTY, PROVINCE, TOWNSHIP, VILLAGE

FOUND, NOWHERE, SEVERAL = range(3)
"""How looking for an address ends."""

MISSPELT, MISSING, CHOSEN_COARSER = 0.8, 0.9, 0.7
"""What a level takes off the score that is misspelt, not named, or common to several places."""

_LONGEST = 24
_TIE = 0.26
_LONG_ENOUGH = 4
_GOES_ON = frozenset("组社队附旁内第一二三四五六七八九十")
_DIFFERENT = frozenset("东南西北上下中大小前后左右一二三四五六七八九十新老头尾里外")
_NOT_AN_END = {"市": "场", "区": "间域块", "县": "道", "村": "镇"}
_TOKEN = re.compile("[\u4e00-\u9fff]{1,6}?(?:街道|社区|[市县区镇乡村])")
_PROVINCES = (
    "北京 天津 河北 山西 内蒙古 辽宁 吉林 黑龙江 上海 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 "
    "广西 海南 重庆 四川 贵州 云南 西藏 陕西 甘肃 青海 宁夏 新疆 台湾 香港 澳门"
)


@dataclass(frozen=True)
class Call:
    """A part of an address that may name an area."""

    start: int
    end: int
    row: int
    quality: float


@dataclass(frozen=True)
class Reading:
    """What an address names.

    Attributes:
        outcome: ``FOUND``, ``NOWHERE`` or ``SEVERAL``.
        row: of the area; ``UNASSIGNED`` unless found.
        score: see ``AddressParser``.
        rest: where the part begins that no name of an area explains.
    """

    outcome: int
    row: int = UNASSIGNED
    score: float = 0.0
    rest: int = 0


@dataclass(frozen=True)
class AddressParser:
    """Knows how areas are called; pure and picklable.

    The score says how completely an address names its area: 1 if every level from the county
    down to it is named in full; times 0.95 for each level without its kind (榆中 for 榆中县),
    0.9 for each called by a former name or another kind (乡 for 镇) or not named at all, 0.8 for
    each that is misspelt by one character, and 0.7 if a wider area was taken because several
    smaller ones fit.

    Attributes:
        names: the name of each of m areas.
        levels: the slot of each.
        above: which lies in which.
        calls: the areas and qualities, by way of calling; without cells.
        children: the rows of the areas directly below, by row.
        root_level: the slot of the widest area.
        foreign: beginnings that put an address elsewhere.
    """

    names: tuple[str, ...]
    levels: tuple[int, ...]
    above: Nesting
    calls: dict[str, tuple[tuple[int, float], ...]]
    children: dict[int, tuple[int, ...]]
    root_level: int
    foreign: tuple[str, ...] = ()
    _lengths: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def read(self, address: str) -> Reading:
        """Find the area that an address names."""
        text = plain_address(address)
        if not text or text.startswith(self.foreign):
            return Reading(NOWHERE)
        calls = self._usable(text, list(self._calls_in(text)))
        chains = self._best_chains(calls)
        if not chains:
            return Reading(NOWHERE)
        rows = {chain[-1].row for chain in chains}
        chain = chains[0]
        if self._contradicted(calls, chain):
            return Reading(SEVERAL)
        if len(rows) > 1:
            return self._common(chains, rows)
        return self._refined(text, chain)

    def _calls_in(self, text: str) -> Iterator[Call]:
        """All parts of the text that some area is called by."""
        for start in range(len(text) - 1):
            for length in self._lengths.get(text[start : start + 2], ()):
                part = text[start : start + length]
                for row, quality in self.calls.get(part, ()) if len(part) == length else ():
                    yield Call(start, start + length, row, quality)

    def _usable(self, text: str, calls: list[Call]) -> list[Call]:
        """Leave out short forms that are the beginning of some other word."""
        begins = {call.start for call in calls}

        def stands(call: Call) -> bool:
            after = text[call.end : call.end + 1]
            if call.quality != SHORT:
                return after == "" or after not in _NOT_AN_END.get(text[call.end - 1], "")
            ends = not after or not "\u4e00" <= after <= "\u9fff" or after in _GOES_ON
            return ends or call.end in begins

        return [call for call in calls if stands(call)]

    def _best_chains(self, calls: list[Call]) -> list[tuple[Call, ...]]:
        """The chains that explain most, best first; several if they are equally good."""
        best: list[tuple[float, tuple[Call, ...]]] = []
        for call in sorted(calls, key=lambda each: (each.start, each.end)):
            weight = 0.0
            chain: tuple[Call, ...] = ()
            for other, before in best:
                last = before[-1]
                if other > weight and last.end <= call.start and self._inside(call.row, last.row):
                    weight, chain = other, before
            own = (call.end - call.start) * call.quality + 0.01 * self.levels[call.row]
            best.append((weight + own, (*chain, call)))
        usable = [(weight, chain) for weight, chain in best if self._is_enough(chain)]
        if not usable:
            return []
        most = max(weight for weight, _ in usable)
        first = sorted(usable, key=lambda entry: -entry[0])
        return [chain for weight, chain in first if weight > most - _TIE]

    def _is_enough(self, chain: Sequence[Call]) -> bool:
        """A village alone is no address in a province: there are too many of one name."""
        if self.root_level >= COUNTY:
            return True
        first = chain[0]
        level = self.levels[first.row]
        return level <= COUNTY or (level == TOWNSHIP and first.quality == FULL)

    def _inside(self, row: int, wider: int) -> bool:
        """Whether an area lies in another one (and is not the same)."""
        return row != wider and int(self.above[row, self.levels[wider]]) == wider

    def _contradicted(self, calls: list[Call], chain: tuple[Call, ...]) -> bool:
        """Whether the text names a city or county in full that the chain does not lie in."""
        last = chain[-1]
        spans = [(call.start, call.end) for call in chain]
        around: dict[tuple[int, int], bool] = {}
        for call in calls:
            if call.quality < FULL or self.levels[call.row] not in (CITY, COUNTY):
                continue
            if call.start >= last.start or any(a < call.end and call.start < b for a, b in spans):
                continue
            fits = self._inside(last.row, call.row) or self._inside(call.row, last.row)
            key = (call.start, call.end)
            around[key] = around.get(key, False) or fits
        return not all(around.values())

    def _common(self, chains: list[tuple[Call, ...]], rows: set[int]) -> Reading:
        """The smallest area around all places that fit, if it is a county or smaller."""
        lineages = self.above[sorted(rows)]
        same = (lineages == lineages[0]).all(axis=0) & (lineages[0] != UNASSIGNED)
        row = int(lineages[0][np.flatnonzero(same).max()]) if same.any() else UNASSIGNED
        if row == UNASSIGNED or not self._is_fine(row):
            return Reading(SEVERAL)
        named = [call for call in chains[0] if call.row == row or self._inside(row, call.row)]
        if not named and self.root_level < COUNTY:
            return Reading(SEVERAL)
        return Reading(FOUND, row, self._score(row, named) * CHOSEN_COARSER, chains[0][-1].end)

    def _refined(self, text: str, chain: tuple[Call, ...]) -> Reading:
        """Go on below the last name: misspelt names, then the cell."""
        while True:
            row, end = chain[-1].row, chain[-1].end
            found = self._misspelt(text[end:], row)
            if found is None:
                break
            chain = (*chain, Call(end + found[0], end + found[1], found[2], MISSPELT))
        if (cell := self._cell(text[end:], row)) is not None:
            chain = (*chain, Call(end, end + len(self.names[cell]), cell, FULL))
        last = chain[-1]
        if not self._is_fine(last.row):
            return Reading(NOWHERE)
        return Reading(FOUND, last.row, self._score(last.row, chain), last.end)

    def _misspelt(self, rest: str, row: int) -> tuple[int, int, int] | None:
        """The only area below that the next name differs from by one character.

        Of names of three characters too many differ by one: 大庄镇 is not 大石镇 misspelt.
        """
        if self.levels[row] >= VILLAGE:
            return None
        token = _TOKEN.match(rest)
        if token is None or len(token[0]) < _LONG_ENOUGH or token[0] in self.calls:
            return None
        below = [row, *self.children.get(row, ())] if self.levels[row] < CITY else [row]
        near = {
            child
            for parent in below
            for child in self.children.get(parent, ())
            if any(
                quality >= OTHER and _differ_by_one(token[0], way)
                for way, quality in ways_of_calling(self.names[child], self.levels[child])
            )
        }
        return (token.start(), token.end(), near.pop()) if len(near) == 1 else None

    def _cell(self, rest: str, row: int) -> int | None:
        """The only cell below an area that the rest begins with."""
        cells = [child for child in self.children.get(row, ()) if self.levels[child] == CELL]
        named = [cell for cell in cells if rest.startswith(self.names[cell])]
        longest = max((len(self.names[cell]) for cell in named), default=0)
        named = [cell for cell in named if len(self.names[cell]) == longest]
        return named[0] if len(named) == 1 else None

    def _is_fine(self, row: int) -> bool:
        """A county or smaller, or what has no counties below."""
        level = self.levels[row]
        if level >= COUNTY:
            return True
        return all(self.levels[child] > COUNTY for child in self.children.get(row, (row,)))

    def _score(self, row: int, chain: Sequence[Call]) -> float:
        quality: dict[int, float] = defaultdict(lambda: MISSING)
        for call in chain:
            quality[self.levels[call.row]] = call.quality
        score = 1.0
        for level in range(COUNTY, self.levels[row] + 1):
            if self.above[row, level] != UNASSIGNED:
                score *= quality[level]
        return score


def make_parser(
    names: Sequence[str],
    levels: Sequence[int],
    above: Nesting,
    former: Sequence[tuple[int, str]] = (),
) -> AddressParser:
    """Prepare for addresses in a tree of areas.

    Args:
        names: of m areas.
        levels: their slots.
        above: which lies in which.
        former: names that areas had, or other names of them, each with the area's row.
    """
    calls: dict[str, dict[int, float]] = defaultdict(dict)
    for row, (name, level) in enumerate(zip(names, levels, strict=True)):
        for way, quality in ways_of_calling(plain_address(name), level) if level != CELL else ():
            calls[way].setdefault(row, quality)
    for row, name in former:
        for way, quality in ways_of_calling(plain_address(name), levels[row]):
            calls[way].setdefault(row, min(quality, OTHER))
    lengths: dict[str, set[int]] = defaultdict(set)
    for way in calls:
        if 2 <= len(way) <= _LONGEST:
            lengths[way[:2]].add(len(way))
    children: dict[int, list[int]] = defaultdict(list)
    for row, level in enumerate(levels):
        wider = above[row, :level]
        if (wider != UNASSIGNED).any():
            children[int(wider[wider != UNASSIGNED][-1])].append(row)
    root = int(np.argmin(levels))
    return AddressParser(
        tuple(names),
        tuple(int(level) for level in levels),
        above,
        {way: tuple(rows.items()) for way, rows in calls.items()},
        {row: tuple(below) for row, below in children.items()},
        int(levels[root]),
        _foreign(names[root]) if levels[root] == PROVINCE else (),
        {begin: tuple(sorted(found)) for begin, found in lengths.items()},
    )


def plain_address(text: str) -> str:
    """An address in half width, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def _foreign(root: str) -> tuple[str, ...]:
    """Beginnings of addresses in other provinces, if the root is a province."""
    provinces = _PROVINCES.split()
    if not root.startswith(tuple(provinces)):
        return ()
    others = [name for name in provinces if not root.startswith(name)]
    return tuple(
        f"{name}{end}" for name in others for end in ("省", "市", "自治区", "壮族", "回族")
    )


def _differ_by_one(one: str, other: str) -> bool:
    """Whether two names of a length differ in one character, and not in one that tells places."""
    if len(one) != len(other) or one[-1] != other[-1]:
        return False
    apart = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(apart) == 1 and not _DIFFERENT & set(apart[0])
