"""The one place that asks the operating system for randomness."""

from __future__ import annotations

import os


class SystemEntropy:
    """The operating system's generator (port ``Entropy``)."""

    def token_bytes(self, count: int) -> bytes:
        """Return ``count`` unpredictable bytes."""
        return os.urandom(count)
