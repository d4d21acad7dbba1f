"""Read moments: as ISO 8601 writes them, as a format says, as spreadsheets or people do.

Columns that are alike throughout take a fast way through Arrow; what it cannot read is
looked at value by value.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from etl.profiles import CHINESE, EPOCH, EPOCH_MS, EXCEL, EXCEL_1904, ISO, Time
from etl.texts import as_number, as_text, each_value
from geo.errors import ConfigurationError

_ZONE = r" ?(?:Z|[+-]\d\d(?::?\d\d)?)$"
_ZONED = r"\d[T ]\d[\d:.,]*" + _ZONE
"""A time of day with the zone behind it, as ISO 8601 and databases write it."""

_CHINESE = re.compile(
    r"(\d{4})年(\d{1,2})月(\d{1,2})[日号]"
    r"(?:\s*(凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间)?\s*(\d{1,2})"
    r"(?:[时點点](半|(?:(\d{1,2})分(?:(\d{1,2})秒)?)?)|:(\d{1,2})(?::(\d{1,2}))?))?"
)
_AFTERNOON = ("下午", "傍晚", "晚上", "夜间")

_MS_A_DAY = 86_400_000
_EXCEL_START = {
    EXCEL: np.datetime64("1899-12-30", "ms"),
    EXCEL_1904: np.datetime64("1904-01-01", "ms"),
}
_EPOCH_MS = {EPOCH: 1000, EPOCH_MS: 1}


def make_time(rule: Time, values: pd.Series, zone: ZoneInfo | None) -> pd.Series:
    """Read moments; of several formats the first that fits a value is taken.

    A clock reading that daylight saving skips moves forward to the next that
    exists; one that happens twice is the first of the two.

    Returns:
        Moments in UTC; NaT where the value is missing or cannot be read.

    Raises:
        ConfigurationError: a value has no zone and the profile states none.
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        return _in_utc(rule, values, zone)
    found: pd.Series | None = None
    for written in rule.formats:
        if found is None:
            found = _read(rule, written, values, zone)
            continue
        left = (found.isna() & values.notna()).to_numpy()
        if left.any():
            found[left] = _read(rule, written, values[left], zone).array
    return found if found is not None else _nothing(values)


def _read(rule: Time, written: str, values: pd.Series, zone: ZoneInfo | None) -> pd.Series:
    """Read moments in one format."""
    if written in _EXCEL_START or written in _EPOCH_MS:
        moments = _serial(written, values)
    elif written == ISO:
        return _iso(rule, as_text(values), zone)
    elif written == CHINESE:
        moments = _each(as_text(values), _chinese)
    elif "%z" in written and rule.wall_clock:
        moments = _each(as_text(values), lambda text: _clock_of(text, written))
    else:
        text, aware = as_text(values), "%z" in written
        moments = pd.to_datetime(text, errors="coerce", utc=aware, format=written)
    return _in_utc(rule, moments, zone)


def _iso(rule: Time, text: pd.Series, zone: ZoneInfo | None) -> pd.Series:
    """ISO 8601; each row is believed on its own: what one states says nothing about others."""
    array = pa.array(text, pa.large_string(), from_pandas=True)
    first = array[0].as_py() if len(array) else None
    aware = bool(first and re.search(_ZONED, first))
    if not (aware and rule.wall_clock):
        try:
            quick = pc.cast(array, pa.timestamp("us", "UTC" if aware else None))
        except pa.ArrowInvalid:
            pass
        else:
            return _in_utc(rule, quick.to_pandas().set_axis(text.index), zone)
    zoned = text.str.contains(_ZONED, na=False).to_numpy(bool)
    if rule.wall_clock:
        text = text.where(~zoned, text.str.replace(_ZONE, "", regex=True))
        zoned = np.zeros(len(text), dtype=bool)
    found = _nothing(text)
    for rows, utc in ((zoned, True), (~zoned, False)):
        if rows.any():
            part = pd.to_datetime(text[rows], errors="coerce", utc=utc, format="ISO8601")
            found[rows] = _in_utc(rule, part, zone).array
    return found


def _in_utc(rule: Time, moments: pd.Series, zone: ZoneInfo | None) -> pd.Series:
    """Moments that all state a zone or all state none; those that state none are local."""
    moments = moments.dt.as_unit("us")
    if moments.dt.tz is not None and not rule.wall_clock:
        return pd.Series(moments.dt.tz_convert("UTC"))
    if moments.isna().all():
        return _nothing(moments)
    if zone is None:
        raise ConfigurationError(
            f"column {rule.column} has times without a zone: write time_zone into the profile"
        )
    local = moments.dt.tz_localize(None)
    first = np.ones(len(local), dtype=bool)
    aware_local = local.dt.tz_localize(zone, ambiguous=first, nonexistent="shift_forward")
    return pd.Series(aware_local.dt.tz_convert("UTC"))


def _serial(written: str, values: pd.Series) -> pd.Series:
    """Numbers that count from a day; spreadsheets round to milliseconds, and so do we.

    The calendar of 1900 has a 29 February that never was: numbers before it count from a
    day later.
    """
    number = as_number(values).to_numpy(np.float64, na_value=np.nan)
    scale = _EPOCH_MS.get(written, _MS_A_DAY)
    number = np.where((written == EXCEL) & (number < 60), number + 1, number)
    plausible = np.isfinite(number) & (np.abs(number * scale) < 2**52)
    ms = np.where(plausible, np.round(np.where(plausible, number, 0) * scale), 0).astype(np.int64)
    start = _EXCEL_START.get(written, np.datetime64(0, "ms"))
    moments = pd.Series(start + ms.astype("timedelta64[ms]"), index=values.index).where(plausible)
    return moments.dt.tz_localize("UTC") if written in _EPOCH_MS else moments


def _each(text: pd.Series, read: Callable[[str], datetime | None]) -> pd.Series:
    """Read every different value once."""

    def one(value: str) -> datetime | None:
        try:
            return read(value)
        except ValueError:
            return None

    # The clock is read as if it were UTC's; which zone it is in is said by the profile.
    return pd.to_datetime(each_value(text, one), utc=True).dt.tz_localize(None)


def _clock_of(text: str, written: str) -> datetime:
    """The clock reading of a moment, whatever zone it claims."""
    return datetime.strptime(text, written).replace(tzinfo=UTC)


def _chinese(text: str) -> datetime | None:
    """A clock reading as people write it: 2024年3月5日 下午2时30分; None if it is none."""
    found = _CHINESE.fullmatch(text)
    if found is None:
        return None
    year, month, day, part, hour, after, minute, second, minute_, second_ = found.groups()
    hours = int(hour or 0)
    if (part in _AFTERNOON and hours < 12) or (part == "中午" and hours < 11):
        hours += 12
    minutes = 30 if after == "半" else int(minute or minute_ or 0)
    seconds = int(second or second_ or 0)
    return datetime(int(year), int(month), int(day), hours, minutes, seconds, tzinfo=UTC)


def _nothing(values: pd.Series) -> pd.Series:
    """No moment at all."""
    return pd.Series(pd.NaT, index=values.index, dtype="datetime64[us, UTC]")
