#!/usr/bin/env bash
# The README's second command: every check of this project that needs nothing but a Debian machine.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/packages.sh"
cd "$root"

began=$SECONDS
step() {
    title "$1"
    began=$SECONDS
    shift
    show "$@"
    printf '(%d s)\n' "$((SECONDS - began))"
}

install_packages "The build" "${build_packages[@]}" || exit 2
# What tests compare with. Without them their tests are skipped, and say so.
install_packages "The comparison with real programs" nginx tshark chromium python3-venv || true
need_swift

step "Formatting" swift format lint --strict --parallel --recursive Sources Tests Package.swift
step "Build; a target may import only what Package.swift lets it" \
    swift build --build-tests --explicit-target-dependency-import-check error
step "Unit tests" swift test --skip-build --parallel
step "Every bundled case" .build/debug/wsreplay test Captures
step "Reports in a browser" python3 -B Scripts/check-reports.py .build/debug/wsreplay
step "The scripts" Scripts/check-scripts.sh
printf '\nAll checks passed.\n'
