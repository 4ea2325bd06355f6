#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No justified envy: on many county-sized queues no plan leaves a package in a lower tier, or waiting, while a provider that
may take it has room. The verifier's own check is asked, not the solver.

usage: envy.py HCBROKER QUEUES
"""
import os, re, shutil, subprocess, sys, tempfile


def run(*args):
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=300)
    if done.returncode:
        sys.exit('%s exits %d\n%s%s' % (' '.join(args), done.returncode, done.stdout, done.stderr))
    return done.stdout


def main():
    program, queues = sys.argv[1], int(sys.argv[2])
    folder = tempfile.mkdtemp(prefix='hcbroker-envy-')
    ws, out = os.path.join(folder, 'ws'), os.path.join(folder, 'out')
    run(program, 'init', ws)
    checked = 0
    for seed in range(1, queues + 1):
        run(program, '-C', ws, 'generate', '--scenario', 's1', '--queue', '60', '--spare', '%.2f' % (0.3 + seed % 8 / 10),
            '--seed', str(seed), '--force')
        run(program, '-C', ws, 'allocate', '--out', out)
        report = run(program, '-C', ws, 'verify', out)
        checked += int(re.search(r'first refusal: no better single move is open\s+(\d+)', report).group(1))
    shutil.rmtree(folder)
    print('%d queues, %d single moves looked at, none open' % (queues, checked))


if __name__ == '__main__':
    main()
