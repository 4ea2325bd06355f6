#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The policies of zones/policies do what their README works out by hand.

usage: policies.py HCBROKER POLICIES

Every folder is a workspace with a README.md. Its commands, each in a fenced block of its own, are run from the folder above
`zones`; the tables after a command are what it must give, cell by cell:
  package_id, provider_id, ...   the rows of allocations.csv, all of them, in these columns
  package_id, reason, ...        those of waiting.csv
  level, value                   the levels of the run, in order
Columns headed "why" are for the reader. Every plan is verified, and every policy can be checked and said in words.
"""
import csv
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

COMMAND = re.compile(r"```sh\nhcbroker (.*?)\n```", re.DOTALL)


def run(program, *arguments, cwd):
    return subprocess.run([program, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=60, check=False)


def tables(text):
    """The tables of a piece of Markdown, each a list of dictionaries without the columns for the reader."""
    found, rows = [], []
    for line in text.splitlines() + [""]:
        if line.startswith("|"):
            rows.append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif rows:
            head = rows[0]
            found.append([{h: c for h, c in zip(head, row) if h != "why"} for row in rows[2:]])
            rows = []
    return found


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def compare(what, wanted, got, columns):
    got = [{column: row.get(column) for column in columns} for row in got]
    return [] if wanted == got else [f"{what}: by hand {wanted}, the program gives {got}"]


def check_table(table, plan):
    columns = list(table[0])
    if columns == ["level", "value"]:
        with open(plan / "summary.json", encoding="utf-8") as file:
            levels = json.load(file)["levels"]
        return compare("levels", table, [{"level": l["name"], "value": str(l["value"])} for l in levels], columns)
    name = "waiting.csv" if "reason" in columns else "allocations.csv"
    return compare(name, table, read(plan / name), columns)


def check_folder(program, folder):
    wrong, root = [], folder.parents[2]
    text = (folder / "README.md").read_text(encoding="utf-8")
    parts = COMMAND.split(text)[1:]
    if not parts:
        wrong.append("no command")
    for command, after in zip(parts[::2], parts[1::2]):
        arguments = shlex.split(command)
        with tempfile.TemporaryDirectory() as work:
            plan = Path(work) / "plan"
            arguments = [str(plan) if a == "PLAN" else a for a in arguments]
            done = run(program, *arguments, cwd=root)
            expected = tables(after)
            if done.returncode:
                wrong.append(f"hcbroker {command}: exit {done.returncode}\n{done.stderr}")
                continue
            if not expected:
                wrong.append(f"hcbroker {command}: no table follows")
            for table in expected:
                wrong += check_table(table, plan)
            policy = ["--policy", arguments[arguments.index("--policy") + 1]] if "--policy" in arguments else []
            done = run(program, "-C", folder, "verify", plan, *policy, cwd=root)
            if done.returncode:
                wrong.append(f"verify after hcbroker {command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    for policy in sorted(folder.glob("*.yaml")):
        if policy.name == "hcbroker.yaml":
            continue
        done = run(program, "check", "--policy", policy, "--explain", cwd=root)
        if done.returncode or "What is sought" not in done.stdout:
            wrong.append(f"check --policy {policy.name}: exit {done.returncode}\n{done.stderr}")
    return wrong


def main():
    program, policies = os.path.abspath(sys.argv[1]), Path(sys.argv[2]).resolve()
    folders = sorted(path for path in policies.iterdir() if path.is_dir())
    failed = 0
    for folder in folders:
        wrong = check_folder(program, folder)
        failed += bool(wrong)
        print(f"{folder.name}: {'ok' if not wrong else 'wrong'}")
        for line in wrong:
            print("  " + line)
    return 1 if failed or len(folders) < 6 else 0


if __name__ == "__main__":
    sys.exit(main())
