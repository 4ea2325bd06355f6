#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sixty days of a county's desk with made-up people: arrivals, ends, hand-backs, and providers that answer.

usage: desk_days.py HCBROKER [--days 60] [--seed 1] [--out DIR] [--method optimal|sequential|both] [--scale X] [--jobs 2] [--twice]

Both desks meet the same people and the same providers: whether a person's care ends on a day, and how a provider answers
about a person, depend on the seed and the names alone.
  arrivals   Poisson 40 a week; ends: 1 in 357 a day of those served (51 weeks); hand-backs: 0.5 % a month
  answers    accepts when the price carries the travel: price x (1 - 0.225) - 9.30 x 1.25 x (contact and travel hours) -
             0.45 a mile x 1.3 x crow miles >= 0; one answer in ten is the other way round, one in thirty never comes
  optimal    a plan every morning, offers follow it; on Mondays up to 5 people may move, one person once in 30 days
  sequential offers go down the ranking, the most urgent first
Prints a table, and a JSON line for each desk; --out writes DIR/<method>/desk.json, DIR/days.csv and DIR/days.svg.
"""
import argparse
import concurrent.futures
import csv
import datetime
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

CALL_OFF = """
moves: {limit: 5, per_person: 1, days: 30}
call_off:
  order: %s
  answer_within_hours: [24, 24, 24, 24, 24]
"""
ARRIVALS, STAY, HAND_BACK, NOISE, SILENT = 40 / 7, 357, 0.005 / 30, 0.1, 1 / 30
WAGE, OVERHEAD, MILE, ROAD = 9.30 * 1.25, 0.225, 0.45, 1.3


def run(*args):
    done = subprocess.run([str(a) for a in args], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3):
        sys.exit(f"{' '.join(map(str, args))}: {done.returncode}: {done.stderr}")
    return done


def read(*path):
    with open(os.path.join(*path), newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def chance(*key):
    return random.Random("/".join(map(str, key))).random()


class County:
    def __init__(self, args, method, folder):
        self.program, self.seed, self.method = args.program, args.seed, method
        self.ws = os.path.join(folder, method)
        os.makedirs(folder, exist_ok=True)
        run(self.program, "init", self.ws)
        run(self.program, "-C", self.ws, "generate", "--scenario", "s1", "--queue", int(60 * args.scale), "--scale", args.scale, "--seed", args.seed)
        shutil.copytree(self.ws, os.path.join(folder, "pool-" + method))
        self.pool = os.path.join(folder, "pool-" + method)
        run(self.program, "-C", self.pool, "generate", "--queue", int(args.days * ARRIVALS * args.scale * 1.5) + 40, "--seed", args.seed + 1000)
        with open(os.path.join(self.ws, "prime_supplementary.yaml"), "a", encoding="utf-8") as f:
            f.write(CALL_OFF % ("plan" if method == "optimal" else "ranking"))
        mine = {r["package_id"] for r in read(self.ws, "packages.csv")}
        self.arrivals = [r for r in read(self.pool, "packages.csv") if r["package_id"] not in mine]
        self.visits = {}
        for r in read(self.pool, "visits.csv"):
            self.visits.setdefault(r["package_id"], []).append(r)
        self.place = {r["package_id"]: (int(r["easting"]), int(r["northing"])) for r in read(self.ws, "placements.csv") + read(self.pool, "packages.csv")}
        self.office = {r["provider_id"]: (int(r["easting"]), int(r["northing"])) for r in read(self.ws, "providers.csv")}
        self.served = {r["package_id"]: r["provider_id"] for r in read(self.ws, "placements.csv")}
        self.commands = self.planned = 0
        self.desk("init", at="2020-12-01T07:00")

    def desk(self, *args, at):
        self.commands += 1
        return run(self.program, "-C", self.ws, "--format", "json", "--threads", 1, "desk", *args, "--at", at, *(() if args[0] == "queue" else ("--user", "sim")))

    def events(self, *args, at):
        done = self.desk(*args, at=at)
        events = json.loads(done.stdout) if done.stdout and done.returncode == 0 else []
        for e in events:
            b = e["body"]
            if e["kind"] in ("placed", "moved"):
                self.served[b["package"]] = b["provider"]
            elif e["kind"] in ("ended", "handed_back"):
                self.served.pop(b["package"], None)
        return events

    def receive(self, at, n):
        batch, self.arrivals = self.arrivals[:n], self.arrivals[n:]
        if not batch:
            return
        for r in batch:
            r["received"], r["start"] = at[:10], ""
        for name, rows in (("in.csv", batch), ("in-visits.csv", [v for r in batch for v in self.visits.get(r["package_id"], [])])):
            with open(os.path.join(self.ws, name), "w", newline="", encoding="utf-8") as f:
                out = csv.DictWriter(f, rows[0].keys(), lineterminator="\n")
                out.writeheader()
                out.writerows(rows)
        done = self.desk("receive", os.path.join(self.ws, "in.csv"), "--visits", os.path.join(self.ws, "in-visits.csv"), at=at)
        if done.returncode:
            sys.exit(done.stderr)

    def answer(self, o, minutes, visits):
        """Yes, no or nothing, of a provider about a person."""
        package, provider = o["package"], o["provider"]
        if chance(self.seed, "silent", package, provider) < SILENT:
            return None
        x, y = self.place[package]
        spots = [self.office[provider]] + [self.place[p] for p, k in self.served.items() if k == provider and p != package]
        near = sorted(((x - a) ** 2 + (y - b) ** 2) ** 0.5 / 1000 for a, b in spots)[:3]
        km = sum(near) / len(near)
        travel = visits * (2 + 1.8 * min(km, 4) + 0.9 * max(km - 4, 0)) / 60
        cost = (minutes / 60 + travel) * WAGE + visits * km / 1.609 * ROAD * MILE
        yes = o["price"] / 100 * (1 - OVERHEAD) >= cost
        return yes != (chance(self.seed, "noise", package, provider) < NOISE)

    def answers(self, at):
        listed = json.loads(run(self.program, "-C", self.ws, "--format", "json", "desk", "export", "--for", "providers").stdout)
        work = {r["offer_id"]: (r["carer_minutes"], sum(v["carers"] * sum(c != "-" for c in v["days"]) for v in r["visits"])) for r in listed}
        for r in json.loads(self.desk("queue", at=at).stdout):
            if not r["offer_id"]:
                continue
            price = next(x["price_pence"] for x in listed if x["offer_id"] == r["offer_id"])
            offer = {"package": r["package_id"], "provider": r["asked_provider"], "price": price}
            yes = self.answer(offer, *work[r["offer_id"]])
            if yes is not None:
                done = self.events("answer", r["offer_id"], *(("accept",) if yes else ("decline", "--reason", "travel")), "--no-plan", at=at)
                if not done and yes:
                    self.events("answer", r["offer_id"], "decline", "--reason", "capacity", "--no-plan", at=at)

    def day(self, date, rng, scale):
        stamp = date.isoformat()
        self.events("expire", at=stamp + "T08:00")
        ends = [p for p in sorted(self.served) if chance(self.seed, "end", p, stamp) < 1 / STAY]
        for i in range(0, len(ends), 50):
            self.events("end", *ends[i:i + 50], at=stamp + "T08:10")
        for p in [p for p in sorted(self.served) if chance(self.seed, "back", p, stamp) < HAND_BACK]:
            self.events("handback", self.served[p], p, at=stamp + "T08:15")
        self.receive(stamp + "T08:20", sum(rng.random() < ARRIVALS * scale / 100 for _ in range(100)))
        self.answers(stamp + "T08:40")
        if self.method == "optimal":
            monday = ("--replan", "5", "--move") if date.weekday() == 0 else ()
            self.events("plan", *monday, at=stamp + "T09:00")
        for r in json.loads(self.desk("queue", at=stamp + "T09:10").stdout):
            if r["status"] == "waiting" and (self.method == "sequential" or r["planned_provider"]):
                self.desk("offer", r["package_id"], at=stamp + "T09:10")
        self.answers(stamp + "T16:00")


def moves_of(log):
    """When each person was moved."""
    moves = {}
    for e in log:
        if e["kind"] == "moved":
            moves.setdefault(e["body"]["package"], []).append(datetime.datetime.fromisoformat(e["at"][:19]))
    return moves


def most_moves(moves, days):
    """The most moves of one person in so many days."""
    window = datetime.timedelta(days=days)
    return max((sum(1 for u in m if t <= u < t + window) for m in moves.values() for t in m), default=0)


def waits_of(log):
    """Days from the beginning of each wait that ended with a placement to that placement, counted from the events."""
    since, waits = {}, []
    for e in log:
        at, body = datetime.datetime.fromisoformat(e["at"][:19]), e["body"]
        if e["kind"] == "received" and "provider" not in body:
            since[body["package"]] = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=body["since"])
        elif e["kind"] == "handed_back":
            since[body["package"]] = at
        elif e["kind"] == "placed":
            waits.append((at - since.pop(body["package"])).total_seconds() / 86400)
    return sorted(waits)


def simulate(args, method, folder):
    county = County(args, method, folder)
    rng, date = random.Random(args.seed), datetime.date(2020, 12, 1)
    for d in range(args.days):
        county.day(date + datetime.timedelta(days=d), rng, args.scale)
        print(f"{method}: day {d + 1} of {args.days}", file=sys.stderr, flush=True)
    end = (date + datetime.timedelta(days=args.days - 1)).isoformat() + "T23:00"
    out = os.path.join(args.out, method) if args.out else os.path.join(folder, "figures-" + method)
    os.makedirs(os.path.dirname(out), exist_ok=True)
    figures = json.loads(
        run(args.program, "-C", county.ws, "--format", "json", "desk", "figures", "--out", out, "--at", end).stdout)
    verify = json.loads(run(args.program, "-C", county.ws, "--format", "json", "desk", "verify").stdout)
    log = json.loads(run(args.program, "-C", county.ws, "--format", "json", "desk", "log").stdout)
    moves, waits = moves_of(log), waits_of(log)
    offers = sum(r["offers"] for r in figures["by_provider"])
    declined = sum(r["declined"] for r in figures["by_provider"])
    accepted = sum(r["accepted"] for r in figures["by_provider"])
    result = {"method": method, "seed": args.seed, "days": args.days, "head": verify["head"], "sound": verify["sound"], "events": verify["events"],
              "commands": county.commands, "offers": offers, "accepted": accepted, "declined": declined, "placed": len(waits),
              "waiting": figures["days"][-1]["waiting"], "mean_waiting": round(sum(d["waiting"] for d in figures["days"]) / args.days, 1),
              "mean_wait_days": round(sum(waits) / len(waits), 2) if waits else None,
              "nine_in_ten_wait_days": round(waits[len(waits) * 9 // 10], 1) if waits else None, "placed_at_first_offer": figures["placed_at_first_offer"],
              "people_moved": len(moves), "most_moves_in_30_days": most_moves(moves, 30)}
    print(json.dumps(result), flush=True)
    if not verify["sound"] or result["most_moves_in_30_days"] > 1:
        sys.exit("the ledger is not sound, or somebody was moved too often")
    return {"days": figures["days"], "head": verify["head"], "waits": waits, "moves": [len(m) for m in moves.values()]}


COLOURS = {"optimal": "#1b5e8c", "sequential": "#b3541e"}
WIDTH, HEIGHT, LEFT, TOP, STEP = 640, 220, 60, 40, 320


def panel(k, title, most, x_words, lines=(), bars=()):
    """A drawing with its own scale; lines: (method, [(x, y)] as shares of the panel), bars: (method, x, width, y, words)."""
    top = TOP + k * STEP
    parts = [f'<text x="{LEFT}" y="{top - 12}" font-weight="bold">{title}</text>']
    for i in range(5):
        y = top + HEIGHT * i / 4
        parts.append(f'<line x1="{LEFT}" x2="{LEFT + WIDTH}" y1="{y}" y2="{y}" stroke="#ddd"/><text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{most * (4 - i) / 4:g}</text>')
    for method, points in lines:
        at = " ".join(f"{LEFT + WIDTH * x:.1f},{top + HEIGHT * (1 - y):.1f}" for x, y in points)
        parts.append(f'<polyline points="{at}" fill="none" stroke="{COLOURS[method]}" stroke-width="2"/>')
    for method, x, width, y, words in bars:
        parts.append(f'<rect x="{LEFT + WIDTH * x:.1f}" y="{top + HEIGHT * (1 - y):.1f}" width="{WIDTH * width:.1f}" height="{HEIGHT * y:.1f}" fill="{COLOURS[method]}"/>'
                     f'<text x="{LEFT + WIDTH * (x + width / 2):.1f}" y="{top + HEIGHT * (1 - y) - 4:.1f}" text-anchor="middle">{words}</text>')
    for x, words in x_words:
        parts.append(f'<text x="{LEFT + WIDTH * x:.1f}" y="{top + HEIGHT + 18}" text-anchor="middle">{words}</text>')
    return parts


def ceiling(n):
    """A round number above, a multiple of four, so that the grid's labels are whole."""
    return max(4, -(-int(n + 1) // 4) * 4)


def draw(path, runs):
    """Who waits, what was placed, how long it took and who was moved: one line or bar for each desk."""
    n = max(len(r["days"]) for r in runs.values())
    first = next(iter(runs.values()))["days"][0]["date"]
    days = [((d - 1) / max(1, n - 1), f"day {d}") for d in [1, *range(10, n + 1, 10)]]
    waiting = ceiling(max(d["waiting"] for r in runs.values() for d in r["days"]))
    placed = ceiling(max(len(r["waits"]) for r in runs.values()))
    longest = max(1, ceiling(max((r["waits"][-1] for r in runs.values() if r["waits"]), default=1)))
    sums = {}
    for m, r in runs.items():
        sums[m] = [0]
        for d in r["days"]:
            sums[m].append(sums[m][-1] + d["placed"])
    times = {m: [sum(x == k for x in r["moves"]) for k in range(1, 5)] for m, r in runs.items()}
    moved = ceiling(max(max(t) for t in times.values()))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 40} {TOP + 4 * STEP}" font-family="sans-serif" font-size="13">',
             f'<title>{n} days of a desk from {first}; synthetic</title><rect width="100%" height="100%" fill="white"/>']
    parts += panel(0, "People waiting at the end of each day (synthetic)", waiting, days,
                   [(m, [(i / max(1, n - 1), d["waiting"] / waiting) for i, d in enumerate(r["days"])]) for m, r in runs.items()])
    parts += panel(1, "Placed since the first day", placed, days, [(m, [(i / n, s / placed) for i, s in enumerate(t)]) for m, t in sums.items()])
    parts += panel(2, "Percent of the placed who had waited no longer than", 100, [(longest * i / 8 / longest, f"{longest * i / 8:g} days") for i in range(9)],
                   [(m, [(0, 0)] + [(min(1, w / longest), (i + 1) / len(r["waits"])) for i, w in enumerate(r["waits"])]) for m, r in runs.items()])
    parts += panel(3, "People who were moved so many times", moved, [((k - 0.5) / 4, f"{k} time{'s' * (k > 1)}") for k in range(1, 5)],
                   bars=[(m, (k + 0.2 + 0.3 * j) / 4, 0.07, c / moved, c) for j, (m, t) in enumerate(times.items()) for k, c in enumerate(t)])
    for j, m in enumerate(runs):
        parts.append(f'<text x="{LEFT + WIDTH - 180 + 90 * j}" y="16" fill="{COLOURS[m]}">{m}</text>')
    parts.append("</svg>")
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(parts) + "\n")


def main():
    p = argparse.ArgumentParser(usage=__doc__)
    p.add_argument("program", type=os.path.abspath)
    p.add_argument("--days", type=int, default=60)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--scale", type=float, default=1.0)
    p.add_argument("--out")
    p.add_argument("--jobs", type=int, default=1, help="2: both desks at once")
    p.add_argument("--twice", action="store_true", help="the same seed must give the same ledger")
    p.add_argument("--method", choices=["optimal", "sequential", "both"], default="both")
    args = p.parse_args()
    folder = tempfile.mkdtemp(prefix="hcbroker-days-")
    methods = ["optimal", "sequential"] if args.method == "both" else [args.method]
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        runs = dict(zip(methods, pool.map(lambda m: simulate(args, m, folder), methods)))
    for method, done in runs.items():
        if args.twice and simulate(args, method, os.path.join(folder, "again"))["head"] != done["head"]:
            sys.exit("the same seed gave other days")
    print("\nday         " + "".join(f"{m:>12} waiting  served  moved" for m in methods))
    for i in range(0, args.days, 5):
        five = [r["days"][i:i + 5] for r in runs.values()]
        print(five[0][-1]["date"] + "  " + "".join(f"{d[-1]['waiting']:>20}{d[-1]['served']:>8}{sum(x['moved'] for x in d):>7}" for d in five))
    if args.out:
        with open(os.path.join(args.out, "days.csv"), "w", newline="", encoding="utf-8") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(["method", "date", "waiting", "served", "placed", "moved"])
            out.writerows([m, d["date"], d["waiting"], d["served"], d["placed"], d["moved"]] for m, r in runs.items() for d in r["days"])
        draw(os.path.join(args.out, "days.svg"), runs)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
