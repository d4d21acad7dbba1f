"""What becomes of a dispute: when it is reported, how large it is, how and when it ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.demo.dictionary import codes, habit

DAY = np.int64(86_400)
LATE_SHARE = 0.025
STUCK_SHARE = 0.008
OPEN, RESOLVED, FAILED = 0, 1, 2
NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Outcomes:
    """n disputes; seconds of local time, ``NEVER`` where it has not happened."""

    status: NDArray[np.int64]
    scale: NDArray[np.int64]
    deadline: NDArray[np.int64]
    resolved: NDArray[np.int64]
    method: NDArray[np.int64]
    """-1 unless resolved."""
    organisation: NDArray[np.int64]
    people: NDArray[np.int64]


def draw_received(
    occurred: NDArray[np.int64], channel: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw when each dispute is received, by channel; a few are filed weeks late.

    Channels with an office receive between 9 and 17 o'clock.

    Args:
        occurred: seconds of local time.
        channel: by position.
        rng: source of chance.
    """
    received = occurred + draw_delay(channel, rng)
    at_desk = _in_office_hours(received, occurred, rng)
    return np.where(habit("channel", "office")[channel] > 0, at_desk, received)


def draw_delay(channel: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw the seconds between a dispute and its report, at least a minute."""
    hours = habit("channel", "delay_hours")[channel]
    spread = habit("channel", "delay_spread")[channel]
    delay = hours * 3600 * np.exp(rng.normal(0.0, 1.0, len(channel)) * spread)
    late = rng.random(len(channel)) < LATE_SHARE
    delay += np.where(late, rng.uniform(10, 75, len(channel)) * DAY, 0.0)
    return np.asarray(delay.clip(60, 200 * DAY).astype(np.int64))


def draw_outcomes(
    received: NDArray[np.int64],
    channel: NDArray[np.int64],
    end: int,
    rng: np.random.Generator,
) -> Outcomes:
    """Draw the rest of each dispute's story as known at ``end``.

    Args:
        received: seconds of local time, before ``end``.
        channel: by position.
        end: now, in seconds of local time.
        rng: source of chance.
    """
    count = len(received)
    share = habit("scale", "share")
    scale = rng.choice(len(share), count, p=share / share.sum())
    takes = habit("scale", "median_days")[scale] * np.exp(rng.normal(0.0, 0.75, count)) * DAY
    closed = _in_office_hours(received + takes.astype(np.int64), received, rng)
    is_open = (closed >= end) | (rng.random(count) < STUCK_SHARE)
    failed = rng.random(count) < habit("scale", "failing")[scale]
    status = np.where(is_open, OPEN, np.where(failed, FAILED, RESOLVED))
    fewest, most = habit("scale", "people")[scale].T
    people = fewest + np.floor(rng.random(count) ** 2 * (most - fewest + 1)).clip(max=most - fewest)
    deadline = (received // DAY + 1 + habit("scale", "days")[scale].astype(np.int64)) * DAY
    return Outcomes(
        status,
        scale,
        deadline,
        np.where(status == RESOLVED, closed, NEVER),
        np.where(status == RESOLVED, _pick("method", channel, rng), -1),
        _pick("organisation", channel, rng),
        people.astype(np.int64),
    )


def _in_office_hours(
    moment: NDArray[np.int64], after: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Move moments to some time from 9 to 17 of their day, or the next if that is too early."""
    desk = moment // DAY * DAY + rng.integers(9 * 3600, 17 * 3600, len(moment))
    return np.where(desk <= after, desk + DAY, desk)


def _pick(kind: str, channel: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    shares = np.stack([habit(kind, code) for code in codes("channel")])
    return pick_by_row(shares, channel, rng)


def pick_by_row(
    shares: NDArray[np.float64], row: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Draw a column for each of n rows, in proportion to the shares (r, c) of that row."""
    edges = np.cumsum(shares, axis=1)
    edges /= edges[:, -1:]
    chance = rng.random(len(row))
    picked = np.zeros(len(row), dtype=np.int64)
    for column in range(shares.shape[1] - 1):
        picked += chance >= edges[row, column]
    return picked
