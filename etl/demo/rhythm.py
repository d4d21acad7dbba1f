"""When disputes happen: seasons, the spring festival, the week and the hours of a day."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.demo.dictionary import codes, habit

GROWTH_PER_YEAR = 0.035
SPRING_FESTIVALS = [
    date.fromisoformat(day)
    for day in (
        "2015-02-19", "2016-02-08", "2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25",
        "2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17",
        "2027-02-06", "2028-01-26", "2029-02-13", "2030-02-03", "2031-01-23", "2032-02-11",
        "2033-01-31", "2034-02-19", "2035-02-08",
    )
]  # fmt: skip
# Share of a day's disputes that fall into each hour: at work, and with an evening peak.
DAYTIME = np.array(
    [2, 1, 1, 1, 1, 3, 10, 30, 75, 110, 105, 85, 45, 45, 80, 100, 95, 80, 55, 40, 30, 20, 10, 5]
)
EVENING = np.array(
    [15, 8, 5, 4, 4, 6, 18, 35, 55, 70, 72, 65, 55, 48, 52, 60, 66, 75, 92, 110, 115, 100, 65, 32]
)


def day_weights(days: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Say how busy each day is for every category and channel.

    Args:
        days: d consecutive local days.

    Returns:
        Weights of mean about 1, shape (categories, channels, d).
    """
    months = habit("category", "months")[:, None, days.month - 1]
    week = habit("channel", "week")[None][:, :, days.day_of_week]
    growth = (1 + GROWTH_PER_YEAR) ** (np.arange(len(days)) / 365.25)
    return _interpolated(months, days) / 100 * week / 100 * growth * _holidays(days)[:, None]


def draw_seconds(category: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw the second of the day (local time) for each of n disputes by category."""
    evening = habit("category", "evening")[category] > 0
    hour = np.empty(len(category), dtype=np.int64)
    for chosen, shares in ((evening, EVENING), (~evening, DAYTIME)):
        hour[chosen] = rng.choice(24, int(chosen.sum()), p=shares / shares.sum())
    return hour * 3600 + rng.integers(0, 3600, len(hour))


def _interpolated(months: NDArray[np.float64], days: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Smooth the steps from month to month by a 15-day running mean."""
    width = min(15, len(days))
    pad = np.concatenate(
        [
            np.repeat(months[..., :1], width // 2, axis=-1),
            months,
            np.repeat(months[..., -1:], (width - 1) // 2, axis=-1),
        ],
        axis=-1,
    )
    sums = np.cumsum(np.concatenate([np.zeros_like(pad[..., :1]), pad], axis=-1), axis=-1)
    return np.asarray((sums[..., width:] - sums[..., :-width]) / width)


def _holidays(days: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Quiet at the spring festival; wages before it, families after it; October holidays.

    Returns:
        Factors of shape (categories, days).
    """
    factor = np.ones((len(codes("category")), len(days)))
    category = {code: i for i, code in enumerate(codes("category"))}
    for festival in SPRING_FESTIVALS:
        after = np.asarray((days - pd.Timestamp(festival)).days)
        factor[:, (after >= -1) & (after < 7)] *= 0.45
        before = (after >= -40) & (after < -1)
        factor[category["wages"], before] *= 1.0 + 1.6 * (1 + after[before] / 40)
        factor[category["loan"], before] *= 1.25
        factor[category["family"], (after >= 7) & (after < 28)] *= 1.5
    factor[:, np.asarray((days.month == 10) & (days.day <= 7))] *= 0.8
    return factor
