# SPDX-License-Identifier: GPL-3.0-or-later
"""Odd input: half characters, names that are no text, more problems than are shown, and what the file says twice."""

import csv
import datetime
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

PROGRAM = os.environ["HCBROKER"]
SMALL = Path(os.environ["HCB_SMALL"])


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.dir = Path(folder.name) / "w"
        shutil.copytree(SMALL, self.dir)

    def run_in(self, *arguments, code=0, folder=None):
        """Bytes, so that what is no text shows."""
        command = [PROGRAM, "-C", folder or self.dir, *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        self.assertEqual(done.returncode, code, (arguments, done.stdout, done.stderr))
        return done

    def replace(self, file, old, new):
        path = self.dir / file
        before = path.read_bytes()
        self.assertIn(old, before)
        path.write_bytes(before.replace(old, new, 1))

    def append(self, file, text):
        with open(self.dir / file, "a", encoding="utf-8") as f:
            f.write(text)

    def problems(self):
        done = self.run_in("check", "--format", "json", code=3)
        return json.loads(done.stdout.decode("utf-8"))["problems"]


class Messages(Case):
    def test_a_long_value_is_not_cut_within_a_character(self):
        """Offsets 0 and 1, so that one of them cuts a character of two bytes wherever the cut is."""
        long = [("x" * n + "é" * 60).encode() for n in (0, 1)]
        for file, old, before, after in [("packages.csv", b"P2,P1,", b"P2,", b","), ("packages.csv", b",gu,", b",", b","),
                                         ("packages.csv", b",dementia,", b",", b","), ("visits.csv", b"MTWTF--", b"", b"")]:
            for value in long:
                with self.subTest(file=file, old=old, value=value):
                    whole = (self.dir / file).read_bytes()
                    self.replace(file, old, before + value + after)
                    self.assertIn("éé", self.problems()[0]["message"])
                    (self.dir / file).write_bytes(whole)

    def test_control_characters_of_any_length_reach_no_terminal(self):
        self.replace("packages.csv", b"dementia", "\u009b31mred".encode())
        self.assertNotIn("\u009b".encode(), self.run_in("check", code=3).stderr)

    def test_more_than_a_hundred_left_out_are_counted(self):
        self.append("packages.csv", "".join(f"X{i},,,,451000,305000,7,7,,,1,,,2020-11-01,,,,,,,,,,\n" for i in range(150)))
        done = self.run_in("check", code=3)
        self.assertIn(b"150 records left out", done.stdout)
        self.assertIn(b"50 further problems are not shown", done.stderr)
        self.assertEqual(json.loads(self.run_in("check", "--format", "json", code=3).stdout)["left_out"], 150)


    def test_warnings_beyond_those_that_are_kept_are_said_to_be_more(self):
        self.append("placements.csv", "".join(f"Z{i},P1,455000,295000,1,7,,,2020-01-10,,\n" for i in range(1001)))
        self.assertIn(b" 1000 warnings or more", self.run_in("check").stdout)


    def test_a_pin_that_a_scenario_breaks_is_said_to_be_the_scenarios(self):
        """Q6 is pinned to P3, which the scenario's coverage leaves another zone."""
        kept = [line for line in (self.dir / "coverage.csv").read_text().splitlines() if not line.startswith("P3")]
        (self.dir.parent / "c.csv").write_text("\n".join(kept + ["P3,02,supplementary,,,,,", ""]))
        scenario = self.dir.parent / "s.yaml"
        scenario.write_text("version: 1\nname: other\nbase: w\nchanges: {coverage: c.csv}\n")
        done = self.run_in("compare", self.dir, scenario, "--out", self.dir.parent / "out", code=3)
        self.assertIn(b'"Q6" is pinned to "P3", which may not take it in the scenario: zone_not_covered', done.stderr)


class Help(Case):
    def test_no_option_is_named_twice(self):
        """A command's own option takes the place of one that every command has."""
        for command in (("zones", "check"), ("zones", "design"), ("allocate",)):
            said = self.run_in(*command, "--help").stdout.decode()
            names = re.findall(r"^  (--?[A-Za-z][\w-]*)", said, re.M)
            self.assertEqual(len(names), len(set(names)), names)
        self.assertIn("search steps", self.run_in("zones", "design", "--help").stdout.decode())


class Options(Case):
    def said(self, *arguments):
        return self.run_in(*arguments, code=2).stderr.decode()

    def test_the_beginning_of_an_option_is_not_the_option(self):
        """--areas would be --areas-out, and an input would be written over."""
        before = (self.dir / "areas.csv").read_bytes()
        said = self.said("zones", "voronoi", "--settlements", self.dir / "areas.csv", "--zones", self.dir / "areas.csv", "--areas",
                         self.dir / "areas.csv", "--out", self.dir / "z.geojson")
        self.assertIn("unknown option --areas (names are written in full: --areas-out); see hcbroker zones voronoi --help", said)
        self.assertEqual((self.dir / "areas.csv").read_bytes(), before)
        for arguments in (("check", "--form", "json"), ("check", "--form=json"), ("--form=json", "check"), ("check", "--str"), ("--qui", "check")):
            self.assertIn("names are written in full", self.said(*arguments), arguments)
        for arguments in (("check", "--format=json"), ("check", "--format", "json", "--strict"), ("--format=json", "check")):
            self.run_in(*arguments)

    def test_the_option_that_is_wrong_is_named(self):
        for arguments, words in ((("-xq", "check"), "unknown option -x;"), (("check", "-qx"), "unknown option -q;"), (("--quiet=yes", "check"), "--quiet takes no value;"),
                                 (("check", "--policy"), "option --policy needs a value;"), (("check", "-C"), "option -C needs a value;"),
                                 (("check", "--nonsense"), "unknown option --nonsense;"), (("check", "--policy", ""), "--policy: the value is empty"),
                                 (("allocate", "--out="), "--out: the value is empty"), (("check", "-C", ""), "-C: the value is empty")):
            self.assertIn(words, self.said(*arguments), arguments)

    def test_an_option_that_the_command_has_itself_stands_after_its_name(self):
        for arguments, notes in ((("--gap", "0.5", "zones", "check"), 1), (("--gap", "0.5", "check"), 0), (("zones", "check", "--gap", "0.5"), 0), (("--seed", "2", "zones", "check"), 0)):
            done = self.run_in(*arguments, *([self.dir / "zones.geojson"] if "zones" in arguments else []))
            self.assertEqual(done.stderr.count(b'the --gap before "zones check" is not used'), notes, arguments)
        self.assertNotIn(b"not used", self.run_in("--work-limit", "1000", "zones", "design", "--help").stderr)

    def test_a_format_that_a_command_has_not_is_refused(self):
        for arguments in (("check",), ("check", "--policy", self.dir / "policy.yaml"), ("verify", "plan"), ("zones", "locate", "1,1"), ("apply", "plan"), ("generate",), ("explain", "Q1")):
            self.assertIn(f"{' '.join(arguments[:2]) if arguments[0] == 'zones' else arguments[0]}: --format is text or json", self.said("--format", "csv", *arguments))
        self.assertEqual(sorted(p.name for p in self.dir.iterdir()), sorted(p.name for p in SMALL.iterdir()))
        self.assertIn("--explain is words", self.said("check", "--policy", self.dir / "policy.yaml", "--explain", "--format", "json"))

    def test_a_policy_is_checked_for_programs(self):
        policy = self.dir / "policy.yaml"
        call = ("check", "--format", "json", "--policy", policy)
        self.assertEqual(json.loads(self.run_in(*call).stdout), {"ok": True, "problems": []})
        self.append("policy.yaml", "nonsense: 1\n")
        found = json.loads(self.run_in(*call, code=3).stdout)
        self.assertEqual((found["ok"], len(found["problems"]), found["problems"][0]["severity"]), (False, 1, "error"))
        self.assertIn("nonsense", found["problems"][0]["message"])

    def test_version_is_an_option_of_every_command(self):
        version = self.run_in("--version").stdout
        self.assertTrue(version.startswith(b"hcbroker "))
        for arguments in (("allocate", "--version"), ("--quiet", "--version"), ("zones", "locate", "--version")):
            self.assertEqual(self.run_in(*arguments).stdout, version)

    def test_a_manual_page_of_two_words(self):
        pages = [subprocess.run([PROGRAM, "--manual", *words], check=True, capture_output=True).stdout for words in (("zones locate",), ("zones", "locate"))]
        self.assertEqual(pages[0], pages[1])
        self.assertIn(b"ZONES-LOCATE", pages[0])


class Codes(Case):
    LEFT_OUT = "X1,,,,451000,305000,7,7,,,1,,,2020-11-01,,,,,,,,,,\n"
    WARNED = "Z1,P1,455000,295000,1,7,,,2020-01-10,,\n"

    def test_what_failed_is_said_beside_warnings_and_records_left_out(self):
        calls = (("price", "bands", "--plan", "/nonexist"), ("compare", self.dir, "/nonexist"))
        for file, row, seen in ((None, "", b""), ("placements.csv", self.WARNED, b"warning"), ("packages.csv", self.LEFT_OUT, b"left out")):
            if file:
                self.append(file, row)
            for call in calls:
                done = self.run_in(*call, code=5)
                self.assertIn(b"hcbroker: ", done.stderr, (file, call))
                self.assertIn(b"/nonexist", done.stderr, (file, call))
        self.assertIn(seen, done.stderr)

    def test_an_error_that_is_listed_stays_an_error_of_the_input(self):
        os.remove(self.dir / "providers.csv")
        self.assertIn(b"providers.csv", self.run_in("allocate", "--out", self.dir / "plan", code=3).stderr)

    def test_output_that_does_not_arrive_is_5_whatever_the_answer(self):
        plan, wrong = self.dir / "plan", self.dir / "wrong"
        self.run_in("allocate", "--out", plan)
        shutil.copytree(plan, wrong)
        self.append("wrong/allocations.csv", "Q9,P1,prime,01,urban,60,1000,1000,1,1,1,\n")
        for arguments in (("--help",), ("--options",), ("--completion",), ("--manual",), ("check",), ("check", "--format", "json"), ("verify", plan), ("verify", wrong),
                          ("zones", "locate", "1,1"), ("zones", "stats"), ("init", self.dir / "new"), ("report", "--from", plan, "--out", self.dir / "p.html"), ("apply", plan)):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([PROGRAM, *(arguments if arguments[0][:2] == "--" else ("-C", self.dir, *arguments))], stdin=subprocess.DEVNULL, stdout=full,
                                      stderr=subprocess.PIPE, timeout=120)
            self.assertEqual(done.returncode, 5, arguments)
            self.assertEqual(done.stderr.count(b"standard output cannot be written"), 1, (arguments, done.stderr))

    def test_a_reader_that_goes_away_is_no_error(self):
        """As of any filter: a signal ends the program, without a word."""
        for arguments in (("check",), ("--options",)):
            away, out = os.pipe()
            os.close(away)
            done = subprocess.run([PROGRAM, "-C", self.dir, *arguments] if arguments[0] == "check" else [PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=out,
                                  stderr=subprocess.PIPE)
            os.close(out)
            self.assertEqual((done.returncode, done.stderr), (-signal.SIGPIPE, b""))

    def test_the_worst_of_several_places_counts(self):
        for places, code in ((("ZZ9 9ZZ",), 1), (("1,1",), 1), (("x,x",), 2), (("ZZ9 9ZZ", "1,1"), 1), (("x,x", "ZZ9 9ZZ"), 2), (("1,1", "x,x", "ZZ9 9ZZ"), 2), (("x,x", "1,1"), 2)):
            self.run_in("zones", "locate", *places, code=code)

    def test_a_signal_that_is_ignored_stays_ignored(self):
        """The program waits to write: the pipe is full. A second signal would end it."""
        control, pipe = os.pipe()
        os.set_blocking(pipe, False)
        try:
            while True:
                os.write(pipe, b" " * 4096)
        except BlockingIOError:
            os.set_blocking(pipe, True)
        running = subprocess.Popen([PROGRAM, "-C", self.dir, "check"], stdin=subprocess.DEVNULL, stdout=pipe,
                                   preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
        os.close(pipe)
        for _ in range(4):
            time.sleep(0.25)
            running.send_signal(signal.SIGINT)
        said = b""
        while part := os.read(control, 65536):
            said += part
        os.close(control)
        self.assertEqual(running.wait(), 0)
        self.assertIn(b"0 errors", said)


class Warnings(Case):
    def test_every_command_that_reads_a_workspace_shows_what_it_leaves_out(self):
        self.append("packages.csv", Codes.LEFT_OUT)
        self.append("placements.csv", Codes.WARNED)
        for arguments in (("allocate", "--out", self.dir / "plan"), ("recommend", "Q1"), ("explain", "Q1"), ("zones", "move", "A1", "--to", "02"),
                          ("zones", "design", "--ensemble", "0", "--work-limit", "1000")):
            done = subprocess.run([PROGRAM, "-C", self.dir, *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
            self.assertEqual(done.stderr.count(b"left out: "), 1, (arguments, done.stderr))
            self.assertEqual(done.stderr.count(b"placements.csv:"), 1, (arguments, done.stderr))


class Names(Case):
    def test_a_folder_whose_name_is_no_text(self):
        self.replace("hcbroker.yaml", b"name: Three small zones\n", b"")
        folder = os.fsencode(self.dir.parent) + b"/caf\xe9"
        shutil.copytree(os.fsencode(self.dir), folder)
        out = self.dir.parent / "plan"
        self.run_in("allocate", "--out", out, folder=folder)
        self.assertEqual(json.loads((out / "summary.json").read_bytes())["name"], "caf?")
        self.run_in("verify", out, folder=folder)


    def test_a_policy_whose_path_is_no_text_is_refused(self):
        """A plan could not name it."""
        other = os.fsencode(self.dir) + b"/caf\xe9.yaml"
        shutil.copyfile(self.dir / "policy.yaml", other)
        done = self.run_in("allocate", "--out", self.dir.parent / "plan", "--policy", other, code=2)
        self.assertIn(b"caf?.yaml: the path of a policy must be UTF-8", done.stderr)

    def test_a_stroke_in_an_id_does_not_change_what_is_said(self):
        """Provider "P/01", short of hours in zone 01: the words come from what the row is about, not from its name."""
        for file in ("providers.csv", "coverage.csv", "packages.csv", "placements.csv"):
            path = self.dir / file
            path.write_bytes(path.read_bytes().replace(b"P3", b"P/01"))
        self.replace("providers.csv", b"295000,50", b"295000,15")
        self.replace("coverage.csv", b"P/01,01,supplementary,25", b"P/01,01,supplementary,1")
        self.replace("providers.csv", b"305000,60,", b"305000,26,")
        self.replace("providers.csv", b"40:00", b"12:00")
        said = self.run_in("explain", "Q2").stdout.decode()
        self.assertIn("P/01 (rank 2, ", said)
        self.assertIn("it lacks P/01: 6:00 more hours a week and P/01: 6:00 more hours in zone 01;", said)


    def test_ids_with_strokes_make_no_two_rows_of_one_name(self):
        """Q/X in zone Y, and Q in zone X/Y: a limit that counts in the proof is found again by its name."""
        self.replace("coverage.csv", b"P1,02,supplementary,20", b"P1,02,supplementary,7")
        self.replace("coverage.csv", b"P2,02,prime,", b"P2,02,prime,5")
        self.replace("coverage.csv", b"P2,01,supplementary,", b"P2,01,supplementary,5")
        for old, new in (("01", "X/Y"), ("02", "Y"), ("P1", "Q/X"), ("P3", "Q")):
            for path in self.dir.iterdir():
                if path.suffix in (".csv", ".geojson", ".yaml"):
                    text = path.read_text(encoding="utf-8")
                    path.write_text(re.sub(rf"(?<![\w.+-]){old}(?![\w.+-])", new, text), encoding="utf-8")
        out = self.dir.parent / "plan"
        self.run_in("allocate", "--replan", "free", "--out", out)
        self.assertIn("zone/Q%2FX/Y", (out / "certificate.json").read_text(encoding="utf-8"))
        self.run_in("verify", out)


class Tables(Case):
    def test_long_names_are_cut_between_characters_and_ids_not_at_all(self):
        for name, letters in ((b"West", "é" * 40), (b"East", "x" + "é" * 40)):
            self.replace("zones.geojson", b'"name": "' + name + b'"', f'"name": "{letters}"'.encode())
        for file in ("zones.geojson", "areas.csv", "coverage.csv", "packages.csv"):
            path = self.dir / file
            path.write_bytes(path.read_bytes().replace(b'"02"', b'"E02005345"').replace(b",02,", b",E02005345,"))
        out = self.run_in("zones", "stats").stdout.decode("utf-8")
        self.assertEqual(out.count("E02005345 xé"), 4)
        self.assertLessEqual(max(len(line) for line in out.splitlines()), 80)


class Applied(Case):
    def test_apply_moves_no_column_that_placements_do_not_have(self):
        out = self.dir.parent / "plan"
        self.run_in("allocate", "--out", out)
        self.run_in("apply", out)
        self.assertIn(b"0 warnings", self.run_in("check").stdout)

    def test_apply_takes_the_column_that_was_read(self):
        """`priority` is read from `urgency`; the column of that name is not read, and does not come back."""
        path = self.dir / "packages.csv"
        lines = path.read_text().splitlines()
        path.write_text("\n".join([lines[0].replace("priority", "urgency") + ",priority"] + [line + ",5" for line in lines[1:]]) + "\n")
        self.append("hcbroker.yaml", "columns: {packages: {urgency: priority}}\n")
        out = self.dir.parent / "plan"
        self.run_in("allocate", "--out", out)
        self.run_in("apply", out)
        with open(self.dir / "placements.csv", newline="", encoding="utf-8") as f:
            priorities = {row["package_id"]: row["priority"] for row in csv.DictReader(f)}
        self.assertEqual(priorities["Q1"], "1")


class Unnamed(Case):
    """A file that hcbroker.yaml does not name is not part of the workspace, also when a command would call it so."""

    def test_a_queue_that_is_not_named_does_not_come_back(self):
        self.replace("hcbroker.yaml", b"packages: packages.csv\n", b"")
        path = self.dir / "visits.csv"
        path.write_text("".join(line for line in path.read_text().splitlines(True) if not line.startswith("Q")))
        self.run_in("generate", "--queue", "3")
        self.assertEqual(json.loads(self.run_in("check", "--format", "json").stdout)["packages"], 3)

    def test_providers_that_are_not_named_do_not_make_a_map_a_workspace(self):
        text = (self.dir / "hcbroker.yaml").read_text().splitlines(True)
        keep = ("version", "name", "as_of", "zones", "areas", "postcodes", "prices")
        (self.dir / "hcbroker.yaml").write_text("".join(line for line in text if line.split(":")[0] in keep))
        self.assertIn(b"02", self.run_in("zones", "stats").stdout)


class Policies(Case):
    def test_a_reason_is_listed_once(self):
        self.append("policy.yaml", "call_off: {reasons: [capacity, travel, capacity]}\n")
        found = self.problems()
        self.assertEqual(len(found), 1)
        self.assertIn("the reason capacity is listed twice", found[0]["message"])


class Desk(Case):
    AT = "2020-12-01T09:"
    COLUMNS = "package_id,easting,northing,weekly_hours,visits_per_week,priority\n"

    def desk(self, *arguments, code=0):
        return self.run_in("desk", *arguments, code=code)

    def figures(self, key, row):
        out = self.dir / "figures"
        shutil.rmtree(out, ignore_errors=True)
        self.desk("figures", "--out", out, "--at", self.AT + "30")
        return {r[row]: r for r in json.loads((out / "desk.json").read_bytes())[key]}

    def take(self, verb, row, at):
        path = self.dir / "rows.csv"
        path.write_text(self.COLUMNS + row + "\n")
        self.desk(verb, path, "--at", self.AT + at)

    def test_a_warning_of_a_plan_is_told_once(self):
        self.desk("init", "--at", self.AT + "00")
        said = self.desk("plan", "--at", self.AT + "01").stderr.decode().splitlines()
        self.assertEqual(sum("share_max/0/01/P1: today's placements use" in line for line in said), 1)

    def test_who_changes_waits_under_what_is_true_now(self):
        """A person of priority 2 in zone 01 becomes one of priority 5 in zone 02: as the queue says."""
        self.desk("init", "--at", self.AT + "00")
        self.take("receive", "N1,451000,305000,7,7,2", "01")
        before = {k: self.figures(k, r) for k, r in (("by_priority", "priority"), ("by_zone", "zone_id"))}
        self.take("change", "N1,457000,305000,14,7,5", "02")
        for key, row, old, new in (("by_priority", "priority", 2, 5), ("by_zone", "zone_id", "01", "02")):
            after = self.figures(key, row)
            self.assertEqual(after[old]["waiting"], before[key][old]["waiting"] - 1)
            self.assertEqual(after[new]["waiting"], before[key][new]["waiting"] + 1)
            self.assertEqual([after[k]["received"] for k in after], [before[key][k]["received"] for k in after])
        queue = json.loads(self.desk("queue", "--format", "json", "--at", self.AT + "03").stdout)
        for row in self.figures("by_zone", "zone_id").values():
            self.assertEqual(row["waiting"], sum(q["zone_id"] == row["zone_id"] for q in queue))

    def as_a_council_has_it(self):
        """The same workspace with columns, file names and folders of its own, and postcodes as Code-Point Open."""
        names = {"providers": {"provider_id": "Supplier ref", "max_new_packages": "New: most"}, "coverage": {"zone_id": "start"},
                 "packages": {"received": "start", "start": "begins"}, "placements": {"priority": "urgency"},
                 "visits": {"minutes": "length"}}
        for file, theirs in names.items():
            path = self.dir / f"{file}.csv"
            head, rest = path.read_text().split("\n", 1)
            path.write_text(",".join(theirs.get(column, column) for column in head.split(",")) + "\n" + rest)
        with open(self.dir / "postcodes.csv", encoding="utf-8") as f:
            rows = [line.strip().split(",") for line in f][1:]
        (self.dir / "codes").mkdir()
        (self.dir / "codes" / "le.csv").write_text("".join(f'"{r[0]}",10,{r[1]},{r[2]}\n' for r in rows))
        (self.dir / "maps: 2020").mkdir()
        for file in ("zones.geojson", "areas.csv"):
            os.rename(self.dir / file, self.dir / "maps: 2020" / file)
        for old, new in (("zones: zones", 'zones: "maps: 2020/zones'), ("zones.geojson", 'zones.geojson"'),
                         ("areas: areas.csv", 'areas: "maps: 2020/areas.csv"'), ("postcodes.csv", "codes"),
                         ("name: Three", 'name: "A: three')):
            self.replace("hcbroker.yaml", old.encode(), new.encode())
        self.replace("hcbroker.yaml", b"zones\n", b'zones"\n')
        columns = {file: {t: o for o, t in theirs.items()} for file, theirs in names.items()}
        self.append("hcbroker.yaml", f"columns: {json.dumps(columns)}\n")

    def sha_of(self, folder):
        return json.loads(self.run_in("check", "--format", "json", folder=folder).stdout)["inputs_sha256"]

    def test_a_workspace_with_names_of_its_own(self):
        before = self.sha_of(self.dir)
        self.as_a_council_has_it()
        self.assertEqual(self.sha_of(self.dir), before)
        self.desk("init", "--at", self.AT + "00")
        for n, state in enumerate(("nothing stated", "hours stated")):
            exported, plan = self.dir.parent / f"export{n}", self.dir.parent / f"plan{n}"
            self.desk("export", "--out", exported, "--at", self.AT + f"0{3 * n + 1}")
            self.assertEqual(self.sha_of(exported) == before, n == 0, state)
            self.desk("plan", "--out", plan, "--at", self.AT + f"0{3 * n + 1}")
            self.run_in("verify", plan, folder=exported)
            self.desk("capacity", "P2", "10", "--zone", "02", "--at", self.AT + f"0{3 * n + 2}")
            self.desk("capacity", "P2", "30", "--at", self.AT + f"0{3 * n + 2}")
        own, ours = self.dir / "own.csv", self.dir / "ours.csv"
        own.write_text("package_id,easting,northing,weekly_hours,start,begins\nN1,451000,305000,7,2020-11-29,2020-12-05\n")
        ours.write_text("package_id,easting,northing,weekly_hours,received\nN2,451000,305000,7,2020-11-28\n")
        for path in (own, ours):
            self.desk("receive", path, "--at", self.AT + "30")
        days = {q["package_id"]: q["days_waiting"] for q in json.loads(self.desk("queue", "--format", "json", "--at", self.AT + "31").stdout)}
        self.assertEqual((days["N1"], days["N2"]), (2, 3))

    def altered(self, alter):
        """The exported events with something altered and a whole new chain, as any program could write it."""
        events = self.dir / "events"
        self.desk("export", "--for", "events", "--out", events)
        lines = [json.loads(line) for line in events.read_bytes().splitlines()]
        alter(lines)
        before, text = "0" * 64, ""
        for e in lines:
            body = json.dumps(e["body"], separators=(",", ":"), ensure_ascii=False)
            at = int(datetime.datetime.fromisoformat(e["at"].replace("Z", "+00:00")).timestamp())
            fields = [before, str(e["seq"]), str(at), e["user"], e["rules"], e["kind"], body]
            e["hash"] = before = hashlib.sha256("\n".join(fields).encode()).hexdigest()
            text += json.dumps(e, separators=(",", ":"), ensure_ascii=False) + "\n"
        events.write_text(text, encoding="utf-8")
        os.rename(self.dir / "desk.ledger", self.dir / "old")
        return events, len(lines)

    def test_events_out_of_bounds_are_refused(self):
        """Each would be an index, or a sum, beyond what there is."""

        def bad(events, kind, **values):
            events.append({**events[-1], "seq": len(events) + 1, "kind": kind, "body": values})

        person = {"package": "N9", "since": 0, "minutes": 60, "zone": "01", "data": {}}
        cases = [("received", {**person, "priority": 6}), ("received", {**person, "priority": 0}), ("received", person),
                 ("received", {**person, "priority": 3, "since": 2**62}),
                 ("received", {**person, "priority": 3, "minutes": 2**62}),
                 ("changed", {**person, "package": "Q1", "priority": 9000000}),
                 ("capacity", {"provider": "P1", "minutes": 2**63 - 1, "spare": 0}),
                 ("received", {**person, "package": "Q1", "priority": 3})]
        self.desk("init", "--at", self.AT + "00")
        for kind, body in cases:
            with self.subTest(kind=kind, body=body):
                events, n = self.altered(lambda e: bad(e, kind, **body))
                done = self.desk("import", events, code=3)
                self.assertIn(f"events:{n}: ".encode(), done.stderr)
                os.remove(self.dir / "desk.ledger")
                os.rename(self.dir / "old", self.dir / "desk.ledger")
        events, n = self.altered(lambda e: bad(e, "received", **person, priority=3))
        self.desk("import", events)
        self.assertEqual(self.figures("by_priority", "priority")[3]["received"], 3)


    def test_the_public_is_told_no_single_person(self):
        """Seven accept P1, one of them since it stated its hours; one declines: neither the hours of the one nor a
        percentage that comes from the other is told."""

        def fill(events):
            def say(kind, **body):
                events.append({**events[-1], "seq": len(events) + 1, "kind": kind, "body": body})

            for n in range(8):
                say("received", package=f"N{n}", since=0, priority=3, minutes=420, zone="01", data={})
                if n == 6:
                    say("capacity", provider="P1", minutes=6000, spare=600)
                about = {"offer": f"O{n}", "package": f"N{n}", "provider": "P1"}
                say("offered", **about, mode="sequential", rank=1, due=2000000000, price=100)
                if n < 7:
                    say("placed", **about, price=100)
                else:
                    say("declined", **about, reason="capacity", exclude=True, count=True)

        self.desk("init", "--at", self.AT + "00")
        self.desk("import", self.altered(fill)[0])
        told = {}
        for public in ([], ["--public"]):
            done = self.desk("figures", *public, "--format", "json", "--at", self.AT + "30")
            told[bool(public)] = {p["provider_id"]: p for p in json.loads(done.stdout)["by_provider"]}["P1"]
        keys = ("accepted", "declined", "acceptance_percent", "proved_minutes", "refused_minutes")
        self.assertEqual([told[False][k] for k in keys], [7, 1, 88, 420, 420])
        self.assertEqual([told[True][k] for k in keys], [5, None, None, None, None])


class Hours(Case):
    def test_hours_on_the_command_line_are_those_of_the_files(self):
        ask = ("recommend", "--provider", "P1", "--format", "json", "--hours")
        self.assertEqual(self.run_in(*ask, "14:20").stdout, self.run_in(*ask, "14.33").stdout)
        for hours in ("14.51", "0x10", "0", "0.004", "14:60", "100000:01", "1e1"):
            with self.subTest(hours=hours):
                self.assertIn(b"from 0:01 to 100000:00", self.run_in(*ask, hours, code=2).stderr)


class PriceYears(Case):
    def test_an_unknown_key_does_not_hide_other_problems(self):
        text = """\
version: 2
yers: 1
years:
  - year: "2020"
    publishd: 1
    lines:
      - {item: wage, amount: -1}
"""
        (self.dir / "price_years.yaml").write_text(text)
        done = self.run_in("price", "build-up", code=3)
        lines = done.stderr.decode().splitlines()
        for place, word in [(1, "version 2"), (2, "yers"), (5, "publishd"), (7, "-1")]:
            self.assertTrue(any(f"price_years.yaml:{place}:" in line and word in line for line in lines), (place, lines))


if __name__ == "__main__":
    unittest.main()
