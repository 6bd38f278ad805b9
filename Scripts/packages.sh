# Sourced by the scripts here: what they need from the machine, and one visible step that installs it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What the build needs. zlib, PCRE2 and libcrypto are found through pkg-config, libpcap by its header.
build_packages=(libpcap-dev zlib1g-dev libpcre2-dev libssl-dev pkg-config)

fail() {
    printf '\n%s: %s\n' "$(basename "$0")" "$1" >&2
    exit "${2:-1}"
}

title() {
    printf '\n== %s\n' "$1"
}

# Runs a command that the reader can copy.
show() {
    printf '$ %s\n' "$*"
    "$@"
}

missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
    done
}

# install_packages REASON PACKAGE…: one apt-get step for what is not there yet. Fails when it cannot be installed.
install_packages() {
    local reason=$1 missing as_root=()
    shift
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        printf 'This is no Debian: nothing is installed. %s needs what Debian calls %s\n' "$reason" "$*"
        return 0
    fi
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    printf '%s needs %s\n' "$reason" "$missing"
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null; then
            printf 'They cannot be installed from here: no root and no sudo. As root, run\n' >&2
            printf '    apt-get install %s\n' "$missing" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    # shellcheck disable=SC2086  # a list of names
    show "${as_root[@]}" sh -c 'apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"' \
        apt-get $missing || {
        printf 'apt-get could not install %s\n' "$missing" >&2
        return 1
    }
}

need_swift() {
    command -v swift >/dev/null || fail "Swift 6.3 or newer is not on the PATH: https://www.swift.org/install/linux/" 2
}
