# SPDX-License-Identifier: GPL-3.0-or-later
"""One exception for each status of the library; each is also the built-in that a Python program would catch."""

from __future__ import annotations

from typing import Any, NamedTuple


class Diagnostic(NamedTuple):
    """One problem of an input; line and column count from 1, 0 where they are not known."""

    severity: str  # "error", "warning" or "left_out" (a run goes on without that record)
    file: str
    line: int
    column: int
    pointer: str  # column name, JSON pointer or YAML path
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:" if self.file else ""
        place += f"{self.line}:" if self.line else ""
        place += f"{self.column}:" if self.line and self.column else ""
        what = f"{self.pointer}: " if self.pointer else ""
        return f"{place}{' ' if place else ''}{self.severity.replace('_', ' ')}: {what}{self.message}"


class HcbError(Exception):
    """What went wrong. `diagnostics` lists every problem that was found in the files, in reading order."""

    status = "HCB_UNKNOWN"

    def __init__(self, message: str = "", *, file: str = "", line: int = 0, column: int = 0, pointer: str = "",
                 diagnostics: tuple[Diagnostic, ...] = (), dropped: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.pointer = pointer
        self.diagnostics = diagnostics
        self.dropped = dropped  # further problems that were counted but not kept
        if isinstance(self, OSError):
            self.filename = file or None

    def __str__(self) -> str:
        record = Diagnostic("error", self.file, self.line, self.column, self.pointer, self.message)
        first = str(record).replace("error: ", "", 1)
        listed = [str(one) for one in self.diagnostics if one.severity != "warning" and one.message != self.message]
        more = len(listed) - 10 + self.dropped
        return "\n".join([first, *listed[:10], *([f"and {more} more"] if more > 0 else [])])

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), self.message, {name: getattr(self, name) for name in
                                                    ("file", "line", "column", "pointer", "diagnostics", "dropped")})


def _again(kind: type[HcbError], message: str, record: dict[str, Any]) -> HcbError:
    return kind(message, **record)


class HcbInvalid(HcbError, ValueError):
    """HCB_EINVAL: an argument is missing or out of range, or there is no such package, provider or zone."""


class HcbOutOfMemory(HcbError, MemoryError):
    """HCB_ENOMEM."""


class HcbIOError(HcbError, OSError):
    """HCB_EIO: a file cannot be read or written."""


class HcbParseError(HcbError, ValueError):
    """HCB_EPARSE: a file is not well formed."""


class HcbDataError(HcbError, ValueError):
    """HCB_EDATA: a file is well formed but what it says is wrong."""


class HcbGeometryError(HcbError, ValueError):
    """HCB_EGEOMETRY: a geometry is not valid."""


class HcbCRSError(HcbError, ValueError):
    """HCB_ECRS: a coordinate reference system cannot be used."""


class HcbNotFound(HcbError, LookupError):
    """HCB_ENOTFOUND: the thing asked for does not exist."""


class HcbFileNotFound(HcbNotFound, FileNotFoundError):
    """HCB_ENOTFOUND, of a file or folder."""


class HcbLimit(HcbError, OverflowError):
    """HCB_ELIMIT: a number is beyond the safe range."""


class HcbSolverError(HcbError, RuntimeError):
    """HCB_ESOLVER."""


class HcbCancelled(HcbError, RuntimeError):
    """HCB_ECANCELLED, HCB_EUSER: stopped before there was any answer."""


class HcbVersionError(HcbError, ImportError):
    """HCB_EVERSION: package and library do not fit together."""


class HcbBusy(HcbError, RuntimeError):
    """HCB_EBUSY: a context is in use by a call that has not returned."""


class HcbInternalError(HcbError, RuntimeError):
    """HCB_EINTERNAL: a defect of the library."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a call. `plan` is the best plan found so far (checked, `stop` is "cancelled"), None where the call
    makes no plan; `finished` holds the results of a sweep that were ready."""

    def __init__(self, message: str = "", plan: Any = None, finished: Any = None) -> None:
        super().__init__(message)
        self.plan = plan
        self.finished = finished


OF_STATUS: dict[str, type[HcbError]] = {
    "HCB_EINVAL": HcbInvalid, "HCB_ENOMEM": HcbOutOfMemory, "HCB_EIO": HcbIOError, "HCB_EPARSE": HcbParseError,
    "HCB_EDATA": HcbDataError, "HCB_EGEOMETRY": HcbGeometryError, "HCB_ECRS": HcbCRSError,
    "HCB_ENOTFOUND": HcbNotFound, "HCB_ELIMIT": HcbLimit, "HCB_ESOLVER": HcbSolverError,
    "HCB_ECANCELLED": HcbCancelled, "HCB_EVERSION": HcbVersionError, "HCB_EBUSY": HcbBusy, "HCB_EUSER": HcbCancelled,
    "HCB_EINTERNAL": HcbInternalError}
for _status, _kind in reversed(OF_STATUS.items()):
    _kind.status = _status
HcbFileNotFound.status = "HCB_ENOTFOUND"
