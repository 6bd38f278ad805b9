#!/usr/bin/env bash
# make tshark: sets wsreplay beside the tshark of this machine, and writes Documentation/beside-tshark.md.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/../packages.sh"
cd "$root"

install_packages "The comparison with tshark" tshark python3 || exit 2
need_swift
show swift build -c release --product wsreplay
show python3 -B Scripts/evidence/beside.py --wsreplay .build/release/wsreplay --output Documentation/beside-tshark.md
