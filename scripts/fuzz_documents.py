"""Coverage-guided fuzzing of every parser of documents: whatever the bytes, an answer or a ``DocumentError``.

Use: ``make fuzz``, or ``scripts/fuzz_documents.py mrz|edifact|csv|json [libFuzzer options]`` with Atheris installed
(``locks/fuzz.txt``). Ends with a traceback and a ``crash-…`` file when a parser raises anything else, needs more than
``-timeout`` seconds, or takes more than ``-rss_limit_mb`` of memory.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import paper_samples

try:
    import atheris
except ModuleNotFoundError:  # tests call the parsers below without it
    atheris = None

LIMITS = ["-timeout=5", "-rss_limit_mb=1024", "-max_len=4096", "-verbosity=0", "-print_final_stats=1"]
SEEDS: dict[str, tuple[bytes, ...]] = {
    "mrz": tuple(zone.encode() for zone in paper_samples.ZONES),
    "edifact": (
        paper_samples.paxlst(2).encode(),
        b"QD GATE\r\n\x02" + paper_samples.paxlst(1, separators="*-.? #").encode() + b"\r\n\x03bye",
        paper_samples.paxlst(1, envelope=False).encode(),
        paper_samples.paxlst(1).replace("ADA", "A?+D?'A").replace("'", "'\r\n").encode(),
    ),
    "csv": (paper_samples.table(2).encode(), paper_samples.table(2).replace(",", ";").encode()),
    "json": (paper_samples.objects(2).encode(),),
}
"""What mutation begins with, parser by parser."""


def one_input(parser: str, data: bytes) -> bool:
    """Hand ``data`` to a parser; return whether it was read. Anything but a ``DocumentError`` passes through."""
    from countenance.documents import ManifestLimits, read_manifest, read_mrz  # noqa: PLC0415 - instrumented on import
    from countenance.errors import DocumentError  # noqa: PLC0415

    limits = ManifestLimits(max_segments=500, max_travellers=20, max_findings=20)
    try:
        if parser == "mrz":
            zone = read_mrz(data.decode("latin-1"), today=paper_samples.TODAY)
            again = read_mrz("\n".join(zone.lines), today=paper_samples.TODAY)
            assert (again.lines, again.repairs) == (zone.lines, ())  # noqa: S101 - what is repaired reads unrepaired
        else:
            found = read_manifest(data, today=paper_samples.TODAY, limits=limits)
            assert len(found.travellers) <= limits.max_travellers  # noqa: S101 - bounds are promises
            assert len(found.findings) <= limits.max_findings + 1  # noqa: S101 - the last says that there are more
    except DocumentError as refusal:
        return not refusal.remedy  # a refusal without a remedy would count as read, and tests would see it
    return True


def main() -> None:
    """Fuzz one parser until the options of libFuzzer say enough."""
    if atheris is None or len(sys.argv) < 2 or sys.argv[1] not in SEEDS:  # noqa: PLR2004 - the program and a parser
        sys.exit(f"Use: fuzz_documents.py {'|'.join(SEEDS)} [options], with Atheris installed (make fuzz).")
    parser = sys.argv[1]
    with atheris.instrument_imports(include=["countenance.documents", "countenance.terms.documents"]):
        import countenance.documents  # noqa: F401, PLC0415 - imported here to be instrumented
    corpus = Path(tempfile.mkdtemp(prefix=f"fuzz-{parser}-"))
    for number, seed in enumerate(SEEDS[parser]):
        (corpus / str(number)).write_bytes(seed)
    atheris.Setup([sys.argv[0], str(corpus), *LIMITS, *sys.argv[2:]], lambda data: one_input(parser, data) and None)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
