"""What our own Dash components share: they live in assets/*.js, without a React build."""

from __future__ import annotations

from typing import Any, ClassVar

from dash.development.base_component import Component

# Dash imports the namespace at every use of a component: it must be a package.
NAMESPACE = "dashboard"


class OwnComponent(Component):
    """A component whose script registers it as ``window.dashboard.<name of the class>``."""

    _namespace = NAMESPACE
    _type = "OwnComponent"
    _children_props: list[str] = []  # noqa: RUF012 - Dash declares it as an instance's
    _base_nodes: list[str] = ["children"]  # noqa: RUF012
    _prop_names: list[str] = ["id", "children"]  # noqa: RUF012
    _valid_wildcard_attributes: list[str] = []  # noqa: RUF012
    available_wildcard_properties: list[str] = []  # noqa: RUF012
    available_properties: list[str] = []  # noqa: RUF012

    takes: ClassVar[tuple[str, ...]] = ()
    """Names of its properties, next to ``id`` and ``children``."""

    def __init_subclass__(cls) -> None:
        """Declare the component to Dash under the name of its class."""
        super().__init_subclass__()
        cls._type = cls.__name__
        cls._prop_names = cls.available_properties = ["id", "children", *cls.takes]

    def __init__(self, children: Any = None, **properties: Any) -> None:
        start: Any = super().__init__
        start(children=children, **properties)
