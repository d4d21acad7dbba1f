"""Write tables as TOML. Python reads it but does not write it."""

import json
from collections.abc import Mapping, Sequence


def to_toml(table: Mapping[str, object], comments: Mapping[str, str] | None = None) -> str:
    """Write a table of texts, numbers, truths, lists and tables; None is left out.

    Tables of the first and second level get headers of their own, deeper ones are inline.

    Args:
        table: what to write.
        comments: lines to stand above a key, by its dotted path; a line break begins another.

    Raises:
        TypeError: a value has no form in TOML.
    """
    return "\n".join(_table(table, (), comments or {})).strip() + "\n"


def _table(
    table: Mapping[str, object], path: tuple[str, ...], comments: Mapping[str, str]
) -> list[str]:
    """The lines of a table: its values first, then the tables in it."""
    lines, below = [], []
    for key, value in table.items():
        here = (*path, key)
        note = [f"# {line}".rstrip() for line in comments.get(".".join(here), "").splitlines()]
        name = ".".join(map(_key, here))
        if value is None:
            lines += note
        elif isinstance(value, Mapping) and len(path) < 2:
            below += ["", *note, f"[{name}]", *_table(value, here, comments)]
        elif _is_tables(value) and not path:
            below += note
            for item in value:  # type: ignore[attr-defined]
                below += ["", f"[[{name}]]", *_table(item, (*here, ""), {})]
        else:
            lines += [*note, f"{_key(key)} = {_value(value)}"]
    return lines + below


def _is_tables(value: object) -> bool:
    """Whether a value is a list of tables."""
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and len(value) > 0
        and all(isinstance(item, Mapping) for item in value)
    )


def _value(value: object) -> str:
    """One value on one line; a list of tables takes a line for each."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        inside = (
            f"{_key(key)} = {_value(item)}" for key, item in value.items() if item is not None
        )
        return "{ " + ", ".join(inside) + " }"
    if _is_tables(value):
        return "[\n" + "".join(f"    {_value(item)},\n" for item in value) + "]"  # type: ignore[attr-defined]
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_value, value)) + "]"
    raise TypeError(f"{type(value).__name__} has no form in TOML")


def _key(name: str) -> str:
    """A key, in quotes where TOML asks for them."""
    bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if bare else _value(name)
