#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Generalised assignment problems of types C, D and E, after Chu and Beasley (1997) and Yagiura, Ibaraki and Glover
(2006). usage: generate_gap.py TYPE AGENTS JOBS SEED > FILE (OR-Library layout, minimise)

C: load 5..25, cost 10..50. D: load 1..100, cost 111 - load + (-10..10). E: load 1 - 10 ln(0..1], cost 1000/load -
10 (0..1). Capacity of every agent: 0.8 x its loads' sum / agents."""
import math
import random
import sys


def pair(kind, rng):
    if kind == "C":
        return rng.randint(10, 50), rng.randint(5, 25)
    if kind == "D":
        load = rng.randint(1, 100)
        return 111 - load + rng.randint(-10, 10), load
    load = int(1 - 10 * math.log(1 - rng.random()))
    load = max(1, load)
    return max(1, int(1000 / load - 10 * rng.random())), load


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in "CDE":
        sys.exit(__doc__)
    kind, agents, jobs, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    rng = random.Random("%s %d %d %d" % (kind, agents, jobs, seed))
    pairs = [[pair(kind, rng) for _ in range(jobs)] for _ in range(agents)]
    out = ["%d %d" % (agents, jobs)]
    out += [" ".join(str(c) for c, _ in row) for row in pairs]
    out += [" ".join(str(a) for _, a in row) for row in pairs]
    out.append(" ".join(str(int(0.8 * sum(a for _, a in row) / agents)) for row in pairs))
    print("\n".join(out))


main()
