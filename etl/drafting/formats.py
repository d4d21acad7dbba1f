"""In which formats a column writes its times."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd

from etl.profiles import CHINESE, EPOCH, EPOCH_MS, EXCEL, ISO, Time
from etl.texts import as_number, as_text
from etl.times import make_time

_PLAIN = (
    ISO,
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d%H%M",
    "%Y%m%d",
    CHINESE,
)
_DAY_FIRST = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y")
_MONTH_FIRST = tuple(each.replace("%d/%m", "%m/%d") for each in _DAY_FIRST)
_COUNTED = {EXCEL: (20_000, 80_000), EPOCH: (5e8, 4e9), EPOCH_MS: (5e11, 4e12)}
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Formats:
    """What was found about a column of times.

    Attributes:
        written: the formats, the commonest first.
        read: the share of values that they read.
        naive: whether any value states no zone.
        why: what is doubtful.
    """

    written: tuple[str, ...]
    read: float
    naive: bool
    why: str | None = None


def find_formats(values: pd.Series) -> Formats:
    """Find the formats that read a column of times, as few as possible."""
    filled = values.dropna()
    if pd.api.types.is_datetime64_any_dtype(values):
        return Formats((ISO,), 1.0, naive=filled.dt.tz is None)
    text = as_text(filled).dropna()
    if not len(text):
        return Formats((ISO,), 0.0, naive=False, why="there is no value in the first rows")
    counted = _counted(text)
    if counted is not None:
        return counted
    written, left = _greedy(text, _PLAIN)
    why = None
    if len(left):
        written, left, why = _by_order(text, written, left)
    if len(left):
        why = f"{len(left):,} of {len(text):,} values fit no format that is known"
    naive = not text.str.contains(r"\d(?:Z|[+-]\d\d:?\d\d|[+-]\d\d)$").all()
    return Formats(written or (ISO,), 1 - len(left) / len(text), naive=naive, why=why)


def _counted(text: pd.Series) -> Formats | None:
    """Days or seconds that are counted from somewhere."""
    number = as_number(text)
    for written, (least, most) in _COUNTED.items():
        if number.between(least, most).all():
            what = "days since 1900" if written == EXCEL else "seconds or milliseconds since 1970"
            return Formats((written,), 1.0, naive=written == EXCEL, why=f"taken for {what}")
    return None


def _by_order(
    text: pd.Series, written: tuple[str, ...], left: pd.Series
) -> tuple[tuple[str, ...], pd.Series, str | None]:
    """Times with the year at the end: which of day and month comes first shows only in some."""
    day, not_day = _greedy(left, _DAY_FIRST)
    month, not_month = _greedy(left, _MONTH_FIRST)
    if len(not_day) < len(not_month):
        return (*written, *day), not_day, None
    if len(not_month) < len(not_day):
        return (*written, *month), not_month, None
    if len(not_day) == len(left):
        return written, left, None
    doubt = "day and month cannot be told apart: taken as month/day/year"
    return (*written, *month), not_month, doubt


def _greedy(text: pd.Series, candidates: tuple[str, ...]) -> tuple[tuple[str, ...], pd.Series]:
    """Take the format that reads most, and again for what is left."""
    written: list[str] = []
    left = text
    while len(left):
        reads = {each: _reads(left, each) for each in candidates if each not in written}
        best = max(reads, key=lambda each: int(reads[each].sum()), default=None)
        if best is None or not reads[best].any():
            break
        written.append(best)
        left = left[~reads[best].to_numpy()]
    return tuple(written), left


def _reads(text: pd.Series, written: str) -> pd.Series:
    """Which values a format reads; other signs than ISO 8601 has are left to other formats."""
    if written == ISO and not text.str.match(r"\d{4}-\d").all():
        text = text.where(text.str.match(r"\d{4}-\d"))
    return make_time(Time(column="-", format=written), text, _UTC).notna()
