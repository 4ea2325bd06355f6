#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sixty days of a county's desk with made-up people: arrivals, ends, hand-backs, and providers that answer.

usage: desk_days.py HCBROKER [--days 60] [--seed 1] [--out DIR] [--method optimal|sequential|both] [--scale X] [--twice]

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


def most_moves(log, days):
    """The most moves of one person in so many days."""
    moves = {}
    for e in log:
        if e["kind"] == "moved":
            moves.setdefault(e["body"]["package"], []).append(datetime.datetime.fromisoformat(e["at"][:19]))
    window = datetime.timedelta(days=days)
    return max((sum(1 for u in m if t <= u < t + window) for m in moves.values() for t in m), default=0), len(moves)


def simulate(args, method, folder):
    county = County(args, method, folder)
    rng, date = random.Random(args.seed), datetime.date(2020, 12, 1)
    for d in range(args.days):
        county.day(date + datetime.timedelta(days=d), rng, args.scale)
        if sys.stderr.isatty():
            print(f"\r{method}: day {d + 1} of {args.days}", end="", file=sys.stderr)
    end = (date + datetime.timedelta(days=args.days - 1)).isoformat() + "T23:00"
    out = os.path.join(args.out, method) if args.out else os.path.join(folder, "figures-" + method)
    os.makedirs(os.path.dirname(out), exist_ok=True)
    figures = json.loads(
        run(args.program, "-C", county.ws, "--format", "json", "desk", "figures", "--out", out, "--at", end).stdout)
    verify = json.loads(run(args.program, "-C", county.ws, "--format", "json", "desk", "verify").stdout)
    log = json.loads(run(args.program, "-C", county.ws, "--format", "json", "desk", "log").stdout)
    moved, people = most_moves(log, 30)
    placed = sum(r["placed"] for r in figures["by_priority"])
    minutes = sum((r["mean_wait_minutes"] or 0) * r["placed"] for r in figures["by_priority"])
    offers = sum(r["offers"] for r in figures["by_provider"])
    accepted = sum(r["accepted"] for r in figures["by_provider"])
    result = {"method": method, "seed": args.seed, "days": args.days, "head": verify["head"], "sound": verify["sound"], "events": verify["events"],
              "commands": county.commands, "offers": offers, "accepted": accepted, "placed": placed, "waiting": figures["days"][-1]["waiting"],
              "mean_wait_days": round(minutes / placed / 1440, 2) if placed else None, "placed_at_first_offer": figures["placed_at_first_offer"],
              "people_moved": people, "most_moves_in_30_days": moved}
    print(json.dumps(result), flush=True)
    if not verify["sound"] or moved > 1:
        sys.exit("the ledger is not sound, or somebody was moved too often")
    return figures["days"], verify["head"]


def draw(path, series):
    """Who waits, by day: one line for each desk."""
    width, height, left, top = 720, 320, 50, 20
    most = max(d["waiting"] for days in series.values() for d in days) or 1
    n = max(len(days) for days in series.values())
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 80} {height + 70}" font-family="sans-serif" font-size="13">',
             '<title>People waiting, by day; synthetic</title><rect width="100%" height="100%" fill="white"/>']
    for i in range(5):
        y = top + height * i / 4
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y}" y2="{y}" stroke="#ddd"/><text x="{left - 8}" y="{y + 4}" text-anchor="end">{most * (4 - i) // 4}</text>')
    for (method, days), colour in zip(series.items(), ("#1b5e8c", "#b3541e")):
        points = " ".join(f"{left + width * i / max(1, n - 1):.1f},{top + height * (1 - d['waiting'] / most):.1f}" for i, d in enumerate(days))
        last = top + height * (1 - days[-1]["waiting"] / most)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/><text x="{left + width + 4}" y="{last + 4:.1f}" fill="{colour}">{method[:10]}</text>')
    parts.append(f'<text x="{left}" y="{height + 50}">people waiting at the end of each day, {series and next(iter(series.values()))[0]["date"]} on; synthetic</text></svg>')
    with open(path, "w", encoding="utf-8") as f:
        f.write("\n".join(parts) + "\n")


def main():
    p = argparse.ArgumentParser(usage=__doc__)
    p.add_argument("program", type=os.path.abspath)
    p.add_argument("--days", type=int, default=60)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--scale", type=float, default=1.0)
    p.add_argument("--out")
    p.add_argument("--twice", action="store_true", help="the same seed must give the same ledger")
    p.add_argument("--method", choices=["optimal", "sequential", "both"], default="both")
    args = p.parse_args()
    folder = tempfile.mkdtemp(prefix="hcbroker-days-")
    methods = ["optimal", "sequential"] if args.method == "both" else [args.method]
    series = {}
    for method in methods:
        series[method], head = simulate(args, method, folder)
        if args.twice and simulate(args, method, os.path.join(folder, "again"))[1] != head:
            sys.exit("the same seed gave other days")
    print("\nday         " + "".join(f"{m:>12} waiting  served  moved" for m in methods))
    for i in range(0, args.days, 5):
        row = [days[min(i + 4, len(days) - 1)] for days in series.values()]
        print(row[0]["date"] + "  " + "".join(f"{d['waiting']:>20}{d['served']:>8}{sum(x['moved'] for x in days[max(0, i):i + 5]):>7}" for d, days in zip(row, series.values())))
    if args.out:
        with open(os.path.join(args.out, "days.csv"), "w", newline="", encoding="utf-8") as f:
            out = csv.writer(f, lineterminator="\n")
            out.writerow(["method", "date", "waiting", "served", "placed", "moved"])
            out.writerows([m, d["date"], d["waiting"], d["served"], d["placed"], d["moved"]] for m, days in series.items() for d in days)
        draw(os.path.join(args.out, "days.svg"), series)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
