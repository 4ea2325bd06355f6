# SPDX-License-Identifier: GPL-3.0-or-later
"""zones stats, move, compare and simplify on workspaces, against figures worked out here from the files alone."""

import csv
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import geopandas

HCBROKER = os.environ["HCBROKER"]


def run(*arguments, code=0):
    done = subprocess.run([HCBROKER, "--quiet", *map(str, arguments)], capture_output=True, text=True, timeout=300)
    if code is not None and done.returncode != code:
        raise AssertionError(f"{arguments}: exit {done.returncode}, not {code}\n{done.stdout}\n{done.stderr}")
    return done


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def half_up(value, divisor):
    return (2 * value + divisor) // (2 * divisor)


class Base(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.dir = Path(cls.folder.name) / "w"
        run("init", cls.dir)
        run("-C", cls.dir, "generate", "--scenario", "s0", "--queue", "40")

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()


class Stats(Base):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.out = Path(cls.folder.name) / "stats"
        run("-C", cls.dir, "zones", "stats", "--out", cls.out)
        cls.figures = json.loads((cls.out / "zones.json").read_text())

    def test_nobody_is_lost(self):
        queue, served = rows(self.dir / "packages.csv"), rows(self.dir / "placements.csv")
        zones = self.figures["zones"]
        self.assertEqual(self.figures["kind"], "zones")
        self.assertEqual(self.figures["packages_elsewhere"], 0)
        self.assertEqual(sum(z["packages"] for z in zones), len(queue) + len(served))
        self.assertEqual(sum(z["waiting"] for z in zones), len(queue))
        minutes = 0
        for visit in rows(self.dir / "visits.csv"):
            days = sum(c not in "-0" for c in visit["days"])
            minutes += days * int(visit["minutes"]) * int(visit["carers"] or 1)
        self.assertEqual(sum(z["minutes"] for z in zones), minutes)

    def test_price_and_travel_follow_from_the_other_columns(self):
        price = {r["band"]: half_up(int(float(r["price_per_hour"]) * 1000), 10) for r in rows(self.dir / "prices.csv")}
        for z in self.figures["zones"]:
            bands = z["band_minutes"]
            self.assertEqual(sum(bands.values()), z["minutes"])
            self.assertEqual(z["price_pence"], half_up(sum(m * price[b] for b, m in bands.items()), 60))
            self.assertAlmostEqual(z["travel_needed"], z["travel_seconds"] / z["minutes"], delta=0.0051)
            mean = sum(m * price[b] for b, m in bands.items()) / z["minutes"]
            left = mean - half_up(price["urban"] * 20, 100) - 930 * 1.25
            self.assertAlmostEqual(z["travel_carried"], 60 * left / (930 * 1.25 + 45 * 25), delta=0.0051)
            self.assertGreater(z["travel_error_seconds"], 0)

    def test_providers_by_tier_are_those_of_the_coverage(self):
        active = {p["provider_id"] for p in rows(self.dir / "providers.csv") if p["active"] != "no"}
        count = {}
        for row in rows(self.dir / "coverage.csv"):
            if row["provider_id"] in active:
                key = row["zone_id"], row["tier"]
                count[key] = count.get(key, 0) + 1
        for z in self.figures["zones"]:
            for tier, n in z["providers_by_tier"].items():
                self.assertEqual(n, count.get((z["zone_id"], tier), 0))

    def test_every_shortage_is_proved_by_its_zones(self):
        minutes = {z["zone_id"]: z["minutes"] for z in self.figures["zones"]}
        self.assertTrue(self.figures["shortages"])
        for s in self.figures["shortages"]:
            self.assertEqual(s["demand_minutes"], sum(minutes[z] for z in s["zones"]))
            self.assertEqual(s["demand_minutes"] - s["room_minutes"], s["short_minutes"])
            self.assertNotIn(s["without"], s["full"])
            capacity = {p["provider_id"]: 60 * float(p["capacity_hours"]) for p in rows(self.dir / "providers.csv")}
            self.assertLessEqual(sum(capacity[k] for k in s["full"]), s["room_minutes"])
        for z in self.figures["zones"]:
            exposed = [s for s in self.figures["shortages"] if s["without"] and z["zone_id"] in s["zones"]]
            self.assertEqual(z["providers_exposed"], len(exposed))
            self.assertEqual(z["short_minutes_then"], max([s["short_minutes"] for s in exposed], default=0))

    def test_the_drawing_has_the_same_figures(self):
        drawing = json.loads((self.out / "zones.geojson").read_text())
        self.assertNotIn("crs", drawing)
        self.assertEqual([f["properties"] for f in drawing["features"]], self.figures["zones"])
        run("zones", "check", self.out / "zones.geojson", "--gap", "0.01", "--near", "0.01", code=0)

    def test_formats_agree(self):
        table = run("-C", self.dir, "--format", "csv", "zones", "stats").stdout
        for row, z in zip(csv.DictReader(table.splitlines()), self.figures["zones"]):
            self.assertEqual(row["zone_id"], z["zone_id"])
            self.assertEqual(int(row["minutes"]), z["minutes"])
            self.assertEqual(int(row["travel_seconds"]), z["travel_seconds"])
            self.assertEqual(int(row["framework_providers"]), z["providers_by_tier"]["framework"])
        text = run("-C", self.dir, "zones", "stats").stdout
        self.assertLessEqual(max(map(len, text.splitlines())), 80)
        self.assertNotIn("packages", run("-C", self.dir, "--format", "csv", "zones", "stats", "--map-only").stdout)


class Move(Base):
    def move(self, *arguments, code=0):
        return json.loads(run("-C", self.dir, "--format", "json", "zones", "move", *arguments, code=code).stdout)

    def test_a_move_costs_what_the_figures_of_the_changed_map_say(self):
        plan = Path(self.folder.name) / "plan.csv"
        told = self.move("anstey", "--to", "03", "--out", plan)
        changed = Path(self.folder.name) / "changed"
        subprocess.run(["cp", "-r", self.dir, changed], check=True)
        table = rows(changed / "areas.csv")
        zone_of = {r["area_id"]: r["zone_id"] for r in rows(plan)}
        self.assertEqual([r["area_id"] for r in table if r["zone_id"] != zone_of[r["area_id"]]], ["anstey"])
        for row in table:
            row["zone_id"] = zone_of[row["area_id"]]
        with open(changed / "areas.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, table[0].keys())
            writer.writeheader()
            writer.writerows(table)
        for when, folder in ("before", self.dir), ("after", changed):
            figures = json.loads(run("-C", folder, "--format", "json", "zones", "stats").stdout)
            zones = {z["zone_id"]: z for z in figures["zones"]}
            for change in told["zones"]:
                for key in "minutes", "price_pence", "travel_carried", "cut_edges":
                    self.assertEqual(change[when][key], zones[change["zone_id"]][key], (when, key))
        self.assertEqual(sum(z["after"]["minutes"] - z["before"]["minutes"] for z in told["zones"]), 0)

    def test_a_move_that_is_not_legal_says_that_nothing_was_written(self):
        out = Path(self.folder.name) / "far.csv"
        command = [HCBROKER, "-C", self.dir, "zones", "move", "redmile", "--to", "11", "--out", out]
        for more, written in (((), False), (("--force",), True)):
            done = subprocess.run([*command, *more], capture_output=True, text=True, timeout=300)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(f"not written: {out}" in done.stderr and "--force" in done.stderr, not written)
            self.assertEqual(out.exists(), written)

    def test_a_move_that_leaves_one_provider_is_not_legal(self):
        few = Path(self.folder.name) / "few"
        subprocess.run(["cp", "-r", self.dir, few], check=True)
        table = rows(few / "providers.csv")
        for row in table:  # so many hours that one zone has them for two providers only with all of its people
            row["viable_hours"] = row["viable_hours"] or "1"
        reach = {r["provider_id"] for r in rows(few / "coverage.csv") if r["zone_id"] == "12"}
        hours = {z["zone_id"]: z["minutes"] / 60 for z in json.loads(
            run("-C", few, "--format", "json", "zones", "stats").stdout)["zones"]}["12"]
        kept = sorted(reach)[:2]
        for row in table:
            if row["provider_id"] in reach:
                row["active"] = "yes" if row["provider_id"] in kept else "no"
                row["viable_hours"] = f"{int(hours / 2)}"
                row["capacity_hours"], row["max_travel_min"] = "4000", ""
        with open(few / "providers.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, table[0].keys())
            writer.writeheader()
            writer.writerows(table)
        cover = [r for r in rows(few / "coverage.csv")
                 if r["provider_id"] not in kept or r["zone_id"] == "12"]
        with open(few / "coverage.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, cover[0].keys())
            writer.writeheader()
            writer.writerows(cover)
        stats = json.loads(run("-C", few, "--format", "json", "zones", "stats").stdout)
        self.assertEqual({z["zone_id"]: z["providers_together"] for z in stats["zones"]}["12"], 2)
        self.dir, kept_dir = few, self.dir
        try:
            told = self.move("redmile", "--to", "07", code=1)
        finally:
            self.dir = kept_dir
        self.assertIn("unviable", told["problems"])
        after = {z["zone_id"]: z["after"] for z in told["zones"]}["12"]
        self.assertLess(after["providers_together"], 2)
        # The map with the move and its repair, read anew, has two providers again wherever it had them.
        self.assertTrue(told["repair"])
        self.assertIn(told["repair_proof"], ("smallest", "fewest", "found"))
        self.assertLess(told["no_repair_up_to"], len(told["repair"]))
        moved = {"redmile": "07"} | {r["area_id"]: r["zone_id"] for r in told["repair"]}
        self.assertEqual(len(moved), 1 + len(told["repair"]))
        areas = rows(few / "areas.csv")
        changed = {r["zone_id"] for r in areas if r["area_id"] in moved} | set(moved.values())
        for row in areas:
            row["zone_id"] = moved.get(row["area_id"], row["zone_id"])
        with open(few / "areas.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, areas[0].keys())
            writer.writeheader()
            writer.writerows(areas)
        then = json.loads(run("-C", few, "--format", "json", "zones", "stats").stdout)
        before, after = ({z["zone_id"]: z["providers_together"] for z in s["zones"]} for s in (stats, then))
        for zone in changed:
            self.assertGreaterEqual(after[zone], min(before[zone], 2), (zone, told["repair"]))


class Lines(unittest.TestCase):
    def test_defects_fit_80_columns(self):
        def box(name, x, w):
            ring = [[x, 300000], [x + w, 300000], [x + w, 398765], [x, 398765], [x, 300000]]
            return {"type": "Feature", "properties": {"id": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "overlap.geojson"
            path.write_text(json.dumps({"type": "FeatureCollection", "crs": {"type": "name", "properties": {
                "name": "urn:ogc:def:crs:EPSG::27700"}}, "features": [box("E01025001", 400000, 9000.5), box("E01025002", 408000, 9000)]}))
            text = run("zones", "check", path, code=1).stdout
        self.assertIn("overlap", text)
        self.assertLessEqual(max(map(len, text.splitlines())), 80)


class WorkspaceFile(unittest.TestCase):
    """What only needs the map reads hcbroker.yaml as strictly as a plan does, but for the files that it does not need."""

    MAP = "version: 1\nas_of: 2020-12-01\nzones: zones.geojson\nareas: areas.csv\n"

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.dir = Path(self.folder.name)
        for name in "zones.geojson", "areas.csv", "areas.geojson", "prices.csv":
            shutil.copy(Path(os.environ["HCB_DATA_DIR"]) / "leicestershire" / name, self.dir)

    def stats(self, text, code=0):
        (self.dir / "hcbroker.yaml").write_text(text)
        return run("-C", self.dir, "zones", "stats", code=code)

    def test_people_and_prices_may_be_missing(self):
        told = self.stats(self.MAP).stdout
        self.assertIn("Harborough rural", told)
        named = self.MAP + "prices: no.csv\nproviders: providers.csv\npolicy: none.yaml\ntravel: {matrix: none.csv}\n"
        self.assertEqual(self.stats(named).stdout, told)

    def test_every_wrong_key_is_listed(self):
        text = "version: 2\nas_of: null\nzones: zones.geojson\nareas: none.csv\nproviderz: x\ntravel: {nearest: 0}\n"
        told = self.stats(text, code=3).stderr
        for words in "version 2 is not known", "as_of is missing", '"none.csv"', 'mean "providers"', ":6:":
            self.assertIn(words, told)
        self.assertEqual(told.count(": error: "), 5)


class Compare(Base):
    """Random plans against sums made here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rng = random.Random(7)
        areas = rows(cls.dir / "areas.csv")
        cls.people = {r["area_id"]: float(r["people65"]) for r in areas}
        cls.plans = []
        for k in (14, 3, 20):  # also other numbers of zones
            zone_of = {r["area_id"]: f"{rng.randrange(1, k + 1):02d}" for r in areas}
            path = Path(cls.folder.name) / f"plan{k}.csv"
            path.write_text("unit,zone\n" + "".join(f"{a},{z}\n" for a, z in sorted(zone_of.items())))
            cls.plans.append((path, zone_of))

    def compare(self, a, b, *options):
        return json.loads(run("-C", self.dir, "--format", "json", "zones", "compare", a, b, *options).stdout)

    def figures(self, comparison):
        for zone in [{"zone_id": "", "figures": comparison["totals"]}, *comparison["by_zone"]]:
            for f in zone["figures"]:
                yield (zone["zone_id"], f["figure"]), f

    def test_a_map_and_itself_differ_in_nothing(self):
        for map_ in self.dir, self.plans[1][0]:
            told = self.compare(map_, map_)
            self.assertEqual({f["difference"] for _, f in self.figures(told)} - {None}, {0})
            self.assertEqual(told["moved"]["units"], 0)
            self.assertEqual(told["variation_of_information"], 0)
            self.assertTrue(all(f["from"] == f["to"] for f in told["flows"]))

    def test_the_other_way_round_is_the_negative(self):
        for a, b in (self.dir, self.plans[0][0]), (self.plans[1][0], self.plans[2][0]):
            there, back = self.compare(a, b), self.compare(b, a)
            mirror = dict(self.figures(back))
            for key, f in self.figures(there):
                self.assertEqual((f["a"], f["b"]), (mirror[key]["b"], mirror[key]["a"]))
                if f["difference"] is not None:
                    self.assertEqual(f["difference"], -mirror[key]["difference"])
            self.assertEqual(there["variation_of_information"], back["variation_of_information"])
            swap = sorted([(f["to"], f["from"], f["minutes"], f["area_m2"]) for f in back["flows"]])
            self.assertEqual(sorted((f["from"], f["to"], f["minutes"], f["area_m2"]) for f in there["flows"]), swap)

    def test_flows_are_those_of_the_plans_and_nothing_is_lost(self):
        (a, of_a), (b, of_b) = self.plans[1:]
        out = Path(self.folder.name) / "comparison"
        told = self.compare(a, b, "--out", out)
        self.assertEqual(told, json.loads((out / "zones_comparison.json").read_text()))
        want = {}
        for area in of_a:
            n, people = want.get((of_a[area], of_b[area]), (0, 0))
            want[of_a[area], of_b[area]] = n + 1, people + self.people[area]
        got = {(f["from"], f["to"]): (f["units"], f["people65"]) for f in told["flows"]}
        self.assertEqual(got.keys(), want.keys())
        for key in want:
            self.assertEqual(got[key][0], want[key][0])
            self.assertAlmostEqual(got[key][1], want[key][1], places=6)
        self.assertEqual({r["unit"]: (r["from"], r["to"]) for r in rows(out / "units.csv")},
                         {a: (of_a[a], of_b[a]) for a in of_a})
        for f in told["totals"][:4]:  # areas, people, hours, square metres
            self.assertEqual(f["difference"], 0, f)
        for zone in told["by_zone"]:
            for key, f in zip(("units", "people65", "minutes", "area_m2"), zone["figures"]):
                self.assertAlmostEqual(f["difference"], zone["gained"][key] - zone["lost"][key], places=5)
        minutes = sum(f["minutes"] for f in told["flows"])
        entropy = 0  # H(A, B) twice less H(A) and H(B)
        for f in told["flows"]:
            entropy -= 2 * f["minutes"] / minutes * math.log(f["minutes"] / minutes) if f["minutes"] else 0
        for side in "from", "to":
            sums = {}
            for f in told["flows"]:
                sums[f[side]] = sums.get(f[side], 0) + f["minutes"]
            entropy += sum(m / minutes * math.log(m / minutes) for m in sums.values() if m)
        self.assertAlmostEqual(told["variation_of_information"], entropy, places=8)

    def test_maps_of_other_small_areas(self):
        coarse = Path(self.folder.name) / "coarse"
        subprocess.run(["cp", "-r", self.dir, coarse], check=True)
        table = [r for i, r in enumerate(rows(coarse / "areas.csv")) if i % 3]
        with open(coarse / "areas.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, table[0].keys())
            writer.writeheader()
            writer.writerows(table)
        shapes = json.loads((coarse / "areas.geojson").read_text())
        kept = {r["area_id"] for r in table}
        shapes["features"] = [f for f in shapes["features"] if f["properties"]["area_id"] in kept]
        (coarse / "areas.geojson").write_text(json.dumps(shapes))
        for name in "packages.csv", "placements.csv", "visits.csv", "providers.csv", "coverage.csv":
            (coarse / name).unlink()
        yaml = (coarse / "hcbroker.yaml").read_text().splitlines()
        gone = ("packages:", "placements:", "visits:", "providers:", "coverage:")
        (coarse / "hcbroker.yaml").write_text("\n".join(l for l in yaml if not l.startswith(gone)) + "\n")
        there, back = self.compare(self.dir, coarse), self.compare(coarse, self.dir)
        self.assertEqual((there["units_of"], back["units_of"], there["same_units"]), ("a", "b", False))
        self.assertEqual(there["moved"]["units"], 0)  # the zones are the same
        self.assertEqual(sum(f["units"] for f in there["flows"]), len(self.people))
        for f in there["totals"][:4]:
            self.assertEqual(f["difference"], 0)

    def test_places_that_are_split(self):
        places = Path(self.folder.name) / "places.csv"
        areas = sorted(self.people)
        places.write_text("area_id,place\n" + "".join(f"{a},p{i // 5}\n" for i, a in enumerate(areas)))
        told = self.compare(self.plans[1][0], self.plans[2][0], "--places", places)
        for key, (_, zone_of) in zip("ab", self.plans[1:]):
            split = sum(len({zone_of[a] for a in areas[i : i + 5]}) > 1 for i in range(0, len(areas), 5))
            self.assertEqual(told[key]["places_split"], split)
            self.assertEqual(told[key]["places"], (len(areas) + 4) // 5)

    def test_bad_plans_are_listed(self):
        bad = Path(self.folder.name) / "bad.csv"
        bad.write_text("area_id,zone_id\nnowhere,01\nanstey,01\nanstey,02\n")
        told = run("-C", self.dir, "zones", "compare", self.dir, bad, code=3).stderr
        for words in '"nowhere" is not a small area', '"anstey" is given twice', 'no row for the small area "ab-kettleby"':
            self.assertIn(words, told)
        bad.write_text("a,b\n1,2\n")
        self.assertIn("area_id and zone_id", run("-C", self.dir, "zones", "compare", self.dir, bad, code=3).stderr)


def corners(path):
    """Corners of each feature: the rings as sets of points, by id."""
    out = {}
    for feature in json.loads(Path(path).read_text())["features"]:
        shape = feature["geometry"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        out[feature["properties"]["area_id"]] = [[tuple(p) for p in ring] for part in parts for ring in part]
    return out


class Simplify(unittest.TestCase):
    MAP = Path(os.environ["HCB_DATA_DIR"]) / "leicestershire" / "areas.geojson"

    def neighbours(self, path):
        return [r[:2] for r in csv.reader(run("--format", "csv", "zones", "adjacency", path, "--id", "area_id").stdout.splitlines())]

    def test_neighbours_stay_matched(self):
        before = corners(self.MAP)
        points = {p for rings in before.values() for ring in rings for p in ring}
        pairs, counts = self.neighbours(self.MAP), []
        with tempfile.TemporaryDirectory() as folder:
            for tolerance in 0, 100, 400, 3000:
                out = Path(folder) / f"{tolerance}.geojson"
                run("zones", "simplify", self.MAP, "--id", "area_id", "--tolerance", tolerance, "--out", out)
                after = corners(out)
                self.assertEqual(after.keys(), before.keys())
                for area, rings in after.items():
                    self.assertEqual(len(rings), len(before[area]))  # no part and no hole is lost
                    for ring in rings:
                        self.assertEqual(ring[0], ring[-1])
                        self.assertGreaterEqual(len(set(ring)), 3)
                        self.assertLessEqual(set(ring), points)  # nothing moves
                self.assertEqual(self.neighbours(out), pairs)
                found = run("--format", "json", "zones", "check", out, "--gap", "0.001", "--least", "0.02", "--id", "area_id")
                kinds = {d["kind"] for d in json.loads(found.stdout)["list"]}
                self.assertEqual(kinds, {"hole"})  # the city's
                counts.append(len({p for rings in after.values() for ring in rings for p in ring}))
                features = json.loads(out.read_text())["features"]
                self.assertEqual([f["properties"] for f in features],
                                 sorted((f["properties"] for f in json.loads(self.MAP.read_text())["features"]),
                                        key=lambda p: p["area_id"].encode()))
        self.assertEqual(counts, sorted(counts, reverse=True))
        self.assertLess(counts[2], 0.7 * counts[0])

    def test_worked_by_hand(self):
        """Two squares of 1 km; the border between them has a bend of 10 m, the outer one a corner of no height."""
        def feature(name, ring):
            return {"type": "Feature", "properties": {"area_id": name},
                    "geometry": {"type": "Polygon", "coordinates": [[[450000 + x, 300000 + y] for x, y in ring]]}}
        left = [(0, 0), (500, 0), (1000, 0), (1010, 500), (1000, 1000), (0, 1000), (0, 0)]
        right = [(1000, 0), (2000, 0), (2000, 1000), (1000, 1000), (1010, 500), (1000, 0)]
        both = {"type": "FeatureCollection", "crs": {"type": "name", "properties": {"name": "EPSG:27700"}},
                "features": [feature("left", left), feature("right", right)]}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "map.geojson"
            path.write_text(json.dumps(both))
            for tolerance, want in (0, 0), (70, 0), (71, 1):  # the bend cuts off 5,000 square metres
                out = Path(folder) / "out.geojson"
                run("zones", "simplify", path, "--tolerance", tolerance, "--out", out)
                rings = corners(out)
                self.assertNotIn((450500, 300000), rings["left"][0])
                for name in rings:
                    self.assertEqual((451010, 300500) in rings[name][0], not want)
                self.assertIn("27700", out.read_text())


class Pairs(unittest.TestCase):
    def pairs(self, text, *options, code=0):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "pairs.csv"
            path.write_text(text)
            return run("zones", "adjacency", path, *options, code=code)

    def test_what_was_written_reads_back(self):
        for rule in "rook", "queen":
            text = run("--format", "csv", "zones", "adjacency", OtherFormats.MAP, "--rule", rule).stdout
            lines = text.splitlines()
            swapped = [lines[0]] + [",".join([b, a, m]) for a, b, m in csv.reader(reversed(lines[1:]))]
            for given in text, "\n".join(swapped), "\n".join(lines + swapped[1:]):
                self.assertEqual(self.pairs(given, "--rule", rule, "--format", "csv").stdout, text)
            told = json.loads(self.pairs(text, "--rule", rule, "--format", "json").stdout)
            self.assertEqual((told["units"], told["pairs"], told["components"]), (14, len(lines) - 1, 1))

    def test_nearly_touching_polygons_are_neighbours(self):
        """Corners that differ in the ninth digit, seen as islands elsewhere (pysal#889, libpysal#302)."""
        def square(name, x, noise):
            ring = [[x - 1.1 + noise, 52.5], [x - 1.0, 52.5 + noise], [x - 1.0, 52.6 - noise], [x - 1.1 - noise, 52.6],
                    [x - 1.1 + noise, 52.5]]
            return {"type": "Feature", "properties": {"id": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        squares = [square(f"s{i}", i / 10, (-1) ** i * 3e-9) for i in range(4)]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "near.geojson"
            path.write_text(json.dumps({"type": "FeatureCollection", "features": squares}))
            def pairs(*options):
                told = run("--format", "json", "zones", "adjacency", path, *options).stdout
                return [(n["a"], n["b"]) for n in json.loads(told)["neighbours"]]
            self.assertEqual(pairs(), [("s0", "s1"), ("s1", "s2"), ("s2", "s3")])
            self.assertEqual(pairs("--decimals", 12), [])

    def test_corners_and_islands(self):
        text = "a,b,shared_m\nx,y,12.5\nz,y,0\nlonely,,\n"
        told = json.loads(self.pairs(text, "--format", "json").stdout)
        self.assertEqual((told["units"], told["pairs"], told["components"]), (4, 1, 3))
        told = json.loads(self.pairs(text, "--format", "json", "--rule", "queen").stdout)
        self.assertEqual((told["pairs"], told["components"]), (2, 2))
        self.assertIn('"lonely"', self.pairs(text, "--rule", "queen", "--islands", "fail", code=3).stderr)

    def test_what_is_wrong_is_listed(self):
        told = self.pairs("a,b,shared_m\nx,x,1\n,y,2\nx,y,3\ny,x,4\nx,z,-1\n", code=3).stderr
        for words in '"x" cannot be its own neighbour', "a unit is missing", "another length", ":6:":
            self.assertIn(words, told)
        self.assertIn("need polygons", self.pairs("a,b\nx,y\n", "--islands", "bridge", code=2).stderr)


@unittest.skipUnless(shutil.which("ogr2ogr"), "no ogr2ogr")
class OtherFormats(unittest.TestCase):
    MAP = Path(os.environ["HCB_DATA_DIR"]) / "leicestershire" / "zones.geojson"

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.dir = Path(self.folder.name)

    def convert(self, name, *options):
        subprocess.run(["ogr2ogr", *options, self.dir / name, self.MAP], check=True, capture_output=True)
        done = subprocess.run([HCBROKER, "zones", "adjacency", "--format", "csv", self.dir / name],
                              capture_output=True, text=True)
        if "this build has no GDAL" in done.stderr:
            self.assertEqual(done.returncode, 5)
            self.skipTest("a build without GDAL, which says so")
        return done.stdout

    def test_a_geopackage_and_a_shapefile_are_the_same_map(self):
        want = run("--format", "csv", "zones", "adjacency", self.MAP).stdout
        self.assertEqual(self.convert("map.gpkg"), want)
        got = self.convert("grid.shp", "-t_srs", "EPSG:27700")
        for a, b in zip(csv.DictReader(want.splitlines()), csv.DictReader(got.splitlines()), strict=True):
            self.assertEqual((a["a"], a["b"]), (b["a"], b["b"]))
            self.assertAlmostEqual(float(a["shared_m"]), float(b["shared_m"]), delta=0.5)

    def test_a_workspace_may_have_one(self):
        self.convert("map.gpkg")
        run("init", self.dir / "w")
        want = run("-C", self.dir / "w", "zones", "stats").stdout
        (self.dir / "map.gpkg").rename(self.dir / "w" / "zones.gpkg")
        yaml = self.dir / "w" / "hcbroker.yaml"
        yaml.write_text(yaml.read_text().replace("zones.geojson", "zones.gpkg"))
        self.assertEqual(run("-C", self.dir / "w", "zones", "stats").stdout, want)

    def test_what_is_written_reads_back(self):
        self.convert("map.gpkg")
        for name in "a.gpkg", "b.gpkg", "c.geojson":
            run("zones", "simplify", self.MAP, "--tolerance", 200, "--out", self.dir / name)
        self.assertEqual((self.dir / "a.gpkg").read_bytes(), (self.dir / "b.gpkg").read_bytes())
        self.assertEqual(run("--format", "csv", "zones", "adjacency", self.dir / "a.gpkg").stdout,
                         run("--format", "csv", "zones", "adjacency", self.dir / "c.geojson").stdout)

    def test_every_map_that_is_written_opens_elsewhere(self):
        self.convert("map.gpkg")
        data = Path(os.environ["HCB_DATA_DIR"]) / "leicestershire"
        out = {}

        def written(name, want):
            out[self.dir / name] = want
            return self.dir / name

        for ending in "geojson", "gpkg":
            run("zones", "simplify", self.MAP, "--tolerance", 200, "--out", written(f"simple.{ending}", 14))
            run("zones", "dissolve", "--areas", data / "areas.csv", "--polygons", data / "areas.geojson",
                "--out", written(f"joined.{ending}", 14))
            run("zones", "check", data / "areas.geojson", "--id", "area_id", "--gap", 400, "--out",
                written(f"defects.{ending}", None), code=None)
        run("-C", data, "zones", "stats", "--map-only", "--out", self.dir / "stats")
        out[self.dir / "stats" / "zones.geojson"] = 14
        for path, want in out.items():
            told = subprocess.run(["ogrinfo", "-so", "-al", path], capture_output=True, text=True, check=True)
            self.assertEqual(told.stderr, "", path)  # neither a warning nor a question
            self.assertRegex(told.stdout, r"WGS 84|British National Grid", path)
            count = int(told.stdout.split("Feature Count: ")[1].split()[0])
            self.assertTrue(count == want if want else count > 0, path)
            frame = geopandas.read_file(path)
            self.assertEqual(len(frame), count)
            self.assertIsNotNone(frame.crs)
            if want:
                grid = frame.to_crs(27700)
                self.assertTrue(grid.is_valid.all())
                self.assertLess(abs(grid.area.sum() / geopandas.read_file(self.MAP).to_crs(27700).area.sum() - 1), 0.01)

    def test_bad_files(self):
        self.convert("map.gpkg")
        self.assertIn("no such file", run("zones", "check", self.dir / "none.gpkg", code=5).stderr)
        (self.dir / "bad.gpkg").write_text("not a package")
        self.assertIn("bad.gpkg", run("zones", "check", self.dir / "bad.gpkg", code=3).stderr)
        subprocess.run(["ogr2ogr", self.dir / "plain.shp", self.MAP], check=True, capture_output=True)
        (self.dir / "plain.prj").unlink()
        self.assertIn("coordinate reference system",
                      run("zones", "check", self.dir / "plain.shp", code=3).stderr)
        self.assertIn("Shapefiles are read",
                      run("zones", "simplify", self.MAP, "--out", self.dir / "out.shp", code=2).stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
