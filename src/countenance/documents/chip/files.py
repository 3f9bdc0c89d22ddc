"""Where a chip's bytes come from: a folder of files, JSON of a reader, or the port to a reader that is attached.

Files are told by their first byte, not by their names: readers name them in many ways. What is found is bounded before
it is read and never written anywhere.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from countenance.documents.chip.lds import MOST_FILE_BYTES, TAGS
from countenance.documents.chip.sod_steps import parse_sod
from countenance.errors import DocumentError
from countenance.ports import ChipReader
from countenance.terms import ChipData, ChipFile

MOST_JSON_BYTES = 8_000_000
_MOST_FILES = 64
_ENDING = re.compile(r"(\.(bin|dat|der|sod|com|dg\d{1,2}))?", re.IGNORECASE)
_GUARDED = frozenset({ChipFile.DG3, ChipFile.DG4})
_REMEDY = "Give the chip's files as they were read, one for each data group, and EF.SOD."


def read_files(path: Path) -> ChipData:
    """Return the chip's files in a folder (:func:`read_folder`), or in one file of JSON (:func:`read_json`).

    Raises:
        DocumentError: as those.
        OSError: the folder or file cannot be read.
    """
    if path.is_dir():
        return read_folder(path)
    with path.open("rb") as stream:
        return read_json(stream.read(MOST_JSON_BYTES + 1))


def read_folder(folder: Path) -> ChipData:
    """Return the chip's files in a folder: told by their first byte, whatever they are called.

    Files with another ending than .bin, .dat, .der, .SOD, .COM, .DG1 to .DG16 or none are no files of a chip.

    Raises:
        DocumentError: a file is no chip's file, is too large, or is there twice; or there is none (``chip.folder…``).
        OSError: the folder cannot be read.
    """
    paths = sorted(path for path in folder.iterdir() if path.is_file() and _ENDING.fullmatch(path.suffix))
    if not paths or len(paths) > _MOST_FILES:
        raise DocumentError("chip.folder", f"{folder} holds {len(paths)} files of a chip.", remedy=_REMEDY)
    return _collected((path.name, _bounded(path)) for path in paths)


def read_json(text: bytes) -> ChipData:
    """Return the chip's files in a reader's JSON: ``{"files": {"EF.SOD": "<base64>", "DG1": …}}`` and nothing else.

    Names are those of :class:`ChipFile`; each file's first byte must agree with its name.

    Raises:
        DocumentError: too large, no such JSON, an unknown or repeated name, or no base64 (``chip.json…``).
    """
    if len(text) > MOST_JSON_BYTES:
        raise _bad_json(f"it has {len(text)} bytes, {MOST_JSON_BYTES} are the most accepted.")
    try:
        found = json.loads(text, object_pairs_hook=_no_repeats)
        files = found["files"] if isinstance(found, dict) and set(found) == {"files"} else None
        if not isinstance(files, dict) or not files:
            raise _bad_json('it is not an object with "files" alone.')
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _bad_json("it is malformed or has a name twice.") from error
    return read_named(files)


def read_named(files: Mapping[str, str]) -> ChipData:
    """Return the chip's files by name, each in base64: what stands in ``"files"`` of a reader's JSON.

    Raises:
        DocumentError: too large, an unknown name, or no base64 (``chip.json…``).
    """
    try:
        if sum(len(value) for value in files.values()) > MOST_JSON_BYTES:
            raise _bad_json(f"its files have more than {MOST_JSON_BYTES} characters.")
        decoded = {ChipFile(name): base64.b64decode(value, validate=True) for name, value in files.items()}
    except (ValueError, TypeError) as error:
        raise _bad_json("it has a name that is unknown, or holds no base64.") from error
    chip = _collected((file.value, data) for file, data in decoded.items())
    if set(chip.files) != set(decoded):
        raise _bad_json("a file's first byte does not agree with its name.")
    return chip


def read_chip(reader: ChipReader) -> ChipData:
    """Return what an attached reader gives: EF.SOD, EF.COM, and the groups that EF.SOD lists, never those of EF.COM.

    DG3 and DG4 are not asked for: fingers and irises are nobody's business here.

    Raises:
        DocumentError: the reader cannot talk to the chip (``chip.reader``), or EF.SOD says nothing that can be read.
    """
    files = {file: data for file in (ChipFile.SOD, ChipFile.COM) if (data := reader.read(file)) is not None}
    listed = parse_sod(files.get(ChipFile.SOD, b"")).groups.hashes
    wanted = [file for file in ChipFile if file.group in listed and file not in _GUARDED]
    files |= {file: data for file in wanted if (data := reader.read(file)) is not None}
    return ChipData(files)


def _collected(named: Iterable[tuple[str, bytes]]) -> ChipData:
    files: dict[ChipFile, bytes] = {}
    for name, data in named:
        file = TAGS.get(data[0]) if data else None
        if file is None:
            raise DocumentError("chip.file_kind", f"{name} is no file of a chip by its first byte.", remedy=_REMEDY)
        if file in files:
            raise DocumentError("chip.file_twice", f"{file.value} is there twice: {name}.", remedy=_REMEDY)
        if len(data) > MOST_FILE_BYTES:
            raise _file_large(name)
        files[file] = data
    return ChipData(files)


def _bounded(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(MOST_FILE_BYTES + 1)
    if len(data) > MOST_FILE_BYTES:
        raise _file_large(path.name)
    return data


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _file_large(name: str) -> DocumentError:
    return DocumentError(
        "chip.file_large", f"{name} has more than {MOST_FILE_BYTES} bytes, which no chip's file has.", remedy=_REMEDY
    )


def _bad_json(reason: str) -> DocumentError:
    return DocumentError(
        "chip.json",
        f"This is no chip in JSON: {reason}",
        remedy='Send {"files": {"EF.SOD": base64, "DG1": base64, …}} alone.',
    )
