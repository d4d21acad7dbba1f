"""Lets a wheel carry the page's assets, which in a checkout lie beside the packages."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ASSETS = Path(__file__).parent / "assets"


class BuildWithAssets(build_py):
    """Copies ``assets/``, the built ``assets/vendor`` included, into ``dashboard/assets``."""

    def run(self) -> None:
        """Build as usual, then add the assets; an editable install finds those of the checkout."""
        super().run()
        if self.editable_mode:
            return
        if not (ASSETS / "vendor").is_dir():
            msg = "assets/vendor is not built: run 'npm ci && npm run build' (or 'make demo') first"
            raise SystemExit(msg)
        target = Path(self.build_lib) / "dashboard" / "assets"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(ASSETS, target)


setup(cmdclass={"build_py": BuildWithAssets})
