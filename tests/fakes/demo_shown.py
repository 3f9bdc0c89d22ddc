"""A whole demo's result made by hand, so that page and tables can be tested without engines or sites."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from countenance.interfaces.demo import story
from countenance.interfaces.demo.credits import Credit
from countenance.interfaces.demo.denied import Denied
from countenance.interfaces.demo.flight import Flight, Late, Portrayed
from countenance.interfaces.demo.pictures import Picture, prepare
from countenance.interfaces.demo.play import Crossed
from countenance.interfaces.demo.settling import Settled
from countenance.interfaces.demo.shown import Destruction, Proof, Shown
from countenance.interfaces.demo.story import Scene
from countenance.procedures import Lane
from countenance.terms import (
    EVERYONE,
    Accepted,
    Action,
    Actor,
    Box,
    Charter,
    Checkpoint,
    ClassRule,
    EligibilityRules,
    EnrolmentVerdict,
    Explanation,
    Extraction,
    Finding,
    Instant,
    Mode,
    NextStep,
    Notice,
    Opened,
    Outcome,
    Probe,
    Quality,
    Reason,
    Receipt,
    Refused,
    Reply,
    Retention,
    Review,
    Role,
    Rule,
    Stage,
    StageMillis,
    StageTime,
    Template,
    Unmeasured,
)
from countenance.terms.documents import ManifestFinding
from countenance.terms.staging import Announced, Boarding, PortraitVerdict, TravellerLine, TravellerState
from fakes.papers import point

STEPS = {
    Outcome.MATCH: NextStep.PROCEED,
    Outcome.NO_MATCH: NextStep.REFER_TO_OFFICER,
    Outcome.REFERRED: NextStep.REFER_TO_OFFICER,
    Outcome.RETRY: NextStep.TRY_AGAIN,
    Outcome.OPTED_OUT: NextStep.MANUAL_CHECK,
    Outcome.NOT_COMPARED: NextStep.MANUAL_CHECK,
}
MILLIS = StageMillis(decode=3.1, detect=1.2, quality=0.1, embed=3.8)


def photograph(width: int = 60, height: int = 80) -> bytes:
    """Return a small grey JPEG."""
    written = BytesIO()
    Image.new("RGB", (width, height), "grey").save(written, "JPEG")
    return written.getvalue()


def accepted() -> Accepted:
    """Return an extraction with a face in the middle of a frame of 60 x 80."""
    quality = Quality(
        inter_eye_px=30.0, yaw_deg=1.5, pitch_deg=-2.0, roll_deg=0.4, sharpness=81.0, luminance=0.5, contrast=0.2,
        under_exposed=0.0, over_exposed=0.0, head_size=0.5, faces=1, feature_norm=12.0,
    )  # fmt: skip
    landmarks = np.array([[22, 32], [38, 32], [30, 42], [24, 52], [36, 52]], np.float32)
    template = Template(np.eye(1, 128, dtype=np.float32)[0], "f" * 64)
    return Accepted(Probe(template, quality, Box(15, 20, 30, 40, 0.9), landmarks, "0" * 64, 60, 80), MILLIS)


def receipt(number: int) -> Receipt:
    """Return a receipt with its own commitment."""
    return Receipt("test/log", f"{number:064x}", "2026-11-21T00:10:00.000Z", "{}", "0" * 64, "0" * 64, "0" * 128)


def reply(outcome: Outcome, number: int, *, captured: bool) -> Reply:
    """Return an answer of this outcome."""
    names = ("live.decode", "live.detect", "live.quality", "live.embed", "compare")
    return Reply(
        encounter_id=f"{number:032x}", outcome=outcome, reason="" if outcome is Outcome.MATCH else "a.reason",
        advice="Some advice.", next_step=STEPS[outcome], attempts_left=0, reference_id="",
        rules=(Rule("a-rule", "A sentence."),), operating_point="d" * 64, receipt=receipt(number),
        millis=tuple(StageTime(name, 2.0) for name in names) if captured else (),
    )  # fmt: skip


def crossed(scene: Scene, number: int) -> Crossed:
    """Return a scene that went as expected."""
    captured = bool(scene.live)
    replies = tuple(reply(outcome, number * 10 + at, captured=captured) for at, outcome in enumerate(scene.outcomes))
    opened = Opened("token", "0" * 32, Instant(0), may_refuse=True, notice_id="n", receipt=receipt(number))
    return Crossed(scene, "lane-1", opened, replies, 2 * len(scene.live), 21.0, as_expected=True)


def announced(expected: int, added: int, *findings: ManifestFinding) -> Announced:
    """Return what a message about ``expected`` people changed."""
    return Announced("flight-17", "UT17 UTA-UTB passengers", Instant(0), expected, added, 0, 1, (1, 2), 0, findings)


def portrayed() -> tuple[Portrayed, ...]:
    """Return the story's portraits with the story's verdicts."""
    staged, poor = TravellerState.STAGED, TravellerState.POOR
    verdicts = {staged: EnrolmentVerdict.ENROLLED, poor: EnrolmentVerdict.REFUSED}
    offered = [(one, verdicts[one.state], False) for one in story.PASSENGERS if one.state in verdicts]
    offered.append((story.PASSENGERS[0], EnrolmentVerdict.DUPLICATE, True))
    return tuple(
        Portrayed(one, PortraitVerdict(at, one.number, verdict, "", _why(verdict)), again)
        for at, (one, verdict, again) in enumerate(offered, start=1)
    )


def _why(verdict: EnrolmentVerdict) -> str:
    return "" if verdict is EnrolmentVerdict.ENROLLED else "Why."


def boarding(*, closing: bool) -> Boarding:
    """Return where the story's people stand as the gate opens, or closes."""
    lines = tuple(
        TravellerLine(
            one.number, "P", "26-50", one.state, "", int(one.state is TravellerState.STAGED), closing and one.aboard
        )
        for one in story.PASSENGERS
    )
    return Boarding("flight-17", "UT17 UTA-UTB passengers", open=True, closes_at=Instant(0), travellers=lines, alike=())


def flight() -> Flight:
    """Return a flight that went as the story says."""
    people = len(story.PASSENGERS)
    slip = ManifestFinding("people_count", 7, 70, "One is missing.")
    return Flight(
        messages=("UNB+1'", "UNB+2'"), announced=(announced(people - 1, people - 1, slip), announced(people, 1)),
        portrayed=portrayed(), opening=boarding(closing=False), closing=boarding(closing=True),
        after=Boarding("flight-17", "", open=False, closes_at=Instant(0), travellers=(), alike=()), numbers={},
        receipts=(receipt(901), receipt(902)),
        late=(Late("Somebody late", "gallery.closed", "It is closed.", 0),) * story.LATE,
        keys_before=frozenset({"2026-11-25", "event-x"}), keys_after=frozenset({"2026-11-25"}),
    )  # fmt: skip


def destruction() -> Destruction:
    """Return an end of which everything is to be seen."""
    return Destruction(
        closed=1, receipts=1, items={"reference": 12}, announced=12, epochs=("event-x",), were_there=True,
        still_there=(),
    )  # fmt: skip


def lane(mode: Mode) -> Lane:
    """Return a lane with a charter and an operating point."""
    checkpoint = Checkpoint("lane-1", "Lane 1", "An officer looks.", "n", biometric=True)
    rules = (ClassRule(EVERYONE, may_refuse=True, exempt_under=0, exempt_over=-1),)
    charter = Charter(
        sha256="c" * 64, charter_id="test", version=1, setting="checkpoint", jurisdiction="us",
        use="document-holder", forbidden_uses=(), conditions=(), public_page="https://example.invalid",
        profile="land-pedestrian", trial=True, purpose="A purpose.",
        legal_basis="A law.", controller="A <controller> & more", contact="A contact", place="A place",
        checkpoints=(checkpoint,), mode=mode, attended=True, capture_class="portrait",
        eligibility=(EligibilityRules(Instant(0), "A law", rules),), class_retention=(), notice_check_days=90,
        retention=(Retention("referred", 43200), Retention("probe", 0)), operating_point="d" * 64, weights="e" * 64,
        max_gallery_size=420, notices=(Notice("n", "en", "You may refuse.", "0" * 64),), encounter_seconds=120,
        valid_from=Instant(0), valid_until=Instant(1),
        review=Review("none", "2026-11-20", "nobody", "nobody", "nobody"),
    )  # fmt: skip
    return Lane(checkpoint, charter, point(sha256="d" * 64, label="LFW FMR", reference_years=Unmeasured()))


def denied() -> tuple[Denied, ...]:
    """Return one question that was answered with no, as it had to be."""
    findings = (
        Finding("charter/in-force", "It is <in> force.", passes=True),
        Finding("builtin/deny", "No.", passes=False),
    )
    actor = Actor("auditor:1", Role.AUDITOR, "")
    why = Explanation(actor, Action.OPEN_ENCOUNTER, "lane-1", Instant(0), "c" * 64, findings)
    return (Denied("An auditor who wants in", "access.denied", "May not.", why, as_expected=True),)


def proof() -> Proof:
    """Return a proof that held."""
    return Proof(
        tree_size=128, tree_head="test/log\n128\nroot\n\n— test/log sig\n", entries=30,
        checks=(("Every byte.", True),), destruction=destruction(), ok=True, flipped="a tile, byte 7", found="Found.",
    )  # fmt: skip


def shown(**changes: object) -> Shown:
    """Return a demo in which everything went as expected, but for ``changes`` to its fields."""
    extractions: dict[str, Extraction] = {name: accepted() for name in story.FILES}
    extractions["32bit-lower-half.jpg"] = Refused(Stage.DETECTION, Reason.NO_FACE, "Look at the camera.", MILLIS)
    pictures: dict[str, Picture] = prepare({name: photograph() for name in story.FILES}, extractions)
    fields: dict[str, object] = {
        "made_at": "2026-11-21T00:00:00.000Z", "version": "0.1.0", "weights": "e" * 64, "land": lane(Mode.VERIFY),
        "air": lane(Mode.IDENTIFY), "flight": flight(), "pictures": pictures, "seconds": 3.2,
        "denied": denied(),
        "crossings": tuple(crossed(scene, at) for at, scene in enumerate(story.LAND + story.AIR, start=1)),
        "proof": proof(),
        "settled": Settled("YOUR RECEIPT\n\nReference:\n  abc\n", "No override.", "case.no_override", "cleared", ()),
        "credits": (Credit("a.jpg: An Author, CC BY", "https://example.org/a"), Credit("b.jpg: NASA", "")),
    }  # fmt: skip
    return Shown(**(fields | changes))  # type: ignore[arg-type] # fields are checked by the dataclass's users below
