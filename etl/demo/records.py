"""Incidents as a table, the way the loader takes them."""

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from etl.demo.dictionary import codes, terms
from etl.demo.outcomes import NEVER, Outcomes
from etl.demo.plane import Points
from etl.demo.planted import Draws
from etl.demo.scene import Scene

TIME_ZONE = "Asia/Shanghai"


def to_frame(
    scene: Scene,
    drawn: Draws,
    occurred: NDArray[np.int64],
    received: NDArray[np.int64],
    story: Outcomes,
    points: Points,
) -> pd.DataFrame:
    """Put n incidents into a table.

    Args:
        scene: the stage they are drawn on.
        drawn: cell, category and channel of each.
        occurred: seconds of local time.
        received: likewise.
        story: outcome of each.
        points: (n, 2) lon, lat.

    Returns:
        The columns of `demo_incidents` but for incident_id.
    """
    methods, bodies = ([term["zh"] for term in terms(kind)] for kind in ("method", "organisation"))
    return pd.DataFrame(
        {
            "occurred_at": _times(occurred),
            "received_at": _times(received),
            "category": _coded(codes("category"), drawn.category),
            "channel": _coded(codes("channel"), drawn.channel),
            "status": _coded(codes("status"), story.status),
            "scale": _coded(codes("scale"), story.scale),
            "deadline": _times(story.deadline),
            "resolved_at": _times(story.resolved),
            "method": _coded(methods, story.method),
            "organisation": _coded(bodies, story.organisation),
            "people": story.people.astype(np.int32),
            "lon": points[:, 0],
            "lat": points[:, 1],
            "cell_code": _coded(scene.cells["code"].tolist(), drawn.cell),
        }
    )


def _times(seconds: NDArray[np.int64]) -> pd.Series:
    stamps = np.where(seconds == NEVER, np.datetime64("NaT", "s"), seconds.astype("M8[s]"))
    return pd.Series(stamps.astype("M8[us]")).dt.tz_localize(TIME_ZONE)


def _coded(names: list[str], number: NDArray[np.int64]) -> "pd.Series[Any]":
    return pd.Series(pd.Categorical.from_codes(number, categories=pd.Index(names)))
