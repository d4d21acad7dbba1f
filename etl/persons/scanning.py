"""Look through a chunk of a file for person data."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from etl.persons.findings import Findings, Tally
from etl.persons.headers import header_kind
from etl.persons.names import MENTIONS, PAIRS, is_name, names_somebody, names_two
from etl.persons.numbers import LONG_NUMBER, SHORTEST, Weights, is_too_short, scan_numbers
from etl.profiles import Incidents

_SAMPLE = 2_000
_FEW = 0.5
"""The share of distinct values in a sample up to which values are counted once each."""

_SHORT = (
    "^[\\s\u30000-9A-Za-z_.#/-]*[\u4e00-\u9fff](?:[\\s\u3000]?[\u4e00-\u9fff]){1,3}"
    "[\\s\u30000-9A-Za-z_.#/-]*$"
)
_HOME = "家住|现住址|户籍地|家庭住址|身份证住址"
_ROOM = "(?:单元|号楼|栋|幢)[^,，。;；]{0,4}[0-9０-９]{1,4}[室号]"
_ANYTHING = f"{LONG_NUMBER}|{MENTIONS}|{PAIRS}|{_HOME}|{_ROOM}"
_SHORTEST_NAME, _LONGEST_NAME = 6, 40
_LONGEST_LABEL = 60
_SENTENCE = "[。！？!?\n]"
_ETHNIC = (
    "汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 "
    "高山 拉祜 水 东乡 纳西 景颇 柯尔克孜 土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 "
    "普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春 赫哲 门巴 "
    "珞巴 基诺"
)
_VALUES = {
    "ethnicity": frozenset(f"{name}族" for name in _ETHNIC.split()),
    "religion": frozenset(
        ("佛教", "道教", "伊斯兰教", "基督教", "天主教", "东正教", "无宗教信仰", "信佛")
    ),
}


def find_headers(columns: Iterable[str], rules: Incidents) -> Findings:
    """What the names of columns give away; the rows are not counted.

    The column of a number of people may be called 当事人, and an incident's own number
    ``id_number``: what stands in them is looked at all the same.
    """
    exempt = {*rules.leave_out, rules.people, *filter(str.isascii, rules.incident_id)}
    kinds = {name: header_kind(name) for name in map(str, columns) if name not in exempt}
    return Findings({name: kind for name, kind in kinds.items() if kind})


def scan_columns(frame: pd.DataFrame, rules: Incidents) -> Findings:
    """Look through all columns of a chunk but those left out.

    Values that a dictionary lists are terms, whatever they look like. The column of addresses
    may say where something happened, down to the door. A column whose own name is somebody's
    name or number, as in a file without a header, is called by its place.

    Args:
        frame: n rows as the file has them.
        rules: says what columns are for.

    Returns:
        Findings, to be added to those of other chunks; only the sum over a whole file says
        what chance cannot explain.
    """
    headers = find_headers(frame.columns, rules).headers
    filled = {name: int(_filled(frame[name]).sum()) for name in headers}
    left_out = set(rules.leave_out)
    terms = {
        rule.column: {value for term in rule.terms for value in (term.code, *term.values)}
        for rule in rules.dictionaries.values()
    }
    codes = {*rules.incident_id, rules.recorded.column if rules.recorded else None}
    labels = {rule.column for rule in rules.dictionaries.values() if rule.create}
    labels |= {rules.method, rules.organisation}
    tallies: dict[tuple[str, str, str], Tally] = {}
    for place, name in enumerate(frame.columns, start=1):
        if name in left_out or not _is_looked_at(frame[name]):
            continue
        values, weights = _counted(frame[name])
        found = _scan_texts(values, weights, name in codes, name == rules.address, name in terms)
        found |= _scan_names(values, weights, terms.get(name, set()))
        if name in labels:
            found |= _scan_labels(values, weights)
        shown = _shown(str(name), place)
        tallies |= {(shown, *key): tally for key, tally in found.items()}
    return Findings(headers, filled, tallies)


def scan_values(name: str, values: pd.Series) -> Findings:
    """Look through one column of a list that has no profile."""
    texts, weights = _counted(values)
    found = _scan_texts(texts, weights, numbered=False, place=False) | _scan_names(texts, weights)
    return Findings(tallies={(name, *key): tally for key, tally in found.items()})


def _filled(values: pd.Series) -> pd.Series:
    return values.notna() & (values.astype("str").str.strip() != "")


def _is_looked_at(values: pd.Series) -> bool:
    """Whether a column can hold texts or long whole numbers."""
    kind = values.dtype.kind
    return kind not in "bmM" and not isinstance(values.dtype, pd.DatetimeTZDtype)


def _counted(values: pd.Series) -> tuple[pa.LargeStringArray, Weights | None]:
    """The values of a column that are there; each once with its rows if many are repeated."""
    if pd.api.types.is_numeric_dtype(values.dtype):
        # Fractions hold no such number, and beyond 2**53 a float has lost its last digits.
        whole = values.dropna()
        if values.dtype.kind == "f":
            whole = whole[(whole % 1 == 0) & (whole.abs() < 2**53)].astype("int64")
        values = whole.astype("str")
    texts = pa.array(values, pa.large_string(), from_pandas=True)
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    texts = texts.drop_null()
    if not len(texts):
        return texts, None
    sample = texts.take(pa.array(np.linspace(0, len(texts) - 1, _SAMPLE).astype(np.int64)))
    if len(sample.unique()) > _FEW * min(_SAMPLE, len(texts)):
        return texts, None
    counts = texts.value_counts()
    return counts.field("values"), counts.field("counts").to_numpy().astype(np.int64)


def _scan_texts(
    values: pa.LargeStringArray,
    weights: Weights | None,
    numbered: bool,
    place: bool,
    short: bool = False,
) -> dict[tuple[str, str], Tally]:
    """Numbers, addresses of homes, and parties called by name within longer texts.

    Where only ``short`` terms belong, no two places stand beside each other.
    """
    length = pc.binary_length(values)
    if not len(values) or pc.max(length).as_py() < SHORTEST:
        return {}
    plain = _is_ascii(values)
    if plain and is_too_short(values):
        return {}
    rows = _size(values, weights)
    # A text is looked through once for everything; what follows sees the few with something.
    anything = LONG_NUMBER if plain else _ANYTHING
    hit = np.flatnonzero(pc.match_substring_regex(values, anything).to_numpy(zero_copy_only=False))
    if not len(hit):
        return {}
    texts = values if len(hit) == len(values) else values.take(pa.array(hit))
    counts = np.ones(len(hit), dtype=np.int64) if weights is None else weights[hit]
    found = scan_numbers(texts, counts, numbered)
    if plain:
        return {key: tally for key, tally in found.items() if tally.hits}
    told = _rows_where(texts, counts, MENTIONS, names_somebody)
    found["names", "in texts"] = Tally(told, rows, told, 0.0005, 0.001)
    # Villages stand beside each other in texts too, and 4 in 100 are called like persons.
    two = _rows_where(texts, counts, PAIRS, names_two)
    chance, least = (0.0005, 0.001) if short else (0.004, 0.01)
    found["names", "two in texts"] = Tally(two, rows, two, chance, least)
    if not place:
        homes = _rows_where(texts, counts, _HOME)
        found["home addresses", "in texts"] = Tally(homes, rows, homes, 0.0005, 0.001)
        rooms = _rows_where(texts, counts, _ROOM)
        found["home addresses", "rooms"] = Tally(rooms, rows, rooms, 0.05, 0.3)
    return {key: tally for key, tally in found.items() if tally.hits}


def _shown(header: str, place: int) -> str:
    """What to call a column: never by somebody's name or number."""
    tells = scan_values(header, pd.Series([header], dtype="str"))
    return f"number {place} from the left" if tells else header


def _scan_names(
    values: pa.LargeStringArray, weights: Weights | None, terms: Collection[str] = ()
) -> dict[tuple[str, str], Tally]:
    """Columns whose values are names, peoples or religions; terms are none."""
    if not len(values) or _is_ascii(values):
        return {}
    length = pc.binary_length(values).to_numpy(zero_copy_only=False)
    short = np.flatnonzero((length >= _SHORTEST_NAME) & (length <= _LONGEST_NAME))
    likely = values.take(pa.array(short))
    fits = pc.match_substring_regex(likely, _SHORT).to_numpy(zero_copy_only=False)
    if not fits.any():
        return {}
    chosen = likely.filter(pa.array(fits)).value_counts()
    texts = [text.replace(" ", "") for text in chosen.field("values").to_pylist()]
    times = chosen.field("counts").to_numpy() if weights is None else weights[short[fits]]
    found = {}
    names = np.array([text not in terms and is_name(text) for text in texts])
    # By distinct values: one word that looks like a name is no name for being common.
    named = int(names.sum())
    found["names", "values"] = Tally(int(times[names].sum()), len(values), named, 0.15, 0.4)
    for kind, known in _VALUES.items():
        is_one = np.array([text in known and text not in terms for text in texts])
        count = int(times[is_one].sum())
        found[kind, "values"] = Tally(count, _size(values, weights), count, 0.05, 0.5)
    return {key: tally for key, tally in found.items() if tally.hits}


def _scan_labels(
    values: pa.LargeStringArray, weights: Weights | None
) -> dict[tuple[str, str], Tally]:
    """Free text where the name of a method, an organisation or a term belongs.

    These are kept as they are, and a sentence could say anything about anybody.
    """
    told = pc.or_(
        pc.greater(pc.utf8_length(values), _LONGEST_LABEL),
        pc.match_substring_regex(values, _SENTENCE),
    ).to_numpy(zero_copy_only=False)
    rows = int(told.sum() if weights is None else weights[told].sum())
    if not rows:
        return {}
    return {("free text", "values"): Tally(rows, _size(values, weights), rows, 0.0, 0.0)}


def _is_ascii(values: pa.LargeStringArray) -> bool:
    return bool(pc.all(pc.string_is_ascii(values)).as_py())


def _size(values: pa.LargeStringArray, weights: Weights | None) -> int:
    return len(values) if weights is None else int(weights.sum())


def _rows_where(
    values: pa.LargeStringArray,
    counts: Weights,
    pattern: str,
    check: Callable[[str], bool] | None = None,
) -> int:
    """Rows whose text matches a pattern and, of those, a check."""
    hit = np.flatnonzero(pc.match_substring_regex(values, pattern).to_numpy(zero_copy_only=False))
    if check is not None and len(hit):
        texts = values.take(pa.array(hit)).to_pylist()
        hit = hit[np.array([check(text) for text in texts])]
    return int(counts[hit].sum())
