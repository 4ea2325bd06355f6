# SPDX-License-Identifier: GPL-3.0-or-later
"""zones design against every legal map of 4 x 4 and 5 x 5 grids: unequal targets, every kind of rule, every level.

usage: zoning_brute.py FIRST LAST [--keep DIR] [--rename]

Each number is a case. All maps are made here, from sets of cells as bits: the sets that suit a zone by itself, then every way to put
disjoint ones together. A proposal must be legal, its bounds below the best of all maps, level by level; where there is no map, the rules
named must clash, and no longer when any of them is dropped. --rename: the same values under other names of areas and zones, and the
same map where only one is best; the same bytes with the rows of every file shuffled.
"""

import functools
import math
import os
import random
import sys
import tempfile

import numpy as np

import zoning_check as check
import zoning_design as designs
import zoning_workspace as made

LEVELS = ('moved_hours', 'moved_packages', 'moved_people', 'travel', 'price', 'inertia', 'cut_edges', 'perimeter', 'balance', 'splits',
          'worst_travel')
PROGRAMME = ('moved_hours', 'moved_packages', 'moved_people', 'price', 'cut_edges', 'perimeter', 'balance', 'splits')
MOST_PLANS = 4_000_000
KINDS = ('large', 'medium', 'small_town', 'small_rural')


def names(n):
    return [f'c{i:02d}' for i in range(n)]


def masks_of(neighbours):
    """Each cell's neighbours as bits."""
    index = {u: i for i, u in enumerate(sorted(neighbours))}
    return [sum(1 << index[v] for v in neighbours[u]) for u in sorted(neighbours)]


def bits(sets, i):
    return (sets >> np.uint32(i)) & np.uint32(1)


def spread(sets, near):
    out = np.zeros_like(sets)
    for i, of in enumerate(near):
        out |= bits(sets, i) * np.uint32(of)
    return out


@functools.lru_cache(maxsize=4)
def connected_sets(near):
    """Every connected set, grown cell by cell."""
    n = len(near)
    ring = np.array([1 << i for i in range(n)], dtype=np.uint32)
    found = [ring]
    while len(ring):
        edge = spread(ring, near) & ~ring
        ring = np.unique(np.concatenate([(ring | np.uint32(1 << i))[bits(edge, i) == 1] for i in range(n)]))
        found.append(ring)
    return np.concatenate(found)


@functools.lru_cache(maxsize=4)
def count_parts(near):
    """Parts of every set of up to 16 cells."""
    left = np.arange(1 << len(near), dtype=np.uint32)
    count = np.zeros(len(left), dtype=np.int8)
    while left.any():
        part = left & (~left + np.uint32(1))
        while True:
            more = part | (spread(part, near) & left)
            if (more == part).all():
                break
            part = more
        count += left != 0
        left &= ~part
    return count


def total_of(sets, weights):
    out = np.zeros(len(sets), dtype=np.int64)
    for i, w in enumerate(weights):
        if w:
            out += bits(sets, i).astype(np.int64) * w
    return out


class Case:
    """A grid with people, today's zones and rules."""

    def __init__(self, seed):
        draw = self.draw = random.Random(seed)
        self.seed = seed
        large = seed % 4 == 3
        self.side = 5 if large else 4
        self.n = self.side ** 2
        self.ids = names(self.n)
        self.neighbours = designs.grid_neighbours(self.side, self.side)
        self.k = 3 if large else draw.choice((2, 3, 3))
        self.zones = {str(z + 1): draw.choice(KINDS) for z in range(self.k)}
        self.minutes = [60 * draw.choice((0, 1, 2, 3, 4, 6)) for _ in range(self.n)]
        self.people = [draw.randint(5, 20) for _ in range(self.n)]
        self.places = [f'Town {draw.randrange(self.n // 3)}' for _ in range(self.n)]
        self.today = self.first_map()
        self.units = {u: {'minutes': self.minutes[i], 'people': 10 * self.people[i],
                          'rural': self.minutes[i] if i % 3 == 2 else 0, 'today': self.today[i]} for i, u in enumerate(self.ids)}
        self.total = sum(self.minutes)
        self.prices = [[draw.randrange(1500, 2800, 5) for _ in range(4)] for _ in range(self.k)]
        self.providers = [(f'k{i}', draw.choice((3, 8, 20, 50)), draw.choice((0, 1, 4, 8)),
                           {z: draw.choice((None, 2, 5, 30)) for z in self.zones if draw.random() < 0.8} or {'1': None})
                          for i in range(draw.randint(2, 4))]
        self.rules = self.make_rules(draw)
        if seed % 5 == 4 and self.k == 3:  # a zone may close
            self.rules = [r for r in self.rules if r['rule'] not in ('viable', 'frozen')] + [{'rule': 'zones', 'min': 2, 'max': 3}]
        chosen = draw.sample(LEVELS, draw.randint(1, 3))
        self.travel = (1, 3, 0.8) if seed % 3 == 1 else ()  # roads that are slower far than near
        self.levels = [(name, draw.choice((None, None, '2%'))) for name in chosen]

    def first_map(self):
        """Zones grown from random cells, all connected."""
        draw, n = self.draw, self.n
        zone = [None] * n
        for z, i in zip(self.zones, draw.sample(range(n), self.k)):
            zone[i] = z
        while None in zone:
            i = draw.randrange(n)
            near = [zone[int(v[1:])] for v in self.neighbours[self.ids[i]] if zone[int(v[1:])]]
            if zone[i] is None and near:
                zone[i] = draw.choice(near)
        if draw.random() < 0.3:  # today's map need not be sound
            zone[draw.randrange(n)] = draw.choice(list(self.zones))
        return zone if len(set(zone)) == self.k else self.first_map()

    def make_rules(self, draw):
        rules, care = [], {z: sum(m for m, t in zip(self.minutes, self.today) if t == z) for z in self.zones}
        tight = draw.choice((0.1, 0.25, 0.5))
        for z in self.zones:  # unequal targets: shifted from today's, now and then beyond what can be
            if draw.random() < 0.8:
                middle = care[z] * draw.choice((1, 1, 0.8, 1.2)) + draw.choice((0, 0, 120))
                rule = {'rule': 'hours', 'zone': z}
                if draw.random() < 0.8:
                    rule['min'] = math.floor(middle * (1 - tight))
                if draw.random() < 0.8 or 'min' not in rule:
                    rule['max'] = math.ceil(middle * (1 + tight)) + 60
                rules.append(rule)
        if self.n == 25 or draw.random() < 0.5:
            rules.append(draw.choice(({'rule': 'moved', 'share': 100 * draw.randint(10, 25)},
                                      {'rule': 'moved', 'minutes': self.total * draw.randint(10, 25) // 100})))
        kinds = ['connected', 'people', 'mix', 'together', 'fixed', 'frozen', 'barrier', 'viable', 'people', 'class']
        for kind in draw.sample(kinds, draw.randint(1, 5)):
            zone, cells = draw.choice(list(self.zones)), draw.sample(range(self.n), 3)
            if kind == 'connected' and self.n == 16:
                rules.append({'rule': kind, 'zone': zone, 'parts': 2})
            elif kind == 'people':
                low = draw.randint(0, 60)
                rules.append({'rule': kind, 'zone': zone, 'min': 10 * low, 'max': 10 * (low + draw.randint(60, 160)) + 5})
            elif kind == 'mix':
                rules.append({'rule': kind, 'zone': zone, 'min': draw.randint(0, 20), 'max': draw.randint(45, 90)})
            elif kind == 'together':
                i = draw.randrange(self.n)
                rules.append({'rule': kind, 'areas': [self.ids[i], draw.choice(self.neighbours[self.ids[i]])]})
            elif kind == 'fixed':
                rules.append({'rule': kind, 'areas': [self.ids[i] for i in cells[:draw.randint(1, 2)]], 'zone': zone})
            elif kind == 'frozen':
                rules.append({'rule': kind, 'zone': zone})
            elif kind == 'barrier':
                u = draw.choice(self.ids)
                rules.append({'rule': kind, 'between': [u, draw.choice(self.neighbours[u])]})
            elif kind == 'viable':
                rules.append({'rule': kind, 'providers': draw.choice((1, 2, 2))})
            elif kind == 'class':
                rules.append({'rule': 'hours', 'class': self.zones[zone], 'max': max(care.values()) + 60 * draw.randint(0, 4)})
        return rules

    def write(self, folder, unit=None, zone=None, shuffle=None):
        """The workspace; unit and zone: other names for both."""
        zone = zone or {z: z for z in self.zones}
        prices = ''.join(f'{band},{p[b] // 100}.{p[b] % 100:02d},2020-04-01,{zone[z]}\n'
                         for z, p in zip(self.zones, self.prices) for b, band in enumerate(made.BANDS))
        made.grid(folder, self.side, self.side, self.minutes, [zone[z] for z in self.today], self.people,
                  {zone[z]: kind for z, kind in self.zones.items()}, self.places, prices,
                  [(*p[:3], {zone[z]: limit for z, limit in p[3].items()}) for p in self.providers],
                  unit and [unit[u] for u in self.ids], shuffle)
        if self.travel:
            with open(os.path.join(folder, 'hcbroker.yaml'), 'a', encoding='utf-8') as f:
                f.write('travel: {near_min_per_km: %g, far_min_per_km: %g, bend_km: %g}\n' % self.travel)

    # What every set of cells is as a zone.
    def sets_of(self, zone, rules, start, connected=True):
        """The sets that suit a zone by itself."""
        near = tuple(masks_of(check.near_of(self.neighbours, rules)))
        most = check.parts_of(rules, self.zones, connected)[zone]
        if most == 1:
            sets = connected_sets(near)
        else:
            sets = np.arange(1, 1 << self.n, dtype=np.uint32)
            if most:
                sets = sets[count_parts(near)[1:] <= most]
        cell = {u: i for i, u in enumerate(self.ids)}

        def keep(good):
            nonlocal sets
            sets = sets[good]

        come = [m if start[u] != zone else 0 for u, m in zip(self.ids, self.minutes)]
        for cap in check.moved_limits(rules, self.total):
            keep(total_of(sets, come) <= cap)
        for rule in rules:
            kind = rule['rule']
            if kind == 'fixed':
                for u in rule['areas']:
                    keep(bits(sets, cell[u]) == (1 if rule['zone'] == zone else 0))
            elif kind == 'frozen':
                of = sum(1 << i for i in range(self.n) if self.today[i] == rule['zone'])
                keep(sets == of if rule['zone'] == zone else (sets & np.uint32(of)) == 0)
            elif kind == 'together':
                of = np.uint32(sum({1 << cell[u] for u in rule['areas']}))
                keep(((sets & of) == of) | ((sets & of) == 0))
            elif kind in ('hours', 'people', 'mix') and check.covers(rule, zone, self.zones[zone]):
                care = total_of(sets, self.minutes)
                key = {'hours': 'minutes', 'people': 'people', 'mix': 'rural'}[kind]
                have = total_of(sets, [self.units[u][key] for u in self.ids])
                low, high = rule.get('min', 0), rule.get('max', 10 ** 12)
                if kind == 'mix':
                    have, low, high = 100 * have, low * care, high * care
                keep((have >= low) & (have <= high))
        held = any(r['rule'] == 'fixed' and r['zone'] == zone for r in rules)
        if any(r['rule'] == 'zones' for r in rules) and not held:  # closed: no bound counts
            sets = np.concatenate([np.zeros(1, dtype=np.uint32), sets])
        return sets

    def every_map(self, rules, start, connected=True):
        """All legal maps, one column of sets a zone; None: too many to hold."""
        lists = [self.sets_of(z, rules, start, connected) for z in self.zones]
        whole = np.uint32((1 << self.n) - 1)
        last = np.zeros(1 << self.n, dtype=bool)
        last[lists[-1]] = True
        rows = [np.zeros((1, 0), dtype=np.uint32)]
        for z in range(self.k - 1):
            grown, count = [], 0
            for row in np.concatenate(rows):
                used = np.bitwise_or.reduce(row) if len(row) else np.uint32(0)
                fit = lists[z][(lists[z] & used) == 0]
                if z == self.k - 2:
                    fit = fit[last[whole ^ used ^ fit]]
                new = np.empty((len(fit), z + 1), dtype=np.uint32)
                new[:, :z] = row
                new[:, z] = fit
                grown.append(new)
                count += len(fit)
                if count > MOST_PLANS:
                    return None
            rows = grown or [np.zeros((0, z + 1), dtype=np.uint32)]
        rows = np.concatenate(rows)
        rows = np.column_stack([rows, whole ^ np.bitwise_or.reduce(rows, axis=1)]).astype(np.uint32)
        number = next((r for r in rules if r['rule'] == 'zones'), {'min': self.k, 'max': self.k})
        count = (rows != 0).sum(axis=1)
        rows = rows[(count >= number['min']) & (count <= number['max'])]
        come = sum(total_of(rows[:, z], [m if start[u] != name else 0 for u, m in zip(self.ids, self.minutes)])
                   for z, name in enumerate(self.zones))
        for cap in check.moved_limits(rules, self.total):
            rows, come = rows[come <= cap], come[come <= cap]
        return rows

    def enough_providers(self, rows, need, start):
        """Whether every zone has the viable providers that it is to have."""
        def viable(rows):
            care = np.column_stack([total_of(rows[:, z], self.minutes) for z in range(self.k)])
            count = np.zeros_like(care)
            for _, hours, least, where in self.providers:
                reach = np.column_stack([np.minimum(care[:, z], 10 ** 9 if where[name] is None else 60 * where[name])
                                         if name in where else 0 * care[:, z] for z, name in enumerate(self.zones)])
                can = np.minimum(reach.sum(axis=1), 60 * hours) >= 60 * least
                count += (reach > 0) & can[:, None]
            return count
        before = viable(np.array([self.row(start)], dtype=np.uint32))[0]
        return (viable(rows) >= np.minimum(before, need)).all(axis=1)

    def row(self, plan):
        return [sum(1 << i for i, u in enumerate(self.ids) if plan[u] == z) for z in self.zones]

    def figure(self, level, sets, zone, rules, start):
        """What a level says about each set as that zone; the map's figure is the sum, or the worst."""
        moved = {'moved_hours': self.minutes, 'moved_packages': [int(m > 0) for m in self.minutes],
                 'moved_people': [10 * p for p in self.people]}
        if level in moved:
            return total_of(sets, [w if start[u] != zone else 0 for u, w in zip(self.ids, moved[level])])
        if level == 'price':
            of = self.prices[list(self.zones).index(zone)]
            return total_of(sets, [(2 * m * of[i % 3] + 60) // 120 for i, m in enumerate(self.minutes)])
        if level == 'balance':
            low = max([r['min'] for r in rules if r['rule'] == 'hours' and check.covers(r, zone, self.zones[zone]) and 'min' in r],
                      default=None)
            high = min([r['max'] for r in rules if r['rule'] == 'hours' and check.covers(r, zone, self.zones[zone]) and 'max' in r],
                       default=None)
            target = (low + high) // 2 if low is not None and high is not None else sum(
                m for m, t in zip(self.minutes, self.today) if t == zone)
            return np.where(sets == 0, 0, abs(total_of(sets, self.minutes) - target))
        if level == 'inertia':
            half = (self.side - 1) * 50
            x, y = [[100 * c - half for c in at] for at in zip(*((i % self.side, i // self.side) for i in range(self.n)))]
            care = total_of(sets, self.minutes)
            sx, sy = (total_of(sets, [m * c for m, c in zip(self.minutes, at)]) for at in (x, y))
            square = total_of(sets, [m * (a * a + b * b) for m, a, b in zip(self.minutes, x, y)])
            return np.where(care > 0, square - (sx * sx + sy * sy) // np.maximum(care, 1), 0)
        if level in ('cut_edges', 'perimeter'):  # each pair is seen from its first zone
            near = check.near_of(self.neighbours, rules)
            count = np.zeros(len(sets), dtype=np.int64)
            for i, u in enumerate(self.ids):
                for v in near[u]:
                    count += (bits(sets, i) & (bits(sets, int(v[1:])) ^ np.uint32(1))).astype(np.int64)
            return count * (500 if level == 'perimeter' else 1)
        if level == 'splits':
            count = np.zeros(len(sets), dtype=np.int64)
            for place in set(self.places):
                of = [i for i in range(self.n) if self.places[i] == place]
                count += (sets & np.uint32(sum(1 << i for i in of))) != 0 if len(of) > 1 else 0
            return count
        cells, stops = total_of(sets, [1] * self.n), total_of(sets, [int(m > 0) for m in self.minutes])
        table = {}
        for pair in set(zip(cells.tolist(), stops.tolist())):
            seconds = designs.road(1e6 * pair[0], [7 * pair[1], 0, 0, 0], *self.travel)
            table[pair] = seconds if level == 'travel' else seconds * 1000 // (7 * pair[1]) if pair[1] else 0
        return np.array([table[pair] for pair in zip(cells.tolist(), stops.tolist())], dtype=np.int64)

    def values(self, level, rows, rules, start):
        per = []
        for z, name in enumerate(self.zones):
            sets, back = np.unique(rows[:, z], return_inverse=True)
            per.append(self.figure(level, sets, name, rules, start)[back])
        if level == 'worst_travel':
            return functools.reduce(np.maximum, per)
        total = sum(per)
        if level == 'splits':
            total -= len([p for p in set(self.places) if self.places.count(p) > 1])
        return total // 2 if level == 'cut_edges' else total


def solve(case, folder, rules=None, levels=None, code=None):
    rules = case.rules if rules is None else rules
    text = check.yaml_of(rules, case.levels if levels is None else levels)
    return designs.design(folder, text, code=code)


def started(case, folder):
    """The map that moves count from: today's, repaired."""
    repaired = {m['unit']: m['to'] for m in made.rows(os.path.join(folder, 'out', 'moves.csv')) if m['kind'] == 'repair'}
    return dict(zip(case.ids, case.today)) | repaired


def limit_of(level, best):
    return best + best * 2 // 100 if level[1] else best


def proposed(case, folder, d, told):
    """A proposal against every legal map."""
    start = started(case, folder)
    plan, _ = designs.plan_of(folder)
    need = max([r['providers'] for r in case.rules if r['rule'] == 'viable'], default=0)

    def wrong(zone):
        rows = np.array([case.row(zone)], dtype=np.uint32)
        return check.broken(zone, case.rules, case.units, case.zones, case.neighbours, start) + (
            [] if not need or case.enough_providers(rows, need, start).all() else ['viable'])

    designs.check_document(folder, check.near_of(case.neighbours, case.rules), wrong, case.travel)
    rows = case.every_map(case.rules, start)
    own = np.array([case.row(plan)], dtype=np.uint32)
    if need:
        rows = rows if rows is None else rows[case.enough_providers(rows, need, start)]
    for f in d['figures']:
        assert case.values(f['name'], own, case.rules, start)[0] == f['value'], f
    if rows is None:
        told['too many'] += 1
        return
    assert (rows == own).all(axis=1).any(), 'the map is not among all legal maps'
    for level, said in zip(case.levels, d['levels']):
        value = case.values(level[0], rows, case.rules, start)
        least = int(value.min())
        assert said['bound'] <= least <= said['best'], (said, least)
        assert said['value'] <= limit_of(level, said['best']), said
        told['levels'] += 1
        told['best'] += said['best'] == least
        told['proved'] += said['bound'] == said['best']
        if level[0] in PROGRAMME and said['bound'] == said['best'] and not need:  # enumeration is not asked for
            assert said['bound_by'] in ('sign', 'prices', 'counts', 'programme'), said
            told['by programme'] += said['bound_by'] == 'programme'
        if said['best'] != least:
            print(f'  case {case.seed}: {level[0]} is {said["best"]}, the best of {len(rows)} maps {least}')
        rows = rows[value <= limit_of(level, said['best'])]
    told['maps'] += len(rows)


def clashing(case, folder, d, told):
    """No legal map: the rules named clash by themselves, and do not when one is dropped."""
    start = dict(zip(case.ids, case.today))
    exact = not any(r['rule'] == 'moved' for r in case.rules)  # moves count from a repair that is not known
    rows = case.every_map(case.rules, start) if exact else None
    if d['outcome'] == 'unknown':
        told['unknown'] += 1
        print(f'  case {case.seed}: unknown', '' if rows is None else f'({len(rows)} maps)')
        need = any(r['rule'] == 'viable' for r in case.rules)
        assert rows is None or need or not len(rows), 'there is a map'
        return
    assert rows is None or not len(rows), 'there is a map'
    told['clashes'] += 1
    named = [r for r in d['clash']['rules']]
    of_line = {i + 3: rule for i, rule in enumerate(case.rules)}
    kept = [of_line[r['line']] for r in named if r['line']]
    connected = any(not r['line'] for r in named)
    if case.n == 16 and not any(r['rule'] == 'moved' for r in kept):
        assert not len(case.every_map(kept, start, connected)), (kept, 'these do not clash')
        for r in named:
            fewer = [of_line[x['line']] for x in named if x['line'] and x is not r]
            maps = case.every_map(fewer, start, connected and bool(r['line']))
            assert maps is None or len(maps), (case.seed, [x['text'] for x in named], 'still clash without', r['text'])
            told['dropped'] += 1
        for r in named:
            rest = [x for line, x in of_line.items() if line != r['line']]
            some = None if any(x['rule'] == 'moved' for x in rest) else case.every_map(rest, start, bool(r['line']))
            assert some is None or not r['map_found_without_it'] or len(some), r
            told['found'] += r['map_found_without_it']


def run(seed, place, told):
    case = Case(seed)
    folder = os.path.join(place, f'case{seed}')
    case.write(folder)
    d = solve(case, folder)
    told['cases'] += 1
    (proposed if d['outcome'] == 'proposed' else clashing)(case, folder, d, told)


def renamed(rule, unit, zone):
    rule = dict(rule)
    for key in ('areas', 'between'):
        if key in rule:
            rule[key] = [unit[u] for u in rule[key]]
    if 'zone' in rule:
        rule['zone'] = zone[rule['zone']]
    return rule


def rename(seed, place, told):
    case = Case(seed)
    folders = [os.path.join(place, f'case{seed}{kind}') for kind in ('', 'names', 'rows')]
    unit = dict(zip(case.ids, random.Random(seed).sample(case.ids, case.n)))
    zone = dict(zip(case.zones, random.Random(-seed).sample(['z9', 'a', 'Y'], case.k)))
    case.write(folders[0])
    case.write(folders[1], unit, zone)
    case.write(folders[2], shuffle=random.Random(seed))
    ours = solve(case, folders[0])
    solve(case, folders[2])
    other = solve(case, folders[1], [renamed(r, unit, zone) for r in case.rules])
    told['cases'] += 1
    for name in sorted(os.listdir(os.path.join(folders[0], 'out'))):
        same = [open(os.path.join(f, 'out', name), 'rb').read() for f in (folders[0], folders[2])]
        assert same[0] == same[1], f'{name} depends on the order of rows'
    assert ours['outcome'] == other['outcome'], (ours['outcome'], other['outcome'])
    if ours['outcome'] == 'clash':
        assert [r['line'] for r in ours['clash']['rules']] == [r['line'] for r in other['clash']['rules']]
        told['clashes'] += 1
    if ours['outcome'] != 'proposed':
        return
    start = started(case, folders[0])
    maps = case.every_map(case.rules, start)
    if maps is None or any(r['rule'] == 'viable' for r in case.rules):
        return
    for level, a, b in zip(case.levels, ours['levels'], other['levels']):
        value = case.values(level[0], maps, case.rules, start)
        least = int(value.min())
        if {a['best'], b['best']} != {least}:
            return  # where the search misses the best it may do so differently
        assert a['bound'] == b['bound'] or max(a['bound'], b['bound']) <= least
        told['best'] += 1
        told['levels'] += 1
        maps = maps[value <= limit_of(level, least)]
    if len(maps) == 1:
        mine, yours = designs.plan_of(folders[0])[0], designs.plan_of(folders[1])[0]
        assert {unit[u]: zone[z] for u, z in mine.items()} == yours, 'another map under other names'
        told['maps'] += 1


def main():
    first, last = int(sys.argv[1]), int(sys.argv[2])
    told = dict.fromkeys(('cases', 'levels', 'best', 'proved', 'by programme', 'maps', 'too many', 'clashes', 'dropped', 'found', 'unknown'), 0)
    failed = []
    with tempfile.TemporaryDirectory() as place:
        for seed in range(first, last):
            try:
                (rename if '--rename' in sys.argv else run)(seed, sys.argv[4] if '--keep' in sys.argv else place, told)
            except AssertionError as wrong:
                failed.append(seed)
                print(f'  case {seed}: {wrong.args}'[:2000], flush=True)
    print(told)
    assert not failed, failed
    assert told['best'] == told['levels'], 'the best is missed'


if __name__ == '__main__':
    main()
