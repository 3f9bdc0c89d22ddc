"""Copy operating points into the package and pin them by hash.

Use: ``scripts/pin_operating_points.py shipped-int8.json shipped-fp32.json …``, files that ``countenance calibrate``
wrote. A file's name is its name in the package; one of the same name, or for the same weights, is replaced, all others
stay. Then ``make docs``, which writes the table in ``docs/operating-points.md`` again.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Mapping
from pathlib import Path

from countenance.decision.operating_point import read_untrusted

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "countenance" / "decision" / "operating_point"
HEAD = '''"""Which operating points ship, by hash; written by ``scripts/pin_operating_points.py``, never by hand."""

PINS: tuple[tuple[str, str, str], ...] = (
'''
TAIL = ''')
"""(name of the file in ``packaged/``, the weights that it is for, SHA-256 of the file)."""
'''
Pin = tuple[str, str, str]


def pin(files: Iterable[Path], package: Path) -> tuple[Pin, ...]:
    """Put ``files`` into ``package``'s folder and return the pins of everything that is in it then.

    Raises:
        OperatingPointError: a file is no operating point of this version; nothing was changed.
        ValueError: two files are for the same weights; nothing was changed.
    """
    new = {path.stem: path.read_bytes() for path in files}
    for_weights = _by_weights(new)
    folder = package / "packaged"
    folder.mkdir(exist_ok=True)
    for path in sorted(folder.glob("*.json")):
        if path.stem in new or read_untrusted(path.read_bytes()).weights in for_weights:
            path.unlink()
    for name, data in new.items():
        (folder / f"{name}.json").write_bytes(data)
    points = {path.stem: read_untrusted(path.read_bytes()) for path in sorted(folder.glob("*.json"))}
    pins = tuple((name, point.weights, point.sha256) for name, point in points.items())
    (package / "pins.py").write_text(HEAD + "".join(_row(row) for row in pins) + TAIL, "utf-8")
    return pins


def _row(row: Pin) -> str:
    return "    (\n" + "".join(f'        "{part}",\n' for part in row) + "    ),\n"


def _by_weights(new: Mapping[str, bytes]) -> set[str]:
    weights = [read_untrusted(data).weights for data in new.values()]
    if len(set(weights)) < len(weights):
        message = "two of the files are for the same weights; pin one of them"
        raise ValueError(message)
    return set(weights)


def main() -> None:
    """Pin the files that the command line names."""
    parser = argparse.ArgumentParser(description="Copy operating points into the package and pin them by hash.")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="what 'countenance calibrate' wrote")
    for name, weights, sha256 in pin(parser.parse_args().files, PACKAGE):
        print(f"{name}: weights {weights[:16]}…, operating point {sha256}")
    print("Now run: make docs")


if __name__ == "__main__":
    main()
