#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Everybody who waits in a county's morning has a proved reason, and the limits it names are tried: raised in the files by
as much as was said, a new run places the person; left as they are, it does not.

usage: reasons.py HCBROKER QUEUES
"""
import csv, json, os, shutil, subprocess, sys, tempfile


def run(*args):
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300)
    if done.returncode:
        sys.exit('%s exits %d\n%s%s' % (' '.join(args), done.returncode, done.stdout, done.stderr))
    return done.stdout


def rows(path):
    with open(path, newline='') as f:
        return list(csv.DictReader(f))


def write(path, table):
    with open(path, 'w', newline='') as f:
        out = csv.DictWriter(f, table[0].keys(), lineterminator='\n')
        out.writeheader()
        out.writerows(table)


def minutes(cell):
    if ':' in cell:
        hours, rest = cell.split(':')
        return int(hours) * 60 + int(rest)
    return round(float(cell) * 60)


def raise_limit(folder, row, by):
    """Raises one limit by `by` in the file that states it."""
    kind, provider, *rest = row.split('/')
    path = os.path.join(folder, 'coverage.csv' if kind == 'zone' else 'providers.csv')
    column = {'hours': 'capacity_hours', 'zone': 'capacity_hours', 'new': 'max_new_packages'}.get(kind) or 'capacity_' + rest[0]
    table = rows(path)
    changed = 0
    for r in table:
        if r['provider_id'] == provider and (kind != 'zone' or r['zone_id'] == rest[0]):
            more = (int(r[column]) if kind == 'new' else minutes(r[column])) + by
            r[column] = str(more) if kind == 'new' else '%d:%02d' % divmod(more, 60)
            changed += 1
    assert changed == 1, row
    write(path, table)


def placed(program, folder, out, package):
    run(program, '-C', folder, 'allocate', '--out', out)
    return any(r['package_id'] == package for r in rows(os.path.join(out, 'allocations.csv')))


def main():
    program, queues = sys.argv[1], int(sys.argv[2])
    top = tempfile.mkdtemp(prefix='hcbroker-reasons-')
    ws, other, out, plan = (os.path.join(top, name) for name in ('ws', 'other', 'out', 'plan'))
    run(program, 'init', ws)
    waiting = tried = 0
    for seed in range(1, queues + 1):
        run(program, '-C', ws, 'generate', '--scenario', 's1', '--queue', '60', '--seed', str(seed), '--force')
        run(program, '-C', ws, 'allocate', '--out', plan)
        for r in rows(os.path.join(plan, 'waiting.csv')):
            waiting += 1
            told = json.loads(run(program, '-C', ws, '--format', 'json', 'explain', r['package_id'], '--plan', plan))
            assert told['reason'] in ('rule', 'capacity', 'trade') and told['proved'], (seed, r['package_id'], told['reason'])
            if told['reason'] == 'rule':
                assert len(told['providers_left_out']) == 86, (seed, r['package_id'])
            for s in told['smallest_sets']:
                shutil.rmtree(other, ignore_errors=True)
                shutil.copytree(ws, other)
                for limit in s['raises']:
                    raise_limit(other, limit['row'], limit['by'])
                assert placed(program, other, out, r['package_id']), (seed, r['package_id'], s['raises'])
                tried += 1
    shutil.rmtree(top)
    print('%d people wait in %d queues, each with a proved reason; %d raises tried, each places the person' % (waiting, queues, tried))
    return 0 if tried else 1


if __name__ == '__main__':
    sys.exit(main())
