#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Explanations of small random workspaces against an enumeration of every plan.

usage: brute_explain.py HCBROKER CASES [FIRST_SEED]

For every package that waits: the reason is the one that the enumeration gives; a `capacity` reason names a smallest set
of limits, and raising them by the amounts given makes every best plan place the package, while no smaller number of
limits can, whatever the raise; a `trade` names what the cheapest plan costs. Written from docs/explain.md alone.
"""
import itertools, json, math, os, random, shutil, sys, tempfile

import brute


def row_key(oracle, name):
    """The enumeration's key of a row's name."""
    kind, *rest = name.split('/')
    if kind == 'hours':
        return ('hours', rest[0])
    if kind == 'zone':
        return ('zone', rest[0], rest[1])
    if kind == 'block':
        return ('block', rest[0], rest[1])
    if kind == 'new':
        return ('new', rest[0])
    if kind == 'share_max':
        return ('max', int(rest[0]), rest[1], rest[2])
    if kind == 'share_min':
        return ('min', int(rest[0]), rest[1])
    return ('moves',)


class Plans:
    """Every plan, rows or not, with the rows it breaks and its values."""

    def __init__(self, oracle):
        self.oracle = oracle
        used = {row for uses in oracle.uses_of for u in uses.values() for row in u}
        self.rows = [r for r in oracle.limit if r in used]
        self.all = []
        for plan in itertools.product(*[[None] + o for o in oracle.options]):
            load = dict(oracle.base)
            for i, kid in enumerate(plan):
                if kid:
                    for row, weight in oracle.uses_of[i][kid].items():
                        load[row] = load.get(row, 0) + weight
            over = {r: load.get(r, 0) - oracle.limit[r] for r in self.rows if load.get(r, 0) > oracle.limit[r]}
            self.all.append((plan, oracle.values(plan), over))

    def holding(self, raises=()):
        raises = dict(raises)
        return [(p, v) for p, v, over in self.all if all(x <= raises.get(r, 0) for r, x in over.items())]

    def best(self, plans):
        """Plans that the policy cannot tell apart, and what each level was frozen at."""
        frozen = []
        for l, (_, absolute, ppm) in enumerate(self.oracle.w['policy']['levels']):
            v = min(x[l] for _, x in plans)
            frozen.append(v + absolute + v * ppm // 1000000)
            plans = [(p, x) for p, x in plans if x[l] <= frozen[-1]]
        return plans, frozen

    def every_best_places(self, i, raises):
        return all(p[i] for p, _ in self.best(self.holding(raises))[0])


def pence(oracle, plan):
    return sum((2 * p['cm'] * oracle.price(p, oracle.providers[kid]) + 60) // 120
               for p, kid in zip(oracle.items, plan) if kid)


def check_capacity(plans, i, told, frozen):
    oracle, sets = plans.oracle, told['smallest_sets']
    possible = [frozenset(over) for p, v, over in plans.all if p[i] and v[0] <= frozen[0]]
    least = min(map(len, possible), default=None)
    if not sets:
        return 'no set' if least is not None and least <= 3 and told['all_smallest_sets'] else None
    for s in sets:
        raises = {row_key(oracle, r['row']): r['by'] for r in s['raises']}
        stated = {}
        for row, by in raises.items():
            # Limits that today breaks were relaxed: `by` counts from the limit as it is stated.
            stated[row] = by - (oracle.limit[row] - oracle.stated[row])
        if not plans.every_best_places(i, stated):
            return 'raising %s does not place it' % raises
        if len(raises) != least:
            # A smaller set that lets others in first is no answer.
            if len(raises) < least:
                return 'the set %s is smaller than any possible one' % raises
            smaller = {f for f in possible if len(f) < len(raises)}
            for f in smaller:
                if any(set(f) >= set(over) and p[i] and v[0] <= frozen[0] and
                       plans.every_best_places(i, {r: over.get(r, 0) for r in f}) for p, v, over in plans.all):
                    return 'the smaller set %s would do' % set(f)
        if len(raises) == 1 and s['least']:
            (row, by), = stated.items()
            unit = 60 if row[0] in ('hours', 'zone', 'block') and oracle.w['basis'] == 'contact_and_travel' else 1
            for d in sorted({over.get(row, 0) for _, _, over in plans.all}):
                d = -(-d // unit) * unit
                if d < by:
                    holding = plans.holding({row: d})
                    waits = min(v[0] for p, v in holding if not p[i])
                    places = min((v[0] for p, v in holding if p[i]), default=math.inf)
                    _, absolute, ppm = oracle.w['policy']['levels'][0]
                    best = min(waits, places)
                    if waits > best + absolute + best * ppm // 1000000:
                        return '%s by %d is enough, %d was said' % (row, d, by)
    if told['all_smallest_sets'] and len(sets[0]['raises']) == 1:
        named = {row_key(oracle, s['raises'][0]['row']) for s in sets}
        for row in plans.rows:
            if row not in named:
                for d in sorted({over[row] for _, _, over in plans.all if set(over) == {row}}):
                    d = -(-d // 60) * 60 if row[0] in ('hours', 'zone', 'block') and \
                        oracle.w['basis'] == 'contact_and_travel' else d
                    holding = plans.holding({row: d})
                    waits = min(v[0] for p, v in holding if not p[i])
                    best = min(v[0] for _, v in holding)
                    if waits > best:
                        return '%s by %d would place it and was not named' % (row, d)
    return None


def check_package(program, folder, plans, i, final, frozen):
    oracle, name = plans.oracle, plans.oracle.items[i]['id']
    done = brute.run(program, '-C', folder, 'explain', name, '--plan', os.path.join(folder, 'optimal'), '--gap', '0',
                     '--work-limit', '1000000000', '--format', 'json')
    if done.returncode:
        return '%s: exits %d: %s' % (name, done.returncode, done.stderr)
    told = json.loads(done.stdout)
    where = told['provider_id']
    if where != oracle.chosen[i]:
        return '%s: the plan has it with %s, explain says %s' % (name, oracle.chosen[i], where)
    if where:
        return None if told['reason'] == 'placed' else '%s: placed, reason %s' % (name, told['reason'])
    if not oracle.options[i]:
        rules = {r['provider_id']: r['rule'].split(':')[0] if r['rule'].startswith('cap') else r['rule']
                 for r in told['providers_left_out']}
        want = {k['id']: oracle.code(oracle.items[i], k) for k in oracle.w['providers']}
        return None if told['reason'] == 'rule' and rules == want else '%s: rules %s, want %s' % (name, rules, want)
    holding = plans.holding()
    places = [(p, v) for p, v in holding if p[i]]
    if not places or min(v[0] for _, v in places) > frozen[0]:
        if told['reason'] != 'capacity':
            return '%s: capacity, explain says %s' % (name, told['reason'])
        if places and told['worse_by_at_least'] > min(v[0] for _, v in places) - frozen[0]:
            return '%s: waiting gets worse by less than %d' % (name, told['worse_by_at_least'])
        wrong = check_capacity(plans, i, told, frozen)
        return wrong and '%s: %s' % (name, wrong)
    if told['reason'] != 'trade':
        return '%s: trade, explain says %s' % (name, told['reason'])
    best, _ = plans.best(places)
    now = oracle.values(oracle.chosen)
    changes = {(tuple(b - a for a, b in zip(now, v)), pence(oracle, p) - pence(oracle, oracle.chosen)) for p, v in best}
    got = (tuple(told['cheapest_plan']['levels'][n] for n in oracle.names), told['cheapest_plan']['change_pence'])
    return None if got in changes else '%s: trade at %s, by enumeration %s' % (name, got, sorted(changes)[:3])


# ---- planted causes ----

def planted(providers, packages):
    """A workspace of one zone in which everything fits but for what is planted."""
    w = dict(zones=['A'], prices=[dict(band=b, price=2000) for b in brute.BANDS], providers=[], coverage=[], packages=[],
             placements=[], origin='office', basis='contact', replan='fixed')
    for k, p in enumerate(providers):
        w['providers'].append(dict(dict(id='P%d' % k, e=450000 + 100 * k, n=300000, capacity=6000, blocks={}, quality=80,
                                        caps=set(), active=True), **p))
        w['coverage'].append(dict(provider='P%d' % k, zone='A', tier='prime', own={}))
    for i, p in enumerate(packages):
        w['packages'].append(dict(dict(id='Q%d' % i, e=450500, n=300500, zone='A', band='urban', needs=set(), excluded=set(),
                                       visits=None, priority=3, carers=1, minutes=420, per_week=7, short_agreed=True), **p))
    w['policy'] = dict(tiers=brute.TIERS, levels=[('waiting', 0, 0), ('tier', 0, 0), ('cost', 0, 0)], shares=[], blank=50,
                       weights=[5, 4, 3, 2, 1], wq=60, wc=40, rules=brute.ALL_RULES, ratings=brute.RATINGS, max_minutes=None)
    return w


def tea(minutes):
    return dict(minutes=None, per_week=None, visits=[dict(days='MMMMMMM', start=1150, end=1250, minutes=minutes, carers=1)])


def ask(program, w, folder, *more):
    brute.write_case(w, folder)
    done = brute.run(program, '-C', folder, 'explain', *more, '--format', 'json')
    assert done.returncode == 0, done.stderr
    again = brute.run(program, '-C', folder, 'explain', *more, '--format', 'json')
    assert done.stdout == again.stdout, 'not the same bytes'
    return json.loads(done.stdout)


def sets_of(told):
    return [{r['row']: r['by'] for r in s['raises']} for s in told['smallest_sets']]


def missing_capability(program, folder):
    told = ask(program, planted([{}, dict(caps={'peg'})], [dict(needs={'hoist'})]), folder, 'Q0')
    assert told['reason'] == 'rule'
    assert [r['rule'] for r in told['providers_left_out']] == ['capability_missing:hoist'] * 2
    assert [(c['what'], c['what_if_only']) for c in told['counterfactuals']] == [('without the need hoist', True)]


def full_pair(program, folder):
    told = ask(program, planted([dict(capacity=300), dict(capacity=400)], [{}]), folder, 'Q0')
    assert told['reason'] == 'capacity' and told['all_smallest_sets']
    assert sets_of(told) == [{'hours/P1': 20}, {'hours/P0': 120}], sets_of(told)
    assert all(c['effect']['change_pence'] == 14000 for c in told['counterfactuals'])


def two_limits_of_one(program, folder):
    told = ask(program, planted([dict(capacity=300, max_new=0)], [{}]), folder, 'Q0')
    assert told['reason'] == 'capacity'
    assert sets_of(told) == [{'hours/P0': 120, 'new/P0': 1}], sets_of(told)


def time_block(program, folder):
    # The last tea visit may start at 18:59; one that opens at 19:10 is a bed visit, and bed is full.
    told = ask(program, planted([dict(blocks={'bed': 100})], [tea(30)]), folder, 'Q0')
    assert told['reason'] == 'capacity'
    assert sets_of(told) == [{'block/P0/bed': 110}], sets_of(told)
    windows = [c['what'] for c in told['counterfactuals'] if c['kind'] == 'window']
    assert windows == ['bed visits counted as tea: windows wider by 11 minutes'], windows


def others_come_first(program, folder):
    # Room for nobody; the raise has to hold the one of priority 1 as well.
    told = ask(program, planted([dict(capacity=0)], [dict(priority=1), {}]), folder, 'Q1')
    assert sets_of(told) == [{'hours/P0': 840}], sets_of(told)


def female_carers_only(program, folder):
    """The Ombudsman's case 18 016 351: men were sent to a person who had been promised women alone."""
    w = planted([dict(caps={'carer:male'}), dict(caps={'carer:female'}, capacity=100)], [dict(gender='female')])
    for hard in (None, True):
        w['packages'][0]['gender_hard'] = hard
        told = ask(program, w, folder, 'Q0')
        assert told['reason'] == 'capacity' and told['provider_id'] is None
        assert {'provider_id': 'P0', 'rule': 'preference_hard:gender'} in told['providers_left_out']
        assert sets_of(told) == [{'hours/P1': 320}], sets_of(told)
        assert told['cheapest_plan'] is None
        for c in told['counterfactuals']:
            if c['effect']['provider_id'] == 'P0':
                assert c['what_if_only'] and c['kind'] == 'preference', c
        assert any(c['what_if_only'] for c in told['counterfactuals'])
        told = ask(program, w, folder, 'Q0', 'P0')
        assert told['sentences'][-1] == 'P0 may not take it: preference_hard:gender.', told['sentences']
    w['providers'][1]['capacity'] = 6000
    assert ask(program, w, folder, 'Q0')['provider_id'] == 'P1'


def why_not_above(program, folder):
    # P1 ranks first on price, and is full with a package of priority 1 that has nowhere else to go.
    w = planted([{}, dict(capacity=420)], [dict(priority=1, excluded={'P0'}), {}])
    w['coverage'][1]['own'] = {b: 1500 for b in brute.BANDS}
    told = ask(program, w, folder, 'Q1')
    rival, = told['providers']
    assert told['reason'] == 'placed' and told['provider_id'] == 'P0'
    assert (rival['provider_id'], rival['rank'], rival['refused_by']) == ('P1', 1, 'waiting')
    assert rival['lacks'] == [{'row': 'hours/P1', 'by': 420}] and rival['worse_by_at_least'] == 5 * 420


PLANTED = [missing_capability, full_pair, two_limits_of_one, time_block, others_come_first, female_carers_only, why_not_above]


def check(program, w, folder):
    """(None or what is wrong, reasons seen)."""
    oracle = brute.Oracle(w)
    if sum(len(o) for o in oracle.options) and math.prod(len(o) + 1 for o in oracle.options) > 4000:
        return None, []
    _, _ = oracle.best()
    unit = 60 if w['basis'] == 'contact_and_travel' else 1
    oracle.stated = {}
    for row, limit in oracle.limit.items():
        kind = row[0]
        oracle.stated[row] = (oracle.providers[row[1]]['capacity'] * unit if kind == 'hours' else
                              oracle.cover[row[1], row[2]]['capacity'] * unit if kind == 'zone' else
                              oracle.providers[row[1]]['blocks'][row[2]] * unit if kind == 'block' else
                              oracle.providers[row[1]]['max_new'] if kind == 'new' else
                              int(w['replan']) if kind == 'moves' else 0)
    out = os.path.join(folder, 'optimal')
    done = brute.run(program, '-C', folder, 'allocate', '--replan', w['replan'], '--gap', '0', '--out', out)
    if done.returncode:
        return 'allocate exits %d: %s' % (done.returncode, done.stderr), []
    oracle.chosen = brute.read_plan(out, oracle.items)
    plans = Plans(oracle)
    final, frozen = plans.best(plans.holding())
    seen = []
    for i, p in enumerate(oracle.items):
        if oracle.chosen[i]:
            continue
        seen.append(p['id'])
        wrong = check_package(program, folder, plans, i, final, frozen)
        if wrong:
            return wrong, seen
    return None, seen


def main():
    program, cases = sys.argv[1], int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    failed = waiting = 0
    for case in PLANTED:
        with tempfile.TemporaryDirectory(prefix='hcbroker-explain-') as folder:
            case(program, folder)
    print('%d planted causes found' % len(PLANTED))
    for seed in range(first, first + cases):
        folder = tempfile.mkdtemp(prefix='hcbroker-explain-')
        R = random.Random(seed)
        w = brute.make_case(R)
        for k in w['providers']:
            k['capacity'] //= R.choice([1, 2, 3])
        brute.write_case(w, folder)
        wrong, seen = check(program, w, folder)
        waiting += len(seen)
        if wrong:
            failed += 1
            print('seed %d, kept in %s: %s' % (seed, folder, wrong))
            if failed == 5:
                break
        else:
            shutil.rmtree(folder)
    print('%d cases from seed %d, %d packages that wait, %d failed' % (seed - first + 1, first, waiting, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
