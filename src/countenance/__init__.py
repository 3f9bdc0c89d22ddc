"""countenance compares a face at a checkpoint with exactly the references that a published charter allows.

It answers within the time a person will stand still for, writes what it decided to a tamper-evident record *before* it
replies, and keeps nothing past its clock. A human decides anything adverse. Whoever may refuse can refuse before a
frame is taken.

Use it as a library (no site, no record; for trying and for measuring)::

    import countenance

    engine = countenance.open_engine()
    live, portrait = engine.extract(live_bytes), engine.extract(portrait_bytes)  # Accepted | Refused, never a crash
    score = countenance.compare(live.probe.template, portrait.probe.template)  # cosine; higher = more alike

A score is not a decision: only ``countenance serve`` decides, at a checkpoint, under a charter, into a record.

The tree is the architecture; each folder's ``__init__`` is its public face::

     capture ─┐                                   ┌→ cases → a human
    documents ┴→ face → gallery|lists → decision ─┤
                            ↑              ↑      └→ record → reply
                         staging        authority      (custody: every stored byte has a key and a clock)

* ``terms`` every noun that crosses a module, ``ports`` every verb with more than one implementation, ``errors`` one
  class per boundary. Read these two first, then ``procedures.crossing``, then ``audit``: that is the system.
* ``capture documents face gallery lists authority decision cases record custody access alarm``: the stages. None
  imports another.
* ``procedures``: the stories, each a numbered list of steps over ports. ``storage``: tables and the one transaction.
* ``bootstrap``: the only place where concrete classes meet. ``interfaces``: CLI, HTTP, pages, loops.
* ``audit``: the outsider's verifier: standard library and ``cryptography``, nothing of ours.

``docs/architecture.md`` is the map; ``tests/test_architecture.py`` enforces who may import whom. The names below load
when they are first asked for, so that ``import countenance.audit`` loads nothing else of ours.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from countenance.bootstrap import open_engine
    from countenance.errors import CountenanceError
    from countenance.face import compare
    from countenance.terms import (
        Accepted,
        Decision,
        Frame,
        Match,
        NoMatch,
        NotCompared,
        Probe,
        Refused,
        Score,
        Template,
    )

__version__ = "0.1.0"

__all__ = [
    "Accepted", "CountenanceError", "Decision", "Frame", "Match", "NoMatch", "NotCompared", "Probe", "Refused",
    "Score", "Template", "__version__", "compare", "open_engine",
]  # fmt: skip

_HOMES = {
    "open_engine": "countenance.bootstrap",
    "CountenanceError": "countenance.errors",
    "compare": "countenance.face",
}
"""Where an exported name lives, unless it is a noun: those live in ``countenance.terms``."""


def __getattr__(name: str) -> object:
    """Return an exported name, its home loaded now (PEP 562).

    Raises:
        AttributeError: countenance exports no such name.
    """
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value: object = getattr(import_module(_HOMES.get(name, "countenance.terms")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the exported names beside what every module has."""
    return sorted({*globals(), *__all__})
