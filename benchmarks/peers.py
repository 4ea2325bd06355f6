# SPDX-License-Identifier: GPL-3.0-or-later
"""Ours and the general solvers as programs: each gives value, bound, seconds of the clock and of the processor."""
import json
import os
import re
import resource
import shutil
import subprocess
import time

HIGHS = """
const fs = require('fs');
require('highs')().then(h => {
  const m = h.createModel({format: 'lp', data: fs.readFileSync(process.argv[1], 'utf8')});
  m.options.set({time_limit: +process.argv[2], mip_rel_gap: 1e-4, output_flag: false});
  m.run();
  console.log(JSON.stringify({value: m.getObjectiveValue(), bound: m.info.get('mip_dual_bound')}));
});
"""


def run(command, limit):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    try:
        out = subprocess.run(command, capture_output=True, text=True, timeout=limit).stdout
    except subprocess.TimeoutExpired as late:
        out = (late.stdout or b"").decode() if isinstance(late.stdout, bytes) else late.stdout or ""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return out, time.monotonic() - began, after.ru_utime - before.ru_utime


def gap(value, bound):
    return None if value is None or bound is None else abs(value - bound) / max(1, abs(value))


def ours(program, stem, seconds):
    out, wall, cpu = run([program, stem + ".brk", "--time-limit", str(seconds), "--gap", "1e-4"], seconds * 3 + 30)
    line = json.loads(out)
    return line["objective"], line["bound"], wall, cpu


def glpsol(stem, seconds):
    out, wall, cpu = run(["glpsol", "--freemps", stem + ".mps", "--cuts", "--pcost", "--mipgap", "1e-4", "--tmlim",
                          str(int(seconds))], seconds * 2 + 10)
    values = re.findall(r"mip = +(-?[\d.e+]+) >= +(-?[\d.e+]+|tree is empty)", out)
    if not values:
        return None, None, wall, cpu
    value, bound = values[-1]
    return float(value), float(value if bound.startswith("tree") else bound), wall, cpu


def cbc(stem, seconds):
    out, wall, cpu = run(["cbc", stem + ".mps", "-sec", str(int(seconds)), "-ratio", "1e-4", "-solve"], seconds * 2 + 10)
    value = re.search(r"Objective value: +(-?[\d.]+)", out)
    bound = re.search(r"Lower bound: +(-?[\d.]+)", out)
    value = float(value.group(1)) if value else None
    return value, float(bound.group(1)) if bound else value, wall, cpu


def highs(stem, seconds):
    lp = stem + ".lp"
    if not os.path.exists(lp):
        return None, None, 0, 0
    out, wall, cpu = run(["node", "-e", HIGHS, lp, str(seconds)], seconds * 2 + 20)
    try:
        answer = json.loads(out.strip().splitlines()[-1])
    except (IndexError, ValueError):
        return None, None, wall, cpu
    value, bound = answer.get("value"), answer.get("bound")
    return (value if value is not None and abs(value) < 1e29 else None), bound, wall, cpu


def has_highs():
    if not shutil.which("node"):
        return False
    return subprocess.run(["node", "-e", "require('highs')"], capture_output=True).returncode == 0
