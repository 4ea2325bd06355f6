# SPDX-License-Identifier: GPL-3.0-or-later
"""A problem from DataFrames or plain sequences, without files."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional, Union

from ._call import Call, PathLike, ffi, lib, options, path_of
from .plan import Plan
from .workspace import Model

if TYPE_CHECKING:
    import pandas

# A table: a DataFrame (GeoDataFrame for zones), columns by name, or one mapping a row. A file: a Path, or its text.
Table = Union["pandas.DataFrame", Mapping[str, Sequence[Any]], Sequence[Mapping[str, Any]]]
Source = Union[Table, PathLike, str, bytes]

_IDS = {"providers": "provider_id", "zones": "zone_id", "packages": "package_id", "placements": "package_id"}


class Problem(Model):
    """A validated, frozen problem made of tables; a Workspace in all but the folder.

    The tables have the columns of the files (docs/formats.md), or the id as index; each may also be a Path to a file,
    or its text. `policy` and `workspace` (the keys of hcbroker.yaml) are mappings, a Path or YAML. What is not given is
    taken from `folder`, if there is one. `wrong` values raise as for files, with table and row, from 1.
    """

    def __init__(self, *, folder: Optional[PathLike] = None, workspace: Union[Mapping[str, Any], Source, None] = None,
                 policy: Union[Mapping[str, Any], Source, None] = None, zones: Optional[Source] = None,
                 areas: Optional[Source] = None, areas_geojson: Optional[Source] = None,
                 postcodes: Optional[Source] = None, prices: Optional[Source] = None,
                 providers: Optional[Source] = None, coverage: Optional[Source] = None,
                 packages: Optional[Source] = None, placements: Optional[Source] = None,
                 visits: Optional[Source] = None, matrix: Optional[Source] = None, strict: bool = False) -> None:
        tables = {"zones": zones, "areas": areas, "postcodes": postcodes, "prices": prices, "providers": providers,
                  "coverage": coverage, "packages": packages, "placements": placements, "visits": visits,
                  "matrix": matrix}
        texts = {"workspace": workspace, "policy": policy, "areas_geojson": areas_geojson}
        self._ids: dict[str, "pandas.Series"] = {}
        with Call() as call:
            out = ffi.new("hcb_problem **")
            call.check(lib.hcb_problem_create(out, call.ctx))
            problem = ffi.gc(out[0], lib.hcb_problem_free)
            if folder is not None:
                call.check(lib.hcb_problem_set_folder(problem, call.ctx, path_of(folder)))
            kept: list[Any] = []  # what the columns point to, until the problem is built
            for key, source in {**texts, **tables}.items():
                if source is None:
                    continue
                if key in texts or isinstance(source, (str, bytes, os.PathLike)):
                    text = _text(source)
                    call.check(lib.hcb_problem_set_text(problem, call.ctx, key.encode(), text, len(text)))
                    continue
                frame = _frame(source)
                self._remember(key, frame)
                columns = [_column(str(name), frame[name], kept) for name in frame.columns]
                array = ffi.new("hcb_column[]", columns)
                call.check(lib.hcb_problem_set_table(problem, call.ctx, key.encode(), array, len(columns), len(frame)))
            built = ffi.new("hcb_workspace **")
            call.check(lib.hcb_problem_build(built, call.ctx, problem, options("hcb_workspace_options", strict=strict)))
            self._handle = ffi.gc(built[0], lib.hcb_workspace_free)
            self.diagnostics = call.diagnostics()

    def __repr__(self) -> str:
        return f"<hcbroker.Problem: {self.info['packages']} packages wait>"

    def _remember(self, key: str, frame: "pandas.DataFrame") -> None:
        """The ids as they were given, by the text that the library knows them by."""
        import pandas

        name = _IDS.get(key)
        if name in frame.columns:
            ids = frame[name]
            known = pandas.Series(ids.array, index=[str(one) for one in ids])
            before = self._ids.get(name)
            self._ids[name] = known if before is None else pandas.concat([before, known])

    def allocate(self, **given: Any) -> Plan:
        """As Model.allocate(); ids in the plan's tables are of the type that they were given in."""
        plan = super().allocate(**given)
        plan._ids = {**self._ids, "previous_provider_id": self._ids.get("provider_id")}
        return plan


def _text(source: Any) -> bytes:
    if isinstance(source, os.PathLike):
        return Path(source).read_bytes()
    if isinstance(source, Mapping):
        source = json.dumps(source, default=str)  # JSON is YAML
    return source.encode() if isinstance(source, str) else bytes(source)


def _frame(source: Any) -> "pandas.DataFrame":
    """The table with every column that it has, named indexes among them; a geometry as GeoJSON text in degrees."""
    import pandas

    frame = source if isinstance(source, pandas.DataFrame) else pandas.DataFrame(source)
    if hasattr(frame, "geometry") and hasattr(frame, "crs"):
        from shapely.geometry import mapping

        shapes = frame.geometry if frame.crs is None else frame.geometry.to_crs(4326)
        frame = pandas.DataFrame(frame.drop(columns=frame.geometry.name))
        frame["geometry"] = [json.dumps(mapping(shape)) for shape in shapes]
    named = [name for name in frame.index.names if name is not None and name not in frame.columns]
    return frame.reset_index(level=named) if named else frame


def _column(name: str, series: "pandas.Series", kept: list[Any]) -> dict[str, Any]:
    """An hcb_column whose data is the series' own wherever the library has a type for it."""
    import numpy

    valid = None
    if hasattr(series.array, "_mask"):  # the nullable types of pandas
        valid = numpy.ascontiguousarray(~series.array._mask).view(numpy.uint8)
        values = series.array._data
    elif series.dtype == object or not isinstance(series.dtype, numpy.dtype):
        return _text_column(name, series, kept)
    else:
        values = series.to_numpy()
    kind = values.dtype.kind
    if kind == "M":
        days = values.astype("datetime64[D]")
        if not numpy.array_equal(days[~numpy.isnat(days)], values[~numpy.isnat(values)]):
            return _text_column(name, series, kept)  # a time of day: the library says what it expected
        missing = numpy.isnat(days)
        values, constant = days.astype("int64"), "DATE"
        values[missing] = numpy.iinfo(numpy.int32).min
        values = values.astype("int32")
    elif kind == "b":
        values, constant = numpy.ascontiguousarray(values).view(numpy.uint8), "BOOL"
    elif kind in "iu" and values.dtype != numpy.uint64:
        constant = "INT32" if values.dtype == numpy.int32 else "INT64"
        values = numpy.ascontiguousarray(values, dtype="int32" if constant == "INT32" else "int64")
    elif kind == "f":
        values, constant = numpy.ascontiguousarray(values, dtype="float64"), "DOUBLE"
    else:
        return _text_column(name, series, kept)
    return _made(name, constant, values, kept, valid=valid)


def _text_column(name: str, series: "pandas.Series", kept: list[Any]) -> dict[str, Any]:
    """Texts behind each other, with where each begins."""
    import numpy
    import pandas

    values = series.to_numpy(dtype=object)
    missing = pandas.isna(values) if len(values) else numpy.zeros(0, dtype=bool)
    if missing.any():
        values = numpy.where(missing, "", values)
    texts = values.tolist()
    try:
        joined = "".join(texts)
    except TypeError:
        texts = [one if isinstance(one, str) else _cell(one) for one in texts]
        joined = "".join(texts)
    data = joined.encode()
    if len(data) != len(joined):
        texts = [one.encode() for one in texts]
    offsets = numpy.zeros(len(texts) + 1, dtype=numpy.int64)
    numpy.cumsum(numpy.fromiter(map(len, texts), dtype=numpy.int64, count=len(texts)), out=offsets[1:])
    return _made(name, "BYTES", data, kept, offsets=offsets)


def _cell(value: Any) -> str:
    """A value as a cell of a file has it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple, set, frozenset)):
        return ";".join(str(one) for one in value)
    return str(value)


def _made(name: str, constant: str, data: Any, kept: list[Any], *, offsets: Any = None, valid: Any = None) -> dict[str, Any]:
    title, pointer = ffi.new("char[]", name.encode()), ffi.from_buffer(data)
    made = {"struct_size": ffi.sizeof("hcb_column"), "type": getattr(lib, f"HCB_COLUMN_{constant}"), "name": title,
            "data": pointer}
    if offsets is not None:
        made["offsets"] = ffi.from_buffer("int64_t[]", offsets)
    if valid is not None:
        made["valid"] = ffi.from_buffer("uint8_t[]", valid)
    kept.append((*made.values(), data, offsets, valid))
    return made
