"""``gridboard db``: backups made, checked and restored by the command line."""

import json
import tarfile
from pathlib import Path

from tests.ops.conftest import Gridboard


def test_back_up_check_and_restore(gridboard: Gridboard, tmp_path: Path, state_base: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for old in ("gridboard-20200101T000000Z.tar", "gridboard-20210101T000000Z.tar"):
        (folder / old).touch()
    (folder / "of somebody else.tar").touch()
    assert gridboard("setup").returncode == 0
    done = gridboard("db", "backup", str(folder), "--keep", "2")
    assert done.returncode == 0, done.stderr
    assert "1 older backup removed" in done.stdout
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "gridboard-20210101T000000Z.tar"
    assert names[2] == "of somebody else.tar"
    file = folder / names[1]
    assert file.stat().st_mode & 0o777 == 0o600
    # As on another machine.
    assert gridboard("cluster", "wipe", "--yes").returncode == 0
    assert f"{file} is whole: " in gridboard("db", "verify", str(file)).stdout
    assert not [*state_base.iterdir()], "verify needs no server and starts none"
    restored = gridboard("db", "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert "Restored and equal" in restored.stdout
    with tarfile.open(file) as tar:
        member = tar.extractfile("manifest.json")
        assert member is not None
        manifest = json.load(member)
    assert manifest["schema"] in restored.stdout
