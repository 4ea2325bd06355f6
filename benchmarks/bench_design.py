#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `zones design` proves, level by level: bench_design.py FOLDER CASE... [-- OPTIONS OF zones design]

HCBROKER, HCB_DATA_DIR and HCB_SHARED_DEFAULT as for tests/cli. A case is WIDTHxHEIGHT/ZONES or `county` (396 LSOAs, 14 zones). Zones are unlike:
each is to have between 92 and 108 % of what it has today times a factor of 0.85 to 1.15 by lot, at most 15 % of all hours move, and each zone
has prices of its own. One level a run. Answers are the same everywhere; seconds are of processor.
"""

import json
import os
import random
import resource
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "cli"))
import zoning_design as designs  # noqa: E402
import zoning_workspace as made  # noqa: E402

LEVELS = ("moved_hours", "price", "cut_edges", "perimeter", "balance", "splits")
SEED = 6


def grown(draw, width, height, zones):
    """Zones grown cell by cell from random ones: connected, of unlike size."""
    zone, n = {c: str(z + 1) for z, c in enumerate(draw.sample(range(width * height), zones))}, width * height
    while len(zone) < n:
        cell = draw.choice(sorted(zone))
        x, y = cell % width, cell // width
        near = [y * width + x + d for d, ok in ((-1, x > 0), (1, x + 1 < width)) if ok]
        near += [cell + d * width for d, ok in ((-1, y > 0), (1, y + 1 < height)) if ok]
        zone.setdefault(draw.choice(near), zone[cell])
    return [zone[c] for c in range(n)]


def prices_of(draw, zones):
    return "".join(f"{band},{draw.randrange(1500, 2500, 5) / 100:.2f},2020-04-01,{z}\n" for z in zones for band in made.BANDS)


def workspace(place, case):
    draw, folder = random.Random(SEED), os.path.join(place, case.replace("/", "_"))
    if case == "county":
        made.county(folder, "lsoa")
        zones = [f"{z:02d}" for z in range(1, 15)]
        with open(os.path.join(folder, "prices.csv"), "w", encoding="utf-8") as f:
            f.write("band,price_per_hour,effective_from,zone_id\n" + prices_of(draw, zones))
        return folder
    side, zones = case.split("/")
    width, height = map(int, side.split("x"))
    today = grown(draw, width, height, int(zones))
    minutes = [60 * draw.randint(1, 9) for _ in today]
    places = [f"Town {(i % width) // 2}.{i // width // 2}" for i in range(width * height)]
    made.grid(folder, width, height, minutes, today, places=places, prices=prices_of(draw, sorted(set(today))))
    return folder


def rules_of(folder):
    """Bounds about targets that add up to what there is."""
    path = os.path.join(folder, "none.yaml")
    with open(path, "w", encoding="utf-8") as f:
        f.write("version: 1\nrules:\n  - {rule: moved, hours: 15%}\nlevels:\n  - {name: moved_hours}\n")
    made.run("-C", folder, "zones", "design", "--rules", path, "--out", os.path.join(folder, "none"), "--quiet")
    with open(os.path.join(folder, "none", "design.json"), encoding="utf-8") as f:
        has = {z["zone_id"]: z["before"]["minutes"] for z in json.load(f)["zones"]}
    draw = random.Random(SEED + 1)
    want = {z: minutes * draw.uniform(0.85, 1.15) for z, minutes in has.items()}
    scale = sum(has.values()) / sum(want.values())
    clock = lambda minutes: f'"{int(minutes) // 60}:{int(minutes) % 60:02d}"'
    lines = ["version: 1", "rules:", "  - {rule: moved, hours: 15%}"]
    for z, minutes in want.items():
        lines.append(f'  - {{rule: hours, zone: "{z}", min: {clock(0.92 * scale * minutes)}, max: {clock(1.08 * scale * minutes)}}}')
    return "\n".join(lines)


def main():
    words = sys.argv[1:]
    options = words[words.index("--") + 1:] if "--" in words else []
    place, *cases = words[:words.index("--")] if "--" in words else words
    print(f"seed {SEED}\n| map, zones | level | before | best | bound | by | gap, % | processor s |\n|---|---|---|---|---|---|---|---|")
    for case in cases:
        folder = workspace(place, case)
        rules = rules_of(folder)
        for level in LEVELS:
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            d = designs.design(folder, f"{rules}\nlevels:\n  - {{name: {level}}}\n", *options, code=None)
            seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
            if d["outcome"] != "proposed":
                print(f"| {case} | {level} | {d['outcome']} | | | | | {seconds:.1f} |", flush=True)
                continue
            said = d["levels"][0]
            print(f"| {case} | {level} | {said['before']} | {said['best']} | {said['bound']} | {said['bound_by']} | "
                  f"{'proved' if said['proved'] else round(100 * said['gap'], 2)} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
