# SPDX-License-Identifier: GPL-3.0-or-later
"""Source lists are explicit: each .c file is named in the CMakeLists.txt of its folder or of one above."""

import re
import sys

import tree

AREAS = {"libbroker", "cli", "benchmarks", "tests", "docs"}
WORD = re.compile(r"[A-Za-z0-9_./-]+")


def words(path):
    lines = tree.text(path).splitlines() if path.is_file() else []
    return {word for line in lines for word in WORD.findall(line.split("#", 1)[0])}


def named(root, path):
    """Whether a list names the file: as a.c or folder/a.c; outside libbroker also as a, or the a of test_a.c, fuzz_a.c."""
    library = path.relative_to(root).parts[0] == "libbroker"
    stems = set() if library else {path.stem, path.stem.removeprefix("test_"), path.stem.removeprefix("fuzz_")}
    folder = path.parent
    while True:
        known = words(folder / "CMakeLists.txt")
        inner = path.relative_to(folder).as_posix()
        if inner in known or stems & known or any(word.endswith("/" + inner) for word in known):
            return True
        if folder == root:
            return False
        folder = folder.parent


def check(root):
    findings = []
    # What tests share may be named by any of them, as ../../support/a.c.
    shared = set().union(*(words(path) for path in tree.files(root) if path.name == "CMakeLists.txt"))
    for path in tree.files(root):
        inner = path.relative_to(root)
        if path.suffix == ".c" and inner.parts[0] in AREAS and not named(root, path):
            if inner.parts[:2] == ("tests", "support") and any(word.endswith(f"support/{path.name}") for word in shared):
                continue
            findings.append(f"{inner}: no CMakeLists.txt names it")
        # The corpus of a fuzz target is data, and grows by itself.
        if (path.name == "CMakeLists.txt" or path.suffix == ".cmake") and inner.parts[:2] != ("tests", "fuzz"):
            for number, line in enumerate(tree.text(path).splitlines(), 1):
                if re.search(r"\bfile\s*\(\s*GLOB", line.split("#", 1)[0], re.IGNORECASE):
                    findings.append(f"{inner}:{number}: file(GLOB) hides what is built; list the files")
    return findings


if __name__ == "__main__":
    sys.exit(tree.main("sources", check))
