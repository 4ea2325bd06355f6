# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/API.md names functions that exist, and every one that makes or answers something.

api.py SOURCE_ROOT
"""

import re
import sys
from pathlib import Path

# Found by reading the rest: they free, count, or belong to a function that is named.
COMPANION = re.compile(r"_(free|count|id|dropped|size|data|init|reset|create_map|canonical|name|text|version)$")


def main():
    root = Path(sys.argv[1])
    text = (root / "docs/API.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\bhcb_[a-z0-9_]+", text))
    known = set((root / "tests/abi/symbols.txt").read_text(encoding="ascii").split())
    types = set(re.findall(r"\bhcb_[a-z0-9_]+", "".join(path.read_text(encoding="utf-8")
                                                      for path in (root / "include/hcbroker").glob("*.h"))))
    findings = [f"{name}: named, but nothing of that name is public" for name in sorted(named - types - {"hcb_x", "hcb_x_free"})]
    heads = {re.match(r"hcb_[a-z]+", name)[0] for name in named}
    findings += [f"{name}: no function of its kind is named" for name in sorted(known)
                 if re.match(r"hcb_[a-z]+", name)[0] not in heads and not COMPANION.search(name)]
    print("\n".join(findings + [f"{len(named & known)} functions named, {len(findings)} findings"]))
    return 1 if findings else 0


sys.exit(main())
