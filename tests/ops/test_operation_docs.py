"""What the operation manual and its files say is what the code does."""

from __future__ import annotations

import re
import shlex
from configparser import RawConfigParser
from pathlib import Path

import click
import pytest
import typer
from pydantic import SecretStr

from dashboard.app import MAX_BODY_BYTES, MEGABYTE
from dashboard.cli import SETTINGS, app
from dashboard.components.freshness import LIVE_PATH
from dashboard.oidc.settings import OidcSettings
from dashboard.patience import GRACE_S, LEAST_BYTES_PER_S, STALL_S
from dashboard.people.invitations import HOURS
from dashboard.server.bodies import WAITING_PER_ADDRESS
from dashboard.server.oidc import BACK
from dashboard.server.uploads import CHUNK_BYTES
from dashboard.serving import options
from dashboard.settings import DashboardSettings
from geo.errors import ConfigurationError
from geo.secret_files import secret_names
from geo.settings import DatabaseSettings
from tests.cluster import CHECKOUT

DOCS = CHECKOUT / "docs"
FILES = sorted((DOCS / "operation").iterdir())
MANUAL = (DOCS / "operation.md").read_text(encoding="utf-8")
NGINX = (DOCS / "operation" / "nginx.conf").read_text(encoding="utf-8")
CADDY = (DOCS / "operation" / "Caddyfile").read_text(encoding="utf-8")
UNITS = [file for file in FILES if file.suffix == ".service"]
ALL = {file.name: file.read_text(encoding="utf-8") for file in [DOCS / "operation.md", *FILES]}
DEFAULTS = DashboardSettings()
UPLOAD_BYTES = DEFAULTS.upload_limit_mb * MEGABYTE + CHUNK_BYTES


@pytest.mark.parametrize("name", ALL)
def test_every_setting_that_is_named_is_one(name: str) -> None:
    known = {f"GRIDBOARD_{field}".upper() for kind in SETTINGS for field in kind.model_fields}
    assert set(re.findall(r"GRIDBOARD_[A-Z_]+", ALL[name])) - {"GRIDBOARD_OIDC_"} <= known


def commands() -> list[str]:
    """Every call of the command in the manuals and the units."""
    manuals = "\n".join(file.read_text(encoding="utf-8") for file in DOCS.glob("*.md"))
    blocks = "\n".join(re.findall(r"```bash\n(.*?)```", manuals, re.DOTALL))
    texts = [blocks, *(file.read_text(encoding="utf-8") for file in UNITS)]
    return sorted({call for text in texts for call in re.findall(r"bin/gridboard (.+)", text)})


def test_the_command_is_called_where_it_lies() -> None:
    texts = [file.read_text(encoding="utf-8") for file in [*DOCS.glob("*.md"), *UNITS]]
    calls = [call for text in texts for call in re.findall(r"\S*bin/gridboard\b", text)]
    assert {call.removeprefix("ExecStart=") for call in calls} <= {
        ".venv/bin/gridboard",
        "/opt/gridboard/.venv/bin/gridboard",
    }


@pytest.mark.parametrize("call", commands())
def test_every_command_that_is_shown_can_be_typed(call: str) -> None:
    command, words = typer.main.get_command(app), shlex.split(call)
    context = click.Context(command)
    while isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found is not None, call
        command = found
    if "--help" not in words:
        command.make_context("gridboard", words, resilient_parsing=False)


def test_every_secret_is_told_of_and_is_one() -> None:
    told = set(re.findall(r"^\| `(GRIDBOARD_\w+)`", MANUAL, re.MULTILINE))
    assert told == secret_names(*SETTINGS)


def test_every_file_is_linked() -> None:
    for name in (
        "nginx.conf",
        "Caddyfile",
        "gridboard.service",
        "gridboard-backup.",
        "gridboard-brief.",
    ):
        assert name in MANUAL
    assert {file.name for file in FILES} == {
        *("Caddyfile", "nginx.conf", "gridboard.service"),
        *("gridboard-backup.service", "gridboard-backup.timer"),
        *("gridboard-brief.service", "gridboard-brief.timer"),
    }


def test_the_claims_of_the_example_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in re.findall(r"^(GRIDBOARD_OIDC_\w+=.+)$", MANUAL, re.MULTILINE):
        monkeypatch.setenv(*line.split("=", 1))
    settings = OidcSettings()
    assert settings.oidc_roles["map-readers"] == "leader"
    assert settings.oidc_areas["18"] == ["620102", "620103"]
    assert f"https://map.example.org{BACK}" in MANUAL


def test_the_limits_of_the_manual_hold(tmp_path: Path) -> None:
    given = options(DEFAULTS, tmp_path, lambda: None)
    heads = [given[f"limit_request_{name}"] for name in ("line", "field_size", "fields")]
    assert "{:,} bytes, {:,} bytes, {}".format(*heads) in MANUAL
    assert f"{MAX_BODY_BYTES // MEGABYTE} MB; an upload" in MANUAL
    assert f"(`{DEFAULTS.upload_limit_mb:,}`)".replace("`", "") in MANUAL
    assert f"{GRACE_S:.0f} s and 1 s for each {LEAST_BYTES_PER_S:,.0f} bytes" in MANUAL
    assert f"never {STALL_S:.0f} s" in MANUAL
    assert f"| {WAITING_PER_ADDRESS} in each process |" in MANUAL
    assert f"requests in flight end within {given['graceful_timeout']} s" in MANUAL
    assert f"for {HOURS} hours" in MANUAL


def bytes_of(size: str) -> int:
    """A size of nginx or Caddy, such as 1m or 2049MiB."""
    number, unit = re.fullmatch(r"(\d+)(\w*)", size).groups()  # type: ignore[union-attr]
    return int(number) * {"": 1, "k": 1024, "m": 1 << 20, "MiB": 1 << 20}[unit]


def locations() -> dict[str, str]:
    """The locations of the server that ends TLS; ``""`` is what stands outside of them."""
    server = NGINX.split("listen 443", 1)[1]
    found = dict(re.findall(r"location (?:[=~] )?(\S+) \{\n(.*?)\n    \}", server, re.DOTALL))
    return found | {"": re.sub(r"location .*?\n    \}", "", server, flags=re.DOTALL)}


def test_nginx_passes_on_what_is_believed_and_nothing_a_client_says() -> None:
    assert f"server {DEFAULTS.host}:{DEFAULTS.port};" in NGINX
    common = locations()[""]
    assert "proxy_set_header Host $host;" in common
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in common
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in common
    # One such line within a location would undo all of those outside.
    for name, inner in locations().items():
        assert not name or "proxy_set_header" not in inner
    assert "GRIDBOARD_TRUSTED_PROXIES=1" in NGINX
    assert "$proxy_add_x_forwarded_for" not in NGINX


def test_nginx_knows_the_doors_that_differ(tmp_path: Path) -> None:
    known = locations()
    passwords = "^/(log-in|welcome|account/password)$"
    assert set(known) == {"", "/", passwords, LIVE_PATH, "/data/uploads", "/metrics"}
    assert "limit_req " in known[passwords]
    assert "proxy_buffering off;" in known[LIVE_PATH]
    assert "return 404;" in known["/metrics"]
    assert "proxy_pass" not in known["/metrics"]
    sizes = {
        name: bytes_of(re.search(r"client_max_body_size (\w+);", known[name])[1])  # type: ignore[index]
        for name in ("", "/data/uploads")
    }
    assert sizes[""] >= MAX_BODY_BYTES
    assert sizes["/data/uploads"] >= UPLOAD_BYTES
    line = bytes_of(re.search(r"large_client_header_buffers \d+ (\w+);", NGINX)[1])  # type: ignore[index]
    limit = options(DEFAULTS, tmp_path, lambda: None)["limit_request_line"]
    assert abs(line - limit) < 100  # type: ignore[operator]


def test_proxies_log_no_query_strings() -> None:
    form = re.search(r"log_format gridboard (.*?);", NGINX, re.DOTALL)[1]  # type: ignore[index]
    assert "access_log /var/log/nginx/gridboard.log gridboard;" in NGINX
    for told in ("$request ", "$request'", "$request_uri", "$args", "$query_string", "$http_"):
        assert told not in form
    assert 'request>uri regexp [?].* ""' in CADDY
    assert "request>headers delete" in CADDY


def test_caddy_knows_the_same_doors() -> None:
    assert f"reverse_proxy {DEFAULTS.host}:{DEFAULTS.port}" in CADDY
    assert "respond /metrics 404" in CADDY
    small, large = (
        bytes_of(re.search(rf"request_body @{name} \{{\s*max_size (\w+)", CADDY)[1])  # type: ignore[index]
        for name in ("others", "uploads")
    )
    assert small >= MAX_BODY_BYTES
    assert large >= UPLOAD_BYTES
    assert "@uploads path /data/uploads" in CADDY
    assert "@others not path /data/uploads" in CADDY


@pytest.mark.parametrize("text", [NGINX, CADDY], ids=["nginx", "caddy"])
def test_braces_are_closed(text: str) -> None:
    bare = re.sub(r"#.*", "", text)
    assert bare.count("{") == bare.count("}")


@pytest.mark.parametrize("file", UNITS, ids=lambda file: file.stem)
def test_units_get_their_secrets_as_credentials(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    given = re.findall(r"^#?LoadCredential=(\w+):/etc/gridboard/secrets/(\w+)$", text, re.MULTILINE)
    assert given
    assert all(name == path and name in secret_names(*SETTINGS) for name, path in given)
    assert not re.search(r"^Environment=.*(URL|TOKEN|SECRET)=", text, re.MULTILINE)
    unit = read_unit(file)
    assert unit["User"] == "gridboard"
    assert unit["UMask"] == "0077"
    assert unit["NoNewPrivileges"] == "yes"
    assert unit["ProtectSystem"] == "strict"


def test_a_brief_by_night_logs_in_as_the_application_does() -> None:
    given = re.findall(r"^LoadCredential=(\w+)", ALL["gridboard-brief.service"], re.MULTILINE)
    assert given == ["GRIDBOARD_APP_DATABASE_URL"]
    server = "postgresql://{}:password@127.0.0.1/gridboard"
    own = DatabaseSettings(app_database_url=SecretStr(server.format("gridboard_app")))
    assert own.url("app").username == "gridboard_app"
    # The administrator's address, which has a password, is not enough.
    with pytest.raises(ConfigurationError, match="GRIDBOARD_APP_DATABASE_URL"):
        DatabaseSettings(database_url=SecretStr(server.format("postgres"))).url("app")


def test_the_server_has_time_to_end_and_cannot_administer(tmp_path: Path) -> None:
    unit = read_unit(DOCS / "operation" / "gridboard.service")
    given = options(DEFAULTS, tmp_path, lambda: None)
    assert int(unit["TimeoutStopSec"]) > int(str(given["graceful_timeout"])) + 10
    assert unit["KillMode"] == "mixed"
    assert "GRIDBOARD_DATABASE_URL" not in ALL["gridboard.service"]


def read_unit(file: Path) -> dict[str, str]:
    """The service section of a unit; of what stands there several times the last."""
    parser = RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(file, encoding="utf-8")
    return dict(parser["Service"])
