"""Notices: the text people read, its hash, and whether the numbers in it are the ones the service obeys (CBP-19).

A sign that promises twelve hours while the clock says fourteen days is worse than none. So every time that a notice
names must be one of the charter's, and every clock of the charter must stand in the notice, in each language, that of a
contest among them; whoever may refuse must be told so; and ages at which people must not be photographed are named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from types import MappingProxyType

from countenance.errors import CharterError
from countenance.terms import Charter, ClassRule, Instant, Mode, Notice, NoticeCheck, iso

UNIT_SECONDS: Mapping[str, int] = MappingProxyType(
    {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "year": 365 * 86_400}
)
_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {"second": "seconds?", "minute": "minutes?", "hour": "hours?", "day": "days?", "year": "years?"},
    "es": {"second": "segundos?", "minute": "minutos?", "hour": "horas?", "day": "d[íi]as?", "year": "años?"},
    "fr": {"second": "secondes?", "minute": "minutes?", "hour": "heures?", "day": "jours?", "year": "(?:ans?|années?)"},
    "de": {
        "second": "Sekunden?", "minute": "Minuten?", "hour": "Stunden?", "day": "Tag(?:e|en)?", "year": "Jahr(?:e|en)?",
    },
    "pt": {"second": "segundos?", "minute": "minutos?", "hour": "horas?", "day": "dias?", "year": "anos?"},
}  # fmt: skip
"""What units are called; in other languages only the bare numbers are looked for."""
_REFUSE: Mapping[str, str] = {
    "en": "refuse|decline", "es": "negar|rehusar", "fr": "refus", "de": "ablehn|weiger", "pt": "recus",
}  # fmt: skip
_DAY_MS = 86_400_000
_UNUSED: Mapping[Mode, frozenset[str]] = {Mode.VERIFY: frozenset({"reference"})}
"""Clocks of things that do not exist in a mode: no gallery in ``verify``."""


def notice_sha256(text: str) -> str:
    """Return the lower-case hex SHA-256 that a charter states for a notice's ``text`` (UTF-8, exactly as parsed)."""
    return sha256(text.encode("utf-8")).hexdigest()


def check_hash(notice: Notice) -> None:
    """Return only if the text is the one its hash names.

    Raises:
        CharterError: ``charter.notice_hash``.
    """
    actual = notice_sha256(notice.text)
    if actual != notice.sha256:
        raise CharterError(
            "charter.notice_hash",
            f"The text of notice {notice.notice_id!r} ({notice.language}) is not the one its sha256 names.",
            remedy=f"If the text is the one that is posted, state sha256: {actual}; else restore the text.",
        )


def check_numbers(charter: Charter) -> None:
    """Return only if every posted notice tells the clocks, ages and right to refuse that the charter states.

    Raises:
        CharterError: ``charter.notice_numbers``, ``charter.notice_silent``.
    """
    posted = {point.notice_id for point in charter.checkpoints if point.biometric}
    for notice in charter.notices:
        if notice.notice_id in posted:
            _check_clocks(charter, notice)
            _check_right(charter, notice)


def _check_clocks(charter: Charter, notice: Notice) -> None:
    unused = _UNUSED.get(charter.mode, frozenset())
    clocks = [*charter.retention, *(item for one in charter.class_retention for item in one.retention)]
    kept = {item.seconds: item.retention_class for item in clocks if item.retention_class not in unused}
    kept.setdefault(charter.contest_days * UNIT_SECONDS["day"], "contest_days")
    words = _WORDS.get(notice.language.partition("-")[0])
    text = " ".join(notice.text.split())
    if words is None:
        told = {seconds: _words(seconds) for seconds in kept if re.search(rf"\b{_number(seconds)}\b", text)}
    else:
        told = {
            int(found[1]) * UNIT_SECONDS[unit]: found[0]
            for unit, word in words.items()
            for found in re.finditer(rf"\b(\d{{1,6}}) {word}\b", text)
        }
    wrong = [f"tells {told[seconds]!r}, which the charter does not" for seconds in sorted(set(told) - set(kept))]
    wrong += [f"does not tell {_words(seconds)} ({kept[seconds]})" for seconds in sorted(set(kept) - set(told))]
    if wrong:
        raise CharterError(
            "charter.notice_numbers",
            f"The notice {notice.notice_id!r} ({notice.language}) {'; it '.join(wrong)} (CBP-19).",
            remedy="Correct the notice, or the retention if the notice is right; then state the notice's new hash. "
            "Write ages without their unit: 'under 14'.",
        )


def _check_right(charter: Charter, notice: Notice) -> None:
    if charter.mode is Mode.SCREEN:
        return
    rules = _rules_during(charter)
    ages = {age for rule in rules for age in (rule.exempt_under, rule.exempt_over) if age > 0}
    missing = [str(age) for age in sorted(ages) if not re.search(rf"\b{age}\b", notice.text)]
    word = _REFUSE.get(notice.language.partition("-")[0])
    if word is not None and not re.search(word, notice.text, re.IGNORECASE):
        missing.append("that one may refuse")
    if missing:
        raise CharterError(
            "charter.notice_silent",
            f"The notice {notice.notice_id!r} ({notice.language}) does not tell: {', '.join(missing)}.",
            remedy="Say in it who may refuse and how, and name the ages of people who must not be photographed.",
        )


def _rules_during(charter: Charter) -> list[ClassRule]:
    begun = [item for item in charter.eligibility if item.valid_from <= charter.valid_from][-1:]
    later = [item for item in charter.eligibility if charter.valid_from < item.valid_from < charter.valid_until]
    return [rule for item in (*begun, *later) for rule in item.classes]


def check_posted(charter: Charter, checks: Sequence[NoticeCheck], now: Instant) -> None:
    """Return only if somebody looked lately, at each checkpoint, at the notice that is in force (CBP-19).

    A trial that nobody looked at yet has as long as a look holds, counted from its beginning; a check of another text
    counts for nothing.

    Raises:
        CharterError: ``charter.notice_check_overdue``.
    """
    for point in charter.checkpoints:
        texts = tuple(sorted(item.sha256 for item in charter.notices if item.notice_id == point.notice_id))
        seen = [
            one.checked_at
            for one in checks
            if one.checkpoint_id == point.checkpoint_id and one.notices == texts and one.checked_at <= now
        ]
        seen += [charter.valid_from] if charter.trial else []
        due = Instant(max(seen, default=Instant(0)) + charter.notice_check_days * _DAY_MS)
        if point.biometric and now >= due:
            since = f"was due on {iso(due)}" if seen else "never took place"
            raise CharterError(
                "charter.notice_check_overdue",
                f"The look at the notice of checkpoint {point.checkpoint_id!r} {since} (CBP-19).",
                remedy="Go and see that it hangs there, whole, readable and current; then note it: "
                "countenance charter placed.",
            )


def _number(seconds: int) -> int:
    return next(seconds // size for size in sorted(UNIT_SECONDS.values(), reverse=True) if seconds % size == 0)


def _words(seconds: int) -> str:
    for unit, size in sorted(UNIT_SECONDS.items(), key=lambda item: -item[1]):
        if seconds and seconds % size == 0:
            return f"{seconds // size} {unit}s"
    return "0 seconds"
