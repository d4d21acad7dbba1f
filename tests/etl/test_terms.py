"""Dictionaries: ids are found, given and kept."""

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine

from etl.terms import MISSING, UNKNOWN, NewTerm, Terms, read_terms, store_terms
from geo.database import loading
from geo.errors import InputError
from tests.etl.drawn import ask


def test_codes_are_looked_up() -> None:
    terms = Terms({"category": {"land": 3, "family": 7}})
    found = terms.look_up("category", pd.Series(["family", None, "dragons", "land", "family"]))
    assert found.tolist() == [7, MISSING, UNKNOWN, 3, 7]
    assert terms.unknown("category", ["family", "dragons"]) == ["dragons"]
    assert terms.look_up("category", pd.Series([], dtype="str")).tolist() == []


def test_categoricals_are_looked_up_alike() -> None:
    terms = Terms({"category": {"land": 3, "family": 7}})
    codes = pd.Series(pd.Categorical(["family", None, "land"], categories=["land", "family", "x"]))
    assert terms.look_up("category", codes).tolist() == [7, MISSING, 3]


def test_new_terms_get_the_next_id(loader_engine: Engine) -> None:
    with loading(loader_engine) as connection:
        store_terms(connection, [NewTerm("category", "b", "乙", "B", 5)])
        held = store_terms(connection, [NewTerm("category", "c", "丙", "C")])
        assert held.ids["category"] == {"b": 5, "c": 6}
        assert read_terms(connection) == held


def test_a_term_keeps_its_id_and_takes_new_names(loader_engine: Engine, reader: Connection) -> None:
    with loading(loader_engine) as connection:
        store_terms(connection, [NewTerm("status", "open", "未逮捕", "No arrest", 1)])
        store_terms(connection, [NewTerm("status", "open", "未逮捕", "No arrest")])
    names = "SELECT id, name_zh, name_en FROM gridboard.term WHERE code = 'open'"
    assert ask(reader, names) == [(1, "未逮捕", "No arrest")]


def test_an_id_belongs_to_one_code(loader_engine: Engine) -> None:
    taken = NewTerm("status", "arrested", "已逮捕", "Arrested", 2)
    with loading(loader_engine) as connection, pytest.raises(InputError, match="'resolved' has"):
        store_terms(connection, [taken])
    moved = NewTerm("status", "open", "未逮捕", "No arrest", 9)
    with (
        loading(loader_engine) as connection,
        pytest.raises(InputError, match="cannot have the id"),
    ):
        store_terms(connection, [moved])


def test_a_column_of_names_is_no_dictionary(loader_engine: Engine) -> None:
    terms = [NewTerm("channel", f"n{n}", f"n{n}", f"n{n}") for n in range(256)]
    with loading(loader_engine) as connection, pytest.raises(InputError, match="more than 255"):
        store_terms(connection, terms)
