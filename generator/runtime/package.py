"""A generated package in any folder, imported: its networks by name, as plain calls.

The folder's own name is not used for the import: it may be that of another package.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from generator.runtime.facts import Facts, read_registry
from generator.runtime.problem import UsageError

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class Package:
    """An imported package of generated networks."""

    folder: Path
    root: ModuleType

    def facts(self, name: str) -> Facts:
        """Say what the package knows about a network. Raises :class:`UsageError` for an unknown name."""
        try:
            info = self.root.model_info(name)
        except ValueError as error:
            hint = str(error).replace("see list_models()", "`notetorch models` lists them")
            raise UsageError(hint) from None
        known = {
            key: getattr(info, key) for key in Facts.__dataclass_fields__ if hasattr(info, key)
        }
        return Facts(**known)

    def create(self, name: str, *, weights: Path | None = None, **options: Any) -> nn.Module:
        """Build a network, as the package's ``create_model`` does, and with its errors."""
        model: nn.Module = self.root.create_model(name, weights=weights, **options)
        return model

    def module(self, name: str) -> ModuleType:
        """Give the module that defines a network."""
        return importlib.import_module(self.root.model_info(name).module)

    def options(self, name: str) -> frozenset[str]:
        """Name the arguments that a network takes."""
        return frozenset(self.module(name).Options.__annotations__)

    def main(self, arguments: list[str], *, prog: str) -> None:
        """Do what ``python -m <package>`` does with these arguments."""
        importlib.import_module(f"{self.root.__name__}.__main__").main(arguments, prog=prog)


def load_package(folder: Path) -> Package:
    """Import the package in ``folder``. Raises :class:`UsageError` if it is none or does not import."""
    read_registry(folder)  # before anything of the folder runs
    folder = folder.resolve()
    name = f"notetorch_models_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"
    if name in sys.modules:
        return Package(folder, sys.modules[name])
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None
    assert spec.loader is not None
    root = importlib.util.module_from_spec(spec)
    sys.modules[name] = root
    try:
        spec.loader.exec_module(root)
    except Exception as error:
        del sys.modules[name]
        if isinstance(error, ModuleNotFoundError) and error.name == "torch":
            raise UsageError("running networks needs torch: pip install torch") from None
        raise UsageError(
            f"{folder} cannot be imported ({type(error).__name__}: {error}); "
            "`notetorch build VAULT` writes it again"
        ) from None
    return Package(folder, root)
