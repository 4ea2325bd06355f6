# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk: a day of offers, answers and hand-backs on a durable ledger (docs/desk.md)."""

from __future__ import annotations

import getpass
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, Optional, Union

from . import errors
from ._call import (CSV, JSON, Call, Cancel, Document, PathLike, ProgressFunction, ffi, lib, options, path_of,
                    write_csv)
from .plan import Plan, plan_of
from .workspace import Replan, allocation_fields

if TYPE_CHECKING:
    import pandas

Moment = Union[int, str, datetime, None]
Event = dict[str, Any]
Table = Union[PathLike, "pandas.DataFrame"]
_SLACK_S = 60  # clocks of several machines, and the wait for other writers; as the command


def _seconds(at: Moment) -> int:
    """Seconds since 1970. A text is ISO 8601; without a zone it is UTC."""
    if at is None:
        return int(time.time())
    if isinstance(at, str):
        at = datetime.fromisoformat(at.replace("Z", "+00:00"))
    if isinstance(at, datetime):
        return int((at if at.tzinfo else at.replace(tzinfo=timezone.utc)).timestamp())
    return int(at)


def _ids(names: Sequence[str]) -> tuple[Any, list[Any]]:
    """An array of C strings, and what must live as long."""
    kept = [ffi.new("char[]", str(name).encode()) for name in names]
    return ffi.new("char *[]", kept) if kept else ffi.NULL, kept


def _text(value: Optional[str]) -> Any:
    return ffi.NULL if value is None else str(value).encode()


@contextmanager
def _file(table: Optional[Table]) -> Iterator[Any]:
    """The path of a table: a file as it is, a DataFrame written to a temporary one; NULL for None."""
    if table is None or isinstance(table, (str, os.PathLike)):
        yield ffi.NULL if table is None else path_of(table)
        return
    with tempfile.TemporaryDirectory(prefix="hcbroker-") as folder:
        path = os.path.join(folder, f"{table.index.name or 'table'}.csv")
        write_csv(table, path, index=table.index.name is not None)
        yield path_of(path)


class Desk:
    """An open ledger of a workspace. Threads take turns; other processes may work on the same ledger: HcbBusy then means
    that nothing was written and the call may be repeated.

    Calls that write give the events that they added, as dictionaries (docs/formats.md, desk.ledger), all of them on the
    disk, or raise and have written nothing. `at` is a time (UTC without a zone; default: now), `user` who does it.
    """

    def __init__(self, folder: PathLike, *, ledger: Optional[PathLike] = None, policy: Optional[PathLike] = None,
                 wait_ms: int = 5000, inspect: bool = False, user: Optional[str] = None) -> None:
        self.folder = os.fspath(folder)
        self.user = user or getpass.getuser()
        self._turn = threading.Lock()
        self._handle: Any = None
        out = ffi.new("hcb_desk **")
        with Call() as call:
            call.check(lib.hcb_desk_open(out, call.ctx, path_of(folder),
                                         self._options(ledger, policy, wait_ms, inspect)))
        self._handle = ffi.gc(out[0], lib.hcb_desk_close)

    @staticmethod
    def _options(ledger: Optional[PathLike], policy: Optional[PathLike], wait_ms: int, inspect: bool) -> Any:
        return options("hcb_desk_options", ledger=ledger, policy=policy, wait_ms=-1 if wait_ms == 0 else wait_ms,
                       inspect=inspect)

    @classmethod
    def init(cls, folder: PathLike, *, ledger: Optional[PathLike] = None, policy: Optional[PathLike] = None,
             wait_ms: int = 5000, at: Moment = None, user: Optional[str] = None) -> "Desk":
        """Begin a ledger with the queue and the placements of the workspace, and open it."""
        stamp = cls._stamp(at, user or getpass.getuser())
        with Call() as call:
            call.check(lib.hcb_desk_init(call.ctx, path_of(folder), cls._options(ledger, policy, wait_ms, False), stamp))
        return cls(folder, ledger=ledger, policy=policy, wait_ms=wait_ms, user=user)

    @classmethod
    def restore(cls, folder: PathLike, events: PathLike, *, ledger: Optional[PathLike] = None,
                policy: Optional[PathLike] = None, wait_ms: int = 5000, user: Optional[str] = None) -> "Desk":
        """Make a ledger of exported events (`events()`), after every hash was checked, and open it."""
        with Call() as call:
            call.check(lib.hcb_desk_import(call.ctx, path_of(folder), cls._options(ledger, policy, wait_ms, False),
                                           path_of(events)))
        return cls(folder, ledger=ledger, policy=policy, wait_ms=wait_ms, user=user)

    def close(self) -> None:
        """Close the ledger; nothing more can be asked of this desk."""
        with self._turn:
            if self._handle is not None:
                ffi.release(self._handle)
            self._handle = None

    def __enter__(self) -> "Desk":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @staticmethod
    def _stamp(at: Moment, user: str) -> Any:
        return options("hcb_desk_stamp", at=_seconds(at), slack_s=_SLACK_S if at is None else 0, user=user)

    def _write(self, function: Callable[..., int], *arguments: Any, at: Moment, user: Optional[str]) -> list[Event]:
        stamp = self._stamp(at, user or self.user)
        with self._turn, Call() as call:
            text = call.text(lambda out, ctx: function(out, self._open(), ctx, stamp, *arguments, JSON))
        return list(json.loads(text)) if text else []

    def _read(self, function: Callable[..., int], *arguments: Any) -> str:
        with self._turn, Call() as call:
            return call.text(lambda out, ctx: function(out, self._open(), ctx, *arguments))

    def _open(self) -> Any:
        if self._handle is None:
            raise errors.HcbInvalid("the desk is closed")
        return self._handle

    # What writes

    def receive(self, packages: Table, visits: Optional[Table] = None, *, at: Moment = None,
                user: Optional[str] = None) -> list[Event]:
        """New packages: the columns of packages.csv and visits.csv, as files or DataFrames. All of them or none."""
        with _file(packages) as p, _file(visits) as v:
            return self._write(lib.hcb_desk_receive, p, v, at=at, user=user)

    def change(self, packages: Table, visits: Optional[Table] = None, *, at: Moment = None,
               user: Optional[str] = None) -> list[Event]:
        """New rows of packages that the desk has; open offers of them are withdrawn."""
        with _file(packages) as p, _file(visits) as v:
            return self._write(lib.hcb_desk_change, p, v, at=at, user=user)

    def _set(self, what: int, packages: Sequence[str], reason: Optional[str], at: Moment,
             user: Optional[str]) -> list[Event]:
        names, kept = _ids(packages)
        return self._write(lib.hcb_desk_set, what, names, len(kept), _text(reason), at=at, user=user)

    def end(self, *packages: str, reason: Optional[str] = None, at: Moment = None,
            user: Optional[str] = None) -> list[Event]:
        """The care of these people ends."""
        return self._set(lib.HCB_DESK_END, packages, reason, at, user)

    def suspend(self, *packages: str, reason: Optional[str] = None, at: Moment = None,
                user: Optional[str] = None) -> list[Event]:
        """Care rests; the provider's hours are kept."""
        return self._set(lib.HCB_DESK_SUSPEND, packages, reason, at, user)

    def resume(self, *packages: str, at: Moment = None, user: Optional[str] = None) -> list[Event]:
        """Care that rested goes on."""
        return self._set(lib.HCB_DESK_RESUME, packages, None, at, user)

    def capacity(self, provider: str, minutes: Optional[int], *, zone: Optional[str] = None,
                 part: Optional[str] = None, at: Moment = None, user: Optional[str] = None) -> list[Event]:
        """Carer minutes a week that a provider says it can do: in all, in a zone, or in a part of the day ("morning",
        "lunch", "tea", "bed"); None takes the limit of a zone or part away."""
        return self._write(lib.hcb_desk_capacity_of, provider.encode(), _text(zone), _text(part),
                           -1 if minutes is None else minutes, at=at, user=user)

    def offer(self, package: str, *providers: str, at: Moment = None, user: Optional[str] = None) -> list[Event]:
        """Offer a package to whom the call-off rules say, or to these providers at once."""
        names, kept = _ids(providers)
        return self._write(lib.hcb_desk_offer, package.encode(), names, len(kept), at=at, user=user)

    def answer(self, offer: str, accept: bool, *, reason: Optional[str] = None, price_pence: Optional[int] = None,
               at: Moment = None, user: Optional[str] = None) -> list[Event]:
        """A provider's answer: a decline has a reason of the policy, a bid in a tender may have a price. Unlike the
        command, it makes no new plan: plan() does."""
        return self._write(lib.hcb_desk_answer, offer.encode(), int(accept), _text(reason),
                           -1 if price_pence is None else price_pence, at=at, user=user)

    def answers(self, table: Table, *, at: Moment = None, user: Optional[str] = None) -> list[Event]:
        """Answers of a file or DataFrame: offer_id, answer (accept, decline), reason, price. All of them or none."""
        with _file(table) as path:
            return self._write(lib.hcb_desk_answers, path, at=at, user=user)

    def expire(self, *, at: Moment = None, user: Optional[str] = None) -> list[Event]:
        """Offers and tenders whose time is over, care past its last day."""
        return self._write(lib.hcb_desk_expire, at=at, user=user)

    def withdraw(self, offer: str, *, reason: Optional[str] = None, at: Moment = None,
                 user: Optional[str] = None) -> list[Event]:
        """Take an open offer back."""
        return self._write(lib.hcb_desk_withdraw, offer.encode(), _text(reason), at=at, user=user)

    def handback(self, provider: str, *packages: str, reason: Optional[str] = None, at: Moment = None,
                 user: Optional[str] = None) -> list[Event]:
        """A provider gives packages back, or all it serves; they wait again, and not for it."""
        names, kept = _ids(packages)
        return self._write(lib.hcb_desk_handback, provider.encode(), names, len(kept), _text(reason), at=at, user=user)

    def note(self, text: str, package: Optional[str] = None, *, at: Moment = None,
             user: Optional[str] = None) -> list[Event]:
        """A note; it never leaves the ledger for providers or the public."""
        return self._write(lib.hcb_desk_note, _text(package), text.encode(), at=at, user=user)

    def adopt(self, *, at: Moment = None, user: Optional[str] = None) -> list[Event]:
        """Providers, coverage, prices or map were changed on purpose; of a desk opened with inspect=True."""
        return self._write(lib.hcb_desk_adopt, at=at, user=user)

    def plan(self, *, free_offers: bool = False, move: bool = False, method: str = "optimal", replan: Replan = "fixed",
             time_limit_s: float = 0, work_limit: int = 0, gap: float = 1e-4, seed: int = 1, threads: int = 0,
             progress: Optional[ProgressFunction] = None, cancel: Optional[Cancel] = None, at: Moment = None,
             user: Optional[str] = None) -> Plan:
        """Allocate on today's state and keep the plan in the ledger: offers follow it. `move` carries moves of people who
        are served out at once; `plan.events` are the events that were added."""
        stamp = self._stamp(at, user or self.user)
        o = options("hcb_desk_plan_options", free_offers=free_offers, carry_out=move,
                    allocation=allocation_fields(method=method, replan=replan, time_limit_s=time_limit_s,
                                                 work_limit=work_limit, gap=gap, seed=seed, threads=threads))
        made = ffi.new("hcb_allocation **")
        with self._turn, Call(progress, cancel) as call:
            text = call.text(lambda out, ctx: lib.hcb_desk_plan(out, made, self._open(), ctx, stamp, o, JSON))
        plan = plan_of(made)
        plan.events = json.loads(text) if text else []
        return plan

    # What reads

    def queue(self, *, at: Moment = None) -> "pandas.DataFrame":
        """Who waits, since when, and what is next to do, by package_id in the order of the desk."""
        rows = json.loads(self._read(lib.hcb_desk_queue, _seconds(at), JSON))
        return Document(queue=rows).frame("queue", "package_id")

    def log(self, subject: Optional[str] = None, *, last: int = 0) -> "pandas.DataFrame":
        """The events, of all or of one package, offer or provider, by seq; the body in columns body.*."""
        return Document(log=json.loads(self._read(lib.hcb_desk_log, _text(subject), last, JSON))).frame("log", "seq")

    def figures(self, *, at: Moment = None, public: bool = False) -> Document:
        """Waits, acceptance, capacity, hand-backs: frame("days"), ("by_priority"), ("by_zone"), ("by_provider")."""
        return Document(json.loads(self._read(lib.hcb_desk_figures, _seconds(at), int(public), JSON)))

    def verify(self) -> Document:
        """Check the chain of hashes and rebuild the state: "sound", "finding" (what does not hold), "head", counts."""
        sound = ffi.new("int32_t *")
        with self._turn, Call() as call:
            return Document(json.loads(call.text(
                lambda out, ctx: lib.hcb_desk_verify(out, sound, self._open(), ctx, JSON))))

    def events(self) -> str:
        """The ledger as JSON lines: what restore() reads."""
        return self._read(lib.hcb_desk_events)

    def requirements(self, provider: Optional[str] = None, *, csv: bool = False) -> Any:
        """Open offers without anything that tells who the person is: a list of dictionaries, or the CSV for providers."""
        text = self._read(lib.hcb_desk_requirements, _text(provider), CSV if csv else JSON)
        return text if csv else json.loads(text)

    def export(self, folder: PathLike, *, at: Moment = None) -> str:
        """The state on the day of `at` as a workspace of its own; returns the folder."""
        with self._turn, Call() as call:
            call.check(lib.hcb_desk_export(self._open(), call.ctx, _seconds(at), path_of(folder)))
        return os.fspath(folder)
