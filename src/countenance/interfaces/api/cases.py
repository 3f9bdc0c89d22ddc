"""Cases: what waits for a human, what humans do with it, the person's receipt, and what stopped by itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response

from countenance.interfaces.api.front import Acting, Fronting
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas import ReceiptReply
from countenance.interfaces.schemas_cases import (
    NotificationBody,
    OpenedReferralBody,
    RedressBody,
    ReferBody,
    ReferralBody,
    ResumeBody,
    StandingBody,
    SteppedBody,
    SuspensionBody,
    TakeBody,
)
from countenance.interfaces.shown import receipt_body
from countenance.interfaces.shown_cases import (
    notification_body,
    opened_referral_body,
    redress_body,
    redress_page,
    referral_body,
    standing_body,
    stepped_body,
    suspension_body,
)
from countenance.procedures import Basis

router = APIRouter(tags=["cases"])

Reference = Annotated[str, Path(max_length=64, description="The referral's id, or its encounter's.")]


@router.get(
    "/referrals", response_model=list[ReferralBody], summary="List what waits for a human",
    responses=documented(401, 403),
)  # fmt: skip
async def list_referrals(front: Fronting, actor: Acting) -> list[ReferralBody]:
    """Return what waits, in the order in which it is due. Most people referred are who they say."""
    return [referral_body(standing) for standing in await front.threads.call(front.service.desk.waiting, actor)]


@router.post(
    "/referrals", status_code=201, response_model=StandingBody, summary="Refer somebody, whatever was answered",
    responses=documented(401, 403, 404, 409, 413, 422, 507),
)  # fmt: skip
async def refer(body: ReferBody, front: Fronting, actor: Acting) -> StandingBody:
    """Bring the person of an encounter before another human: a match never binds an officer.

    Give the person the text of `redress`. An encounter that was still open is over; its token is spent.
    """
    casework = front.service.casework
    return standing_body(await front.threads.call(casework.refer, body.encounter, body.reason, body.words, actor))


@router.get(
    "/referrals/{referral}", response_model=OpenedReferralBody, summary="Open a referral with its photographs",
    responses=documented(401, 403, 404, 507),
)  # fmt: skip
async def open_referral(referral: Reference, front: Fronting, actor: Acting) -> OpenedReferralBody:
    """Return the photographs for a second look; who opened it, and when, is recorded first. There is no score."""
    return opened_referral_body(await front.threads.call(front.service.desk.open_referral, referral, actor))


@router.post(
    "/referrals/{referral}/steps", status_code=201, response_model=SteppedBody, summary="Do something with a referral",
    responses=documented(401, 403, 404, 409, 413, 422, 507),
)  # fmt: skip
async def take_step(referral: Reference, body: TakeBody, front: Fronting, actor: Acting) -> SteppedBody:
    """Clear, send on, decide, contest or review; the answer is the case as it stands, recorded before.

    `clear`: the person goes on. `send_on`: to secondary inspection. `find`: against the person, in secondary inspection
    alone, with a second fact and a named person. `contest`: the person objects; what is kept is frozen until somebody
    else reviewed it. `uphold`, `correct`: that review. The officer at the checkpoint cannot clear a no-match of
    somebody of 14 or over (`case.no_override`); trying is recorded and told to the supervisor.
    """
    basis = Basis(tuple(body.second_facts), body.named, body.words)
    standing, receipt = await front.threads.call(front.service.casework.take, referral, body.event, basis, actor)
    return stepped_body(standing, receipt)


@router.get(
    "/referrals/{referral}/redress", response_model=RedressBody, summary="Read the person's redress receipt",
    responses=documented(401, 403, 404),
)  # fmt: skip
async def read_redress(referral: Reference, front: Fronting, actor: Acting) -> RedressBody:
    """Return what the person is given: what was compared, under which charter, where and until when to contest."""
    return redress_body(await front.threads.call(front.service.casework.redress, referral, actor))


@router.get(
    "/referrals/{referral}/redress/page", summary="Print the person's redress receipt", response_class=Response,
    responses={
        200: {"description": "One page, nothing fetched.", "content": {"text/html": {}}},
        **documented(401, 403, 404),
    },
)  # fmt: skip
async def print_redress(referral: Reference, front: Fronting, actor: Acting) -> Response:
    """Return the same as a page to print and hand over."""
    standing = await front.threads.call(front.service.casework.redress, referral, actor)
    return Response(redress_page(standing), media_type="text/html; charset=utf-8")


@router.get(
    "/notifications", response_model=list[NotificationBody], summary="Read what supervisors were told",
    responses=documented(401, 403),
)  # fmt: skip
async def list_notifications(front: Fronting, actor: Acting) -> list[NotificationBody]:
    """Return what nobody has acknowledged: no-matches, refused overrides, contests, suspensions."""
    return [notification_body(told) for told in await front.threads.call(front.service.casework.told, actor)]


@router.post(
    "/notifications/{notification}/seen", status_code=201, response_model=ReceiptReply, summary="Acknowledge",
    responses=documented(401, 403, 404, 507),
)  # fmt: skip
async def see_notification(
    notification: Annotated[str, Path(max_length=64, description="Its id.")], front: Fronting, actor: Acting
) -> ReceiptReply:
    """Say that you have seen it; who did, and when, is in the record."""
    receipt = await front.threads.call(front.service.casework.see, notification, actor)
    return ReceiptReply(receipt=receipt_body(receipt))


@router.get(
    "/suspensions", response_model=list[SuspensionBody], summary="List charters that stopped",
    responses=documented(401, 403),
)  # fmt: skip
async def list_suspensions(front: Fronting, actor: Acting) -> list[SuspensionBody]:
    """Return the charters under which nothing is compared because a limit was passed, and whom to tell."""
    found = await front.threads.call(front.service.casework.suspensions, actor)
    return [suspension_body(one, front.service.lanes) for one in found]


@router.post(
    "/suspensions/{charter}/resumption", status_code=201, response_model=ReceiptReply, summary="Resume a charter",
    responses=documented(401, 403, 404, 409, 413, 422, 507),
)  # fmt: skip
async def resume(
    charter: Annotated[str, Path(max_length=80, description="The charter's id.")],
    body: ResumeBody, front: Fronting, actor: Acting,
) -> ReceiptReply:  # fmt: skip
    """Let a charter work again: by a named supervisor and for a reason, both recorded. The test begins anew."""
    receipt = await front.threads.call(front.service.casework.resume, charter, body.named, body.reason, actor)
    return ReceiptReply(receipt=receipt_body(receipt))
