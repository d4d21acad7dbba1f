"""Which terms the values of a column mean."""

from dataclasses import dataclass

import pandas as pd

from etl.profiles import Dictionary, Term, load_profile
from etl.texts import as_text

_KNOWN_SHARE = 0.5
"""From this share of the rows on, the built-in dictionary is taken for the column's."""

_MOST_TERMS = 100
_SHOWN = 8


@dataclass(frozen=True)
class Terms:
    """A dictionary for a column, and what is doubtful about it."""

    rule: Dictionary
    why: str | None = None


def find_terms(kind: str, column: str, values: pd.Series) -> Terms:
    """Propose a dictionary: the built-in one where it knows the words, else the values as terms.

    Args:
        kind: category, channel, status or scale.
        column: its name.
        values: what it holds in the first rows.
    """
    counts = as_text(values).value_counts()
    known = {word for term in _built_in(kind) for word in (term.code, *term.values)}
    unknown = [str(value) for value in counts.index if value not in known]
    share = float(counts[~counts.index.isin(unknown)].sum() / max(counts.sum(), 1))
    if len(counts) and share >= _KNOWN_SHARE:
        why = f"no term for {_some(unknown)}: add the words to the terms they mean"
        return Terms(Dictionary(column=column, terms=_built_in(kind)), why if unknown else None)
    rule = Dictionary(column=column, create=True)
    if len(counts) > _MOST_TERMS:
        return Terms(rule, f"{len(counts):,} different values in the first rows: a wrong column?")
    if kind == "status":
        why = "its words are unknown: say which of them mean open, resolved and failed"
        return Terms(rule, f"{why} ({_some(unknown)})" if unknown else why)
    return Terms(rule, "its words are unknown, so each becomes a term under its own name")


def known_share(kind: str, values: pd.Series) -> float:
    """The share of values that the built-in dictionary knows; 0 for mere numbers."""
    text = as_text(values).dropna()
    words = [word for term in _built_in(kind) for word in term.values if not word.isascii()]
    return float(text.isin(words).mean()) if len(text) else 0.0


def no_terms(kind: str) -> Terms:
    """A dictionary for a file without such a column: every row means the same."""
    if kind == "scale":
        return Terms(Dictionary())
    if kind == "status":
        return Terms(
            Dictionary(constant="open", terms=_built_in(kind)),
            "no column was found, so every incident counts as open",
        )
    term = Term(code="file", name_zh="文件导入", name_en="File")
    return Terms(
        Dictionary(constant="file", terms=(term,)),
        f"no column was found, so every incident has one {kind}",
    )


def _built_in(kind: str) -> tuple[Term, ...]:
    """The terms of the Chinese profile."""
    rules = load_profile("china").incidents
    return rules.dictionaries[kind].terms if rules else ()


def _some(values: list[str]) -> str:
    """A few values for a message."""
    rest = f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else ""
    return ", ".join(repr(value) for value in values[:_SHOWN]) + rest
