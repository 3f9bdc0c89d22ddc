"""The lock that one process holds while it works on a site."""

from __future__ import annotations

import fcntl
import os
from types import TracebackType
from typing import Self

from countenance.errors import SiteError
from countenance.site.folder import Site


class SiteLock:
    """The right to work on a site: one process at a time. A context manager.

    The kernel holds it for this process's open file, so it ends with the process, also after kill -9. Programs started
    by exec do not inherit it; a process forked without exec would keep it alive, so start helpers by spawn.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._handle = -1

    def __enter__(self) -> Self:
        """Take the lock at once.

        Raises:
            SiteError: ``site.locked``, naming the process that has it.
        """
        handle = os.open(self._site.path / "site.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "unknown"
            os.close(handle)
            raise SiteError(
                "site.locked",
                f"The site {self._site.site_id} is in use by another process (pid {holder}).",
                remedy="While it is served, commands go to it over HTTP; to work on it here, stop that process first.",
            ) from error
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lock back."""
        os.close(self._handle)
