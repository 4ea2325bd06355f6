# SPDX-License-Identifier: GPL-3.0-or-later
import os
import signal
import threading
import time

import hcbroker
import pytest


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_folder_that_is_not_there__is_a_file_not_found():
    with pytest.raises(FileNotFoundError) as caught:
        hcbroker.Workspace("nowhere")
    assert isinstance(caught.value, hcbroker.HcbFileNotFound) and "nowhere" in str(caught.value)


def test_a_wrong_cell__is_named_with_its_place(golden):
    lines = (golden / "packages.csv").read_text().splitlines()
    header = lines[0].split(",")
    cells = lines[2].split(",")
    cells[header.index("priority")] = "9"
    lines[2] = ",".join(cells)
    (golden / "packages.csv").write_text("\n".join(lines) + "\n")
    with pytest.raises(ValueError) as caught:
        hcbroker.Workspace(golden)
    error = caught.value
    assert isinstance(error, hcbroker.HcbDataError) and error.status == "HCB_EDATA"
    found = [one for one in error.diagnostics if one.pointer == "priority"]
    assert [(one.file, one.line, one.severity) for one in found] == [("packages.csv", 3, "error")]
    assert '"9"' in found[0].message and "packages.csv:3" in str(error)
    assert hcbroker.check(golden) == error.diagnostics


def test_a_broken_file__is_named_with_its_place(golden):
    replace(golden / "hcbroker.yaml", "version:", "{version:")
    with pytest.raises(ValueError) as caught:
        hcbroker.Workspace(golden)
    assert caught.value.file == "hcbroker.yaml" and caught.value.line > 0 and "YAML" in str(caught.value)


@pytest.mark.parametrize("given", [{"method": "clever"}, {"gap": 2}, {"replan": -5}, {"replan": "some"},
                                   {"time_limit_s": float("nan")}, {"threads": -1}])
def test_a_wrong_option__is_a_value_error_that_names_it(workspace, given):
    with pytest.raises(ValueError) as caught:
        workspace.allocate(**given)
    assert isinstance(caught.value, hcbroker.HcbInvalid)
    assert next(iter(given)).split("_")[0] in str(caught.value) or str(next(iter(given.values()))) in str(caught.value)


def test_unknown_names__are_named(workspace):
    with pytest.raises(hcbroker.HcbInvalid, match="NOBODY"):
        workspace.recommend("NOBODY")


def slow(workspace, **more):
    """A run that ends only when it is told to."""
    return workspace.allocate(replan="free", gap=0, work_limit=10**15, **more)


def test_ctrl_c__ends_a_solve_in_a_second_with_the_best_plan(workspace):
    """A second of the processor: the machine may be busy."""
    sent = []

    def press():
        sent.append(time.process_time())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(0.5, press)
    timer.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        slow(workspace)
    took = time.process_time() - sent[0]
    timer.join()
    plan = caught.value.plan
    assert took < 1 and plan.stop == "cancelled" and isinstance(caught.value, hcbroker.Interrupted)
    assert workspace.verify(plan).ok


def test_a_token__ends_a_solve_of_another_thread_which_gives_its_plan(workspace):
    token, found = hcbroker.Cancel(), []
    thread = threading.Thread(target=lambda: found.append(slow(workspace, cancel=token)))
    thread.start()
    time.sleep(0.2)
    token.request()
    thread.join(60)
    assert found[0].stop == "cancelled" and found[0].summary["packages"] == found[0].summary["placed"] + found[0].summary["waiting"]
    token.reset()


def test_progress__is_told_and_may_stop(workspace):
    seen = []

    def tick(progress):
        seen.append(progress)
        return len(seen) >= 3

    assert slow(workspace, progress=tick).stop == "cancelled"
    assert len(seen) >= 3 and seen[0].elapsed_s < seen[-1].elapsed_s and seen[-1].phase == "solve"


def test_an_exception_of_the_callback__comes_out(workspace):
    def tick(_progress):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        slow(workspace, progress=tick)


def test_other_threads_run__while_a_call_lasts(workspace):
    """The interpreter lock is released: a loop beside a solve gets its turns."""
    token = hcbroker.Cancel()
    thread = threading.Thread(target=lambda: slow(workspace, cancel=token))
    thread.start()
    for _ in range(20):
        time.sleep(0.02)
    beside = thread.is_alive()
    token.request()
    thread.join()
    assert beside
