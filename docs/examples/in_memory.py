# SPDX-License-Identifier: GPL-3.0-or-later
"""The county of one zone of in_memory.c, from pandas: nothing is read from a file, nothing is written to one."""

import hcbroker
import pandas

square = ('{"type": "Polygon", "coordinates": [[[-1.23, 52.75], [-1.17, 52.75], [-1.17, 52.79], [-1.23, 52.79], '
          '[-1.23, 52.75]]]}')
packages = pandas.DataFrame({
    "lat": [52.765, 52.770, 52.780], "lon": [-1.21, -1.20, -1.19], "weekly_hours": [14, 10.5, 7],
    "band": pandas.Categorical(["urban", "urban", "fringe"]),
    "received": pandas.to_datetime(["2020-11-24", "2020-11-26", "2020-11-29"])},
    index=pandas.Index(["A", "B", "C"], name="package_id"))
problem = hcbroker.Problem(
    workspace={"version": 1, "as_of": "2020-12-01", "name": "One town"}, policy={"model": "prime_supplementary"},
    zones={"zone_id": ["01"], "class": ["medium"], "geometry": [square]},
    prices={"band": ["urban", "fringe", "rural", "isolated"], "price_per_hour": [18.75, 19.95, 22.95, 26.15]},
    providers={"provider_id": ["P1", "P2"], "lat": [52.760, 52.785], "lon": [-1.22, -1.18], "capacity_hours": [20, 12]},
    coverage={"provider_id": ["P1", "P2"], "zone_id": ["01", "01"], "tier": ["prime", "supplementary"]},
    packages=packages)
plan = problem.allocate()
for package, row in plan.onto(packages).iterrows():
    if row["provider_id"]:
        print(f"{package}: {row['provider_id']}, {row['weekly_cost_pence'] / 100:.2f} pounds a week")
    else:
        print(f"{package}: waits, {row['detail']}")
