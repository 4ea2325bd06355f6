# SPDX-License-Identifier: GPL-3.0-or-later
"""A plan: who goes where, who waits and why, and how good it is."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ._call import CSV, JSON, TEXT, Call, Document, PathLike, borrowed, ffi, lib, path_of, sized, texts, words
from .errors import HcbInternalError

if TYPE_CHECKING:
    import numpy
    import pandas


class Plan:
    """What allocate() gives. It outlives its workspace, and any thread may read it."""

    def __init__(self, handle: Any) -> None:
        self._handle = handle
        self.events: list[dict[str, Any]] = []  # of Desk.plan(): what it added to the ledger
        self._ids: dict[str, Any] = {}  # of a Problem: the ids as they were given, by their text

    def _print(self, format: int) -> str:
        with Call() as call:
            return call.text(lambda out, ctx: lib.hcb_allocation_print(out, self._handle, ctx, format))

    def __str__(self) -> str:
        return self._print(TEXT)

    def __repr__(self) -> str:
        s = self.summary
        return f"<hcbroker.Plan: {s['placed']} of {s['packages']} placed, {s['outcome']}, stop {self.stop}>"

    @cached_property
    def summary(self) -> Document:
        """summary.json (docs/formats.md): the figures, by zone, provider and tier."""
        return Document(json.loads(self._print(JSON)))

    @property
    def outcome(self) -> str:
        """"optimal", "feasible" or "infeasible"."""
        return str(self.summary["outcome"])

    @property
    def stop(self) -> str | None:
        """"proved", "gap", "work", "time" or "cancelled"; None for the sequential method."""
        stop: str | None = self.summary["stop"]
        return stop

    @cached_property
    def levels(self) -> "pandas.DataFrame":
        """The levels of the objective in their order: value, bound, gap."""
        return self.summary.frame("levels", "name")

    @cached_property
    def arrays(self) -> "dict[str, numpy.ndarray[Any, Any]]":
        """The numbers of the plan as NumPy views of the library's own arrays (hcb_allocation_arrays), read-only, in the
        order of `items`; provider, previous_provider and zone count in `provider_ids` and `zone_ids`."""
        fields = dict(ffi.typeof(self._columns).item.fields)
        return {name: borrowed(self._handle, getattr(self._columns, name), self._columns.n_items)
                for name, field in fields.items()
                if field.type.kind == "pointer" and field.type.item.kind == "primitive"}

    @cached_property
    def _columns(self) -> Any:
        columns = sized("hcb_allocation_arrays")
        if lib.hcb_allocation_get_arrays(self._handle, columns) != lib.HCB_OK:
            raise HcbInternalError("hcb_allocation_get_arrays")
        return columns

    @cached_property
    def provider_ids(self) -> list[str]:
        """Every provider of the problem, ascending."""
        return texts(self._columns.provider_id, self._columns.n_providers)

    @cached_property
    def zone_ids(self) -> list[str]:
        """Every zone of the problem, ascending."""
        return texts(self._columns.zone_id, self._columns.n_zones)

    @cached_property
    def items(self) -> "pandas.DataFrame":
        """Every package of the run, indexed by package_id: provider and figures, or the reason why it waits."""
        import numpy
        import pandas

        c, arrays = self._columns, self.arrays

        def named(column: str, names: Any) -> Any:
            """Indices as what they count in; -1, the last entry, is None."""
            return numpy.array([*names, None], dtype=object)[arrays[column]]

        def worded(column: str, family: str) -> Any:
            known = words(family)
            return named(column, [known.get(i) for i in range(max(known) + 1)])

        table = pandas.DataFrame({
            "provider_id": named("provider", self.provider_ids), "tier": worded("tier", "TIER"),
            "zone_id": named("zone", self.zone_ids), "band": worded("band", "BAND"),
            "previous_provider_id": named("previous_provider", self.provider_ids), "reason": worded("reason", "REASON"),
            "detail": texts(c.detail, c.n_items), **{name: arrays[name].astype("int64") for name in _NUMBERS}},
            index=pandas.Index(texts(c.package_id, c.n_items), name="package_id"))
        table.loc[table["provider_id"].notna(), "reason"] = None
        table["days_waiting"] = table["days_waiting"].where(table["days_waiting"] >= 0).astype("Int64")
        for name, known in self._ids.items():
            if name == "package_id":
                table.index = pandas.Index(_restored(table.index, known), name=name)
            elif known is not None:
                table[name] = _restored(table[name], known)
        return table

    def onto(self, packages: "pandas.DataFrame") -> "pandas.DataFrame":
        """A table of packages (package_id is a column or the index) with the plan's columns added: its rows, index and
        dtypes stay as they are. Packages that the plan does not know get missing values."""
        import pandas

        ids = packages["package_id"] if "package_id" in packages.columns else packages.index
        at = self.items.index.get_indexer(pandas.Index(ids))
        added = self.items[[name for name in self.items.columns if name not in packages.columns]]
        if (at < 0).any():
            added = added.astype({name: "Int64" for name in _NUMBERS if name in added.columns})
        more = {name: pandas.api.extensions.take(added[name].array, at, allow_fill=True) for name in added.columns}
        return packages.assign(**more)

    @property
    def allocations(self) -> "pandas.DataFrame":
        """The rows of allocations.csv, indexed by package_id."""
        table = self.items
        return table[table["provider_id"].notna()].drop(columns=["reason", "detail", "days_waiting", "priority"])

    @property
    def waiting(self) -> "pandas.DataFrame":
        """The rows of waiting.csv, indexed by package_id."""
        table = self.items
        return table.loc[table["provider_id"].isna(),
                         ["zone_id", "band", "carer_minutes", "priority", "days_waiting", "reason", "detail"]]

    def to_csv(self) -> str:
        """allocations.csv."""
        return self._print(CSV)

    def save(self, folder: PathLike, *, spreadsheet: bool = False) -> None:
        """Write allocations.csv, waiting.csv, summary.json and certificate.json: all four, or none."""
        with Call() as call:
            call.check(lib.hcb_allocation_write(self._handle, call.ctx, path_of(folder), int(spreadsheet)))


def _restored(texts: Any, known: Any) -> Any:
    """The ids of a column of texts as they were given; missing stays missing."""
    import pandas

    at = known.index.get_indexer(texts)
    if (at < 0).any() and known.dtype.kind in "iu":
        known = known.astype("Int64")
    return pandas.api.extensions.take(known.array, at, allow_fill=True)


_NUMBERS = ["carer_minutes", "price_pence_per_hour", "weekly_cost_pence", "travel_seconds", "quality", "rank",
            "priority", "days_waiting"]


def plan_of(out: Any) -> Plan:
    """The plan in an hcb_allocation **, which now owns it."""
    return Plan(ffi.gc(out[0], lib.hcb_allocation_free))
