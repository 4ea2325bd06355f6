# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks a zone plan from nothing: graph search and integer sums; shares no code with what made it.

Rules are dictionaries as in design.yaml, with whole numbers: minutes for hours, tenths for people, hundredths of a percent for a share.
"""

from fractions import Fraction
from math import dist, isqrt


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


def service_areas(zone, neighbours, population, capacity, place):
    """What is wrong with service areas, and what they cost; capacity > 0: a centre; place: unit -> (x, y)."""
    wrong, cost = [], 0.0
    zones = {}
    for u, z in zone.items():
        zones.setdefault(z, []).append(u)
    for z, units in sorted(zones.items()):
        centres = [u for u in units if capacity[u] > 0]
        if len(centres) != 1 or len(parts(units, neighbours)) != 1:
            wrong.append(f'area {z} has {len(centres)} centres or is in parts')
            continue
        if sum(population[u] for u in units) > capacity[centres[0]]:
            wrong.append(f'area {z} is beyond its capacity')
        cost += sum(population[u] * dist(place[u], place[centres[0]]) for u in units)
    return wrong, cost


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


def clock(minutes):
    return f'{minutes // 60}:{minutes % 60:02d}'


def yaml_of(rules, levels=(), more=''):
    """design.yaml of rules and of levels, (name, tolerance or None)."""
    lines = ['version: 1'] + (['rules:'] if rules else [])
    for rule in rules:
        shown = dict(rule)
        for key in ('min', 'max'):
            if key in rule and rule['rule'] == 'hours':
                shown[key] = clock(rule[key])
            elif key in rule and rule['rule'] == 'people':
                shown[key] = f'{rule[key] // 10}.{rule[key] % 10}'
        if rule['rule'] == 'moved':
            shown = {'rule': 'moved', 'hours': f"{rule['share'] // 100}.{rule['share'] % 100:02d}%" if 'share' in rule
                     else clock(rule['minutes'])}
        quote = lambda v, k: f'"{v}"' if k in ('zone', 'areas', 'between') or ':' in str(v) else str(v)
        text = ', '.join(f'{k}: ' + ('[' + ', '.join(quote(a, k) for a in v) + ']' if isinstance(v, list) else quote(v, k))
                         for k, v in shown.items())
        lines.append('  - {' + text + '}')
    if levels:
        lines.append('levels:')
        lines += [f'  - {{name: {name}' + (f', tolerance: {slack}}}' if slack else '}') for name, slack in levels]
    return '\n'.join(lines) + '\n' + more


def covers(rule, zone, kind):
    return rule.get('zone', zone) == zone and rule.get('class', kind) == kind


def near_of(neighbours, rules):
    """The graph without the pairs that barriers part."""
    barred = {frozenset(r['between']) for r in rules if r['rule'] == 'barrier'}
    return {u: [v for v in of if frozenset((u, v)) not in barred] for u, of in neighbours.items()}


def parts_of(rules, zones, connected=True):
    """How many parts each zone may have; None: any number."""
    most = dict.fromkeys(zones, 1 if connected else None)
    for rule in rules:
        if rule['rule'] == 'connected':
            most.update({z: int(rule.get('parts', 1)) for z in zones if covers(rule, z, zones[z])})
    return most


def moved_limits(rules, total):
    return [r['minutes'] if 'minutes' in r else total * r['share'] // 10000 for r in rules if r['rule'] == 'moved']


def broken(plan, rules, units, zones, neighbours, start, connected=True):
    """Rules that a map breaks, in words. units: id -> minutes, people (tenths), rural (minutes), today (zone); zones: id -> class;
    start: the map that moves count from."""
    wrong = []
    if set(plan) != set(units) or not set(plan.values()) <= set(zones):
        return ['units or zones are missing or unknown']
    inside = {z: [u for u in plan if plan[u] == z] for z in zones}
    near, most = near_of(neighbours, rules), parts_of(rules, zones, connected)
    number = next((r for r in rules if r['rule'] == 'zones'), {'min': len(zones), 'max': len(zones)})
    if not number['min'] <= sum(map(bool, inside.values())) <= number['max']:
        wrong.append(f'zones: {sum(map(bool, inside.values()))} of them, from {number["min"]} to {number["max"]}')
    for z, of in inside.items():
        if (most[z] and len(parts(of, near)) > most[z]):
            wrong.append(f'connected: zone {z} is in parts')
    total = sum(u['minutes'] for u in units.values())
    moved = sum(units[u]['minutes'] for u in plan if plan[u] != start[u])
    wrong += [f'moved: {moved} minutes, at most {cap}' for cap in moved_limits(rules, total) if moved > cap]
    for rule in rules:
        kind = rule['rule']
        for z in [z for z in zones if inside[z] and kind in ('hours', 'people', 'mix') and covers(rule, z, zones[z])]:
            care = sum(units[u]['minutes'] for u in inside[z])
            have = care if kind == 'hours' else sum(units[u]['people' if kind == 'people' else 'rural'] for u in inside[z])
            low, high = rule.get('min', 0), rule.get('max', 10 ** 12)
            if kind == 'mix':
                have, low, high = 100 * have, low * care, high * care
            if not low <= have <= high:
                wrong.append(f'{kind}: zone {z} has {have}, from {low} to {high}')
        if kind == 'together' and len({plan[u] for u in rule['areas']}) > 1:
            wrong.append(f'together: {rule["areas"]}')
        if kind == 'fixed' and {plan[u] for u in rule['areas']} != {rule['zone']}:
            wrong.append(f'fixed: {rule["areas"]}')
        if kind == 'frozen' and any((units[u]['today'] == rule['zone']) != (plan[u] == rule['zone']) for u in plan):
            wrong.append(f'frozen: zone {rule["zone"]}')
    return wrong
