"""The private cluster, really started: kept data, stale pids, strangers' data, users, paths."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dashboard.cluster import Cluster, ClusterError, ClusterStatus
from tests.cluster import CHECKOUT
from tests.waiting import until

Ask = Callable[[Cluster, str], object]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def test_a_cluster_is_made_once_and_keeps_its_data(cluster: Cluster, ask: Ask) -> None:
    assert cluster.status() is ClusterStatus.ABSENT
    assert cluster.start() is True
    assert cluster.status() is ClusterStatus.RUNNING
    ask(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")

    assert cluster.start() is False, "a second start finds it running"
    assert cluster.stop() is True
    assert cluster.status() is ClusterStatus.STOPPED
    assert cluster.stop() is False

    assert cluster.start() is True
    assert ask(cluster, "SELECT answer FROM kept") == 42


def test_two_starts_at_once_make_one_cluster(cluster: Cluster, ask: Ask) -> None:
    with ThreadPoolExecutor(2) as pool:
        started = list(pool.map(lambda _: cluster.start(), range(2)))
    assert sorted(started) == [False, True]
    assert ask(cluster, "SELECT 1") == 1


def test_postgis_can_be_created_and_chinese_words_have_trigrams(cluster: Cluster, ask: Ask) -> None:
    cluster.start()
    ask(cluster, "CREATE EXTENSION postgis")
    ask(cluster, "CREATE EXTENSION pg_trgm")
    assert str(ask(cluster, "SELECT postgis_lib_version()")) >= "3.3"
    assert ask(cluster, "SELECT cardinality(show_trgm('城关区'))") == 4
    assert ask(
        cluster, "SELECT string_agg(c, '' ORDER BY c) FROM unnest('{b,A,a,B}'::text[]) c"
    ) == ("ABab")


def test_it_listens_on_a_private_socket_only(cluster: Cluster, ask: Ask) -> None:
    cluster.start()
    assert ask(cluster, "SHOW listen_addresses") == ""
    assert cluster.paths.sockets.stat().st_mode & 0o777 == 0o700
    assert cluster.paths.server.stat().st_mode & 0o777 == 0o700


def test_a_durable_cluster_syncs(state_base: Path, ask: Ask) -> None:
    cluster = Cluster.of_checkout(CHECKOUT, base=state_base)
    cluster.start()
    try:
        assert [ask(cluster, f"SHOW {name}") for name in ("fsync", "full_page_writes")] == [
            "on"
        ] * 2
        assert ask(cluster, "SHOW random_page_cost") == "1.1"
        assert ask(cluster, "SHOW data_checksums") == "on"
    finally:
        cluster.wipe()


def test_a_killed_server_comes_back(cluster: Cluster, ask: Ask) -> None:
    cluster.start()
    ask(cluster, "CREATE TABLE kept AS SELECT 1 AS answer")
    ask(cluster, "CHECKPOINT")
    server = cluster.postmaster()
    assert server is not None
    os.kill(server, signal.SIGQUIT)
    wait_until_dead(server)
    assert cluster.status() is ClusterStatus.STOPPED
    assert cluster.start() is True
    assert ask(cluster, "SELECT answer FROM kept") == 1


def test_a_pid_that_now_belongs_to_another_program_is_stale(cluster: Cluster) -> None:
    cluster.start()
    pid_file = cluster.paths.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    cluster.stop()
    # A living process of the server's user that is no server, as after a reboot.
    sleeper = subprocess.Popen(["/bin/sleep", "600"], user=cluster.account.uid)
    try:
        pid_file.write_text("\n".join([str(sleeper.pid), *lines[1:]]) + "\n")
        assert cluster.status() is ClusterStatus.STOPPED
        assert cluster.start() is True
    finally:
        sleeper.kill()
        sleeper.wait()


def test_data_that_gridboard_did_not_make_are_left_alone(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    cluster.paths.marker(cluster.paths.data).unlink()
    for act in (cluster.start, cluster.wipe):
        with pytest.raises(ClusterError, match="was not made by gridboard"):
            act()
    assert (cluster.paths.data / "PG_VERSION").exists()


def test_data_of_another_checkout_are_left_alone(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    marker = cluster.paths.marker(cluster.paths.data)
    marker.write_text(json.dumps({"checkout": "/somewhere/else"}))
    with pytest.raises(ClusterError, match="left alone"):
        cluster.start()


def test_an_interrupted_making_leaves_nothing_in_the_way(cluster: Cluster) -> None:
    cluster.make_folders()
    cluster.paths.unfinished.mkdir()
    (cluster.paths.unfinished / "half").write_text("of a cluster")
    assert cluster.status() is ClusterStatus.ABSENT
    assert cluster.start() is True
    assert not cluster.paths.unfinished.exists()


def test_a_failed_start_says_why_in_one_line(cluster: Cluster) -> None:
    cluster.start()
    cluster.stop()
    (cluster.paths.data / "postgresql.auto.conf").write_text("shared_buffers = 'much'\n")
    with pytest.raises(ClusterError, match=r"could not start: .*auto.conf.*server\.log") as refused:
        cluster.start()
    assert "\n" not in str(refused.value)
    assert cluster.status() is ClusterStatus.STOPPED


def test_wipe_removes_all_state(cluster: Cluster) -> None:
    cluster.start()
    assert cluster.wipe() is True
    assert not cluster.paths.folder.exists()
    assert cluster.wipe() is False


@pytest.mark.parametrize("checkout", ["a checkout, with 'quotes' and 网格", "x" * 90])
def test_awkward_paths(state_base: Path, checkout: str, ask: Ask) -> None:
    """The checkout's and the state's folders may hold spaces and be long."""
    base = state_base / checkout
    cluster = Cluster.of_checkout(base, base=base, durable=False)
    try:
        assert cluster.start() is True
        assert ask(cluster, "SELECT 1") == 1
    finally:
        cluster.wipe()
    assert not cluster.paths.sockets.exists()


@needs_root
def test_root_serves_a_checkout_in_its_own_closed_home(state_base: Path, tmp_path: Path) -> None:
    closed = tmp_path / "root only" / "checkout"
    closed.mkdir(parents=True)
    closed.parent.chmod(0o700)
    cluster = Cluster.of_checkout(closed, base=state_base, durable=False)
    try:
        cluster.start()
        server = cluster.postmaster()
        assert Path(f"/proc/{server}").stat().st_uid == cluster.account.uid != 0
        assert cluster.paths.folder.stat().st_uid == 0
    finally:
        cluster.wipe()


@needs_root
def test_a_state_folder_that_the_server_cannot_enter_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    cluster = Cluster.of_checkout(CHECKOUT, base=tmp_path)
    with pytest.raises(ClusterError, match="set GRIDBOARD_STATE_DIR to one it can reach"):
        cluster.start()


@needs_root
def test_an_ordinary_user_without_any_rights_can_do_the_same(state_base: Path) -> None:
    """The walk of a plain user, with the interpreter and the modules where it can read them."""
    home = state_base / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    for module in ("dashboard/__init__.py", "geo/__init__.py", "geo/errors.py"):
        (state_base / module).parent.mkdir(exist_ok=True)
        shutil.copy(CHECKOUT / module, state_base / module)
    shutil.copytree(CHECKOUT / "dashboard" / "cluster", state_base / "dashboard" / "cluster")
    walked = subprocess.run(
        [public_python(), "-B", "-c", WALK],
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        cwd=state_base,
        env={"HOME": str(home), "PATH": os.defpath},
        capture_output=True,
        text=True,
        check=False,
    )
    assert walked.stderr == ""
    assert walked.stdout.split() == ["True", "running", str(NOBODY), "False", "True", "absent"]


NOBODY = 65534
WALK = """
from pathlib import Path
from dashboard.cluster import Cluster
cluster = Cluster.of_checkout(Path.cwd())
print(cluster.start(), cluster.status())
print(Path(f"/proc/{cluster.postmaster()}").stat().st_uid)
assert Path.home() / ".local/state/gridboard" in cluster.paths.folder.parents
print(cluster.start(), cluster.wipe(), cluster.status())
"""


def public_python() -> str:
    """A Python >= 3.11 that a stranger may run: ours may lie in root's home."""
    for python in (sys.executable, "/usr/bin/python3"):
        probe = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        try:
            done = subprocess.run(probe, user=NOBODY, cwd="/", env={}, check=False)
        except OSError:
            continue
        if done.returncode == 0:
            return python
    pytest.fail("no Python >= 3.11 that another user may run")


def wait_until_dead(pid: int) -> None:
    """Wait for a process to end."""
    until(lambda: not Path(f"/proc/{pid}").exists())
