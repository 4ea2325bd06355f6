# SPDX-License-Identifier: GPL-3.0-or-later
import collections
import json
from pathlib import Path

import geopandas
import hcbroker
import numpy
import pandas
import pytest
from shapely.geometry import Point
from shapely.prepared import prep


@pytest.fixture(scope="module")
def zones(county):
    return hcbroker.Zones(county)


@pytest.fixture(scope="module")
def frame(county):
    return geopandas.read_file(Path(county, "zones.geojson"))


def test_points__are_where_shapely_finds_them(zones, frame):
    grid = frame.to_crs(27700)
    west, south, east, north = grid.total_bounds
    xy = numpy.random.default_rng(5).uniform([west, south], [east, north], (2000, 2))
    found = zones.locate_points(xy)
    shapes = [(name, prep(shape)) for name, shape in zip(grid["zone_id"], grid.geometry)]
    theirs = [next((name for name, shape in shapes if shape.contains(Point(p))), None) for p in xy]
    ours = [zones.ids[i] if i >= 0 else None for i in found]
    differ = [i for i in range(len(xy)) if ours[i] != theirs[i]]
    # Edges are straight in degrees there and on the grid here: points a few metres from a border may differ.
    borders = grid.boundary.unary_union
    assert (found >= 0).sum() > 500 and all(borders.distance(Point(xy[i])) < 15 for i in differ)
    points = geopandas.GeoSeries([Point(p) for p in xy[:50]], crs=27700)
    assert list(zones.locate_points(points)) == list(found[:50])


def test_points__are_read_where_they_lie_and_shapes_are_checked(zones):
    inside = zones.locate("52.7721,-1.2062")
    xy = numpy.array([[inside["easting"], inside["northing"]], [0.0, 0.0]])
    assert list(zones.locate_points(xy)) == [zones.ids.index(inside["zone_id"]), -1]
    assert list(zones.locate_points(xy.tolist())) == list(zones.locate_points(numpy.asfortranarray(xy)))
    with pytest.raises(ValueError, match="shape"):
        zones.locate_points([1.0, 2.0])
    for bad in (numpy.nan, numpy.inf, -numpy.inf):
        with pytest.raises(ValueError):
            zones.locate_points([[450000.0, 300000.0], [450000.0, bad]])


def test_locate__says_nothing_is_there_outside(zones):
    outside = zones.locate("100000,100000")
    assert outside["zone_id"] is None and outside["by"] == "not" and zones.locate("52.7721,-1.2062")["by"] == "polygon"
    with pytest.raises(LookupError, match="somewhere"):
        zones.locate("somewhere")


def test_stats__agree_with_geopandas(zones, frame):
    table = zones.stats()
    assert list(table.index) == zones.ids and len(zones) == 14
    areas = frame.set_index("zone_id").to_crs(27700).area / 1e6
    assert numpy.allclose(table["area_km2"], areas.loc[table.index], rtol=2e-4)


def test_maps__go_to_geopandas_and_back(zones, frame, county):
    drawn = zones.to_geopandas()
    assert drawn.crs == 4326 and list(drawn.index) == zones.ids
    mine = frame.set_index("zone_id").loc[drawn.index]
    grid = drawn.to_crs(27700), mine.to_crs(27700)
    assert (grid[0].symmetric_difference(grid[1]).area < 1e-6 * grid[1].area).all()
    areas = geopandas.read_file(Path(county, "areas.geojson"))[["area_id", "geometry"]]
    table = pandas.read_csv(Path(county, "areas.csv"), dtype={"zone_id": str})[["area_id", "name", "zone_id", "band"]]
    again = hcbroker.Zones.from_geopandas(mine.reset_index()[["zone_id", "name", "class", "prime", "geometry"]].to_crs(27700),
                                          areas.merge(table, on="area_id"))
    assert again.ids == zones.ids
    assert numpy.allclose(again.stats()["area_km2"], zones.stats()["area_km2"], rtol=1e-6)
    assert again.locate("52.7721,-1.2062") == zones.locate("52.7721,-1.2062")
    with_people = zones.stats(people=True)
    assert len(with_people) == 14 and len(with_people.columns) > len(zones.stats().columns)


def test_a_map_that_overlaps__is_refused_with_its_places():
    two = geopandas.GeoDataFrame({"zone_id": ["a", "b"], "name": ["A", "B"], "class": "large", "prime": True}, geometry=[
        Point(450000, 300000).buffer(1000), Point(450500, 300000).buffer(1000)], crs=27700)
    with pytest.raises(ValueError) as caught:
        hcbroker.Zones.from_geopandas(two)
    assert isinstance(caught.value, hcbroker.HcbError) and caught.value.diagnostics and "overlap" in str(caught.value)


def test_adjacency__of_a_frame_is_that_of_the_file(county, frame):
    by_file = hcbroker.zones.adjacency(Path(county, "zones.geojson"))
    assert list(by_file.columns)[:3] == ["a", "b", "shared_m"] and hcbroker.zones.adjacency(frame).equals(by_file)
    projected = frame.to_crs(27700)
    pairs = {(a, b) for a in projected.index for b in projected.index if a < b
             and projected.geometry[a].buffer(1).intersection(projected.geometry[b]).area > 30}
    names = {tuple(sorted((frame.zone_id[a], frame.zone_id[b]))) for a, b in pairs}
    assert names == set(zip(by_file["a"], by_file["b"]))


def test_compare__counts_what_a_plan_moves(county, command, tmp_path):
    areas = pandas.read_csv(Path(county, "areas.csv"), dtype=str)[["area_id", "zone_id"]]
    assert areas["zone_id"].iloc[0] != "02"
    areas.loc[0, "zone_id"] = "02"
    areas.to_csv(tmp_path / "plan.csv", index=False)
    found = hcbroker.zones.compare(county, tmp_path / "plan.csv", workspace=county, out=tmp_path / "out")
    moved = pandas.read_csv(tmp_path / "out/units.csv", dtype=str)
    moved = moved[moved["from"] != moved["to"]]
    assert list(moved["unit"]) == [areas["area_id"].iloc[0]] and list(moved["to"]) == ["02"]
    assert found == json.loads((tmp_path / "out/zones_comparison.json").read_text())
    assert found == json.loads(command("-C", county, "--format", "json", "zones", "compare", county, tmp_path / "plan.csv"))


def test_dissolve__of_areas_gives_the_zones(county, frame):
    made = hcbroker.zones.dissolve(Path(county, "areas.csv"), Path(county, "areas.geojson"))
    assert set(made["zone_id"]) == set(frame["zone_id"])
    by_id = made.set_index("zone_id").to_crs(27700).area, frame.set_index("zone_id").to_crs(27700).area
    assert numpy.allclose(by_id[0].sort_index(), by_id[1].sort_index(), rtol=1e-4)


def test_check__draws_an_overlap(frame, tmp_path):
    two = geopandas.GeoDataFrame({"zone_id": ["a", "b"]}, geometry=[
        Point(450000, 300000).buffer(1000, cap_style=3), Point(451900, 300000).buffer(1000, cap_style=3)], crs=27700)
    found = hcbroker.zones.check(two)
    overlap = found[found["kind"] == "overlap"]
    assert len(overlap) == 1 and overlap["area_m2"].iloc[0] == pytest.approx(100 * 2000, rel=1e-2)
    assert overlap.to_crs(27700).area.iloc[0] == pytest.approx(100 * 2000, rel=1e-2)


def parts(plan, pairs):
    """In how many parts each zone is, from the neighbours alone."""
    root = {unit: unit for unit in plan.index}

    def find(unit):
        while root[unit] != unit:
            unit = root[unit]
        return unit

    for a, b in zip(pairs["a"], pairs["b"]):
        if a in root and b in root and plan[a] == plan[b]:
            root[find(a)] = find(b)
    return collections.Counter(plan[unit] for unit in root if root[unit] == unit)


def test_a_session__moves_areas_as_the_command_does(county, zones, workspace, command):
    table = pandas.read_csv(Path(county, "areas.csv"), dtype=str).set_index("area_id")["zone_id"]
    pairs = hcbroker.zones.adjacency(Path(county, "areas.geojson"), id_property="area_id")
    with zones.session() as session, workspace.zone_session() as peopled:
        assert session.plan().to_dict() == table.dropna().to_dict() and session.zones == zones.ids
        a, b = next((a, b) for a, b in zip(pairs["a"], pairs["b"])
                    if table.notna()[[a, b]].all() and table[a] != table[b] and peopled.try_move(a, table[b]).legal)
        tried = peopled.try_move([a], table[b])
        assert tried.units_moved == 1 and session.try_move(a, table[b]).minutes_moved == 0
        assert peopled.report(a, table[b]) == json.loads(
            command("-C", county, "--format", "json", "zones", "move", a, "--to", table[b]))
        before, after = peopled.costs(a, table[b], table[b])
        assert after["pence"] >= before["pence"] >= 0
        with pytest.raises(hcbroker.HcbNotFound):
            session.costs(a, table[b], table[b])
        whole = [unit for unit in session.units if session.zone_of(unit) == table[b]]
        assert "empties" in session.try_move(whole, table[a]).problems
        assert session.zone_of(a) == table[a]
        session.move(a, table[b])
        assert session.zone_of(a) == table[b] and f"{a},{table[b]}\n" in session.to_csv()
        assert session.repair(a, table[b]).moves == {} and "empties" in session.try_move([*whole, a], table[a]).problems
        # A move that splits a zone, with its repair: no zone is in more parts than before.
        split, to, mended = next((u, z, r) for u in session.units for z in session.zones
                                 if "splits" in session.try_move(u, z).problems for r in [session.repair(u, z)] if r.moves)
        before = parts(session.plan(), pairs)
        assert mended.proof in ("found", "fewest", "smallest") and mended.none_up_to is not None
        for unit, zone in {split: to, **mended.moves}.items():
            session.move(unit, zone)
        assert all(n <= before[zone] for zone, n in parts(session.plan(), pairs).items())
        with pytest.raises(ValueError, match="nowhere"):
            session.try_move(a, "nowhere")


def test_simplify__keeps_the_neighbours(county, frame):
    drawn, before, after = hcbroker.zones.simplify(frame, 200)
    assert len(drawn) == len(frame) and after < before
    pairs = {(a, b) for a, b in zip(*(hcbroker.zones.adjacency(drawn)[c] for c in "ab"))}
    assert pairs == {(a, b) for a, b in zip(*(hcbroker.zones.adjacency(frame)[c] for c in "ab"))}


def test_voronoi__is_that_of_the_command(county, command, tmp_path):
    areas, zones = hcbroker.zones.voronoi(Path(county, "settlements.csv"), Path(county, "zones.csv"))
    files = [Path(county, name) for name in ("settlements.csv", "zones.csv")]
    command("zones", "voronoi", "--settlements", files[0], "--zones", files[1], "--areas-out",
            tmp_path / "areas.geojson", "--out", tmp_path / "zones.geojson")
    for ours, name in ((areas, "areas.geojson"), (zones, "zones.geojson")):
        theirs = geopandas.read_file(tmp_path / name)
        assert len(ours) == len(theirs) and ours.geometry.geom_equals(theirs.geometry).all()
