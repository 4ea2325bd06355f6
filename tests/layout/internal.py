# SPDX-License-Identifier: GPL-3.0-or-later
"""Each internal function that a header of libbroker/ declares is needed there: by another file of the library, or by its
own file and a test of it. What tests or benchmarks alone use is listed here with the reason; what only its own file uses
is static."""

import re
import sys
from collections import Counter

import tree

WORD = re.compile(r"\bhcb__\w+")
DECLARED = re.compile(r"^(?!static|typedef)[a-zA-Z][^;{}#]*?\b(hcb__\w+)\(", re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)

# Proofs: without them a test or benchmark would have nothing to compare with, or would need the library's data.
ONLY_TESTED = {
    "hcb__graph_cut": "bench_zoning and the brute force over all maps value a map by it",
    "hcb__graph_hops": "bench_zoning reads published instances whose distances are counted in borders",
    "hcb__hess_solve": "published optima of districting with its own objective are proved by it, in bench_zoning",
    "hcb__parameters_markdown": "the table in docs/synthetic.md is compared with the numbers that are used",
    "hcb__rounds_plan": "the simulated rounds that the estimate of travel is calibrated and tested on",
    "hcb__zones_settlement_areas": "the bundled areas.csv is made anew from settlements.csv and compared",
}


def words(path):
    return Counter(WORD.findall(COMMENT.sub("", tree.text(path))))


def check(root):
    sources, headers, others = {}, {}, Counter()
    for path in tree.files(root):
        top = path.relative_to(root).parts[0]
        if top == "libbroker" and path.suffix == ".c":
            sources[path] = words(path)
        elif top == "libbroker" and path.suffix == ".h":
            headers[path] = tree.text(path)
        elif path.suffix in (".c", ".h"):
            others.update(words(path).keys())
    findings = []
    for path, text in headers.items():
        code = COMMENT.sub("", text)
        for name in sorted(set(DECLARED.findall(code))):
            users = [count[name] for count in sources.values() if count[name]]
            where = f"{path.relative_to(root)}: {name} "
            if len(users) > 1 or len(re.findall(rf"\b{name}\b", code)) > 1 or name in ONLY_TESTED:
                continue
            if not users:
                findings.append(where + "is not defined")
            elif not others[name]:
                findings.append(where + ("is used by its own file alone: static" if users[0] > 1 else "is used by nobody"))
            elif users[0] == 1:
                findings.append(where + "is used by tests and benchmarks alone")
    return findings


if __name__ == "__main__":
    sys.exit(tree.main("internal", check))
