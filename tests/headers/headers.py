# SPDX-License-Identifier: GPL-3.0-or-later
"""Each public header compiles alone, and twice over, in one language standard."""

import subprocess
import sys
import tempfile
from pathlib import Path

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror"]


def main():
    if len(sys.argv) != 5:
        print("usage: headers.py COMPILER c|c++ STANDARD INCLUDE_FOLDER", file=sys.stderr)
        return 2
    compiler, language, standard = sys.argv[1:4]
    include = Path(sys.argv[4])
    headers = sorted(path.relative_to(include).as_posix() for path in include.rglob("*.h"))
    bad = 0
    with tempfile.TemporaryDirectory() as folder:
        for header in headers:
            source = Path(folder) / ("alone.c" if language == "c" else "alone.cc")
            line = f'#include "{header}"\n'
            source.write_text(line + line + "typedef int hcb_alone;\n", encoding="ascii")
            run = subprocess.run([compiler, "-x", language, f"-std={standard}", *WARNINGS, "-fsyntax-only", "-I", str(include),
                                  str(source)], check=False)
            if run.returncode:
                print(f"{header}: does not compile alone as {standard}")
                bad += 1
    print(f"{len(headers)} headers as {standard}, {bad} bad")
    return 0 if headers and not bad else 1


if __name__ == "__main__":
    sys.exit(main())
