# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a zone plan from nothing: graph search and integer sums; shares no code with what made it."""

from fractions import Fraction
from math import isqrt


def parts(units, neighbours):
    """Connected parts of a set of units."""
    left, found = set(units), []
    while left:
        stack = [left.pop()]
        part = set(stack)
        while stack:
            for v in neighbours[stack.pop()]:
                if v in left:
                    left.remove(v)
                    part.add(v)
                    stack.append(v)
        found.append(part)
    return found


def bounds(total, k, tolerance):
    """L and U of the instances' README, exactly."""
    t, share = Fraction(str(tolerance)), Fraction(total, k)
    low, high = (1 - t) * share, (1 + t) * share
    return -((-low.numerator) // low.denominator), high.numerator // high.denominator


def problems(zone, neighbours, population, k, tolerance, contiguous=True):
    """What is wrong with a plan: a list of sentences."""
    wrong = []
    zones = {}
    for u, z in zone.items():
        zones.setdefault(z, []).append(u)
    if set(zone) != set(neighbours):
        wrong.append('units are missing or unknown')
    if len(zones) != k:
        wrong.append(f'{len(zones)} zones, {k} were expected')
    low, high = bounds(sum(population.values()), k, tolerance)
    for z, units in sorted(zones.items()):
        if contiguous and len(parts(units, neighbours)) != 1:
            wrong.append(f'zone {z} is in parts')
        if not low <= sum(population[u] for u in units) <= high:
            wrong.append(f'zone {z} is out of bounds')
    return wrong


def cut_edges(zone, neighbours):
    return sum(zone[a] != zone[b] for a in neighbours for b in neighbours[a] if a < b)


def hops(neighbours, start):
    far, ring = {start: 0}, [start]
    while ring:
        ring = [v for u in ring for v in neighbours[u]]
        ring = [v for v in dict.fromkeys(ring) if v not in far]
        for v in ring:
            far[v] = min(far[u] for u in neighbours[v] if u in far) + 1
    return far


def hess(zone, cost):
    """Sum over zones of what it costs at the best of its units; cost(unit, centre)."""
    zones = {}
    for u, z in zone.items():
        zones.setdefault(z, []).append(u)
    return sum(min(sum(cost(u, c) for u in units) for c in units) for units in zones.values())


def hess_hops(zone, neighbours, population):
    far = {c: hops(neighbours, c) for c in neighbours}
    return hess(zone, lambda u, c: population[u] * far[c][u])


def grid(n):
    return {i: [j for j in (i - 1 if i % n else -1, i + 1 if i % n < n - 1 else -1, i - n, i + n) if 0 <= j < n * n]
            for i in range(n * n)}


def grid_inertia(zone, n):
    """d = floor(100 x distance): isqrt is exact where floating point may not be."""
    return hess(zone, lambda u, c: isqrt(10000 * ((u % n - c % n) ** 2 + (u // n - c // n) ** 2)) ** 2)
