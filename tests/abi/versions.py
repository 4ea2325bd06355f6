# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of other versions against this library.

    versions.py PROGRAM.C CC SOURCE_DIR LIBRARY WORK_DIR [FLAG...]

program.c is compiled against the headers as they are; as they would have been before the last field of every structure
with a struct_size was added; and as they will be when each has one field more. All three must run and say the same, for
to each of them the library is a newer or an older one. A newer program that uses its new field must be refused.
"""
import os
import pathlib
import re
import shutil
import subprocess
import sys

STRUCT = re.compile(r"(typedef struct (hcb_\w+) \{\n\s*uint32_t struct_size;.*?\n)\} \2;", re.S)
# Complete from its first version on: without its last field, who writes, there is nothing to write.
WHOLE = ["hcb_desk_stamp"]
ACTUAL = ("visit_id,package_id,date,planned_minutes,actual_minutes,carers\n"
          "V1,Q1,2020-11-30,45,44,2\nV2,Q1,2020-12-01,45,50,2\n")
COMMENT = re.compile(r"/\*.*?\*/", re.S)


def older(match):
    if match[2] in WHOLE:
        return match[0]
    fields = COMMENT.sub("", match[1]).split(";")[:-1]
    if len(fields) < 3:
        raise SystemExit(f"{match[2]}: too few fields to take one away")
    return ";".join(fields[:-1]) + f";\n}} {match[2]};"


def newer(match):
    return f"{match[1]}    int64_t added_later;\n}} {match[2]};"


def headers(source, folder, change):
    """The number of structures changed."""
    n = 0
    (folder / "hcbroker").mkdir(parents=True, exist_ok=True)
    for header in sorted((source / "include/hcbroker").glob("*.h")):
        text, k = STRUCT.subn(change, header.read_text()) if change else (header.read_text(), 1)
        n += k
        (folder / "hcbroker" / header.name).write_text(text)
    return n


def main():
    code, cc, source, library, work, *flags = sys.argv[1:]
    source, library, work = pathlib.Path(source), pathlib.Path(library), pathlib.Path(work)
    said = {}
    for name, change, define in (("current", None, []), ("older", older, []), ("newer", newer, []),
                                 ("newer_used", newer, ["-DUSE_ADDED"])):
        n = headers(source, work / name, change)
        if n < 10:
            return f"{name}: only {n} structures found"
        program = work / f"program_{name}"
        here = work / f"folder_{name}"
        shutil.rmtree(here, ignore_errors=True)
        shutil.copytree(source / "tests/golden/base", here / "desk")
        (here / "actual.csv").write_text(ACTUAL)
        subprocess.run([cc, "-std=c99", "-Wall", "-Wextra", "-Werror", *flags, *define, f"-I{work / name}",
                        code, "-o", str(program), str(library),
                        f"-Wl,-rpath,{library.parent}"], check=True)
        done = subprocess.run([str(program), str(source / "tests/golden/base")], cwd=here, capture_output=True,
                              text=True, timeout=300, env=os.environ | {"HCB_DATA_DIR": str(source / "zones")})
        if done.returncode:
            return f"{name}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        said[name] = done.stdout
        print(f"{name}: {n} structures, {len(done.stdout.splitlines())} lines")
    used = pathlib.Path(code).read_text()
    unused = [name for header in (source / "include/hcbroker").glob("*.h") for _, name in STRUCT.findall(header.read_text())
              if not re.search(rf"\b{name}\b", used)]
    if unused:
        return f"the program does not use {', '.join(unused)}"
    if len(said["current"].splitlines()) < 40:
        return "the program says too little"
    for name in ("older", "newer"):
        if said[name] != said["current"]:
            return f"{name} says:\n{said[name]}\nand the current one:\n{said['current']}"
    if said["newer_used"] != "refused\n":
        return f"a field that the library does not know was not refused: {said['newer_used']}"
    return 0


sys.exit(main())
