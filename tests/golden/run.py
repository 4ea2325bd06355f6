#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs `hcbroker -C DIR check` on every case of tests/golden/invalid and compares what it says.

    run.py PROGRAM [CASE...] [--accept]

A case is a folder. Its files replace those of tests/golden/base; four names are its own:
  expected   standard error, line by line
  exit       the exit code, 3 when the file is not there
  arguments  further arguments of the command
  remove     names of base files that the case does without
A file NAME.template becomes NAME with @@hex 00 ff@@ replaced by these bytes and @@repeat x 1000@@ by a text repeated.
--accept writes what the program said into `expected` and `exit`, to be read before it is kept.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
OWN = {"expected", "exit", "arguments", "remove"}


def expand(template: bytes) -> bytes:
    out = re.sub(rb"@@hex ([0-9a-f ]+)@@", lambda m: bytes.fromhex(m[1].decode()), template)
    return re.sub(rb"@@repeat (\S+) (\d+)@@", lambda m: m[1] * int(m[2]), out)


def text(path: pathlib.Path, otherwise: str = "") -> str:
    return path.read_text(encoding="utf-8") if path.exists() else otherwise


def contents(folder: pathlib.Path) -> dict:
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in folder.rglob("*")}


def prepare(case: pathlib.Path, folder: pathlib.Path) -> None:
    shutil.copytree(HERE / "base", folder)
    for name in text(case / "remove").split():
        (folder / name).unlink()
    for source in case.iterdir():
        if source.name in OWN:
            continue
        if source.suffix == ".template":
            (folder / source.stem).write_bytes(expand(source.read_bytes()))
        else:
            shutil.copyfile(source, folder / source.name)


def run(program: str, case: pathlib.Path, accept: bool) -> list:
    with tempfile.TemporaryDirectory(prefix="hcb-golden-") as parent:
        folder = pathlib.Path(parent) / "workspace"
        prepare(case, folder)
        before = contents(folder)
        command = [program, "-C", str(folder), "check", *text(case / "arguments").split()]
        done = subprocess.run(command, capture_output=True, timeout=60)
        said = done.stderr.decode("utf-8", "replace")
        problems = [] if contents(folder) == before else ["the folder was changed"]
    if accept:
        (case / "expected").write_text(said, encoding="utf-8")
        (case / "exit").unlink(missing_ok=True)
        if done.returncode != 3:
            (case / "exit").write_text(f"{done.returncode}\n")
        return problems
    if done.returncode != int(text(case / "exit", "3")):
        problems.append(f"exit code {done.returncode}, expected {text(case / 'exit', '3').strip()}")
    expected = text(case / "expected").splitlines()
    found = said.splitlines()
    problems += [f"not said: {line}" for line in expected if line not in found]
    problems += [f"said too: {line}" for line in found if line not in expected]
    if not problems and found != expected:
        problems.append("the order of the lines is another one")
    return problems


def main() -> int:
    arguments = [a for a in sys.argv[1:] if a != "--accept"]
    accept = "--accept" in sys.argv
    cases = [HERE / "invalid" / name for name in arguments[1:]]
    cases = cases or sorted(p for p in (HERE / "invalid").iterdir() if p.is_dir())
    failed = 0
    for case in cases:
        problems = run(arguments[0], case, accept)
        failed += bool(problems)
        for problem in problems:
            print(f"{case.name}: {problem}")
    print(f"{len(cases)} cases, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
