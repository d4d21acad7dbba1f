"""Dictionaries: from the codes in incidents to the small numbers that are stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.locks import lock_terms
from etl.profiles import Incidents
from etl.statements import run
from geo.errors import InputError

KINDS = ("category", "channel", "status", "scale")
"""The dictionaries an incident refers to."""

UNKNOWN = -1
"""Stands for a code that no dictionary has."""

MISSING = -2
"""Stands for no code at all."""

NEW = -3
"""Stands for a code that becomes a term when its incident is stored."""

_LARGEST_ID = 255

_LONGEST_CODE = 40


@dataclass(frozen=True)
class NewTerm:
    """A term to be put into a dictionary; without an id it gets the next free one."""

    kind: str
    code: str
    name_zh: str
    name_en: str
    id: int | None = None


@dataclass
class Terms:
    """The dictionaries of a database: the id of each code, and its names, by kind.

    Those in ``created`` take unknown codes as new terms.
    """

    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    created: frozenset[str] = frozenset()

    def lacks(self, term: NewTerm) -> bool:
        """Whether a term is missing or has other names."""
        return self.names[term.kind].get(term.code) != (term.name_zh, term.name_en)

    def look_up(self, kind: str, codes: pd.Series) -> npt.NDArray[np.int16]:
        """Find the ids of n codes; ``UNKNOWN``, ``NEW`` or ``MISSING`` where there is none."""
        positions, found = pd.factorize(codes)
        known, other = self.ids.get(kind, {}), NEW if kind in self.created else UNKNOWN
        table = [known.get(str(code), other) for code in found]
        return np.array([*table, MISSING], dtype=np.int16)[positions]

    def column(self, kind: str, codes: pd.Series, ids: npt.NDArray[np.int16]) -> pa.Array:
        """A column for n rows: ids, or codes where the dictionary takes new ones.

        New terms get their ids when they are stored, one chunk after the other, so that they
        do not depend on who prepared which chunk first.

        Args:
            kind: the dictionary.
            codes: n codes.
            ids: n ids as ``look_up`` gave them, none of them unknown.
        """
        if kind in self.created:
            return pa.array(codes, pa.string(), from_pandas=True).dictionary_encode()
        return pa.array(ids, mask=ids == MISSING)

    def unknown(self, kind: str, codes: list[str]) -> list[str]:
        """Those of m different codes that the dictionary lacks."""
        return [code for code in codes if code not in self.ids.get(kind, {})]


def read_terms(connection: Connection) -> Terms:
    """Read all dictionaries."""
    terms = Terms({kind: {} for kind in KINDS}, {kind: {} for kind in KINDS})
    for row in run(connection, "read_terms").all():
        terms.ids[row.kind][row.code] = row.id
        terms.names[row.kind][row.code] = (row.name_zh, row.name_en)
    return terms


def store_terms(
    connection: Connection, terms: Iterable[NewTerm], created: frozenset[str] = frozenset()
) -> Terms:
    """Put terms into the dictionaries; one whose code is there takes the new names.

    Only who has something to write waits for others who do.

    Args:
        connection: a loading transaction.
        terms: what the dictionaries must hold.
        created: the kinds that take unknown codes as new terms.

    Returns:
        All dictionaries.

    Raises:
        InputError: an id is taken by another code, or a dictionary is full.
    """
    wanted_terms = list(terms)
    held = replace(read_terms(connection), created=created)
    if not any(map(held.lacks, wanted_terms)):
        return held
    lock_terms(connection)
    held = replace(read_terms(connection), created=created)
    for term in filter(held.lacks, wanted_terms):
        ids = held.ids[term.kind]
        wanted = ids.get(term.code, term.id)
        number = wanted or max(ids.values(), default=0) + 1
        taken = next((code for code, other in ids.items() if other == number), term.code)
        if taken != term.code or (term.id or number) != number:
            raise InputError(
                f"{term.kind} {term.code!r} cannot have the id {term.id}: "
                f"{taken!r} has the id {number}"
            )
        if number > _LARGEST_ID:
            raise InputError(
                f"there are more than {_LARGEST_ID} values of {term.kind}: is it the right column?"
            )
        names = {"name_zh": term.name_zh, "name_en": term.name_en}
        run(connection, "store_term", {"kind": term.kind, "id": number, "code": term.code} | names)
        ids[term.code] = number
        held.names[term.kind][term.code] = (term.name_zh, term.name_en)
    return held


def require_terms(connection: Connection, terms: Iterable[NewTerm]) -> Terms:
    """All dictionaries, for a load that may not change them because they belong to everybody.

    Terms that are there keep their names; dictionaries take no new codes.

    Raises:
        InputError: a term is not there.
    """
    held = read_terms(connection)
    missing = [f"{term.kind} {term.code}" for term in terms if term.code not in held.ids[term.kind]]
    if missing:
        raise InputError(
            f"the dictionaries lack {', '.join(missing[:5])}"
            f"{f' and {len(missing) - 5} more' if len(missing) > 5 else ''}: they are the same for"
            " everybody, ask whoever loads for the whole database to add them"
        )
    return held


def settle_terms(connection: Connection, terms: Terms, table: pa.Table) -> tuple[Terms, pa.Table]:
    """Turn codes of dictionaries that take new ones into ids, making terms of new codes.

    Args:
        connection: a loading transaction that holds the lock on terms.
        terms: all dictionaries.
        table: rows as ``prepare`` gave them.

    Returns:
        The dictionaries with the new terms, and the table with ids.

    Raises:
        InputError: a dictionary is full.
    """
    for kind in sorted(terms.created):
        codes = table[kind].unify_dictionaries().combine_chunks()
        found = codes.dictionary.to_pylist()
        new = [NewTerm(kind, code, code, code) for code in terms.unknown(kind, found)]
        if long := sum(len(term.code) > _LONGEST_CODE for term in new):
            raise InputError(
                f"{long} new values of {kind} have more than {_LONGEST_CODE} characters: is it free"
                " text? name another column in the profile, or list its terms there"
            )
        if new:
            terms = store_terms(connection, new, terms.created)
        ids = pa.array([terms.ids[kind][code] for code in found], pa.int16()).take(codes.indices)
        table = table.set_column(table.column_names.index(kind), kind, ids)
    return terms, table


def profile_terms(profile: Incidents) -> list[NewTerm]:
    """The terms a profile states."""
    return [
        NewTerm(kind, term.code, term.name_zh, term.name_en, term.id)
        for kind, dictionary in profile.dictionaries.items()
        for term in dictionary.terms
    ]


def created_kinds(profile: Incidents) -> frozenset[str]:
    """The dictionaries that take new values as they come."""
    return frozenset(kind for kind, rule in profile.dictionaries.items() if rule.create)
