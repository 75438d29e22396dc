"""Fetch the vendored front-end files named in ``manifest.json`` and record their hashes.

Run by hand when a version is raised: ``python update.py``. Each package comes from the npm registry
as published (``npm pack name@version``); the files listed for it are copied unchanged into
``<folder>/`` and their SHA-256 written back into the manifest. Nothing of a build runs this.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Fetch every package of the manifest."""
    manifest_path = HERE / "manifest.json"
    packages = json.loads(manifest_path.read_text(encoding="utf-8"))
    for package in packages:
        folder = HERE / package["folder"]
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        with tempfile.TemporaryDirectory() as scratch:
            archive = fetch(package["name"], package["version"], Path(scratch))
            package["tarball_sha256"] = sha256(archive)
            with tarfile.open(archive) as tar:
                for entry in package["files"]:
                    member = tar.extractfile("package/" + entry["from"])
                    if member is None:
                        raise SystemExit(f"{archive.name} has no file {entry['from']}")
                    target = folder / entry["to"]
                    target.write_bytes(member.read())
                    entry["sha256"] = sha256(target)
    manifest_path.write_text(json.dumps(packages, indent=2) + "\n", encoding="utf-8")


def fetch(name: str, version: str, folder: Path) -> Path:
    """Download one package's tarball into ``folder``."""
    command = ["npm", "pack", "--silent", f"{name}@{version}"]
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return folder / done.stdout.split()[-1]


def sha256(path: Path) -> str:
    """Hash a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
