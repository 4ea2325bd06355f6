# SPDX-License-Identifier: GPL-3.0-or-later
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(os.environ["HCB_SOURCE_DIR"])


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_wheel__is_built_installed_and_used(tmp_path):
    pytest.importorskip("build")
    source = tmp_path / "source"  # building leaves files beside the sources
    for name in ("include", "VERSION", "libbroker/CMakeLists.txt", "bindings/python"):
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, target)
    clean = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "LD_PRELOAD")}
    run(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", tmp_path, source / "bindings/python",
        env=clean, cwd=tmp_path)
    (wheel,) = tmp_path.glob("hcbroker-*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"hcbroker/_ffi.py", "hcbroker/_generated.py", "hcbroker/py.typed"} <= names
    # What is declared there is what the other tests use, which the build folder has.
    package = Path(os.environ["HCB_BINARY_DIR"], "python/hcbroker")
    sources = {path.name for path in (ROOT / "bindings/python/hcbroker").iterdir() if path.is_file()}
    assert {Path(name).name for name in names if name.startswith("hcbroker/")} == sources | {"_ffi.py", "_generated.py"}
    for name in ("_ffi.py", "_generated.py"):
        assert zipfile.ZipFile(wheel).read(f"hcbroker/{name}") == (package / name).read_bytes()
    assert sources <= {path.name for path in package.iterdir()}

    target = tmp_path / "target"
    zipfile.ZipFile(wheel).extractall(target)  # what pip does with a pure wheel
    program = ("import hcbroker, sys; w = hcbroker.Workspace(sys.argv[1]); p = w.allocate()\n"
               "print(hcbroker.__file__, p.summary['placed'], w.verify(p).ok)")
    where, placed, ok = run(sys.executable, "-B", "-c", program, ROOT / "tests/golden/base",
                            env={**os.environ, "PYTHONPATH": str(target)}, cwd=tmp_path).split()
    assert Path(where).parent == target / "hcbroker" and int(placed) > 0 and ok == "True"
