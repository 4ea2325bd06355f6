#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People to vacancies with a capacity of one: the bundled example, worked by hand.

Every figure is from zones/matching-example alone. Travel of a visit d km away is 2 + 1.8 min(d, 4) + 0.9 max(d - 4, 0)
minutes, in whole seconds; everyone has 7 visits and 35 hours a week.
"""
import csv, json, os, shutil, subprocess, tempfile, unittest

PROGRAM = os.environ['HCBROKER']
MINUTES = 35 * 60
# M1 to V2 1.5 km, M2 to V1 2 km, M3 to V3 3 km, M4 to V4 4 km, M5 to V5 10 km
SECONDS = {'M1': 282, 'M2': 336, 'M3': 444, 'M4': 552, 'M5': 876}
PLAN = {'M1': 'V2', 'M2': 'V1', 'M3': 'V3', 'M4': 'V4', 'M5': 'V5'}


class Matching(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='hcbroker-matching-')
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.ws = os.path.join(self.folder, 'ws')
        self.run_it('init', self.ws, '--from', 'matching-example')

    def run_it(self, *args):
        done = subprocess.run([PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 0, '%s\n%s%s' % (args, done.stdout, done.stderr))
        return done.stdout

    def answer(self, *args):
        return json.loads(self.run_it('-C', self.ws, '--format', 'json', *args))

    def rows(self, name):
        with open(os.path.join(self.folder, 'out', name), newline='') as f:
            return list(csv.DictReader(f))

    def allocate(self):
        out = os.path.join(self.folder, 'out')
        summary = self.answer('allocate', '--baseline', '--out', out)
        self.run_it('-C', self.ws, 'verify', out)
        return out, summary

    def test_five_vacancies_go_to_those_who_can_live_there(self):
        self.assertTrue(self.answer('check')['ok'])
        _, summary = self.allocate()
        self.assertEqual({r['package_id']: r['provider_id'] for r in self.rows('allocations.csv')}, PLAN)
        self.assertEqual([(r['package_id'], r['reason'], r['detail']) for r in self.rows('waiting.csv')],
                         [('M6', 'capacity', 'V1: new/V1 short by 1')])
        self.assertEqual(summary['outcome'], 'optimal')
        self.assertEqual({l['name']: l['value'] for l in summary['levels']},
                         dict(waiting=MINUTES, travel=7 * sum(SECONDS.values()), cost=35 * 100 * (19 + 20 + 21 + 22 + 18)))

    def test_down_the_list_the_only_house_for_m2_is_gone(self):
        _, summary = self.allocate()
        # M3, then M4 and M1 by date: M1 takes V1, 0.5 km away. M2 waits. M5 takes V5, M6 V2, 3 km away.
        self.assertEqual({l['name']: l['value'] for l in summary['baseline']['levels']},
                         dict(waiting=3 * MINUTES, travel=7 * (444 + 552 + 174 + 876 + 444), cost=35 * 100 * (20 + 21 + 22 + 18 + 19)))
        self.assertEqual((summary['baseline']['placed'], summary['baseline']['waiting']), (5, 1))

    def test_recommend_with_the_plan_and_without(self):
        out, _ = self.allocate()
        alone = self.answer('recommend', 'M2')
        self.assertEqual([(q['provider_id'], q['fits']) for q in alone['providers']], [('V1', True)])
        self.assertEqual({q['provider_id']: q['rule'] for q in alone['left_out']},
                         {k: 'capability_missing:waking_night' for k in ('V2', 'V3', 'V4', 'V5')})
        full = self.answer('recommend', 'M6', '--plan', out)
        # 3, 5, 5, 15 and 25.495 km away; of V1 and V3 the cheaper first
        self.assertEqual([q['provider_id'] for q in full['providers']], ['V2', 'V1', 'V3', 'V4', 'V5'])
        self.assertEqual([q['short'] for q in full['providers']],
                         [[{'row': 'new/' + k, 'by': 1}] for k in ('V2', 'V1', 'V3', 'V4', 'V5')])
        self.assertIsNone(full['best'])

    def test_a_house_that_says_no_is_offered_to_the_next(self):
        path = os.path.join(self.ws, 'people.csv')
        with open(path) as f:
            lines = f.read().split('\n')
        lines = [lines[0] + ',excluded_providers'] + [l + (',V2;V5' if l.startswith('M1') else ',') for l in lines[1:] if l]
        with open(path, 'w') as f:
            f.write('\n'.join(lines) + '\n')
        self.allocate()
        # M1 could only take V1, V3 or V4 now, whose people can live nowhere else: V2 is M6's, and M1 waits (weight 3), or
        # M1 takes one of them and that person waits, which is no better.
        placed = {r['package_id']: r['provider_id'] for r in self.rows('allocations.csv')}
        self.assertEqual(placed['M6'], 'V2')
        self.assertEqual(placed['M3'], 'V3')
        self.assertEqual(len(placed), 5)


if __name__ == '__main__':
    unittest.main()
