#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The desk against a second, small account of it: the chain and the state are recomputed here from the rows of the ledger.

usage: desk.py HCBROKER DESK_LOAD POLICIES TEST [SIZE]
  rules        every command once, the refusals, who may see what, migration, full disk, read-only folder
  days N       random days of N events: rebuilt state, conserved totals, tampering found and located
  kill N       kill -9 at N random moments
  writers S    four processes on one ledger for S seconds
"""
import hashlib
import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

PROGRAM, LOAD, POLICIES = [os.path.abspath(a) for a in sys.argv[1:4]]
SCHEMA = 3
HERE = os.path.dirname(os.path.abspath(__file__))
CANARY = "Canary Nightingale"
checks = 0


def check(what, good, detail=""):
    global checks
    checks += 1
    if not good:
        sys.exit(f"desk.py: {what}: {detail}")


class Desk:
    """A workspace in a folder of its own."""

    def __init__(self, shape="worcestershire", init=True):
        self.folder = tempfile.mkdtemp(prefix="hcbroker-desk-")
        self.ws = os.path.join(self.folder, "ws")
        self.ledger = os.path.join(self.ws, "desk.ledger")
        shutil.copytree(os.path.join(POLICIES, shape), self.ws)
        if init:
            self("init", at="2020-12-01T08:00")

    def __call__(self, *args, at=None, code=0, form="json", **kwargs):
        command = [PROGRAM, "-C", self.ws, "--format", form, "desk", *args] + (["--at", at] if at else [])
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **kwargs)
        check("exit code of " + " ".join(args), done.returncode == code, f"{done.returncode}, not {code}: {done.stdout}{done.stderr}")
        self.errors = done.stderr
        if form != "json" or code:
            return done.stdout
        return json.loads(done.stdout) if done.stdout else []

    def refused(self, words, *args, at=None, code=3):
        before = self.count()
        self(*args, at=at, code=code)
        check("refusal of " + " ".join(args), words in self.errors, self.errors)
        check("nothing written by " + " ".join(args), self.count() == before)

    def file(self, name, text):
        path = os.path.join(self.ws, name)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def rows(self, sql):
        db = sqlite3.connect(self.ledger, timeout=30)
        try:
            return db.execute(sql).fetchall()
        finally:
            db.close()

    def count(self):
        return self.rows("SELECT COUNT(*) FROM event")[0][0]

    def gone(self):
        shutil.rmtree(self.folder, True)


def chain(rows):
    """The number of events whose hash is what docs/formats.md says."""
    before = "0" * 64
    for seq, at, user, rules, kind, body, digest in rows:
        text = "\n".join([before, str(seq), str(at), user, rules, kind, body])
        if hashlib.sha256(text.encode()).hexdigest() != digest:
            return seq - 1
        before = digest
    return len(rows)


def reduce(rows):
    """Packages and offers as the events make them: the rules of docs/desk.md, written down a second time."""
    people, offers, moves = {}, {}, []

    def settle(p):
        if people[p]["status"] in ("waiting", "offered"):
            live = any(o["package"] == p and o["status"] in ("open", "bid") for o in offers.values())
            people[p]["status"] = "offered" if live else "waiting"

    for seq, at, _, _, kind, text, _ in rows:
        b = json.loads(text)
        p = people.get(b.get("package"))
        if kind == "received":
            check("received once", p is None, b)
            served = b.get("provider")
            people[b["package"]] = {"status": "placed" if served else "waiting", "provider": served, "since": b["since"], "excluded": []}
        elif kind == "offered":
            offers[b["offer"]] = {"package": b["package"], "provider": b["provider"], "status": "open"}
            settle(b["package"])
        elif kind == "accepted":
            check("an open offer is accepted", offers[b["offer"]]["status"] == "open", b)
            offers[b["offer"]]["status"] = "bid"
        elif kind in ("declined", "expired", "withdrawn"):
            offers[b["offer"]]["status"] = kind
            if b.get("exclude") and b["provider"] not in p["excluded"]:
                p["excluded"].append(b["provider"])
            settle(b["package"])
        elif kind == "placed":
            check("nobody is placed twice", p["provider"] is None, b)
            offers[b["offer"]]["status"] = "won"
            p.update(status="placed", provider=b["provider"])
        elif kind == "handed_back":
            check("who hands back served", p["provider"] == b["provider"], b)
            p.update(status="suspended" if p["status"] == "suspended" else "waiting", provider=None, since=at)
            if b["provider"] not in p["excluded"]:
                p["excluded"].append(b["provider"])
        elif kind == "moved":
            check("who is moved was with the one", p["provider"] == b["from"], b)
            p["provider"] = b["provider"]
            moves.append((seq, b["package"]))
        elif kind in ("ended", "suspended"):
            p["status"] = kind
        elif kind == "resumed":
            p["status"] = "placed" if p["provider"] else "waiting"
    return people, offers, moves


EVENTS = "SELECT seq, at, user, rules, kind, body, hash FROM event ORDER BY seq"


def same_state(desk):
    rows = desk.rows(EVENTS)
    check("the chain", chain(rows) == len(rows), chain(rows))
    people, offers, moves = reduce(rows)
    kept = {i: {"status": s, "provider": k, "since": n, "excluded": x.split(";") if x else []}
            for i, s, k, n, x in desk.rows("SELECT id, status, provider, since, excluded FROM package")}
    check("packages", kept == people, [(i, people.get(i), kept.get(i)) for i in kept if kept[i] != people.get(i)][:3])
    kept = {i: {"package": p, "provider": k, "status": s} for i, p, k, s in desk.rows("SELECT id, package, provider, status FROM offer")}
    check("offers", kept == offers)
    check("moves", moves == desk.rows("SELECT seq, package FROM move ORDER BY seq"))
    check("time goes on", all(a[1] <= b[1] for a, b in zip(rows, rows[1:])))
    kinds = [r[4] for r in rows]
    count = kinds.count
    live = [o["status"] for o in offers.values()]
    check("offers conserve", count("offered") == len(offers) == count("declined") + count("expired") + count("withdrawn")
          + live.count("open") + live.count("bid") + live.count("won"))
    taken = sum(1 for r in rows if r[4] == "received" and "provider" in json.loads(r[5]))
    check("people conserve", count("received") == len(people))
    served = sum(1 for p in people.values() if p["provider"])
    check("placements conserve", taken + count("placed") - count("handed_back") == served, (taken, count("placed"), count("handed_back"), served))
    return rows


PACKAGES = "package_id,easting,northing,zone_id,band,weekly_hours,visits_per_week,priority,note\n"


def commands():
    d = Desk()
    check("permissions", os.stat(d.ledger).st_mode & 0o777 == 0o600)
    d("plan", at="2020-12-01T08:05")
    queue = d("queue", at="2020-12-01T09:00")
    check("queue", [r["package_id"] for r in queue][:2] == ["h", "a"] and queue[0]["days_waiting"] == 15 and queue[0]["priority_counted"] == 2, queue[:2])
    check("what is next", queue[1]["next"].startswith("offer to "), queue[1])
    new = d.file("new.csv", PACKAGES + f"n1,447000,300000,W1,urban,3.5,7,1,{CANARY}\nn2,453000,300000,W2,urban,3.5,7,2,{CANARY}\n")
    visits = d.file("new-visits.csv", "package_id,days,start,end,minutes\nn1,MTWTFSS,07:30,09:30,30\n")
    d("receive", new, "--visits", visits, at="2020-12-01T09:00")
    d.refused("has this package already", "receive", new, at="2020-12-01T09:01")
    bad = d.file("bad.csv", PACKAGES + "n3,447000,300000,W9,urban,2,7,1,\nn4,447000,300000,W1,urban,-2,7,9,\n")
    d.refused("bad.csv:2", "receive", bad, at="2020-12-01T09:01")
    check("every problem at once", "bad.csv:3" in d.errors and d.errors.count("error:") >= 3, d.errors)
    d.refused("does not know this package", "change", d.file("x.csv", PACKAGES + "zz,447000,300000,W1,urban,2,7,1,\n"), at="2020-12-01T09:01")
    offered = d("offer", "n1", at="2020-12-01T09:02")[0]["body"]
    d.refused("is offered", "offer", "n1", at="2020-12-01T09:03")
    d.refused("zone_not_covered", "offer", "n2", "--to", "P4", at="2020-12-01T09:03")
    d.refused("is not known", "offer", "n2", "--to", "P9", at="2020-12-01T09:03")
    d.refused("there is no offer", "answer", "O000099", "accept", at="2020-12-01T09:03")
    d.refused("gives a reason", "answer", "O000001", "decline", at="2020-12-01T09:03")
    d.refused("is not a reason", "answer", "O000001", "decline", "--reason", CANARY, at="2020-12-01T09:03")
    d.refused("only tenders", "answer", "O000001", "accept", "--price", "3", at="2020-12-01T09:03")
    d.refused("clock runs backwards", "answer", "O000001", "accept", at="2020-12-01T09:00")
    d.refused("expired at", "answer", "O000001", "accept", at="2020-12-05T09:00")
    d("capacity", offered["provider"], "0", at="2020-12-01T09:04")
    d.refused("no room", "answer", "O000001", "accept", at="2020-12-01T09:05")
    check("the row is named", "hours/" + offered["provider"] in d.errors, d.errors)
    d("capacity", offered["provider"], "30", at="2020-12-01T09:06")
    d("answer", "O000001", "accept", at="2020-12-01T09:07")
    d.refused("not open any more", "answer", "O000001", "accept", at="2020-12-01T09:08")
    d.refused("not served by", "handback", "P4", "n1", at="2020-12-01T09:08")
    d.refused("is not among", "capacity", "P9", "3", at="2020-12-01T09:08")
    d("suspend", "n1", "--reason", CANARY, at="2020-12-01T10:00")
    d.refused("suspended already", "suspend", "n1", at="2020-12-01T10:00")
    d("resume", "n1", at="2020-12-01T10:01")
    d("handback", offered["provider"], "n1", "--reason", CANARY, at="2020-12-01T10:02")
    d("note", CANARY, "n1", "--user", "Broker " + CANARY, at="2020-12-01T10:03")
    second = d("offer", "n1", at="2020-12-01T10:04")[0]["body"]
    check("not the one who handed back", second["provider"] != offered["provider"], second)
    d("change", new, at="2020-12-01T10:05")
    check("a change takes the offer back", d.rows("SELECT status FROM offer WHERE id='O000002'") == [("withdrawn",)])
    both = d("offer", "n1", "--to", "P2,P3", at="2020-12-01T10:06") if offered["provider"] == "P1" else []
    check("two at once", [e["body"]["mode"] for e in both] == ["parallel", "parallel"], both)
    answers = d.file("answers.csv", "offer_id,answer,reason,price\nO000003,decline,price,\nO000004,accept,,\n")
    wrong = d.file("wrong.csv", "offer_id,answer,reason,price\nO000004,accept,,\nO000077,accept,,\n")
    d.refused("wrong.csv:3", "import", wrong, at="2020-12-01T10:07")
    exported = [d("export", "--for", "providers", form=f) if f == "csv" else json.dumps(d("export", "--for", "providers")) for f in ("csv", "json")]
    d("import", answers, at="2020-12-01T10:07")
    check("an answers file", d.rows("SELECT provider, status FROM package WHERE id='n1'") == [("P3", "placed")], d.rows("SELECT provider, status FROM package WHERE id='n1'"))
    d("withdraw", d("offer", "n2", at="2020-12-01T10:08")[0]["body"]["offer"], "--reason", CANARY, at="2020-12-01T10:08")
    d("end", "b", "c", "--reason", CANARY, at="2020-12-01T10:09")
    d.refused("has ended", "end", "b", at="2020-12-01T10:09")
    exported += [d("figures", "--public", at="2020-12-02", form=f) if f != "json" else json.dumps(d("figures", "--public", at="2020-12-02")) for f in ("text", "csv", "json")]
    exported.append(d("export", "--for", "public", at="2020-12-02", form="text"))
    check("the name is in the ledger", CANARY in json.dumps(d("log")))
    for text in exported:
        check("no name goes out", "anary" not in text and "ightingale" not in text and "n1" not in text and "447000" not in text, text)
    check("what goes out", exported[0].splitlines()[0] == "offer_id,provider_id,due,district,weekly_hours,needs,weekly_price,days,start,end,minutes,carers,time_critical", exported[0])
    figures = d("figures", "--out", os.path.join(d.folder, "figures"), at="2020-12-02")
    with open(os.path.join(d.folder, "figures", "desk.json"), encoding="utf-8") as f:
        check("desk.json", json.load(f) == figures and figures["kind"] == "desk" and figures["placed"] == 2 and figures["placed_at_first_offer"] == 1, figures)
    same_state(d)
    check("sound", "sound" in d("verify", form="text"))
    workspace = os.path.join(d.folder, "out")
    d("export", "--out", workspace, at="2020-12-02")
    plan = d("plan", "--out", os.path.join(d.folder, "plan"), at="2020-12-02T08:00")
    done = subprocess.run([PROGRAM, "-C", workspace, "verify", os.path.join(d.folder, "plan")], capture_output=True, text=True, check=False)
    check("the exported state is what was planned on, by the checker", done.returncode == 0, done.stdout + done.stderr + str(plan[0]["body"]["inputs_sha256"]))
    round_trip(d)
    d.gone()


def own_visits():
    """Visits of people with an offer or at rest are in nobody's way."""
    d = Desk()
    new = d.file("new.csv", PACKAGES + "n1,447000,300000,W1,urban,3.5,7,1,\nn2,453000,300000,W2,urban,3.5,7,2,\n")
    visits = d.file("new-visits.csv", "package_id,days,start,end,minutes\nn1,MTWTFSS,07:30,09:30,30\nn2,MTWTFSS,07:30,09:30,30\n")
    d("receive", new, "--visits", visits, at="2020-12-01T09:00")
    d("offer", "n1", at="2020-12-01T09:00")
    d("offer", "n2", at="2020-12-01T09:00")
    d("answer", "O000002", "accept", at="2020-12-01T09:01")
    check("beside an offer", d.rows("SELECT status FROM package WHERE id = 'n2'") == [("placed",)])
    d("suspend", "n1", at="2020-12-01T09:02")
    d("offer", "a", at="2020-12-01T09:03")
    d("plan", at="2020-12-01T09:04")
    d.gone()


def capacity_in_parts():
    """Hours stated for a zone and for a part of the day hold beside those in all, until they are taken back."""
    d = Desk()
    new = d.file("new.csv", PACKAGES + "n1,447000,300000,W1,urban,3.5,7,1,\nn2,447000,300000,W1,urban,7,7,1,\n")
    visits = d.file("new-visits.csv", "package_id,days,start,end,minutes\nn1,MTWTFSS,07:30,09:30,30\nn2,MTWTFSS,07:30,09:30,60\n")
    d("receive", new, "--visits", visits, at="2020-12-01T09:00")
    d.refused("does not cover the zone", "capacity", "P1", "3", "--zone", "W3", at="2020-12-01T09:00")
    d.refused("no part of the day", "capacity", "P1", "3", "--part", "noon", at="2020-12-01T09:00")
    d("capacity", "P1", "none", at="2020-12-01T09:00", code=2)
    d("capacity", "P1", "3", "--zone", "W1", "--part", "bed", at="2020-12-01T09:00", code=2)
    d("capacity", "P1", "3.5", "--zone", "W1", at="2020-12-01T09:01")
    d.refused("no room", "offer", "n2", "--to", "P1", at="2020-12-01T09:02")
    check("the zone is named", "zone/P1/W1" in d.errors, d.errors)
    d("offer", "n1", "--to", "P1", at="2020-12-01T09:02")
    said = d("capacity", "P1", "3", "--part", "morning", at="2020-12-01T09:03")[0]["body"]
    check("what was said", said == {"provider": "P1", "part": "morning", "minutes": 180, "spare": 180}, said)
    d.refused("no room", "answer", "O000001", "accept", at="2020-12-01T09:04")
    check("the part of the day is named", "block/P1/morning" in d.errors, d.errors)
    d("capacity", "P1", "4", "--part", "morning", at="2020-12-01T09:05")
    d("answer", "O000001", "accept", at="2020-12-01T09:06")
    check("what is left of both", [d("capacity", "P1", "5", *o, at="2020-12-01T09:07")[0]["body"]["spare"] for o in (("--part", "morning"), ("--part", "bed"), ("--zone", "W1"), ())] == [90, 300, 90, 90])
    check("each is kept", d.rows("SELECT zone, part, minutes FROM capacity ORDER BY zone, part") == [("", "", 300), ("", "bed", 300), ("", "morning", 300), ("W1", "", 300)])
    d("capacity", "P1", "15", at="2020-12-01T09:08")
    figures = next(p for p in d("figures", at="2020-12-02")["by_provider"] if p["provider_id"] == "P1")
    check("the figure is that in all", figures["stated_minutes"] == 900 and figures["stated_spare_minutes"] == 690, figures)
    workspace = os.path.join(d.folder, "out")
    d("export", "--out", workspace, at="2020-12-02")
    with open(os.path.join(workspace, "coverage.csv"), encoding="utf-8") as f:
        check("in coverage.csv", "P1,W1,prime,5:00" in f.read().splitlines())
    with open(os.path.join(workspace, "providers.csv"), encoding="utf-8") as f:
        check("in providers.csv", f.readline().strip().endswith("capacity_morning,capacity_bed"))
    d("plan", "--out", os.path.join(d.folder, "plan"), at="2020-12-02T08:00")
    done = subprocess.run([PROGRAM, "-C", workspace, "verify", os.path.join(d.folder, "plan")], capture_output=True, text=True, check=False)
    check("the exported state is what was planned on", done.returncode == 0, done.stdout + done.stderr)
    for where in (("--zone", "W1"), ("--part", "morning")):
        d("capacity", "P1", "none", *where, at="2020-12-03T09:00")
    d("offer", "n2", "--to", "P1", at="2020-12-03T09:01")
    same_state(d)
    check("sound", "sound" in d("verify", form="text"))
    round_trip(d)
    d.gone()


def what_people_type():
    """Lists, hours and money are taken whole and exactly, or refused before anything is written."""
    d = Desk()
    now = "2020-12-01T09:00"
    d.refused("the value is empty", "offer", "a", "--to", "", at=now, code=2)
    for nobody in (",", ";,"):
        d.refused("0 providers are named", "offer", "a", "--to", nobody, at=now, code=2)
    d.refused("65 providers are named", "offer", "a", "--to", ",".join(f"P{n}" for n in range(1, 66)), at=now, code=2)
    d.refused('"P12" is not known', "offer", "a", "--to", "," * 4093 + "P12", at=now)
    check("a long list", [e["body"]["provider"] for e in d("offer", "a", "--to", "," * 5000 + "P2;P3", at=now)] == ["P2", "P3"])
    for hours in ("14.51", "12:61", "0x10", "1e2", "nan", "", "14.", ":30", "1:5", "100000:01", "100001"):
        d.refused("from 0:00 to 100000:00", "capacity", "P1", hours, at=now, code=2)
    for hours, minutes in (("14:20", 860), ("14.33", 860), ("14.5", 870), (".5", 30), ("0", 0), ("100000", 6000000)):
        said = d("capacity", "P1", hours, at=now)[0]["body"]
        check("hours " + hours, said["minutes"] == minutes, said)
    same_state(d)
    d.gone()
    d = Desk("staffordshire")
    d("offer", "Q1", at=now)
    for price, words in (("10.999", "has too many decimals"), ("1e-9", "is not pounds"), ("0.000000001", "has too many decimals"), ("10.", "is not pounds"),
                         ("1000000.01", "from 0.00 to 1000000.00"), ("0x10", "is not pounds"), ("", "the value is empty")):
        d.refused(words, "answer", "O000001", "accept", "--price", price, at=now, code=2)
    for offer, price, pence in (("O000001", "199.9", 19990), ("O000002", "199", 19900), ("O000003", "200.07", 20007)):
        check("a bid of " + price, d("answer", offer, "accept", "--price", price, "--no-plan", at=now)[0]["body"]["price"] == pence)
    same_state(d)
    d.gone()


def nothing_is_written_over():
    """A workspace goes into a new or an empty folder, whatever that folder is called."""
    d = Desk()
    with open(os.path.join(d.ws, "hcbroker.yaml"), encoding="utf-8") as f:
        before = f.read()
    link, new, empty = (os.path.join(d.folder, name) for name in ("link", "new", "empty"))
    os.symlink(d.ws, link)
    os.mkdir(empty)
    for folder in (d.ws, os.path.join(d.ws, "."), link):
        d.refused("is not empty", "export", "--out", folder, code=2)
    d.refused("is a file", "export", "--out", os.path.join(d.ws, "hcbroker.yaml"), code=2)
    with open(os.path.join(d.ws, "hcbroker.yaml"), encoding="utf-8") as f:
        check("the workspace stays", f.read() == before)
    for folder in (new, empty):
        d("export", "--out", folder)
        d.refused("is not empty", "export", "--out", folder, code=2)
    d.gone()


def unknown_names():
    """A name that nobody has is said to be none; a provider of whom there is nothing yet is no error."""
    d = Desk()
    for subject in ("NOSUCH", "O000001", ""):
        d.refused(f'there is no package, offer or provider "{subject}"', "log", subject)
    d.refused('provider "NOSUCH" is not among those of providers.csv', "export", "--for", "providers", "--provider", "NOSUCH")
    check("nothing of it yet", d("log", "P1") == [] and d("export", "--for", "providers", "--provider", "P1") == [])
    d("offer", "a", "--to", "P1", at="2020-12-01T09:00")
    check("what is known", all(len(d("log", subject)) >= 1 for subject in ("a", "O000001", "P1")))
    d.refused("from 1 to", "log", "--last", "0", code=2)
    check("the last", len(d("log", "--last", "1")) == 1)
    d("verify", form="csv", code=2)
    check("what verify prints", "--format is text or json" in d.errors, d.errors)
    d.gone()


def what_is_imported():
    """A file that cannot be read is named first; events give what desk verify says of the new ledger."""
    d = Desk()
    events, missing = os.path.join(d.folder, "events.jsonl"), os.path.join(d.ws, "missing.jsonl")
    d("export", "--for", "events", "--out", events)
    found = d("verify")
    os.remove(d.ledger)
    for path in (missing, d.ws):
        d("import", path, code=5)
        check("what cannot be read", f"{path} cannot be read" in d.errors and "init" not in d.errors, d.errors)
    d("import", events, at="garbage", code=2)
    d("import", events, form="csv", code=2)
    check("nothing is made", not os.path.exists(d.ledger))
    check("the result", d("import", events, at="2020-12-01T09:00") == found and found["sound"], found)
    os.remove(d.ledger)
    check("the result in words", found["head"] in d("import", events, form="text"))
    d.gone()


def county():
    """Of a plan: its limits hold after an answer too, and one that is stopped leaves the ledger as it was."""
    d = Desk(init=False)
    shutil.rmtree(d.ws)
    subprocess.run([PROGRAM, "init", d.ws], check=True, capture_output=True)
    subprocess.run([PROGRAM, "-C", d.ws, "generate", "--scenario", "s1", "--queue", "200", "--spare", "0.3"], check=True, capture_output=True)
    d("init", at="2020-12-01T08:00")
    d("offer", "Q000001", at="2020-12-01T08:00")
    begun = d.ledger + ".begun"
    shutil.copy(d.ledger, begun)

    def planned(*commands):
        shutil.copy(begun, d.ledger)
        for command in commands:
            d(*command, at="2020-12-01T09:00")
        return d("log", "--last", "1")[0]["body"]["sha256"]

    answer = ("answer", "O000001", "accept")
    little = planned((*answer, "--no-plan"), ("plan", "--work-limit", "1"))
    check("a plan with little work", planned((*answer, "--work-limit", "1")) == little)
    check("is not that with much", planned(answer) != little)
    check("a plan that may be far off", planned((*answer, "--gap", "1")) == planned((*answer, "--no-plan"), ("plan", "--gap", "1")) != planned(answer))
    shutil.copy(begun, d.ledger)
    d(*answer, "--gap", "0", "--work-limit", str(10**15), "--time-limit", "0.3", at="2020-12-01T10:00")
    before = d.rows(EVENTS)
    plan = subprocess.Popen([PROGRAM, "-C", d.ws, "--gap", "0", "--work-limit", str(10**15), "desk", "plan", "--at", "2020-12-01T10:00",
                             "--out", os.path.join(d.folder, "plan")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2)
    plan.send_signal(signal.SIGINT)
    out, errors = plan.communicate(timeout=30)
    check("a plan that is stopped", plan.returncode == 130 and ("interrupted" in errors or "cancelled" in errors) and not out, (plan.returncode, out, errors))
    check("nothing of it stays", d.rows(EVENTS) == before and not os.path.exists(os.path.join(d.folder, "plan")))
    same_state(d)
    d.gone()


def month(bound):
    """One person, moved to the better secondary: to the prime, when that has room, not within the days of the policy, then yes."""
    d = Desk(init=False)
    if bound:
        with open(os.path.join(d.ws, "policy.yaml"), "a", encoding="utf-8") as f:
            f.write("moves: {per_person: 1, days: 30}\n")
    d("init", at="2020-12-01T08:00")
    d("end", *"bcdefgh", at="2020-12-01T08:00")
    d("capacity", "P1", "0", at="2020-12-01T09:00")
    d("offer", "a", "--to", "P2", at="2020-12-01T09:00")
    d("answer", "O000001", "accept", at="2020-12-01T09:00")
    moved = [e["body"] for e in d("plan", "--replan", "1", "--move", at="2020-12-01T10:00") if e["kind"] == "moved"]
    check("moved once", [(m["package"], m["from"], m["provider"]) for m in moved] == [("a", "P2", "P3")], moved)
    d("capacity", "P1", "15", at="2020-12-02T09:00")
    for at, allowed in (("2020-12-02T10:00", not bound), ("2020-12-30T10:00", False), ("2020-12-31T11:00", bound)):
        kinds = [e["kind"] for e in d("plan", "--replan", "1", "--move", at=at)]
        check(f"moved at {at}", kinds.count("moved") == allowed, kinds)
    same_state(d)
    d.gone()


def round_trip(d):
    events = os.path.join(d.folder, "events.jsonl")
    d("export", "--for", "events", "--out", events, form="text")
    other = os.path.join(d.folder, "other.ledger")
    d("import", events, "--ledger", other, form="text")
    a, b = sqlite3.connect(d.ledger), sqlite3.connect(other)
    for table in ("package", "offer", "capacity", "plan", "move", "event", "meta"):
        check("imported " + table, a.execute(f"SELECT * FROM {table}").fetchall() == b.execute(f"SELECT * FROM {table}").fetchall())
    a.close()
    b.close()
    d("import", events, "--ledger", other, form="text", code=3)
    with open(events, encoding="utf-8") as f:
        lines = f.readlines()
    with open(events, "w", encoding="utf-8") as f:
        f.writelines(lines[:10] + [lines[11], lines[10]] + lines[12:])
    d("import", events, "--ledger", os.path.join(d.folder, "third.ledger"), form="text", code=3)
    check("where an import breaks", "events.jsonl:11" in d.errors, d.errors)


def strangers():
    """Ledgers that are not this workspace's, not this program's, or too new; and one of the first schema."""
    d, other = Desk(), Desk("staffordshire", init=False)
    shutil.copy(d.ledger, other.ledger)
    other("queue", code=3, form="text")
    check("another workspace is named", "another workspace" in other.errors and "One prime" in other.errors, other.errors)
    with open(os.path.join(d.ws, "providers.csv"), "a", encoding="utf-8") as f:
        f.write("P5,455000,300000,15,75,good,\n")
    d("queue", code=3, form="text")
    check("changed files are named", "desk adopt" in d.errors, d.errors)
    d("adopt", at="2020-12-01T09:00")
    d("queue", at="2020-12-01T09:00")
    db = sqlite3.connect(d.ledger)
    db.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    db.close()
    d("queue", code=3, form="text")
    check("a newer schema is named", f"schema {SCHEMA + 1}" in d.errors, d.errors)
    with open(other.ledger, "w", encoding="utf-8") as f:
        f.write("this is no database, but long enough to be looked at as one" * 30)
    other("queue", code=3, form="text")
    os.remove(other.ledger)
    db = sqlite3.connect(other.ledger)
    db.execute("CREATE TABLE t(x)")
    db.close()
    other("queue", code=3, form="text")
    other("init", code=3, form="text")
    check("a foreign file stays", sqlite3.connect(other.ledger).execute("SELECT COUNT(*) FROM t").fetchone() == (0,))
    other.gone()
    d.gone()
    for schema in range(1, SCHEMA):
        migration(schema)


def migration(schema):
    d = Desk(init=False)
    with open(os.path.join(HERE, f"desk_v{schema}.sql"), encoding="utf-8") as f:
        db = sqlite3.connect(d.ledger)
        db.executescript(f.read())
        check("the old schema", db.execute("PRAGMA user_version").fetchone() == (schema,))
        before = db.execute(EVENTS).fetchall()
        db.close()
    check("sound after migration", "sound" in d("verify", form="text"))
    check("the new schema", d.rows("PRAGMA user_version") == [(SCHEMA,)])
    check("no event is touched", same_state(d) == before)
    check("subjects", d.rows("SELECT COUNT(*) FROM event WHERE subject = 'a'")[0][0] >= 3)
    d("adopt", at="2030-01-01")
    d("note", "after", at="2030-01-01")
    same_state(d)
    d.gone()


def no_room_on_disk():
    d = Desk()

    def limited(size):
        def apply():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        return apply

    for size in (0, 100, 4000, 5000, 9000):
        before = d.rows(EVENTS)
        d("offer", "a", at="2020-12-01T09:00", code=5, preexec_fn=limited(size), restore_signals=False)
        check("a full disk is named", "ledger" in d.errors, d.errors)
        check("nothing half written", d.rows(EVENTS) == before)
        check("sound after a full disk", "sound" in d("verify", form="text"))
    d("offer", "a", at="2020-12-01T09:00")
    if os.geteuid() == 0:
        for path, _, files in os.walk(d.folder):
            os.chown(path, 65534, 65534)
            for name in files:
                os.chown(os.path.join(path, name), 65534, 65534)
    user = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    os.chmod(d.ws, 0o555)
    d("note", "x", at="2020-12-01T10:00", code=5, **user)
    check("a read-only folder is named", "desk.ledger" in d.errors, d.errors)
    d("init", "--ledger", os.path.join(d.ws, "new.ledger"), at="2020-12-01T10:00", code=5, **user)
    os.chmod(d.ws, 0o755)
    check("sound after a read-only folder", "sound" in d("verify", form="text"))
    d.gone()


def busy():
    d = Desk()
    db = sqlite3.connect(d.ledger, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    began = time.time()
    d("note", "x", "--wait", "0.2", at="2020-12-01T10:00", code=4)
    check("busy says so", "busy" in d.errors and "repeat" in d.errors and time.time() - began < 20, d.errors)
    d("queue", at="2020-12-01T10:00")
    db.execute("ROLLBACK")
    db.close()
    d("note", "x", at="2020-12-01T10:00")
    same_state(d)
    d.gone()


def load(desk, *args):
    done = subprocess.run([LOAD, desk.ws, *map(str, args)], capture_output=True, text=True, timeout=1500, check=False)
    check("desk_load", done.returncode == 0, done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def tamper(desk, rows, rng):
    """Alters, drops or swaps; gives the first event that no longer stands."""
    n, db = len(rows), sqlite3.connect(desk.ledger)
    i, how = rng.randrange(1, n + 1), rng.choice(["alter", "rehash", "drop", "swap", "end"])
    if how in ("alter", "rehash"):
        column = rng.choice(["body", "user", "kind", "rules", "at"])
        row = dict(zip(["seq", "at", "user", "rules", "kind", "body", "hash"], rows[i - 1]))
        row[column] = row[column] + 1 if column == "at" else row[column][:-1] + ("x" if row[column][-1] != "x" else "y")
        if how == "rehash":
            before = rows[i - 2][6] if i > 1 else "0" * 64
            row["hash"] = hashlib.sha256("\n".join([before, *(str(row[c]) for c in ("seq", "at", "user", "rules", "kind", "body"))]).encode()).hexdigest()
        db.execute(f"UPDATE event SET {column} = ?, hash = ? WHERE seq = ?", (row[column], row["hash"], i))
        where = {i} if how == "alter" else {i, i + 1}
    elif how == "drop":
        db.execute("DELETE FROM event WHERE seq = ?", (i,))
        where = {i}
    elif how == "end":
        db.execute("DELETE FROM event WHERE seq = ?", (n,))
        where = {n}
    else:
        j = rng.randrange(1, n + 1)
        while j == i:
            j = rng.randrange(1, n + 1)
        for a, b in ((i, j), (j, i)):
            db.execute("UPDATE event SET at=?, user=?, rules=?, kind=?, body=?, hash=? WHERE seq=?", (*rows[a - 1][1:], b))
        where = {min(i, j)}
    db.commit()
    db.close()
    return how, where


def days(events):
    d = Desk()
    figures = load(d, "--events", events, "--seed", 7)
    rows = same_state(d)
    check("as many events", len(rows) >= events)
    check("sound", d("verify")["sound"])
    again = Desk()
    load(again, "--events", 300, "--seed", 7)
    repeated = again.rows(EVENTS)
    check("the same seed, the same days", len(repeated) >= 300 and repeated == rows[:len(repeated)])
    again.gone()
    db = sqlite3.connect(d.ledger)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    whole, rng = d.ledger + ".whole", random.Random(11)
    shutil.copy(d.ledger, whole)
    trials = 30 if events < 1000 else 60
    for _ in range(trials):
        shutil.copy(whole, d.ledger)
        how, where = tamper(d, rows, rng)
        found = json.loads(d("verify", code=1) or "{}")
        named = [int(w) for w in found["finding"].split() if w.isdigit()][:1]
        check(f"{how} is found and located", not found["sound"] and set(named) <= where and named, (how, where, found))
    for table, column in (("package", "status"), ("offer", "provider"), ("package", "excluded"), ("plan", "provider")):
        shutil.copy(whole, d.ledger)
        db = sqlite3.connect(d.ledger)
        key = db.execute(f"SELECT * FROM {table} LIMIT 1").fetchone()
        if key:
            db.execute(f"UPDATE {table} SET {column} = 'P77' WHERE {'package' if table == 'plan' else 'id'} = ?", key[:1])
            db.commit()
        db.close()
        if key:
            found = json.loads(d("verify", code=1) or "{}")
            check("an altered state is found", str(key[0]) in found["finding"] and column in found["finding"], found)
    print(f"{len(rows)} events ({figures['calls']} calls, {figures['refused']} refused), {trials} tamperings located")
    d.gone()


def kill(times):
    rng, d, acknowledged, lost = random.Random(5), None, 0, 0
    for n in range(times):
        if n % 50 == 0:
            if d:
                same_state(d)
                d.gone()
            d = Desk()
        with subprocess.Popen([LOAD, d.ws, "--seconds", "60", "--seed", str(n + 1), "--ack"], stdout=subprocess.PIPE, text=True) as p:
            first = p.stdout.readline()  # from here on it writes
            time.sleep(rng.random() * 0.3)
            p.kill()
            lines = [first] + [line for line in p.stdout.read().splitlines(True) if line.endswith("\n")]
        last = int(lines[-1]) if lines else 0
        acknowledged += len(lines)
        found = d("verify")
        check(f"sound after kill {n + 1}", found["sound"], found)
        check(f"nothing acknowledged is lost by kill {n + 1}", found["events"] >= last, (found, last))
    same_state(d)
    d.gone()
    print(f"{times} kills, {acknowledged} calls acknowledged, {lost} lost")


def writers(seconds):
    d = Desk()
    procs = [subprocess.Popen([LOAD, d.ws, "--seconds", str(seconds), "--seed", str(s)], stdout=subprocess.PIPE, text=True) for s in range(1, 5)]
    results = []
    for p in procs:
        out, _ = p.communicate(timeout=seconds * 4 + 120)
        check("a writer", p.returncode == 0, out)
        results.append(json.loads(out.splitlines()[-1]))
    rows = same_state(d)
    check("sound", d("verify")["sound"])
    total = {k: sum(r[k] for r in results) for k in ("calls", "refused", "busy")}
    check("all wrote", all(r["calls"] > r["refused"] + r["busy"] for r in results), results)
    print(f"4 writers, {seconds} s: {total['calls']} calls, {total['refused']} refused by the rules, {total['busy']} busy, {len(rows)} events, "
          f"{len(rows) / seconds:.0f} events/s")
    d.gone()


def main():
    test, size = sys.argv[4], int(sys.argv[5]) if len(sys.argv) > 5 else 0
    if test == "rules":
        commands()
        own_visits()
        capacity_in_parts()
        what_people_type()
        nothing_is_written_over()
        unknown_names()
        what_is_imported()
        county()
        month(True)
        month(False)
        strangers()
        no_room_on_disk()
        busy()
    else:
        {"days": days, "kill": kill, "writers": writers}[test](size)
    print(f"{checks} checks")


if __name__ == "__main__":
    main()
