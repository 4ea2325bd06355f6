# SPDX-License-Identifier: GPL-3.0-or-later
import sys

import hcbroker

folder = hcbroker.init(sys.argv[1])  # a new folder; or one of your own: docs/formats.md
hcbroker.generate(folder, scenario="s1", queue=60)  # made-up people
workspace = hcbroker.Workspace(folder)
plan = workspace.allocate()  # Ctrl-C keeps the best plan found so far
print(plan.levels[["value", "bound", "gap"]])  # how good it is, proved
print(plan.allocations[["provider_id", "tier", "weekly_cost_pence", "travel_seconds"]].head())
package = plan.waiting.index[0]  # who waits, why, and what would help
print(*workspace.explain(package, plan=plan)["sentences"], sep="\n")
assert workspace.verify(plan).ok  # by code that shares nothing with what made the plan
plan.save(f"{folder}/plan")
