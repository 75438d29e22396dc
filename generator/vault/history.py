"""A vault's git history -> when each file was first and last committed.

File times differ between machines and checkouts, so they are never used. Dates come from git only
where it holds the whole history: a shallow clone would date everything to its last commit.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

# Seconds git may take; beyond, dates are left out (a linked history of a million commits).
TIME_LIMIT = 20.0

_COMMIT = "\x01"


class HistoryTimeoutError(Exception):
    """git took longer than :data:`TIME_LIMIT`."""


def file_dates(root: Path) -> Mapping[str, tuple[str, str]]:
    """Map disk paths below ``root`` to (created, modified), each ``YYYY-MM-DDTHH:MM:SSZ``.

    Empty where ``root`` is in no git work tree, git is missing or refuses, or the clone is shallow.
    Renames are followed. Raises :class:`HistoryTimeoutError`.
    """
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return {}
    if _git(root, "rev-parse", "--is-shallow-repository").strip() != b"false":
        return {}
    log = _git(
        root, "log", f"--format={_COMMIT}%at", "--name-status", "-z", "-M", "-l400",
        "--no-ext-diff", "--no-textconv", "--relative", "--", ".",
    )  # fmt: skip
    return _dates(log)


def _dates(log: bytes) -> Mapping[str, tuple[str, str]]:
    """Read ``git log -z --name-status``, newest commit first.

    ``names`` maps the name a file had at the commit being read to its name today.
    """
    times: dict[str, list[int]] = {}
    names: dict[str, str] = {}
    when = 0
    parts = iter(log.split(b"\0"))
    for part in parts:
        word = part.lstrip(b"\n")
        if word.startswith(_COMMIT.encode()):
            stamp = word[1:].split(b"\n", 1)
            when = int(stamp[0]) if stamp[0].isdigit() else when
            # With -z the first status may follow its commit's line directly.
            word = stamp[1].lstrip(b"\n") if len(stamp) > 1 else b""
        if not word:
            continue
        status = word[:1]
        path = os.fsdecode(next(parts, b""))
        if status in b"RC":
            new = os.fsdecode(next(parts, b""))
            today = names.pop(new, new)
            if status == b"R":
                names[path] = today
            path = new
        else:
            today = names.get(path, path)
            if status == b"A":
                # What had this name before is another file's past.
                names.pop(path, None)
        times.setdefault(today, []).append(when)
    return {name: (_iso(min(each)), _iso(max(each))) for name, each in times.items()}


def _iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _git(root: Path, *arguments: str) -> bytes:
    """Run git in ``root``; ``b""`` when it is missing or fails.

    Raises :class:`HistoryTimeoutError`.
    """
    # A vault's repository may come from anyone: nothing its configuration names may be run, and
    # variables of a surrounding git hook must not point elsewhere.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    command = ["git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false"]
    try:
        done = subprocess.run(
            [*command, *arguments],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise HistoryTimeoutError from None
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""
