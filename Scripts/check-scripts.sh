#!/usr/bin/env bash
# Checks the scripts themselves: shell syntax, Python lint, the unit tests of the tools.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/packages.sh"
cd "$root"

for script in .ci/run Scripts/*.sh Scripts/*/*.sh; do
    bash -n "$script"
    [ -x "$script" ] || [ "$script" = Scripts/packages.sh ] || fail "$script is not executable"
done
if command -v shellcheck >/dev/null; then shellcheck -x .ci/run Scripts/*.sh Scripts/*/*.sh; fi

# PyPI's ruff, pinned, in an environment of its own.
venv=.venv-tools
if ! cmp -s Scripts/requirements.txt "$venv/installed.txt"; then
    python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check -r Scripts/requirements.txt \
        && cp Scripts/requirements.txt "$venv/installed.txt" || printf 'SKIPPED: Python lint, ruff cannot be installed\n'
fi
if [ -x "$venv/bin/ruff" ]; then "$venv/bin/ruff" check Scripts; fi

for tool in oracle conformance evidence; do
    python3 -B -m unittest discover --quiet --start-directory "Scripts/$tool/tests" --top-level-directory "Scripts/$tool"
done
printf 'scripts: checked\n'
