# SPDX-License-Identifier: GPL-3.0-or-later
"""Manual pages and completion against --help: nothing that the command takes is missing from either.

manual.py MANUAL_FOLDER
"""

import gzip
import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

PROGRAM = os.environ["HCBROKER"]
FOLDER = Path(sys.argv.pop())


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], check=True, capture_output=True, text=True).stdout


def commands():
    text = run("--help").split("commands:\n")[1].split("\noptions of")[0]
    return [re.match(r"  (\S+(?: \S+)?)  ", line)[1].strip() for line in text.splitlines() if re.match(r"  \S", line)]


def options(name):
    return re.findall(r"^  (--?[A-Za-z][A-Za-z-]*)", run(*name.split(), "--help"), re.M)


def page(name):
    return gzip.decompress((FOLDER / "man1" / f"{name}.1.gz").read_bytes()).decode()


def complete(*words):
    """What bash offers for the last word."""
    script = f"""source {FOLDER}/completion; COMP_WORDS=({" ".join(f"'{word}'" for word in words)})
        COMP_CWORD={len(words) - 1}; _hcbroker; printf '%s\\n' "${{COMPREPLY[@]}}" """
    return subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True).stdout.split()


class Manual(unittest.TestCase):
    def test_every_command_has_a_page_with_all_its_options(self):
        names = commands()
        self.assertGreater(len(names), 15)
        for name in names:
            text = page("hcbroker-" + name.replace(" ", "-")).replace("\\-", "-")
            self.assertIn(f"hcbroker-{name.replace(' ', '-')} - ", text)
            for option in options(name):
                self.assertRegex(text, rf"\n\.B {re.escape(option)}\b", name)
        self.assertEqual(len(names) + 1, len(list((FOLDER / "man1").iterdir())))

    def test_the_page_of_the_program_names_every_command(self):
        text = page("hcbroker").replace("\\-", "-")
        for name in commands():
            self.assertIn(f"\n.BR hcbroker-{name.replace(' ', '-')} (1)\n", text)

    def test_mandoc_finds_nothing_but_the_missing_date(self):
        if not shutil.which("mandoc"):
            self.skipTest("mandoc is missing")
        for path in sorted((FOLDER / "man1").iterdir()):
            said = subprocess.run(["mandoc", "-Tlint", "-W", "warning"], input=gzip.decompress(path.read_bytes()),
                                  capture_output=True).stdout.decode()
            rest = [line for line in said.splitlines() if "missing date" not in line]
            self.assertEqual(rest, [], path.name)

    def test_bash_completes_commands_options_and_words(self):
        first = {name.split()[0] for name in commands()}
        self.assertEqual(set(complete("hcbroker", "")), first)
        self.assertEqual(set(complete("hcbroker", "-C", "somewhere", "")), first)
        groups = {name.split()[0] for name in commands() if " " in name}
        for group in groups:
            self.assertEqual(set(complete("hcbroker", group, "")),
                             {name.split()[1] for name in commands() if name.startswith(group + " ")})
        for name in commands():
            self.assertEqual(set(complete("hcbroker", *name.split(), "-")), set(options(name)), name)
        self.assertEqual(complete("hcbroker", "allocate", "--method", "s"), ["sequential"])
        self.assertEqual(complete("hcbroker", "allocate", "--format", ""), ["text", "json", "csv"])
        self.assertEqual(complete("hcbroker", "allocate", "--gap", ""), [])


if __name__ == "__main__":
    unittest.main()
