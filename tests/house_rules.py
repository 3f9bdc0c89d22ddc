"""Two more rules that syntax can show: a pure middle, and files and functions that stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from import_table import PACKAGE, STAGES, modules_in

MIDDLE = STAGES | {"terms", "errors", "ports", "config", "site", "storage", "procedures", "evaluate", "audit"}
"""Everything below ``bootstrap`` and ``interfaces``: no clock, randomness, environment, network or ``async``."""

IMPURE_MODULES: dict[str, str] = {
    "random": "randomness",
    "secrets": "randomness",
    "uuid": "randomness",
    "asyncio": "async",
    "socket": "network",
    "http": "network",
    "urllib.request": "network",
    "httpx": "network",
}
IMPURE_NAMES: dict[str, str] = {
    "time.time": "clock",
    "time.time_ns": "clock",
    "time.sleep": "clock",
    "datetime.now": "clock",
    "datetime.utcnow": "clock",
    "date.today": "clock",
    "os.urandom": "randomness",
    "np.random": "randomness",
    "numpy.random": "randomness",
    "os.environ": "environment",
    "os.getenv": "environment",
}
LONGEST_FILE = 300
LONGEST_BODY = 40


def _dotted(node: ast.AST) -> str:
    """Return "a.b" for the attribute ``b`` of the name ``a``, else ""."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return ""


def _kind_of_import(name: str) -> str:
    """Return which impurity importing a dotted name brings, or ""."""
    parts = name.split(".")
    prefixes = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    return next((kind for table in (IMPURE_MODULES, IMPURE_NAMES) for p in prefixes if (kind := table.get(p, ""))), "")


def _impurities(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Yield (line, kind, what) for each impure thing in a syntax tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.AsyncFunctionDef):
            yield node.lineno, "async", f"async def {node.name}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{name}" for name in names]
            kinds = {(_kind_of_import(name), name) for name in names}
            yield from ((node.lineno, kind, name) for kind, name in sorted(kinds) if kind)
        elif _dotted(node) in IMPURE_NAMES:
            yield node.lineno, IMPURE_NAMES[_dotted(node)], _dotted(node)


def impurities(source: Path, edges: dict[str, str]) -> list[str]:
    """Return a line for each impure thing in the pure middle whose (module, kind) is not among the ``edges``.

    ``edges`` maps "module kind", such as "config environment", to the reason why it is an edge by name.
    """
    faults, used = [], set()
    for module, path in modules_in(source).items():
        short = module.removeprefix(f"{PACKAGE}.")
        if short.split(".")[0] not in MIDDLE:
            continue
        for line, kind, what in _impurities(ast.parse(path.read_text("utf-8"))):
            if f"{short} {kind}" in edges:
                used.add(f"{short} {kind}")
            else:
                faults.append(f"{path}:{line}: {what}: no {kind} in the pure middle")
    return faults + [f"{edge}: listed as an edge and is none" for edge in sorted(set(edges) - used)]


def _body_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return a function's length in lines without its signature and docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def oversized(source: Path) -> dict[str, int]:
    """Return every file longer than ``LONGEST_FILE`` and function longer than ``LONGEST_BODY``, with its length.

    Files are named "face/detect.py", functions "face/detect.py detect".
    """
    found = {}
    for path in modules_in(source).values():
        text, name = path.read_text("utf-8"), path.relative_to(source / PACKAGE).as_posix()
        if len(text.splitlines()) > LONGEST_FILE:
            found[name] = len(text.splitlines())
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _body_length(node) > LONGEST_BODY:
                found[f"{name} {node.name}"] = _body_length(node)
    return found
