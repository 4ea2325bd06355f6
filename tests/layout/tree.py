# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of the source tree, and how a finding is shown. Shared by the layout tests."""

import subprocess
import sys
from pathlib import Path

PRUNED = {".git", "build", "out", "demo", "node_modules", "__pycache__"}


def files(root):
    """Paths of all source files below root, sorted: what git knows or would add; without git, all but the build."""
    try:
        listed = subprocess.run(
            ["git", "-c", f"safe.directory={root}", "-C", str(root), "ls-files", "-z", "--cached", "--others",
             "--exclude-standard"],
            check=True, capture_output=True).stdout
        found = [root / name for name in listed.decode().split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        found = [path for path in root.rglob("*") if not PRUNED & set(path.relative_to(root).parts)]
    return sorted(path for path in found if path.is_file())


def text(path):
    """The content, with the bytes that are not UTF-8 replaced."""
    return path.read_text(encoding="utf-8", errors="replace")


def report(name, findings):
    """Print the findings, one a line; the exit code."""
    for finding in findings:
        print(finding)
    print(f"{name}: {len(findings)} finding{'' if len(findings) == 1 else 's'}")
    return 1 if findings else 0


def main(name, check):
    """The main function of a layout test: one argument, the root of the sources."""
    if len(sys.argv) != 2:
        print(f"usage: {Path(sys.argv[0]).name} ROOT", file=sys.stderr)
        return 2
    return report(name, check(Path(sys.argv[1]).resolve()))
