"""Reading markup made of Dash components: all of it, as text, by attribute."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

from dash.development.base_component import Component


def walk(markup: Any) -> Iterator[Any]:
    """Yield every element, outermost first, its properties as attributes."""
    if isinstance(markup, list | tuple):
        for part in markup:
            yield from walk(part)
    elif (element := _element(markup)) is not None:
        yield element
        yield from walk(getattr(element, "children", None))


def words(markup: Any) -> str:
    """Join all text, in order, single-spaced."""
    return " ".join(" ".join(_texts(markup)).split())


def having(markup: Any, **attributes: str) -> list[Any]:
    """Find the elements with these attributes; an underscore stands for a hyphen."""
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [
        part
        for part in walk(markup)
        if all(getattr(part, name, None) == value for name, value in wanted.items())
    ]


def links(markup: Any) -> dict[str, str]:
    """Return the addresses of all links by their text."""
    return {words(part): part.href for part in walk(markup) if hasattr(part, "href")}


def _element(markup: Any) -> Any:
    """Return a component as it is, and an element made as a dict as something like one."""
    if isinstance(markup, dict) and "props" in markup:
        return SimpleNamespace(**markup["props"])
    return markup if isinstance(markup, Component | SimpleNamespace) else None


def _texts(markup: Any) -> Iterator[str]:
    if isinstance(markup, list | tuple):
        for part in markup:
            yield from _texts(part)
    elif (element := _element(markup)) is not None:
        yield from _texts(getattr(element, "children", None))
    elif markup is not None:
        yield str(markup)
