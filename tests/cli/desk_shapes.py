#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The call-off rules of published frameworks do what zones/policies/*/desk.md works out by hand.

usage: desk_shapes.py HCBROKER POLICIES

A fenced block holds commands, the table after it the events they must give, row by row, in the columns it has. A row "refused"
stands for a command that exits 3 and writes nothing. Columns headed "why" are for the reader.
"""
import datetime
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def blocks(text):
    """(commands, table) in the order of the file."""
    parts = re.split(r"```sh\n(.*?)\n```", text, flags=re.DOTALL)
    for commands, rest in zip(parts[1::2], parts[2::2]):
        rows = [[c.strip() for c in line.strip().strip("|").split("|")] for line in rest.splitlines() if line.startswith("|")]
        yield commands.splitlines(), [dict(zip(rows[0], row)) for row in rows[2:]]


def run(program, workspace, command):
    done = subprocess.run([program, "-C", workspace, "--format", "json", *shlex.split(command)], capture_output=True, text=True,
                          timeout=60, check=False)
    if done.returncode == 3:
        return [{"kind": "refused", "package": shlex.split(command)[2]}]
    if done.returncode:
        sys.exit(f"{command}: exit {done.returncode}: {done.stderr}")
    return [{**event["body"], "kind": event["kind"]} for event in json.loads(done.stdout or "[]")]


def cell(event, column):
    value = event.get(column, "")
    if column == "price" and value != "":
        return "%d.%02d" % divmod(value, 100)
    if column == "due" and value != "":
        return datetime.datetime.fromtimestamp(value, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M")
    return str(value)


def check(program, folder):
    findings, rows = [], 0
    with tempfile.TemporaryDirectory(prefix="hcbroker-shapes-") as scratch:
        workspace = os.path.join(scratch, "ws")
        shutil.copytree(folder, workspace)
        for commands, table in blocks((folder / "desk.md").read_text(encoding="utf-8")):
            events = [e for c in commands for e in run(program, workspace, c + (" --no-plan" if " answer " in c else ""))]
            columns = [c for c in table[0] if c != "why"]
            got = [{c: cell(e, c) for c in columns} for e in events]
            wanted = [{c: row[c] for c in columns} for row in table]
            rows += len(wanted)
            findings += [f"{folder.name}: by hand {w}, the desk gives {g}" for w, g in zip(wanted, got) if w != g]
            if len(got) != len(wanted):
                findings.append(f"{folder.name}: {len(wanted)} events by hand, {len(got)} at the desk: {got}")
        if "sound" not in subprocess.run([program, "-C", workspace, "desk", "verify"], capture_output=True, text=True, check=False).stdout:
            findings.append(f"{folder.name}: the ledger is not sound")
    return findings, rows


def main():
    program, policies = os.path.abspath(sys.argv[1]), Path(sys.argv[2]).resolve()
    findings, rows, shapes = [], 0, 0
    for page in sorted(policies.glob("*/desk.md")):
        found, n = check(program, page.parent)
        findings += found
        rows += n
        shapes += 1
    print("\n".join(findings))
    print(f"{shapes} shapes, {rows} events by hand, {len(findings)} findings")
    sys.exit(1 if findings or shapes < 3 else 0)


if __name__ == "__main__":
    main()
