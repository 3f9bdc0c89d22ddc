"""Counters for the administrator's dashboard: outcomes, reasons, stages, the log's age. No ids, no scores, no people.

One registry per app, so that two services in one process (tests) do not mix.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from countenance.bootstrap import Service
from countenance.terms import Reply

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What is counted while the service answers."""

    def __init__(self, service: Service) -> None:
        self._registry = CollectorRegistry()
        self._replies = Counter(
            "countenance_replies", "Replies sent, identical resends included.", ["checkpoint", "outcome", "reason"],
            registry=self._registry,
        )  # fmt: skip
        self._stages = Histogram(
            "countenance_stage_seconds", "Time spent in each stage of an answer.", ["stage"], buckets=_BUCKETS,
            registry=self._registry,
        )  # fmt: skip
        self._responses = Counter(
            "countenance_http_responses", "HTTP responses by status.", ["status"], registry=self._registry
        )
        self._registry.register(SiteCollector(service))

    def count_reply(self, reply: Reply) -> None:
        """Count one reply to an attempt, a refusal, or an encounter that ended at its opening."""
        checkpoint = str(json.loads(reply.receipt.facts).get("checkpoint", ""))
        self._replies.labels(checkpoint, reply.outcome, reply.reason).inc()
        for stage in reply.millis:
            self._stages.labels(stage.stage).observe(stage.millis / 1000)

    def count_response(self, status: int) -> None:
        """Count one HTTP response; 401 is how failed authentication shows."""
        self._responses.labels(str(status)).inc()

    def render(self) -> bytes:
        """Return everything in the Prometheus text format."""
        return generate_latest(self._registry)


class SiteCollector(Collector):
    """Reads the site's own state when asked."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterable[Metric]:
        """Yield what the site counts, how old its published tree head is, and how many inference processes live."""
        counters = self._service.counters()
        yield CounterMetricFamily(
            "countenance_frames_decoded", "Photographs handed to a decoder since start.",
            value=counters["frames_decoded"],
        )  # fmt: skip
        yield CounterMetricFamily(
            "countenance_frames_dropped", "Photographs dropped unseen: their checkpoint uses no camera.",
            value=counters["frames_dropped"],
        )  # fmt: skip
        yield from _monitoring(self._service)
        for name, help_text in _GAUGES.items():
            yield GaugeMetricFamily(f"countenance_{name}", help_text, value=counters[name])
        with suppress(OSError):
            age = time.time() - (self._service.site.log / "checkpoint").stat().st_mtime
            yield GaugeMetricFamily(
                "countenance_log_head_age_seconds", "Since the newest tree head was published.", value=max(age, 0.0)
            )
        alive = living_processes(self._service)
        if alive is not None:
            yield GaugeMetricFamily("countenance_inference_processes", "Inference processes that live.", value=alive)


_GAUGES = {
    "log_pending": "Entries that wait for their batch.", "log_size": "Leaves in the published log.",
    "suspensions": "Charters that a limit stopped: nothing is compared under them until a supervisor resumes them.",
}  # fmt: skip


def _monitoring(service: Service) -> Iterable[Metric]:
    """Yield signals by monitor and the tests' sums, of which 1 is a signal; rates are for those who may read them."""
    signals, standings = service.watching.standing()
    raised = GaugeMetricFamily(
        "countenance_monitoring_signals", "Signals of the last 30 days.", labels=["checkpoint", "monitor"]
    )
    for (checkpoint_id, monitor), number in signals.items():
        raised.add_metric([checkpoint_id, monitor], number)
    stands = GaugeMetricFamily(
        "countenance_monitoring_evidence", "How near a test is to its next signal, 0 to 1.",
        labels=["checkpoint", "monitor"],
    )  # fmt: skip
    for (checkpoint_id, monitor), share in standings.items():
        stands.add_metric([checkpoint_id, monitor], share)
    yield from (raised, stands)


def living_processes(service: Service) -> int | None:
    """Return how many inference processes live, or None where extraction needs none (tests)."""
    processes = getattr(service.extractor, "process_ids", None)
    return None if processes is None else sum(map(_lives, processes))


def _lives(process_id: int) -> bool:
    """Return whether the process runs; one that ended and was not waited for yet does not (proc(5), stat)."""
    try:
        state = Path(f"/proc/{process_id}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in {"Z", "X"}
