"""Where a manifest's travellers stand, over HTTP and by the client."""

from __future__ import annotations

from pathlib import Path

from countenance.interfaces.client import Client
from countenance.terms import Role
from countenance.terms.staging import EventTerms
from fakes.extractor import face
from fakes.flights import manifest, portraits
from fakes.http import assert_problem, counter_at
from fakes.world import SUPERVISOR


def test_where_travellers_stand_travels_whole(tmp_path: Path) -> None:
    """The client gets what the procedure says, open and closed; a gallery that no manifest made is a 409."""
    people = ("ann", "bob")
    with counter_at(tmp_path / "site") as counter:
        service = counter.service
        told = service.announcing.announce("ut1", "gate-1", manifest(people), EventTerms(), SUPERVISOR)
        list(service.boarding.portray("ut1", portraits(people, told.wanted, bob=[face("ann", 2)]), SUPERVISOR))
        key = counter.world.created.api_keys[Role.SUPERVISOR]
        with Client(str(counter.client.base_url), key, service.local_device) as client:
            stands = service.boarding.status("ut1", SUPERVISOR)
            assert stands.alike == ((1, 2),)
            assert client.boarding("ut1") == stands
            client.close_gallery("ut1")
            assert client.boarding("ut1") == service.boarding.status("ut1", SUPERVISOR)
        counter.post("/galleries", {"gallery": "plain", "checkpoint": "gate-1"}, Role.SUPERVISOR)
        assert_problem(counter.get("/galleries/plain/manifest", Role.SUPERVISOR), 409, "gallery.no_manifest")
