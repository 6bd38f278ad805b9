#!/usr/bin/env bash
# The README's second command: every check of this project that needs nothing but a Debian machine.
# A check that fails does not keep the others from running; what failed is named at the end.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/packages.sh"
cd "$root"

failed=()
# step NAME COMMAND…
step() {
    local name=$1 began=$SECONDS
    title "$name"
    shift
    show "$@" || failed+=("$name")
    printf '(%d s)\n' "$((SECONDS - began))"
}

install_packages "The build" "${build_packages[@]}" || exit 2
# What tests compare with. Without them their tests are skipped, and say so.
install_packages "The comparison with real programs" nginx tshark chromium python3-venv || true
need_swift

step "Formatting" swift format lint --strict --parallel --recursive Sources Tests Package.swift
step "Build" swift build --build-tests --explicit-target-dependency-import-check error
[ ${#failed[@]} -eq 0 ] || [ "${failed[-1]}" != Build ] || fail "it does not build"
step "Unit tests" swift test --skip-build --parallel
step "Every bundled case" .build/debug/wsreplay test Captures
step "Generated captures" Scripts/evidence/run.sh
step "Damaged captures" python3 -B Scripts/evidence/damage.py --wsreplay .build/debug/wsreplay --count 150
step "Bundled captures against tshark" python3 -B Scripts/evidence/differ.py --wsreplay .build/debug/wsreplay
step "Reports in a browser" python3 -B Scripts/browser/check.py .build/debug/wsreplay
step "The scripts" Scripts/check-scripts.sh

[ ${#failed[@]} -eq 0 ] || fail "failed: $(printf '%s; ' "${failed[@]}")"
printf '\nAll checks passed.\n'
