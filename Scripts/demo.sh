#!/usr/bin/env bash
# The README's first command: builds wsreplay and replays bundled captures through configurations that work and
# that do not. The broken ones end with status 1, which is what they are here to show; this script ends with 0
# only when every replay ends as it must.
set -euo pipefail
# shellcheck source=Scripts/packages.sh
source "$(dirname "$0")/packages.sh"
cd "$root"

# Unoptimised: it takes less than half of the time to build, and the bundled captures are small.
configuration=${WSREPLAY_DEMO_CONFIGURATION:-debug}
wrong=0

# replay EXPECTED-STATUS CAPTURE CASE SENTENCE
replay() {
    local expected=$1 capture=$2 case=$3 status=0 report=(--html "Reports/$3.html")
    title "$4"
    # A configuration that is refused replays nothing, so there is nothing to report on.
    [ "$expected" -ne 2 ] || report=()
    show "$wsreplay" replay "Captures/$capture/capture.pcap" --proxy "Captures/$case/nginx.conf" "${report[@]}" ||
        status=$?
    if [ "$status" -eq "$expected" ]; then
        printf '(exit status %d, as it must be)\n' "$status"
    else
        printf '(exit status %d, but %d was expected: this is a bug of wsreplay)\n' "$status" "$expected"
        wrong=1
    fi
}

install_packages "The build" "${build_packages[@]}" || exit 2
need_swift

title "Building wsreplay ($configuration; the first time this takes a minute or two)"
began=$SECONDS
show swift build -c "$configuration" --product wsreplay
wsreplay=.build/$configuration/wsreplay
printf 'built in %d s\n' "$((SECONDS - began))"
rm -f Reports/*.html

replay 0 chat chat \
    "A chat of a browser and two scripts, through the well-known recipe: everything works"
replay 1 chat chat-no-upgrade-line \
    "The same chat, and the recipe without its Upgrade line"
replay 1 chat chat-headers-not-inherited \
    "The same chat, and one header line too many in the location: it cancels the three of the server"
replay 1 idle idle-timeout \
    "Sessions with silences, and a proxy_read_timeout of 3 s: one is cut in the middle"
replay 2 chat recipe-copied-wrong \
    "The recipe as an article printed it: nginx would not even start"

title "What to look at"
printf 'Reports, each one file for a browser, made from the replays above:\n'
for report in Reports/*.html; do
    [ -s "$report" ] || { printf '    %s is missing or empty\n' "$report"; wrong=1; continue; }
    printf '    %s\n' "$report"
done
cat <<'END'
The captures and their configurations are in Captures/; each folder's README.md says where it comes from and
what real nginx did. Now your own:
END
printf '    %s replay YOUR.pcap --proxy YOUR/nginx.conf --html Reports/yours.html\n' "$wsreplay"
printf '    %s try ws://example.com/chat --proxy YOUR/nginx.conf\n' "$wsreplay"
printf 'For large captures, `swift build -c release --product wsreplay` makes a program that is many times faster.\n'
[ "$wrong" -eq 0 ] || fail "a replay did not end as it must; see above"
