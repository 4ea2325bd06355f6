# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of docs/examples and those printed in docs/python.md run as they are written."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import geopandas
import hcbroker
import pandas
import pytest

ROOT = Path(os.environ["HCB_SOURCE_DIR"])


def run(path, *arguments, cwd):
    done = subprocess.run([sys.executable, "-B", str(path), *map(str, arguments)], capture_output=True, text=True, check=False,
                          cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_county__prints_a_proved_plan_and_a_reason(tmp_path):
    path = ROOT / "docs/examples/county.py"
    code = [line for line in path.read_text().splitlines()[1:] if line]
    assert len(code) <= 15
    said = run(path, tmp_path / "county", cwd=tmp_path)
    assert hcbroker.Workspace(tmp_path / "county").verify(tmp_path / "county/plan").ok
    waiting = pandas.read_csv(tmp_path / "county/plan/waiting.csv")
    assert re.search(r"waiting +24990 +24990 +0\.0", said) and f"{waiting['package_id'][0]} (zone" in said


def test_in_memory__says_what_the_one_in_c_says(tmp_path):
    assert run(ROOT / "docs/examples/in_memory.py", cwd=tmp_path).splitlines()[:2] == [
        "A: P1, 262.50 pounds a week", "B: P2, 196.88 pounds a week"]


def blocks():
    """The Python in the documents that needs no cluster."""
    for path in (ROOT / "docs/python.md", ROOT / "docs/many-machines.md"):
        for i, text in enumerate(re.findall(r"```python\n(.*?)```", path.read_text(), re.DOTALL)):
            if "Client" not in text:
                yield pytest.param(path.name, text, id=f"{path.stem}-{i}")


@pytest.mark.parametrize("name, block", blocks())
def test_documents__run_as_written(tmp_path, county, name, block):
    """With the folder "county" and the tables of a workspace at hand."""
    names = {"hcbroker": hcbroker}
    if "hcbroker.init(" not in block:
        shutil.copytree(county, tmp_path / "county")
        names.update({table: pandas.read_csv(tmp_path / f"county/{table}.csv", dtype=str)
                      for table in ("prices", "providers", "coverage", "packages")})
        names["packages"] = names["packages"].assign(weekly_hours=7)
        names["zones"] = geopandas.read_file(tmp_path / "county/zones.geojson")
        names["areas"] = pandas.read_csv(tmp_path / "county/areas.csv", dtype=str)
    here = os.getcwd()
    os.chdir(tmp_path)
    try:
        exec(compile(block, name, "exec"), names)
    finally:
        os.chdir(here)
