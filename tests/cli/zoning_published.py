# SPDX-License-Identifier: GPL-3.0-or-later
"""bench_zoning on published instances: optima reached and proved, plans re-checked, counts as published.

usage: zoning_published.py BENCH_ZONING [all]
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import zoning_check as check
import zoning_workspace as made

BENCH, ALL = sys.argv[1], 'all' in sys.argv[2:]
ROOT = pathlib.Path(os.environ.get('HCB_INSTANCES') or os.environ['HCB_SHARED_DEFAULT']) / 'instances' / 'zoning'
PUBLISHED_COUNTS = {4: 117, 5: 4006, 6: 451206}  # OEIS A172477


def rows(*name):
    with open(ROOT.joinpath(*name), encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


def run(*arguments, plan=None):
    command = [BENCH, '--time-limit', '300', *map(str, arguments)] + (['--plan', plan] if plan else [])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), (command, done.returncode, done.stderr)
    return json.loads(done.stdout)


def read_plan(path):
    with open(path, encoding='utf-8', newline='') as f:
        return {int(r['unit']): int(r['zone']) for r in csv.DictReader(f)}


def folder(name):
    population = {int(r['unit']): int(r['population']) for r in rows(name, 'units.csv')}
    neighbours = {u: [] for u in population}
    for r in rows(name, 'edges.csv'):
        neighbours[int(r['a'])].append(int(r['b']))
        neighbours[int(r['b'])].append(int(r['a']))
    return population, neighbours


def counties(plan):
    for r in rows('optima.csv'):
        if r['optimum'] == '':
            continue
        contiguous = r['contiguity'] == 'contiguous'
        flags = [] if contiguous else ['--no-contiguity']
        got = run(ROOT / r['instance'], '--k', r['k'], '--tolerance', r['tolerance'], '--objective', r['objective'], *flags,
                  plan=plan)
        population, neighbours = folder(r['instance'])
        zone, want = read_plan(plan), int(r['optimum'])
        value = check.cut_edges(zone, neighbours) if r['objective'] == 'cut_edges' else check.hess_hops(zone, neighbours,
                                                                                                       population)
        assert got['proved'] and got['objective'] == got['bound'] == want == value, (r, got, value)
        wrong = check.problems(zone, neighbours, population, int(r['k']), r['tolerance'], contiguous)
        assert not wrong, (r, wrong)
        print(f"{r['instance']} {r['objective']} {r['contiguity']}: {want}, proved in {got['seconds']} s")


def unique():
    for name, plans in (('us2010_ME', 1), ('us2020_ME', 6)):
        got = run(ROOT / name, '--k', 2, '--tolerance', 0.005, '--count')
        assert got['complete'] and got['plans'] == plans, got
        print(f'{name}: {plans} legal plan(s), no others')


def counts():
    cuts = {}
    for r in rows('fl25', 'plan_counts_by_cut_edges.csv'):
        cuts.setdefault(r['tolerance'], {})[r['cut_edges']] = int(r['plans'])
    for r in rows('fl25', 'plan_counts.csv'):
        got = run(ROOT / 'fl25', '--k', 3, '--tolerance', 1000 if r['tolerance'] == 'any' else r['tolerance'], '--count')
        assert got['complete'] and got['plans'] == int(r['plans']), (r, got)
        assert got['by_cut_edges'] == cuts[r['tolerance']], (r, got)
    print('fl25: counts as published, also by cut edges')
    for n, plans in PUBLISHED_COUNTS.items():
        if n < 6 or ALL:
            got = run(f'grid:{n}', '--k', n, '--tolerance', 0, '--count')
            assert got['complete'] and got['plans'] == plans, got
            print(f'{n} x {n} into {n}: {plans}')


def grids(plan):
    for r in rows('grids.csv'):
        n = int(r['rows'])
        if n > 9 and not ALL:
            continue
        got = run(f'grid:{n}', '--k', n, '--tolerance', 0, '--objective', 'inertia', plan=plan)
        zone, neighbours = read_plan(plan), check.grid(n)
        want = round(float(r['published_optimum']))
        assert got['proved'] and got['objective'] == check.grid_inertia(zone, n), (r, got)
        assert abs(got['objective'] - want) <= 1, (r, got)  # g10, g13 and g15 are published with a solver's rounding
        if r['optimum_recomputed']:
            assert got['objective'] == int(r['optimum_recomputed']), (r, got)
        wrong = check.problems(zone, neighbours, dict.fromkeys(zone, 1), n, 0)
        assert not wrong, (r, wrong)
        print(f"{r['instance']}: {got['objective']}, proved in {got['seconds']} s")


def county_areas(place, grain):
    """Service areas of the county: a centre in the middle of the people of each of today's zones, with 5 % to spare."""
    key, people = {'lsoa': ('lsoa11', 'pop65p'), 'oa': ('oa11', 'pop65p_est')}[grain]
    table = made.rows(made.DATA / f'{grain}2011.csv')
    index = {r[key]: i for i, r in enumerate(table)}
    at = [(float(r['easting']), float(r['northing'])) for r in table]
    population = [max(1, round(float(r[people]))) for r in table]
    capacity = [0] * len(table)
    for z in sorted({r['zone_inferred'] for r in table}):
        of = [i for i, r in enumerate(table) if r['zone_inferred'] == z]
        total = sum(population[i] for i in of)
        middle = [sum(population[i] * at[i][a] for i in of) / total for a in (0, 1)]
        capacity[min(of, key=lambda i: (at[i][0] - middle[0]) ** 2 + (at[i][1] - middle[1]) ** 2)] = total * 105 // 100
    neighbours = {i: [] for i in range(len(table))}
    folder = pathlib.Path(place, f'areas_{grain}')
    folder.mkdir()
    with open(folder / 'units.csv', 'w', encoding='utf-8') as f, open(folder / 'edges.csv', 'w', encoding='utf-8') as g:
        f.write('unit,population,x,y,capacity\n')
        for i, (x, y) in enumerate(at):
            f.write(f'{i},{population[i]},{x},{y},{capacity[i]}\n')
        g.write('a,b\n')
        for line in made.run('zones', 'adjacency', made.DATA / f'{grain}2011.geojson', '--format', 'csv').stdout.split('\n')[1:]:
            if line:
                a, b = sorted(index[u] for u in line.split(',')[:2])
                g.write(f'{a},{b}\n')
                neighbours[a].append(b)
                neighbours[b].append(a)
    return folder, neighbours, population, capacity, at


def areas(place, grain, most_gap, seconds):
    if not made.DATA.is_dir():
        return
    folder, neighbours, population, capacity, at = county_areas(place, grain)
    plan = os.path.join(place, 'areas.csv')
    got = run(folder, '--areas', '--time-limit', seconds, '--gap', most_gap, plan=plan)
    wrong, cost = check.service_areas(read_plan(plan), neighbours, population, capacity, at)
    assert not wrong and abs(cost - got['objective']) < 1e-6 * cost and got['bound'] <= cost * (1 + 1e-9), (wrong, got, cost)
    assert got['gap'] <= most_gap + 1e-9, got
    print(f"{got['units']} units, {got['k']} service areas: {cost:.0f}, gap {100 * got['gap']:.3f} %, found in "
          f"{got['best_processor_seconds']} s and {'proved' if got['proved'] else 'not proved'} in {got['processor_seconds']} s of processor")


def same_on_any_number_of_threads(plan):
    seen = []
    for threads in (1, 3):
        run(ROOT / 'us2010_NM', '--k', 3, '--tolerance', 0.005, '--objective', 'cut_edges', '--threads', threads, plan=plan)
        seen.append(pathlib.Path(plan).read_bytes())
    assert seen[0] == seen[1]


def main():
    if not ROOT.is_dir():
        print(f'SKIPPED WHOLE: no folder {ROOT}')
        return
    with tempfile.TemporaryDirectory() as place:
        plan = os.path.join(place, 'plan.csv')
        counties(plan)
        unique()
        counts()
        grids(plan)
        same_on_any_number_of_threads(plan)
        areas(place, 'lsoa', 0 if ALL else 0.01, 100)
        if ALL:
            areas(place, 'oa', 0.002, 60)


main()
