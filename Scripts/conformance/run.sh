#!/usr/bin/env bash
# make conformance: compares wsreplay with recorded truth. The truth is not part of this project: it lies in
# $WSREPLAY_SHARED, or in `shared` beside the clone. Without it nothing is compared, which is said, and is no failure.
#
# Each comparison prints `AGREE N of M`. What is known to differ, and why, stands in known-misses.tsv; the run fails when
# anything else differs, and when something of it does not any more.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/../packages.sh"
cd "$root"

shared=${WSREPLAY_SHARED:-../shared}
if [ ! -d "$shared" ]; then
    printf '\nSKIPPED: no conformance was checked. There is no %s; WSREPLAY_SHARED may name another folder.\n' "$shared"
    exit 0
fi
need_swift
title "Building wsreplay"
show swift build -c release --product wsreplay
show python3 -B Scripts/conformance/compare.py "$shared" --wsreplay .build/release/wsreplay "$@"
