# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what the package knows of the C library: hcbroker/_ffi.py and hcbroker/_generated.py, from the public headers.

declare.py SOURCE_ROOT PACKAGE_FOLDER [COMPILER [DEPFILE]]     DEPFILE: the headers read, for the build

The compiler only preprocesses; the package itself needs none.
"""

import ast
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import cffi

INIT = re.compile(r"#\s*define\s+(HCB_(\w+)_INIT)\b")


def headers_of(include):
    return sorted(include.rglob("*.h"))


def preprocessed(compiler, include):
    """The declarations, and the value of each HCB_..._INIT macro, after the preprocessor; no system header is needed."""
    headers = headers_of(include)
    inits = [match for path in headers for match in INIT.findall(path.read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("stdint.h", "stddef.h"):  # cffi knows their types
            Path(folder, name).touch()
        source = Path(folder, "all.c")
        lines = [f'#include "{path.relative_to(include).as_posix()}"' for path in headers]
        lines += [f"@{name.lower()} {macro}" for macro, name in inits]
        source.write_text("\n".join(lines) + "\n", encoding="ascii")
        command = [compiler, "-E", "-P", "-nostdinc", f"-I{folder}", f"-I{include}", "-DHCB_CFFI", str(source)]
        text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    declarations, *values = text.split("@")
    return declarations, [value.split(None, 1) for value in values]


def literal(initialiser, constants):
    """A C initialiser of numbers, enumerators, sizeof and braces as a nested list; a size is 0."""
    text = re.sub(r"\(\s*u?int\d+_t\s*\)", "", initialiser)
    text = re.sub(r"sizeof\s*\(\s*\w+\s*\)", "0", text).replace("{", "[").replace("}", "]")
    text = re.sub(r"\bHCB_\w+", lambda name: str(getattr(constants, name.group())), text)
    return ast.literal_eval(re.sub(r"(?<=\d)[uUlL]+\b", "", text).strip())


def named(ffi, ctype, values):
    """{field: value} without the zeros, which every structure begins with."""
    found = {}
    for (name, field), value in zip(ctype.fields, values):
        if isinstance(value, list):
            found[name] = named(ffi, field.type, value)
        elif value:
            found[name] = value
    return found


def main():
    if len(sys.argv) not in (3, 4, 5):
        print(__doc__, file=sys.stderr)
        return 2
    root, package = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    compiler = sys.argv[3] if len(sys.argv) > 3 else "cc"
    declarations, inits = preprocessed(compiler, root / "include")
    ffi = cffi.FFI()
    ffi.cdef(declarations)
    ffi.set_source("hcbroker._ffi", None)
    package.mkdir(parents=True, exist_ok=True)
    ffi.emit_python_code(str(package / "_ffi.py"))
    constants = ffi.dlopen(None)
    defaults = {name: named(ffi, ffi.typeof(name), literal(value, constants)) for name, value in
                ((f"hcb_{name}", value) for name, value in inits)}
    soversion = re.search(r"SOVERSION (\d+)", (root / "libbroker/CMakeLists.txt").read_text(encoding="utf-8")).group(1)
    version = (root / "VERSION").read_text(encoding="ascii").split()[0]
    (package / "_generated.py").write_text(
        '"""Made from the public headers; do not edit."""\n\n'
        f'VERSION = "{version}"\nSONAME = "libhcbroker.so.{soversion}"\nDEFAULTS = {defaults!r}\n', encoding="ascii")
    if len(sys.argv) == 5:
        Path(sys.argv[4]).write_text(f"{package / '_ffi.py'}: {' '.join(map(str, headers_of(root / 'include')))}\n",
                                     encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
