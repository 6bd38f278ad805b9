#!/usr/bin/env bash
# make damage: captures damaged at random, each number from SEED on another one. Arguments: SEED COUNT.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/../packages.sh"
cd "$root"

need_swift
show swift build -c release --product wsreplay
show python3 -B Scripts/evidence/damage.py --wsreplay .build/release/wsreplay --seed "$1" --count "$2"
