#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# manual.sh PROGRAM FOLDER: the manual pages, compressed, and the completion of bash.
set -eu
program=$1 folder=$2
rm -rf "$folder"
mkdir -p "$folder/man1"
page() { "$program" --manual ${2+"$2"} | gzip -9n >"$folder/man1/$1.1.gz"; }
page hcbroker
"$program" --completion >"$folder/completion"
sed -n "/^_hcbroker_options/,/esac/s/^    '\([^']*\)').*/\1/p" "$folder/completion" | while read -r name; do
    page "hcbroker-$(echo "$name" | tr ' ' -)" "$name"
done
