# SPDX-License-Identifier: GPL-3.0-or-later
"""Sweeps on threads: order, restart, stopping."""

import json
import os
import signal
import threading
import time

import hcbroker
import pytest

SCENARIOS = """version: 1
run: {work_limit: 20000}
scenarios:
  - name: as it is
  - {name: more people, changes: {demand: {people: "+25%"}}}
  - {name: longer visits, changes: {demand: {hours: "+14%"}}}
  - {name: less capacity, changes: {capacity: "-10%"}}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("scenarios") / "four.yaml"
    path.write_text(SCENARIOS)
    return path


@pytest.fixture(scope="module")
def whole(file, county):
    return hcbroker.sweep(file, workspace=county, at_once=1)


def test_sweep__gives_each_scenario_in_its_order(whole, county, file):
    assert [one["name"] for one in whole] == ["as it is", "more people", "longer visits", "less capacity"]
    assert whole.reused == 0 and min(whole.seconds) > 0
    table = whole.frame()
    assert list(table["status"]) == ["done"] * 4 and list(table.index) == hcbroker.list_scenarios(file, workspace=county)
    plan = hcbroker.Workspace(county).allocate(work_limit=20000)
    first = table.iloc[0]
    assert (first["packages_offered"], first["people_waiting"]) == (plan.summary["packages"], plan.summary["waiting"])
    assert table["people"].iloc[1] == pytest.approx(1.25 * table["people"].iloc[0], abs=2)
    assert whole[0] == hcbroker.run_scenario(f"{file}#as it is", workspace=county)


def test_threads__change_nothing(whole, county, file):
    assert hcbroker.sweep(file, workspace=county, at_once=3).texts == whole.texts
    backwards = hcbroker.list_scenarios(file, workspace=county)[::-1]
    assert hcbroker.sweep(backwards, workspace=county, at_once=2).texts == whole.texts[::-1]


def test_a_folder__keeps_results_and_nothing_is_run_twice(whole, county, file, command, tmp_path):
    told = []
    hcbroker.sweep(file, workspace=county, at_once=1, out=tmp_path / "out",
                   progress=lambda done, total, name: told.append((done, total)) or done == 2)
    assert told == [(1, 4), (2, 4)] and len(list((tmp_path / "out/scenarios").glob("*.json"))) == 2
    again = hcbroker.sweep(file, workspace=county, at_once=1, out=tmp_path / "out")
    assert again.reused == 2 and again.texts == whole.texts and again.seconds[:2] == [0, 0]
    third = hcbroker.sweep(file, workspace=county, out=tmp_path / "out")
    assert third.reused == 4 and third.texts == whole.texts
    # The name of a file is what hcb_scenario_hash() says beforehand, and what the result says of itself.
    assert {path.stem for path in (tmp_path / "out/scenarios").glob("*.json")} == {one["hash"] for one in whole}
    assert not list((tmp_path / "out/scenarios").glob("*.part"))
    # The command takes the same folder over, and writes what it would have written alone.
    command("-C", county, "sweep", file, "--out", tmp_path / "out")
    command("-C", county, "sweep", file, "--out", tmp_path / "alone")
    for name in ("sweep.json", "sweep.csv"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()
    for path in (tmp_path / "alone/scenarios").glob("*.json"):
        assert path.read_bytes() == (tmp_path / "out/scenarios" / path.name).read_bytes()
    # A result that is not whole is made anew.
    next((tmp_path / "out/scenarios").glob("*.json")).write_text("{")
    assert hcbroker.sweep(file, workspace=county, out=tmp_path / "out").reused == 3
    other = hcbroker.sweep(file, workspace=county, out=tmp_path / "out", seed=2)
    assert other.reused == 0 and all(one["seed"] == 2 for one in other)


def test_compare__is_what_the_command_says(county, file, command):
    a, b = hcbroker.list_scenarios(file, workspace=county)[:2]
    said = json.loads(command("-C", county, "--format", "json", "compare", a, b))
    found = hcbroker.compare(a, b, workspace=county)
    assert found == said
    totals = found.frame("totals", "figure")
    assert (totals["difference"].dropna() == (totals["b"] - totals["a"]).dropna()).all() and totals.loc["people", "difference"] > 0


def test_changed_data__is_run_again(file, tmp_path):
    folder = hcbroker.init(tmp_path / "ws")
    hcbroker.generate(folder, scenario="s1", queue=5, scale=0.05)
    first = hcbroker.sweep(file, workspace=folder, out=tmp_path / "out")
    hcbroker.generate(folder, queue=3, seed=9)
    second = hcbroker.sweep(file, workspace=folder, out=tmp_path / "out")
    assert (first.reused, second.reused) == (0, 0)
    assert second.frame()["packages_offered"].iloc[0] == 8 != first.frame()["packages_offered"].iloc[0]


def test_ctrl_c__keeps_what_is_finished(county, file, tmp_path):
    """The first ends at once, the second never: it is stopped, and not kept."""
    slow = tmp_path / "slow.yaml"
    slow.write_text("version: 1\nscenarios:\n  - {name: quick, run: {method: sequential}}\n"
                    "  - {name: slow, run: {replan: free, gap: 0, work_limit: 1000000000000000}}\n")
    sent = []

    def press():
        while not list((tmp_path / "out/scenarios").glob("*.json")):
            time.sleep(0.01)
        time.sleep(0.3)
        sent.append(time.process_time())
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=press)
    thread.start()
    with pytest.raises(hcbroker.Interrupted) as caught:
        hcbroker.sweep(slow, workspace=county, at_once=1, out=tmp_path / "out")
    assert time.process_time() - sent[0] < 1.5
    thread.join()
    finished = caught.value.finished
    assert finished.texts[0] and finished.texts[1] is None and json.loads(finished.texts[0])["name"] == "quick"
    assert len(list((tmp_path / "out/scenarios").glob("*.json"))) == 1


def test_a_wrong_scenario__is_raised_after_the_others(county, file, tmp_path):
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("version: 1\nname: wrong\nchanges: {prices: lots}\n")
    with pytest.raises(hcbroker.HcbDataError, match="lots"):
        hcbroker.sweep([wrong, f"{file}#as it is"], workspace=county)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        hcbroker.run_scenario("nowhere", workspace=county)
