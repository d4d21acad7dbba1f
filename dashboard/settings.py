"""Settings of the web application, read from ``GRIDBOARD_*`` environment variables."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from dashboard.people.limits import DAY_S, HOUR_S, MINUTE_S, SessionLimits
from dashboard.public_url import require_origin
from geo.settings import FileBackedSettings

_PACKAGE = Path(__file__).resolve().parent


def _find_assets() -> Path:
    """Return the assets of a checkout, beside the packages, or those a wheel carries within."""
    installed = _PACKAGE / "assets"
    return installed if installed.is_dir() else _PACKAGE.parent / "assets"


class DashboardSettings(FileBackedSettings):
    """How the web application serves.

    Attributes:
        public_url: where people find the site, such as ``https://maps.example.org``: for
            one-time links, and to know our own pages behind a proxy that changes the host.
        cookie_secure: whether the session's cookie goes over HTTPS alone; only the demo
            on one machine goes without.
        demo: whether the demo's ready accounts may be entered by a click; ``gridboard
            demo`` sets it for its own process.
        session_idle_min: minutes without anything done by a person that end a session.
        session_hours: hours after log-in that end it in any case.
        wall_session_days: the same for walls, which have no idle limit.
        host, port: where ``gridboard serve`` listens.
        workers, threads: gunicorn processes, and requests at work at once in each.
        live_streams: pages that may hear news over a stream in each process, on threads of
            their own; others ask by the clock.
        figures_per_min, work_per_min: how often a minute one session may ask each process
            for figures, tiles and pages, and for files, jobs and changes.
        trusted_proxies: how many proxies in front are believed about who asks and by which
            scheme (X-Forwarded-For and -Proto); 0 believes nobody.
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
        metrics_token: what Prometheus shows at ``/metrics``, as bearer token; without it
            there is no such door.
    """

    model_config = SettingsConfigDict(
        env_prefix="GRIDBOARD_", extra="ignore", frozen=True, env_ignore_empty=True
    )

    public_url: str | None = None
    cookie_secure: bool = True
    demo: bool = False
    session_idle_min: int = Field(default=60, ge=1, le=1440)
    session_hours: int = Field(default=12, ge=1, le=168)
    wall_session_days: int = Field(default=90, ge=1, le=366)
    host: str = "127.0.0.1"
    port: int = Field(default=8050, ge=1, le=65535)
    workers: int = Field(default=2, ge=1)
    threads: int = Field(default=8, ge=1)
    live_streams: int = Field(default=100, ge=0, le=800)
    figures_per_min: int = Field(default=1200, ge=1)
    work_per_min: int = Field(default=120, ge=1)
    trusted_proxies: int = Field(default=0, ge=0, le=10)
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
    metrics_token: SecretStr | None = Field(default=None, min_length=16)

    @property
    def session_limits(self) -> SessionLimits:
        """How long sessions last."""
        return SessionLimits(
            idle_s=self.session_idle_min * MINUTE_S,
            absolute_s=self.session_hours * HOUR_S,
            wall_s=self.wall_session_days * DAY_S,
        )

    @field_validator("public_url")
    @classmethod
    def _origin(cls, url: str | None) -> str | None:
        return None if url is None else require_origin(url)
