# SPDX-License-Identifier: GPL-3.0-or-later
"""The wheel: the package and what declare.py makes of the public headers. It loads an installed libhcbroker."""

import os
import subprocess
import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Declared(build_py):
    def run(self):
        super().run()
        package = Path(self.build_lib, "hcbroker")
        subprocess.run([sys.executable, HERE / "declare.py", ROOT, package, os.environ.get("CC", "cc")], check=True)


setup(version=(ROOT / "VERSION").read_text(encoding="ascii").split()[0], cmdclass={"build_py": Declared})
