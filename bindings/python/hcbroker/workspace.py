# SPDX-License-Identifier: GPL-3.0-or-later
"""Workspaces: what is asked of one, and how one is made."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

from . import errors
from ._call import (JSON, Call, Cancel, Document, PathLike, ProgressFunction, ffi, fields_of, lib, options, path_of,
                    plan_folder, sized, text_of, word, words)
from .plan import Plan, plan_of
from .zones import ZoneSession

if TYPE_CHECKING:
    import pandas

Replan = Union[str, int]


class Finding(NamedTuple):
    """One thing in a plan that is not as it must be."""

    file: str
    record: str
    field: str
    found: str
    expected: str
    message: str


class Verification(NamedTuple):
    """What the independent check of a plan says."""

    ok: bool
    findings: tuple[Finding, ...]
    dropped: int  # further findings that are not listed
    checked: dict[str, int]  # kind of check: how often it was made


def _replan(value: Replan) -> int:
    if value in ("fixed", "free"):
        return word("REPLAN", str(value))
    if isinstance(value, int) and value >= 0:
        return value
    raise errors.HcbInvalid(f'replan: {value!r} is not "fixed", "free" or a number of people who may move')


def allocation_fields(*, method: str = "optimal", replan: Replan = "fixed", time_limit_s: float = 0,
                      work_limit: int = 0, gap: float = 1e-4, seed: int = 1, threads: int = 0) -> dict[str, Any]:
    """The fields of hcb_allocation_options; methods and plans by name."""
    return {"method": word("METHOD", method), "replan": _replan(replan), "time_limit_s": time_limit_s,
            "work_limit": work_limit, "gap": gap, "seed": seed, "threads": threads}


class Model:
    """A validated, frozen problem. Any number of threads may use one at the same time."""

    folder: Optional[str] = None
    diagnostics: tuple[errors.Diagnostic, ...] = ()
    _handle: Any

    @property
    def info(self) -> dict[str, Any]:
        """Name, inputs_sha256 and sizes."""
        info = sized("hcb_workspace_info")
        if lib.hcb_workspace_get_info(self._handle, info) != lib.HCB_OK:
            raise errors.HcbInternalError("hcb_workspace_get_info")
        found = fields_of(info)
        found["synthetic"] = bool(found["synthetic"])
        return found

    def canonical(self) -> str:
        """The text whose SHA-256 is inputs_sha256."""
        with Call() as call:
            return call.text(lib.hcb_workspace_canonical, self._handle)

    def allocate(self, *, method: str = "optimal", replan: Replan = "fixed", time_limit_s: float = 0,
                 work_limit: int = 0, gap: float = 1e-4, seed: int = 1, threads: int = 0, baseline: bool = False,
                 policy_name: Optional[PathLike] = None, progress: Optional[ProgressFunction] = None,
                 cancel: Optional[Cancel] = None) -> Plan:
        """Place the waiting packages by the rules of the policy.

        method "optimal" or "sequential"; replan "fixed", "free" or how many people may change provider; baseline adds
        what the sequential method does. `progress` is called ten times a second on this thread, and stops the run by
        returning something true. Ctrl-C raises Interrupted, whose `plan` is the best plan found.
        """
        o = options("hcb_allocation_options", policy_name=policy_name,
                    **allocation_fields(method=method, replan=replan, time_limit_s=time_limit_s, work_limit=work_limit,
                                        gap=gap, seed=seed, threads=threads))
        with Call(progress, cancel) as call:
            out = ffi.new("hcb_allocation **")
            status = lib.hcb_allocation_solve(out, call.ctx, self._handle, o)
            plan = plan_of(out) if status == lib.HCB_OK else None
            if plan and isinstance(call.failure, KeyboardInterrupt):
                raise errors.Interrupted("interrupted; the best plan found so far is in the attribute plan",
                                         plan) from call.failure
            call.check(status)
            assert plan
            if baseline:
                call.check(lib.hcb_allocation_add_baseline(plan._handle, call.ctx))
            return plan

    def recommend(self, package_id: str, *, top: int = 0, plan: Union[Plan, PathLike, None] = None) -> Document:
        """The providers that may take a package, best first, and why the others may not: frame("providers")."""
        with plan_folder(plan) as folder, Call() as call:
            o = options("hcb_recommend_options", top=top, plan=folder)
            return call.document(lib.hcb_recommend_providers, self._handle, package_id.encode(), o)

    def recommend_packages(self, provider_id: str, minutes: int, *, top: int = 0,
                           plan: Union[Plan, PathLike, None] = None, progress: Optional[ProgressFunction] = None,
                           cancel: Optional[Cancel] = None) -> Document:
        """Who of those waiting best fits the carer minutes a week that a provider has freed: frame("packages")."""
        with plan_folder(plan) as folder, Call(progress, cancel) as call:
            o = options("hcb_recommend_options", top=top, plan=folder)
            return call.document(lib.hcb_recommend_packages, self._handle, provider_id.encode(), minutes, o)

    def explain(self, package_id: str, provider_id: Optional[str] = None, *,
                plan: Union[Plan, PathLike, None] = None, counterfactuals: bool = True, time_limit_s: float = 0,
                work_limit: int = 0, gap: float = 1e-4, seed: int = 1, threads: int = 0,
                progress: Optional[ProgressFunction] = None, cancel: Optional[Cancel] = None) -> Document:
        """Why a package waits or is where it is; with a provider, why (not) there. "sentences" say it in words."""
        with plan_folder(plan) as folder, Call(progress, cancel) as call:
            o = options("hcb_explain_options", counterfactuals=counterfactuals, plan=folder, provider_id=provider_id,
                        plan_options=allocation_fields(time_limit_s=time_limit_s, work_limit=work_limit, gap=gap,
                                                       seed=seed, threads=threads))
            return call.document(lib.hcb_explain, self._handle, package_id.encode(), o)

    def replan(self, steps: Optional[Sequence[Replan]] = None, *, most: int = 20, time_limit_s: float = 0,
               work_limit: int = 0, gap: float = 1e-4, seed: int = 1, threads: int = 0,
               progress: Optional[ProgressFunction] = None, cancel: Optional[Cancel] = None) -> "pandas.DataFrame":
        """What it is worth to let 0, 1, 2, 5 ... people change provider; one row a step."""
        numbers = ffi.new("int64_t[]", [_replan(step) for step in steps or ()])
        o = options("hcb_replan_options", n_steps=len(numbers), steps=numbers, most=most,
                    allocation=allocation_fields(time_limit_s=time_limit_s, work_limit=work_limit, gap=gap, seed=seed,
                                                 threads=threads))
        with Call(progress, cancel) as call:
            return call.document(lib.hcb_replan_curve, self._handle, o).frame("points")


    def zone_session(self) -> ZoneSession:
        """What moving small areas between zones does to people, hours, prices and providers, tried move after move."""
        out = ffi.new("hcb_zone_session **")
        with Call() as call:
            call.check(lib.hcb_zone_session_create(out, call.ctx, self._handle))
        return ZoneSession(out, self)

    def design(self, *, rules: Optional[PathLike] = None, out: Optional[PathLike] = None, time_limit_s: float = 0,
               work_limit: int = 0, ensemble: int = 0, seed: int = 1, threads: int = 0,
               progress: Optional[ProgressFunction] = None, cancel: Optional[Cancel] = None) -> Document:
        """Propose better zones by the rules of a file: "outcome" is "proposed", "clash" or "unknown"; frame("zones"),
        frame("levels"). With `out` also the files of the command `zones design`."""
        outcome = ffi.new("int32_t *")
        o = options("hcb_design_options", format=JSON, rules=rules, out=out, time_limit_s=time_limit_s,
                    work_limit=work_limit, ensemble=ensemble, seed=seed, threads=threads)
        with Call(progress, cancel) as call:
            text = call.text(lambda output, ctx: lib.hcb_zones_design(output, outcome, ctx, self._handle, o))
            return Document({**json.loads(text), "outcome": words("DESIGN")[outcome[0]]})


class Workspace(Model):
    """A folder with hcbroker.yaml and the files that it names (docs/formats.md), read and frozen.

    `diagnostics` lists the warnings and the records that were left out.
    """

    def __init__(self, folder: PathLike, *, policy: Optional[PathLike] = None, strict: bool = False) -> None:
        self.folder = os.fspath(folder)
        self.policy = policy
        self.strict = strict
        with Call() as call:
            out = ffi.new("hcb_workspace **")
            call.check(lib.hcb_workspace_load(out, call.ctx, path_of(folder),
                                              options("hcb_workspace_options", strict=strict, policy=policy)))
            self._handle = ffi.gc(out[0], lib.hcb_workspace_free)
            self.diagnostics = call.diagnostics()

    def __repr__(self) -> str:
        return f"<hcbroker.Workspace {self.folder!r}: {self.info['packages']} packages wait>"

    def allocate(self, **given: Any) -> Plan:
        """As Model.allocate()."""
        return super().allocate(**{"policy_name": self.policy, **given})

    def verify(self, plan: Union[Plan, PathLike]) -> Verification:
        """Check a plan by code that shares nothing with the code that made it."""
        assert self.folder is not None
        with plan_folder(plan) as folder, Call() as call:
            out = ffi.new("hcb_verify_report **")
            o = options("hcb_verify_options", strict=self.strict, policy=self.policy)
            call.check(lib.hcb_verify(out, call.ctx, path_of(self.folder), folder, o))
            report = ffi.gc(out[0], lib.hcb_verify_report_free)
            found = (lib.hcb_verify_finding_at(report, i) for i in range(lib.hcb_verify_finding_count(report)))
            made = [lib.hcb_verify_checked_at(report, i) for i in range(lib.hcb_verify_checked_count(report))]
            return Verification(bool(lib.hcb_verify_ok(report)),
                                tuple(Finding(*(text_of(getattr(f, name)) for name in Finding._fields)) for f in found),
                                lib.hcb_verify_finding_dropped(report), {text_of(c.name): c.count for c in made})

    def apply(self, plan: Union[Plan, PathLike]) -> dict[str, int]:
        """Take an accepted plan into the folder; read the workspace again afterwards."""
        assert self.folder is not None
        with plan_folder(plan) as folder, Call() as call:
            summary = sized("hcb_apply_summary")
            call.check(lib.hcb_apply(call.ctx, path_of(self.folder), folder, summary))
            return fields_of(summary)


def check(folder: PathLike, *, policy: Optional[PathLike] = None) -> tuple[errors.Diagnostic, ...]:
    """Every problem of a workspace; empty when there is none. Only what is no problem of the input is raised."""
    try:
        return Workspace(folder, policy=policy).diagnostics
    except errors.HcbError as error:
        if not error.diagnostics:
            raise
        return error.diagnostics


def check_policy(path: PathLike) -> str:
    """A policy file in words; errors as for a workspace."""
    with Call() as call:
        return call.text(lambda out, ctx: lib.hcb_policy_check(out, ctx, path_of(path)))


def init(folder: PathLike, source: Optional[str] = None) -> str:
    """Make a new workspace from a bundled one (default: "leicestershire"); returns the folder."""
    with Call() as call:
        call.check(lib.hcb_init(call.ctx, path_of(folder), source.encode() if source else ffi.NULL))
    return os.fspath(folder)


def generate(folder: PathLike, *, scenario: Optional[str] = None, queue: Optional[int] = None, scale: float = 1,
             spare: float = 1, seed: int = 1, force: bool = False) -> dict[str, Any]:
    """Made-up people and providers in a workspace (docs/synthetic.md): scenario "s0", "s1", "s2" or only a queue."""
    o = options("hcb_generate_options", scenario=word("SCENARIO", scenario or "none"), queue=queue, scale=scale,
                spare=spare, seed=seed, force=force)
    summary = sized("hcb_generate_summary")
    with Call() as call:
        call.check(lib.hcb_generate(call.ctx, path_of(folder), o, summary))
    return fields_of(summary)


def report(folder: PathLike, *, workspace: Optional[PathLike] = None, public: bool = False, plain: bool = False) -> str:
    """One page of HTML with map, charts and tables, from the output folder of any command (docs/report.md)."""
    o = options("hcb_report_options", workspace=workspace, public_page=public, plain=plain)
    with Call() as call:
        return call.text(lib.hcb_report_page, path_of(folder), o)


def version() -> str:
    """The version of the library."""
    return text_of(lib.hcb_version())


def build_info() -> str:
    """Versions of what the library is built on, and the coordinate operation in use with its accuracy."""
    with Call() as call:
        return call.text(lib.hcb_build_info)
