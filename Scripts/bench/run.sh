#!/usr/bin/env bash
# make bench: CPU time and memory of `wsreplay inspect` against a bare libpcap loop and tshark.
# Captures come from the generator in $WSREPLAY_SHARED/bench or ../shared/bench; without it the bundled ones are
# measured. SIZE=30M, PROFILES="chat market bulk deflate" and ROUNDS=3 may be given.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/../packages.sh"
cd "$root"

install_packages "The yardstick" gcc libc6-dev libpcap-dev tshark || true
need_swift
show swift build -c release --product wsreplay
show python3 -B Scripts/bench/measure.py --wsreplay .build/release/wsreplay --size "${SIZE:-30M}" \
    --rounds "${ROUNDS:-3}" --profiles "${PROFILES:-chat market bulk deflate}" \
    --generator "${WSREPLAY_SHARED:-../shared}/bench/make_capture.py"
