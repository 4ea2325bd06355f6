# SPDX-License-Identifier: GPL-3.0-or-later
"""The direction of #include lines (ARCHITECTURE.md): each folder of libbroker/ uses only those below it."""

import re
import sys

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# A library's header, and the only folder that may see it.
OWNERS = {
    "proj.h": "geo", "geos_c.h": "geo",
    "csv.h": "io", "jansson.h": "io", "yaml.h": "io",
    "sqlite3.h": "desk", "glpk.h": "solve", "coin/Cbc_C_Interface.h": "solve",
    "coin/Clp_C_Interface.h": "solve", "interfaces/highs_c_api.h": "solve",
}
# They re-check a plan, so they must not see the code that made it.
CHECKER = re.compile(r"^(verify|certificate)[a-z0-9_]*\.[ch]$")
CHECKER_FOLDERS = {"base", "io", "geo"}
PUBLIC_MAY = {"stdint.h", "stddef.h"}


def order(root):
    """The folders, lowest first, from the list that the build uses."""
    match = re.search(r"set\(HCB_MODULES ([a-z ]+)\)", tree.text(root / "cmake/HcbTargets.cmake"))
    return match.group(1).split()


def library_slip(modules, folder, name, target):
    """Why libbroker/<folder>/<name> may not include "target"; None when it may."""
    head, _, rest = target.partition("/")
    if head == "hcbroker":
        return None
    if head not in modules or not rest:
        return 'is not of the form "folder/file.h" or "hcbroker/file.h"'
    if folder == "allocation" and CHECKER.match(name):
        if head in CHECKER_FOLDERS or (head == folder and CHECKER.match(rest)):
            return None
        return "is not for the checker, which uses base, io and geo alone"
    if head == folder:
        return None
    if folder == "solve" and head != "base":
        return "is not for solve, which uses base alone"
    if modules.index(head) > modules.index(folder):
        return f"goes up: {folder} is below {head}"
    return None


def slip(root, modules, path, kind, target):
    """Why the file may not have this include; None when it may."""
    parts = path.relative_to(root).parts
    area, name = parts[0], parts[-1]
    folder = parts[1] if area == "libbroker" and len(parts) > 2 else None
    if area not in ("libbroker", "cli", "bindings", "include"):
        return None
    if kind == "<" and target in OWNERS:
        return None if OWNERS[target] == folder else f"is for libbroker/{OWNERS[target]} alone"
    if area == "include":
        known = target in PUBLIC_MAY if kind == "<" else target.startswith("hcbroker/")
        return None if known else "is not for a public header"
    if kind == "<" and target.partition("/")[0] not in (*modules, "hcbroker"):
        return None
    if area == "libbroker":
        why = library_slip(modules, folder, name, target)
        base = root / ("include" if target.startswith("hcbroker/") else "libbroker")
        return why or (None if (base / target).is_file() else "does not exist")
    if target.startswith("hcbroker/") or (path.parent / target).is_file() and "/" not in target:
        return None
    return f'is private: {area} uses "hcbroker/file.h" and its own folder'


def check(root):
    modules = order(root)
    findings = []
    for path in tree.files(root):
        if path.suffix not in (".c", ".h", ".in"):
            continue
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            match = INCLUDE.match(line)
            why = match and slip(root, modules, path, *match.groups())
            if why:
                findings.append(f"{path.relative_to(root)}:{number}: {match.group(2)} {why}")
    return findings


if __name__ == "__main__":
    sys.exit(tree.main("includes", check))
