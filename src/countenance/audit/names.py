"""Nothing else lies in the log folder: every file, folder and link there is looked at, and named if it is not ours."""

from __future__ import annotations

import os
import re
from pathlib import Path

from .findings import Report
from .layout import is_expected, place_of

_FOLDER = re.compile(r"tile(/(entries|[1-9]?[0-9])((/x[0-9]{3}){0,6}(/[0-9]{3}\.p)?)?)?")
_LONGEST_SHOWN = 200


def check_names(report: Report, folder: Path, size: int) -> int:
    """Name whatever a log of ``size`` leaves does not have; return how many files there are. Follows no link."""
    since = report.found
    files = _walk(report, folder, "", size)
    report.checked("names", f"Nothing is there but the files ({files}) of a log of {size} entries.", since=since)
    return files


def _walk(report: Report, folder: Path, below: str, size: int) -> int:
    files = seen = 0
    try:
        with os.scandir(folder / below) as entries:
            for entry in entries:
                seen += 1
                files += _look(report, folder, f"{below}{entry.name}", entry, size)
    except OSError as fault:
        report.fault("file.unreadable", f"{shown(below or '.')} cannot be listed: {fault.strerror}.")
    else:
        if below and not seen:
            report.fault("file.unexpected", f"{shown(below)} is an empty folder.")
    return files


def _look(report: Report, folder: Path, path: str, entry: os.DirEntry[str], size: int) -> int:
    """Judge one name; return how many files it stands for."""
    if entry.is_symlink():
        report.fault("file.symlink", f"{shown(path)} is a symbolic link.")
        return 0
    if entry.is_dir(follow_symlinks=False):
        if _FOLDER.fullmatch(path):
            return _walk(report, folder, f"{path}/", size)
        report.fault("file.unexpected", f"{shown(path)} is a folder that a log does not have.")
        return 0
    place = place_of(path)
    if path != "checkpoint" and not (place and is_expected(place, size)):
        report.fault("file.unexpected", f"{shown(path)} is not a file of a log with {size} entries.")
    return 1


def shown(name: str) -> str:
    """Return a name that somebody else chose so that it cannot steer the auditor's terminal."""
    return ascii(name[:_LONGEST_SHOWN])[1:-1]
