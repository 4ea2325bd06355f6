# SPDX-License-Identifier: GPL-3.0-or-later
"""The layout of the public structures, which callers compiled against: size, and offset of each field, on a 64-bit machine.

layout.py COMPILER SOURCE_ROOT [--update]     --update writes tests/abi/layout.txt anew
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

STRUCT = re.compile(r"typedef\s+struct\s+\w*\s*\{(.*?)\}\s*(\w+)\s*;", re.DOTALL)
FIELD = re.compile(r"(?:\(\s*\*\s*(\w+)\s*\)\s*\(.*\)|(\w+)(?:\s*\[[^\]]*\])*)$", re.DOTALL)


def structures(header):
    """(name, fields) of each structure whose fields the header shows."""
    code = re.sub(r"/\*.*?\*/", " ", header.read_text(encoding="utf-8"), flags=re.DOTALL)
    for body, name in STRUCT.findall(code):
        fields = []
        for declaration in filter(None, (part.strip() for part in body.split(";"))):
            first, *others = re.split(r",(?![^(]*\))", declaration)
            fields += [next(filter(None, FIELD.search(part.strip()).groups())) for part in (first, *others)]
        yield name, fields


def measured(compiler, include):
    headers = sorted(include.rglob("*.h"))
    lines = ["#include <stddef.h>", "#include <stdio.h>"]
    lines += [f'#include "{path.relative_to(include).as_posix()}"' for path in headers]
    lines.append("int main(void) {")
    for name, fields in sorted(pair for path in headers for pair in structures(path)):
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        for field in fields:
            size = f"sizeof((({name} *)0)->{field})"
            lines.append(f'printf("{name}.{field} %zu %zu\\n", offsetof({name}, {field}), {size});')
    lines.append("return 0; }")
    with tempfile.TemporaryDirectory() as folder:
        source, program = Path(folder) / "layout.c", Path(folder) / "layout"
        source.write_text("\n".join(lines) + "\n", encoding="ascii")
        subprocess.run([compiler, "-std=c11", "-I", str(include), str(source), "-o", str(program)], check=True)
        return subprocess.run([str(program)], check=True, capture_output=True, text=True).stdout


def holes(text):
    """Structures with bytes that belong to no field: they would be copied and compared undefined."""
    sizes, used = {}, {}
    for name, *numbers in (line.split() for line in text.splitlines()):
        structure, _, field = name.partition(".")
        if field:
            used[structure] = used.get(structure, 0) + int(numbers[1])
        else:
            sizes[structure] = int(numbers[0])
    return [f"{name}: {sizes[name] - used.get(name, 0)} bytes of padding; add a reserved field" for name in sorted(sizes)
            if sizes[name] != used.get(name, 0)]


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--update"]):
        print(__doc__, file=sys.stderr)
        return 2
    root = Path(sys.argv[2])
    listed_file = root / "tests/abi/layout.txt"
    found = measured(sys.argv[1], root / "include")
    if sys.argv[3:]:
        listed_file.write_text(found, encoding="ascii")
    now, then = set(found.splitlines()), set(listed_file.read_text(encoding="ascii").splitlines())
    findings = [f"{line}: new or changed; if that is meant, build the target abi_update" for line in sorted(now - then)]
    findings += [f"{line}: gone or changed; callers break" for line in sorted(then - now)]
    findings += holes(found)
    print("\n".join(findings + [f"{len(now)} lines, {len(findings)} findings"]))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
