#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page that `report` writes, read as a file: what is in it, what is kept out, what is refused. How it looks and works in
a browser is tests/page.

usage: report.py [unittest options]; HCBROKER is the program, HCB_SMALL a small workspace.
"""
import html.parser, json, os, re, shutil, subprocess, tempfile, unittest

PROGRAM = os.environ['HCBROKER']
SMALL = os.environ['HCB_SMALL']
EVIL = '</script><script>alert(1)</script>'


class Page(html.parser.HTMLParser):
    """Elements by name, the text of the document inside, and the rows of tables."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.data, self.rows, self.policy, self.attributes = [], '', [], '', []
        self.inside, self.cell = None, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        self.attributes += attrs
        if attrs.get('http-equiv') == 'Content-Security-Policy':
            self.policy = attrs['content']
        self.inside = 'data' if attrs.get('id') == 'data' else None
        if tag == 'tr':
            self.rows.append([])
        if tag in ('td', 'th'):
            self.cell = ''

    def handle_endtag(self, tag):
        self.inside = None
        if tag in ('td', 'th'):
            self.rows[-1].append(self.cell)
            self.cell = None

    def handle_data(self, text):
        if self.inside == 'data':
            self.data += text
        if self.cell is not None:
            self.cell += text


def run(*args):
    return subprocess.run([PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Report(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='hcbroker-report-')
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.ws = self.path('ws')
        shutil.copytree(SMALL, self.ws)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def good(self, *args):
        done = run(*args)
        self.assertEqual(done.returncode, 0, '%s\n%s%s' % (args, done.stdout, done.stderr))
        return done

    def read(self, *names):
        with open(self.path(*names), encoding='utf-8') as file:
            return file.read()

    def edit(self, name, old, new):
        text = self.read('ws', name)
        self.assertIn(old, text)
        with open(self.path('ws', name), 'w', encoding='utf-8') as file:
            file.write(text.replace(old, new))

    def plan(self):
        self.good('-C', self.ws, 'allocate', '--out', self.path('plan'))
        return json.loads(self.read('plan', 'summary.json'))

    def page(self, *options, workspace=True):
        where = ['-C', self.ws] if workspace else ['-C', '.']
        self.good(*where, 'report', '--from', self.path('plan'), '--out', self.path('page.html'), *options)
        return Page(self.read('page.html'))

    def with_scripts(self):
        page = self.page()
        if not page.data:
            self.skipTest('built without Node: there are plain pages alone')
        return page, json.loads(page.data)

    def test_every_figure_of_summary_json_is_in_the_page(self):
        summary = self.plan()
        _, data = self.with_scripts()
        self.assertEqual(data['main'], summary)
        self.assertEqual((data['kind'], data['file'], data['public']), ('allocation', 'summary.json', False))

    def test_lists_are_the_files(self):
        self.plan()
        _, data = self.with_scripts()
        for name in ('allocations', 'waiting'):
            lines = self.read('plan', name + '.csv').splitlines()
            self.assertEqual(data['tables'][name]['columns'], lines[0].split(','))
            self.assertEqual(len(data['tables'][name]['rows']), len(lines) - 1)

    def test_people_are_dots_of_a_square_kilometre(self):
        summary = self.plan()
        _, data = self.with_scripts()
        dots = data['workspace']['dots']
        self.assertEqual(data['workspace']['dot_m'], 1000)
        self.assertEqual(sum(d[3] for d in dots), summary['placed'])
        self.assertEqual(sum(sum(d[4:8]) for d in dots), summary['waiting'])
        self.assertEqual(sum(d[2] for d in dots), summary['placements_fixed'])
        minutes = summary['carer_minutes_placed'] + sum(z['carer_minutes_fixed'] + z['carer_minutes_waiting'] for z in summary['by_zone'])
        self.assertEqual(sum(d[8] for d in dots), minutes)
        self.assertTrue(all(isinstance(n, int) for d in dots for n in d))

    def test_hours_of_providers_by_tier_add_up_to_the_summary(self):
        summary = self.plan()
        _, data = self.with_scripts()
        for provider, row in zip(data['workspace']['providers'], summary['by_provider']):
            self.assertEqual(provider['provider_id'], row['provider_id'])
            self.assertEqual(sum(provider['served_minutes']), row['carer_minutes_fixed'])
            self.assertEqual(sum(provider['placed_minutes']), row['carer_minutes_placed'])

    def test_the_zones_close_to_the_metre_grid(self):
        self.plan()
        _, data = self.with_scripts()
        file = json.loads(self.read('ws', 'zones.geojson'))
        self.assertEqual([f['id'] for f in data['layers']['zones']['features']],
                         sorted(f['properties']['zone_id'] for f in file['features']))
        unit = data['layers']['zones']['unit_m']
        for feature in data['layers']['zones']['features']:
            for part in feature['parts']:
                for ring in part:
                    xs = [sum(ring[0:i + 1:2]) * unit for i in range(0, len(ring), 2)]
                    self.assertTrue(all(0 < x < 700000 for x in xs))
                    self.assertGreaterEqual(len(ring), 6)

    def test_explanations_are_those_of_explain_the_most_urgent_first(self):
        self.edit('providers.csv', '60,,80', '2,,80')
        self.edit('providers.csv', '40:00', '2:00')
        self.plan()
        rows = [line.split(',') for line in self.read('plan', 'waiting.csv').splitlines()[1:]]
        self.assertGreater(len(rows), 1)
        page = self.page('--explain', '1')
        if not page.data:
            self.skipTest('built without Node: there are plain pages alone')
        first = min(rows, key=lambda row: (int(row[4]), -int(row[5] or 0)))[0]
        told = self.good('-C', self.ws, 'explain', first, '--plan', self.path('plan')).stdout
        self.assertEqual(json.loads(page.data)['explanations'], {first: told})
        os.remove(self.path('page.html'))
        for more in (['--public'], ['--plain']):
            self.refused(2, 'only those who wait', '-C', self.ws, 'report', '--from', self.path('plan'), '--out', self.path('page.html'), '--explain', '1', *more)

    def test_names_with_markup_stay_text(self):
        self.edit('providers.csv', 'P1,', '"%s",' % EVIL.replace('"', '""'))
        for name in ('coverage.csv', 'placements.csv', 'packages.csv'):
            text = self.read('ws', name)
            with open(self.path('ws', name), 'w', encoding='utf-8') as file:
                file.write(re.sub(r'(?<=[,\n;])P1(?=[,;\n])', EVIL, text))
        summary = self.plan()
        self.assertIn(EVIL, [p['provider_id'] for p in summary['by_provider']])
        for options in ([], ['--plain']):
            page = self.page(*options)
            self.assertLessEqual(page.tags.count('script'), 2)
            self.assertNotIn(EVIL, self.read('page.html'))
            if page.data:
                self.assertEqual(json.loads(page.data)['main'], summary)
            else:
                self.assertNotIn('script', page.tags)
                self.assertIn(EVIL, [cell for row in page.rows for cell in row])

    def test_the_policy_lets_nothing_else_run_and_nothing_out(self):
        self.plan()
        page, _ = self.with_scripts()
        self.assertIn("default-src 'none'", page.policy)
        self.assertRegex(page.policy, r"script-src 'sha256-[A-Za-z0-9+/=]+';")
        self.assertRegex(page.policy, r"style-src 'sha256-[A-Za-z0-9+/=]+';")
        for word in ('unsafe', 'http', '*', 'connect-src'):
            self.assertNotIn(word, page.policy)
        self.assertFalse([a for a in page.attributes if a in ('src', 'onclick', 'onload', 'style', 'srcset')])
        plain = self.page('--plain')
        self.assertIn("default-src 'none'", plain.policy)

    def test_a_plain_page_has_every_figure(self):
        summary = self.plan()
        page = self.page('--plain', workspace=False)
        cells = {row[0]: row[1] for row in page.rows if len(row) == 2}
        for key in ('placed', 'waiting', 'weekly_cost_pence', 'travel_minutes', 'inputs_sha256'):
            self.assertEqual(cells[key.replace('_', ' ')], str(summary[key]))
        for zone in summary['by_zone']:
            self.assertIn([str(v) for v in zone.values()], page.rows)
        for line in self.read('plan', 'allocations.csv').splitlines()[1:]:
            self.assertIn(line.split(','), page.rows)

    def test_the_same_bytes_each_time(self):
        self.plan()
        self.page()
        first = self.read('page.html')
        self.page()
        self.assertEqual(self.read('page.html'), first)

    def test_a_page_for_everybody_has_nobody_in_it(self):
        self.plan()
        page, full = self.page('--public'), self.read('plan', 'allocations.csv')
        for line in full.splitlines()[1:]:
            self.assertNotIn('"%s"' % line.split(',')[0], self.read('page.html'))
            self.assertNotIn('>%s<' % line.split(',')[0], self.read('page.html'))
        if page.data:
            data = json.loads(page.data)
            self.assertEqual((data['public'], data['tables']), (True, {}))
            self.assertNotIn('dots', data['workspace'])
            self.assertNotIn('served_minutes', json.dumps(data['workspace']['providers']))
            for list_of in ('by_zone', 'by_provider', 'by_tier'):
                for row in data['main'][list_of]:
                    for key in ('packages', 'placed', 'waiting', 'placements_fixed'):
                        self.assertTrue(row.get(key) is None or row[key] % 5 == 0, row)
                    for count, total in (('placed', 'carer_minutes_placed'), ('placements_fixed', 'carer_minutes_fixed')):
                        self.assertTrue(row[total] is None if row.get(count, 0) is None else row.get(total, 0) % 3000 == 0, row)

    def test_small_numbers_cannot_be_told_from_their_total(self):
        rows = [{'zone_id': str(i), 'packages': n, 'minutes': 100 * n} for i, n in enumerate([2, 40, 30, 0])]
        os.mkdir(self.path('plan'))
        with open(self.path('plan', 'zones.json'), 'w', encoding='utf-8') as file:
            json.dump({'kind': 'zones', 'packages': 72, 'new_figure': 3, 'area_km2': 3, 'zones': rows}, file)
        page = self.page('--public', workspace=False)
        if not page.data:
            self.skipTest('built without Node: there are plain pages alone')
        main = json.loads(page.data)['main']
        self.assertEqual([z['packages'] for z in main['zones']], [None, 40, None, 0])
        self.assertEqual([z['minutes'] for z in main['zones']], [None, 3000, None, 0])
        self.assertEqual((main['packages'], main['new_figure'], main['area_km2']), (70, None, 3))

    def refused(self, code, words, *args):
        done = run(*args)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertFalse(os.path.exists(self.path('page.html')))

    def test_what_is_refused(self):
        out = ['--out', self.path('page.html')]
        self.refused(2, '--from DIR and --out FILE.html are needed', 'report', *out)
        self.refused(5, 'there is no folder', 'report', '--from', self.path('none'), *out)
        self.refused(5, 'holds no result', 'report', '--from', self.ws, *out)
        self.plan()
        self.refused(5, 'hcbroker.yaml', '-C', self.path('plan'), 'report', '--from', self.path('plan'), *out)
        self.edit('packages.csv', self.read('ws', 'packages.csv').splitlines()[-1] + '\n', '')
        self.refused(3, 'was made from other data', '-C', self.ws, 'report', '--from', self.path('plan'), *out)
        with open(self.path('plan', 'summary.json'), 'w', encoding='utf-8') as file:
            file.write('{"packages": 1,\n oops}')
        self.refused(3, 'summary.json:2:', 'report', '--from', self.path('plan'), *out)


if __name__ == '__main__':
    unittest.main()
