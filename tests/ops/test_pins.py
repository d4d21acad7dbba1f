"""What is installed is pinned, without saying where it comes from; make lists what it can do."""

import json
import re
import subprocess
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.cluster import CHECKOUT

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WANTED = [
    Requirement(text)
    for group in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for text in group
]
LINES = (CHECKOUT / "constraints.txt").read_text(encoding="utf-8").splitlines()[1:]


def test_constraints_are_pins_and_nothing_else() -> None:
    assert all(re.fullmatch(r"[a-z0-9._-]+==[0-9][a-z0-9.]*", line) for line in LINES)
    assert sorted(set(LINES)) == sorted(LINES)


@pytest.mark.parametrize("requirement", WANTED, ids=lambda r: r.name)
def test_what_the_project_asks_for_is_pinned_and_fits(requirement: Requirement) -> None:
    pins = {canonicalize_name(name): version for name, version in (x.split("==") for x in LINES)}
    assert pins[canonicalize_name(requirement.name)] in requirement.specifier


def test_javascript_is_locked_by_hash_without_addresses() -> None:
    lock = json.loads((CHECKOUT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert entry["integrity"].startswith("sha512-"), name


def test_make_lists_its_targets() -> None:
    listed = subprocess.run(
        ["make", "--no-print-directory"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout
    assert re.findall(r"^  make (\w+) +\S", listed, re.MULTILINE) == [
        *("help", "demo", "serve", "stop", "test", "check", "bench", "clean")
    ]
