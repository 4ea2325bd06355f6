# SPDX-License-Identifier: GPL-3.0-or-later
"""zones design: against every plan of small maps, and on the county with a checker of its own.

usage: zoning_design.py small|lsoa|oa|clash
"""

import itertools
import json
import math
import os
import pathlib
import random
import sys
import tempfile

import zoning_check as check
import zoning_workspace as made

LEG, NEAR, FAR, BEND = 0.735, 1.8, 0.9, 4.0  # docs/travel.md, and the workspace's default travel
MOST_MOVED = 10


def road(ground, visits, near=NEAR, far=FAR, bend=BEND):
    """Seconds of road a week: k sqrt(ground / visits a day) for every visit, block by block."""
    total = 0
    for week in visits:
        if week:
            km = LEG * math.sqrt(ground / (week / 7)) / 1000
            total += round(60000 * (near * min(km, bend) + far * max(km - bend, 0)) * week)
    return math.floor(total / 1000 + 0.5)


def design(folder, rules, *options, code=0):
    """design.json; code None: any answer."""
    path = os.path.join(folder, 'design.yaml')
    with open(path, 'w', encoding='utf-8') as f:
        f.write(rules)
    out = os.path.join(folder, 'out')
    made.run('-C', folder, 'zones', 'design', '--rules', path, '--out', out, '--quiet', *options, code=code)
    return made.read_json(os.path.join(out, 'design.json'))


def plan_of(folder):
    rows = made.rows(os.path.join(folder, 'out', 'plan.csv'))
    return {r['unit']: r['zone'] for r in rows}, {r['unit']: int(r['minutes']) for r in rows}


def legal(zone, neighbours, minutes, zones, parts=1):
    """Connected and within hours; what is wrong, as a list."""
    wrong = []
    for z in zones:
        units = [u for u in zone if zone[u] == z['zone_id']]
        total = sum(minutes[u] for u in units)
        if not units or len(check.parts(units, neighbours)) > parts:
            wrong.append(f"zone {z['zone_id']} is empty or in parts")
        if (z['minutes_min'] is not None and total < z['minutes_min']) or (
                z['minutes_max'] is not None and total > z['minutes_max']):
            wrong.append(f"zone {z['zone_id']} has {total} minutes")
    return wrong


def pointer(document, path):
    for key in path.split('/')[1:]:
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def check_document(folder, neighbours, wrong=None, travel=()):
    """Everything in a design folder against itself and against a graph search; `wrong` says what is wrong with a map."""
    d = made.read_json(os.path.join(folder, 'out', 'design.json'))
    zone, minutes = plan_of(folder)
    wrong = wrong or (lambda plan: legal(plan, neighbours, minutes, d['zones']))
    assert not wrong(zone), wrong(zone)
    assert sum(minutes.values()) == d['minutes']
    for z in d['zones']:
        for side in ('before', 'after'):
            assert z[side]['road_seconds'] == road(z[side]['ground_m2'], z[side]['visits_by_block'], *travel), z
        assert z['after']['minutes'] == sum(m for u, m in minutes.items() if zone[u] == z['zone_id'])
    figures = {f['name']: f for f in d['figures']}
    assert figures['travel']['value'] == sum(z['after']['road_seconds'] for z in d['zones'])
    assert figures['travel']['before'] == sum(z['before']['road_seconds'] for z in d['zones'])
    assert figures['cut_edges']['value'] == check.cut_edges(zone, neighbours)
    moves = made.rows(os.path.join(folder, 'out', 'moves.csv'))
    changes = [m for m in moves if m['kind'] == 'change']
    assert figures['moved_hours']['value'] == sum(int(m['minutes']) for m in changes)
    assert d['minutes_allowed'] is None or figures['moved_hours']['value'] <= d['minutes_allowed']
    for level in d['levels']:
        assert level['bound'] <= level['best'] <= level['value'], level
        assert not level['best'] or abs(level['gap'] - (level['best'] - level['bound']) / level['best']) < 1e-5
    for reason in d['rationale']:
        assert str(pointer(d, reason['figure'])) in reason['text'], reason
    for name in ('zones.geojson', 'zones_before.geojson'):
        drawn = made.read_json(os.path.join(folder, 'out', name))
        shown = {f['properties']['zone_id'] for f in drawn['features']}
        have = {z['zone_id'] for z in d['zones'] if z['after' if name == 'zones.geojson' else 'before']['areas']}
        # A repair may empty a zone that today's map has.
        assert len(shown) == len(drawn['features']) and have <= shown and (shown == have or name != 'zones.geojson'), name
    values = [c['value'] for c in d['curve']]
    assert values == sorted(values, reverse=True), values  # more room never gives less
    # Every map on the way is legal; where today's misses bounds, they miss no more than it does.
    missed = [d['bounds_missed_today']] + [p['bounds_missed_after'] for p in d['phases']]
    assert missed == sorted(missed, reverse=True) and not (d['phases'] and missed[-1]), missed
    now = dict(zone)
    for m in changes:
        now[m['unit']] = m['from']
    emptied = len(set(now.values())) < len(set(zone.values()))  # by a repair: steps open it again
    on_the_way = lambda zone: [w for w in wrong(zone) if not (missed[0] and ' has ' in w or emptied and w.startswith('zones:'))]
    steps = sorted({int(m['step']) for m in changes if m['step']})
    if steps:
        assert not on_the_way(now), on_the_way(now)
    for step in steps:
        for m in changes:
            if int(m['step']) == step:
                now[m['unit']] = m['to']
        assert not on_the_way(now), (step, on_the_way(now))
    assert not steps or now == zone
    assert sum(p['areas'] for p in d['phases']) == (len(changes) if steps else 0)
    return d


def grid_neighbours(width, height):
    cells = {i: [j for j in (i - 1 if i % width else -1, i + 1 if i % width < width - 1 else -1, i - width, i + width)
                 if 0 <= j < width * height] for i in range(width * height)}
    return {f'c{i:02d}': [f'c{j:02d}' for j in of] for i, of in cells.items()}


def every_plan(width, height, k, ok):
    """Every way to give the cells zones '1' to str(k), as dictionaries, that `ok` likes."""
    names = [f'c{i:02d}' for i in range(width * height)]
    for labels in itertools.product('123'[:k], repeat=width * height):
        if len(set(labels)) == k:
            plan = dict(zip(names, labels))
            if ok(plan):
                yield plan


def small(place):
    """Proposals equal the best of every plan, for several levels, with unequal targets and every kind of rule."""
    draw = random.Random(6)
    width, height, k = 4, 3, 3
    neighbours = grid_neighbours(width, height)
    for turn, level in enumerate(('cut_edges', 'balance', 'moved_hours', 'travel', 'worst_travel')):
        folder = os.path.join(place, f'grid{turn}')
        minutes = [60 * draw.randint(1, 6) for _ in range(12)]
        people = [draw.randint(5, 20) for _ in range(12)]
        today = ['1', '1', '2', '2', '1', '1', '2', '2', '3', '3', '3', '3']
        made.grid(folder, width, height, minutes, today, people)
        total = sum(minutes)
        hours = {'1': (0.15, 0.40), '2': (0.25, 0.50), '3': (0.20, 0.55)}
        bounds = {z: (math.floor(low * total), math.ceil(high * total)) for z, (low, high) in hours.items()}
        rules = 'version: 1\nrules:\n'
        for z, (low, high) in bounds.items():
            rules += f'  - {{rule: hours, zone: "{z}", min: "{low // 60}:{low % 60:02d}", max: "{high // 60}:{high % 60:02d}"}}\n'
        rules += ('  - {rule: together, areas: [c01, c02]}\n  - {rule: fixed, areas: [c11], zone: "3"}\n'
                  '  - {rule: barrier, between: [c05, c06]}\n  - {rule: people, max: 90}\n  - {rule: mix, max: 60}\n')
        rules += f'levels:\n  - {{name: {level}}}\n'
        near = {u: [v for v in of if {u, v} != {'c05', 'c06'}] for u, of in neighbours.items()}
        size = {f'c{i:02d}': minutes[i] for i in range(12)}

        def ok(plan):
            for z, (low, high) in bounds.items():
                units = [u for u in plan if plan[u] == z]
                care = sum(size[u] for u in units)
                rural = sum(size[u] for u in units if int(u[1:]) % 3 == 2)
                if not low <= care <= high or 100 * rural > 60 * care:
                    return False
                if sum(people[int(u[1:])] for u in units) > 90 or len(check.parts(units, near)) != 1:
                    return False
            return plan['c01'] == plan['c02'] and plan['c11'] == '3'

        def value(plan):
            if level == 'cut_edges':
                return check.cut_edges(plan, near)
            zones = {z: [u for u in plan if plan[u] == z] for z in '123'}
            if level == 'balance':
                return sum(abs(sum(size[u] for u in zones[z]) - sum(bounds[z]) // 2) for z in zones)
            return None

        got = None
        plans = list(every_plan(width, height, k, ok))
        if not plans:
            d = design(folder, rules, code=1)
            assert d['clash']['proved'], d
            continue
        d = design(folder, rules)
        zone, _ = plan_of(folder)
        assert ok(zone), zone
        check_document(folder, near)
        if level in ('cut_edges', 'balance'):
            got = next(l['value'] for l in d['levels'])
            assert got == min(map(value, plans)) == value(zone), (level, got, min(map(value, plans)))
        elif level == 'moved_hours':
            repaired = {m['unit']: m['to'] for m in made.rows(os.path.join(folder, 'out', 'moves.csv'))
                        if m['kind'] == 'repair'}
            start = {f'c{i:02d}': z for i, z in enumerate(today)} | repaired
            least = min(sum(size[u] for u in p if p[u] != start[u]) for p in plans)
            assert d['levels'][0]['value'] == least, (d['levels'][0], least)
        else:
            # Road from the visits that each cell has in each block: all of it in the morning, seven visits a week.
            def roads(plan):
                zones = {z: [u for u in plan if plan[u] == z] for z in '123'}
                # Ground and visits come from the document, by area: all cells are alike but for having a person.
                return [road(1e6 * len(u), [7 * len(u), 0, 0, 0]) for u in zones.values()]
            if level == 'travel':
                assert d['levels'][0]['value'] == min(sum(roads(p)) for p in plans), d['levels'][0]
        print(level, len(plans), 'plans')
    clash(place)
    bad_input(place)


def clash(place):
    """Rules that clash are named, and a map is found without each of them."""
    folder = os.path.join(place, 'clash')
    made.grid(folder, 4, 4, [60] * 16, ['1'] * 8 + ['2'] * 8)
    cases = {
        'hours': ('  - {rule: hours, zone: "1", min: 12}\n  - {rule: hours, zone: "2", min: 6}\n'
                  '  - {rule: people, min: 20}\n  - {rule: together, areas: [c00, c01]}\n', {'hours of zone 1', 'hours of zone 2'}),
        'exclave': ('  - {rule: fixed, areas: [c15], zone: "1"}\n  - {rule: fixed, areas: [c00], zone: "1"}\n'
                    '  - {rule: fixed, areas: [c10, c11, c14], zone: "2"}\n  - {rule: hours, zone: "2", max: 15}\n',
                    {'connected', 'fixed of zone 1: c15', 'fixed of zone 1: c00', 'fixed of zone 2'}),
        'frozen': ('  - {rule: frozen, zone: "1"}\n  - {rule: fixed, areas: [c12], zone: "1"}\n  - {rule: mix, max: 80}\n',
                   {'frozen of zone 1', 'fixed of zone 1'}),
        'locked': ('  - {rule: together, areas: [c00, c15]}\n  - {rule: fixed, areas: [c00], zone: "1"}\n'
                   '  - {rule: fixed, areas: [c15], zone: "2"}\n', {'together', 'fixed of zone 1', 'fixed of zone 2'})}
    for name, (rules, want) in cases.items():
        d = design(folder, 'version: 1\nrules:\n' + rules, code=1)
        named = [r['text'] for r in d['clash']['rules']]
        assert d['outcome'] == 'clash' and d['clash']['proved'], d
        assert len(named) == len(want) and all(any(t.startswith(w) for t in named) for w in want), (name, named)
        assert all(r['map_found_without_it'] for r in d['clash']['rules']), (name, d['clash'])
        print('clash', name, named)
    large = os.path.join(place, 'large clash')
    made.grid(large, 7, 7, [60] * 49, ['1'] * 21 + ['2'] * 28)
    d = design(large, 'version: 1\nrules:\n  - {rule: hours, zone: "1", min: 30}\n  - {rule: hours, zone: "1", max: 20}\n', code=1)
    assert d['clash']['proved'] and len(d['clash']['rules']) == 2 and 'at least 1800' in d['clash']['why'], d['clash']


def bad_input(place):
    """Every problem of a rules file is listed, with its line; nothing is written."""
    folder = os.path.join(place, 'clash')
    path = os.path.join(folder, 'bad.yaml')
    with open(path, 'w', encoding='utf-8') as f:
        f.write('version: 1\nrules:\n  - {rule: hours, zone: "9", min: 3}\n  - {rule: hourz, min: 3}\n'
                '  - {rule: hours, min: 5, max: 3}\n  - {rule: together, areas: [c00, nowhere]}\n'
                '  - {rule: moved, hours: lots}\nlevels:\n  - {name: fast}\n')
    done = made.run('-C', folder, 'zones', 'design', '--rules', path, '--out', os.path.join(folder, 'none'), code=3)
    for line, word in ((3, '"9"'), (4, 'hourz'), (5, 'max is below min'), (6, 'nowhere'), (7, 'lots'), (9, 'fast')):
        assert any(f':{line}:' in text and word in text for text in done.stderr.split('\n')), (line, word, done.stderr)
    assert not os.path.exists(os.path.join(folder, 'none'))
    # As many levels as there are, one of them twice, and one more by the key snap.
    words = ('moved_hours', 'moved_packages', 'moved_people', 'travel') * 3
    with open(path, 'w', encoding='utf-8') as f:
        f.write('version: 1\nlevels:\n' + ''.join(f'  - {{name: {w}}}\n' for w in words) + 'snap: nowhere.csv\n')
    done = made.run('-C', folder, 'zones', 'design', '--rules', path, '--out', os.path.join(folder, 'none'), code=3)
    assert 'the level travel is listed twice' in done.stderr, done.stderr


COUNTY = """version: 1
rules:
  - {rule: moved, hours: 10%}
  - {rule: hours, class: large, min: 2000, max: 5200}
  - {rule: hours, class: medium, min: 900, max: 3000}
  - {rule: hours, class: small_town, min: 60, max: 1100}
  - {rule: hours, class: small_rural, min: 700, max: 2000}
  - {rule: hours, class: rural_free, min: 300, max: 1600}
  - {rule: viable, providers: 2}
levels:
  - {name: travel, tolerance: 0.2%}
  - {name: moved_hours}
transition: {phases: 4, start: 2021-08-03, end: 2021-11-06}
"""


def county(place, grain):
    folder = os.path.join(place, grain)
    made.county(folder, grain)
    d = design(folder, COUNTY, '--ensemble', '200' if grain == 'lsoa' else '0')
    neighbours = county_graph(grain)
    check_document(folder, neighbours)
    travel, moved = d['levels'][0], next(f for f in d['figures'] if f['name'] == 'moved_hours')
    gain = 100 * (travel['before'] - travel['value']) / travel['before']
    share = 100 * moved['value'] / d['minutes']
    print(f"{grain}: travel {travel['before']} -> {travel['value']} ({gain:.2f} %), bound {travel['bound']}, gap "
          f"{100 * travel['gap']:.1f} %, {share:.2f} % of hours moved, {len(d['repairs'])} areas repaired first")
    assert gain >= 5 and share <= MOST_MOVED and d['repairs'], d['levels']
    for z in d['zones']:
        assert z['after']['viable_providers'] >= min(2, z['before']['viable_providers'])
    if grain == 'lsoa':
        e = d['ensemble']
        assert e['maps'] == 200 and 1 < e['distinct'] <= 200
        bytes_of = lambda: {p.name: p.read_bytes() for p in sorted(pathlib.Path(folder, 'out').iterdir())}
        before = bytes_of()
        design(folder, COUNTY, '--ensemble', '200', '--threads', '1')
        assert bytes_of() == before  # the same on any number of threads


COUNTY_RULES = [{'rule': 'moved', 'share': 1000}] + [
    {'rule': 'hours', 'class': kind, 'min': 60 * low, 'max': 60 * high} for kind, low, high in (
        ('large', 2000, 5200), ('medium', 900, 3000), ('small_town', 60, 1100), ('small_rural', 700, 2000), ('rural_free', 300, 1600))]


def county_graph(grain):
    pairs = made.run('zones', 'adjacency', made.DATA / f'{grain}2011.geojson', '--format', 'csv').stdout.split('\n')[1:]
    neighbours = {}
    for line in filter(None, pairs):
        a, b = line.split(',')[:2]
        neighbours.setdefault(a, []).append(b)
        neighbours.setdefault(b, []).append(a)
    return neighbours


def clashes_of(today, neighbours):
    """Rules that clash, and how many of them are to be named."""
    inner = lambda zone: next(u for u in sorted(today) if today[u] == zone and len(neighbours[u]) > 3
                              and all(today[v] == zone for v in neighbours[u]))
    exclave, core = inner('08'), inner('03')
    ring = {'rule': 'fixed', 'areas': sorted(neighbours[exclave]), 'zone': '08'}
    return {
        'hours too high for the county': ([dict(r, min=9000 * 60, max=10 ** 6) if r.get('class') == 'large' else r for r in COUNTY_RULES], 1),
        'an exclave locked in, and its zone too small': (COUNTY_RULES + [{'rule': 'fixed', 'areas': [exclave], 'zone': '03'}, ring], 4),
        'an exclave locked in': (COUNTY_RULES + [{'rule': 'fixed', 'areas': [exclave, core], 'zone': '03'}, ring], 3)}


def county_clash(place):
    """The rules that clash are named in seconds, and a map is made without each of them."""
    for grain, most in (('lsoa', 10), ('oa', 30)):
        folder = os.path.join(place, grain)
        made.county(folder, grain)
        neighbours = county_graph(grain)
        today = {r['area_id']: r['zone_id'] for r in made.rows(os.path.join(folder, 'areas.csv'))}
        zones = {f'{z:02d}': kind for kind, of in made.CLASSES.items() for z in of}
        for name, (rules, count) in clashes_of(today, neighbours).items():
            before = os.times()
            d = design(folder, check.yaml_of(rules), code=1)
            seconds = os.times().children_user - before.children_user
            named = d['clash']['rules']
            assert d['clash']['proved'] and len(named) == count and seconds < most, (grain, name, seconds, d['clash'])
            assert all(r['map_found_without_it'] for r in named), (grain, name, d['clash'])
            print(f"{grain}, {name}: {seconds:.1f} s of processor; {[r['text'][:30] for r in named]}: {d['clash']['why']}", flush=True)
            for r in named if grain == 'lsoa' and count < 4 else ():
                fewer = [rule for i, rule in enumerate(rules) if i + 3 != r['line']]
                if not r['line']:
                    fewer = fewer + [{'rule': 'connected', 'parts': 9}]
                design(folder, check.yaml_of(fewer), '--work-limit', '3000000')
                plan, minutes = plan_of(folder)
                units = {u: {'minutes': m, 'people': 0, 'rural': 0, 'today': today[u]} for u, m in minutes.items()}
                start = dict(today) | {m['unit']: m['to'] for m in made.rows(os.path.join(folder, 'out', 'moves.csv')) if m['kind'] == 'repair'}
                wrong = check.broken(plan, fewer, units, zones, neighbours, start)
                assert not wrong, (name, r, wrong)


def main():
    with tempfile.TemporaryDirectory() as place:
        if sys.argv[1] == 'small':
            small(place)
        elif sys.argv[1] == 'clash' and made.DATA.is_dir():
            county_clash(place)
        elif not made.DATA.is_dir():
            print(f'SKIPPED WHOLE: no folder {made.DATA}')
        else:
            county(place, sys.argv[1])


if __name__ == '__main__':
    main()
