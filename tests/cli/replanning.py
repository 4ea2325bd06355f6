#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Re-planning on a small county: nothing changed, a provider leaves, the curve of moves."""
import csv, json, os, shutil, subprocess, tempfile, unittest

PROGRAM = os.environ['HCBROKER']
WORK = ('--work-limit', '20000000')
STAY = """version: 1
model: prime_supplementary
levels:
  - name: waiting
  - name: moves
  - name: tier
  - name: quality
  - name: cost
  - name: travel
"""


class Replanning(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='hcbroker-replan-')
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.ws = os.path.join(self.folder, 'ws')
        self.run_it('init', self.ws)
        self.run_it('-C', self.ws, 'generate', '--scenario', 's0', '--scale', '0.1', '--queue', '2', '--spare', '2')
        self.stay = os.path.join(self.ws, 'stay.yaml')
        with open(self.stay, 'w') as f:
            f.write(STAY)

    def run_it(self, *args):
        done = subprocess.run([PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 0, '%s\n%s%s' % (args, done.stdout, done.stderr))
        return done.stdout

    def rows(self, *path):
        with open(os.path.join(*path), newline='') as f:
            return list(csv.DictReader(f))

    def curve(self, *args):
        return json.loads(self.run_it('-C', self.ws, '--format', 'json', *WORK, 'replan', *args))['points']

    def allocate(self, replan, *args):
        out = os.path.join(self.folder, 'out')
        self.run_it('-C', self.ws, *WORK, 'allocate', '--replan', replan, '--out', out, *args)
        self.run_it('-C', self.ws, 'verify', out)
        return self.rows(out, 'allocations.csv'), self.rows(out, 'waiting.csv')

    def leave(self):
        """The provider whose share of the hours is nearest to 5 % goes; gives the people it served."""
        serves = {r['package_id']: r['provider_id'] for r in self.rows(self.ws, 'placements.csv')}
        path = os.path.join(self.ws, 'providers.csv')
        providers = self.rows(path)
        total = sum(float(p['capacity_hours']) for p in providers)
        gone = min(providers, key=lambda p: abs(float(p['capacity_hours']) / total - 0.05))
        gone['active'] = 'no'
        with open(path, 'w', newline='') as f:
            out = csv.DictWriter(f, providers[0].keys(), lineterminator='\n')
            out.writeheader()
            out.writerows(providers)
        return gone['provider_id'], {p for p, k in serves.items() if k == gone['provider_id']}

    def monotone(self, points):
        values = [list(p['levels'].values()) for p in points]
        for before, after in zip(values, values[1:]):
            self.assertLessEqual(after, before)

    def test_nothing_changed_and_nobody_moves(self):
        for replan in ('0', '5', 'free'):
            placed, _ = self.allocate(replan, '--policy', self.stay)
            moved = [r for r in placed if r['previous_provider'] and r['provider_id'] != r['previous_provider']]
            self.assertGreater(len([r for r in placed if r['previous_provider']]), 100)
            self.assertEqual(moved, [])
        points = self.curve('--policy', self.stay, '--steps', '0,5,free')
        self.assertEqual([p['moved'] for p in points], [0, 0, 0])
        self.assertEqual(points[0]['levels'], points[2]['levels'])

    def test_a_provider_leaves(self):
        gone, people = self.leave()
        self.assertTrue(people)
        placed, waiting = self.allocate('0')
        where = {r['package_id']: r['provider_id'] for r in placed}
        why = {r['package_id']: r['reason'] for r in waiting}
        for person in people:
            self.assertTrue(where.get(person, gone) != gone or why.get(person) in ('rule', 'capacity', 'trade'), person)
        # Those who must go are all who may.
        moved = {r['package_id'] for r in placed if r['previous_provider'] and r['provider_id'] != r['previous_provider']}
        self.assertLessEqual(moved, people)

    def test_the_curve_never_gets_worse_and_ends_at_the_free_plan(self):
        _, people = self.leave()
        points = self.curve('--max', '100')
        self.assertEqual([p['replan'] for p in points], [0, 1, 2, 5, 10, 20, 50, 100])
        self.monotone(points)
        for p in points:
            self.assertLessEqual(p['moved'], max(p['replan'], len(people)))
        free = self.curve('--steps', 'free')[0]
        self.assertLessEqual(free['moved'], 100)
        self.assertLessEqual(points[-1]['weekly_cost_pence'], 1.01 * free['weekly_cost_pence'])
        self.assertEqual(points[-1]['waiting'], free['waiting'])
        with_csv = self.run_it('-C', self.ws, '--format', 'csv', *WORK, 'replan', '--max', '2')
        self.assertEqual([int(r['level_waiting']) for r in csv.DictReader(with_csv.splitlines())],
                         [p['levels']['waiting'] for p in points[:3]])

    def test_the_same_bytes_and_wrong_steps(self):
        self.assertEqual(self.run_it('-C', self.ws, *WORK, 'replan', '--max', '2'),
                         self.run_it('-C', self.ws, *WORK, '--threads', '1', 'replan', '--max', '2'))
        for steps in ('2,1', 'free,1', '-1', 'x', '1,,2', ''):
            done = subprocess.run([PROGRAM, '-C', self.ws, 'replan', '--steps', steps], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)
            self.assertEqual((done.returncode, done.stdout), (2, ''), steps)


if __name__ == '__main__':
    unittest.main()
