"""Server settings from the machine's memory, cores and disk: pure arithmetic."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

MIB = 1024**2
GIB = 1024**3
CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


@dataclass(frozen=True)
class Machine:
    """What the server may use: memory in bytes, cores, free disk in bytes."""

    ram_bytes: int
    cores: int
    disk_free_bytes: int


def measure_machine(folder: Path) -> Machine:
    """This machine (or container), with the free disk where ``folder`` lies."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    ram = min([physical, *container_limits()])
    return Machine(ram, usable_cores(), shutil.disk_usage(folder).free)


def container_limits() -> list[int]:
    """The memory limits in bytes that a container sets on us, if any."""
    texts = [path.read_text(encoding="ascii").strip() for path in CGROUP_LIMITS if path.exists()]
    return [int(text) for text in texts if text.isdigit()]


def usable_cores() -> int:
    """The cores that this process may run on."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def server_settings(machine: Machine, *, durable: bool = True) -> dict[str, str]:
    """Settings for a cluster that shares the machine with the application.

    Args:
        machine: what there is.
        durable: False for throw-away clusters only (tests): no fsync.

    Returns:
        PostgreSQL settings by name, ready for ``postgresql.conf``.
    """
    return memory(machine) | parallelism(machine.cores) | log(machine) | durability(durable)


def memory(machine: Machine) -> dict[str, str]:
    """A quarter of the memory shared, sorts in memory, the planner told of the page cache."""
    ram = machine.ram_bytes
    return {
        "shared_buffers": mib(clamp(ram // 4, 64 * MIB, 8 * GIB)),
        "effective_cache_size": mib(clamp(ram * 6 // 10, 128 * MIB, 512 * GIB)),
        "work_mem": mib(clamp(ram // 256, 8 * MIB, 128 * MIB)),
        "maintenance_work_mem": mib(clamp(ram // 16, 64 * MIB, 2 * GIB)),
        # SSDs and page caches: an index read costs hardly more than a sequential one.
        "random_page_cost": "1.1",
    }


def parallelism(cores: int) -> dict[str, str]:
    """As many workers as cores, half of them for one query."""
    return {
        "max_worker_processes": str(max(8, cores)),
        "max_parallel_workers": str(cores),
        "max_parallel_workers_per_gather": str(clamp(cores // 2, 1, 4)),
        "max_parallel_maintenance_workers": str(clamp(cores // 2, 1, 4)),
    }


def log(machine: Machine) -> dict[str, str]:
    """Rare checkpoints during a load, but never more log than an eighth of the free disk."""
    return {
        # The private cluster has no replicas: a load into new partitions then skips the log.
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "wal_compression": "on",
        "checkpoint_timeout": "15min",
        "max_wal_size": mib(clamp(machine.disk_free_bytes // 8, 128 * MIB, 4 * GIB)),
    }


def durability(durable: bool) -> dict[str, str]:
    """Everything committed survives a power cut, unless the cluster is a throw-away one."""
    value = "on" if durable else "off"
    return dict.fromkeys(("fsync", "synchronous_commit", "full_page_writes"), value)


def render(settings: dict[str, str]) -> str:
    """Settings as lines of ``postgresql.conf``."""
    return "".join(f"{name} = {quoted(value)}\n" for name, value in settings.items())


def quoted(value: str) -> str:
    """A value in the quotes of ``postgresql.conf``, where both quote and backslash are doubled."""
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def mib(size_bytes: int) -> str:
    """A size in whole mebibytes, in PostgreSQL's spelling."""
    return f"{size_bytes // MIB}MB"


def clamp(value: int, low: int, high: int) -> int:
    """The value, but not below ``low`` nor above ``high``."""
    return max(low, min(value, high))
