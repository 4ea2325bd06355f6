# SPDX-License-Identifier: GPL-3.0-or-later
"""Declarations, defaults and typing: what the package believes of the C library."""

import inspect
import os
import pickle
import re
import typing
from pathlib import Path

import hcbroker
from hcbroker import _call, errors, plan, prices, workspace, zones
from hcbroker._ffi import ffi
from hcbroker._generated import DEFAULTS

ROOT = Path(os.environ["HCB_SOURCE_DIR"])


def test_structures__have_the_layout_that_c_has():
    """tests/abi/layout.txt is measured by the compiler; cffi computes its own."""
    seen = 0
    for line in (ROOT / "tests/abi/layout.txt").read_text().splitlines():
        name, *numbers = line.split()
        structure, _, field = name.partition(".")
        if field:
            assert [ffi.offsetof(structure, field), int(numbers[1])] == [int(n) for n in numbers], name
        else:
            assert ffi.sizeof(structure) == int(numbers[0]), name
        seen += 1
    assert seen > 100


def test_functions__are_those_that_the_library_exports():
    listed = set((ROOT / "tests/abi/symbols.txt").read_text().split())
    functions = {name for name in listed if name.startswith("hcb_")}
    assert functions and not [name for name in functions if not hasattr(_call.lib, name)]


def test_defaults__are_those_of_the_init_functions():
    """The macro HCB_GENERATE_OPTIONS_INIT and the function beside it say the same."""
    by_macro, by_function = ffi.new("hcb_generate_options *"), ffi.new("hcb_generate_options *")
    _call._fill(by_macro, DEFAULTS["hcb_generate_options"], [])
    _call.lib.hcb_generate_options_init(by_function)
    assert bytes(ffi.buffer(by_macro)) == bytes(ffi.buffer(by_function))
    assert DEFAULTS["hcb_allocation_options"] == {"replan": _call.lib.HCB_REPLAN_FIXED, "gap": 1e-4, "seed": 1}


def test_statuses__each_has_an_exception_of_its_own_name():
    header = (ROOT / "include/hcbroker/status.h").read_text()
    named = {f"HCB_{name}": int(number) for name, number in re.findall(r"XX\((E\w+), (-\d+)", header)}
    assert set(named) == set(errors.OF_STATUS)
    for name, number in named.items():
        kind = _call.error_class(number)
        assert kind is errors.OF_STATUS[name] and issubclass(kind, hcbroker.HcbError)
        natural = [base for base in kind.__mro__ if base.__module__ == "builtins"]
        assert natural[0] not in (Exception, BaseException, object), f"{kind} is no built-in"


def test_errors__survive_a_pickle():
    problem = hcbroker.Diagnostic("error", "a.csv", 3, 7, "band", "what")
    one = hcbroker.HcbDataError("wrong", file="a.csv", line=3, column=7, pointer="band", diagnostics=(problem,))
    two = pickle.loads(pickle.dumps(one))
    assert type(two) is type(one) and str(two) == str(one) and vars(two) == vars(one)


def test_hints__resolve_and_are_everywhere():
    assert (Path(hcbroker.__file__).parent / "py.typed").exists()
    for module in (hcbroker, errors, plan, prices, workspace, zones, _call):
        for owner in [module, *(c for _, c in inspect.getmembers(module, inspect.isclass) if c.__module__ == module.__name__)]:
            for name, function in inspect.getmembers(owner, inspect.isfunction):
                if not name.startswith("_") and function.__module__.startswith("hcbroker"):
                    hints = set(function.__annotations__)
                    wanted = set(inspect.signature(function).parameters) - {"self"} | {"return"}
                    assert wanted <= hints, f"{owner.__name__}.{name} lacks {wanted - hints}"
    assert typing.get_type_hints(hcbroker.Progress)["elapsed_s"] is float


def test_public_names__exist():
    assert not [name for name in hcbroker.__all__ if not hasattr(hcbroker, name)]
    assert hcbroker.__version__ == (ROOT / "VERSION").read_text().strip()
    assert "PROJ" in hcbroker.build_info()
