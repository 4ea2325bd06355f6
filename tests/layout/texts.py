# SPDX-License-Identifier: GPL-3.0-or-later
"""Each source file names its licence in its first lines; each text ends with a newline."""

import sys

import tree

CODE = {".c", ".h", ".cmake", ".py", ".sh", ".js", ".css", ".map"}
TEXT = CODE | {".md", ".json", ".yaml", ".yml", ".txt", ".csv", ".geojson", ".in"}
BROKEN_ON_PURPOSE = ("tests/golden/", "tests/fuzz/")
TAG = b"SPDX-License-Identifier: GPL-3.0-or-later"


def is_code(inner, content):
    return inner.name == "CMakeLists.txt" or inner.suffix in CODE or content.startswith(b"#!")


def check(root):
    findings = []
    for path in tree.files(root):
        inner = path.relative_to(root)
        content = path.read_bytes()
        broken = inner.as_posix().startswith(BROKEN_ON_PURPOSE) and inner.suffix not in CODE
        code = is_code(inner, content)
        if code and not broken and TAG not in b"\n".join(content.split(b"\n", 3)[:3]):
            findings.append(f"{inner}:1: no line with {TAG.decode()}")
        if (code or inner.suffix in TEXT or not inner.suffix) and not broken and not content.endswith(b"\n"):
            findings.append(f"{inner}: does not end with a newline")
    return findings


if __name__ == "__main__":
    sys.exit(tree.main("texts", check))
