"""Spots as bytes, in the order of an index."""

from __future__ import annotations

from dashboard.lineage import Rows
from dashboard.signals.answers import Signals


def pack(signals: Signals, rows: Rows) -> bytes:
    """Write the classes of some areas as bytes.

    Args:
        signals: of a layer.
        rows: n of its areas, in the order of the index.

    Returns:
        Little-endian: u32 n, f32 z[n], f32 p[n] (NaN without data), i8 class[n].
    """
    at = signals.at(rows)
    scores = (signals.z[at].astype("<f4"), signals.p[at].astype("<f4"))
    parts = [each.tobytes() for each in (*scores, signals.classes[at])]
    return len(rows).to_bytes(4, "little") + b"".join(parts)
