#!/usr/bin/env bash
# make conformance: compares wsreplay with recorded truth. The truth is not part of this project: it lies in
# $WSREPLAY_SHARED, or in `shared` beside the clone. Without it that is not compared, which is said, and is no failure.
#
# Each comparison prints `AGREE N of M`. What is known to differ, and why, stands in known-misses.tsv; the run fails when
# anything else differs, and when something of it does not any more. With the truth or without it, tshark reads every
# capture that there is, the generated ones among them, and each disagreement with it must be explained in
# Scripts/evidence/explained.tsv.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/../packages.sh"
cd "$root"

need_swift
title "Building wsreplay"
show swift build -c release --product wsreplay
wsreplay=.build/release/wsreplay
shared=${WSREPLAY_SHARED:-../shared}
captures=()
failed=()
if [ -d "$shared" ]; then
    show python3 -B Scripts/conformance/compare.py "$shared" --wsreplay "$wsreplay" "$@" || failed+=("recorded truth")
    [ ! -d "$shared/captures/captures" ] || captures=(--captures "$shared/captures/captures")
else
    printf '\nSKIPPED: no recorded truth was compared. There is no %s; WSREPLAY_SHARED may name another folder.\n' "$shared"
fi
title "Against tshark"
show python3 -B Scripts/evidence/differ.py --wsreplay "$wsreplay" --generated "${captures[@]}" || failed+=(tshark)
[ ${#failed[@]} -eq 0 ] || fail "disagrees: ${failed[*]}"
