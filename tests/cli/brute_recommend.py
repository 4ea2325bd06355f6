#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small random workspaces: recommend, replan and allocate --baseline against an enumeration of all plans.

usage: brute_recommend.py HCBROKER CASES [FIRST_SEED]

Written from docs/recommend.md and docs/formats.md. A case that fails is kept in a temporary folder, which is named.
"""
import csv, itertools, json, math, os, random, shutil, sys, tempfile

import brute


def name_of(row):
    kinds = {'max': 'share_max', 'min': 'share_min'}
    return '/'.join(str(part) for part in (kinds.get(row[0], row[0]), *row[1:]))


class Wrong(Exception):
    pass


def same(what, got, expected):
    if got != expected:
        raise Wrong('%s: %s, by hand %s' % (what, got, expected))


class Desk(brute.Oracle):
    """What a person with the plan on paper would say."""

    def loads(self, plan):
        load = dict(self.base)
        for i, kid in enumerate(plan):
            for row, weight in self.uses(self.items[i], kid).items() if kid else ():
                load[row] = load.get(row, 0) + weight
        return load

    def short(self, plan, limit):
        load = self.loads(plan)
        return {name_of(row): load.get(row, 0) - most for row, most in limit.items() if load.get(row, 0) > most}

    def first_rule(self, p, k):
        code = self.code(p, k)
        return code + ':' + min(p['needs'] - k['caps']) if code == 'capability_missing' else code

    def unit(self):
        return 60 if self.w['basis'] == 'contact_and_travel' else 1

    def room(self, plan, kid):
        return max(0, (self.limit['hours', kid] - self.loads(plan).get(('hours', kid), 0)) // self.unit())

    def choice(self, i, kid):
        p, k = self.items[i], self.providers[kid]
        return dict(tier=self.cover[kid, p['zone']]['tier'], price_pence_per_hour=self.price(p, k),
                    weekly_cost_pence=(2 * p['cm'] * self.price(p, k) + 60) // 120, travel_seconds_per_visit=self.seconds(p, k))


def change(a, b):
    return [x - y for x, y in zip(a, b)]


def check_package(got, desk, i, plan):
    """`plan` is that of everyone else."""
    p = desk.items[i]
    plan = plan[:i] + [None] + plan[i + 1:]
    ranking = desk.ranking(i)
    same('ranking', [q['provider_id'] for q in got['providers']], ranking)
    same('left out', {q['provider_id']: q['rule'] for q in got['left_out']},
         {kid: desk.first_rule(p, k) for kid, k in desk.providers.items() if kid not in ranking})
    with_it = {kid: plan[:i] + [kid] + plan[i + 1:] for kid in ranking}
    values = {kid: desk.values(with_it[kid]) for kid in ranking}
    short = {kid: desk.short(with_it[kid], desk.limit) for kid in ranking}
    able = [kid for kid in ranking if not short[kid]]
    best = min(able, key=lambda kid: (values[kid], ranking.index(kid))) if able else None
    same('best', got['best'], best)
    least = values[best] if able else min(values.values(), default=None)
    for q in got['providers']:
        kid = q['provider_id']
        same('change of ' + kid, list(q['change'].values()), change(values[kid], least))
        same('rows short of ' + kid, {s['row']: s['by'] for s in q['short']}, short[kid])
        same('fits ' + kid, q['fits'], kid in able)
        same('quality of ' + kid, q['quality'], desk.quality(desk.providers[kid]))
        same('room of ' + kid, q['room_minutes'], desk.room(plan, kid))
        same('figures of ' + kid, {key: q[key] for key in desk.choice(i, kid)}, desk.choice(i, kid))


def check_provider(got, desk, kid, minutes, plan):
    waiting = [i for i, k in enumerate(plan) if not k]
    can = [i for i in waiting if kid in desk.options[i]]
    limit = dict(desk.limit)
    limit['hours', kid] = desk.loads(plan).get(('hours', kid), 0) + minutes * desk.unit()
    before = desk.values(plan)
    taken = lambda some: [kid if i in some else k for i, k in enumerate(plan)]
    after = {i: change(desk.values(taken([i])), before) for i in can}
    short = {i: desk.short(taken([i]), limit) for i in can}
    order = sorted(can, key=lambda i: (bool(short[i]), after[i], desk.items[i]['id']))
    same('packages', [q['package_id'] for q in got['packages']], [desk.items[i]['id'] for i in order])
    for q, i in zip(got['packages'], order):
        same('change of ' + q['package_id'], list(q['change'].values()), after[i])
        same('rows short of ' + q['package_id'], {s['row']: s['by'] for s in q['short']}, short[i])
        same('figures of ' + q['package_id'], {key: q[key] for key in desk.choice(i, kid)}, desk.choice(i, kid))
    same('left out', {q['package_id']: q['rule'] for q in got['left_out']},
         {desk.items[i]['id']: desk.first_rule(desk.items[i], desk.providers[kid]) for i in waiting if i not in can})
    sets = [some for n in range(len(can) + 1) for some in itertools.combinations(can, n) if not desk.short(taken(some), limit)]
    best = min(change(desk.values(taken(some)), before) for some in sets)
    same('best set', list(got['best_set']['change'].values()) if can else best, best)
    same('proved', got['best_set']['proved'], True)
    ids = {q['package_id'] for q in got['packages'] if q['in_best_set']}
    same('ids of the best set', ids, set(got['best_set']['package_ids']))
    chosen = [i for i in can if desk.items[i]['id'] in ids]
    if chosen not in [list(some) for some in sets]:
        raise Wrong('the best set breaks %s' % desk.short(taken(chosen), limit))
    same('value of the best set', change(desk.values(taken(chosen)), before), best)


def check_curve(got, w):
    last = None
    for point in got['points']:
        desk = Desk(dict(w, replan=str(point['replan'])))
        found, final = desk.best()
        values = tuple(point['levels'].values())
        if not point['proved'] or values not in final:
            raise Wrong('replan %s: %s is not among the best %s' % (point['replan'], values, final))
        if point['replan'] != 'free' and point['moved'] > max(point['replan'], desk.limit['moves',]):
            raise Wrong('replan %s: %d moved' % (point['replan'], point['moved']))
        if last and found > last:
            raise Wrong('replan %s: %s after %s' % (point['replan'], found, last))
        last = found


def answer(program, folder, *args):
    done = brute.run(program, '-C', folder, '--format', 'json', *args)
    if done.returncode:
        raise Wrong('%s exits %d: %s' % (' '.join(args), done.returncode, done.stderr))
    return json.loads(done.stdout)


def check(program, R, w, folder):
    for replan in ('fixed', w['replan']):
        desk = Desk(dict(w, replan=replan))
        if math.prod(len(o) + 1 for o in desk.options) > 20000:
            return
        desk.prepare()
        out = os.path.join(folder, 'out-' + replan)
        summary = answer(program, folder, 'allocate', '--baseline', '--replan', replan, '--gap', '0', '--out', out)
        by_list = desk.values(desk.sequential())
        same('baseline', [l['value'] for l in summary['baseline']['levels']], list(by_list))
        same('over the plan', [l['over_plan'] for l in summary['baseline']['levels']],
             change(by_list, [l['value'] for l in summary['levels']]))
        if brute.run(program, '-C', folder, 'verify', out).returncode:
            raise Wrong('verify refuses a plan with a baseline')
        plan = brute.read_plan(out, desk.items)
        for options in ([], ['--plan', out]) if replan == 'fixed' else (['--plan', out],):
            others = plan if options else [None] * len(plan)
            i = R.randrange(len(desk.items))
            check_package(answer(program, folder, 'recommend', desk.items[i]['id'], '--top', '0', *options), desk, i, others)
            kid, minutes = R.choice(sorted(desk.providers)), R.randrange(60, 3000)
            got = answer(program, folder, 'recommend', '--provider', kid, '--hours', repr(minutes / 60), '--top', '0', *options)
            check_provider(got, desk, kid, minutes, others)
    if w['placements']:
        check_curve(answer(program, folder, 'replan', '--steps', '0,1,2,free', '--gap', '0'), w)


def main():
    program, cases = sys.argv[1], int(sys.argv[2])
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    failed = 0
    for seed in range(first, first + cases):
        folder = tempfile.mkdtemp(prefix='hcbroker-recommend-')
        R = random.Random(seed)
        w = brute.make_case(R)
        brute.add_terms(w, random.Random('terms %d' % seed))
        brute.write_case(w, folder)
        try:
            check(program, R, w, folder)
            shutil.rmtree(folder)
        except Wrong as wrong:
            failed += 1
            print('seed %d, kept in %s: %s' % (seed, folder, wrong))
            if failed == 5:
                break
    print('%d cases from seed %d, %d failed' % (seed - first + 1, first, failed))
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
