"""Settings of the web application, read from ``GRIDBOARD_*`` environment variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.viewer import ROLES, SCOPES

_PACKAGE = Path(__file__).resolve().parent


def _find_assets() -> Path:
    """Return the assets of a checkout, beside the packages, or those a wheel carries within."""
    installed = _PACKAGE / "assets"
    return installed if installed.is_dir() else _PACKAGE.parent / "assets"


class DashboardSettings(BaseSettings):
    """How the web application serves.

    Attributes:
        demo_viewer: ``[<role>@]<slot>:<area code>`` of the viewer that everybody becomes,
            such as ``operator@province:620000``; without a role a leader. Only the demo
            sets it: without it there is no way in until log-in exists.
        host, port: where ``gridboard serve`` listens.
        workers, threads: gunicorn processes and threads in each.
        state_dir: folder of all that is kept outside the database and the code: the
            private PostgreSQL, the tile cache; by default ``/var/lib/gridboard`` for
            root and ``~/.local/state/gridboard`` for others. Each checkout has its own
            folder in it.
        postgres_bindir: folder of the PostgreSQL programs for the private cluster; by
            default the newest usable ones found.
        block_cache_mb: memory of decoded counts in each process.
        tile_cache_mb: memory of finished tiles in each process; the disk holds all.
        assets_dir: folder of the page's own style sheets, scripts and vendor files.
        log_level: lowest level that is logged.
        upload_limit_mb: largest file the data page takes.
        inbox: folder whose files the data page offers, such as one that a transfer from
            elsewhere fills; only its own files, by name.
        load_worker: whether ``gridboard serve`` starts a worker beside itself.
        keep_days: how long jobs that ended are kept; uploaded files go much earlier.
    """

    model_config = SettingsConfigDict(
        env_prefix="GRIDBOARD_", extra="ignore", frozen=True, env_ignore_empty=True
    )

    demo_viewer: str | None = Field(
        default=None,
        pattern=rf"^(({'|'.join(ROLES)})@)?({'|'.join(SCOPES)}):[0-9A-Za-z][0-9A-Za-z_.-]{{0,39}}$",
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8050, ge=1, le=65535)
    workers: int = Field(default=2, ge=1)
    threads: int = Field(default=8, ge=1)
    state_dir: Path | None = None
    postgres_bindir: Path | None = None
    block_cache_mb: int = Field(default=256, ge=1)
    tile_cache_mb: int = Field(default=64, ge=0)
    assets_dir: Path = Field(default_factory=_find_assets)
    upload_limit_mb: int = Field(default=2048, ge=1)
    inbox: Path | None = None
    load_worker: bool = True
    keep_days: int = Field(default=30, ge=1)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
