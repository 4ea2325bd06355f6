#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a scenario costs, and what a second worker is worth: bench_sweep.py FOLDER [COUNCILS]

PYTHONPATH and HCBROKER_LIBRARY as for the tests. The region of docs/examples/region.py (seeds 1 to COUNCILS) on one thread of this
process, then on one and on two Dask worker processes on loopback; same results each time. Seconds of the clock, and of processor
in the processes that solve; on a shared machine only the latter and their ratios mean something.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import distributed
import hcbroker

TICK = os.sysconf("SC_CLK_TCK")


def processor_seconds(process):
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def on_workers(n, scenarios):
    with tempfile.TemporaryDirectory() as folder:
        address = str(Path(folder, "scheduler.json"))
        started = []

        def start(module, *words):
            command = [sys.executable, "-m", f"distributed.cli.{module}", "--scheduler-file", address, "--host", "127.0.0.1",
                       "--no-dashboard", *words]
            started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder))

        start("dask_scheduler", "--port", "0", "--idle-timeout", "900 s")
        while not os.path.exists(address):
            time.sleep(0.05)
        for i in range(n):
            start("dask_worker", "--no-nanny", "--nthreads", "1", "--name", str(i), "--death-timeout", "60 s")
        try:
            with distributed.Client(scheduler_file=address) as client:
                client.wait_for_workers(n)
                client.run(__import__, "hcbroker")
                before = [processor_seconds(one.pid) for one in started[1:]]
                began = time.perf_counter()
                found = hcbroker.sweep(scenarios, client)
                took = time.perf_counter() - began
                return found, took, sum(processor_seconds(one.pid) for one in started[1:]) - sum(before)
        finally:
            for one in reversed(started):
                one.terminate()
                one.wait(20)


def main():
    folder, councils = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 20
    spec = importlib.util.spec_from_file_location("region", Path(__file__).parents[1] / "docs/examples/region.py")
    region = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(region)
    folder.mkdir(parents=True, exist_ok=True)
    scenarios = [one for i in range(1, councils + 1) for one in region.council(folder, i)]
    print(f"{councils} councils, {len(scenarios)} scenarios, seeds 1 to {councils}")
    began, used = time.perf_counter(), time.process_time()
    first = hcbroker.sweep(scenarios, at_once=1)
    rows = [("one thread here", time.perf_counter() - began, time.process_time() - used)]
    for n in (1, 2):
        found, took, used = on_workers(n, scenarios)
        assert found.texts == first.texts
        rows.append((f"{n} worker{'s' * (n > 1)}", took, used))
    people = sum(one["values"]["people"] for one in first) / len(first)
    for name, took, used in rows:
        print(f"  {name:16} {took:8.1f} s of the clock {used:8.1f} s of processor {used / len(first):8.3f} a scenario "
              f"({people:.0f} people)")
    print(f"  clock, one worker against two: {rows[1][1] / rows[2][1]:.2f}")


if __name__ == "__main__":
    main()
