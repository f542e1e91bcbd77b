"""Compiles the catalogues before the wheel is packed: compiled files are made, never committed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from expertdesk.foundation import catalogues

        catalogues.compile_all(root / "expertdesk", root / "translations")
