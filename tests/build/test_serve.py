"""The development server: pages with live reload, nothing outside the site, a rebuild on change."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

pytest.importorskip("uvicorn")
pytest.importorskip("watchfiles")
pytest.importorskip("starlette")

PATIENCE = 60  # seconds that a loaded machine may need to start or to build


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Serve a small vault from ``tmp_path`` and give its address."""
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault/Home.md").write_text("# Home\n\nfirst text\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "generator", "serve", "vault", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(PATIENCE * 5):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def read(url: str) -> str:
    with urlopen(url, timeout=PATIENCE) as answer:
        return answer.read().decode()


@pytest.mark.slow
def test_pages_are_served_rebuilt_and_reloaded(address: str, tmp_path: Path) -> None:
    page = read(f"{address}/Home.html")
    assert "first text" in page
    assert "EventSource" in page
    assert "Content-Security-Policy" not in page
    assert "EventSource" not in (tmp_path / "site/Home.html").read_text()
    with pytest.raises(HTTPError, match="404"):
        read(f"{address}/..%2f..%2fvault/Home.md")
    with pytest.raises(HTTPError, match="404"):
        read(f"{address}/nothing.html")
    with urlopen(f"{address}/-/events", timeout=PATIENCE) as events:
        assert events.readline() == b"retry: 500\n"
        (tmp_path / "vault/Home.md").write_text("# Home\n\nsecond text\n")
        lines = iter(events.readline, b"")
        assert any(line == b"event: rebuilt\n" for line in lines)
    assert "second text" in read(f"{address}/Home.html")
    shutil.rmtree(tmp_path / "site")
