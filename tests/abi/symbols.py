# SPDX-License-Identifier: GPL-3.0-or-later
"""What the shared library exports: exactly the functions that the public headers mark HCB_API, and the list symbols.txt.

symbols.py NM LIBRARY SOURCE_ROOT [--update]     --update writes the list from the library
"""

import re
import subprocess
import sys
from pathlib import Path

PUBLIC = re.compile(r"^hcb_[a-z0-9][a-z0-9_]*$")
DECLARED = re.compile(r"\bHCB_API\b[^;{]*?\b(hcb_[a-z0-9_]+)\s*\(")


def exported(nm, library):
    lines = subprocess.run([nm, "-D", "--defined-only", library], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].partition("@")[0] for line in lines.splitlines()}


def declared(include):
    names = set()
    for header in sorted(include.rglob("*.h")):
        code = re.sub(r"/\*.*?\*/", " ", header.read_text(encoding="utf-8"), flags=re.DOTALL)
        code = "\n".join(line for line in code.splitlines() if not line.lstrip().startswith("#"))
        names |= set(DECLARED.findall(code))
    return names


def main():
    if len(sys.argv) not in (4, 5) or sys.argv[4:] not in ([], ["--update"]):
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(sys.argv[3])
    found = exported(sys.argv[1], sys.argv[2])
    public = declared(root / "include")
    listed_file = root / "tests/abi/symbols.txt"
    if sys.argv[4:]:
        listed_file.write_text("".join(f"{name}\n" for name in sorted(found)), encoding="ascii")
    listed = set(listed_file.read_text(encoding="ascii").split())
    findings = [f"{name}: exported, but not hcb_ and a module" for name in sorted(found) if not PUBLIC.match(name)]
    findings += [f"{name}: exported, but no public header declares it" for name in sorted(found - public)]
    findings += [f"{name}: a public header declares it, but it is not exported" for name in sorted(public - found)]
    findings += [f"{name}: new; if that is meant, build the target abi_update" for name in sorted(found - listed)]
    findings += [f"{name}: gone; callers break" for name in sorted(listed - found)]
    print("\n".join(findings + [f"{len(found)} symbols, {len(findings)} findings"]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
