"""A notice that promises what the service does not keep starts nothing: times, ages, the right to refuse (CBP-19)."""

from __future__ import annotations

from typing import Any

import pytest

from countenance.authority.notice import check_numbers
from countenance.errors import CharterError
from countenance.terms import ClassRetention, ClassRule, EligibilityRules, Mode, Notice, Retention, parse_iso
from fakes.papers import BEGIN, charter

TEXTS = {
    "en": "Kept 0 seconds; if referred 12 hours; if contested 30 days. You may refuse.",
    "es": "Se guarda 0 segundos; si hace falta, 12 horas; si se impugna, 30 días. Puede negarse.",
    "fr": "Gardé 0 secondes; en cas de doute 12 heures; contesté 30 jours. Vous pouvez refuser.",
    "de": "Aufbewahrt 0 Sekunden; im Zweifel 12 Stunden; bei Einspruch 30 Tage. Sie können ablehnen.",
    "de-AT": "Aufbewahrt 0 Sekunden; im Zweifel 12 Stunden; bei Einspruch 30 Tage. Sie können ablehnen.",
    "pt": "Guardado 0 segundos; em caso de dúvida 12 horas; se contestado 30 dias. Pode recusar.",
    "cs": "Uchováváno 0 sekund; při pochybnosti 12 hodin; při námitce 30 dní.",
}


def check(language: str, text: str, **changes: Any) -> None:
    """Check a charter that posts this text."""
    check_numbers(charter(notices=(Notice("before", language, text, "e" * 64),), **changes))


@pytest.mark.parametrize("language, text", TEXTS.items())
def test_a_true_notice_is_good_in_every_language(language: str, text: str) -> None:
    """Every clock told, no other: good; in languages whose units nobody wrote down, the numbers count."""
    check(language, text)


@pytest.mark.parametrize("language, text", TEXTS.items())
def test_a_wrong_number_is_found_in_every_language(language: str, text: str) -> None:
    """One clock told wrongly is refused, whatever the language."""
    with pytest.raises(CharterError) as caught:
        check(language, text.replace("12", "14"))
    assert caught.value.code == "charter.notice_numbers"
    assert "12 hours (referred)" in caught.value.message


@pytest.mark.parametrize("old, new, told", [
    ("12 hours", "12 days", "tells '12 days'"),
    ("0 seconds; if", "for a while; if", "0 seconds (probe)"),
    ("refuse.", "refuse. Recordings are kept for 72 hours.", "tells '72 hours'"),
    ("; if contested 30 days", "", "30 days (contest_days)"),
    ("12 hours", "12 hour", ""),
    ("12 hours", "720 minutes", ""),
    ("12 hours", "12\n hours", ""),
])  # fmt: skip
def test_every_time_counts(old: str, new: str, told: str) -> None:
    """Another unit, a clock left out, a time of something else: told by name. The same time in other words is good."""
    text = TEXTS["en"].replace(old, new)
    if not told:
        check("en", text)
        return
    with pytest.raises(CharterError) as caught:
        check("en", text)
    assert told in caught.value.message


def test_clocks_of_classes_are_told_too() -> None:
    """A class with a clock of its own reads it on the wall as well (CBP-14, CBP-15)."""
    own = (ClassRetention("citizen", (Retention("referred", 14 * 86_400),)),)
    with pytest.raises(CharterError, match="14 days"):
        check("en", TEXTS["en"], class_retention=own)
    check("en", TEXTS["en"] + " Citizens: 14 days.", class_retention=own)


def test_clocks_of_nothing_need_not_be_told() -> None:
    """In mode verify no gallery exists, so its clock is told nowhere."""
    clocks = (Retention("probe", 0), Retention("referred", 43_200), Retention("reference", 86_400))
    check("en", TEXTS["en"], mode=Mode.VERIFY, retention=clocks)
    with pytest.raises(CharterError, match="reference"):
        check("en", TEXTS["en"], mode=Mode.IDENTIFY, retention=clocks)


def rules(begin: int, *, over: int) -> EligibilityRules:
    """Return rules that exempt people over an age."""
    rule = ClassRule("visitor", may_refuse=False, exempt_under=0, exempt_over=over)
    return EligibilityRules(parse_iso("1970-01-01T00:00:00Z") if begin == 0 else begin, "A law", (rule,))  # type: ignore[arg-type]  # an instant is a number


def test_ages_and_rights_are_told() -> None:
    """A notice that is silent about refusing, or about an age at which people are exempt, is refused."""
    with pytest.raises(CharterError) as caught:
        check("en", "Kept 0 seconds; if referred 12 hours; if contested 30 days.")
    assert caught.value.code == "charter.notice_silent"
    with pytest.raises(CharterError, match="79"):
        check("en", TEXTS["en"], eligibility=(rules(BEGIN, over=79),))
    check("en", TEXTS["en"] + " Nobody over 79 is photographed.", eligibility=(rules(BEGIN, over=79),))


def test_only_rules_of_the_charters_time_are_told() -> None:
    """Ages that applied before the charter began need not stand on the wall; those that will apply must."""
    check("en", TEXTS["en"], eligibility=(rules(0, over=79), rules(BEGIN, over=-1)))
    with pytest.raises(CharterError, match="70"):
        check("en", TEXTS["en"], eligibility=(rules(BEGIN, over=-1), rules(BEGIN + 1, over=70)))


def test_a_notice_that_hangs_nowhere_is_not_read() -> None:
    """Only what is posted at a checkpoint with a camera has to be true."""
    hidden = Notice("elsewhere", "en", "Nothing in particular is told here.", "e" * 64)
    check_numbers(charter(notices=(Notice("before", "en", TEXTS["en"], "e" * 64), hidden)))
