#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Alter a plan in one place at a time: `verify` must reject every one.

usage: mutate.py HCBROKER WORKSPACE [--options "ALLOCATE OPTIONS"] [--sample N]

WORKSPACE is a folder; or `county`: the bundled workspace with a queue of 60; or a number: the small random workspace of
brute.py with that seed. Makes a plan of it, sees that `verify` accepts it (also after both JSON files were written again in another
layout), and then alters every cell of the tables and every value of the JSON files, one at a time. --sample N: every
kind of field at least three times, and others to about N in all, instead of every one.
"""
import argparse, copy, csv, io, json, os, random, shutil, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

# Named in docs/verify.md: nothing in a plan depends on them once it is made.
NOT_CHECKED = {('summary.json', 'seconds'), ('summary.json', 'options/gap'), ('summary.json', 'options/work_limit'),
               ('summary.json', 'options/time_limit')}
TABLES = ['allocations.csv', 'waiting.csv']
DOCUMENTS = ['summary.json', 'certificate.json']


def read_table(path):
    with open(path, newline='', encoding='utf-8') as f:
        return list(csv.reader(f))


def table_text(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator='\r\n').writerows(rows)
    return out.getvalue()


def other_values(cell, column):
    """A wrong number, another value of the same column, or no value: whatever makes sense."""
    values = []
    if cell.lstrip('-').isdigit():
        values.append(str(int(cell) + 1))
    else:
        values += [v for v in sorted(set(column)) if v != cell and v][:1] or [cell + 'x']
    if cell:
        values.append('')
    return values


def table_mutations(name, rows):
    """(kind, what was done, new text) of every one."""
    head, body = rows[0], rows[1:]
    for c, title in enumerate(head):
        for r, row in enumerate(body):
            for value in other_values(row[c], [x[c] for x in body]):
                changed = [list(x) for x in body]
                changed[r][c] = value
                yield title, '%s %s: %r -> %r' % (row[0], title, row[c], value), table_text([head] + changed)
        yield 'column', 'without the column ' + title, table_text([[v for i, v in enumerate(x) if i != c] for x in rows])
    for r in range(len(body)):
        yield 'row', 'without row %d' % r, table_text([head] + body[:r] + body[r + 1:])
        yield 'row', 'row %d twice' % r, table_text([head] + body[:r + 1] + body[r:])
    for r in range(len(body) - 1):
        yield 'row', 'rows %d and %d exchanged' % (r, r + 1), table_text(
            [head] + body[:r] + [body[r + 1], body[r]] + body[r + 2:])
    yield 'file', 'empty', ''


def leaves(value, path=()):
    yield path, value
    if isinstance(value, dict):
        for key in value:
            yield from leaves(value[key], path + (key,))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from leaves(item, path + (i,))


def changed_values(value):
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [value + 0.001]
    if isinstance(value, str):
        return [value + 'x']
    if value is None:
        return [1, 'x']
    return []


def document_mutations(name, document):
    for path, value in leaves(document):
        shown = '/'.join(str(p) for p in path)
        if not path or (name, shown) in NOT_CHECKED:
            continue
        kind = '/'.join('*' if isinstance(p, int) else str(p) for p in path)
        if 'multipliers' in path or path[0] == 'plan':  # keys there are ids
            kind = '/'.join('*' if isinstance(p, int) else str(p) for p in path[:-1])
        for new in changed_values(value) + [KeyError]:
            changed = copy.deepcopy(document)
            parent = changed
            for p in path[:-1]:
                parent = parent[p]
            if new is KeyError:
                del parent[path[-1]]
            else:
                parent[path[-1]] = new
            what = 'removed' if new is KeyError else '%r -> %r' % (value, new)
            yield kind, '%s: %s' % (shown, what), json.dumps(changed, indent=1)
    yield 'file', 'empty', ''
    yield 'file', 'not closed', json.dumps(document)[:-1]


def sample(mutations, n, rng):
    by_kind = {}
    for m in mutations:
        by_kind.setdefault((m[0], m[1]), []).append(m)
    chosen, rest = [], []
    for group in by_kind.values():
        rng.shuffle(group)
        chosen += group[:3]
        rest += group[3:]
    rng.shuffle(rest)
    return chosen + rest[:max(0, n - len(chosen))]


def make_workspace(program, name, folder):
    if name == 'county':
        quiet = dict(check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run([program, 'init', folder], **quiet)
        subprocess.run([program, '-C', folder, 'generate', '--scenario', 's1', '--queue', '60'], **quiet)
    else:
        import brute
        os.mkdir(folder)
        brute.write_case(brute.make_case(random.Random(int(name))), folder)
    return folder


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('program')
    parser.add_argument('workspace')
    parser.add_argument('--options', default='')
    parser.add_argument('--sample', type=int, default=0)
    args = parser.parse_args()
    top = tempfile.mkdtemp(prefix='hcbroker-mutate-')
    plan = os.path.join(top, 'plan')
    if args.workspace == 'county' or args.workspace.isdigit():
        args.workspace = make_workspace(args.program, args.workspace, os.path.join(top, 'workspace'))

    def verify(folder):
        done = subprocess.run([args.program, '-C', args.workspace, 'verify', folder], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True)
        return done.returncode, done.stdout + done.stderr

    made = subprocess.run([args.program, '-C', args.workspace, 'allocate', '--out', plan] + args.options.split(),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    code, said = verify(plan) if made.returncode == 0 else (made.returncode, made.stderr)
    if code:
        print('the plan itself is not accepted (exit %d):\n%s' % (code, said))
        return 1
    mutations = []
    for name in TABLES:
        mutations += [(name,) + m for m in table_mutations(name, read_table(os.path.join(plan, name)))]
    again = os.path.join(top, 'again')
    shutil.copytree(plan, again)
    for name in DOCUMENTS:
        with open(os.path.join(plan, name), encoding='utf-8') as f:
            document = json.load(f)
        mutations += [(name,) + m for m in document_mutations(name, document)]
        with open(os.path.join(again, name), 'w', encoding='utf-8') as f:
            json.dump(document, f)
    code, said = verify(again)
    if code:
        print('the plan written in another layout is not accepted:\n' + said)
        return 1
    if args.sample:
        mutations = sample(mutations, args.sample, random.Random(1))

    def attempt(numbered):
        number, (name, _, what, text) = numbered
        folder = os.path.join(top, str(number))
        os.mkdir(folder)
        for other in TABLES + DOCUMENTS:
            if other != name:
                os.symlink(os.path.join(plan, other), os.path.join(folder, other))
        with open(os.path.join(folder, name), 'w', newline='', encoding='utf-8') as f:
            f.write(text)
        code, said = verify(folder)
        shutil.rmtree(folder)
        return None if code == 1 else '%s %s: exit %d\n%s' % (name, what, code, said)

    with ThreadPoolExecutor(max_workers=2) as pool:
        wrong = [w for w in pool.map(attempt, enumerate(mutations)) if w]
    for w in wrong[:20]:
        print(w)
    shutil.rmtree(top)
    print('%d alterations, %d not rejected' % (len(mutations), len(wrong)))
    return 1 if wrong or not mutations else 0


if __name__ == '__main__':
    sys.exit(main())
