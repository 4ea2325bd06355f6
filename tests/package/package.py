# SPDX-License-Identifier: GPL-3.0-or-later
"""The Debian packages, made twice, must have the same bytes; unpacked into an empty prefix they must work.

    package.py SOURCE WORK --pack CPACK BUILD     what a build has, packed twice
    package.py SOURCE WORK --build                scripts/package in two folders
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

EPOCH = "1700000000"
# What each package must hold, below /usr; %L is the library folder.
HOLDS = {
    "libhcbroker0": ["%L/libhcbroker.so.0", "share/doc/libhcbroker0/copyright"],
    "libhcbroker-dev": ["%L/libhcbroker.so", "%L/libhcbroker.a", "%L/pkgconfig/hcbroker.pc", "include/hcbroker/hcbroker.h",
                        "include/hcbroker/problem.h", "%L/cmake/hcbroker/hcbrokerConfig.cmake"],
    "hcbroker": ["bin/hcbroker", "share/man/man1/hcbroker.1.gz", "share/man/man1/hcbroker-allocate.1.gz",
                 "share/bash-completion/completions/hcbroker", "share/hcbroker/zones/leicestershire/hcbroker.yaml"],
    "python3-hcbroker": ["lib/python3/dist-packages/hcbroker/__init__.py", "lib/python3/dist-packages/hcbroker/py.typed"],
}


def run(*command, **options):
    print("+", *command, flush=True)
    return subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def pack(cpack, build, out):
    run(cpack, "-G", "DEB", "-B", out, cwd=build, env=dict(os.environ, SOURCE_DATE_EPOCH=EPOCH))


def build(source, folder, out):
    run(source / "scripts/package", out, env=dict(os.environ, SOURCE_DATE_EPOCH=EPOCH, HCB_PACKAGE_BUILD=str(folder)))


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.deb"))}


def check_contents(folder, prefix):
    """Each package holds its files, and no file is in two."""
    owner = {}
    for deb in sorted(folder.glob("*.deb")):
        name = run("dpkg-deb", "-f", deb, "Package").strip()
        version = run("dpkg-deb", "-f", deb, "Version").strip()
        files = {line.split(None, 5)[5].split(" -> ")[0] for line in run("dpkg-deb", "-c", deb).splitlines()}
        libs = "lib/x86_64-linux-gnu" if "./usr/lib/x86_64-linux-gnu/" in " ".join(files) else "lib"
        for wanted in HOLDS.get(name, []):
            if not any(f"./usr/{wanted.replace('%L', lib)}" in files for lib in (libs, "lib")):
                sys.exit(f"{deb.name} lacks {wanted}")
        for path in files:
            if not path.endswith("/") and owner.setdefault(path, name) != name:
                sys.exit(f"{path} is in {owner[path]} and in {name}")
        depends = run("dpkg-deb", "-f", deb, "Depends")
        if name != "libhcbroker0" and f"libhcbroker0 (= {version})" not in depends:
            sys.exit(f"{name} does not depend on its library: {depends}")
        if name == "libhcbroker0" and "libglpk40" not in depends:
            sys.exit(f"the library's dependencies were not found: {depends}")
        run("dpkg-deb", "-x", deb, prefix)
        owner[name] = name
    lacking = [name for name in HOLDS if name not in owner and name != "python3-hcbroker"]
    if lacking:
        sys.exit(f"no package {lacking}")


def use(source, prefix, work):
    """As somebody would who has only what was unpacked."""
    usr = prefix / "usr"
    libs = next(path.parent for path in usr.rglob("libhcbroker.so"))
    environment = {"PATH": f"{usr}/bin:/usr/bin:/bin", "PKG_CONFIG_PATH": str(libs / "pkgconfig"), "LD_LIBRARY_PATH": str(libs),
                   "HCB_DATA_DIR": str(usr / "share/hcbroker/zones"), "HOME": str(work)}
    options = run("pkg-config", "--cflags", "--libs", "hcbroker", env=environment).split()
    static = run("pkg-config", "--static", "--libs", "hcbroker", env=environment).split()
    workspace = source / "tests/golden/base"
    example = source / "docs/examples/allocate.c"
    said = []
    run("cc", "-std=c99", "-Wall", "-Wextra", "-Werror", example, *options, "-o", work / "shared", env=environment)
    said.append(run(work / "shared", workspace, env=environment))
    archive = [str(libs / "libhcbroker.a") if option == "-lhcbroker" else option for option in static]
    run("cc", "-std=c99", example, *[o for o in options if o.startswith("-I")], *archive, "-o", work / "static", env=environment)
    said.append(run(work / "static", workspace, env={"PATH": "/usr/bin:/bin"}))
    if said[0] != said[1] or len(said[0].splitlines()) != 6:
        sys.exit(f"the example says {said}")
    run("hcbroker", "init", work / "county", env=environment)
    run("hcbroker", "-C", work / "county", "generate", "--queue", "5", env=environment)
    run("hcbroker", "-C", workspace, "allocate", "--out", work / "plan", env=environment)
    run("hcbroker", "-C", workspace, "verify", work / "plan", env=environment)
    placed = {line.split(",")[0]: line.split(",")[1] for line in (work / "plan/allocations.csv").read_text().splitlines()[1:]}
    for line in said[0].splitlines():
        package, _, rest = line.partition(" ")
        if placed.get(package, rest) != rest:
            sys.exit(f"the example and the command differ: {line}, {placed}")
    python = usr / "lib/python3/dist-packages"
    if python.is_dir():
        said = run("/usr/bin/python3", "-B", source / "docs/examples/county.py", work / "by-python",
                   env=dict(environment, PYTHONPATH=str(python)))
        run("hcbroker", "-C", work / "by-python", "verify", work / "by-python/plan", env=environment)
        if "waits" not in said:
            sys.exit(f"the Python example says {said}")


def main():
    source, work = Path(sys.argv[1]), Path(sys.argv[2])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    for name in ("first", "second"):
        if sys.argv[3] == "--pack":
            pack(sys.argv[4], Path(sys.argv[5]), work / name)
        else:
            build(source, work / f"build-{name}", work / name)
    first, second = digests(work / "first"), digests(work / "second")
    print(*first.items(), sep="\n")
    if not first or first != second:
        sys.exit(f"not reproducible: {first} and {second}")
    check_contents(work / "first", work / "prefix")
    use(source, work / "prefix", work)
    return 0


sys.exit(main())
