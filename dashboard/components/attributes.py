"""Attributes of markup whose names Python cannot write: aria-* and data-*."""

from __future__ import annotations

from typing import Any


def aria(**values: str) -> dict[str, Any]:
    """Return ``aria-*`` attributes: ``aria(label="Map")`` is ``aria-label="Map"``."""
    return {f"aria-{name.replace('_', '-')}": value for name, value in values.items()}


def data(**values: str) -> dict[str, Any]:
    """Return ``data-*`` attributes; an underscore becomes a hyphen."""
    return {f"data-{name.replace('_', '-')}": value for name, value in values.items()}
