# SPDX-License-Identifier: GPL-3.0-or-later
"""Problems from tables: the same as from files, whatever the types of the columns."""

import os
from pathlib import Path

import geopandas
import hcbroker
import numpy
import pandas
import pytest
import yaml

BASE = Path(os.environ["HCB_SOURCE_DIR"]) / "tests/golden/base"
TABLES = ["areas", "postcodes", "prices", "providers", "coverage", "packages", "placements", "visits"]
KEYS = {"version": 1, "as_of": "2020-12-01", "synthetic": True, "name": "In memory"}


def as_text():
    return {name: pandas.read_csv(BASE / f"{name}.csv", dtype=str) for name in TABLES}


def typed():
    """As a program would have them: dates, numbers, nullable numbers, truth values, categories."""
    tables = as_text()
    packages = tables["packages"]
    for name in ("received", "start", "end"):
        packages[name] = pandas.to_datetime(packages[name])
    for name in ("priority", "carers", "visits_per_week"):
        packages[name] = pandas.to_numeric(packages[name]).astype("Int64")
    for name in ("easting", "northing", "lat", "lon"):
        packages[name] = pandas.to_numeric(packages[name])
    packages["needs"] = [None if pandas.isna(one) else one.split(";") for one in packages["needs"]]
    packages["band"] = packages["band"].astype("category")
    tables["providers"]["active"] = tables["providers"]["active"].map({"yes": True, "no": False})
    tables["providers"]["quality"] = pandas.to_numeric(tables["providers"]["quality"]).astype("Int32")
    tables["areas"]["households"] = pandas.to_numeric(tables["areas"]["households"])
    return tables


@pytest.fixture(scope="module")
def from_files():
    return hcbroker.Workspace(BASE)


@pytest.mark.parametrize("tables", [as_text, typed])
def test_tables_and_files__give_the_same_frozen_problem_and_plan(from_files, tables):
    problem = hcbroker.Problem(workspace=KEYS, policy=BASE / "policy.yaml", zones=geopandas.read_file(BASE / "zones.geojson"),
                               **tables())
    assert problem.canonical() == from_files.canonical()
    assert problem.info["inputs_sha256"] == from_files.info["inputs_sha256"]
    assert problem.allocate().to_csv() == from_files.allocate().to_csv()


def test_columns_rows_and_texts__are_sources_too(from_files):
    tables = as_text()
    given = {name: table.where(table.notna(), None).to_dict("list") for name, table in tables.items()}
    given["coverage"] = (BASE / "coverage.csv").read_text()
    given["visits"] = [{k: v for k, v in row.items() if isinstance(v, str)} for row in tables["visits"].to_dict("records")]
    problem = hcbroker.Problem(workspace=(BASE / "hcbroker.yaml"), policy=yaml.safe_load((BASE / "policy.yaml").read_text()),
                               zones=BASE / "zones.geojson", **given)
    assert problem.info["inputs_sha256"] == from_files.info["inputs_sha256"]


def test_what_is_not_given__comes_from_the_folder(from_files):
    queue = pandas.read_csv(BASE / "packages.csv", dtype=str)
    queue = queue[queue["package_id"] != "Q2"]
    problem = hcbroker.Problem(folder=BASE, packages=queue)
    assert problem.info["packages"] == from_files.info["packages"] - 1 and problem.info["providers"] == from_files.info["providers"]


def test_a_wrong_value__is_named_with_table_and_row():
    queue = pandas.read_csv(BASE / "packages.csv", dtype=str)
    queue.loc[2, "priority"] = "9"
    with pytest.raises(hcbroker.HcbDataError) as caught:
        hcbroker.Problem(folder=BASE, packages=queue)
    assert [(d.file, d.line, d.pointer) for d in caught.value.diagnostics if d.severity == "error"] == [("packages", 3, "priority")]
    queue["received"] = pandas.Timestamp("2020-11-20 10:30")
    with pytest.raises(hcbroker.HcbDataError, match="received"):
        hcbroker.Problem(folder=BASE, packages=queue.drop(columns="priority"))


def numbered():
    """The queue with whole numbers for ids, in an order and with an index of its own."""
    return pandas.DataFrame({"package_id": numpy.array([30, 7, 21], dtype="int64"), "easting": 451000.0, "northing": 305000.0,
                             "weekly_hours": [7.0, 3.5, 160.0], "priority": numpy.array([1, 2, 3], dtype="int32"),
                             "note": pandas.Categorical(["a", "b", "a"])}, index=pandas.Index([5, 3, 9], name="row"))


def test_tables_that_come_back__keep_ids_index_and_dtypes():
    queue = numbered()
    problem = hcbroker.Problem(folder=BASE, packages=queue.drop(columns="note"), visits="package_id,days,start,end,minutes\n",
                               placements="package_id,provider_id,easting,northing,weekly_hours\n")
    plan = problem.allocate()
    assert plan.items.index.dtype == "int64" and list(plan.items.index) == sorted(queue["package_id"].astype(str).astype(int), key=str)
    back = plan.onto(queue)
    assert back.index.equals(queue.index) and back.index.name == "row" and list(back["package_id"]) == [30, 7, 21]
    pandas.testing.assert_frame_equal(back[queue.columns], queue)
    placed = back[back["provider_id"].notna()]
    assert len(placed) == plan.summary["placed"] >= 1 and placed["weekly_cost_pence"].sum() == plan.summary["weekly_cost_pence"]
    by_id = queue.set_index("package_id")
    assert plan.onto(by_id).index.equals(by_id.index)


def test_rows_that_the_plan_does_not_know__are_missing(from_files):
    plan = from_files.allocate()
    more = pandas.DataFrame({"package_id": ["Q2", "nobody"], "x": [1, 2]})
    back = plan.onto(more)
    assert back["x"].dtype == "int64" and back["carer_minutes"].dtype == "Int64"
    assert back["carer_minutes"].isna().tolist() == [False, True] and pandas.isna(back["provider_id"].iloc[1])
