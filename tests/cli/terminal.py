#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see on a terminal: progress, colours, widths; and what programs see instead.

usage: terminal.py [unittest options]; HCBROKER is the program, HCB_SMALL a small workspace.
"""
import os, pty, re, select, shutil, subprocess, tempfile, unittest

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


if __name__ == '__main__':
    unittest.main()
