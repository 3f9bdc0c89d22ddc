"""Passive authentication of a chip (Doc 9303-11 5.1): every step with its verdict, and a portrait only if all hold.

 (1) EF.SOD is SignedData with an LDS security object          (7) both certificates valid then and now
 (2) its Document Signer certificate is inside                 (8) neither is on its country's revocation list
 (3) the signed attributes stand for the content               (9) the hash of each data group read is the signed one
 (4) the Document Signer signed them                          (10) no group is there unsigned; what is missing is told
 (5) a CSCA of the store issued the Document Signer           (11) one country in DG1 and both certificates
 (6) both certificates may do what they did                   (12) the portrait decodes, in a process that cannot harm

Each step is made if what it needs is there, also after another failed, so that an officer sees all that is wrong.
Deliberately not checked here: that the chip is no copy (Active and Chip Authentication, Doc 9303-11 6, need the chip
itself), that the printed page equals DG1 (the caller has the page), that the document has not ended (its dates are in
DG1), and that the person is the one portrayed, which is what a comparison is for.
"""

from __future__ import annotations

from countenance.documents.chip.chain_steps import (
    check_country,
    check_revocation,
    check_usage,
    check_validity,
    find_issuer,
)
from countenance.documents.chip.csca import CscaStore
from countenance.documents.chip.group_steps import check_complete, check_hashes, see_portrait
from countenance.documents.chip.lds import parse_dg1
from countenance.documents.chip.portrait import PortraitLimits
from countenance.documents.chip.sod_steps import check_attributes, check_signature, find_signer, read_sod
from countenance.terms import ChipAuthentic, ChipCheck, ChipData, ChipFile, ChipNotAuthentic, Instant


def check_chip(
    chip: ChipData,
    store: CscaStore,
    *,
    at: Instant,
    revocation_needed: bool = True,
    portrait_limits: PortraitLimits | None = None,
) -> ChipCheck:
    """Return the portrait with every step, or every step with those that do not hold; bad documents never raise.

    ``at`` is the time of the check, read once by the caller. Without a revocation list in date the chain does not hold,
    unless ``revocation_needed`` is False; then step 8 is a finding.
    """
    first, sod = read_sod(chip)  # (1)
    second, signer = find_signer(sod)  # (2)
    fifth, issuer = find_issuer(signer, store, at)
    steps = [
        first,
        second,
        check_attributes(sod),  # (3)
        check_signature(sod, signer),  # (4)
        fifth,  # (5)
        check_usage(chip, signer, issuer),  # (6)
        check_validity(sod, signer, issuer, at),  # (7)
        check_revocation(signer, issuer, store, at, needed=revocation_needed),  # (8)
        check_hashes(chip, sod),  # (9)
        check_complete(chip, sod),  # (10)
        check_country(chip, signer, issuer),  # (11)
    ]
    last, portrait = see_portrait(chip, steps, portrait_limits)  # (12)
    steps.append(last)
    if portrait is None:
        return ChipNotAuthentic(tuple(steps))
    zone = parse_dg1(chip.files[ChipFile.DG1])  # step 11 read it
    return ChipAuthentic(tuple(steps), zone.issuing_state, zone.lines, portrait)
