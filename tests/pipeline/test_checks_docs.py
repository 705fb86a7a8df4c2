"""docs/checks.md and the code name the same checks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.quality.check_rules import NAMES, Limits

ROOT = Path(__file__).parents[2]
ROOMS = ("corpora", "glossary", "models", "pipeline")
DOCS = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([a-z-]+)` \|", re.MULTILINE)
# Flag(…) with a name that is given to the function: what is read back, and two that say their names elsewhere
GIVEN = {"corpora/bitext/cells.py", "corpora/records.py", "pipeline/quality/checks/chatter.py"}


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def _constants(module: ast.Module) -> dict[str, str]:
    """Return the texts that a module gives a name to, alone or several in one line."""
    found: dict[str, str] = {}
    for node in module.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            names, values = node.targets[0], node.value
            pairs: list[tuple[ast.expr, ast.expr]] = [(names, values)]
            if isinstance(names, ast.Tuple) and isinstance(values, ast.Tuple):
                pairs = list(zip(names.elts, values.elts, strict=False))
            for name, value in pairs:
                if isinstance(name, ast.Name) and isinstance(value, ast.Constant):
                    found |= {name.id: value.value} if isinstance(value.value, str) else {}
    return found


def _raised() -> tuple[set[str], set[str]]:
    """Return the checks that the code raises flags of, and the modules whose flags have a given name."""
    modules = list(_modules())
    known: dict[str, str] = {}
    for _, module in modules:
        known |= _constants(module)
    codes, given = set(NAMES), set()
    for name, module in modules:
        own = known | _constants(module)
        for node in ast.walk(module):
            if not (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Flag"
            ):
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                codes.add(first.value)
            elif isinstance(first, ast.Name) and first.id in own:
                codes.add(own[first.id])
            else:
                given.add(name)
    return codes, given


def test_every_check_is_documented_and_every_documented_one_exists() -> None:
    codes, given = _raised()
    assert given == GIVEN
    rows = ROW.findall(DOCS.split("\n## Tuning")[0])
    assert len(rows) == len(set(rows))
    assert set(rows) == codes


def test_the_rows_that_a_job_can_tune_come_first() -> None:
    assert ROW.findall(DOCS)[: len(NAMES)] == list(NAMES)


def test_every_threshold_is_documented_with_its_default() -> None:
    for name in Limits.__slots__:
        value = getattr(Limits(), name)
        assert re.search(rf"^\| `{name}` \| {re.escape(str(value))} \|", DOCS, re.MULTILINE), name
