# SPDX-License-Identifier: GPL-3.0-or-later
"""Maps: where a point lies, figures per zone, neighbours, defects, zones made of small areas."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

from . import errors
from ._call import (JSON, Call, Cancel, Document, PathLike, ProgressFunction, ffi, fields_of, lib, options, path_of,
                    sized, text_of, word, words, write_csv)

if TYPE_CHECKING:
    import geopandas
    import numpy
    import pandas

MapSource = Union[PathLike, "geopandas.GeoDataFrame"]


class Zones:
    """The map of a workspace: its zones, small areas and postcodes."""

    def __init__(self, folder: PathLike) -> None:
        self.folder = os.fspath(folder)
        with Call() as call:
            out = ffi.new("hcb_zone_map **")
            call.check(lib.hcb_zone_map_load(out, call.ctx, path_of(folder)))
            self._handle = ffi.gc(out[0], lib.hcb_zone_map_free)
            self.diagnostics = call.diagnostics()
        count = lib.hcb_zone_map_zone_count(self._handle)
        self.ids = [ffi.string(lib.hcb_zone_map_zone_id(self._handle, i)).decode() for i in range(count)]

    def __len__(self) -> int:
        return len(self.ids)

    def locate(self, place: str) -> dict[str, Any]:
        """Zone, area and band of "latitude,longitude", "easting,northing" or a postcode; zone_id is None outside. `by`:
        "postcode", "polygon", "nearest" or "not"."""
        out = sized("hcb_place")
        with Call() as call:
            call.check(lib.hcb_zone_map_locate(out, call.ctx, self._handle, place.encode()), errors.HcbNotFound)
            found = fields_of(out)
        found["by"] = words("LOCATED")[found["by"]]
        return found

    def locate_points(self, points: Any) -> "numpy.ndarray[Any, Any]":
        """Number of the zone (as in `ids`) of each point, -1 outside: an [n, 2] array of easting and northing, which
        is read where it lies when it is contiguous float64, or a GeoSeries or GeoDataFrame of points."""
        import numpy

        if hasattr(points, "geometry"):
            points = points.geometry.to_crs(27700)
            points = numpy.column_stack([points.x, points.y])
        xy = numpy.ascontiguousarray(points, dtype=numpy.float64)
        if xy.ndim != 2 or xy.shape[1] != 2:
            raise ValueError(f"points: shape {xy.shape} is not (n, 2)")
        zone = numpy.empty(len(xy), dtype=numpy.int32)
        with Call() as call:
            call.check(lib.hcb_zone_map_locate_points(self._handle, ffi.from_buffer("double[]", xy), len(xy),
                                                      ffi.from_buffer("int32_t[]", zone, require_writable=True)))
        return zone

    @classmethod
    def from_geopandas(cls, zones: "geopandas.GeoDataFrame", areas: Optional["geopandas.GeoDataFrame"] = None) -> "Zones":
        """A map without a workspace: zones with zone_id, name, class and prime; areas with area_id, name, zone_id, band.
        Columns and checks are those of the files (docs/formats.md)."""
        kept = tempfile.TemporaryDirectory(prefix="hcbroker-")
        keys = {"version": 1, "name": "map", "as_of": "2000-01-01", "zones": "zones.geojson"}
        _write_map(zones, os.path.join(kept.name, "zones.geojson"))
        if areas is not None:
            keys.update(areas="areas.csv", areas_geojson="areas.geojson")
            centres = areas.geometry.to_crs(27700).representative_point()
            table = areas.drop(columns=areas.geometry.name).assign(easting=centres.x, northing=centres.y)
            write_csv(table, os.path.join(kept.name, "areas.csv"))
            _write_map(areas[["area_id", areas.geometry.name]], os.path.join(kept.name, "areas.geojson"))
        with open(os.path.join(kept.name, "hcbroker.yaml"), "w", encoding="utf-8") as file:
            json.dump(keys, file)
        made = cls(kept.name)
        made._kept = kept
        return made

    def _figures(self, people: bool, out: Optional[str]) -> Document:
        with Call() as call:
            o = options("hcb_zone_stats_options", format=JSON, map_only=not people, out=out)
            return Document(json.loads(call.text(lib.hcb_zones_stats, path_of(self.folder), o)))

    def session(self) -> "ZoneSession":
        """What moving small areas between zones does, tried one move after another; without people and hours."""
        out = ffi.new("hcb_zone_session **")
        with Call() as call:
            call.check(lib.hcb_zone_session_create_map(out, call.ctx, self._handle))
        return ZoneSession(out, self)

    def stats(self, *, people: bool = False) -> "pandas.DataFrame":
        """Figures per zone, indexed by zone_id; with people also hours, prices, travel and capacity of the workspace."""
        return self._figures(people, None).frame("zones", "zone_id")

    def to_geopandas(self, *, people: bool = False) -> "geopandas.GeoDataFrame":
        """The zones, drawn, in WGS 84, with the same figures."""
        import geopandas

        with tempfile.TemporaryDirectory(prefix="hcbroker-") as folder:
            self._figures(people, folder)
            return geopandas.read_file(os.path.join(folder, "zones.geojson")).set_index("zone_id")


class Move(NamedTuple):
    """What moving units to a zone would do; legal when there are no problems."""

    problems: tuple[str, ...]  # of "splits", "detached", "empties", "above_hours", "below_hours", "unviable"
    units_moved: int
    minutes_moved: int
    people_moved: float  # aged 65 and over

    @property
    def legal(self) -> bool:
        return not self.problems


class Repair(NamedTuple):
    """Further units that would have to move for a move to be legal."""

    moves: Optional[dict[str, str]]  # unit: zone; empty: the move is legal; None: no repair was found
    proof: Optional[str]  # "found", "fewest" or "smallest"
    none_up_to: Optional[int]  # proved: no repair has so few units
    minutes: int


class ZoneSession:
    """A map in which small areas move between zones (docs/zones-map.md). One thread at a time uses a session.

    Made by Zones.session(), or by Workspace.zone_session(), which knows hours, prices and providers too.
    """

    def __init__(self, out: Any, owner: Any) -> None:
        self._owner = owner  # the map must outlive the session
        self._handle = ffi.gc(out[0], lib.hcb_zone_session_free)
        self.units = [text_of(lib.hcb_zone_session_unit_id(self._handle, i))
                      for i in range(lib.hcb_zone_session_unit_count(self._handle))]
        self.zones = [text_of(lib.hcb_zone_session_zone_id(self._handle, i))
                      for i in range(lib.hcb_zone_session_zone_count(self._handle))]
        self._unit = {name: i for i, name in enumerate(self.units)}
        self._zone = {name: i for i, name in enumerate(self.zones)}

    def close(self) -> None:
        """Free the session now."""
        if self._handle is not None:
            ffi.release(self._handle)
        self._handle = None

    def __enter__(self) -> "ZoneSession":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> Any:
        if self._handle is None:
            raise errors.HcbInvalid("the session is closed")
        return self._handle

    def _numbers(self, units: Union[str, Iterable[str]], zone: str) -> tuple[Any, int, int]:
        self._open()
        names = [units] if isinstance(units, str) else list(units)
        unknown = [name for name in names if name not in self._unit] + ([] if zone in self._zone else [zone])
        if unknown:
            raise errors.HcbInvalid(f'"{unknown[0]}" is no unit or zone of the session')
        return ffi.new("int32_t[]", [self._unit[name] for name in names]), len(names), self._zone[zone]

    def zone_of(self, unit: str) -> Optional[str]:
        """The zone of a unit as it is now; None: it is in none."""
        if unit not in self._unit:
            raise errors.HcbInvalid(f'"{unit}" is no unit of the session')
        zone = lib.hcb_zone_session_unit_zone(self._open(), self._unit[unit])
        return self.zones[zone] if zone >= 0 else None

    def try_move(self, units: Union[str, Iterable[str]], zone: str) -> Move:
        """What the move would do; nothing is changed."""
        out, numbers = sized("hcb_zone_move"), self._numbers(units, zone)
        with Call() as call:
            call.check(lib.hcb_zone_session_try(out, self._handle, *numbers))
        problems = tuple(name for bit, name in sorted(words("MOVE").items()) if out.problems & bit)
        return Move(problems, out.units_moved, out.minutes_moved, out.people_moved / 10)

    def move(self, units: Union[str, Iterable[str]], zone: str) -> None:
        """Move them, legal or not."""
        numbers = self._numbers(units, zone)
        with Call() as call:
            call.check(lib.hcb_zone_session_apply(self._handle, *numbers))

    def costs(self, units: Union[str, Iterable[str]], zone: str, of: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """What the people of the zone `of` cost, and who can serve them: as it is, and after the move. HcbNotFound
        without people."""
        before, after = sized("hcb_zone_costs"), sized("hcb_zone_costs")
        numbers, about = self._numbers(units, zone), self._numbers((), of)[2]
        with Call() as call:
            call.check(lib.hcb_zone_session_costs(before, after, self._handle, *numbers, about), errors.HcbNotFound)
        return fields_of(before), fields_of(after)

    def repair(self, units: Union[str, Iterable[str]], zone: str, *, most_units: int = 0, most_states: int = 0,
               progress: Optional[ProgressFunction] = None, cancel: Optional[Cancel] = None) -> Repair:
        """The smallest set of further units whose moving makes the move legal."""
        out, numbers = sized("hcb_zone_repair"), self._numbers(units, zone)
        o = options("hcb_zone_repair_options", most_units=most_units, most_states=most_states)
        with Call(progress, cancel) as call:
            call.check(lib.hcb_zone_session_repair(out, call.ctx, self._handle, *numbers, o))
        none_up_to = out.none_up_to if out.none_up_to >= 0 else None
        if out.units < 0:
            return Repair(None, None, none_up_to, 0)
        moves = {self.units[lib.hcb_zone_session_repair_unit(self._handle, i)]:
                 self.zones[lib.hcb_zone_session_repair_zone(self._handle, i)] for i in range(out.units)}
        return Repair(moves, words("REPAIR")[out.proof], none_up_to, out.minutes)

    def report(self, units: Union[str, Iterable[str]], zone: str) -> Document:
        """Every zone that the move changes, before and after."""
        numbers = self._numbers(units, zone)
        with Call() as call:
            return call.document(lib.hcb_zone_session_report, self._handle, *numbers)

    def plan(self) -> "pandas.Series[str]":
        """The zone of every unit as it is now, by area_id."""
        import pandas

        return pandas.Series([self.zone_of(unit) for unit in self.units], name="zone_id",
                             index=pandas.Index(self.units, name="area_id"))

    def to_csv(self) -> str:
        """The same as the file area_id,zone_id, which zones.compare() and designs read."""
        with Call() as call:
            return call.text(lib.hcb_zone_session_plan, self._open())


@contextmanager
def _geojson(source: Optional[MapSource]) -> Iterator[Optional[bytes]]:
    """The path of a map: a file as it is, a GeoDataFrame written to a temporary file in WGS 84; None for None."""
    if source is None or isinstance(source, (str, os.PathLike)):
        yield None if source is None else path_of(source)
        return
    with tempfile.TemporaryDirectory(prefix="hcbroker-") as folder:
        path = os.path.join(folder, "map.geojson")
        _write_map(source, path)
        yield path_of(path)


def _write_map(frame: "geopandas.GeoDataFrame", path: str) -> None:
    frame = frame if frame.crs is None else frame.to_crs(4326)
    with open(path, "w", encoding="utf-8") as file:
        file.write(frame.to_json(drop_id=True))


def _frame(text: str) -> "geopandas.GeoDataFrame":
    """GeoJSON text as a GeoDataFrame in WGS 84."""
    import geopandas

    return geopandas.GeoDataFrame.from_features(json.loads(text), crs=4326)


def adjacency(source: MapSource, *, rule: str = "rook", id_property: Optional[str] = None, decimals: int = 0,
              islands: str = "keep") -> "pandas.DataFrame":
    """Pairs of neighbours (a, b, shared_m) of a GeoJSON file or a GeoDataFrame; rule "rook" or "queen"; islands "keep",
    "fail" or "bridge"."""
    with _geojson(source) as path, Call() as call:
        o = options("hcb_adjacency_options", rule=word("", rule), islands=word("ISLANDS", islands), geojson=path,
                    id_property=id_property, decimals=decimals, format=JSON)
        return Document(json.loads(call.text(lib.hcb_zones_adjacency, o))).frame("neighbours")


def check(source: MapSource, *, outline: Optional[MapSource] = None, id_property: Optional[str] = None,
          decimals: int = 0, least_m: float = 0, gap_m: float = 0, near_m: float = 0) -> "geopandas.GeoDataFrame":
    """Overlaps, gaps, unmatched corners and other defects of a map, drawn; empty when there are none."""
    with _geojson(source) as path, _geojson(outline) as beyond, Call() as call:
        drawing, defects = ffi.new("hcb_text **"), ffi.new("int64_t *")
        o = options("hcb_check_options", format=JSON, geojson=path, outline=beyond, id_property=id_property,
                    decimals=decimals, least_m=least_m, gap_m=gap_m, near_m=near_m)
        try:
            call.text(lambda out, ctx: lib.hcb_zones_check(out, drawing, defects, ctx, o))
            return _frame(text_of(lib.hcb_text_data(drawing[0])))
        finally:
            lib.hcb_text_free(drawing[0])


def dissolve(areas_csv: PathLike, areas: MapSource, *, zones_csv: Optional[PathLike] = None,
             area_column: Optional[str] = None, zone_column: Optional[str] = None) -> "geopandas.GeoDataFrame":
    """The zones that a table of areas makes of their polygons: only shared edges vanish."""
    with _geojson(areas) as path, Call() as call:
        o = options("hcb_dissolve_options", areas_csv=areas_csv, areas_geojson=path, zones_csv=zones_csv,
                    area_column=area_column, zone_column=zone_column)
        return _frame(call.text(lib.hcb_zones_dissolve, o))


def simplify(source: MapSource, tolerance_m: float, *, id_property: Optional[str] = None,
             decimals: int = 0) -> "tuple[geopandas.GeoDataFrame, int, int]":
    """The same polygons with fewer corners, each border once for both neighbours; and the corners before and after."""
    before, after = ffi.new("int64_t *"), ffi.new("int64_t *")
    with _geojson(source) as path, Call() as call:
        o = options("hcb_simplify_options", geojson=path, id_property=id_property, tolerance_m=tolerance_m,
                    decimals=decimals)
        drawn = _frame(call.text(lambda out, ctx: lib.hcb_zones_simplify(out, before, after, ctx, o)))
    return drawn, before[0], after[0]


def voronoi(settlements_csv: PathLike, zones_csv: PathLike, *, surroundings_m: float = 0,
            closing_m: float = 0) -> "tuple[geopandas.GeoDataFrame, geopandas.GeoDataFrame]":
    """Areas and zones around settlements, where no map of small areas is at hand: (areas, zones)."""
    drawn = ffi.new("hcb_text **")
    with Call() as call:
        o = options("hcb_voronoi_options", settlements_csv=settlements_csv, zones_csv=zones_csv,
                    surroundings_m=surroundings_m, closing_m=closing_m)
        try:
            areas = _frame(call.text(lambda out, ctx: lib.hcb_zones_voronoi(out, drawn, ctx, o)))
            return areas, _frame(text_of(lib.hcb_text_data(drawn[0])))
        finally:
            lib.hcb_text_free(drawn[0])


def compare(a: PathLike, b: PathLike, *, workspace: Optional[PathLike] = None, places: Optional[PathLike] = None,
            out: Optional[PathLike] = None) -> Document:
    """What moves between zones when map b takes the place of a: workspaces, or plans (CSV area_id,zone_id) over the areas
    of a workspace."""
    with Call() as call:
        return call.document(lambda output, ctx, o, _format: lib.hcb_zones_compare(output, ctx, o),
                             options("hcb_zone_compare_options", format=JSON, a=a, b=b, workspace=workspace,
                                     places=places, out=out))
