#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten mornings at the desk: a queue comes in, a plan is made, checked and applied. Every total stays consistent.

usage: mornings.py [unittest options]; HCBROKER is the program. All figures are recomputed here from the files alone.
"""
import collections, csv, json, os, shutil, subprocess, tempfile, unittest

PROGRAM = os.environ['HCBROKER']
MORNINGS = 10


def rows(*path):
    with open(os.path.join(*path), encoding='utf-8', newline='') as f:
        return list(csv.DictReader(f))


class State:
    """A workspace as its files have it."""

    def __init__(self, folder):
        self.packages = {r['package_id']: r for r in rows(folder, 'packages.csv')}
        self.placements = {r['package_id']: r for r in rows(folder, 'placements.csv')}
        self.visits = rows(folder, 'visits.csv')
        self.counts = (len(rows(folder, 'packages.csv')), len(rows(folder, 'placements.csv')))
        self.minutes = collections.Counter()
        for v in self.visits:
            days = sum(c != '-' for c in v['days'])
            self.minutes[v['package_id']] += days * int(v['minutes']) * int(v['carers'] or 1)

    def everyone(self):
        return set(self.packages) | set(self.placements)


class Mornings(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='hcbroker-mornings-')
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.workspace = os.path.join(self.folder, 'ws')

    def run_program(self, *args):
        return subprocess.run([PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)

    def good(self, *args):
        done = self.run_program(*args)
        self.assertEqual(done.returncode, 0, '%s\n%s%s' % (args, done.stdout, done.stderr))
        return done

    def check_whole(self, state):
        self.assertEqual(state.counts, (len(state.packages), len(state.placements)), 'an id is given twice in a file')
        self.assertFalse(set(state.packages) & set(state.placements), 'somebody both waits and is served')
        self.assertEqual(set(state.minutes), state.everyone(), 'visits of nobody, or somebody without visits')
        as_of = '2020-12-01'
        load, capacity = collections.Counter(), {}
        for r in rows(self.workspace, 'providers.csv'):
            capacity[r['provider_id']] = float(r['capacity_hours']) * 60
        for k, r in state.placements.items():
            if not r.get('end') or r['end'] >= as_of:
                load[r['provider_id']] += state.minutes[k]
        for provider, minutes in load.items():
            self.assertLessEqual(minutes, capacity[provider], provider)

    def check_applied(self, before, after, plan):
        """People in = people out, and everybody is where the plan says."""
        self.check_whole(after)
        self.assertEqual(before.everyone(), after.everyone())
        self.assertEqual(before.minutes, after.minutes)
        self.assertEqual(before.visits, after.visits)
        allocations = {r['package_id']: r for r in rows(plan, 'allocations.csv')}
        waiting = {r['package_id'] for r in rows(plan, 'waiting.csv')}
        self.assertEqual(set(after.packages), waiting)
        self.assertEqual(set(after.placements), set(before.placements) | set(allocations))
        for k, r in after.placements.items():
            was = before.placements.get(k) or before.packages[k]
            expected = allocations[k]['provider_id'] if k in allocations else was['provider_id']
            self.assertEqual(r['provider_id'], expected)
            for column, value in was.items():
                if value and column != 'provider_id':
                    self.assertEqual(r[column], value, (k, column))
        for k, r in after.packages.items():
            self.assertEqual(r, before.packages[k])
        with open(os.path.join(plan, 'summary.json'), encoding='utf-8') as f:
            summary = json.load(f)
        self.assertEqual(summary['placed'], len(allocations))
        self.assertEqual(summary['waiting'], len(waiting))
        self.assertEqual(summary['carer_minutes_placed'], sum(before.minutes[k] for k in allocations))
        self.assertTrue(summary['synthetic'])
        return len(allocations)

    def test_ten_mornings(self):
        self.good('init', self.workspace)
        self.good('-C', self.workspace, 'generate', '--scenario', 's1', '--queue', '60', '--seed', '1')
        placed, made, ids = 0, 60, set(State(self.workspace).everyone())
        self.assertEqual(len(ids), 2150)
        for morning in range(1, MORNINGS + 1):
            before = State(self.workspace)
            self.check_whole(before)
            plan = os.path.join(self.folder, 'plan%d' % morning)
            self.good('-C', self.workspace, 'allocate', '--out', plan, '--work-limit', '2000000')
            self.good('-C', self.workspace, 'verify', plan)
            self.good('-C', self.workspace, 'apply', plan)
            after = State(self.workspace)
            placed_now = self.check_applied(before, after, plan)
            placed += placed_now
            again = self.run_program('-C', self.workspace, 'apply', plan)
            if placed_now:
                self.assertEqual(again.returncode, 3, again.stderr)
                self.assertIn('applied already', again.stderr)
            if morning == MORNINGS:
                break
            self.good('-C', self.workspace, 'generate', '--queue', '40', '--seed', '1')
            new = State(self.workspace).everyone() - after.everyone()
            self.assertEqual(len(new), 40)
            self.assertFalse(new & ids, 'an id was used before')
            self.assertGreater(min(new), max(i for i in ids if i.startswith('Q')), 'numbers do not go on')
            ids |= new
            made += 40
        end = State(self.workspace)
        self.assertEqual(len(end.everyone()), 2090 + made)
        self.assertEqual(len(end.placements), 2090 + placed)
        self.assertEqual(len(end.packages), made - placed)
        self.assertGreater(placed, 0)
        self.good('-C', self.workspace, 'check')


if __name__ == '__main__':
    unittest.main(verbosity=1)
