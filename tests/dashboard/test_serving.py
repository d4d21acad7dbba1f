"""What decides whether something serves, and when the address is said."""

import os
import socket
import subprocess
from pathlib import Path

import pytest

from dashboard.serving import (
    once_all_are_up,
    options,
    pid_file,
    require_free_port,
    serving_pid,
    stop_servers,
    url_host,
)
from dashboard.settings import DashboardSettings
from geo.errors import ConfigurationError


def test_a_stale_pid_file_is_nobody(tmp_path: Path) -> None:
    file = pid_file(tmp_path, 8050)
    assert serving_pid(file) is None
    file.write_text("no number")
    assert serving_pid(file) is None
    with subprocess.Popen(["sleep", "60"], cwd="/") as other:
        file.write_text(str(other.pid))
        assert serving_pid(file) is None, "that process is no gridboard"
        assert stop_servers(tmp_path) == 0
        assert other.poll() is None, "and is left alone"
        other.kill()


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_a_taken_port_is_seen(tmp_path: Path, host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as taken:
        settings = DashboardSettings(host=host, port=taken.getsockname()[1])
        with pytest.raises(ConfigurationError, match="Address already in use"):
            require_free_port(settings, tmp_path)
    require_free_port(settings, tmp_path)


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"Cannot listen on 192\.0\.2\.1:8050"):
        require_free_port(DashboardSettings(host="192.0.2.1"), tmp_path)


def test_the_address_is_said_once_when_the_last_worker_is_up() -> None:
    said: list[str] = []
    up = once_all_are_up(2, lambda: said.append("ready"))
    up(None)
    assert said == []
    up(None)
    up(None)
    assert said == ["ready"]


def test_options_of_the_server(tmp_path: Path) -> None:
    given = options(DashboardSettings(host="::1", port=8051), tmp_path, lambda: None)
    assert given["bind"] == f"{url_host('::1')}:8051" == "[::1]:8051"
    assert given["control_socket_disable"] is True
    assert given["umask"] == 0o077
    assert os.fspath(tmp_path / "serve-8051.pid") == given["pidfile"]
