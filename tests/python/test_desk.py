# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk of the package against the command's: the same calls at the same times make the same ledger, to the hash."""
import json
import os
import shutil
import subprocess
import threading
from datetime import datetime, timezone
from pathlib import Path

import hcbroker
import pandas
import pytest

ROOT = Path(os.environ["HCB_SOURCE_DIR"])
DAY = "2020-12-01T"


@pytest.fixture
def small(tmp_path):
    """A framework worked by hand: eight people wait for four providers."""
    return Path(shutil.copytree(ROOT / "zones/policies/worcestershire", tmp_path / "ws"))


@pytest.fixture
def desk(small):
    with hcbroker.Desk.init(small, at=DAY + "08:00", user="ann") as made:
        yield made


def test_receive__takes_whole_numbers_beside_gaps(desk):
    """One cell is empty, so that pandas has 2.0 where the table says 2."""
    new = pandas.DataFrame({"package_id": ["n1", "n2"], "easting": 447000, "northing": 300000, "zone_id": "W1", "band": "urban",
                            "weekly_hours": [3.5, 4], "visits_per_week": 7, "priority": [2, None], "carers": [None, 2]})
    assert new["priority"].dtype == "float64"
    assert len(desk.receive(new, at=DAY + "09:00")) == 2
    queue = desk.queue(at=DAY + "10:00")
    assert queue.loc["n1", "priority"] == 2


def test_a_day__is_that_of_the_command(small, tmp_path):
    twin = Path(shutil.copytree(small, tmp_path / "twin"))
    new = pandas.DataFrame({"package_id": ["n1", "n2"], "easting": 447000, "northing": 300000, "zone_id": "W1", "band": "urban",
                            "weekly_hours": [3.5, 4], "visits_per_week": 7, "priority": [1, 2]})
    visits = pandas.DataFrame({"package_id": ["n1"], "days": "MTWTFSS", "start": "07:30", "end": "09:30", "minutes": 30})
    new.to_csv(tmp_path / "new.csv", index=False)
    visits.to_csv(tmp_path / "visits.csv", index=False)
    given = pandas.DataFrame({"offer_id": ["O000002"], "answer": ["decline"], "reason": ["travel"]})
    given.to_csv(tmp_path / "answers.csv", index=False)
    steps = [  # of the package, of the command
        (lambda d, at: d.receive(new, visits, at=at), ["receive", tmp_path / "new.csv", "--visits", tmp_path / "visits.csv"]),
        (lambda d, at: d.plan(at=at, threads=1).events, ["plan"]),
        (lambda d, at: d.offer("a", at=at), ["offer", "a"]),
        (lambda d, at: d.answer("O000001", True, at=at), ["answer", "O000001", "accept", "--no-plan"]),
        (lambda d, at: d.offer("n1", "P2", "P3", at=at), ["offer", "n1", "--to", "P2,P3"]),
        (lambda d, at: d.answers(given, at=at), ["import", tmp_path / "answers.csv", "--no-plan"]),
        (lambda d, at: d.withdraw("O000003", reason="busy", at=at), ["withdraw", "O000003", "--reason", "busy"]),
        (lambda d, at: d.capacity("P1", 1500, at=at), ["capacity", "P1", "25"]),
        (lambda d, at: d.capacity("P1", 90, part="bed", at=at), ["capacity", "P1", "1.5", "--part", "bed"]),
        (lambda d, at: d.capacity("P1", None, zone="W1", at=at), ["capacity", "P1", "none", "--zone", "W1"]),
        (lambda d, at: d.suspend("a", "c", reason="hospital", at=at), ["suspend", "a", "c", "--reason", "hospital"]),
        (lambda d, at: d.resume("a", at=at), ["resume", "a"]),
        (lambda d, at: d.end("b", at=at), ["end", "b"]),
        (lambda d, at: d.handback("P1", "a", reason="staff", at=at), ["handback", "P1", "a", "--reason", "staff"]),
        (lambda d, at: d.change(new.iloc[:1], visits, at=at), None),
        (lambda d, at: d.note("rang", "n2", at=at), ["note", "rang", "n2"]),
        (lambda d, at: d.offer("d", at=at), ["offer", "d"]),
        (lambda d, at: d.expire(at="2020-12-09"), ["expire"]),
    ]
    new.iloc[:1].to_csv(tmp_path / "changed.csv", index=False)
    run(twin, "init", at=DAY + "08:00")
    with hcbroker.Desk.init(small, at=DAY + "08:00", user="ann") as d:
        for i, (ours, theirs) in enumerate(steps):
            at = "2020-12-09T00:00" if theirs == ["expire"] else f"{DAY}09:{i:02}"
            theirs = theirs or ["change", tmp_path / "changed.csv", "--visits", tmp_path / "visits.csv"]
            events = ours(d, at)
            assert events and events == run(twin, *theirs, at=at), theirs
        with hcbroker.Desk(twin, user="ann") as other:
            assert d.verify() == other.verify() and d.verify()["sound"] and d.events() == other.events()
        queue = d.queue(at="2020-12-10")
        assert list(queue.index) == [r["package_id"] for r in run(twin, "queue", at="2020-12-10", user=False)]
        assert d.log().loc[1, "kind"] == "opened" and set(d.log("n1")["body.package"]) == {"n1"} and len(d.log(last=3)) == 3
        assert d.figures(at="2020-12-10") == run(twin, "figures", at="2020-12-10", user=False)
        assert d.requirements() == run(twin, "export", "--for", "providers", user=False)
        assert d.requirements(csv=True).startswith("offer_id,provider_id,due,district")


def run(folder, *arguments, at=None, user=True):
    words = [os.environ["HCBROKER"], "-C", folder, "--format", "json", "--threads", "1", "desk", *arguments]
    words += ["--at", at] if at else []
    done = subprocess.run([*map(str, words), *(["--user", "ann"] if user else [])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout else []


def test_a_plan__is_a_plan(desk, small):
    plan = desk.plan(at=DAY + "09:00", user="bob")
    assert plan.events[-1]["kind"] == "planned" and plan.events[-1]["user"] == "bob"
    assert len(plan.allocations) == plan.events[-1]["body"]["placed"] and len(plan.items) == 8
    desk.close()
    assert len(plan.allocations.join(plan.items[["detail"]])) == len(plan.allocations)
    with pytest.raises(hcbroker.HcbInvalid, match="closed"):
        desk.queue()


def test_what_the_rules_forbid__is_raised_and_not_written(desk):
    before = desk.events()
    for words, wrong in (("no offer", lambda: desk.answer("O000009", True, at=DAY + "09:00")),
                         ("not known", lambda: desk.offer("nobody", at=DAY + "09:00")),
                         ("backwards", lambda: desk.note("early", at=DAY + "07:00")),
                         ("does not cover", lambda: desk.capacity("P1", 60, zone="W3", at=DAY + "09:00"))):
        with pytest.raises(hcbroker.HcbDataError, match=words) as caught:
            wrong()
        assert isinstance(caught.value, ValueError)
    assert desk.events() == before


def test_a_ledger__goes_out_and_comes_back(desk, small, tmp_path):
    desk.offer("a", at=datetime(2020, 12, 1, 9, tzinfo=timezone.utc))
    (tmp_path / "events.jsonl").write_text(desk.events())
    with hcbroker.Desk.restore(small, tmp_path / "events.jsonl", ledger=tmp_path / "copy.ledger") as copy:
        assert copy.verify() == desk.verify()
    with pytest.raises(hcbroker.HcbDataError, match="there already"):
        hcbroker.Desk.restore(small, tmp_path / "events.jsonl")
    with pytest.raises(FileNotFoundError):
        hcbroker.Desk(small, ledger=tmp_path / "none.ledger")
    assert hcbroker.Workspace(desk.export(tmp_path / "state", at="2020-12-02")).info["packages"] == 7  # an offer takes room


def test_changed_files__are_adopted(desk, small):
    with open(small / "providers.csv", "a", encoding="utf-8") as file:
        file.write("P5,455000,300000,15,75,good,\n")
    with pytest.raises(hcbroker.HcbDataError, match="adopt"):
        hcbroker.Desk(small)
    with hcbroker.Desk(small, inspect=True) as d:
        assert d.adopt(at=DAY + "10:00")[0]["kind"] == "adopted"
    hcbroker.Desk(small).close()


def test_writers__take_turns_or_say_busy(desk, small):
    hold = hcbroker.Desk(small, wait_ms=0)
    with hold:
        def busy():
            import sqlite3
            db = sqlite3.connect(small / "desk.ledger", isolation_level=None)
            db.execute("BEGIN IMMEDIATE")
            return db
        other = busy()
        with pytest.raises(hcbroker.HcbBusy, match="repeat"):
            hold.note("x", at=DAY + "09:00")
        other.execute("ROLLBACK")
        other.close()
    threads = [threading.Thread(target=lambda: [desk.note("n", at=DAY + "10:00") for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(desk.log()[desk.log()["kind"] == "note"]) == 40 and desk.verify()["sound"]
