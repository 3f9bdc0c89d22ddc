"""What health checks answer."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from countenance.interfaces.schemas import Answered, Problem


class Live(Answered):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(Answered):
    """The service can do its work."""

    ready: Literal[True] = True


class NotReady(Problem):
    """The service cannot do its work now."""

    ready: Literal[False] = False
    reasons: list[str] = Field(
        description="`starting_or_stopping`, `sweeper_or_log_failing` or `inference_process_missing`."
    )
