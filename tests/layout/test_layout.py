# SPDX-License-Identifier: GPL-3.0-or-later
"""The layout tests find what is planted, and nothing in a clean tree."""

import tempfile
import unittest
from pathlib import Path

import includes
import internal
import sources
import texts

SPDX_C = "/* SPDX-License-Identifier: GPL-3.0-or-later */\n"
SPDX_CMAKE = "# SPDX-License-Identifier: GPL-3.0-or-later\n"
CLEAN = {
    "cmake/HcbTargets.cmake": SPDX_CMAKE + "set(HCB_MODULES base io geo zones solve allocation)\n",
    "include/hcbroker/a.h": SPDX_C + "#include <stdint.h>\n",
    "libbroker/base/mem.h": SPDX_C,
    "libbroker/io/csv.h": SPDX_C,
    "libbroker/io/csv.c": SPDX_C + '#include "io/csv.h"\n\n#include <csv.h>\n#include "base/mem.h"\n',
    "libbroker/io/CMakeLists.txt": SPDX_CMAKE + "hcb_module(io SOURCES csv.c)\n",
    "libbroker/geo/crs.h": SPDX_C + "#include <proj.h>\n",
    "libbroker/zones/zones.h": SPDX_C + '#include "geo/crs.h"\n#include "hcbroker/a.h"\n',
    "libbroker/solve/engine.h": SPDX_C + '#include "base/mem.h"\n',
    "libbroker/allocation/plan.h": SPDX_C + '#include "zones/zones.h"\n',
    "libbroker/allocation/certificate.h": SPDX_C + '#include "io/csv.h"\n',
    "libbroker/allocation/verify.c": SPDX_C + '#include "allocation/certificate.h"\n#include "geo/crs.h"\n',
    "libbroker/allocation/CMakeLists.txt": SPDX_CMAKE + "hcb_module(allocation SOURCES verify.c)\n",
    "cli/args.h": SPDX_C,
    "cli/main.c": SPDX_C + '#include "args.h"\n#include "hcbroker/a.h"\n',
    "cli/CMakeLists.txt": SPDX_CMAKE + "add_executable(x main.c)\n",
    "tests/unit/io/test_csv.c": SPDX_C + '#include "io/csv.h"\n',
    "tests/unit/io/CMakeLists.txt": SPDX_CMAKE + "hcb_unit_test(io csv)\n",
    "README.md": "text\n",
}


class Planted(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name).resolve()
        for name, content in CLEAN.items():
            self.write(name, content)

    def write(self, name, content):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())

    def one(self, check, where):
        findings = check(self.root)
        self.assertEqual(len(findings), 1, findings)
        self.assertTrue(findings[0].startswith(where), findings[0])

    def include(self, name, line):
        """Add one include line to a file; it stands on the line after the present ones."""
        content = CLEAN.get(name, SPDX_C) + line + "\n"
        self.write(name, content)
        self.one(includes.check, f"{name}:{content.count(chr(10))}: ")

    def test_clean_tree_has_no_finding(self):
        for module in (includes, internal, sources, texts):
            self.assertEqual(module.check(self.root), [])

    def test_upward_include(self):
        self.include("libbroker/zones/zones.h", '#include "solve/engine.h"')

    def test_upward_include_with_odd_spacing(self):
        self.include("libbroker/base/mem.h", '  #  include  "io/csv.h"')

    def test_solve_beyond_base(self):
        self.include("libbroker/solve/engine.h", '#include "io/csv.h"')

    def test_checker_sees_plan_maker(self):
        self.include("libbroker/allocation/verify.c", '#include "allocation/plan.h"')

    def test_checker_sees_zones(self):
        self.include("libbroker/allocation/certificate.h", '#include "zones/zones.h"')

    def test_checker_parts_count_too(self):
        self.include("libbroker/allocation/verify_rows.c", '#include "allocation/plan.h"')

    def test_private_header_in_cli(self):
        self.include("cli/main.c", '#include "base/mem.h"')

    def test_private_header_in_cli_by_path(self):
        self.include("cli/main.c", '#include "../libbroker/base/mem.h"')

    def test_library_headers_outside_their_folder(self):
        for line in ("<glpk.h>", "<proj.h>", "<geos_c.h>", "<jansson.h>", "<csv.h>", "<yaml.h>"):
            self.setUp()
            self.include("libbroker/allocation/plan.h", f"#include {line}")

    def test_upward_include_in_angle_brackets(self):
        self.include("libbroker/base/mem.h", "#include <io/csv.h>")

    def test_glpk_in_cli(self):
        self.include("cli/main.c", "#include <glpk.h>")

    def test_include_without_folder(self):
        self.include("libbroker/io/csv.c", '#include "csv.h"')

    def test_include_of_nothing(self):
        self.include("libbroker/io/csv.c", '#include "base/gone.h"')

    def test_public_header_beyond_the_standard(self):
        self.include("include/hcbroker/a.h", "#include <stdio.h>")

    def test_public_header_with_private_one(self):
        self.include("include/hcbroker/a.h", '#include "base/mem.h"')

    def internal(self, own="", other="", test=""):
        self.write("libbroker/io/csv.h", SPDX_C + "/* Reads. */\nint hcb__csv_read(int how);\n")
        self.write("libbroker/io/csv.c", SPDX_C + "int hcb__csv_read(int how) {\n    return how;\n}\n" + own)
        self.write("libbroker/zones/zones.c", SPDX_C + other)
        self.write("tests/unit/io/test_csv.c", SPDX_C + test)

    def test_internal_functions_that_are_used(self):
        for uses in ({"other": "int x(void) {\n    return hcb__csv_read(1);\n}\n"},
                     {"own": "int x(void) {\n    return hcb__csv_read(1);\n}\n", "test": "int y = hcb__csv_read(2);\n"}):
            self.internal(**uses)
            self.assertEqual(internal.check(self.root), [])

    def test_internal_functions_that_are_not(self):
        for uses, why in (({}, "nobody"), ({"own": "/* hcb__csv_read */\n"}, "nobody"), ({"test": "int y = hcb__csv_read(2);\n"}, "tests"),
                          ({"own": "int x(void) {\n    return hcb__csv_read(1);\n}\n"}, "static")):
            self.internal(**uses)
            self.one(internal.check, "libbroker/io/csv.h: hcb__csv_read ")
            self.assertIn(why, internal.check(self.root)[0])

    def test_stray_source(self):
        self.write("libbroker/io/stray.c", SPDX_C)
        self.one(sources.check, "libbroker/io/stray.c: ")

    def test_source_named_in_a_comment_alone(self):
        self.write("cli/old.c", SPDX_C)
        self.write("cli/CMakeLists.txt", CLEAN["cli/CMakeLists.txt"] + "# old.c\n")
        self.one(sources.check, "cli/old.c: ")

    def test_stray_test(self):
        self.write("tests/unit/io/test_json.c", SPDX_C)
        self.one(sources.check, "tests/unit/io/test_json.c: ")

    def test_glob(self):
        self.write("cli/CMakeLists.txt", CLEAN["cli/CMakeLists.txt"] + "file(GLOB all *.c)\n")
        self.one(sources.check, "cli/CMakeLists.txt:3: ")

    def test_no_licence_line(self):
        self.write("cli/args.h", "#define X 1\n")
        self.one(texts.check, "cli/args.h:1: ")

    def test_no_licence_line_in_a_script(self):
        self.write("scripts/do", "#!/bin/sh\ntrue\n")
        self.one(texts.check, "scripts/do:1: ")

    def test_no_newline_at_the_end(self):
        self.write("README.md", "text")
        self.one(texts.check, "README.md: ")


if __name__ == "__main__":
    unittest.main()
