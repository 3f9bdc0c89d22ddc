"""Read every error code out of the source: what ``docs/errors.md`` is made of.

A code is the first argument of a call of a ``CountenanceError`` class, written out so that it can be searched for. A
call may also take its code from a table in the same module; then every (code, sentence) pair there is read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

CODE = re.compile(r"[a-z_]+\.[a-z_]+")
SPLIT = "put together at "
"""Stands before the place of a code that is put together from pieces: nobody could search for such a code."""


@dataclass(frozen=True, order=True)
class Boundary:
    """One error class."""

    name: str
    http_status: int
    sentence: str
    """Its docstring."""


@dataclass(frozen=True, order=True)
class Fault:
    """One way of raising an error."""

    code: str
    boundary: str
    sentence: str
    remedy: str


def boundaries(errors: Path) -> dict[str, Boundary]:
    """Return every class in ``errors.py`` below the root by name; a class without a status has its base's."""
    found: dict[str, Boundary] = {}
    for node in ast.parse(errors.read_text("utf-8")).body:
        if not isinstance(node, ast.ClassDef):
            continue
        base = found.get(getattr(node.bases[0], "id", "")) if node.bases else None
        values = {
            target.id: item.value.value
            for item in node.body
            if isinstance(item, ast.Assign | ast.AnnAssign) and isinstance(item.value, ast.Constant)
            for target in (item.targets if isinstance(item, ast.Assign) else [item.target])
            if isinstance(target, ast.Name)
        }
        status = values.get("http_status", base.http_status if base else 500)
        found[node.name] = Boundary(
            node.name, status, " ".join((ast.get_docstring(node) or "").replace("``", "`").split())
        )
    return found


def _shown(value: ast.expr) -> str:
    """Return a short name for what an f-string fills in, such as "{charter_id}"."""
    if isinstance(value, ast.Attribute):
        return f"{{{value.attr}}}"
    return f"{{{value.id}}}" if isinstance(value, ast.Name) else "…"


def _text(node: ast.expr | None, constants: dict[str, ast.expr]) -> str:
    """Return the text of a string expression, with a stand-in for each part known only when it is raised."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, constants) for part in node.values)
    if isinstance(node, ast.FormattedValue):
        known = isinstance(node.value, ast.Name) and isinstance(constants.get(node.value.id), ast.Constant)
        return _text(node.value, constants) if known else _shown(node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left, constants) + _text(node.right, constants)
    if isinstance(node, ast.Name) and node.id in constants:
        return _text(constants[node.id], constants)
    return "…"


def _pairs(tree: ast.Module, raising: list[ast.Call]) -> Iterator[tuple[str, ast.expr]]:
    """Yield each (code, sentence) that stands side by side in a tuple or in a call that is not itself ``raising``."""
    for node in ast.walk(tree):
        row = node.elts if isinstance(node, ast.Tuple) else node.args if isinstance(node, ast.Call) else []
        if node in raising:
            continue
        for code, sentence in pairwise(row):
            if isinstance(code, ast.Constant) and isinstance(code.value, str) and CODE.fullmatch(code.value):
                yield code.value, sentence


def _called(node: ast.Call) -> str:
    """Return the last word of what a call calls."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _in_module(path: Path, kinds: dict[str, Boundary]) -> Iterator[Fault]:
    """Yield every fault that one module raises."""
    tree = ast.parse(path.read_text("utf-8"))
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    constants = {target.id: node.value for node in assigned for target in node.targets if isinstance(target, ast.Name)}
    raising = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args and _called(node) in kinds]
    for node in raising:
        name = _called(node)
        code, sentence = node.args[0], _text(node.args[1] if len(node.args) > 1 else None, constants)
        remedy = _text(next((word.value for word in node.keywords if word.arg == "remedy"), None), constants)
        if isinstance(code, ast.Constant):
            yield Fault(str(code.value), name, sentence, remedy)
        elif isinstance(code, ast.JoinedStr | ast.BinOp):
            yield Fault(f"{SPLIT}{path.name}:{node.lineno}", name, sentence, remedy)
        else:
            for pair, words in _pairs(tree, raising):
                yield Fault(pair, name, _text(words, constants) if sentence == "…" else sentence, remedy)


def faults(package: Path) -> list[Fault]:
    """Return every fault that the package below ``package`` can raise, by code, each once."""
    kinds = boundaries(package / "errors.py")
    modules = [path for path in sorted(package.rglob("*.py")) if path.name != "errors.py" or path.parent != package]
    return sorted({fault for path in modules for fault in _in_module(path, kinds)})


def page(package: Path) -> str:
    """Return ``docs/errors.md``."""
    found = faults(package)
    lines = [
        "# Errors",
        "",
        "Written by `make docs` from the source; a test compares the two. A code never changes once it is released.",
        "Braces and … stand for what is filled in. Every problem reply (RFC 9457) carries code, sentence and remedy;",
        "the command line says them too. A refused photograph is no error: it is an answer with a reason and advice.",
    ]
    for kind in boundaries(package / "errors.py").values():
        rows = [fault for fault in found if fault.boundary == kind.name]
        if not rows:
            continue
        lines += ["", f"## {kind.name}", "", f"{kind.sentence} HTTP status {kind.http_status}.", ""]
        lines += ["| code | what it says | what to do |", "|---|---|---|"]
        lines += [f"| `{row.code}` | {_cell(row.sentence)} | {_cell(row.remedy)} |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Return text that stays in one cell of a table."""
    return re.sub("…+", "…", " ".join(text.split())).replace("|", "\\|").replace("<", "&lt;")
