# SPDX-License-Identifier: GPL-3.0-or-later
"""A region of made-up councils under four scenarios, here or on a cluster (docs/many-machines.md).

region.py FOLDER [COUNCILS [SCHEDULER]]     SCHEDULER: the address of a Dask scheduler, such as tcp://10.0.0.1:8786

What is finished stays in FOLDER/results: run it again and it goes on where it was.
"""

import sys
from pathlib import Path

import hcbroker

SCENARIOS = """
run: {work_limit: 5000000}
scenarios:
  - name: as it is
  - {name: people +10%, changes: {demand: {people: "+10%"}}}
  - {name: hours +14%, changes: {demand: {hours: "+14%"}}}
  - {name: capacity -5%, changes: {capacity: "-5%"}}
"""


def council(folder, number):
    """A workspace with people of its own, from half to twice those of the bundled county, and a file of scenarios on it."""
    workspace, file = folder / f"council-{number:03}", folder / f"council-{number:03}.yaml"
    if not file.exists():
        hcbroker.init(workspace)
        hcbroker.generate(workspace, scenario="s1", queue=60, scale=0.5 + 1.5 * (number % 7) / 6, seed=number)
        file.write_text(f"version: 1\nbase: {workspace.name}\n{SCENARIOS}", encoding="utf-8")
    return hcbroker.list_scenarios(file)


def main():
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    councils = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    client = None
    if len(sys.argv) > 3:
        import distributed

        client = distributed.Client(sys.argv[3])
    scenarios = [one for number in range(1, councils + 1) for one in council(folder, number)]
    found = hcbroker.sweep(scenarios, client, out=folder / "results",
                           progress=lambda done, total, name: print(f"\r{done} of {total}", end="", file=sys.stderr))
    print(file=sys.stderr)
    table = found.frame()
    figures = ["people", "people_waiting", "carer_minutes_waiting", "weekly_cost_pence"]
    print(table.groupby("name", sort=False)[figures].sum().to_string())
    print(f"{len(found)} scenarios, {found.reused} of them from before, {sum(found.seconds):.1f} s in all")


if __name__ == "__main__":
    main()
