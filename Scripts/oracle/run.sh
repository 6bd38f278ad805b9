#!/usr/bin/env bash
# make oracle: the model against the nginx of this machine, on random configurations. Arguments: SEED COUNT.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/../packages.sh"
cd "$root"

install_packages "The oracle" nginx iproute2 util-linux python3 || true
need_swift
show swift build --product wsreplay
show python3 -B Scripts/oracle/compare.py --seed "$1" --count "$2" --may-skip --wsreplay .build/debug/wsreplay
