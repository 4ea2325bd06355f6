# SPDX-License-Identifier: GPL-3.0-or-later
"""Place home care packages with providers: the Python face of libhcbroker (docs/python.md)."""

from __future__ import annotations

from . import prices, zones
from ._call import Cancel, Document, Progress
from .desk import Desk
from .errors import (Diagnostic, HcbBusy, HcbCancelled, HcbCRSError, HcbDataError, HcbError, HcbFileNotFound,
                     HcbGeometryError, HcbInternalError, HcbInvalid, HcbIOError, HcbLimit, HcbNotFound, HcbOutOfMemory,
                     HcbParseError, HcbSolverError, HcbVersionError, Interrupted)
from .plan import Plan
from .problem import Problem
from .scenarios import Sweep, compare, list_scenarios, run_scenario, sweep
from .workspace import (Finding, Model, Verification, Workspace, build_info, check, check_policy, generate, init,
                        report, version)
from .zones import Zones, ZoneSession

__version__ = version()
__all__ = ["Cancel", "Desk", "Diagnostic", "Document", "Finding", "HcbBusy", "HcbCRSError", "HcbCancelled", "HcbDataError",
           "HcbError", "HcbFileNotFound", "HcbGeometryError", "HcbIOError", "HcbInternalError", "HcbInvalid", "HcbLimit",
           "HcbNotFound", "HcbOutOfMemory", "HcbParseError", "HcbSolverError", "HcbVersionError", "Interrupted", "Model",
           "Plan", "Problem", "Progress", "Sweep", "Verification", "Workspace", "ZoneSession", "Zones", "build_info",
           "check", "check_policy", "compare", "generate", "init", "list_scenarios", "prices", "report",
           "run_scenario", "sweep", "version", "zones"]
