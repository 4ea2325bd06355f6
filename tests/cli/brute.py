#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small random workspaces, every plan enumerated, compared with what the command line allocates.

usage: brute.py HCBROKER CASES [FIRST_SEED]

Written from docs/formats.md alone. For every case: each level's best value equals the one found by enumeration, the run
says it is optimal, the plan holds every rule, the sequential method does what going down the list by hand does, and
`verify` accepts both. A case that fails is kept in a temporary folder, which is named.
"""
import csv, itertools, json, math, os, random, shutil, subprocess, sys, tempfile
from datetime import date, timedelta

AS_OF = date(2020, 12, 1)
BANDS = ['urban', 'fringe', 'rural', 'isolated']
TIERS = ['prime', 'supplementary', 'framework']
SLOT_ORDER = ['morning', 'bed', 'lunch', 'tea']
SLOTS = {'morning': (420, 600), 'lunch': (690, 840), 'tea': (960, 1110), 'bed': (1140, 1320)}
BLOCKS = ['morning', 'lunch', 'tea', 'bed']
ALL_RULES = ['active', 'zone', 'starts', 'rating', 'capability', 'gender', 'language', 'excluded', 'travel', 'short_visit']
RATINGS = ['outstanding', 'good', 'requires_improvement', 'inadequate', 'not_rated']


def hours(minutes):
    return '%d:%02d' % divmod(minutes, 60)


def money(pence):
    return '%d.%02d' % divmod(pence, 100)


def make_case(R):
    """Raw rows of every file, as dictionaries."""
    w = {'zones': ['A', 'B'][:R.choice([1, 2, 2])]}
    w['prices'] = [dict(band=b, price=1800 + 100 * i + R.randrange(0, 60)) for i, b in enumerate(BANDS)]
    if R.random() < .4:
        w['prices'].append(dict(band=R.choice(BANDS), price=R.randrange(1700, 2600), zone=R.choice(w['zones'])))
    w['providers'], w['coverage'] = [], []
    for k in range(R.randint(2, 4)):
        p = dict(id='P%d' % k, e=450000 + R.randrange(0, 9000), n=300000 + R.randrange(0, 9000),
                 capacity=R.randrange(300, 2400), blocks={}, caps=set())
        for b in BLOCKS:
            if R.random() < .15:
                p['blocks'][b] = R.randrange(100, 900)
        if R.random() < .8:
            p['quality'] = R.randrange(0, 101)
        if R.random() < .6:
            p['rating'] = R.choice(RATINGS[:3] * 3 + RATINGS)
        for c in ('hoist', 'peg', 'carer:female', 'carer:male', 'lang:gu'):
            if R.random() < .75:
                p['caps'].add(c)
        if R.random() < .2:
            p['max_travel'] = R.randrange(8, 18)
        if R.random() < .25:
            p['max_new'] = R.randrange(0, 4)
        if R.random() < .2:
            p['starts'] = AS_OF + timedelta(days=R.randrange(-5, 20))
        p['active'] = R.random() < .93
        w['providers'].append(p)
        for z in w['zones']:
            if R.random() < .9:
                c = dict(provider=p['id'], zone=z, tier=R.choice(TIERS), own={})
                if R.random() < .2:
                    c['capacity'] = R.randrange(200, 1500)
                for b in BANDS:
                    if R.random() < .25:
                        c['own'][b] = R.randrange(1500, 2900)
                w['coverage'].append(c)
    if not w['coverage']:
        w['coverage'].append(dict(provider='P0', zone='A', tier='prime', own={}))
    w['packages'], w['placements'] = [], []
    n, s = R.randint(3, 7), R.choice([0, 0, 1, 2])
    for i in range(n + s):
        p = dict(id=('S%d' if i >= n else 'Q%d') % i, e=450000 + R.randrange(0, 9000), n=300000 + R.randrange(0, 9000),
                 zone=R.choice(w['zones']), band=R.choice(BANDS), needs=set(), excluded=set(), visits=None)
        p['priority'] = R.randrange(1, 6) if R.random() < .8 else None
        p['carers'] = R.choice([None, 1, 2])
        if R.random() < .5:
            p['minutes'] = R.randrange(60, 1200)
            p['per_week'] = R.choice([None, R.randrange(1, 29)])
            p['per_week'] = p['per_week'] and min(p['per_week'], p['minutes'])
        else:
            p['minutes'], p['per_week'], p['visits'] = None, None, []
            for _ in range(R.randint(1, 3)):
                start = R.randrange(300, 1260)
                long = R.choice([15, 30, 30, 45, 60])
                days = ''.join(R.choice('M-') for _ in range(7))
                p['visits'].append(dict(days=days if 'M' in days else 'M------', start=start,
                                        end=min(start + long + R.randrange(0, 90), 1440), minutes=long,
                                        carers=R.choice([None, 1, 2])))
        p['short_agreed'] = R.random() < .9
        for c in ('hoist', 'peg'):
            if R.random() < .15:
                p['needs'].add(c)
        if R.random() < .3:
            p['gender'] = R.choice(['any', 'female', 'male'])
            p['gender_hard'] = R.choice([None, True, False])
        if R.random() < .2:
            p['language'], p['language_hard'] = 'gu', R.choice([None, True, False])
        if R.random() < .8:
            p['received'] = AS_OF - timedelta(days=R.randrange(0, 30))
        if R.random() < .5:
            p['start'] = AS_OF + timedelta(days=R.randrange(0, 25))
        for k in w['providers']:
            if R.random() < .05:
                p['excluded'].add(k['id'])
        if i >= n:
            p['provider'] = R.choice(w['providers'])['id']
            p['excluded'].discard(p['provider'])
            w['placements'].append(p)
        else:
            if R.random() < .2:
                p['provider'] = R.choice(w['providers'])['id']
            w['packages'].append(p)
    levels = R.sample(['tier', 'moves', 'quality', 'cost', 'travel', 'blend', 'fair'], R.randint(1, 5))
    w['policy'] = dict(tiers=R.sample(TIERS, R.choice([3, 3, 3, 3, 2])), levels=[('waiting', 0, 0)], shares=[],
                       weights=sorted((R.randrange(1, 9) for _ in range(5)), reverse=True), blank=R.randrange(0, 101),
                       wq=R.randrange(0, 101), wc=R.randrange(0, 101))
    for name in levels:
        absolute, ppm = R.choice([(0, 0), (0, 0), (0, 5000), (0, 50000), (R.randrange(1, 200), 0)])
        w['policy']['levels'].append((name, absolute, ppm))
    if not w['policy']['wq'] + w['policy']['wc']:
        w['policy']['wq'] = 1
    rules = ALL_RULES[:]
    if R.random() < .4:
        R.shuffle(rules)
    w['policy']['rules'] = rules
    w['policy']['ratings'] = sorted(R.sample(RATINGS, R.randint(4, 5)), key=RATINGS.index)
    w['policy']['max_minutes'] = R.choice([None, None, R.randrange(9, 18)])
    if R.random() < .25:
        w['policy']['shares'].append(dict(kind='largest', bp=R.randrange(4000, 10000), zone=R.choice([None] + w['zones'])))
    if R.random() < .25 and 'prime' in w['policy']['tiers']:
        w['policy']['shares'].append(dict(kind='smallest', bp=R.randrange(500, 5000), tier='prime', zone=None))
    w['origin'] = R.choice(['office', 'nearest_served'])
    w['basis'] = R.choice(['contact', 'contact', 'contact_and_travel'])
    w['replan'] = R.choice(['fixed', 'fixed', 'free', str(R.randrange(0, 3))])
    return w


RATING_POINTS = dict(outstanding=100, good=75, requires_improvement=40, inadequate=0)
EXCUSES = ['agreed', 'longer_visit', 'known']


def add_terms(w, R):
    """What a policy may say beyond the rest, each with some probability."""
    q = w['policy']
    named = [name for name, _, _ in q['levels']]
    if R.random() < .3:
        days = sorted(R.sample(range(1, 31), R.choice([1, 2])))
        q['escalation'] = list(zip(days, sorted(R.sample([1, 2, 3, 4], len(days)), reverse=True)))
    if R.random() < .3:
        q['double_handed'] = R.randrange(0, len(q['rules']) + 1)
        for p in w['providers']:
            if R.random() < .7:
                p['caps'].add('double_handed')
    if R.random() < .35:
        q['short'] = (R.choice([15, 30, 45, 60]), R.sample(EXCUSES, R.randrange(0, 4)))
    if R.random() < .35:
        q['levels'].insert(R.randrange(1, len(q['levels']) + 1), ('preference', R.choice([0, 0, 300]), 0))
    if R.random() < .35:
        q['from'] = R.choice(['score', 'rating', 'both'])
        if q['from'] == 'both' and R.random() < .7:
            q['parts'] = (R.randrange(0, 50), R.randrange(1, 50))
        if q['from'] != 'score' and R.random() < .7:
            q['points'] = {r: R.randrange(0, 101) for r in R.sample(RATINGS, R.randint(1, 5))}
    if 'cost' in named and R.random() < .5:
        q['move_price'] = R.randrange(0, 6000)
    if 'blend' in named and R.random() < .6:
        q['up_to'] = (R.randrange(0, 40000), R.randrange(0, 3), R.randrange(1, 3))
    if 'fair' in named and R.random() < .5:
        q['equal'] = R.random() < .8


def put_csv(path, columns, rows):
    with open(path, 'w', newline='') as f:
        out = csv.DictWriter(f, columns, lineterminator='\n')
        out.writeheader()
        out.writerows(rows)


def yes(value):
    return '' if value is None else 'yes' if value else 'no'


def rule_names(q):
    at = q.get('double_handed')
    return q['rules'] if at is None else q['rules'][:at] + ['double_handed'] + q['rules'][at:]


def write_case(w, folder):
    path = lambda name: os.path.join(folder, name)
    features = []
    for i, z in enumerate(w['zones']):
        x0, x1 = 440000 + 20000 * i, 460000 + 20000 * i
        ring = [[x0, 290000], [x1, 290000], [x1, 320000], [x0, 320000], [x0, 290000]]
        features.append(dict(type='Feature', properties=dict(zone_id=z, name='Zone ' + z, **{'class': 'large'}, prime=True),
                             geometry=dict(type='Polygon', coordinates=[ring])))
    crs = dict(type='name', properties=dict(name='urn:ogc:def:crs:EPSG::27700'))
    with open(path('zones.geojson'), 'w') as f:
        json.dump(dict(type='FeatureCollection', crs=crs, features=features), f)
    put_csv(path('prices.csv'), ['band', 'price_per_hour', 'zone_id'],
            [dict(band=p['band'], price_per_hour=money(p['price']), zone_id=p.get('zone', '')) for p in w['prices']])
    put_csv(path('providers.csv'), ['provider_id', 'easting', 'northing', 'capacity_hours', 'quality', 'rating', 'capabilities',
                                    'max_travel_min', 'max_new_packages', 'starts_from', 'active'] +
            ['capacity_' + b for b in BLOCKS],
            [dict({'capacity_' + b: hours(v) for b, v in p['blocks'].items()}, provider_id=p['id'], easting=p['e'],
                  northing=p['n'], capacity_hours=hours(p['capacity']), quality=p.get('quality', ''),
                  rating=p.get('rating', ''), capabilities=';'.join(sorted(p['caps'])), max_travel_min=p.get('max_travel', ''),
                  max_new_packages=p.get('max_new', ''), starts_from=p.get('starts', ''), active=yes(p['active']))
             for p in w['providers']])
    put_csv(path('coverage.csv'), ['provider_id', 'zone_id', 'tier', 'capacity_hours'] + ['price_' + b for b in BANDS],
            [dict({'price_' + b: money(v) for b, v in c['own'].items()}, provider_id=c['provider'], zone_id=c['zone'],
                  tier=c['tier'], capacity_hours=hours(c['capacity']) if 'capacity' in c else '') for c in w['coverage']])
    columns = ['package_id', 'easting', 'northing', 'zone_id', 'band', 'weekly_hours', 'visits_per_week', 'carers',
               'short_visit_agreed', 'priority', 'received', 'start', 'needs', 'gender', 'gender_hard', 'language',
               'language_hard', 'excluded_providers']
    row = lambda p: dict(package_id=p['id'], easting=p['e'], northing=p['n'], zone_id=p['zone'], band=p['band'],
                         weekly_hours=hours(p['minutes']) if p['minutes'] else '', visits_per_week=p['per_week'] or '',
                         carers=p['carers'] or '', short_visit_agreed=yes(p['short_agreed']), priority=p['priority'] or '',
                         received=p.get('received', ''), start=p.get('start', ''), needs=';'.join(sorted(p['needs'])),
                         gender=p.get('gender', ''), gender_hard=yes(p.get('gender_hard')), language=p.get('language', ''),
                         language_hard=yes(p.get('language_hard')), excluded_providers=';'.join(sorted(p['excluded'])))
    put_csv(path('packages.csv'), columns + ['current_provider'],
            [dict(row(p), current_provider=p.get('provider', '')) for p in w['packages']])
    put_csv(path('placements.csv'), columns + ['provider_id'], [dict(row(p), provider_id=p['provider']) for p in w['placements']])
    put_csv(path('visits.csv'), ['package_id', 'days', 'start', 'end', 'minutes', 'carers'],
            [dict(package_id=p['id'], days=v['days'], start=hours(v['start']).zfill(5), end=hours(v['end']).zfill(5),
                  minutes=v['minutes'], carers=v['carers'] or '') for p in w['packages'] + w['placements']
             for v in p['visits'] or []])
    q = w['policy']
    lines = ['version: 1', 'model: prime_supplementary', 'tiers: [%s]' % ', '.join(q['tiers']), 'levels:']
    for name, absolute, ppm in q['levels']:
        lines.append('  - name: ' + name)
        if absolute:
            lines.append('    tolerance: %d' % absolute)
        if ppm:
            lines.append('    tolerance: "%g%%"' % (ppm / 10000))
        if name == 'blend':
            lines.append('    weights: {quality: %d, cost: %d}' % (q['wq'], q['wc']))
            if 'up_to' in q:
                lines.append('    up_to: {weekly_cost: %s, weights: {quality: %d, cost: %d}}' % ((money(q['up_to'][0]),) + q['up_to'][1:]))
        if name == 'fair' and 'equal' in q:
            lines.append('    target: ' + ('equal' if q['equal'] else 'capacity'))
    lines += ['priority_weights: [%s]' % ', '.join(map(str, q['weights'])), 'rules:']
    for r in rule_names(q):
        lines.append('  - rule: ' + r)
        if r == 'short_visit' and 'short' in q:
            lines.append('    minutes: %d' % q['short'][0])
            lines.append('    unless: [%s]' % ', '.join(q['short'][1]))
        if r == 'rating':
            lines.append('    allowed: [%s]' % ', '.join(q['ratings']))
        if r == 'travel' and q['max_minutes']:
            lines.append('    max_minutes: %d' % q['max_minutes'])
    if q['shares']:
        lines.append('shares:')
        for s in q['shares']:
            lines.append('  - %s: %.2f%%' % (s['kind'], s['bp'] / 100))
            if s['zone']:
                lines.append('    zone: "%s"' % s['zone'])
            if s['kind'] == 'smallest':
                lines.append('    tier: ' + s['tier'])
    lines.append('quality:')
    lines.append('  blank: %d' % q['blank'])
    if 'from' in q:
        lines.append('  from: ' + q['from'])
    if 'parts' in q:
        lines.append('  weights: {score: %d, rating: %d}' % q['parts'])
    if 'points' in q:
        lines.append('  points: {%s}' % ', '.join('%s: %d' % item for item in q['points'].items()))
    if 'escalation' in q:
        lines.append('escalation:')
        lines += ['  - {after_days: %d, to_priority: %d}' % step for step in q['escalation']]
    if 'move_price' in q:
        lines.append('moves: {price: %s}' % money(q['move_price']))
    with open(path('policy.yaml'), 'w') as f:
        f.write('\n'.join(lines) + '\n')
    with open(path('hcbroker.yaml'), 'w') as f:
        f.write('version: 1\nname: random\nas_of: %s\nzones: zones.geojson\nprices: prices.csv\nproviders: providers.csv\n'
                'coverage: coverage.csv\npackages: packages.csv\nplacements: placements.csv\nvisits: visits.csv\n'
                'policy: policy.yaml\ntravel: {origin: %s, capacity_basis: %s}\n' % (AS_OF, w['origin'], w['basis']))


class Oracle:
    def __init__(self, w):
        self.w = w
        self.providers = {p['id']: p for p in w['providers']}
        self.cover = {(c['provider'], c['zone']): c for c in w['coverage']}
        self.all = w['packages'] + w['placements']
        self.placed = {p['id'] for p in w['placements']}
        for p in self.all:
            self.sums(p)
        self.fixed = w['replan'] == 'fixed'
        self.items = sorted(w['packages'] + ([] if self.fixed else w['placements']), key=lambda p: p['id'])
        self.options = [[k['id'] for k in sorted(w['providers'], key=lambda k: k['id']) if not self.code(p, k)]
                        for p in self.items]
        self.rows()

    # one package
    def sums(self, p):
        visits = []
        carers = p['carers'] or 1
        if p['visits'] is None:
            W = p['minutes']
            n = p['per_week'] or -(-W // 30)
            slots = []
            for d in range(7):
                v = n // 7 + (d < n % 7)
                names = [SLOT_ORDER[j % 4] for j in range(v)]
                slots += sorted(names, key=BLOCKS.index)
            for j, slot in enumerate(slots):
                visits.append((SLOTS[slot][0], W // n + (j < W % n), carers))
        else:
            for v in p['visits']:
                visits += [(v['start'], v['minutes'], v['carers'] or carers)] * v['days'].count('M')
        p['cm'] = sum(m * c for _, m, c in visits)
        p['cv'] = sum(c for _, _, c in visits)
        p['bm'], p['bv'] = dict.fromkeys(BLOCKS, 0), dict.fromkeys(BLOCKS, 0)
        for start, m, c in visits:
            b = 'morning' if 300 <= start < 660 else 'lunch' if 660 <= start < 900 else 'tea' if 900 <= start < 1140 else 'bed'
            p['bm'][b] += m * c
            p['bv'][b] += c
        p['lengths'] = [m for _, m, _ in visits]
        p['pairs'] = any(c == 2 for _, _, c in visits)

    def seconds(self, p, k):
        distance = lambda a, b: math.sqrt((a['e'] - b['e']) ** 2 + (a['n'] - b['n']) ** 2)
        ds = [distance(k, p)]
        if self.w['origin'] == 'nearest_served':
            ds += [distance(s, p) for s in self.w['placements'] if s['provider'] == k['id'] and s is not p]
            ds = sorted(ds)[:3]
        d = sum(ds) / len(ds) / 1000
        minutes = (2000 + 1800 * min(d, 4.0) + 900 * max(d - 4.0, 0) + (1000 if p['band'] in ('rural', 'isolated') else 0)) / 1000
        return math.floor(60 * minutes + .5)

    def price(self, p, k):
        c = self.cover.get((k['id'], p['zone']))
        if c is None:
            return None
        if p['band'] in c['own']:
            return c['own'][p['band']]
        for q in self.w['prices']:
            if q.get('zone') == p['zone'] and q['band'] == p['band']:
                return q['price']
        return next(q['price'] for q in self.w['prices'] if 'zone' not in q and q['band'] == p['band'])

    def code(self, p, k):
        q = self.w['policy']
        for rule in rule_names(q):
            if rule == 'active' and not k['active']:
                return 'inactive'
            if rule == 'zone':
                c = self.cover.get((k['id'], p['zone']))
                if c is None or c['tier'] not in q['tiers']:
                    return 'zone_not_covered'
            if rule == 'starts' and 'starts' in k and k['starts'] > p.get('start', AS_OF):
                return 'start_too_late'
            if rule == 'rating' and k.get('rating', 'not_rated') not in q['ratings']:
                return 'rating_not_allowed'
            if rule == 'capability' and p['needs'] - k['caps']:
                return 'capability_missing'
            if rule == 'gender' and p.get('gender', 'any') != 'any' and p.get('gender_hard') in (None, True) and \
                    'carer:' + p['gender'] not in k['caps']:
                return 'preference_hard:gender'
            if rule == 'language' and p.get('language_hard') and 'lang:gu' not in k['caps']:
                return 'preference_hard:language'
            if rule == 'excluded' and k['id'] in p['excluded']:
                return 'excluded'
            if rule == 'travel':
                limits = [x * 60 for x in (q['max_minutes'], k.get('max_travel')) if x]
                if limits and self.seconds(p, k) > min(limits):
                    return 'travel_too_far'
            if rule == 'short_visit':
                least, excuses = q.get('short', (30, ['agreed']))
                stands = dict(agreed=p['short_agreed'], longer_visit=max(p['lengths']) >= least, known=p.get('provider') == k['id'])
                if min(p['lengths']) < least and not any(stands[e] for e in excuses):
                    return 'short_visit_not_agreed'
            if rule == 'double_handed' and p['pairs'] and 'double_handed' not in k['caps']:
                return 'double_handed_not_offered'
        return None

    # what a package uses at a provider
    def uses(self, p, kid):
        k = self.providers[kid]
        c = self.cover.get((kid, p['zone']))
        travel = self.w['basis'] == 'contact_and_travel'
        s = self.seconds(p, k)
        load = p['cm'] * 60 + p['cv'] * s if travel else p['cm']
        out = {('hours', kid): load}
        if c and 'capacity' in c:
            out['zone', kid, p['zone']] = load
        for b in k['blocks']:
            out['block', kid, b] = p['bm'][b] * 60 + p['bv'][b] * s if travel else p['bm'][b]
        if 'max_new' in k and not (p['id'] in self.placed and p['provider'] == kid):
            out['new', kid] = 1
        for i, share in enumerate(self.w['policy']['shares']):
            if share['zone'] not in (None, p['zone']):
                continue
            if share['kind'] == 'largest':
                for other in self.providers:
                    if (other, p['zone']) in self.cover:
                        out['max', i, p['zone'], other] = p['cm'] * ((10000 if other == kid else 0) - share['bp'])
            else:
                out['min', i, p['zone']] = p['cm'] * (share['bp'] - (10000 if c and c['tier'] == share['tier'] else 0))
        if p['id'] in self.placed and p['provider'] == kid:
            out['moves',] = -1
        return out

    def rows(self):
        unit = 60 if self.w['basis'] == 'contact_and_travel' else 1
        self.limit = {}
        for kid, k in self.providers.items():
            self.limit['hours', kid] = k['capacity'] * unit
            for b, v in k['blocks'].items():
                self.limit['block', kid, b] = v * unit
            if 'max_new' in k:
                self.limit['new', kid] = k['max_new']
        for (kid, z), c in self.cover.items():
            if 'capacity' in c:
                self.limit['zone', kid, z] = c['capacity'] * unit
        for i, share in enumerate(self.w['policy']['shares']):
            for z in self.w['zones']:
                if share['kind'] == 'largest':
                    for kid in self.providers:
                        if (kid, z) in self.cover:
                            self.limit['max', i, z, kid] = 0
                else:
                    self.limit['min', i, z] = 0
        if self.w['replan'] not in ('fixed', 'free'):
            self.limit['moves',] = int(self.w['replan'])
        today, remaining, self.base = {}, {}, {}
        for p in self.w['placements']:
            stays = self.fixed or not self.code(p, self.providers[p['provider']])
            for row, weight in self.uses(p, p['provider']).items():
                today[row] = today.get(row, 0) + weight
                if stays:
                    remaining[row] = remaining.get(row, 0) + weight
                if self.fixed:
                    self.base[row] = self.base.get(row, 0) + weight
        movable = 0 if self.fixed else len(self.w['placements'])
        for values in (today, remaining):
            values['moves',] = values.get(('moves',), 0) + movable
        for row in self.limit:
            self.limit[row] = max(self.limit[row], today.get(row, 0), remaining.get(row, 0))
        if ('moves',) in self.limit:
            self.base['moves',] = movable

    def holds(self, plan):
        load = dict(self.base)
        used = set()
        for i, p in enumerate(self.items):
            for kid in self.options[i]:
                used |= set(self.uses_of[i][kid])
            if plan[i]:
                for row, weight in self.uses_of[i][plan[i]].items():
                    load[row] = load.get(row, 0) + weight
        return all(load.get(row, 0) <= limit for row, limit in self.limit.items() if row in used)

    # levels
    def quality(self, k):
        q = self.w['policy']
        source = q.get('from', 'score')
        score, rating = q.get('parts', dict(score=(1, 0), rating=(0, 1), both=(1, 1))[source])
        points = dict(RATING_POINTS, not_rated=q['blank'])
        points.update(q.get('points', {}))
        return (score * k.get('quality', q['blank']) + rating * points[k.get('rating', 'not_rated')]) // (score + rating)

    def unmet(self, p, k):
        gender = p.get('gender', 'any') != 'any' and p.get('gender_hard') is False and 'carer:' + p['gender'] not in k['caps']
        language = 'language' in p and not p['language_hard'] and 'lang:gu' not in k['caps']
        return gender + language

    def priority(self, p):
        own = p['priority'] or 3
        if p['id'] in self.placed or 'received' not in p:
            return own
        waited = (AS_OF - p['received']).days
        return min([own] + [to for days, to in self.w['policy'].get('escalation', []) if waited >= days])

    def weekly(self, p, price):
        return (2 * p['cm'] * price + 60) // 120

    def pair(self, p, kid, name, cheapest):
        q = self.w['policy']
        k = self.providers[kid]
        c = self.cover.get((kid, p['zone']))
        if name == 'tier':
            return p['cm'] * (q['tiers'].index(c['tier']) if c and c['tier'] in q['tiers'] else len(q['tiers']) - 1)
        if name == 'moves':
            return int(p.get('provider', kid) != kid)
        if name == 'quality':
            return p['cm'] * (100 - self.quality(k))
        if name == 'cost':
            moved = p.get('provider', kid) != kid
            return self.weekly(p, self.price(p, k) or 0) + moved * q.get('move_price', 0)
        if name == 'preference':
            return p['cm'] * self.unmet(p, k)
        if name == 'travel':
            return p['cv'] * self.seconds(p, k)
        if name == 'blend':
            own = self.price(p, k) or 0
            part = 100 - 100 * min(cheapest, own) // own if own else 0
            wq, wc = q['wq'], q['wc']
            if 'up_to' in q and self.weekly(p, min(cheapest, own)) <= q['up_to'][0]:
                wq, wc = q['up_to'][1:]
            return p['cm'] * (wq * (100 - self.quality(k)) + wc * part)
        return 0

    def prepare(self):
        self.uses_of = [{kid: self.uses(p, kid) for kid in self.options[i]} for i, p in enumerate(self.items)]
        self.names = [n for n, _, _ in self.w['policy']['levels']]
        self.weight = [self.w['policy']['weights'][self.priority(p) - 1] * p['cm'] for p in self.items]
        self.cost = {}
        for i, p in enumerate(self.items):
            prices = [self.price(p, self.providers[kid]) for kid in self.options[i]]
            for kid in self.options[i]:
                for name in self.names:
                    self.cost[i, kid, name] = self.pair(p, kid, name, min(prices))
        self.constant = dict.fromkeys(self.names, 0)
        if self.fixed:
            for p in self.w['placements']:
                able = [self.price(p, k) for k in self.w['providers'] if not self.code(p, k)]
                own = self.price(p, self.providers[p['provider']])
                able += [own] if own is not None else [0]
                for name in self.names:
                    if name not in ('waiting', 'moves', 'fair'):
                        self.constant[name] += self.pair(p, p['provider'], name, min(able))
        total = sum(p['cm'] for p in self.all)
        size = {k['id']: 1 if self.w['policy'].get('equal') else k['capacity'] for k in self.w['providers'] if k['active']}
        self.target = {kid: total * s // sum(size.values()) for kid, s in size.items() if sum(size.values())}

    def values(self, plan):
        out = []
        for name in self.names:
            if name == 'waiting':
                out.append(sum(self.weight[i] for i in range(len(plan)) if not plan[i]))
            elif name == 'fair':
                load = dict.fromkeys(self.target, 0)
                for i, p in enumerate(self.items):
                    if plan[i] in load:
                        load[plan[i]] += p['cm']
                for p in self.w['placements'] if self.fixed else []:
                    if p['provider'] in load:
                        load[p['provider']] += p['cm']
                out.append(max((abs(load[k] - t) for k, t in self.target.items()), default=0))
            else:
                out.append(self.constant[name] + sum(self.cost[i, plan[i], name] for i in range(len(plan)) if plan[i]))
        return tuple(out)

    def best(self):
        self.prepare()
        plans = [plan for plan in itertools.product(*[[None] + o for o in self.options]) if self.holds(plan)]
        values = {self.values(plan) for plan in plans}
        found = []
        for l, (name, absolute, ppm) in enumerate(self.w['policy']['levels']):
            v = min(x[l] for x in values)
            found.append(v)
            frozen = v + absolute + v * ppm // 1000000
            values = {x for x in values if x[l] <= frozen}
        return found, values

    def ranking(self, i):
        keys = [n for n in self.names if n not in ('waiting', 'fair')]
        return sorted(self.options[i], key=lambda kid: ([self.cost[i, kid, n] for n in keys], kid))

    def sequential(self):
        plan = [p['provider'] if p['id'] in self.placed and p['provider'] in self.options[i] else None
                for i, p in enumerate(self.items)]
        order = sorted(range(len(plan)), key=lambda i: (self.priority(self.items[i]),
                                                        self.items[i].get('received', date.max), self.items[i]['id']))
        for i in order:
            if plan[i] is None:
                for kid in self.ranking(i):
                    plan[i] = kid
                    if self.holds(plan):
                        break
                    plan[i] = None
        return plan


def run(program, *args):
    try:
        return subprocess.run([program, *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(args, 124, '', 'no answer in 60 seconds')


def read_plan(folder, items):
    with open(os.path.join(folder, 'allocations.csv'), newline='') as f:
        got = {r['package_id']: r['provider_id'] for r in csv.DictReader(f)}
    return [got.get(p['id']) for p in items]


def check(program, w, folder):
    """None, or what is wrong."""
    oracle = Oracle(w)
    if sum(len(o) for o in oracle.options) and math.prod(len(o) + 1 for o in oracle.options) > 20000:
        return None
    found, final = oracle.best()
    for method in ('optimal', 'sequential'):
        out = os.path.join(folder, method)
        done = run(program, '-C', folder, 'allocate', '--method', method, '--replan', w['replan'], '--gap', '0', '--out', out)
        if done.returncode:
            return 'allocate --method %s exits %d: %s' % (method, done.returncode, done.stderr)
        plan = read_plan(out, oracle.items)
        if not all(k is None or k in o for k, o in zip(plan, oracle.options)):
            return '%s: a package at a provider that may not take it' % method
        if not oracle.holds(plan):
            return '%s: a limit is broken' % method
        if method == 'sequential' and plan != oracle.sequential():
            return 'sequential: %s, by hand %s' % (plan, oracle.sequential())
        with open(os.path.join(out, 'summary.json')) as f:
            summary = json.load(f)
        if tuple(l['value'] for l in summary['levels']) != oracle.values(plan):
            return '%s: values %s, the plan has %s' % (method, [l['value'] for l in summary['levels']], oracle.values(plan))
        if method == 'optimal':
            if [l['best'] for l in summary['levels']] != found:
                return 'best %s, by enumeration %s' % ([l['best'] for l in summary['levels']], found)
            if summary['outcome'] != 'optimal' or oracle.values(plan) not in final:
                return 'not optimal: %s' % summary['outcome']
        done = run(program, '-C', folder, 'verify', out)
        if done.returncode:
            return 'verify %s exits %d: %s%s' % (method, done.returncode, done.stdout, done.stderr)
    return None


def main():
    program, cases = sys.argv[1], int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    failed = 0
    for seed in range(first, first + cases):
        folder = tempfile.mkdtemp(prefix='hcbroker-brute-')
        w = make_case(random.Random(seed))
        add_terms(w, random.Random('terms %d' % seed))
        write_case(w, folder)
        wrong = check(program, w, folder)
        if wrong:
            failed += 1
            print('seed %d, kept in %s: %s' % (seed, folder, wrong))
            if failed == 5:
                break
        else:
            shutil.rmtree(folder)
    print('%d cases from seed %d, %d failed' % (seed - first + 1, first, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
