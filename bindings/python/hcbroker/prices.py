# SPDX-License-Identifier: GPL-3.0-or-later
"""Prices: what an hour of care costs, how much travel a band's price can carry, what is paid for a visit."""

from __future__ import annotations

from typing import Any, Optional

from ._call import Call, Document, PathLike, ffi, lib, options, path_of, word


def build_up(folder: Optional[PathLike] = None, *, file: Optional[PathLike] = None,
             year: Optional[str] = None) -> Document:
    """The cost of a contact hour, line by line: frame("years")."""
    with Call() as call:
        return call.document(lib.hcb_price_build_up, path_of(folder) if folder else ffi.NULL,
                             path_of(file) if file else ffi.NULL, year.encode() if year else ffi.NULL)


def bands(folder: PathLike, *, plan: Optional[PathLike] = None, **settings: Any) -> Document:
    """Minutes of paid travel that each band's price carries, and those that are needed: frame("by_zone"),
    frame("offers"). Settings are the fields of hcb_price_bands_options."""
    with Call() as call:
        return call.document(lib.hcb_price_bands, path_of(folder),
                             options("hcb_price_bands_options", plan=plan, **settings))


def visits(path: PathLike, *, mode: Optional[str] = None, direction: Optional[str] = None,
           folder: Optional[PathLike] = None, policy: Optional[PathLike] = None, **settings: Any) -> Document:
    """Payable minutes and pence of a file of visits: frame("visits"), frame("packages"). mode "planned" or "actual",
    direction "up", "down" or "nearest"; settings are the fields of hcb_price_visits_options."""
    o = options("hcb_price_visits_options", mode=word("PAY", mode) if mode else None,
                direction=word("ROUND", direction) if direction else None, folder=folder, policy=policy, **settings)
    with Call() as call:
        return call.document(lib.hcb_price_visits, path_of(path), o)
