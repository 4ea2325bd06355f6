#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see on a terminal: progress, colours, widths; and what programs see instead.

usage: terminal.py [unittest options]; HCBROKER is the program, HCB_SMALL a small workspace.
"""
import os, pty, re, select, shutil, signal, subprocess, tempfile, time, unittest
from concurrent.futures import ThreadPoolExecutor

PROGRAM = os.environ['HCBROKER']
SMALL = os.environ['HCB_SMALL']
ESCAPE = '\x1b'


def on_terminal(*args, out=True, err=True, env=None):
    """Standard output and standard error as a terminal shows them; (text of both, exit code). What is no terminal is a pipe
    whose text is not among it."""
    control, terminal = pty.openpty()
    clean = {key: value for key, value in os.environ.items() if key != 'NO_COLOR'}
    done = subprocess.Popen([PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=terminal if out else subprocess.DEVNULL,
                            stderr=terminal if err else subprocess.DEVNULL, env={**clean, 'TERM': 'xterm', **(env or {})})
    os.close(terminal)
    text = b''
    while True:
        try:
            if not select.select([control], [], [], 120)[0]:
                break
            part = os.read(control, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    os.close(control)
    return text.decode().replace('\r\n', '\n'), done.wait()


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix='hcbroker-terminal-')
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def good(self, *args):
        subprocess.run([PROGRAM, *args], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def county(self, *generate):
        self.good('init', self.path('ws'))
        self.good('-C', self.path('ws'), 'generate', '--scenario', 's1', '--queue', '60', *generate)
        return self.path('ws')

    def long_lines(self, text):
        return [line for line in text.split('\n') if len(line.rstrip('\r').split('\r')[-1]) > 80]


class Terminal(Case):
    def test_help_fits_80_columns(self):
        general = subprocess.run([PROGRAM, '--help'], stdout=subprocess.PIPE, text=True, check=True).stdout
        names = re.findall(r'^  ([a-z][a-z -]*?)  +\S', general.split('options of')[0], re.MULTILINE)
        self.assertGreater(len(names), 15)
        for command in (['--help'], *([*name.split(), '--help'] for name in names)):
            text = subprocess.run([PROGRAM, *command], stdout=subprocess.PIPE, text=True, check=True).stdout
            self.assertEqual(self.long_lines(text), [])

    def test_errors_are_coloured_on_a_terminal_alone(self):
        args = ('check', '-C', self.path('none'))
        text, code = on_terminal(*args)
        self.assertNotEqual(code, 0)
        self.assertIn(ESCAPE + '[1;31m', text)
        for env in ({'NO_COLOR': '1'}, {'TERM': 'dumb'}):
            self.assertNotIn(ESCAPE, on_terminal(*args, env=env)[0])
        self.assertIn(ESCAPE, on_terminal(*args, env={'NO_COLOR': ''})[0])
        piped = subprocess.run([PROGRAM, *args], stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL).stderr
        self.assertNotIn(ESCAPE, piped)
        self.assertEqual(re.sub(ESCAPE + r'\[[0-9;]*m', '', text), piped)

    def test_short_work_shows_no_progress(self):
        text, code = on_terminal('-C', SMALL, 'allocate', '--out', self.path('plan'))
        self.assertEqual(code, 0)
        self.assertNotRegex(text, r'\d s  |\r')
        quiet = subprocess.run([PROGRAM, '--quiet', '-C', SMALL, 'allocate', '--out', self.path('plan')], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.assertEqual(quiet.stderr, '')

    def test_what_programs_read_is_not_broken_at_the_edge_of_a_terminal(self):
        self.good('-C', SMALL, 'allocate', '--out', self.path('plan'))
        for args in (('explain', 'Q1', '--plan', self.path('plan'), '--format', 'json'), ('zones', 'stats', '--format', 'csv'), ('zones', 'simplify', SMALL + '/zones.geojson')):
            shown, code = on_terminal('-C', SMALL, *args, err=False)
            piped = subprocess.run([PROGRAM, '-C', SMALL, *args], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
            self.assertEqual(code, 0, args)
            self.assertTrue(self.long_lines(piped), args)
            self.assertEqual(shown, piped, args)


class Tables(Case):
    def test_tables_fit_a_terminal_and_are_whole_in_a_pipe(self):
        ws = self.county()
        self.good('-C', ws, 'allocate', '--out', self.path('plan'))
        plan = ('--plan', self.path('plan'))
        for args in (('allocate', '--out', self.path('plan')), ('explain', 'Q000060', *plan), ('recommend', 'Q000060', *plan), ('price', 'bands'),
                     ('price', 'build-up'), ('zones', 'stats')):
            shown, code = on_terminal('-C', ws, *args, err=False)
            self.assertEqual(code, 0, args)
            self.assertEqual(self.long_lines(shown), [], args)
            piped = subprocess.run([PROGRAM, '-C', ws, *args], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True).stdout
            # The same words: only the ends of lines differ.
            self.assertEqual(shown.split(), piped.split(), args)


class EveryCommand(Case):
    """Each command once on the bundled county; (arguments, exit code). What has several stages stands in their order."""

    def walk(self):
        ws, at = self.path('ws'), lambda hour: ('--at', f'2020-12-01T{hour:02}:00')
        file = self.file
        whatif = file('whatif.yaml', 'version: 1\nname: Winter\nscenarios:\n- name: More people\n  changes:\n    demand: {people: +2%}\n- name: As it is\n')
        rows = self.lines('packages.csv')
        visits = self.lines('visits.csv')
        first = rows[1].split(',')[0]
        new = file('new.csv', '\n'.join([rows[0], rows[1].replace(first, 'NEW1')]) + '\n')
        new_visits = file('new_visits.csv', '\n'.join([visits[0], *(line.replace(first, 'NEW1') for line in visits if line.startswith(first + ','))]) + '\n')
        done = file('done.csv', 'package_id,date,planned_minutes,actual_minutes,carers,price_per_hour\nA,2020-12-01,30,28,1,20.00\nA,2020-12-02,30,0,2,20.00\n')
        answers = file('answers.csv', 'offer_id,answer,reason,price\nO000002,accept,,\n')
        served = self.lines('placements.csv')[1].split(',')[0]
        C, desk = ('-C', ws), lambda *args, hour: ('-C', ws, 'desk', *args, *at(hour))
        yield ('init', self.path('other')), 0
        yield (*C, 'generate', '--scenario', 's1', '--queue', '60'), 0
        yield (*C, 'check'), 0
        yield (*C, 'check', '--policy', self.path('ws', 'prime_supplementary.yaml'), '--explain'), 0
        yield (*C, 'allocate', '--out', self.path('plan'), '--baseline'), 0
        yield (*C, 'verify', self.path('plan')), 0
        yield (*C, 'explain', 'Q000060', '--plan', self.path('plan')), 0
        yield (*C, 'recommend', 'Q000060', '--plan', self.path('plan')), 0
        yield (*C, 'recommend', '--provider', 'P037', '--hours', '10.5'), 0
        yield (*C, 'replan', '--steps', '0,1', '--work-limit', '100000'), 0
        yield (*C, 'compare', ws, whatif + '#More people', '--out', self.path('cmp')), 0
        yield (*C, 'sweep', whatif), 0
        yield (*C, 'report', '--from', self.path('plan'), '--out', self.path('plan.html')), 0
        for name in ('stats', 'adjacency', 'check', 'simplify', 'locate', 'move', 'compare', 'design', 'dissolve', 'voronoi'):
            yield {'stats': (*C, 'zones', 'stats'), 'adjacency': ('zones', 'adjacency', self.path('ws', 'zones.geojson')), 'check': ('zones', 'check', self.path('ws', 'zones.geojson')),
                   'simplify': ('zones', 'simplify', self.path('ws', 'zones.geojson'), '--tolerance', '50', '--out', self.path('thin.geojson')),
                   'locate': (*C, 'zones', 'locate', '52.63,-1.2'), 'move': (*C, 'zones', 'move', 'ab-kettleby', 'old-dalby', '--to', '03', '--out', self.path('moved.csv'), '--force'),
                   'compare': (*C, 'zones', 'compare', ws, self.path('moved.csv')), 'design': (*C, 'zones', 'design', '--work-limit', '100000', '--ensemble', '20'),
                   'dissolve': ('zones', 'dissolve', '--areas', self.path('ws', 'areas.csv'), '--polygons', self.path('ws', 'areas.geojson'), '--zones', self.path('ws', 'zones.csv'), '--out', self.path('whole.geojson')),
                   'voronoi': ('zones', 'voronoi', '--settlements', self.path('ws', 'settlements.csv'), '--zones', self.path('ws', 'zones.csv'), '--areas-out', self.path('cells.geojson'), '--out', self.path('z.geojson'))}[name], (0, 1)
        yield (*C, 'price', 'build-up'), 0
        yield (*C, 'price', 'bands', '--offers'), 0
        yield (*C, 'price', 'visits', done), (0, 3)
        yield desk('init', hour=8), 0
        yield desk('receive', new, '--visits', new_visits, hour=8), 0
        yield desk('change', new, '--visits', new_visits, hour=8), 0
        yield desk('plan', hour=9), 0
        yield desk('offer', 'Q000001', hour=9), 0
        yield desk('offer', 'Q000002', hour=9), 0
        yield desk('answer', 'O000001', 'decline', '--reason', 'capacity', hour=10), 0
        yield desk('import', answers, hour=10), (0, 3)
        yield desk('offer', 'Q000003', hour=10), 0
        yield desk('withdraw', 'O000003', hour=11), (0, 3)
        yield desk('suspend', served, '--reason', 'hospital', hour=11), 0
        yield desk('resume', served, hour=12), 0
        yield desk('end', served, '--reason', 'moved', hour=12), 0
        yield desk('capacity', 'P037', '100', hour=12), 0
        yield desk('handback', 'P048', hour=13), 0
        yield desk('note', 'rings back', 'Q000001', hour=13), 0
        yield desk('queue', hour=13), 0
        yield desk('expire', hour=20), 0
        yield (*C, 'desk', 'log'), 0
        yield (*C, 'desk', 'verify'), 0
        yield (*C, 'desk', 'figures'), 0
        yield desk('export', '--out', self.path('w2'), hour=20), 0
        yield desk('adopt', hour=20), (0, 3)
        yield (*C, 'apply', self.path('plan')), (0, 3)

    READS = {'allocate', 'explain', 'recommend', 'replan', 'sweep', 'zones stats', 'zones check', 'zones move', 'zones compare', 'price build-up', 'price bands', 'price visits',
             'desk queue', 'desk figures'}

    def lines(self, name):
        with open(self.path('ws', name), encoding='utf-8') as f:
            return f.read().split('\n')

    def file(self, name, text):
        with open(self.path(name), 'w', encoding='utf-8') as f:
            f.write(text)
        return self.path(name)

    def test_every_command_fits_80_columns(self):
        self.county()
        general = subprocess.run([PROGRAM, '--help'], stdout=subprocess.PIPE, text=True, check=True).stdout
        left = set(re.findall(r'^  ([a-z][a-z -]*?)  +\S', general.split('options of')[0], re.MULTILINE))
        for args, code in self.walk():
            words = [a for a in args if a not in ('-C', self.path('ws'))]
            name = ' '.join(words[:2]) if words[0] in ('zones', 'desk', 'price') else words[0]
            left.discard(name)
            shown, got = on_terminal(*args, err=False)
            self.assertIn(got, code if isinstance(code, tuple) else (code,), (args, shown[-500:]))
            # What names a file of ours is as long as its path.
            self.assertEqual([line for line in self.long_lines(shown) if self.folder not in line], [], args)
            self.assertNotIn(ESCAPE, shown)
            if name in self.READS:
                # A terminal breaks what is too long for it; a row of a table should not need that.
                piped = subprocess.run([PROGRAM, *args], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, text=True).stdout
                self.assertEqual([line for line in self.long_lines(piped) if len(re.findall(r'\S  +\S', line)) > 2], [], args)
        self.assertEqual(left, set())


def slowed(args, err, env=None):
    """The program held up for 2.2 s once its thread of progress runs, as if the work took that long. False: it was faster
    than we were."""
    clean = {key: value for key, value in os.environ.items() if key != 'NO_COLOR'}
    done = subprocess.Popen([PROGRAM, *args], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=err, env={**clean, 'TERM': 'xterm', **(env or {})})
    tasks, held = f'/proc/{done.pid}/task', False
    while done.poll() is None and not held:
        if len(os.listdir(tasks)) > 1:
            done.send_signal(signal.SIGSTOP)
            held = True
            time.sleep(2.2)
            done.send_signal(signal.SIGCONT)
        else:
            time.sleep(0.0005)
    done.wait()
    return held


def held_up(args, *, terminal, env=None):
    """Standard error of the program when its work takes more than 2 s: of a terminal, or of a file. A program that was
    held up when its work had just ended says nothing, and rightly: it is tried again."""
    for _ in range(8):
        if terminal:
            control, side = pty.openpty()
            held = slowed(args, side, env)
            os.close(side)
            text = b''
            try:
                while part := os.read(control, 65536):
                    text += part
            except OSError:
                pass
            os.close(control)
        else:
            with tempfile.TemporaryFile() as f:
                held = slowed(args, f, env)
                f.seek(0)
                text = f.read()
        if held and re.search(rb'\d\.\d s  ', text):
            return text.decode()
    raise AssertionError(f'{args}: no progress in eight tries')


class Progress(Case):
    """Every command that may take long says so on a terminal, and nowhere else unless asked."""

    def commands(self):
        ws = self.county('--scale', '0.3')
        self.good('-C', ws, 'allocate', '--out', self.path('plan'))
        with open(self.path('whatif.yaml'), 'w', encoding='utf-8') as f:
            f.write('version: 1\nname: Winter\nscenarios:\n- name: More people\n  changes:\n    demand: {people: +2%}\n- name: As it is\n')
        whatif, C = self.path('whatif.yaml'), ('-C', ws)
        for i in range(3):
            shutil.copytree(ws, self.path(f'desk{i}'))
            self.good('-C', self.path(f'desk{i}'), 'desk', 'init', '--at', '2020-12-01T08:00')
        for name, args in {'allocate': (*C, 'allocate', '--out', '{out}'), 'zones check': ('zones', 'check', ws + '/areas.geojson'),
                           'zones design': (*C, 'zones', 'design', '--work-limit', '100000'), 'zones stats': (*C, 'zones', 'stats'),
                           'sweep': (*C, 'sweep', whatif), 'compare': (*C, 'compare', ws, whatif + '#More people'),
                           'desk plan': ('-C', '{desk}', 'desk', 'plan', '--at', '2020-12-01T09:00'),
                           'replan': (*C, 'replan', '--steps', '0', '--work-limit', '100000'),
                           'explain': (*C, 'explain', 'Q000060', '--plan', self.path('plan')),
                           'report': (*C, 'report', '--from', self.path('plan'), '--out', '{out}')}.items():
            yield name, lambda i, args=args, name=name: [a.replace('{out}', self.path(f'{name}{i}')).replace('{desk}', self.path(f'desk{i}')) for a in args]

    def test_every_long_command(self):
        line = r' *\d+\.\d s  \w'

        def one(job):
            name, args = job
            terminal = held_up(args(0), terminal=True, env={'NO_COLOR': '1'})
            asked = held_up(['--progress', 'always', *args(1)], terminal=False)
            # Without the thread of progress the program is not held up: quiet is what it says at its own pace.
            piped = subprocess.run([PROGRAM, *args(2)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
            return name, terminal, asked, piped

        with ThreadPoolExecutor(5) as pool:
            for name, terminal, asked, piped in pool.map(one, self.commands()):
                with self.subTest(name):
                    self.assertRegex(terminal, r'\r' + line)
                    self.assertNotIn(ESCAPE, terminal)
                    self.assertEqual([part for part in re.split(r'[\r\n]', terminal) if re.match(line, part) and len(part) > 80], [])
                    self.assertRegex(asked, '(?m)^' + line)
                    self.assertNotRegex(asked, ESCAPE + r'|\r')
                    self.assertNotRegex(piped, line + '|\r|' + ESCAPE)


class Long(Case):
    """Work of more than two seconds."""

    def setUp(self):
        super().setUp()
        self.ws = self.county('--scale', '6', '--queue', '1500', '--spare', '0.6')
        self.args = ('-C', self.ws, 'allocate', '--gap', '0', '--time-limit', '3', '--threads', '1', '--out', self.path('plan'))

    def test_progress_says_how_far_it_is_and_goes(self):
        text, code = on_terminal(*self.args, out=False)
        self.assertEqual(code, 0)
        lines = [line for line in text.split('\r') if re.match(r' *\d+\.\d s  ', line)]
        self.assertTrue(lines)
        self.assertEqual([line for line in lines if len(line) > 80], [])
        full = [line for line in lines if re.match(r' *\d+\.\d s  solving \w+  best -?\d+  bound -?\d+  gap \d+\.\d+%  left <\d+ s *$', line)]
        self.assertTrue(full, lines[-3:])
        left = [int(re.search(r'left <(\d+)', line)[1]) for line in full]
        self.assertLessEqual(max(left), 4)
        self.assertLessEqual(left[-1], left[0])
        # Wiped before anything else is said.
        after = text[text.rindex(lines[-1]) + len(lines[-1]):]
        self.assertRegex(after, r'^\r {70,}\r')

    def test_a_pipe_is_quiet_unless_asked(self):
        done = subprocess.run([PROGRAM, *self.args], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
        self.assertNotRegex(done.stderr, r'\d s  |\r')
        asked = subprocess.run([PROGRAM, '--progress', 'always', *self.args], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
        lines = [line for line in asked.split('\n') if re.match(r' *\d+\.\d s  ', line)]
        self.assertTrue(1 <= len(lines) <= 3, lines)
        self.assertNotIn('\r', asked)


class Search(Case):
    def test_a_search_shows_best_and_bound_every_second(self):
        ws, rules = self.county(), self.path('rules.yaml')
        with open(rules, 'w', encoding='utf-8') as f:
            f.write('version: 1\nrules:\n  - {rule: hours, min: 1, max: 9000}\n  - {rule: moved, hours: 30%}\nlevels:\n  - {name: travel}\n')
        text, code = on_terminal('-C', ws, 'zones', 'design', '--rules', rules, '--work-limit', '40000000', '--time-limit', '7', '--threads', '1', out=False)
        self.assertEqual(code, 0)
        seen = re.findall(r'\r *(\d+\.\d) s  solving travel  best (\d+)  bound (\d+)  gap \d+\.\d+%  left <\d+ s', text)
        self.assertGreater(len(seen), 10, text[-500:])
        at, best, bound = ([float(s[i]) for s in seen] for i in range(3))
        # No second without a line, the best only falls, it does so inside a search, and the bound stays below.
        self.assertLess(max(b - a for a, b in zip(at, at[1:])), 2.5)
        self.assertEqual(best, sorted(best, reverse=True))
        self.assertGreater(len(set(best)), 3)
        self.assertTrue(all(0 < b <= v for b, v in zip(bound, best)))


if __name__ == '__main__':
    unittest.main()
