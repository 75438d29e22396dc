"""Scripts run in a process of their own that can be ended: the boundary around foreign code.

Every other stage of the compiler is a pure function; so is this from outside, since the engine in
the process has no clock, no chance, no files and no network. The process is started for the first
script, serves all scripts of a build one after the other, and ends with it.
"""

from __future__ import annotations

import atexit
import importlib.util
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from generator.core.digest import digest

_WORKER = Path(__file__).with_name("worker.py")
# Environment a process cannot do without on some systems.
_KEPT = ("SYSTEMROOT", "PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")


@dataclass(frozen=True, slots=True)
class Stopped:
    """A script that did not end by itself. ``why`` is ``time``, ``memory`` or ``error``;
    ``report`` is what it had asked by then, ``used`` its seconds of processor time."""

    why: str
    message: str = ""
    report: str = ""
    used: float = 0.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A script that ended: its report as JSON, and its seconds of processor time."""

    report: str
    used: float


class Reports(Protocol):
    """Reports of earlier builds by what they were made from, which is all they depend on."""

    def get(self, key: str, /) -> str | None:
        """Give the report kept under a key."""

    def put(self, key: str, report: str, /) -> None:
        """Keep a report."""


@dataclass(slots=True)
class ScriptProcess:
    """The process, started when first needed and again after it was ended. ``reports`` spare it
    the scripts that nothing has changed for."""

    reports: Reports | None = None
    _process: subprocess.Popen[bytes] | None = None
    _lines: queue.SimpleQueue[bytes] = field(default_factory=queue.SimpleQueue)

    def run(self, text: str, *, seconds: float, deadline: float) -> Ended | Stopped:
        """Run a script: ``text`` is the runtime's input.

        ``seconds`` of processor time stop it from within; past ``deadline`` (``time.monotonic``)
        the process is ended.
        """
        if self.reports is None:
            return self._run(text, seconds, deadline)
        key = digest(text.encode("utf-8", "surrogatepass"), length=40)
        known = self.reports.get(key)
        if known is not None:
            used, _, report = known.partition(" ")
            return Ended(report, float(used))
        reply = self._run(text, seconds, deadline)
        if isinstance(reply, Ended):
            self.reports.put(key, f"{reply.used} {reply.report}")
        return reply

    def _run(self, text: str, seconds: float, deadline: float) -> Ended | Stopped:
        try:
            process = self._running()
            assert process.stdin is not None
            message = json.dumps({"input": text, "seconds": seconds}).encode() + b"\n"
            # Writing waits for reading: a process that hangs must not hang us.
            writer = threading.Thread(target=_write, args=(process, message), daemon=True)
            writer.start()
            line = self._lines.get(timeout=max(0.01, deadline - time.monotonic()))
        except queue.Empty:
            self.close()
            return Stopped("time", used=seconds)
        except OSError as error:
            self.close()
            return Stopped("error", f"The script engine cannot be started: {error}")
        if not line:
            self.close()
            return Stopped("memory", "The script engine ended.")
        answer = json.loads(line)
        used = float(answer.get("used", 0))
        if "stopped" in answer:
            message, report = answer.get("message", ""), answer.get("report", "")
            return Stopped(answer["stopped"], message, report, used)
        return Ended(str(answer["report"]), used)

    def is_started(self) -> bool:
        """Whether the process has been needed and not ended since."""
        return self._process is not None

    def close(self) -> None:
        """End the process; the next script starts a new one."""
        process, self._process = self._process, None
        self._lines = queue.SimpleQueue()
        if process is not None:
            _kill(process)
            process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._lines = queue.SimpleQueue()
            self._process = _started()
            threading.Thread(target=_read, args=(self._process, self._lines), daemon=True).start()
        return self._process


def _started() -> subprocess.Popen[bytes]:
    engine = importlib.util.find_spec("quickjs")
    if engine is None or engine.origin is None:
        raise OSError("the package quickjs-ng is not installed")
    packages = str(Path(engine.origin).parent.parent)
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.Popen(
        [sys.executable, "-I", str(_WORKER), packages],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment | {"TZ": "UTC"},
        cwd=_WORKER.parent,
        start_new_session=True,
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the process with the copy of it that runs a script."""
    try:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    except OSError:
        pass  # it has ended already


def _write(process: subprocess.Popen[bytes], message: bytes) -> None:
    try:
        assert process.stdin is not None
        process.stdin.write(message)
        process.stdin.flush()
    except (OSError, ValueError):
        pass  # the reader notices that the process ended


def _read(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(b"")


PROCESS = ScriptProcess()
atexit.register(PROCESS.close)
