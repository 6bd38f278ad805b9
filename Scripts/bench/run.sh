#!/usr/bin/env bash
# make bench: CPU time, wall time and memory of `wsreplay inspect` against a bare libpcap loop and peers, with the
# goals beside them.
# Captures come from the generator in $WSREPLAY_SHARED/bench or ../shared/bench; without it the bundled ones are
# measured. SIZE="30M 300M", PROFILES="chat market bulk deflate" and ROUNDS=3 may be given.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/../packages.sh"
cd "$root"

install_packages "The yardstick" gcc libc6-dev libpcap-dev tcpdump tshark || true
need_swift
show swift build -c release --product wsreplay
show python3 -B Scripts/bench/measure.py --wsreplay .build/release/wsreplay --sizes "${SIZE:-30M 300M}" \
    --rounds "${ROUNDS:-3}" --profiles "${PROFILES:-chat market bulk deflate}" \
    --generator "${WSREPLAY_SHARED:-../shared}/bench/make_capture.py"
