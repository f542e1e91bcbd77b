"""Compiles the catalogues and puts them into the wheel: compiled files are made, never committed."""

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
        for path in sorted((root / "translations").rglob("*.mo")):
            build_data["force_include"][str(path)] = f"expertdesk/{path.relative_to(root).as_posix()}"
