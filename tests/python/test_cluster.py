# SPDX-License-Identifier: GPL-3.0-or-later
"""Sweeps on a Dask cluster of this machine: a scheduler and two worker processes on loopback, one of which is killed."""

import json
import os
import signal
import subprocess
import sys
import time

import hcbroker
import pytest

distributed = pytest.importorskip("distributed")
AMOUNT = 10


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """Scenarios of about a second each, so that one is always under way on each worker."""
    path = tmp_path_factory.mktemp("scenarios") / "many.yaml"
    path.write_text("version: 1\nscenarios:\n" + "".join(
        f'  - {{name: people {i}, changes: {{demand: {{people: "+{i}%"}}}}, run: {{replan: free, gap: 0, work_limit: 300000}}}}\n'
        for i in range(1, AMOUNT + 1)))
    return path


@pytest.fixture
def cluster(tmp_path):
    """(client, worker processes). Nothing outlives the test: idle or alone, they end by themselves too."""
    address, log = tmp_path / "scheduler.json", open(tmp_path / "log", "wb")
    started = []

    def start(module, *words):
        started.append(subprocess.Popen([sys.executable, "-m", f"distributed.cli.{module}", *words], stdout=log, stderr=log,
                                        cwd=tmp_path))
        return started[-1]

    start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(address),
          "--idle-timeout", "120 s")
    until = time.monotonic() + 60
    while not address.exists() and time.monotonic() < until:
        time.sleep(0.05)
    workers = [start("dask_worker", "--scheduler-file", str(address), "--host", "127.0.0.1", "--no-nanny", "--nthreads", "1",
                     "--no-dashboard", "--name", str(i), "--death-timeout", "60 s") for i in range(2)]
    client = distributed.Client(scheduler_file=str(address), timeout="60 s")
    client.wait_for_workers(2, timeout="60 s")
    yield client, workers
    client.close()
    for one in reversed(started):
        one.terminate()
    for one in started:
        one.wait(20)
    log.close()


def test_a_worker_that_is_killed__loses_nothing(cluster, file, county, tmp_path):
    client, workers = cluster
    told = []

    def progress(done, total, name):
        told.append((done, total))
        if len(told) == 3:
            workers[0].send_signal(signal.SIGKILL)
            workers[0].wait()

    found = hcbroker.sweep(file, client, workspace=county, out=tmp_path / "out", progress=progress)
    assert workers[0].returncode == -signal.SIGKILL and workers[1].poll() is None
    assert told == [(i + 1, AMOUNT) for i in range(AMOUNT)] and found.reused == 0
    assert [one["name"] for one in found] == [f"people {i}" for i in range(1, AMOUNT + 1)]
    assert len(list((tmp_path / "out/scenarios").glob("*.json"))) == AMOUNT
    here = hcbroker.sweep(file, workspace=county)
    assert found.texts == here.texts
    # What the cluster left on the disk is good here, and the other way round.
    assert hcbroker.sweep(file, workspace=county, out=tmp_path / "out").reused == AMOUNT
    assert hcbroker.sweep(file, client, workspace=county, out=tmp_path / "out").texts == here.texts


def test_a_sweep_that_is_killed__goes_on_where_it_was(cluster, file, county, tmp_path):
    """The program that asks is killed as well; the next one runs only what is missing."""
    client, _ = cluster
    out = tmp_path / "out"
    program = ("import sys, distributed, hcbroker\n"
               "client = distributed.Client(sys.argv[1])\n"
               "hcbroker.sweep(sys.argv[2], client, workspace=sys.argv[3], out=sys.argv[4])\n")
    first = subprocess.Popen([sys.executable, "-c", program, client.scheduler.address, str(file), county, str(out)])
    while len(list(out.glob("scenarios/*.json"))) < 3 and first.poll() is None:
        time.sleep(0.02)
    first.kill()
    first.wait()
    kept = len(list(out.glob("scenarios/*.json")))
    assert 3 <= kept < AMOUNT
    second = hcbroker.sweep(file, client, workspace=county, out=out)
    assert second.reused >= kept and all(json.loads(text)["status"] == "done" for text in second.texts)


def test_errors__come_from_the_workers_with_their_places(cluster, county, tmp_path):
    client, _ = cluster
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("version: 1\nname: wrong\nchanges: {prices: lots}\n")
    with pytest.raises(hcbroker.HcbDataError, match="lots") as caught:
        hcbroker.sweep([wrong], client, workspace=county)
    assert caught.value.diagnostics[0].line == 3 and os.path.basename(caught.value.file) == "wrong.yaml"
