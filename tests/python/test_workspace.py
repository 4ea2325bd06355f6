# SPDX-License-Identifier: GPL-3.0-or-later
import csv
import gc
import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hcbroker
import pandas
import pytest
from hcbroker._call import lib, sized, text_of

FILES = ["allocations.csv", "waiting.csv", "summary.json", "certificate.json"]


def without_seconds(path):
    return [line for line in path.read_bytes().splitlines() if not line.strip().startswith(b'"seconds":')]


def same_files(a, b):
    assert sorted(p.name for p in Path(a).iterdir()) == sorted(FILES)
    for name in FILES:
        assert without_seconds(Path(a, name)) == without_seconds(Path(b, name)), name


@pytest.mark.parametrize("given, words", [
    ({}, []), ({"method": "sequential"}, ["--method", "sequential"]),
    ({"replan": 2, "gap": 0.01, "seed": 7, "work_limit": 100000},
     ["--replan", "2", "--gap", "0.01", "--seed", "7", "--work-limit", "100000"]),
    ({"baseline": True}, ["--baseline"])])
def test_python_and_command__write_the_same_bytes(county, workspace, command, tmp_path, given, words):
    workspace.allocate(**given).save(tmp_path / "python")
    command("-C", county, "allocate", "--out", tmp_path / "command", *words)
    same_files(tmp_path / "python", tmp_path / "command")


def test_another_policy__is_the_same_too(county, command, tmp_path):
    policy = Path(county, "open_framework.yaml")
    hcbroker.Workspace(county, policy=policy).allocate().save(tmp_path / "python")
    command("-C", county, "allocate", "--policy", policy, "--out", tmp_path / "command")
    same_files(tmp_path / "python", tmp_path / "command")


def test_figures__are_those_of_the_files(county, workspace):
    with open(Path(county, "packages.csv"), newline="", encoding="utf-8") as file:
        queue = sum(1 for _ in csv.DictReader(file))
    info = workspace.info
    assert info["packages"] == queue == 30 and info["synthetic"] is True and info["zones"] == 14
    assert info["inputs_sha256"] == hashlib.sha256(workspace.canonical().encode()).hexdigest()
    assert workspace.diagnostics == () and hcbroker.check(county) == ()


def test_tables__hold_what_the_files_hold(plan, tmp_path):
    plan.save(tmp_path / "plan")
    on_disk = pandas.read_csv(tmp_path / "plan/allocations.csv", dtype={"zone_id": str}).set_index("package_id")
    table = plan.allocations
    assert list(table.index) == list(on_disk.index) and len(table) == plan.summary["placed"]
    for name in ("provider_id", "tier", "zone_id", "band", "carer_minutes", "price_pence_per_hour", "weekly_cost_pence",
                 "quality", "rank"):
        assert list(table[name]) == list(on_disk[name]), name
    assert table["weekly_cost_pence"].dtype == "int64" and table["weekly_cost_pence"].sum() == plan.summary["weekly_cost_pence"]
    waits = pandas.read_csv(tmp_path / "plan/waiting.csv", dtype={"zone_id": str}).set_index("package_id")
    assert list(plan.waiting.index) == list(waits.index) and list(plan.waiting["reason"]) == list(waits["reason"])
    assert plan.waiting["days_waiting"].dtype == "Int64"
    assert list(pandas.read_csv(io.StringIO(plan.to_csv()))["package_id"]) == list(on_disk.index)
    assert json.loads((tmp_path / "plan/summary.json").read_text()) == plan.summary
    assert list(plan.levels.index)[0] == "waiting" and str(plan).startswith("Leicestershire")


def test_arrays__are_views_of_the_plan_that_outlive_it(workspace):
    plan = workspace.allocate()
    arrays, again, table = plan.arrays, plan.arrays["carer_minutes"], plan.items
    assert arrays["carer_minutes"] is again and not again.flags.owndata and not again.flags.writeable
    names = [*plan.provider_ids, None]
    assert [names[i] for i in arrays["provider"]] == list(table["provider_id"])
    cost = arrays["weekly_cost_pence"]
    one, two = cost.__array_interface__["data"][0], workspace.allocate().arrays["weekly_cost_pence"].__array_interface__["data"][0]
    assert one != two and cost.dtype == "int64" and arrays["rank"].dtype == "int32"
    total = plan.summary["weekly_cost_pence"]
    del plan, arrays, again, table
    gc.collect()
    workspace.allocate()  # what would come to lie there
    assert cost.sum() == total


def test_items__are_those_of_the_getter(plan):
    """The arrays against hcb_allocation_item_at(), row by row."""
    item = sized("hcb_allocation_item")
    for i, (package, row) in enumerate(plan.items.iterrows()):
        assert lib.hcb_allocation_item_at(plan._handle, i, item) == 0 and text_of(item.package_id) == package
        for name in ("provider_id", "previous_provider_id", "zone_id", "band", "tier", "reason", "detail"):
            assert (text_of(getattr(item, name)) or None) == (row[name] or None), (package, name)
        for name in ("carer_minutes", "price_pence_per_hour", "weekly_cost_pence", "travel_seconds", "rank", "quality", "priority"):
            assert getattr(item, name) == row[name], (package, name)


def test_verify__finds_a_plan_right_and_a_changed_one_wrong(workspace, plan, tmp_path):
    right = workspace.verify(plan)
    assert right.ok and not right.findings and sum(right.checked.values()) > 100
    plan.save(tmp_path / "plan")
    path = tmp_path / "plan/allocations.csv"
    path.write_text(path.read_text().replace("prime", "framework", 1))
    wrong = workspace.verify(tmp_path / "plan")
    assert not wrong.ok and any(f.field == "tier" and f.found == "framework" for f in wrong.findings)


def test_recommend__is_what_the_command_says(county, workspace, command, plan, tmp_path):
    package = plan.allocations.index[0]
    said = json.loads(command("-C", county, "--format", "json", "recommend", package, "--top", "3"))
    found = workspace.recommend(package, top=3)
    assert found == said and 1 <= len(found.frame("providers", "provider_id")) <= 3
    plan.save(tmp_path / "plan")
    with_folder = workspace.recommend(package, plan=tmp_path / "plan")
    with_plan = workspace.recommend(package, plan=plan)
    assert {**with_folder, "plan": ""} == {**with_plan, "plan": ""}
    provider = plan.allocations["provider_id"].iloc[0]
    said = json.loads(command("-C", county, "--format", "json", "recommend", "--provider", provider, "--hours", "20",
                              "--top", "0"))
    assert workspace.recommend_packages(provider, 1200) == said


def test_explain_and_replan__are_what_the_command_says(county, workspace, command):
    with open(Path(county, "packages.csv"), newline="", encoding="utf-8") as file:
        package = next(csv.DictReader(file))["package_id"]
    words = ["-C", county, "--format", "json", "--work-limit", "100000"]
    assert workspace.explain(package, work_limit=100000) == json.loads(command(*words, "explain", package))
    said = json.loads(command(*words, "replan", "--steps", "0,1"))
    table = workspace.replan([0, 1], work_limit=100000)
    assert list(table["replan"]) == [0, 1] and list(table["weekly_cost_pence"]) == [p["weekly_cost_pence"] for p in said["points"]]


def test_apply__leaves_the_waiting_in_the_queue(tmp_path):
    folder = hcbroker.init(tmp_path / "ws")
    made = hcbroker.generate(folder, scenario="s1", queue=5, scale=0.05)
    workspace = hcbroker.Workspace(folder)
    plan = workspace.allocate()
    done = workspace.apply(plan)
    after = hcbroker.Workspace(folder).info
    assert made["queue"] == 5 and done["placed"] == plan.summary["placed"] and after["packages"] == 5 - done["placed"]
    with pytest.raises(hcbroker.HcbDataError):
        workspace.apply(plan)


def test_prices__are_the_published_ones(county):
    years = hcbroker.prices.build_up().frame("years", "year")
    assert years.loc["2014", "total_pence"] == 1520 and years.loc["2020-21", "total_pence"] == 2069
    bands = hcbroker.prices.bands(county)
    assert [band["price_pence_per_hour"] for band in bands["schedules"][0]["bands"]] == [1875, 1995, 2295, 2615]
    assert bands["settings"]["wage_pence"] == 930 and hcbroker.prices.bands(county, wage_pence=1000)["settings"]["wage_pence"] == 1000


def test_visits__are_paid_by_the_rule(tmp_path):
    """31 minutes are 30 to the nearest five, 35 upwards; 18 pounds an hour are 30 pence a minute."""
    path = tmp_path / "visits.csv"
    path.write_text("visit_id,package_id,date,planned_minutes,actual_minutes,price_per_hour\nv,p,2020-12-01,30,31,18.00\n")
    assert hcbroker.prices.visits(path)["invoice"]["payable_pence"] == 900
    table = hcbroker.prices.visits(path, direction="up").frame("visits")
    assert list(table["payable_minutes"]) == [35] and list(table["payable_pence"]) == [1050]


def test_a_policy__is_said_in_words(county):
    assert "prime" in hcbroker.check_policy(Path(county, "prime_supplementary.yaml"))


def test_report__is_a_page_of_the_plan(county, plan, tmp_path):
    plan.save(tmp_path / "plan")
    page = hcbroker.report(tmp_path / "plan", workspace=county, plain=True)
    assert page.startswith("<!") and plan.allocations.index[0] in page
    assert plan.allocations.index[0] not in hcbroker.report(tmp_path / "plan", plain=True, public=True)


def test_threads__share_a_workspace_and_get_the_same_plan(workspace, plan):
    with ThreadPoolExecutor(4) as pool:
        plans = list(pool.map(lambda seed: workspace.allocate(seed=seed, threads=1), [1] * 4))
    assert {p.to_csv() for p in plans} == {plan.to_csv()}


def test_a_plan__outlives_its_workspace(county):
    plan = hcbroker.Workspace(county).allocate(method="sequential")
    assert len(plan.items) == 30 and plan.stop is None
