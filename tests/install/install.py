# SPDX-License-Identifier: GPL-3.0-or-later
"""Installs into an empty prefix, moves it, and uses it from outside: by find_package, by pkg-config, by command.

install.py CMAKE GENERATOR BUILD_FOLDER WORK_FOLDER COMPILER VERSION LIBDIR [FLAG...]
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def run(*command, **options):
    print("+", *command, flush=True)
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def expect(what, found, wanted):
    if found.strip() != wanted:
        sys.exit(f"{what}: {found.strip()!r}, expected {wanted!r}")


def main():
    if len(sys.argv) < 8:
        print(__doc__, file=sys.stderr)
        return 2
    cmake, generator, build, work, compiler, version, libdir = sys.argv[1:8]
    flags = sys.argv[8:]
    work = Path(work)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    # Moved after the install: nothing in it may know where it was put first.
    run(cmake, "--install", build, "--prefix", work / "first")
    prefix = (work / "first").rename(work / "prefix")
    consumer = Path(__file__).parent / "consumer"

    run(cmake, "-G", generator, "-S", consumer, "-B", work / "cmake", f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_C_COMPILER={compiler}",
        f"-DCMAKE_C_FLAGS={' '.join(flags)}", "-DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF")
    run(cmake, "--build", work / "cmake")
    expect("by find_package", run(work / "cmake/consumer"), version)

    environment = dict(os.environ, PKG_CONFIG_PATH=str(prefix / libdir / "pkgconfig"))
    expect("pkg-config --modversion", run("pkg-config", "--modversion", "hcbroker", env=environment), version)
    options = run("pkg-config", "--cflags", "--libs", "hcbroker", env=environment).split()
    outside = [option for option in options if option.startswith(("-I", "-L")) and not option[2:].startswith(str(prefix))
               and "hcbroker" in option]
    if outside:
        sys.exit(f"pkg-config points outside the prefix: {outside}")
    program = work / "by_pkg_config"
    run(compiler, *flags, consumer / "main.c", "-o", program, *options, f"-Wl,-rpath,{prefix / libdir}")
    expect("by pkg-config", run(program), version)

    command = prefix / "bin/hcbroker"
    if command.exists():
        first = run(command, "--version").splitlines()[0]
        if version not in first:
            sys.exit(f"hcbroker --version: {first!r} does not name {version}")
        run(command, "init", work / "workspace", env=dict(os.environ, HCB_DATA_DIR=str(prefix / "share/hcbroker/zones")))
    return 0


if __name__ == "__main__":
    sys.exit(main())
