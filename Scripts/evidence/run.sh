#!/usr/bin/env bash
# Generates captures whose truth is known by construction, and compares what `wsreplay inspect` finds in them with it.
# Arguments are those of check.py; NAME… chooses captures.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/../packages.sh"
cd "$root"

need_swift
[ -x .build/debug/wsreplay ] || show swift build --product wsreplay
show python3 -B Scripts/evidence/check.py --wsreplay .build/debug/wsreplay "$@"
