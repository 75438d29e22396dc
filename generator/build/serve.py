"""The development server: build, serve the site, rebuild when the vault changes, reload the browser.

Files on disk stay as ``build`` wrote them; the reload script is added to pages only on their way
out. Needs the extra ``notetorch[serve]``. It listens on the loopback interface.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

EVENTS = "/-/events"
_RELOAD = (
    f"<script>new EventSource({EVENTS!r}).addEventListener('rebuilt',"
    "function(){location.reload()})</script>"
).encode()


class ServeExtraMissingError(Exception):
    """The optional packages of ``notetorch[serve]`` are not installed."""


def serve(
    site: Path,
    watched: Path,
    *,
    ignore: tuple[Path, ...],
    port: int,
    rebuild: Callable[[], bool],
    announce: Callable[[str], None],
) -> None:
    """Serve ``site`` on ``127.0.0.1:port`` until interrupted.

    ``rebuild`` is called after each burst of changes below ``watched`` (output folders ``ignore``
    excluded) and says whether the site changed. Raises :class:`ServeExtraMissingError` without the extra,
    ``OSError`` when the port is taken.
    """
    try:
        import uvicorn
        from starlette.applications import Starlette
        from starlette.routing import Route
        from watchfiles import DefaultFilter, awatch
    except ImportError as error:
        raise ServeExtraMissingError(str(error)) from error

    listeners: set[asyncio.Queue[str]] = set()
    ignored = tuple(str(path.resolve()) for path in ignore)

    class VaultFilter(DefaultFilter):
        """What the vault reader reads: no outputs, no workspace files that Obsidian keeps writing."""

        def __call__(self, change: object, path: str) -> bool:
            if any(path == each or path.startswith(each + "/") for each in ignored):
                return False
            if "/.obsidian/workspace" in path:
                return False
            return super().__call__(change, path)  # type: ignore[arg-type]

    async def watch() -> None:
        async for _ in awatch(watched, watch_filter=VaultFilter(), debounce=200):
            changed = await asyncio.to_thread(rebuild)
            if changed:
                for queue in list(listeners):
                    queue.put_nowait("rebuilt")

    async def events(request: Request) -> Response:
        from starlette.responses import StreamingResponse

        async def stream() -> AsyncIterator[bytes]:
            queue: asyncio.Queue[str] = asyncio.Queue()
            listeners.add(queue)
            try:
                yield b"retry: 500\n\n"
                while not await request.is_disconnected():
                    try:
                        name = await asyncio.wait_for(queue.get(), timeout=10)
                        yield f"event: {name}\ndata: 1\n\n".encode()
                    except TimeoutError:
                        yield b": still here\n\n"
            finally:
                listeners.discard(queue)

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def page(request: Request) -> Response:
        return _respond(site, request.path_params["path"])

    application = Starlette(routes=[Route(EVENTS, events), Route("/{path:path}", page)])
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            host="127.0.0.1",
            port=port,
            log_level="warning",
            timeout_graceful_shutdown=1,
        )
    )

    async def run() -> None:
        watcher = asyncio.create_task(watch())
        announce(f"http://127.0.0.1:{port}/")
        try:
            await server.serve()
        finally:
            watcher.cancel()

    asyncio.run(run())


def _respond(site: Path, path: str) -> Response:
    """Give a file of the site; pages with the reload script, folders as their index page."""
    from starlette.responses import FileResponse, HTMLResponse

    from generator.emit.site.render import without_policy

    root = site.resolve()
    target = (root / path).resolve()
    if target.is_dir():
        target = target / "index.html"
    if not target.is_relative_to(root) or not target.is_file():
        missing = root / "404.html"
        content = missing.read_bytes() if missing.is_file() else b"not found"
        return HTMLResponse(content, status_code=404)
    if target.suffix == ".html":
        content = without_policy(target.read_bytes())  # which allows the site's own scripts only
        head, end, tail = content.rpartition(b"</body>")
        content = head + _RELOAD + end + tail if end else content + _RELOAD
        return HTMLResponse(content, headers={"Cache-Control": "no-store"})
    return FileResponse(target, headers={"Cache-Control": "no-store"})
