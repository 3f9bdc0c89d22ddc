"""Every figure ``bench`` reports: what it means, and what it should be. The one list that text, JSON and page share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """On which side of a target a figure should lie."""

    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should reach."""

    side: Side
    value: float

    def met(self, figure: float) -> bool:
        """Return whether ``figure`` reaches it; the limit itself does, "not a number" does not."""
        return figure >= self.value if self.side is Side.AT_LEAST else figure <= self.value


@dataclass(frozen=True, slots=True)
class Meaning:
    """One figure's key, unit and sentence."""

    key: str
    unit: str
    """"" for a plain ratio."""
    digits: int
    """After the decimal point."""
    sentence: str
    target: Target | None = None


def _least(value: float) -> Target:
    return Target(Side.AT_LEAST, value)


def _most(value: float) -> Target:
    return Target(Side.AT_MOST, value)


CATALOGUE: tuple[Meaning, ...] = (
    Meaning("pipeline.ratio_to_opencv", "times", 2, "photo bytes to probe, as shipped, against cv2.FaceDetectorYN + "
            "cv2.FaceRecognizerSF on the same weights and core, JPEG decoding on both sides", _least(3.0)),
    Meaning("pipeline.ratio_to_opencv_fp32", "times", 2, "the same in fp32 (two small passes, fp32)", _least(1.9)),
    Meaning("pipeline.ratio_to_opencv_full_fp32", "times", 2, "the same in fp32 with one full-size pass, the reference "
            "configuration of the accuracy figures, which no site runs"),
    Meaning("pipeline.over_network_time", "times", 3, "everything but JPEG decoding over the bare time of the same "
            "networks on prepared inputs, run after each photograph was decoded, which empties the caches", _most(1.2)),
    Meaning("pipeline.over_warm_network_time", "times", 3, "the same over the networks run again and again, nothing "
            "in between, as no site ever runs them"),
    Meaning("pipeline.ms", "ms", 2, "photo bytes to probe, 640 px portrait, median"),
    Meaning("pipeline.opencv_ms", "ms", 2, "the same through OpenCV, median"),
    Meaning("pipeline.decode_ms", "ms", 2, "of which JPEG decoding, median"),
    Meaning("pipeline.network_ms", "ms", 2, "bare network time after decoding, median"),
    Meaning("pipeline.warm_network_ms", "ms", 2, "bare network time with nothing in between, median"),
    Meaning("search.bandwidth_ratio_1m", "", 2, "exact search of 1,000,000 x 128, one probe, one thread: bytes read a "
            "second over read bandwidth (best of seven over max and dot on the same array, in turns)", _least(0.80)),
    Meaning("search.ms_1m", "ms", 2, "one such search, best"),
    Meaning("search.p99_ms_42000", "ms", 3, "exact search of 42,000 x 128, 99th percentile", _most(2.0)),
    Meaning("authority.decision_p99_ms", "ms", 3, "one decision of the shipped policies, 99th percentile", _most(0.5)),
    Meaning("authority.verification_p99_ms", "ms", 3, "all that charter and policies do for one verification, from "
            "opening to answer, 99th percentile", _most(2.0)),
    Meaning("record.append_ms_1m", "ms", 2, "one event into a record of 1,000,000 entries: link, salts, two sealed "
            "parts, rows, receipt; median, the disk apart", _most(1.0)),
    Meaning("record.commit_ms_1m", "ms", 2, "until that is on disk, median"),
    Meaning("record.publish_ms_1m", "ms", 1, "one batch of 512 onto that log, files on disk"),
    Meaning("record.proof_ms_1m", "ms", 2, "an inclusion proof from that log, verified, median", _most(5.0)),
    Meaning("record.audit_s_1m", "s", 1, "the audit of that public log, every byte", _most(60.0)),
    Meaning("http.p50_ms", "ms", 1, "verification over HTTP, two lanes at once: from complete photographs to the "
            "answer, record on disk; median"),
    Meaning("http.p95_ms", "ms", 1, "95th percentile"),
    Meaning("http.p99_ms", "ms", 1, "99th percentile"),
    Meaning("http.overhead_p95_ms", "ms", 1, "of that, what is neither image decoding nor network inference nor "
            "waiting for a busy inference process, 95th percentile", _most(25.0)),
    Meaning("http.opening_p95_ms", "ms", 1, "opening the encounter before, record on disk, 95th percentile"),
    Meaning("workers.speedup_2", "times", 2, "photographs a second through two inference processes over one",
            _least(1.8)),
    Meaning("memory.pss_mb", "MB", 0, "PSS of all processes of a served site with 42,000 references", _most(900.0)),
    Meaning("ready_s", "s", 2, "from process start to ready, the same site", _most(6.0)),
    Meaning("accuracy.lfw_fnmr_full_fp32", "%", 3, "LFW, all pairs: FNMR at FMR 1e-4, full-size fp32 configuration"),
    Meaning("accuracy.lfw_fnmr_shipped", "%", 3, "LFW, all pairs: FNMR at FMR 1e-4, as shipped"),
    Meaning("accuracy.lfw_fnmr_difference", "points", 3, "by how much the second is worse than the first", _most(0.02)),
    Meaning("accuracy.lfw_refused", "%", 3, "LFW images without a template, as shipped (they count as non-matches)"),
    Meaning("accuracy.london_lowest_mated", "", 3, "London: lowest score of one person's pair, as shipped"),
    Meaning("accuracy.london_highest_non_mated", "", 3, "London: highest score of two people, as shipped"),
    Meaning("accuracy.london_difference", "", 3, "by how much the worse of these two is worse than in full-size fp32",
            _most(0.02)),
    Meaning("accuracy.london_refused", "", 0, "London: photographs without a template", _most(0.0)),
)  # fmt: skip
"""In the order in which they are printed."""

ACCURACY = "accuracy."
"""Figures under this prefix are measured only when a folder of faces is given."""
