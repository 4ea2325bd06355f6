#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# cppcheck.sh ROOT: static analysis of the library and the command. Exit 77 (skipped) when cppcheck is not here.
set -eu
command -v cppcheck >/dev/null || { echo "cppcheck is not installed"; exit 77; }
cd "$1"
exec cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
    --suppressions-list=tests/layout/cppcheck.txt -I libbroker -I include libbroker cli
