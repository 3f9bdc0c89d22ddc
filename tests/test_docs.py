"""Documents are executed: links lead somewhere, generated pages are current, decisions keep their shape."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

import check_locks
import countenance
import error_codes
import make_docs

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "countenance"


def tracked() -> list[Path]:
    """Return every file that git tracks and that is there; without git, every file outside folders made by tools."""
    if shutil.which("git") and (ROOT / ".git").exists():
        done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        return [path for name in done.stdout.split(b"\0") if name and (path := ROOT / os.fsdecode(name)).is_file()]
    made = re.compile(r"/(\.(?!ci/|gitignore$)|__pycache__/|build/|dist/|[^/]+\.egg-info/|demo(-transparency)?\.html$)")
    files = [path for path in ROOT.rglob("*") if path.is_file()]
    return [path for path in files if not made.search(f"/{path.relative_to(ROOT).as_posix()}")]


TRACKED = tracked()
PAGES = sorted(path for path in TRACKED if path.suffix == ".md")
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))


def named(path: Path) -> str:
    """Return a path as a test's id."""
    return path.relative_to(ROOT).as_posix()


def headings(text: str) -> list[str]:
    """Return a page's headings without their marks, those in fenced blocks left out."""
    unfenced = re.sub(r"(?ms)^```.*?^```", "", text)
    return [match[1].strip() for match in re.finditer(r"(?m)^#+ (.+)$", unfenced)]


def anchor(heading: str) -> str:
    """Return the fragment by which a heading is linked."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# --- links ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", PAGES, ids=named)
def test_relative_links_resolve(page: Path) -> None:
    """Each link to a file of ours leads to a file that is there, and each fragment to a heading in it."""
    text = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", page.read_text("utf-8"))
    broken = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, fragment = target.partition("#")
        file = (page.parent / name) if name else page
        anchors = {anchor(heading) for heading in headings(file.read_text("utf-8"))} if file.suffix == ".md" else set()
        if not file.exists() or (fragment and fragment not in anchors):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_named_paths_exist(page: Path) -> None:
    """Each path of ours that a page names in code marks is there, so that pages follow when files move."""
    names = re.findall(r"`((?:src|tests|scripts|docs|locks)/[\w./-]+)`", page.read_text("utf-8"))
    assert [name for name in names if not (ROOT / name).exists()] == []


# --- errors ---------------------------------------------------------------------------------------------------------
def test_error_codes_are_written_out() -> None:
    """Each code stands in the source as one string, so that whoever reads it in a log can search for it."""
    faults = error_codes.faults(PACKAGE)
    assert [fault.code for fault in faults if not error_codes.CODE.fullmatch(fault.code)] == []


def test_every_error_says_what_to_do() -> None:
    """Each error has a sentence and a remedy."""
    faults = error_codes.faults(PACKAGE)
    assert [fault for fault in faults if not fault.sentence.strip("…") or not fault.remedy.strip("…")] == []


def test_every_error_code_is_documented() -> None:
    """docs/errors.md has each code that the source can raise, with its sentence (``make docs`` writes it)."""
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == make_docs.errors()
    page = make_docs.errors()
    assert [fault.code for fault in error_codes.faults(PACKAGE) if f"| `{fault.code}` | " not in page] == []


def test_the_collector_reads_codes_as_they_are_raised(tmp_path: Path) -> None:
    """Codes in calls, by attribute, from a table, and put together from pieces are all told apart."""
    (tmp_path / "errors.py").write_text(
        'class CountenanceError(Exception):\n    """Root."""\n    http_status: int = 500\n'
        'class SiteError(CountenanceError):\n    """The site."""\n    http_status = 503\n',
        "utf-8",
    )
    (tmp_path / "part.py").write_text(
        'R = "Do it."\n'
        'raise SiteError("site.plain", f"It is {x.name!r}, {n + 1} of them.", remedy=R)\n'
        'raise errors.SiteError("site.dotted", "Gone.", remedy="Look.")\n'
        'table = [(1, "site.table", "From a table.")]\n'
        "raise SiteError(code, first(table), remedy=R)\n"
        'raise SiteError(f"site.{x}", "Hidden.", remedy=R)\n'
        'facts = {"event": "site.opened"}\n',
        "utf-8",
    )
    found = {(fault.code, fault.sentence, fault.remedy) for fault in error_codes.faults(tmp_path)}
    assert found == {
        ("site.plain", "It is {name}, … of them.", "Do it."),
        ("site.dotted", "Gone.", "Look."),
        ("site.table", "From a table.", "Do it."),
        (f"{error_codes.SPLIT}part.py:6", "Hidden.", "Do it."),
    }
    assert error_codes.boundaries(tmp_path / "errors.py")["SiteError"].http_status == 503


# --- decisions, changelog, map ----------------------------------------------------------------------------------------
def test_decisions_are_numbered_without_gaps() -> None:
    """The records count from 0001, one number each."""
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("record", DECISIONS, ids=named)
def test_a_decision_keeps_its_shape(record: Path) -> None:
    """Each record has the MADR headings, a status, and says what is bad about the choice."""
    text = record.read_text("utf-8")
    assert headings(text)[0].startswith(f"{int(record.name[:4])}. ")
    assert headings(text)[1:] == [
        "Context and problem", "Considered options", "Decision", "Consequences", "Positive", "Negative",
    ]  # fmt: skip
    assert re.search(r"(?m)^Status: (accepted|superseded by \[.+\]\(.+\)), \d{4}-\d{2}-\d{2}$", text)
    assert re.search(r"(?m)^\* \S", text.partition("### Negative")[2])


def test_the_changelog_keeps_its_shape() -> None:
    """Newest first, each version with a date and known headings, **Record format** among them always."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    versions = re.findall(r"(?ms)^## \[(.+?)\](?: - (\d{4}-\d{2}-\d{2}))?$(.*?)(?=^## |\Z)", text)
    assert versions
    known = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security", "Record format"}
    for name, date, body in versions:
        found = re.findall(r"(?m)^### (.+)$", body)
        assert date or name == "Unreleased"
        assert set(found) <= known
        assert "Record format" in found


def test_the_map_names_every_folder() -> None:
    """docs/architecture.md has each folder and module of the package's top level, and none that is not there."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    tree = text.partition("src/countenance/\n")[2].partition("```")[0]
    shown = set(re.findall(r"(?m)^  ([a-z_]+)(?:/|\.py) ", tree))
    there = {path.stem for path in PACKAGE.glob("*") if not path.name.startswith("__") and path.suffix in {"", ".py"}}
    assert shown == there


def test_one_version() -> None:
    """The package, its metadata and the changelog agree on the version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == countenance.__version__
    assert f"## [{countenance.__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_short_pages_stay_short() -> None:
    """README is read in one sitting, CONTRIBUTING before a first change."""
    limits = {"README.md": 230, "CONTRIBUTING.md": 80}
    lengths = {name: len((ROOT / name).read_text("utf-8").splitlines()) for name in limits}
    assert {name: length for name, length in lengths.items() if length > limits[name]} == {}


# --- what the repository must not hold --------------------------------------------------------------------------------
REGISTRY_HOSTS = tuple(
    f"{name}.{end}".encode()
    for name, end in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"), ("debian", "org"))
)
IMAGES = {
    b"\xff\xd8\xff": "JPEG", b"\x89PNG": "PNG", b"GIF8": "GIF", b"BM": "BMP", b"II*\0": "TIFF", b"MM\0*": "TIFF",
}  # fmt: skip


def test_no_registry_is_named() -> None:
    """Where packages come from is each machine's business: no tracked file names a registry's host."""
    contents = {path: path.read_bytes().lower() for path in TRACKED}
    assert [named(path) for path, content in contents.items() for host in REGISTRY_HOSTS if host in content] == []


def test_no_photograph_is_tracked() -> None:
    """No image enters the repository, whatever it is called."""
    found = []
    for path in TRACKED:
        head = path.read_bytes()[:12]
        if any(head.startswith(mark) for mark in IMAGES) or (head[:4], head[8:]) == (b"RIFF", b"WEBP"):
            found.append(named(path))
    assert found == []


def test_locks_pin_by_hash_and_name_no_address() -> None:
    """Each lock is complete, agrees with the others, and sends nobody anywhere."""
    assert check_locks.faults_in(ROOT / "locks") == []


PIN = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize("text, fault", [
    ("", "pins nothing"),
    ("numpy==1.0\n", "has no hash"),
    ("numpy>=1.0 " + PIN, "not an exact pin"),
    ("numpy==1.0 --hash=md5:0", "not an exact pin"),
    (f"--index-url x\nnumpy==1.0 {PIN}", "names an address"),
    (f"numpy @ x {PIN}", "names an address"),
    (f"# from ftp://somewhere\nnumpy==1.0 \\\n  {PIN}", "names an address"),
])  # fmt: skip
def test_a_careless_lock_is_seen(text: str, fault: str) -> None:
    """A lock without a hash, with a range or with an address gets a fault that says so."""
    assert any(fault in found for found in check_locks.faults_of("x.txt", text))


def test_a_careful_lock_is_good() -> None:
    """A pin with hashes over several lines, and a comment, is all a lock needs."""
    assert check_locks.faults_of("x.txt", f"numpy==1.0 \\\n    {PIN} \\\n    {PIN}\n    # via -r x.in\n") == []


def test_locks_that_disagree_are_seen() -> None:
    """Two locks that share an environment pin the same package alike."""
    other = PIN.replace("0", "1")
    assert check_locks.contradictions({"a": f"numpy==1.0 {PIN}", "b": f"numpy==1.0 {other}"})


def test_readme_shows_the_help_as_it_is() -> None:
    """README's help block is what ``countenance --help`` prints (``make docs`` writes it)."""
    assert (ROOT / "README.md").read_text("utf-8") == make_docs.readme()
    assert "Usage: countenance" in make_docs.readme()


def test_readme_example_runs(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """README's Python example runs as it stands, on two photographs of one person, and prints a score."""
    for name, source in {"passport.jpg": "person_a_1.jpg", "camera.jpg": "person_a_2.jpg"}.items():
        shutil.copy(photos / source, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"(?ms)^```python\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"))
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - running it is the test
    assert 0.5 < float(capsys.readouterr().out) <= 1
