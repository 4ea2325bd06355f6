# SPDX-License-Identifier: GPL-3.0-or-later
"""zones design where zones open and close, and where borders snap to places: against every map of small grids."""

import os
import random
import tempfile

import zoning_check as check
import zoning_design as designs
import zoning_workspace as made

# Seed, zones at least and at most, percent of hours that may move, first level; today there are two zones.
NUMBERS = ((1, 3, 3, 100, 'cut_edges'), (2, 2, 3, 60, 'balance'), (3, 3, 4, 100, 'moved_hours'), (4, 1, 3, 40, 'cut_edges'),
           (5, 3, 4, 70, 'balance'), (6, 4, 4, 30, 'cut_edges'))
# Seed, the level before, its tolerance in percent.
SNAPS = ((1, 'cut_edges', 0), (3, 'cut_edges', 25), (4, 'balance', 10))


def maps(minutes, names, low, high):
    """Labels of every map whose zones have sums in bounds; of new zones, which are alike, the first opens first."""
    labels, sums = [], dict.fromkeys(names, 0)

    def place():
        i = len(labels)
        if i == len(minutes):
            if all(low <= s for z, s in sums.items() if z in labels):
                yield tuple(labels)
            return
        for z in names:
            if sums[z] + minutes[i] > high or (z == 'N2' and 'N1' not in labels):
                continue
            labels.append(z)
            sums[z] += minutes[i]
            yield from place()
            sums[z] -= minutes[i]
            labels.pop()

    return place()


class Grid:
    def __init__(self, place, name, side, today, seed, places=None):
        draw = self.draw = random.Random(seed)
        self.folder = os.path.join(place, name)
        self.neighbours = designs.grid_neighbours(side, side)
        self.cells = list(self.neighbours)
        self.today = today
        self.minutes = [60 * draw.randint(1, 6) for _ in self.cells]
        self.total = sum(self.minutes)
        made.grid(self.folder, side, side, self.minutes, today)
        if places:
            with open(os.path.join(self.folder, 'places.csv'), 'w', encoding='utf-8') as f:
                f.write('area_id,place\n' + ''.join(f'{u},{p}\n' for u, p in zip(self.cells, places)))
        self.units = {u: {'minutes': m, 'people': 100, 'rural': 0, 'today': t} for u, m, t in zip(self.cells, self.minutes, today)}

    def legal(self, names, rules):
        zones = dict.fromkeys(names, 'medium')
        start = dict(zip(self.cells, self.today))
        low, high = rules[0]['min'], rules[0]['max']
        every = (dict(zip(self.cells, labels)) for labels in maps(self.minutes, names, low, high))
        return [plan for plan in every if not check.broken(plan, rules, self.units, zones, self.neighbours, start)]

    def figure(self, level, plan, rules):
        if level == 'cut_edges':
            return check.cut_edges(plan, self.neighbours)
        if level == 'moved_hours':
            return sum(m for u, m, t in zip(self.cells, self.minutes, self.today) if plan[u] != t)
        middle = (rules[0]['min'] + rules[0]['max']) // 2
        care = [sum(m for m, at in zip(self.minutes, plan.values()) if at == z) for z in set(plan.values())]
        return sum(abs(s - middle) for s in care)


def numbers(place):
    told = {'proposed': 0, 'clash': 0, 'opened': 0, 'closed': 0}
    for seed, least, most, cap, level in NUMBERS:
        grid = Grid(place, f'number{seed}', 3, ['1'] * 5 + ['2'] * 4, seed)
        rules = [{'rule': 'hours', 'min': 60 * (grid.total // 60 // (most + 1)), 'max': 60 * (grid.total // 60 * 3 // (2 * least))},
                 {'rule': 'zones', 'min': least, 'max': most}, {'rule': 'moved', 'share': 100 * cap}]
        names = ['1', '2', 'N1', 'N2'][:most]
        plans = grid.legal(names, rules)
        d = designs.design(grid.folder, check.yaml_of(rules, [(level, None)]), code=0 if plans else 1)
        told[d['outcome']] += 1
        if not plans:
            assert d['clash']['proved'], d
            continue
        best = min(grid.figure(level, plan, rules) for plan in plans)
        own, _ = designs.plan_of(grid.folder)
        said = d['levels'][0]
        assert own in plans, (seed, own)
        assert said['value'] == best == grid.figure(level, own, rules) and said['bound'] <= best, (seed, said, best)
        tried = {t['zones'] for t in d['numbers']}
        assert tried == set(range(least, most + 1)), d['numbers']
        told['opened'] += bool({'N1', 'N2'} & set(own.values()))
        told['closed'] += not {'1', '2'} <= set(own.values())
    print('numbers', told)
    assert told['proposed'] >= 4 and told['opened'] >= 3, told


def snaps(place):
    better = 0
    for seed, level, percent in SNAPS:
        draw = random.Random(seed)
        places = [draw.choice('AB') + str(i // 8) if draw.random() < 0.9 else '' for i in range(16)]
        places = [p or 'alone' + str(i) for i, p in enumerate(places)]
        grid = Grid(place, f'snap{seed}', 4, ['1', '1', '2', '2'] * 4, seed, places)
        rules = [{'rule': 'hours', 'min': 60 * (grid.total * 35 // 6000), 'max': 60 * (grid.total * 65 // 6000)}]
        of = dict(zip(grid.cells, places))
        inside = lambda plan: sum(1000 for u in grid.cells for v in grid.neighbours[u]
                                  if u < v and of[u] == of[v] and plan[u] != plan[v])
        plans = grid.legal(['1', '2'], rules)
        d = designs.design(grid.folder, check.yaml_of(rules, [(level, f'{percent}%' if percent else None)], 'snap: places.csv\n'))
        own, _ = designs.plan_of(grid.folder)
        assert own in plans, (seed, own)
        first, last = d['levels']
        least = min(grid.figure(level, plan, rules) for plan in plans)
        assert first['best'] == least and last['name'] == 'snap', (seed, first, least)
        ties = [inside(plan) for plan in plans if grid.figure(level, plan, rules) <= least + least * percent // 100]
        assert inside(own) == last['value'] == min(ties) == d['snap']['border_inside_m'], (seed, last, min(ties))
        split = sum(len({own[u] for u in own if of[u] == p}) > 1 for p in set(places))
        assert d['snap']['split'] == split and d['snap']['border_inside_unsnapped_m'] >= min(ties), (seed, d['snap'], split)
        better += max(ties) > min(ties)
    print('snaps', len(SNAPS), 'with a choice', better)
    assert better >= 3, better


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as folder:
        numbers(folder)
        snaps(folder)
