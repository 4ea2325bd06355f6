# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of the public functions: each with a test that calls it and the fuzz targets that reach it.

functions.py SOURCE_ROOT [--update]     --update adds the rows of new functions, and drops those of functions that are gone

A row: function, file of the test, fuzz targets or -. The test must call the function, or, where it is a script, the command
that is the function and no more ("receive" for hcb_desk_receive); a fuzz target must call it. A function that reads no
outside bytes has no fuzz target.
"""

import re
import sys
from pathlib import Path

HEAD = "# function\ttest\tfuzz targets\n"


# What brings outside bytes into a call.
OUTSIDE = re.compile(r"const (char|double|int32_t|int64_t|hcb_column|hcb_\w+_options|hcb_desk_stamp) \*")


def prototypes(root):
    """{function: its arguments}."""
    found = {}
    for header in sorted((root / "include/hcbroker").glob("*.h")):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.S)
        for declaration in re.findall(r"HCB_API\b(.*?);", text, re.S):
            name, arguments = re.search(r"\b(hcb_\w+)\s*\((.*)\)", declaration, re.S).groups()
            found[name] = arguments
    return found


# Functions behind a command's word that is not their own.
WORDS = {"hcb_desk_set": "suspend", "hcb_desk_answers": "import", "hcb_desk_open": "log", "hcb_desk_close": "log",
         "hcb_desk_events": "export", "hcb_desk_requirements": "export", "hcb_desk_plan_options_init": "plan"}


def calls(text, name, path=".c"):
    if path.endswith(".py"):
        return re.search(rf"""["']{WORDS.get(name, name.split("_", 2)[2].replace("_", "-"))}["']""", text)
    return re.search(rf"\b{name}\s*\(", text)


def sources(root, folders, endings=(".c",)):
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
            for folder in folders for path in sorted((root / folder).rglob("*")) if path.suffix in endings}


def find_test(tests, name):
    """The most particular: a unit test, then the interface tests, the calls that run out of memory, a script."""
    order = ("tests/unit/", "tests/capi/", "tests/oom/", "tests/cli/desk.py")
    found = [path for path in tests if path.startswith(order) and calls(tests[path], name, path)]
    return min(found, key=lambda path: ([path.startswith(o) for o in order].index(True), path), default="?")


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--update"]):
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(sys.argv[1])
    listed = root / "tests/abi/functions.txt"
    names = (root / "tests/abi/symbols.txt").read_text(encoding="ascii").split()
    tests = sources(root, ["tests/unit", "tests/capi", "tests/oom", "tests/cli"], (".c", ".py"))
    fuzz = {Path(path).stem: text for path, text in sources(root, ["tests/fuzz"]).items()}
    lines = listed.read_text(encoding="ascii").splitlines()[1:] if listed.exists() else []
    rows = {line.split("\t")[0]: line.split("\t")[1:] for line in lines}
    if sys.argv[2:]:
        def row(name):
            test = rows.get(name, ["?"])[0]
            if test == "?" or not calls(tests.get(test, ""), name, test):
                test = find_test(tests, name)
            reached = [target for target in sorted(fuzz) if target.startswith("fuzz_") and calls(fuzz[target], name)]
            return test, " ".join(reached) or "-"
        rows = {name: row(name) for name in names}
        listed.write_text(HEAD + "".join(f"{name}\t{rows[name][0]}\t{rows[name][1]}\n" for name in sorted(names)),
                          encoding="ascii")
    takes = prototypes(root)
    findings = [f"{name}: no prototype" for name in names if name not in takes]
    findings += [f"{name}: no row; build the target abi_update" for name in names if name not in rows]
    findings += [f"{name}: a row, but no such function; build the target abi_update" for name in rows if name not in names]
    for name, (test, targets) in sorted(rows.items()):
        if test == "?":
            findings.append(f"{name}: no test calls it; give it a line in tests/oom/calls.c or a unit test, then build abi_update")
        elif not calls(tests.get(test, ""), name, test):
            findings.append(f"{name}: {test} does not call it")
        findings += [f"{name}: {target} is no fuzz target" for target in targets.split() if target not in (*fuzz, "-")]
        if targets == "-" and OUTSIDE.search(takes.get(name, "")):
            findings.append(f"{name}: takes bytes from outside, and no fuzz target calls it")
        findings += [f"{name}: {target} does not reach it" for target in targets.split() if target != "-"
                     and not calls(fuzz.get(target, ""), name)]
    print("\n".join(findings + [f"{len(rows)} functions, {len(findings)} findings"]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
