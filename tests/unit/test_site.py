"""A site is one folder that opens only whole, and that one process at a time works on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from countenance.errors import ConfigurationError, SiteError
from countenance.site import SITE_SETTINGS, Site, SiteLock, SiteProfile


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Give a new site."""
    return Site.create(tmp_path / "lane 7")


def test_created_site_opens_as_it_was_made(site: Site) -> None:
    """A new site has everything in its place and opens with the settings it was made with."""
    assert Site.open(site.path) == site
    assert (site.site_id, site.log_origin, site.profile) == ("lane-7", "countenance.local/lane-7", SiteProfile.TRIAL)
    assert (site.batch_seconds, site.include_within_seconds) == (300, 600)
    assert site.db_url == f"sqlite:///{site.path}/db/countenance.db"
    assert {path.name for path in site.path.iterdir()} == {
        "site.toml",
        "charters",
        "keys",
        "db",
        "log",
        "operating-points",
    }
    assert [folder.is_dir() for folder in (site.charters, site.keys, site.log)] == [True] * 3
    assert site.run_info.parent == site.path


def test_site_is_the_owners_alone(site: Site) -> None:
    """Nobody else enters any folder or reads the settings."""
    modes = {path.name: path.stat().st_mode & 0o777 for path in (site.path, *site.path.iterdir())}
    assert modes.pop("site.toml") == 0o600
    assert set(modes.values()) == {0o700}


def test_empty_folder_becomes_a_site(tmp_path: Path) -> None:
    """A folder that is there and empty is used, and closed to others."""
    tmp_path.chmod(0o755)
    site = Site.create(tmp_path, site_id="s", log_origin="border.example/s", profile="production", port=1)
    assert Site.open(tmp_path) == site
    assert (site.profile, site.port, site.log_origin) == (SiteProfile.PRODUCTION, 1, "border.example/s")
    assert tmp_path.stat().st_mode & 0o777 == 0o700


def test_nothing_is_made_over_something_else(tmp_path: Path) -> None:
    """A folder with anything in it is refused and left as it is."""
    (tmp_path / "holiday.txt").write_text("mine")
    with pytest.raises(SiteError) as refused:
        Site.create(tmp_path)
    assert refused.value.code == "site.not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.txt"]


def test_site_where_nothing_can_be_made_is_refused(tmp_path: Path) -> None:
    """A file in the folder's place is a clear refusal."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(SiteError) as refused:
        Site.create(tmp_path / "file" / "site")
    assert refused.value.code == "site.unwritable"


@pytest.mark.parametrize("name", ["what?", "number#1", "line\nbreak"])
def test_path_that_no_address_can_hold_is_refused(tmp_path: Path, name: str) -> None:
    """A path that would end the database's address early is refused, before anything is made."""
    for action in (Site.create, Site.open):
        with pytest.raises(SiteError) as refused:
            action(tmp_path / name)
        assert refused.value.code == "site.bad_path"
    assert list(tmp_path.iterdir()) == []


def test_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    """A folder that is no site, or is not there, is named with what to do."""
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(SiteError) as refused:
            Site.open(path)
        assert refused.value.code == "site.missing"
        assert "countenance init" in refused.value.remedy


@pytest.mark.parametrize("name", ["charters", "keys", "db", "log"])
def test_incomplete_site_is_refused(site: Site, name: str) -> None:
    """A site with a folder missing does not start as if it had been empty."""
    (site.path / name).rmdir()
    with pytest.raises(SiteError) as refused:
        Site.open(site.path)
    assert refused.value.code == "site.incomplete"
    assert f"{name}/" in refused.value.message


def rewrite(site: Site, old: str, new: str) -> None:
    """Change a line of the site's settings."""
    path = site.path / "site.toml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    "old, new, code, remedy",
    [
        ("layout = 1", "layout = 2", "site.other_layout", "version"),
        ("layout = 1\n", "", "site.other_layout", "version"),
        ("port = 8433", "prot = 8433", "config.unknown_key", "'port'"),
        ("batch_seconds = 300", "batch_secs = 300", "config.unknown_key", "'batch_seconds'"),
        ("port = 8433", "port = 8433\n[service]\nport = 1", "config.unknown_key", "Did you mean"),
        ("port = 8433", "", "config.missing", "TCP port"),
        ("port = 8433", 'port = "8433"', "config.invalid", "1 to 65535"),
        ("port = 8433", "port = true", "config.invalid", "1 to 65535"),
        ("port = 8433", "port = 0", "config.invalid", "1 to 65535"),
        ("port = 8433", "port = 65536", "config.invalid", "1 to 65535"),
        ("inference_workers = 0", "inference_workers = 65", "config.invalid", "0 to 64"),
        ("batch_seconds = 300", "batch_seconds = 0", "config.invalid", "1 to 86400"),
        ("batch_seconds = 300", "batch_seconds = 300.5", "config.invalid", "1 to 86400"),
        ("include_within_seconds = 600", "include_within_seconds = 299", "config.invalid", "batch_seconds"),
        ('"trial"', '"demo"', "config.invalid", "trial or production"),
        ('site_id = "lane-7"', 'site_id = ""', "config.invalid", "letters"),
        ('site_id = "lane-7"', 'site_id = "a/b"', "config.invalid", "letters"),
        ("countenance.local/lane-7", "has space/lane-7", "config.invalid", "URL without scheme"),
        ("countenance.local/lane-7", "a+b/lane-7", "config.invalid", "URL without scheme"),
        ('host = "127.0.0.1"', 'host = "1 2"', "config.invalid", "address"),
        ("layout = 1", "layout = ", "config.unreadable", "port = 8433"),
    ],
)
def test_wrong_setting_stops_the_start(site: Site, old: str, new: str, code: str, remedy: str) -> None:
    """Each fault of ``site.toml`` has its code, and the remedy says what belongs there."""
    rewrite(site, old, new)
    with pytest.raises((ConfigurationError, SiteError)) as refused:
        Site.open(site.path)
    assert refused.value.code == code
    assert remedy in refused.value.remedy


def test_settings_that_are_no_text_are_unreadable(site: Site) -> None:
    """A file of other bytes is refused as unreadable."""
    (site.path / "site.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError) as refused:
        Site.open(site.path)
    assert refused.value.code == "config.unreadable"


@pytest.mark.parametrize("settings", [{"port": 0}, {"prot": 1}, {"profile": "demo"}, {"site_id": "a b"}])
def test_wrong_setting_makes_nothing(tmp_path: Path, settings: dict[str, str | int]) -> None:
    """A site is not made with a setting that it would not open with."""
    with pytest.raises(ConfigurationError):
        Site.create(tmp_path / "site", **settings)
    assert list(tmp_path.iterdir()) == []


def test_every_setting_is_in_the_file_with_its_help(site: Site) -> None:
    """The file says what each line means, and holds what the table lists, no more and no less."""
    text = (site.path / "site.toml").read_text()
    assert set(tomllib.loads(text)) == {"layout", *SITE_SETTINGS}
    for name, setting in SITE_SETTINGS.items():
        (line,) = [line for line in text.splitlines() if line.startswith(f"{name} = ")]
        assert line.endswith(f"# {setting.help}")


@pytest.mark.parametrize(
    "folder, site_id", [("Lane 7!", "Lane-7"), ("..hidden", "hidden"), ("日本", "site"), ("x" * 80, "x" * 63)]
)
def test_site_is_named_after_its_folder(tmp_path: Path, folder: str, site_id: str) -> None:
    """Whatever the folder is called, the name made of it is one that opens."""
    assert Site.open(Site.create(tmp_path / folder).path).site_id == site_id


def test_second_process_is_kept_out(site: Site) -> None:
    """Whoever has the lock is named by pid; the refusal says what to do while the site is served."""
    with SiteLock(site), pytest.raises(SiteError) as refused, SiteLock(site):
        pass
    assert refused.value.code == "site.locked"
    assert f"pid {os.getpid()}" in refused.value.message
    assert "HTTP" in refused.value.remedy
    with SiteLock(site):
        pass


HOLDER = """
import sys, time
from pathlib import Path
from countenance.site import Site, SiteLock
with SiteLock(Site.open(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_lock_ends_with_its_process_however_it_ends(site: Site) -> None:
    """A process that holds the lock keeps others out, is named, and lets go even by kill -9."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(site.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(SiteError) as refused, SiteLock(site):
        pass
    assert f"pid {holder.pid}" in refused.value.message
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    holder.stdin.close()
    with SiteLock(site):
        assert (site.path / "site.lock").read_text() == f"{os.getpid()}\n"


def test_programs_that_are_started_do_not_keep_the_lock(site: Site) -> None:
    """A helper started while the lock is held does not hold it on when its starter gives it back."""
    with SiteLock(site):
        helper = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    with SiteLock(site):
        pass
    helper.communicate()


def test_holder_without_a_name_is_unknown(site: Site) -> None:
    """A lock file without a pid in it still gives a sentence."""
    with SiteLock(site):
        (site.path / "site.lock").write_bytes(b"\xff\xff")
        with pytest.raises(SiteError) as refused, SiteLock(site):
            pass
        assert "in use" in refused.value.message
