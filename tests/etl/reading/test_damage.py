"""Bytes that were changed anywhere are read or refused; nothing else ever happens."""

import gzip
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import InputError
from tests.etl.reading.sources import read
from tests.etl.reading.test_archives import CONTENTS, PLAIN, zipped

PLACES = st.floats(0, 1, exclude_max=True)
EDITS = st.lists(
    st.tuples(PLACES, st.integers(0, 6), st.binary(max_size=6)), min_size=1, max_size=5
)


@pytest.fixture(scope="module")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A right file of every kind."""
    folder = tmp_path_factory.mktemp("seeds")
    made = {kind: make(folder) for kind, make in CONTENTS.items()}
    made["gb18030"] = PLAIN.decode().encode("gb18030")
    made["array"] = b"[" + made["json"].strip().replace(b"\n", b",") + b"]"
    made["gz"] = gzip.compress(PLAIN)
    made["zip"] = zipped(folder / "a.zip", a__csv=PLAIN).read_bytes()
    return made


@settings(deadline=None, max_examples=60)
@given(edits=EDITS)
@pytest.mark.parametrize(
    "kind", ["csv", "gb18030", "json", "array", "parquet", "xlsx", "gz", "zip"]
)
def test_changed_bytes(
    seeds: dict[str, bytes], kind: str, edits: list[tuple[float, int, bytes]]
) -> None:
    content = bytearray(seeds[kind])
    for place, length, new in edits:
        at = int(place * len(content))
        content[at : at + length] = new
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a"
        path.write_bytes(bytes(content))
        with suppress(InputError):
            read(path)
