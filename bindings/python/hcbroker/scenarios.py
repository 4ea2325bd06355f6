# SPDX-License-Identifier: GPL-3.0-or-later
"""Scenarios: one, or many at once on the threads of this machine or the workers of a Dask cluster."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

from . import errors
from ._call import JSON, Call, Cancel, Document, PathLike, ProgressFunction, lib, options
from .workspace import allocation_fields

if TYPE_CHECKING:
    import pandas

SweepProgress = Callable[[int, int, str], Any]


class Sweep:
    """The results of a sweep, in the order in which its scenarios were given."""

    def __init__(self, scenarios: Sequence[str], texts: Sequence[Optional[str]], seconds: Sequence[float], reused: int) -> None:
        self.scenarios = list(scenarios)
        self.texts = list(texts)  # the JSON of each; None: not finished
        self.seconds = list(seconds)  # of the clock, where it ran; 0 for those taken from the disk
        self.reused = reused

    def __len__(self) -> int:
        return len(self.scenarios)

    def __getitem__(self, i: int) -> Document:
        return Document(json.loads(self.texts[i] or "null") or {})

    def __iter__(self) -> Iterator[Document]:
        return (self[i] for i in range(len(self)))

    def frame(self) -> "pandas.DataFrame":
        """One row a scenario: its name, how it ended, and its figures."""
        import pandas

        rows = [{"name": one.get("name"), "status": one.get("status"), **one.get("values", {})} for one in self]
        return pandas.DataFrame(rows, index=pandas.Index(self.scenarios, name="scenario"))


class _Task(NamedTuple):
    """What a worker needs to know; paths are those that the worker sees."""

    scenario: str
    workspace: Optional[str]
    allocation: dict[str, Any]


def _options(task: _Task) -> Any:
    return options("hcb_scenario_options", workspace=task.workspace, allocation=task.allocation)


def _run(task: _Task, progress: Optional[ProgressFunction] = None, cancel: Optional[Cancel] = None) -> tuple[str, float]:
    """The JSON of one scenario, and how many seconds it took; on whichever machine this is."""
    began = time.perf_counter()
    with Call(progress, cancel) as call:
        return call.text(lib.hcb_scenario_run, task.scenario.encode(), _options(task)), time.perf_counter() - began


def _hash(task: _Task) -> str:
    with Call() as call:
        return call.text(lib.hcb_scenario_hash, task.scenario.encode(), _options(task))


def run_scenario(scenario: PathLike, *, workspace: Optional[PathLike] = None, progress: Optional[ProgressFunction] = None,
                 cancel: Optional[Cancel] = None, **allocation: Any) -> Document:
    """The figures of one scenario (docs/scenarios.md): a workspace, a scenario file, FILE#NAME or a bundled name."""
    return Document(json.loads(_run(_task(scenario, workspace, allocation), progress, cancel)[0]))


def list_scenarios(file: PathLike, *, workspace: Optional[PathLike] = None) -> list[str]:
    """The scenarios of a file that lists several, as run_scenario() and sweep() take them."""
    task = _task(file, workspace, {})
    with Call() as call:
        found = json.loads(call.text(lib.hcb_scenario_list, task.scenario.encode(), _options(task)))
    return [one["scenario"] for one in found["scenarios"]]


def compare(a: PathLike, b: PathLike, *, workspace: Optional[PathLike] = None, out: Optional[PathLike] = None,
            progress: Optional[ProgressFunction] = None, cancel: Optional[Cancel] = None, **allocation: Any) -> Document:
    """Two scenarios side by side, differences b - a: frame("totals"), frame("by_provider"); "by_zone" has figures for
    each zone. With `out` also the files of the command `compare`."""
    first, second = _task(a, workspace, allocation), _task(b, workspace, allocation)
    o = options("hcb_scenario_options", workspace=first.workspace, allocation=first.allocation, out=out, format=JSON)
    with Call(progress, cancel) as call:
        return Document(json.loads(call.text(lib.hcb_compare, first.scenario.encode(), second.scenario.encode(), o)))


def _task(scenario: PathLike, workspace: Optional[PathLike], allocation: dict[str, Any]) -> _Task:
    return _Task(_absolute(os.fspath(scenario)), None if workspace is None else os.path.abspath(workspace),
                 allocation_fields(**allocation))


def _absolute(scenario: str) -> str:
    """A path as any process sees it; other names as they are."""
    file, mark, name = scenario, "", ""
    if not os.path.exists(file):
        file, mark, name = scenario.rpartition("#")
    return os.path.abspath(file) + mark + name if file and os.path.exists(file) else scenario


class _Store:
    """Finished results in a folder, one file each, named by what the result depends on."""

    def __init__(self, folder: Optional[PathLike]) -> None:
        self.folder = None if folder is None else Path(folder, "scenarios")
        if self.folder:
            self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, key: str) -> Path:
        assert self.folder
        return self.folder / f"{key}.json"

    def load(self, key: str) -> Optional[str]:
        """What is there under the key and whole; anything else is made anew."""
        try:
            text = self.path(key).read_bytes().decode()
            return text if json.loads(text)["hash"] == key else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, key: str, text: str) -> None:
        """Whole or not at all, also when this process is killed."""
        path = self.path(key)
        beside = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.part")
        with open(beside, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)


def sweep(scenarios: Union[PathLike, Sequence[PathLike]], client: Any = None, *, workspace: Optional[PathLike] = None,
          out: Optional[PathLike] = None, at_once: Optional[int] = None, progress: Optional[SweepProgress] = None,
          cancel: Optional[Cancel] = None, **allocation: Any) -> Sweep:
    """Run scenarios, and give their results in the order of the scenarios, the same wherever they ran.

    scenarios: a file that lists them, or a sequence as for run_scenario(). Without a client `at_once` of them run on
    threads of this process (default: one a core); with the client of a Dask cluster, on its workers, which must see the
    same paths and have the same version of the package. A worker that dies loses nothing: its scenario runs elsewhere.

    out: a folder that keeps every result as soon as it is there, in the layout of the command `sweep`; what is in it
    already is not run again, unless its data or options have changed. Of a file, sweep.json and sweep.csv are written at
    the end. progress(done, total, scenario) is told of each that ends, and stops the sweep by returning something true.
    allocation: options of Model.allocate(), where the scenario says nothing else.

    Ctrl-C, a token or `progress` stop the sweep; the first raises Interrupted, whose `finished` is what there is. A
    scenario that fails raises its error after the others are done.
    """
    file = scenarios if isinstance(scenarios, (str, os.PathLike)) else None
    if isinstance(scenarios, (str, os.PathLike)):
        scenarios = list_scenarios(scenarios, workspace=workspace)
    tasks = [_task(one, workspace, {"threads": 1, **allocation}) for one in scenarios]
    store = _Store(out)
    here = max(1, at_once or os.cpu_count() or 1)
    texts: list[Optional[str]] = [None] * len(tasks)
    seconds = [0.0] * len(tasks)
    keys = [""] * len(tasks)
    if store.folder:
        with ThreadPoolExecutor(here) as pool:
            keys = list(pool.map(_hash, tasks))
        texts = [store.load(key) for key in keys]
    left = [i for i, text in enumerate(texts) if text is None]
    reused = len(tasks) - len(left)
    failed: dict[int, BaseException] = {}
    token = cancel or Cancel()
    runner: Union[_Threads, _Cluster] = _Threads(here, token) if client is None else _Cluster(client, token)

    def sweep_now() -> Sweep:
        return Sweep([task.scenario for task in tasks], texts, seconds, reused)

    try:
        for i, result in runner.run([(i, tasks[i]) for i in left]):
            if isinstance(result, BaseException):
                failed[i] = result
            elif json.loads(result[0]).get("status") != "cancelled":
                texts[i], seconds[i] = result
                if store.folder:
                    store.save(keys[i], result[0])
            done = sum(text is not None for text in texts) + len(failed)
            if progress and progress(done, len(tasks), tasks[i].scenario):
                break
    except KeyboardInterrupt as stop:
        raise errors.Interrupted("interrupted; what is finished is in the attribute finished",
                                 finished=sweep_now()) from stop
    finally:
        runner.stop()
    if failed:
        raise failed[min(failed)]
    if file is not None and store.folder and None not in texts:
        with Call(cancel=cancel) as call:  # every result is taken over
            o = options("hcb_scenario_options", workspace=tasks[0].workspace if tasks else None, out=os.fspath(out or ""),
                        allocation=allocation_fields(**{"threads": 1, **allocation}), format=JSON)
            call.text(lib.hcb_sweep, _absolute(os.fspath(file)).encode(), o)
    return sweep_now()


Outcome = Union[tuple[str, float], BaseException]


class _Threads:
    """Scenarios on threads of this process; the library releases the interpreter lock."""

    def __init__(self, at_once: int, token: Cancel) -> None:
        self._pool = ThreadPoolExecutor(at_once)
        self._token = token
        self._open: set["Future[tuple[str, float]]"] = set()

    def run(self, tasks: list[tuple[int, _Task]]) -> Iterator[tuple[int, Outcome]]:
        numbers = {self._pool.submit(_run, task, None, self._token): i for i, task in tasks}
        self._open = set(numbers)
        while self._open:
            ready, self._open = wait(self._open, return_when=FIRST_COMPLETED)
            for one in ready:
                yield numbers[one], one.exception() or one.result()

    def stop(self) -> None:
        if self._open:
            self._token.request()
        self._pool.shutdown(cancel_futures=True)


class _Cluster:
    """Scenarios on the workers of a Dask cluster. Each result is fetched at once, so that no worker is the only one to have it."""

    def __init__(self, client: Any, token: Cancel) -> None:
        self._client = client
        self._token = token
        self._futures: list[Any] = []

    def run(self, tasks: list[tuple[int, _Task]]) -> Iterator[tuple[int, Outcome]]:
        from distributed import as_completed

        numbers = {}
        for i, task in tasks:
            one = self._client.submit(_run, task, pure=False)
            numbers[one.key] = i
            self._futures.append(one)
        ready = as_completed(list(self._futures))
        while not ready.is_empty() and not self._token.requested:
            for one in ready.next_batch(block=False):
                yield numbers[one.key], one.exception() or one.result()
                one.release()
            time.sleep(0.02)  # on this thread, which Ctrl-C reaches

    def stop(self) -> None:
        self._client.cancel([one for one in self._futures if not one.done()])
        self._futures.clear()
