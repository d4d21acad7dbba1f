"""Find the server programs: PostgreSQL 15-17 with PostGIS 3.3 or newer."""

import re
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dashboard.cluster.errors import ClusterError

MAJORS = (17, 16, 15)
POSTGIS_MINIMUM = (3, 3)
NEEDED = ("postgres", "initdb", "pg_ctl")
# Debian and Ubuntu, the PostgreSQL project's RPMs, hand-built and Homebrew.
LAYOUTS = (
    "/usr/lib/postgresql/{major}/bin",
    "/usr/pgsql-{major}/bin",
    "/usr/local/pgsql/bin",
    "/opt/homebrew/opt/postgresql@{major}/bin",
)


@dataclass(frozen=True)
class ServerPrograms:
    """One PostgreSQL installation.

    Attributes:
        bindir: the folder of ``postgres``, ``initdb`` and ``pg_ctl``.
        major: the major version of PostgreSQL.
        postgis: the PostGIS version that this installation offers; None without PostGIS.
    """

    bindir: Path
    major: int
    postgis: tuple[int, ...] | None

    @property
    def usable(self) -> bool:
        """Whether gridboard can run on it."""
        return not self.complaint

    @property
    def complaint(self) -> str:
        """Why gridboard cannot run on it; empty if it can."""
        name = f"PostgreSQL {self.major} in {self.bindir}"
        if self.major not in MAJORS:
            return f"{name} is not one of {MAJORS[-1]}-{MAJORS[0]}"
        if self.postgis is None:
            return f"{name} has no PostGIS"
        if self.postgis < POSTGIS_MINIMUM:
            return (
                f"{name} has PostGIS {dotted(self.postgis)}, older than {dotted(POSTGIS_MINIMUM)}"
            )
        return ""

    def path(self, program: str) -> str:
        """The full path of one of its programs."""
        return str(self.bindir / program)


def find_programs(bindir: Path | None = None, major: int | None = None) -> ServerPrograms:
    """The newest installation that gridboard can run on.

    Args:
        bindir: look here only; None looks in the usual places.
        major: accept this major version only (that of existing data); None accepts any.

    Raises:
        ClusterError: there is none; the message says what was found instead.
    """
    found = installed(bindirs() if bindir is None else [bindir])
    for programs in found:
        if programs.usable and major in (None, programs.major):
            return programs
    wanted = f"PostgreSQL {major or f'{MAJORS[-1]}-{MAJORS[0]}'} with PostGIS >= 3.3"
    seen = "; ".join(p.complaint for p in found if p.complaint) or "none is installed"
    msg = (
        f"No {wanted} found ({seen}). Install it (Debian 12: apt install "
        f"postgresql-15-postgis-3) or point GRIDBOARD_DATABASE_URL at a PostGIS that runs."
    )
    raise ClusterError(msg)


def bindirs() -> list[Path]:
    """The folders in which server programs are looked for, newest version first, each once."""
    paths = (Path(layout.format(major=major)) for major in MAJORS for layout in LAYOUTS)
    return list(dict.fromkeys(paths))


def installed(folders: Iterable[Path]) -> list[ServerPrograms]:
    """Every complete PostgreSQL installation among the folders, usable or not, newest first."""
    complete = (f for f in folders if all((f / program).exists() for program in NEEDED))
    return sorted((inspect(folder) for folder in complete), key=lambda p: -p.major)


def inspect(bindir: Path) -> ServerPrograms:
    """Ask one installation for its versions."""
    major = parse_major(ask(bindir / "postgres", "--version"))
    return ServerPrograms(bindir, major, postgis_version(share_folders(bindir, major)))


def ask(program: Path, option: str) -> str:
    """What a program prints for an option; empty if it cannot be run."""
    try:
        answer = subprocess.run(  # noqa: S603 - a server program found in a fixed place
            [str(program), option], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return answer.stdout.strip()


def parse_major(version: str) -> int:
    """The major version in ``postgres (PostgreSQL) 15.18 (Debian ...)``; 0 if there is none."""
    match = re.search(r"\) (\d+)", version)
    return int(match.group(1)) if match else 0


def share_folders(bindir: Path, major: int) -> list[Path]:
    """Where an installation may keep its extensions, surest first."""
    said = ask(bindir / "pg_config", "--sharedir")
    guesses = [bindir.parent / "share" / "postgresql", bindir.parent / "share"]
    debian = Path(f"/usr/share/postgresql/{major}")
    return [Path(said)] if said else [*guesses, debian]


def postgis_version(folders: Iterable[Path]) -> tuple[int, ...] | None:
    """The PostGIS version that the first control file among the share folders names."""
    for folder in folders:
        control = folder / "extension" / "postgis.control"
        if control.exists():
            return parse_postgis(control.read_text(encoding="utf-8"))
    return None


def parse_postgis(control: str) -> tuple[int, ...] | None:
    """The version in ``default_version = '3.3.2'``."""
    match = re.search(r"^default_version\s*=\s*'(\d+(?:\.\d+)*)", control, re.MULTILINE)
    return tuple(int(part) for part in match.group(1).split(".")) if match else None


def dotted(version: tuple[int, ...]) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))
