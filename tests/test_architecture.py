"""The rule of imports: pipeline knows all; the other rooms know themselves and the shared modules only."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = {"corpora", "glossary", "models", "pipeline"}
SHARED = {"corpora.records", "corpora.errors", "corpora.languages", "corpora.text", "corpora.protocols"}


def _imports(path: Path) -> set[str]:
    """Return the modules that a file imports, `from a import b` as both `a` and `a.b`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_imports_point_one_way() -> None:
    faults = []
    for room in ("corpora", "glossary", "models"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "recipe" in path.parts:
                continue
            for name in _imports(path):
                top = name.split(".")[0]
                module = ".".join(name.split(".")[:2])
                if top in ROOMS and top != room and module not in SHARED:
                    faults.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not faults


def test_relative_imports_are_not_used() -> None:
    for room in sorted(ROOMS):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                assert not (isinstance(node, ast.ImportFrom) and node.level), path


def test_torch_and_transformers_are_not_needed() -> None:
    for room in sorted(ROOMS):
        for path in (ROOT / room).rglob("*.py"):
            if "recipe" not in path.parts:
                assert not {name.split(".")[0] for name in _imports(path)} & {"torch", "transformers"}, path
