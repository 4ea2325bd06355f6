# SPDX-License-Identifier: GPL-3.0-or-later
"""C files are as clang-format 14 writes them. Exit 77 (skipped) when that version is not here."""

import re
import shutil
import subprocess
import sys

import tree

WANTED = "14"
SKIPPED = 77


def tool():
    """clang-format of the wanted version: other versions format differently."""
    for name in (f"clang-format-{WANTED}", "clang-format"):
        path = shutil.which(name)
        if path:
            version = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
            if re.search(rf"version {WANTED}\.", version):
                return path
    return None


def check(root):
    path = tool()
    if not path:
        print(f"clang-format {WANTED} is not installed")
        sys.exit(SKIPPED)
    sources = [str(file.relative_to(root)) for file in tree.files(root) if file.suffix in (".c", ".h")]
    run = subprocess.run([path, "--dry-run", "--Werror", "--style=file", *sources], cwd=root, capture_output=True,
                         text=True, check=False)
    first = {}
    for name, line in re.findall(r"^(\S+?):(\d+):\d+: error", run.stderr, re.MULTILINE):
        first.setdefault(name, line)
    if run.returncode and not first:
        return [run.stderr.strip()]
    return [f"{name}:{line}: clang-format would change this and perhaps more (scripts/format)" for name, line in first.items()]


if __name__ == "__main__":
    sys.exit(tree.main("style", check))
