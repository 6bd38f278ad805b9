"""Records the bundled captures again, with real peers on the loopback device.

    python3 Scripts/record-captures/record.py [CASE…]

Without a case all are recorded. Needs root and Debian's `tcpdump`, `wireshark-common` (dumpcap),
`nginx`, `chromium`, `iproute2` and `util-linux`; the Python peers are installed into
`.venv-captures/`. A capture replaces the old one only when its recording went through, so a run
that fails, or runs twice, leaves nothing half done.
"""

import argparse
import asyncio
import contextlib
import shutil
import sys
import tempfile
from pathlib import Path

from recorder import sandbox
from recorder.nginx import nginx
from recorder.paths import CAPTURES
from recorder.recording import Recording
from recorder.sniffer import sniff


def main() -> None:
    parser = argparse.ArgumentParser(description="Records the bundled captures again.")
    parser.add_argument("cases", nargs="*", metavar="CASE", help="folder in Captures/ (all, if none is named)")
    asked = parser.parse_args().cases
    sandbox.enter()

    from recordings import ALL  # needs the peers, which are there only inside the sandbox

    unknown = set(asked) - {recording.case for recording in ALL}
    if unknown:
        sys.exit(f"nothing records {', '.join(sorted(unknown))}; there are: {' '.join(r.case for r in ALL)}")
    for recording in ALL:
        if not asked or recording.case in asked:
            asyncio.run(record(recording))


async def record(recording: Recording) -> None:
    case = CAPTURES / recording.case
    proxy = nginx(case / "nginx.conf") if recording.through_nginx else contextlib.nullcontext()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"capture.{recording.file_format}")
        async with proxy, sniff(recording, file):
            await asyncio.wait_for(recording.perform(), timeout=recording.time_limit)
        shutil.copyfile(file, case / file.name)
    print(f"{recording.case}: {(case / file.name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
