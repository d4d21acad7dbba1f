from dataclasses import replace
from pathlib import Path

import pytest

from dashboard.server.tilecache import TileCache, TileKey

KEY = TileKey("county-990101", 7, 5, 10, 800, 400)


def test_a_tile_outlives_the_process(tmp_path: Path) -> None:
    TileCache(tmp_path, 1000).put(KEY, b"tile")
    TileCache(tmp_path, 1000).put(replace(KEY, x=801), b"")
    fresh = TileCache(tmp_path, 1000)
    assert fresh.get(KEY) == b"tile"
    assert fresh.get(replace(KEY, x=801)) == b""
    assert fresh.get(replace(KEY, x=802)) is None


@pytest.mark.parametrize("other", [{"scope": "county-990102"}, {"revision": 8}, {"layer": 4}])
def test_every_part_of_the_key_counts(tmp_path: Path, other: dict[str, object]) -> None:
    cache = TileCache(tmp_path, 1000)
    cache.put(KEY, b"tile")
    assert cache.get(replace(KEY, **other)) is None


def test_a_new_version_removes_the_former_ones_of_its_scope(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, 0)
    other = replace(KEY, scope="county-990102")
    for key in (KEY, other, replace(KEY, revision=8)):
        cache.put(key, b"tile")
    assert cache.get(KEY) is None
    assert cache.get(other) == b"tile"
    assert cache.get(replace(KEY, revision=8)) == b"tile"


def test_memory_is_bounded(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, 10)
    for x in range(5):
        cache.put(replace(KEY, x=x), b"four")
    assert cache._held_bytes <= 10
    assert all(cache.get(replace(KEY, x=x)) == b"four" for x in range(5))


def test_the_folder_is_private(tmp_path: Path) -> None:
    TileCache(tmp_path / "tiles", 10).put(KEY, b"tile")
    assert (tmp_path / "tiles").stat().st_mode & 0o077 == 0


def test_a_disk_that_takes_nothing_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    cache = TileCache(tmp_path / "file", 100)
    cache.put(KEY, b"tile")
    assert cache.get(KEY) == b"tile"
