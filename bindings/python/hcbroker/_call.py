# SPDX-License-Identifier: GPL-3.0-or-later
"""The border to the shared library: one context for each call, options, text, progress and Ctrl-C."""

from __future__ import annotations

import json
import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

from . import errors
from ._ffi import ffi
from ._generated import DEFAULTS, SONAME, VERSION

if TYPE_CHECKING:
    import numpy
    import pandas

PathLike = Union[str, "os.PathLike[str]"]


def _opened() -> Any:
    """$HCBROKER_LIBRARY, else the library that lies in the package, else the one that the system finds."""
    beside = Path(__file__).parent / SONAME
    lib = ffi.dlopen(os.environ.get("HCBROKER_LIBRARY") or (str(beside) if beside.exists() else SONAME))
    found = ffi.string(lib.hcb_version()).decode()
    if found.split(".")[:2] != VERSION.split(".")[:2]:
        raise errors.HcbVersionError(f"the library is version {found}, the package was made for {VERSION}")
    return lib


lib = _opened()
TEXT, JSON, CSV = lib.HCB_FORMAT_TEXT, lib.HCB_FORMAT_JSON, lib.HCB_FORMAT_CSV
_PHASES = ("read", "build", "solve", "verify", "write")
_SEVERITIES = ("error", "warning", "left_out")
# Strings live as long as the structure that points to them.
_kept: "weakref.WeakKeyDictionary[Any, list[Any]]" = weakref.WeakKeyDictionary()


class Progress(NamedTuple):
    """A snapshot of a long call; value and bound are of the level being improved, None while there is none."""

    phase: str
    level: str
    elapsed_s: float
    value: Optional[int]
    bound: Optional[int]
    work: int
    work_limit: int


ProgressFunction = Callable[[Progress], Any]


class Cancel:
    """A token with which another thread stops calls: they end with their best answer, its `stop` is "cancelled"."""

    def __init__(self) -> None:
        out = ffi.new("hcb_cancel **")
        if lib.hcb_cancel_create(out) != lib.HCB_OK:
            raise errors.HcbOutOfMemory("out of memory")
        self._handle = ffi.gc(out[0], lib.hcb_cancel_free)
        self.requested = False

    def request(self) -> None:
        """Ask the calls in progress, and every later one, to stop."""
        self.requested = True
        lib.hcb_cancel_request(self._handle)

    def reset(self) -> None:
        """Forget an earlier request."""
        self.requested = False
        lib.hcb_cancel_reset(self._handle)


class Call:
    """One call of the library. Every call has a context of its own, so that any thread may make one at any time."""

    def __init__(self, progress: Optional[ProgressFunction] = None, cancel: Optional[Cancel] = None) -> None:
        self.failure: Optional[BaseException] = None
        self._progress = progress
        given = {"cancel": cancel._handle if cancel else ffi.NULL}
        # Ctrl-C is seen by Python alone, and only on the main thread: the callback gives it the occasion.
        if progress or threading.current_thread() is threading.main_thread():
            given["progress"] = ffi.callback("hcb_progress_fn", self._tick, error=1, onerror=self._failed)
        self._options = options("hcb_context_options", **given)
        out = ffi.new("hcb_context **")
        status = lib.hcb_context_create(out, self._options)
        if status != lib.HCB_OK:
            raise error_class(status)(text_of(lib.hcb_status_text(status)))
        self.ctx = out[0]

    def __enter__(self) -> "Call":
        return self

    def __exit__(self, *_: object) -> None:
        lib.hcb_context_free(self.ctx)
        _kept.pop(self._options, None)
        del self._options, self.ctx  # the callback refers to this object

    def _tick(self, snapshot: Any, _payload: Any) -> int:
        if self._progress is None:
            return 0
        p = snapshot
        seen = Progress(_PHASES[p.phase], text_of(p.level), p.elapsed_s, p.value if p.has_value else None,
                        p.bound if p.has_bound else None, p.work, p.work_limit)
        return 1 if self._progress(seen) else 0

    def _failed(self, _kind: Any, value: BaseException, _trace: Any) -> None:
        self.failure = value

    def diagnostics(self) -> tuple[errors.Diagnostic, ...]:
        """The problems that the call found in its inputs."""
        found = (lib.hcb_context_diagnostic_at(self.ctx, i) for i in range(lib.hcb_context_diagnostic_count(self.ctx)))
        return tuple(errors.Diagnostic(_SEVERITIES[d.severity], text_of(d.file), d.line, d.column, text_of(d.pointer),
                                       text_of(d.message)) for d in found)

    def check(self, status: int, missing: type[errors.HcbError] = errors.HcbFileNotFound) -> None:
        """Raise what the progress callback raised, else the exception of the status; nothing when all is well."""
        if isinstance(self.failure, KeyboardInterrupt):
            raise errors.Interrupted("interrupted") from self.failure
        if self.failure is not None:
            raise self.failure
        if status == lib.HCB_OK:
            return
        record = lib.hcb_context_error(self.ctx)
        kind = missing if status == lib.HCB_ENOTFOUND else error_class(status)
        raise kind(text_of(record.message) or text_of(lib.hcb_status_text(status)), file=text_of(record.file),
                   line=record.line, column=record.column, pointer=text_of(record.pointer),
                   diagnostics=self.diagnostics(), dropped=lib.hcb_context_diagnostic_dropped(self.ctx))

    def text(self, function: Callable[..., int], *before: Any) -> str:
        """What function(out, ctx, *before) writes."""
        out = ffi.new("hcb_text **")
        status = function(out, self.ctx, *before)
        try:
            self.check(status)
            return ffi.buffer(lib.hcb_text_data(out[0]), lib.hcb_text_size(out[0]))[:].decode()
        finally:
            lib.hcb_text_free(out[0])

    def document(self, function: Callable[..., int], *before: Any) -> "Document":
        """The same as data; the format is passed last."""
        return Document(json.loads(self.text(function, *before, JSON)))


class Document(dict[str, Any]):
    """The JSON object of a call (docs/formats.md); frame() gives the lists in it as tables."""

    def frame(self, key: str, index: Optional[str] = None) -> "pandas.DataFrame":
        """The list of objects at a key as a DataFrame; objects within become columns a.b."""
        import pandas

        table = pandas.json_normalize(self[key])
        return table.set_index(index) if index and len(table) else table


def error_class(status: int) -> type[errors.HcbError]:
    return errors.OF_STATUS.get(text_of(lib.hcb_status_name(status)), errors.HcbInternalError)


def text_of(pointer: Any) -> str:
    """A borrowed C string; "" for NULL."""
    return ffi.string(pointer).decode() if pointer else ""


def path_of(path: PathLike) -> bytes:
    return os.fsencode(path)


def options(name: str, **fields: Any) -> Any:
    """A structure with its size and its defaults, then the fields that are given; None leaves the default."""
    made = ffi.new(f"{name} *")
    kept = _kept.setdefault(made, [])
    init = getattr(lib, f"{name}_init", None)
    if init:
        init(made)
    _fill(made, {**({} if init else DEFAULTS.get(name, {})), **{k: v for k, v in fields.items() if v is not None}}, kept)
    return made


def _fill(target: Any, fields: dict[str, Any], kept: list[Any]) -> None:
    kind = ffi.typeof(target)
    kind = kind.item if kind.kind == "pointer" else kind
    known = dict(kind.fields)
    if "struct_size" in known:
        target.struct_size = ffi.sizeof(kind)
    for name, value in fields.items():
        if isinstance(value, dict):
            _fill(getattr(target, name), {k: v for k, v in value.items() if v is not None}, kept)
            continue
        if isinstance(value, (str, bytes, os.PathLike)):
            value = ffi.new("char[]", os.fsencode(value))
        elif isinstance(value, bool):
            value = int(value)
        kept.append(value)
        setattr(target, name, value)


def sized(name: str) -> Any:
    """A structure for the library to fill."""
    made = ffi.new(f"{name} *")
    made.struct_size = ffi.sizeof(name)
    return made


def fields_of(struct: Any) -> dict[str, Any]:
    """A filled structure as a dictionary, without what only the border needs."""
    kind = ffi.typeof(struct).item
    found = {}
    for name, field in kind.fields:
        value = getattr(struct, name)
        if name in ("struct_size", "reserved"):
            continue
        if field.type.kind == "pointer":
            value = text_of(value) if value else None
        elif field.type.kind == "array":
            value = list(value)
        found[name] = value
    return found


def word(family: str, value: str) -> int:
    """The enumerator HCB_<family>_<value>, or HCB_<value>; the choices are in the message when there is none."""
    prefix = f"HCB_{family}_" if family else "HCB_"
    number = getattr(lib, prefix + str(value).upper(), None)
    if not isinstance(number, int):
        known = [name[len(prefix):].lower() for name in dir(lib) if family and name.startswith(prefix)]
        raise errors.HcbInvalid(f'"{value}" is not known' + (f'; it is one of {", ".join(sorted(known))}' if known else ""))
    return number


def words(family: str) -> dict[int, str]:
    """The enumerators HCB_<family>_...: number to name in small letters."""
    prefix = f"HCB_{family}_"
    return {getattr(lib, name): name[len(prefix):].lower() for name in dir(lib) if name.startswith(prefix)}


class _Borrowed:
    """An array of the library's as NumPy asks for one; whoever uses it keeps its owner."""

    def __init__(self, owner: Any, pointer: Any, count: int) -> None:
        item = ffi.typeof(pointer).item
        self.owner = owner
        kind = "f" if item.cname in ("double", "float") else "u" if item.cname.startswith("uint") else "i"
        self.__array_interface__ = {"data": (int(ffi.cast("uintptr_t", pointer)), True), "shape": (count,), "version": 3,
                                    "typestr": f"={kind}{ffi.sizeof(item)}"}


def borrowed(owner: Any, pointer: Any, count: int) -> "numpy.ndarray[Any, Any]":
    """A read-only NumPy view, without a copy, that keeps what it lies in alive."""
    import numpy

    if not count:
        return numpy.empty(0, dtype=f"i{ffi.sizeof(ffi.typeof(pointer).item)}")
    return numpy.asarray(_Borrowed(owner, pointer, count))


def texts(pointer: Any, count: int) -> list[Optional[str]]:
    """An array of borrowed C strings; None for NULL."""
    return [ffi.string(one).decode() if one else None for one in (ffi.unpack(pointer, count) if count else ())]


@contextmanager
def plan_folder(plan: Any) -> Iterator[Optional[bytes]]:
    """The folder of a plan: a path as it is, a Plan written to a temporary folder; None for None."""
    if plan is None or isinstance(plan, (str, os.PathLike)):
        yield None if plan is None else path_of(plan)
        return
    import tempfile

    with tempfile.TemporaryDirectory(prefix="hcbroker-") as folder:
        target = os.path.join(folder, "plan")
        plan.save(target)
        yield path_of(target)


def write_csv(table: "pandas.DataFrame", path: PathLike, *, index: bool = False) -> None:
    """A table as a file. pandas makes whole numbers floats where one is missing: they are written as they were meant."""
    whole = {name: "Int64" for name, column in table.items()
             if column.dtype.kind == "f" and (column.isna() | ((column % 1 == 0) & (column.abs() < 2 ** 53))).all()}
    table.astype(whole).to_csv(path, index=index)
