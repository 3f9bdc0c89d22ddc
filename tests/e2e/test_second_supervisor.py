"""From ``init`` to a settled referral on the command line: the second supervisor's key is where ``init`` says."""

from __future__ import annotations

import shlex
from pathlib import Path

from fakes.command_line import countenance


def test_what_the_command_begins_another_supervisor_settles(tmp_path: Path, photos: Path) -> None:
    """supervisor:cli is refused, the key that init tells how to make is not; asking again meanwhile is no way round."""
    site, keys = tmp_path / "site", tmp_path / "keys"
    made = countenance("init", site, "--profile", "land-pedestrian", "--save-keys", keys)
    verify = ("verify", site, "--checkpoint", "lane-1", "--age", "40", "--claim", "p-77", "--refusal-offered")
    other = (*verify, "--portrait", photos / "person_b_1.jpg", "--live", photos / "person_a_1.jpg", "--json")
    encounter = countenance(*other).data["encounter_id"]
    own = (*verify, "--portrait", photos / "person_b_1.jpg", "--live", photos / "person_b_2.jpg", "--json")
    assert countenance(*own).data["reason"] == "earlier_referral"
    clear = ("referral", "step", site, encounter, "clear")
    assert "[case.same_person]" in countenance(*clear).err
    (issue,) = [line for line in made.out.splitlines() if line.startswith("  countenance key issue ")]
    key = countenance(*shlex.split(issue)[1:], "--json").data["api_key"]
    (tmp_path / "second.key").write_text(key)
    settled = countenance(*clear, "--key-file", tmp_path / "second.key", "--json")
    assert settled.data["referral"]["state"] == "cleared", settled.err
    assert countenance(*own).data["outcome"] == "match"
