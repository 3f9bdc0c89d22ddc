"""Keys and devices, for administrators; each change is in the record."""

from __future__ import annotations

from fastapi import APIRouter

from countenance.interfaces.api.front import Acting, Fronting
from countenance.interfaces.problems import documented
from countenance.interfaces.schemas import DeviceBody, EnrolledBody, IssuedKeyBody, KeyBody
from countenance.terms import Actor, Device, Role

router = APIRouter(tags=["administration"])


@router.post(
    "/devices", status_code=201, response_model=EnrolledBody, summary="Enrol a capture device",
    responses=documented(401, 403, 404, 413, 422, 507),
)  # fmt: skip
async def enrol_device(body: DeviceBody, front: Fronting, actor: Acting) -> EnrolledBody:
    """Let a device's key sign captures at its checkpoints; an earlier key of the same device stops working."""
    service = front.service
    device = Device(
        body.device, bytes.fromhex(body.public_key), tuple(body.checkpoints), body.partner, service.clock.now(),
        revoked=False,
    )  # fmt: skip
    await front.threads.call(service.administration.enrol_device, device, actor)
    return EnrolledBody(device=body.device)


@router.post(
    "/keys", status_code=201, response_model=IssuedKeyBody, summary="Issue an API key",
    responses=documented(401, 403, 413, 422, 507),
)  # fmt: skip
async def issue_key(body: KeyBody, front: Fronting, actor: Acting) -> IssuedKeyBody:
    """Return a new key, shown this once. Give every post its own; a key of role `device` belongs to one device."""
    holder = Actor(body.holder, Role(body.role), body.device)
    return IssuedKeyBody(api_key=await front.threads.call(front.service.administration.issue_key, holder, actor))
