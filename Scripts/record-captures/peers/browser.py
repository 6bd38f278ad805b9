"""A headless Chromium that opens one page; what happens then is up to the page."""

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def browser(page: str) -> AsyncIterator[None]:
    """Every name resolves to this machine, so that the page can have a name like a real one.

    Without the back/forward cache, because a page kept there keeps its socket open (seen with
    Chromium 156): the 1001 of a page that is left would come at no certain time.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-features=BackForwardCache",
            "--host-resolver-rules=MAP * 127.0.0.1", f"--user-data-dir={profile}", page,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield
        finally:
            if process.returncode is None:
                process.terminate()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(process.wait(), timeout=10)
