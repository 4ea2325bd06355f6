# SPDX-License-Identifier: GPL-3.0-or-later
import os
import shutil
import subprocess
from pathlib import Path

import hcbroker
import pytest

ROOT = Path(os.environ["HCB_SOURCE_DIR"])


@pytest.fixture(scope="session")
def county(tmp_path_factory):
    """A fifth of a county, made up; not to be changed."""
    folder = hcbroker.init(tmp_path_factory.mktemp("county") / "ws")
    hcbroker.generate(folder, scenario="s1", queue=30, scale=0.2, seed=3)
    return folder


@pytest.fixture(scope="session")
def workspace(county):
    return hcbroker.Workspace(county)


@pytest.fixture(scope="session")
def plan(workspace):
    return workspace.allocate()


@pytest.fixture
def golden(tmp_path):
    """A copy of a small workspace whose every answer is known, to be spoiled."""
    return Path(shutil.copytree(ROOT / "tests/golden/base", tmp_path / "base"))


@pytest.fixture(scope="session")
def command():
    """Runs the command line; gives what it writes to standard output."""
    def run(*arguments):
        done = subprocess.run([os.environ["HCBROKER"], *map(str, arguments)], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout
    return run
