# SPDX-License-Identifier: GPL-3.0-or-later
import json
from pathlib import Path

import hcbroker
import pandas
import pytest


def test_design__is_what_the_command_says(county, workspace, command, tmp_path):
    found = workspace.design(work_limit=2000, out=tmp_path / "python")
    assert found["outcome"] in ("proposed", "unknown")
    said = command("-C", county, "--format", "json", "--work-limit", "2000", "zones", "design", "--out", tmp_path / "command")
    assert {**json.loads(said), "outcome": found["outcome"]} == found
    for name in ("design.json", "plan.csv", "moves.csv"):
        assert (tmp_path / "python" / name).read_bytes() == (tmp_path / "command" / name).read_bytes()
    # What its plan moves is what comparing it with today's map counts.
    plan = pandas.read_csv(tmp_path / "python/plan.csv", dtype=str).set_index("unit")["zone"]
    today = pandas.read_csv(Path(county, "areas.csv"), dtype=str).set_index("area_id")["zone_id"]
    moved = set(plan.index[plan != today.reindex(plan.index)])
    compared = hcbroker.zones.compare(county, tmp_path / "python/plan.csv", workspace=county, out=tmp_path / "compared")
    units = pandas.read_csv(tmp_path / "compared/units.csv", dtype=str).set_index("unit")
    assert compared["kind"] == "zones_comparison" and set(units.index[units["from"] != units["to"]]) == moved
    assert moved <= set(pandas.read_csv(tmp_path / "python/moves.csv")["unit"])


def test_wrong_rules__are_located(workspace, tmp_path):
    rules = tmp_path / "design.yaml"
    rules.write_text("version: 1\nnonsense: 3\n")
    with pytest.raises(hcbroker.HcbDataError, match="nonsense") as caught:
        workspace.design(rules=rules)
    assert caught.value.diagnostics[0].line == 2
