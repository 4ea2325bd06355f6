#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios, comparisons and sweeps from outside. What they say is recomputed here from the files alone.

usage: scenarios.py [unittest options]; HCBROKER is the program, HCB_DATA_DIR the bundled data.
"""
import collections, csv, datetime, json, os, re, shutil, signal, subprocess, tempfile, time, unittest

PROGRAM = os.environ['HCBROKER']
DATA = os.environ['HCB_DATA_DIR']
FEWEST = 5


def rows(*path):
    with open(os.path.join(*path), encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


def read(*path):
    with open(os.path.join(*path), encoding='utf-8') as f:
        return f.read()


# A script in the background is begun with Ctrl-C ignored, and so would be what it begins.
signal.signal(signal.SIGINT, signal.default_int_handler)


def half_up(a, b):
    """a / b rounded half up, b > 0."""
    return (2 * a + b) // (2 * b)


class Case(unittest.TestCase):
    SCALE = '0.05'

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='hcbroker-scenarios-')
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.good('init', self.path('ws'))
        self.good('-C', self.path('ws'), 'generate', '--scenario', 's1', '--scale', self.SCALE, '--queue', '25', '--spare', '0.6')

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def run_program(self, *args):
        return subprocess.run([PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True, cwd=self.folder)

    def good(self, *args):
        done = self.run_program(*args)
        self.assertEqual(done.returncode, 0, '%s\n%s%s' % (args, done.stdout[-2000:], done.stderr))
        return done

    def write(self, name, text):
        with open(self.path(name), 'w', encoding='utf-8') as f:
            f.write(text)
        return self.path(name)

    def scenario(self, name, changes, more=''):
        return self.write(name, 'version: 1\nname: %s\nbase: ws\nchanges: %s\n%s' % (name, changes, more))

    def compare(self, a, b, *options):
        out = self.path('out')
        shutil.rmtree(out, True)
        self.good('-C', self.path('ws'), 'compare', a, b, '--out', out, '--quiet', *options)
        return json.loads(read(out, 'comparison.json'))

    def people(self, side):
        return {r['package_id']: r for r in rows(self.path('out'), 'packages.csv') if r['in'] in (side, 'both')}


def figures(table):
    return {f['figure']: f for f in table}


def everything(comparison):
    """Every row of figures of a comparison, with a name."""
    for f in comparison['totals']:
        yield ('totals', f['figure']), f
    for key, the_id in (('by_zone', 'zone_id'), ('by_provider', 'provider_id')):
        for row in comparison[key]:
            for f in row['figures']:
                yield (key, row[the_id], f['figure']), f
    for f in comparison['budget']:
        yield ('budget', f['year']), f


class Comparisons(Case):
    def test_a_against_a_is_all_zeros(self):
        for options in ((), ('--replan', 'free', '--work-limit', '20000'), ('--method', 'sequential')):
            c = self.compare('ws', 'ws', *options)
            for name, f in everything(c):
                self.assertEqual(f['a'], f['b'], name)
                self.assertEqual(f['difference'], None if f['a'] is None else 0, name)
            self.assertEqual({r['changed'] for r in rows(self.path('out'), 'packages.csv')}, {'no'})
            self.assertEqual({k: v for k, v in c['packages'].items() if v and k != 'both'}, {})

    def test_b_minus_a_is_the_negative_of_a_minus_b(self):
        other = self.scenario('other.yaml', '{demand: {people: +20%, hours: +14%}, capacity: +10%, prices: +3%, '
                                            'policy: ws/open_framework.yaml}')
        forth = dict(everything(self.compare('ws', other)))
        back = dict(everything(self.compare(other, 'ws')))
        self.assertEqual(set(forth), set(back))
        changed = 0
        for name, f in forth.items():
            self.assertEqual((f['a'], f['b']), (back[name]['b'], back[name]['a']), name)
            if f['difference'] is not None:
                self.assertEqual(f['difference'], -back[name]['difference'], name)
                self.assertEqual(f['difference'], (f['b'] or 0) - (f['a'] or 0), name)
                changed += f['difference'] != 0
        self.assertGreater(changed, 50)

    def test_the_figures_are_those_of_the_files(self):
        """Everything of the workspace as it is, from its files and from `allocate`."""
        ws = self.path('ws')
        c = self.compare('ws', 'ws')
        self.good('-C', ws, 'allocate', '--out', self.path('plan'), '--quiet')
        as_of = datetime.date(2020, 12, 1)
        minutes, shortest, most = collections.Counter(), {}, {}
        for v in rows(ws, 'visits.csv'):
            k, carers, length = v['package_id'], int(v['carers'] or 1), int(v['minutes'])
            minutes[k] += sum(d != '-' for d in v['days']) * length * carers
            shortest[k] = min(shortest.get(k, 9999), length)
            most[k] = max(most.get(k, 1), carers)
        placed = {r['package_id']: r['provider_id'] for r in rows(self.path('plan'), 'allocations.csv')}
        waiting = {r['package_id']: r for r in rows(self.path('plan'), 'waiting.csv')}
        queue = {r['package_id']: r for r in rows(ws, 'packages.csv')}
        provider = {r['package_id']: r['provider_id'] for r in rows(ws, 'placements.csv')
                    if not r.get('end') or datetime.date.fromisoformat(r['end']) >= as_of}
        provider.update(placed)
        self.assertEqual(set(queue), set(placed) | set(waiting))
        where = self.people('a')
        self.assertEqual(set(where), set(provider) | set(waiting))
        bands = {r['band']: round(float(r['price_per_hour']) * 100) for r in rows(ws, 'prices.csv')}
        cover = {(r['provider_id'], r['zone_id']): r for r in rows(ws, 'coverage.csv')}
        size = {r['provider_id']: r for r in rows(ws, 'providers.csv')}
        cost, prime, quality, by_provider, by_pair = 0, 0, 0, collections.Counter(), collections.Counter()
        for k, p in provider.items():
            zone, band = where[k]['zone_a'], where[k]['band_a']
            self.assertEqual(where[k]['provider_a'], p)
            own = cover[p, zone]['price_' + band]
            pence = half_up(minutes[k] * (round(float(own) * 100) if own else bands[band]), 60)
            self.assertEqual(int(where[k]['weekly_cost_pence_a']), pence)
            self.assertEqual(int(where[k]['carer_minutes_a']), minutes[k])
            cost += pence
            prime += minutes[k] * (cover[p, zone]['tier'] == 'prime')
            quality += minutes[k] * int(size[p]['quality'])
            by_provider[p] += minutes[k]
            by_pair[p, zone] += minutes[k]
        total = sum(by_provider.values())
        by_zone = collections.Counter()
        for (p, z), m in by_pair.items():
            by_zone[z] += m
        hhi_zone = {z: half_up(sum(m * m for (p, y), m in by_pair.items() if y == z) * 10000, by_zone[z] ** 2)
                    for z in by_zone}
        seconds = sum(int(where[k]['travel_seconds_a']) for k in provider)
        hard = {k for k in queue if where[k]['band_a'] in ('rural', 'isolated') or shortest[k] < 30 or most[k] > 1}
        days = [(as_of - datetime.date.fromisoformat(queue[k]['received'])).days for k in waiting if queue[k]['received']]
        capacity = sum(float(r['capacity_hours']) * 60 if ':' not in r['capacity_hours'] else
                       int(r['capacity_hours'].split(':')[0]) * 60 + int(r['capacity_hours'].split(':')[1])
                       for r in size.values())
        expected = {
            'people': len(provider) + len(waiting), 'people_served': len(provider), 'people_waiting': len(waiting),
            'packages_offered': len(queue), 'people_moved': 0, 'carer_minutes_served': total,
            'carer_minutes_waiting': sum(minutes[k] for k in waiting), 'weekly_cost_pence': cost,
            'price_pence_per_hour': half_up(cost * 60, total), 'travel_minutes': half_up(seconds, 60),
            'travel_per_contact_hour': half_up(seconds * 100, total), 'providers_serving': len(by_provider),
            'providers_monitored': len(by_provider), 'provider_zone_pairs': len(by_pair),
            'capacity_used': half_up(total * 10000, round(capacity)),
            'hhi_hours': half_up(sum(m * m for m in by_provider.values()) * 10000, total ** 2),
            'hhi_hours_zones': half_up(sum(hhi_zone[z] * m for z, m in by_zone.items()), total),
            'largest_share': half_up(max(by_provider.values()) * 10000, total),
            'zones_over_half': sum(max(m for (p, y), m in by_pair.items() if y == z) * 2 > by_zone[z] for z in by_zone),
            'prime_share': half_up(prime * 10000, total), 'quality_mean': half_up(quality * 100, total),
            'unattractive_offered': len(hard), 'unattractive_waiting': len(hard & set(waiting)),
            'unattractive_left_share': half_up(len(hard & set(waiting)) * 10000, len(hard)),
            'other_left_share': half_up(len(set(waiting) - hard) * 10000, len(queue) - len(hard)),
            'waiting_days_mean': half_up(sum(days) * 10, len(days)) if days else None,
            'short_waiting': sum(shortest[k] < 30 for k in waiting),
            'double_handed_waiting': sum(most[k] > 1 for k in waiting)}
        found = {k: f['a'] for k, f in figures(c['totals']).items()}
        self.assertEqual({k: found[k] for k in expected}, expected)
        self.assertGreater(len(waiting), 0)
        self.assertGreater(len(placed), 0)
        for row in c['by_zone']:
            f = figures(row['figures'])
            self.assertEqual(f['carer_minutes_served']['a'], by_zone[row['zone_id']])
            self.assertEqual(f['hhi_hours']['a'], hhi_zone.get(row['zone_id']))
        for row in c['by_provider']:
            self.assertEqual(figures(row['figures'])['carer_minutes_served']['a'], by_provider[row['provider_id']])
        week = cost * 365
        first = half_up(week, 7)
        self.assertEqual(c['budget'][0]['a'], first + half_up(first * 2, 100))
        self.assertEqual(len(c['budget']), 4)

    def test_the_parts_add_up_to_the_totals(self):
        other = self.scenario('other.yaml', '{demand: {starts: +70%}, providers: {P001: leaves}}')
        c = self.compare('ws', other)
        for side in 'ab':
            total = {k: f[side] for k, f in figures(c['totals']).items()}
            for key, names in (('by_zone', ('people_served', 'people_waiting', 'carer_minutes_served',
                                            'carer_minutes_waiting', 'weekly_cost_pence', 'unattractive_waiting')),
                               ('by_provider', ('people_served', 'carer_minutes_served', 'weekly_cost_pence'))):
                for name in names:
                    parts = sum(figures(row['figures'])[name][side] or 0 for row in c[key])
                    self.assertEqual(parts, total[name], (side, key, name))
            people = self.people(side)
            self.assertEqual(len(people), total['people'])
            self.assertEqual(sum(int(p['carer_minutes_' + side]) for p in people.values()),
                             total['carer_minutes_served'] + total['carer_minutes_waiting'])

    def test_lines_fit_eighty_columns(self):
        other = self.scenario('other.yaml', '{demand: {people: +20%}}')
        for options in ((), ('--public',)):
            text = self.good('-C', 'ws', 'compare', 'ws', other, *options).stdout
            self.assertLessEqual(max(map(len, text.split('\n'))), 80)


class Changes(Case):
    def test_demand_draws_the_same_people_in_every_scenario(self):
        more = {p: self.scenario('more%d.yaml' % p, '{demand: {people: +%d%%}}' % p) for p in (10, 25, 130)}
        lean = self.scenario('lean.yaml', '{demand: {people: +25%}, providers: {P002: leaves}, prices: +5%}')
        fewer = self.scenario('fewer.yaml', '{demand: {people: -20%}}')
        seeded = self.scenario('seeded.yaml', '{demand: {people: +25%}}', 'run: {seed: 7}\n')
        base = self.compare('ws', more[25])
        n, few = len(self.people('a')), set(self.people('a'))
        many = set(self.people('b'))
        self.assertEqual(len(many), n + half_up(n * 25, 100))
        self.assertLess(few, many)
        self.compare(more[10], lean)
        self.assertEqual(len(self.people('a')), n + half_up(n, 10))
        self.assertLess(set(self.people('a')), many)
        self.assertEqual(set(self.people('b')), many)
        self.compare(more[130], seeded)
        self.assertEqual(len(self.people('a')), n + half_up(n * 130, 100))
        self.assertLess(many, set(self.people('a')))
        self.assertNotEqual(set(self.people('b')), many)
        self.compare('ws', fewer)
        self.assertEqual(len(self.people('b')), n - half_up(n * 20, 100))
        self.assertLess(set(self.people('b')), few)
        self.assertEqual(figures(base['totals'])['packages_offered']['difference'], half_up(n * 25, 100))

    def test_starts_are_of_the_queue(self):
        starts = self.scenario('starts.yaml', '{demand: {starts: +70%}}')
        c = self.compare('ws', starts)
        new = set(self.people('b')) - set(self.people('a'))
        self.assertEqual(len(new), half_up(25 * 70, 100))
        self.assertEqual({k[0] for k in new}, {'Q'})
        self.assertEqual(figures(c['totals'])['packages_offered']['b'], 25 + len(new))

    def test_hours_grow_as_asked(self):
        for change, factor in (('+14%', 1.14), ('+100%', 2)):
            c = self.compare('ws', self.scenario('hours.yaml', '{demand: {hours: %s}}' % change))
            total = figures(c['totals'])
            minutes = [total['carer_minutes_served'][s] + total['carer_minutes_waiting'][s] for s in 'ab']
            self.assertAlmostEqual(minutes[1] / minutes[0], factor, delta=0.01)
            self.assertEqual(total['people']['difference'], 0)
            people = self.people('b')
            for k, p in self.people('a').items():
                ratio = int(people[k]['carer_minutes_b']) / int(p['carer_minutes_a'])
                self.assertAlmostEqual(ratio, factor, delta=0.5 / 15 + 1e-9)

    def test_a_provider_that_leaves(self):
        leaver = collections.Counter(r['provider_id'] for r in rows(self.path('ws'), 'placements.csv')).most_common(1)[0][0]
        c = self.compare('ws', self.scenario('leaves.yaml', '{providers: {%s: leaves}}' % leaver))
        a, b = self.people('a'), self.people('b')
        self.assertEqual(set(a), set(b))
        theirs = {k for k, p in a.items() if p['provider_a'] == leaver}
        self.assertGreater(len(theirs), 2)
        self.assertFalse([k for k, p in b.items() if p['provider_b'] == leaver])
        row = [r for r in c['by_provider'] if r['provider_id'] == leaver][0]
        self.assertEqual(figures(row['figures'])['people_served']['b'], 0)
        total = figures(c['totals'])
        self.assertEqual(total['packages_offered']['difference'],
                         len(theirs & {r['package_id'] for r in rows(self.path('ws'), 'placements.csv')}))
        self.assertEqual(total['carer_minutes_served']['difference'], -total['carer_minutes_waiting']['difference'])

    def test_prices_and_the_wage_year(self):
        years = os.path.join(DATA, 'leicestershire', 'price_years.yaml')
        base = None
        for changes, factor in (('{prices: +10%}', {b: 1.1 for b in ('urban', 'fringe', 'rural', 'isolated')}),
                                ('{prices: {rural: +20%}}', {'urban': 1, 'fringe': 1, 'rural': 1.2, 'isolated': 1}),
                                ('{wage_year: {from: "2014", to: 2020-21, file: %s}}' % years,
                                 {b: 2069 / 1520 for b in ('urban', 'fringe', 'rural', 'isolated')})):
            self.compare('ws', self.scenario('prices.yaml', changes), '--method', 'sequential')
            bands = {r['band']: round(float(r['price_per_hour']) * 100) for r in rows(self.path('ws'), 'prices.csv')}
            own = {(r['provider_id'], r['zone_id']) for r in rows(self.path('ws'), 'coverage.csv') if r.get('price_urban')}
            checked = 0
            for p in self.people('b').values():
                if p['provider_b'] and (p['provider_b'], p['zone_b']) not in own:
                    price = int(bands[p['band_b']] * factor[p['band_b']] + 0.5)
                    self.assertEqual(int(p['weekly_cost_pence_b']), half_up(int(p['carer_minutes_b']) * price, 60))
                    checked += 1
            self.assertGreater(checked, 50)

    def test_another_map_conserves_people_hours_and_area(self):
        ws = self.path('ws')
        areas = rows(ws, 'areas.csv')
        moved = [r for r in areas if r['zone_id'] == '04'][:3]
        for r in moved:
            r['zone_id'] = '13'
        with open(self.path('areas.csv'), 'w', encoding='utf-8', newline='') as f:
            out = csv.DictWriter(f, areas[0])
            out.writeheader()
            out.writerows(areas)
        shutil.copy(os.path.join(ws, 'areas.geojson'), self.path('areas.geojson'))
        self.good('zones', 'dissolve', '--areas', 'areas.csv', '--polygons', 'areas.geojson', '--zones',
                  os.path.join(DATA, 'leicestershire', 'zones.csv'), '--out', 'zones.geojson')
        redrawn = self.scenario('map.yaml', '{zones: zones.geojson, areas: areas.csv, areas_geojson: areas.geojson}')
        c = self.compare('ws', redrawn)
        total = figures(c['totals'])
        a, b = self.people('a'), self.people('b')
        self.assertEqual(set(a), set(b))
        self.assertEqual({k: (p['band_a'], p['carer_minutes_a']) for k, p in a.items()},
                         {k: (p['band_b'], p['carer_minutes_b']) for k, p in b.items()})
        changed = [k for k, p in a.items() if p['zone_a'] != p['zone_b']]
        self.assertGreater(len(changed), 0)
        self.assertEqual({(a[k]['zone_a'], a[k]['zone_b']) for k in changed}, {('04', '13')})
        self.assertEqual(c['packages']['other_zone'], len(changed))
        self.assertEqual(total['people']['difference'], 0)
        self.assertEqual(sum(total[f]['difference'] for f in ('carer_minutes_served', 'carer_minutes_waiting')), 0)
        area = [sum(figures(r['figures'])['area_m2'][s] for r in c['by_zone']) for s in 'ab']
        self.assertLessEqual(abs(area[0] - area[1]), len(c['by_zone']))
        with open(self.path('plan.csv'), 'w', encoding='utf-8') as f:
            f.write('unit,zone\n' + ''.join('%s,13\n' % r['area_id'] for r in moved))
        planned = self.scenario('plan.yaml', '{zones: zones.geojson, plan: plan.csv}')
        same = self.compare(redrawn, planned)
        self.assertEqual([name for name, f in everything(same) if f['difference']], [])
        self.assertEqual(same['packages']['other_zone'] + same['packages']['other_band'], 0)
        lost = self.scenario('lost.yaml', '{zones: zones.geojson, plan: lost.csv}')
        self.write('lost.csv', 'area_id,zone_id\nnowhere,13\n%s,99\n' % moved[0]['area_id'])
        done = self.run_program('compare', 'ws', lost)
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, r'lost\.csv:2:1: error: area_id: "nowhere" is not in areas\.csv')
        self.assertRegex(done.stderr, r'lost\.csv:3:\d+: error: zone_id: "99" is not in .*zones\.geojson')
        self.compare('ws', redrawn)
        drawn = {f['properties']['zone_id']: f for f in json.loads(read(self.path('out'), 'zones_b.geojson'))['features']}
        self.assertEqual(drawn['13']['properties']['people_served'],
                         figures([r for r in c['by_zone'] if r['zone_id'] == '13'][0]['figures'])['people_served']['b'])

    def test_lots_have_one_lead_each_that_takes_nobody_elsewhere(self):
        lots = self.scenario('lots.yaml', '{lots: yes, prices: one_rate, tender: yes, policy: %s}'
                             % os.path.join(DATA, 'scenarios', 'policies', 'lots.yaml'), 'run: {work_limit: 20000}\n')
        c = self.compare('ws', lots)
        served = collections.defaultdict(collections.Counter)
        for p in self.people('a').values():
            if p['provider_a'] and p['package_id'][0] != 'Q':
                served[p['zone_a']][p['provider_a']] += int(p['carer_minutes_a'])
        active = {r['provider_id'] for r in rows(self.path('ws'), 'providers.csv') if r.get('active') != 'no'}
        cover = collections.defaultdict(set)
        for r in rows(self.path('ws'), 'coverage.csv'):
            cover[r['zone_id']].add(r['provider_id'])
        zones = sorted(cover, key=lambda z: (-sum(served[z].values()), z))
        lead = {}
        for z in zones:
            free = sorted(cover[z] & active - set(lead.values()), key=lambda p: (-served[z][p], p))
            if free:
                lead[z] = free[0]
        price = {}
        for p in self.people('b').values():
            if p['provider_b']:
                self.assertTrue(p['provider_b'] not in lead.values() or lead.get(p['zone_b']) == p['provider_b'], p)
                price.setdefault(p['zone_b'], set()).add(round(int(p['weekly_cost_pence_b']) * 60 / int(p['carer_minutes_b'])))
        self.assertEqual({len(v) for v in price.values()}, {1})
        self.assertEqual(figures(c['totals'])['providers_monitored']['b'], len(set(lead.values())))

    def test_refusals_leave_out_what_does_not_pay(self):
        c = self.compare('ws', self.scenario('refuse.yaml', '{refusals: [prime, supplementary, framework]}'))
        total = figures(c['totals'])
        self.assertGreaterEqual(total['people_waiting']['difference'], 0)
        self.assertLessEqual(total['people_below_cost']['difference'], 0)
        free = self.compare('ws', self.scenario('costless.yaml', '{refusals: [prime, supplementary, framework], '
                                                                 'costs: {wage: 0.01, on_cost: 0%, per_mile: 0, overhead: 0%}}'))
        self.assertEqual(figures(free['totals'])['people_below_cost']['b'], 0)
        self.assertEqual(figures(free['totals'])['people_waiting']['difference'], 0)

    def test_the_budget_by_hand(self):
        lines = self.scenario('budget.yaml', '{}', 'budget: {years: 2, first: 2021-22, growth: [1%, 3%], inflation: 2.5%, '
                                                   'savings: [100.00, 0]}\n')
        c = self.compare('ws', lines)
        year = half_up(figures(c['totals'])['weekly_cost_pence']['b'] * 365, 7)
        for found, growth, savings in zip(c['budget'], (1, 3), (10000, 0)):
            year += half_up(year * growth, 100)
            year += half_up(year * 25, 1000) - savings
            self.assertEqual(found['b'], year)
        self.assertEqual(c['budget'][0]['year'], 'year 1')
        self.assertIsNone(c['budget'][3]['b'])


class Files(Case):
    def test_every_problem_has_its_place(self):
        bad = self.write('bad.yaml', 'version: 2\nbase: nowhere\nchanges:\n  demand: {people: 25, hour: +1%}\n'
                                     '  policy: none.yaml\n  providers: {P001: goes}\n  capcity: +1%\nrun: {method: best}\n')
        done = self.run_program('-C', 'ws', 'sweep', bad)
        self.assertEqual(done.returncode, 3, done.stderr)
        places = re.findall(r'bad\.yaml:(\d+):(\d+): error: ', done.stderr)
        self.assertEqual(sorted(places), [('1', '10'), ('2', '7'), ('4', '20'), ('4', '24'), ('5', '11'), ('6', '21'), ('7', '3'),
                                          ('8', '15')], done.stderr)
        self.assertIn('did you mean "hours"', done.stderr)

    def test_a_provider_that_is_not_there(self):
        done = self.run_program('compare', 'ws', self.scenario('who.yaml', '{providers: {P01: leaves}}'))
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, r'who\.yaml:4:\d+: error: providers: "P01" is not a provider')
        self.assertRegex(done.stderr, r'did you mean "P')

    def test_names_that_lead_nowhere(self):
        many = self.write('many.yaml', 'version: 1\nbase: ws\nscenarios:\n  - {name: one}\n  - {name: two}\n')
        for args, code in ((('compare', 'ws', 'nothing'), 5), (('compare', 'ws', 'ws/nothing.yaml'), 5),
                           (('compare', 'ws', many), 2), (('compare', 'ws', many + '#three'), 5),
                           (('compare', 'ws', many + '#two'), 0), (('sweep', 'ws', '--time-limit', '3'), 2),
                           (('sweep', 'ws', '--replan', 'maybe'), 2)):
            done = self.run_program(*args)
            self.assertEqual(done.returncode, code, (args, done.stderr))
            self.assertTrue(done.stderr if code else True)
        self.assertEqual(self.run_program('compare', 'ws', many).stderr.count('#one'), 1)


class Sweeps(Case):
    SIX = ''.join('  - {name: people %d, changes: {demand: {people: +%d%%}}}\n' % (p, p) for p in (0, 5, 10, 15, 20, 25))

    def sweep_file(self, scenarios=None, more=''):
        return self.write('sweep.yaml', 'version: 1\nname: Demand\nbase: ws\n%sscenarios:\n%s' % (more, scenarios or self.SIX))

    def results(self, out):
        found = {}
        for folder, _, names in os.walk(self.path(out)):
            for name in names:
                with open(os.path.join(folder, name), 'rb') as f:
                    found[os.path.relpath(os.path.join(folder, name), self.path(out))] = f.read()
        return found

    def test_warnings_of_single_scenarios_are_kept_together(self):
        path = self.path('ws', 'providers.csv')
        with open(path, encoding='utf-8', newline='') as f:
            lines = f.read().splitlines(True)
        with open(path, 'a', encoding='utf-8', newline='') as f:
            for name in 'P998', 'P999':
                f.write(lines[1].replace(lines[1].split(',')[0], name, 1))
        text = self.run_program('-C', 'ws', 'check').stderr
        self.assertIn('provider "P999" covers no zone', text)
        sweep = self.sweep_file('  - {name: as it is}\n  - {name: more, changes: {demand: {people: +5%}, capacity: -60%}}\n')
        for threads in ('1', '2'):
            done = self.good('sweep', sweep, '--out', 'out' + threads, '--threads', threads)
            self.assertNotIn('provider "P999" covers no zone', done.stderr)
            self.assertRegex(done.stderr, r'provider "P998" covers no zone.* \(the first of 2 alike, the next in line '
                             r'\d+; in all 2 scenarios\)')
        found = json.loads(read(self.path('out1'), 'sweep.json'))['warnings']
        mine = [w for w in found if 'P999' in w['message']]
        self.assertEqual([w['scenarios'] for w in mine], [['as it is', 'more']])
        full = [w for w in found if "today's placements use" in w['message']]
        self.assertGreater(len(full), 2)
        self.assertEqual({tuple(w['scenarios']) for w in full}, {('more',)})
        # Those of one kind are one line, with the first two and their number.
        lines = [line for line in done.stderr.splitlines() if "today's placements use" in line]
        self.assertEqual(len(lines), 1, lines)
        self.assertIn(f"warning: {full[0]['what']}: {full[0]['message']} (the first of {len(full)} alike, "
                      f"the next {full[1]['what']}; in the scenario \"more\")", lines[0])
        self.assertEqual(self.results('out1'), self.results('out2'))
        self.good('sweep', sweep, '--out', 'out1', '--quiet')  # taken over: they warn of the same
        self.assertEqual(self.results('out1'), self.results('out2'))
        self.good('sweep', sweep, '--out', 'told', '--public', '--quiet')
        self.assertNotIn('warnings', json.loads(read(self.path('told'), 'sweep.json')))

    def test_any_number_of_threads_gives_the_same_bytes(self):
        sweep = self.sweep_file()
        for threads in ('1', '3', '64'):
            self.good('sweep', sweep, '--out', 'out' + threads, '--threads', threads, '--quiet')
        self.assertEqual(self.results('out1'), self.results('out3'))
        self.assertEqual(self.results('out1'), self.results('out64'))
        found = json.loads(read(self.path('out1'), 'sweep.json'))
        self.assertEqual([s['status'] for s in found['scenarios']], ['done'] * 6)
        served = [s['values']['people'] for s in found['scenarios']]
        self.assertEqual(served, sorted(set(served)))
        names = [f['name'] for f in found['figures']]
        for row, scenario in zip(rows(self.path('out1'), 'sweep.csv'), found['scenarios']):
            self.assertEqual(row['scenario'], scenario['name'])
            self.assertEqual([row[n] for n in names],
                             ['' if scenario['values'][n] is None else str(scenario['values'][n]) for n in names])
            one = json.loads(read(self.path('out1'), scenario['file']))
            self.assertEqual({n: one['values'][n] for n in names}, scenario['values'])
            self.assertEqual((one['hash'], one['kind']), (scenario['hash'], 'scenario'))

    def test_what_is_there_is_not_run_again(self):
        sweep = self.sweep_file()
        self.good('sweep', sweep, '--out', 'out', '--quiet')
        first = self.results('out')
        folder = self.path('out', 'scenarios')
        names = sorted(os.listdir(folder))
        os.unlink(os.path.join(folder, names[0]))
        with open(os.path.join(folder, names[1]), 'r+', encoding='utf-8') as f:
            f.truncate(300)
        when = {n: os.stat(os.path.join(folder, n)).st_mtime_ns for n in names[1:]}
        time.sleep(0.02)
        self.good('sweep', sweep, '--out', 'out', '--quiet')
        self.assertEqual(self.results('out'), first)
        again = {n: os.stat(os.path.join(folder, n)).st_mtime_ns for n in names[1:]}
        self.assertEqual([n for n in when if when[n] != again[n]], [names[1]])
        # Another price, another scenario, another option: new names, so nothing old is taken for it.
        self.good('sweep', sweep, '--out', 'out', '--quiet', '--seed', '2')
        self.assertEqual(len(os.listdir(folder)), 12)

    def test_a_sweep_that_is_stopped_goes_on(self):
        slow = ''.join('  - {name: n%d, changes: {demand: {people: +%d%%}, tender: yes}, run: {work_limit: 1000000}}\n' % (p, p)
                       for p in range(30))
        sweep = self.sweep_file(slow)
        process = subprocess.Popen([PROGRAM, 'sweep', sweep, '--out', self.path('out'), '--threads', '2'], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        folder = self.path('out', 'scenarios')
        until = time.monotonic() + 60
        while time.monotonic() < until and not (os.path.isdir(folder) and
                                                [n for n in os.listdir(folder) if n.endswith('.json')]):
            time.sleep(0.005)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, stderr)
        found = json.loads(read(self.path('out'), 'sweep.json'))
        status = [s['status'] for s in found['scenarios']]
        self.assertIn('done', status)
        self.assertIn('cancelled', status)
        self.assertIn('stopped after %d of 30' % status.count('done'), stdout)
        self.assertEqual(status.count('done'), len(os.listdir(folder)))
        for s in found['scenarios']:
            self.assertEqual(s['values'] != {}, s['status'] == 'done')
        kept = {n: read(folder, n) for n in os.listdir(folder)}
        few = self.sweep_file(''.join(slow.splitlines(True)[:3]))
        self.good('sweep', few, '--out', 'out', '--quiet')
        self.good('sweep', few, '--out', 'fresh', '--quiet')
        resumed, fresh = self.results('out'), self.results('fresh')
        for name in fresh:
            self.assertEqual(resumed[name], fresh[name], name)
        self.assertEqual(kept, {n: read(folder, n) for n in kept})

    def test_a_scenario_that_fails_says_where(self):
        sweep = self.sweep_file(self.SIX + '  - {name: broken, changes: {providers: {nobody: leaves}}}\n')
        done = self.run_program('sweep', sweep, '--out', 'out')
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertRegex(done.stderr, r'sweep\.yaml:11:\d+: error: providers: "nobody" is not a provider')
        self.assertFalse(os.path.exists(self.path('out', 'sweep.json')))

    def test_the_provider_models_end_in_a_table(self):
        done = self.good('-C', 'ws', 'sweep', 'provider-models', '--out', 'out')
        self.assertLessEqual(max(map(len, done.stdout.split('\n'))), 80)
        self.assertIn('THE QUEUE OF THIS MORNING', done.stdout)
        self.assertIn('left waiting', done.stdout)
        found = json.loads(read(self.path('out'), 'sweep.json'))
        self.assertEqual(len(found['scenarios']), 6)
        self.assertEqual({s['values']['people'] for s in found['scenarios']}, {found['scenarios'][0]['values']['people']})
        listed = json.loads(self.good('-C', 'ws', 'sweep', 'provider-models', '--list').stdout)
        self.assertEqual([s['name'] for s in listed['scenarios']], [s['name'] for s in found['scenarios']])
        one = json.loads(self.good('-C', 'ws', 'compare', listed['scenarios'][0]['scenario'], 'provider-models#Open framework',
                                   '--format', 'json', '--work-limit', '5').stdout)
        self.assertEqual(figures(one['totals'])['people_served']['a'], found['scenarios'][0]['values']['people_served'])


class Public(Case):
    COUNTS = {'people', 'people_served', 'people_waiting', 'packages_offered', 'people_moved', 'people_below_cost',
              'unattractive_offered', 'unattractive_waiting', 'rural_waiting', 'short_waiting', 'double_handed_waiting'}

    def check_rows(self, pairs):
        """Counts told are multiples of 5 or not told; whatever two of them are subtracted, no small number comes out."""
        told = set()
        for name, value in pairs:
            if name in self.COUNTS and value is not None:
                self.assertEqual(value % FEWEST, 0, (name, value))
                told.add(value)
        return told

    def test_small_numbers_are_in_no_file(self):
        other = self.scenario('other.yaml', '{demand: {starts: +30%}, providers: {P003: leaves}}')
        exact = self.compare('ws', other)
        shown = self.compare('ws', other, '--public')
        self.assertEqual(sorted(os.listdir(self.path('out'))), ['comparison.json', 'zones_a.geojson', 'zones_b.geojson'])
        self.assertTrue(shown['public'])
        hidden = small = 0
        for (name, e), (_, s) in zip(everything(exact), everything(shown)):
            told = self.check_rows((name[-1], s[side]) for side in 'ab')
            if name[-1] in self.COUNTS:
                for side in 'ab':
                    if 0 < e[side] < FEWEST:
                        small += 1
                        self.assertIsNone(s[side], name)
                        self.assertIsNone(s['difference'], name)
                    hidden += s[side] is None
                if s['difference'] is not None:
                    self.assertEqual(s['difference'] % FEWEST, 0)
                    self.assertEqual(s['difference'], s['b'] - s['a'])
        self.assertGreater(small, 10)
        self.assertGreaterEqual(hidden, small)
        for value in shown['packages'].values():
            self.assertTrue(value is None or value % FEWEST == 0, shown['packages'])
        # A zone's hours are hidden with its people, and no total less the rest tells one row's.
        for side in 'ab':
            for key in ('by_zone', 'by_provider'):
                alone = [r for r in shown[key] if figures(r['figures'])['people_served'][side] is None]
                for r in alone:
                    for name in ('carer_minutes_served', 'weekly_cost_pence', 'travel_minutes'):
                        self.assertIsNone(figures(r['figures'])[name][side])
                self.assertNotEqual(len(alone), 1, key)
        for name in ('zones_a.geojson', 'zones_b.geojson'):
            for feature in json.loads(read(self.path('out'), name))['features']:
                self.check_rows(feature['properties'].items())
        ids = {r['package_id'] for f in ('packages.csv', 'placements.csv') for r in rows(self.path('ws'), f)}
        for name in os.listdir(self.path('out')):
            words = set(re.findall(r'[A-Za-z]+\d+', read(self.path('out'), name)))
            self.assertFalse(words & ids)

    def test_sweeps_and_their_scenarios(self):
        sweep = self.write('sweep.yaml', 'version: 1\nbase: ws\nscenarios:\n' + Sweeps.SIX)
        self.good('sweep', sweep, '--out', 'out', '--quiet')
        self.good('sweep', sweep, '--out', 'out', '--quiet', '--public')
        found = json.loads(read(self.path('out'), 'sweep.json'))
        self.assertTrue(found['public'])
        for s in found['scenarios']:
            self.check_rows(s['values'].items())
            one = json.loads(read(self.path('out'), s['file']))
            self.assertTrue(one['public'])
            for row in one['by_zone'] + one['by_provider']:
                self.check_rows(row.items())
                self.assertEqual(sorted(row.get('suppressed', [])),
                                 sorted(k for k, v in row.items() if v is None and k in row.get('suppressed', [])))
        for row in rows(self.path('out'), 'sweep.csv'):
            self.check_rows((k, int(v) if v else None) for k, v in row.items() if k in self.COUNTS)


if __name__ == '__main__':
    unittest.main()
