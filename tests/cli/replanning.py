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


class Desk(unittest.TestCase):
    """A workspace and what is asked of it."""
    size, work = (), WORK

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='hcbroker-replan-')
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.ws = os.path.join(self.folder, 'ws')
        self.run_it('init', self.ws)
        self.run_it('-C', self.ws, 'generate', *self.size)
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
        self.run_it('-C', self.ws, *self.work, 'allocate', '--replan', replan, '--out', out, *args)
        self.run_it('-C', self.ws, 'verify', out)
        return self.rows(out, 'allocations.csv'), self.rows(out, 'waiting.csv')

    def leave(self, share=0.05):
        """Providers with about 5 % of the hours go, the largest first; gives the people they served."""
        serves = {r['package_id']: r['provider_id'] for r in self.rows(self.ws, 'placements.csv')}
        path = os.path.join(self.ws, 'providers.csv')
        providers = self.rows(path)
        total = sum(float(p['capacity_hours']) for p in providers)
        left, gone = share, set()
        for p in sorted(providers, key=lambda p: -float(p['capacity_hours'])):
            part = float(p['capacity_hours']) / total
            if part <= left + 0.005:
                p['active'] = 'no'
                gone.add(p['provider_id'])
                left -= part
        with open(path, 'w', newline='') as f:
            out = csv.DictWriter(f, providers[0].keys(), lineterminator='\n')
            out.writeheader()
            out.writerows(providers)
        return gone, {p for p, k in serves.items() if k in gone}

    def moved(self, placed):
        return {r['package_id'] for r in placed if r['previous_provider'] and r['provider_id'] != r['previous_provider']}

    def all_placed_or_explained(self, gone, people, placed, waiting):
        where = {r['package_id']: r['provider_id'] for r in placed}
        why = {r['package_id']: r['reason'] for r in waiting}
        for person in people:
            if person in where:
                self.assertNotIn(where[person], gone)
            else:
                self.assertIn(why[person], ('rule', 'capacity', 'trade'))

    def monotone(self, points):
        values = [list(p['levels'].values()) for p in points]
        for before, after in zip(values, values[1:]):
            self.assertLessEqual(after, before)


class Replanning(Desk):
    size = ('--scenario', 's0', '--scale', '0.1', '--queue', '2', '--spare', '2')

    def test_nothing_changed_and_nobody_moves(self):
        for replan in ('0', '5', 'free'):
            placed, _ = self.allocate(replan, '--policy', self.stay)
            self.assertGreater(sum(r['previous_provider'] != '' for r in placed), 100)
            self.assertEqual(self.moved(placed), set())
        points = self.curve('--policy', self.stay, '--steps', '0,5,free')
        self.assertEqual([p['moved'] for p in points], [0, 0, 0])
        self.assertEqual(points[0]['levels'], points[2]['levels'])

    def test_a_provider_leaves(self):
        gone, people = self.leave()
        self.assertTrue(people)
        placed, waiting = self.allocate('0')
        self.all_placed_or_explained(gone, people, placed, waiting)
        # Those who must go are all who may.
        self.assertLessEqual(self.moved(placed), people)

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


class County(Desk):
    """The same with all of December 2020: 2,090 people, 86 providers, a provider or two with 5 % of the hours."""
    size, work = ('--scenario', 's1', '--queue', '0'), ()

    def cost(self, placed):
        return sum(int(r['weekly_cost_pence']) for r in placed)

    def test_nothing_changed_and_nobody_moves(self):
        for replan in ('0', '50', 'free'):
            placed, _ = self.allocate(replan, '--policy', self.stay)
            self.assertGreater(sum(r['previous_provider'] != '' for r in placed), 2000)
            self.assertEqual(self.moved(placed), set())

    def test_five_per_cent_of_the_hours_leave(self):
        gone, people = self.leave()
        self.assertGreater(len(people), 50)
        few, some_wait = self.allocate('0')
        self.all_placed_or_explained(gone, people, few, some_wait)
        self.assertLessEqual(self.moved(few), people)
        more, fewer_wait = self.allocate(str(len(people) + 150))
        self.all_placed_or_explained(gone, people, more, fewer_wait)
        self.assertLessEqual(len(self.moved(more) | (people - {r['package_id'] for r in more})), len(people) + 150)
        free, fewest_wait = self.allocate('free')
        weight = lambda rows: sum((6 - int(r['priority'])) * int(r['carer_minutes']) for r in rows)
        # Room makes up for what is not allowed to move, and a week costs what it does when all may.
        self.assertLessEqual(weight(fewer_wait), weight(some_wait))
        self.assertLessEqual(weight(fewest_wait), weight(some_wait))
        self.assertLessEqual(self.cost(more) / sum(int(r['carer_minutes']) for r in more),
                             1.01 * self.cost(free) / sum(int(r['carer_minutes']) for r in free))


if __name__ == '__main__':
    unittest.main()
