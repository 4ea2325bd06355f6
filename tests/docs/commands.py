# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a document as it is written: its ```sh blocks in order, in one empty folder. A ```text block holds lines that the
blocks since the last one must have printed, in that order, other lines between them.

commands.py PROGRAM DATA_FOLDER DOCUMENT...
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.M | re.S)


def run_document(path, environment):
    said = []
    blocks = 0
    with tempfile.TemporaryDirectory(prefix="hcb-docs-") as folder:
        for kind, body in BLOCK.findall(path.read_text(encoding="utf-8")):
            blocks += 1
            if kind == "sh":
                done = subprocess.run(["sh", "-euc", body], cwd=folder, env=environment, capture_output=True, text=True,
                                      timeout=300)
                if done.returncode:
                    return f"{path.name}: exit {done.returncode} of\n{body}{done.stdout}{done.stderr}"
                said += done.stdout.splitlines() + done.stderr.splitlines()
                continue
            at = 0
            for line in body.splitlines():
                while at < len(said) and not said[at].startswith(line.rstrip()):
                    at += 1
                if at == len(said):
                    return f"{path.name}: not printed, or not in this order: {line!r}\n" + "\n".join(said)
                at += 1
            said = []
    print(f"{path.name}: {blocks} blocks")
    return None if blocks > 3 else f"{path.name}: nothing to run"


def main():
    program, data, *documents = sys.argv[1:]
    environment = dict(os.environ, PATH=f"{Path(program).parent}:/usr/bin:/bin", HCB_DATA_DIR=data, LC_ALL="C.UTF-8")
    wrong = [found for found in (run_document(Path(name), environment) for name in documents) if found]
    print("\n".join(wrong))
    return 1 if wrong else 0


sys.exit(main())
