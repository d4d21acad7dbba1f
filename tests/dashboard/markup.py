"""Reading markup made of Dash components: all of it, as text, by attribute."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dash.development.base_component import Component


def walk(markup: Any) -> Iterator[Component]:
    """Yield every component, outermost first."""
    if isinstance(markup, list | tuple):
        for part in markup:
            yield from walk(part)
    elif isinstance(markup, Component):
        yield markup
        yield from walk(getattr(markup, "children", None))


def words(markup: Any) -> str:
    """Join all text, in order, single-spaced."""
    return " ".join(" ".join(_texts(markup)).split())


def having(markup: Any, **attributes: str) -> list[Component]:
    """Find the components with these attributes; an underscore stands for a hyphen."""
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [
        part
        for part in walk(markup)
        if all(getattr(part, name, None) == value for name, value in wanted.items())
    ]


def links(markup: Any) -> dict[str, str]:
    """Return the addresses of all links by their text."""
    return {words(part): part.href for part in walk(markup) if hasattr(part, "href")}


def _texts(markup: Any) -> Iterator[str]:
    if isinstance(markup, list | tuple):
        for part in markup:
            yield from _texts(part)
    elif isinstance(markup, Component):
        yield from _texts(getattr(markup, "children", None))
    elif markup is not None:
        yield str(markup)
