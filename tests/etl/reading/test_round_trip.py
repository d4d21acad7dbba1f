"""Whatever a table holds, every format that can hold it gives it back."""

import tempfile
from pathlib import Path

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.reading.forms import Form
from tests.etl.reading.sources import read, write_sheet

# Signs that texts break on: delimiters, marks, line breaks, spaces, letters of several bytes.
SIGNS = "ab1,;|\t\"' \n{}[]:\\é中纠纷𠮷。"
VALUES = st.text(st.sampled_from(SIGNS), min_size=1, max_size=8).filter(
    lambda text: text.strip() == text and "\t" not in text
)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.none() | VALUES, min_size=width, max_size=width), min_size=1, max_size=12
    )
)
FORMATS = st.sampled_from(["csv", "gb18030", "xlsx", "jsonl", "array", "parquet"])


@settings(deadline=None, max_examples=150)
@given(TABLES, FORMATS, st.sampled_from(",;\t|"))
def test_a_table_comes_back_equal(rows: list[list[str | None]], kind: str, delimiter: str) -> None:
    # The first column numbers the rows: a row of which all is missing would be a blank line.
    names = ["编号", *(f"n{number}" for number in range(len(rows[0])))]
    numbered = [[f"A{at}", *row] for at, row in enumerate(rows)]
    frame = pd.DataFrame(numbered, columns=names, dtype="str")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        if kind in ("csv", "gb18030"):
            codec = "utf-8" if kind == "csv" else "gb18030"
            frame.to_csv(path, index=False, sep=delimiter, encoding=codec)
        elif kind == "xlsx":
            write_sheet(path, [names, *numbered], strings_to_formulas=False)
        elif kind == "parquet":
            frame.to_parquet(path)
        else:
            frame.to_json(path, orient="records", lines=kind == "jsonl", force_ascii=False)
        # Without a word of common Chinese GB18030 is only believed if it is stated.
        found = read(path, Form(encoding="gb18030" if kind == "gb18030" else None))
    pd.testing.assert_frame_equal(found, frame)
