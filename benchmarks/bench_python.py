#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long packages take to cross between Python and the library, in processor seconds: bench_python.py [PACKAGES]

PYTHONPATH and HCBROKER_LIBRARY as for the tests; run from the source tree. Medians of seven, seed 1; as peers, what pandas takes
to write the same table as CSV (what a program without tables in memory would do) and to copy it.
"""

import io
import statistics
import sys
import time
from pathlib import Path

import hcbroker
import numpy
import pandas
from hcbroker import problem
from hcbroker._call import Call, ffi, lib

BASE = Path(__file__).parents[1] / "tests/golden/base"
PEOPLE = {"placements": "package_id,provider_id,easting,northing,weekly_hours\n",
          "visits": "package_id,days,start,end,minutes\n"}


def queue(n):
    random = numpy.random.default_rng(1)
    return pandas.DataFrame({
        "package_id": [f"Q{i:07d}" for i in range(n)], "easting": random.integers(450000, 455000, n).astype(float),
        "northing": random.integers(301000, 309000, n).astype(float), "weekly_hours": random.integers(2, 40, n) * 0.5,
        "priority": random.integers(1, 6, n), "needs": random.choice(["", "hoist"], n),
        "received": pandas.to_datetime("2020-11-20") + pandas.to_timedelta(random.integers(0, 10, n), unit="D")})


def measured(work):
    taken = []
    for _ in range(7):
        began = time.process_time()
        result = work()
        taken.append(time.process_time() - began)
    return statistics.median(taken), result


def hand_over(table):
    """All columns to the library, as Problem does it."""
    with Call() as call:
        out = ffi.new("hcb_problem **")
        call.check(lib.hcb_problem_create(out, call.ctx))
        held = ffi.gc(out[0], lib.hcb_problem_free)
        kept = []
        columns = [problem._column(name, table[name], kept) for name in table.columns]
        array = ffi.new("hcb_column[]", columns)
        call.check(lib.hcb_problem_set_table(held, call.ctx, b"packages", array, len(columns), len(table)))
        ffi.release(held)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    table = queue(n)
    into, _ = measured(lambda: hand_over(table))
    whole, made = measured(lambda: hcbroker.Problem(folder=BASE, packages=table, **PEOPLE))
    plan = made.allocate(method="sequential")
    arrays, _ = measured(lambda: hcbroker.Plan(plan._handle).arrays)
    items, _ = measured(lambda: hcbroker.Plan(plan._handle).items)
    written, _ = measured(lambda: table.to_csv(io.StringIO(), index=False))
    copied, _ = measured(lambda: table.copy())
    print(f"{n} packages, seed 1, processor seconds")
    for name, seconds in (("columns handed over", into), ("plan as arrays (views)", arrays), ("plan as a DataFrame", items),
                          ("in and out, DataFrame to DataFrame", into + items),
                          ("Problem: handed over, validated, located, frozen", whole),
                          ("peer: the same table written as CSV", written), ("peer: the same table copied", copied)):
        print(f"  {name:50} {seconds:8.4f}")


if __name__ == "__main__":
    main()
