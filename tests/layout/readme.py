# SPDX-License-Identifier: GPL-3.0-or-later
"""README.md shows what the command prints (the table of scripts/demo, the figures of its text) and the examples as they are.

readme.py HCBROKER ROOT [--update]     --update writes the table anew
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TABLE = re.compile(r"(<!-- allocate -->\n```\n)(.*?)(```\n<!-- end -->)", re.DOTALL)

EXAMPLE = re.compile(r"<!-- (docs/examples/[a-z_.]+) -->\n```[a-z]+\n(.*?)```\n<!-- end -->", re.DOTALL)


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def main():
    if len(sys.argv) not in (3, 4) or sys.argv[3:] not in ([], ["--update"]):
        print(__doc__, file=sys.stderr)
        return 2
    hcbroker, root = sys.argv[1], Path(sys.argv[2])
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        county, plan = Path(folder) / "county", Path(folder) / "plan"
        run(hcbroker, "init", county)
        run(hcbroker, "-C", county, "generate", "--scenario", "s1", "--queue", "60", "--seed", "1")
        table = run(hcbroker, "-C", county, "allocate", "--out", plan)
        placed = json.loads(run(hcbroker, "-C", county, "allocate", "--method", "sequential", "--format", "json", "--out",
                                plan))["placed"]
    if sys.argv[3:]:
        readme.write_text(TABLE.sub(lambda match: match[1] + table + match[3], text), encoding="utf-8")
        text = readme.read_text(encoding="utf-8")
    shown = TABLE.search(text)
    if not shown or shown[2] != table:
        print(f"README.md shows another table; build the target readme_update. Now:\n{table}")
        return 1
    if f"--method sequential`), places {placed} of the same 60" not in text:
        print(f"README.md names another number than {placed} for --method sequential")
        return 1
    examples = EXAMPLE.findall(text)
    for path, code in examples:
        if (root / path).read_text(encoding="utf-8") != code:
            print(f"README.md shows another {path} than the file is")
            return 1
    return 0 if len(examples) == 2 else 1


if __name__ == "__main__":
    sys.exit(main())
