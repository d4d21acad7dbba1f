"""Settings follow the machine."""

from pathlib import Path

import pytest

from dashboard.cluster.tuning import (
    GIB,
    MIB,
    Machine,
    measure_machine,
    quoted,
    render,
    server_settings,
)


def test_a_laptop() -> None:
    settings = server_settings(Machine(16 * GIB, 4, 100 * GIB))
    assert settings["shared_buffers"] == "4096MB"
    assert settings["work_mem"] == "64MB"
    assert settings["maintenance_work_mem"] == "1024MB"
    assert settings["max_wal_size"] == "4096MB"
    assert settings["max_parallel_workers_per_gather"] == "2"
    assert settings["fsync"] == settings["full_page_writes"] == "on"


@pytest.mark.parametrize("cores", [1, 2, 64])
@pytest.mark.parametrize("ram", [512 * MIB, 4 * GIB, 1024 * GIB])
def test_every_machine_gets_settings_that_fit(ram: int, cores: int) -> None:
    settings = server_settings(Machine(ram, cores, 2 * GIB))
    shared_mib = int(settings["shared_buffers"].removesuffix("MB"))
    assert 64 <= shared_mib <= ram // MIB // 4
    assert int(settings["max_wal_size"].removesuffix("MB")) <= 256
    assert 1 <= int(settings["max_parallel_workers_per_gather"]) <= max(1, cores)


def test_a_throw_away_cluster_does_not_sync() -> None:
    settings = server_settings(Machine(GIB, 1, GIB), durable=False)
    assert settings["fsync"] == settings["synchronous_commit"] == "off"


def test_this_machine_is_measured(tmp_path: Path) -> None:
    machine = measure_machine(tmp_path)
    assert machine.ram_bytes > 100 * MIB
    assert machine.cores >= 1
    assert machine.disk_free_bytes > 0


def test_values_are_quoted_for_the_file() -> None:
    assert quoted(r"it's a \ path") == r"'it''s a \\ path'"
    assert render({"fsync": "on", "port": "5432"}) == "fsync = 'on'\nport = '5432'\n"
