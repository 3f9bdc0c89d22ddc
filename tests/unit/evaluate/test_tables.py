"""CSV files as people's programs write them: what can be read is read, the rest is told by row."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countenance.errors import EvaluationError
from countenance.evaluate.tables import read_table


def written(folder: Path, data: bytes) -> Path:
    """Return a file with these bytes."""
    path = folder / "table.csv"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "data",
    [
        "path,person\na.jpg,Zoë\n".encode(),
        b"\xef\xbb\xbf" + "path,person\r\na.jpg,Zoë\r\n".encode(),
        "path,person\na.jpg,Zoë\n".encode("utf-16"),
        "path;person\na.jpg;Zoë\n".encode(),
        "path\tperson\na.jpg\tZoë".encode(),
        'path,person\n"a.jpg","Zoë"\n\n'.encode(),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "semicolons", "tabs", "quoted"],
)
def test_the_same_table_however_it_is_written(tmp_path: Path, data: bytes) -> None:
    """Encodings with a mark, separators, line ends and quotes that programs use all give the same rows."""
    table = read_table(written(tmp_path, data), ("path", "person"))
    assert [fields for _, fields in table.rows] == [("a.jpg", "Zoë")]
    assert table.faults == ()


def test_a_faulty_row_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    """Row number and reason for another encoding, a wrong width, a zero byte; their neighbours stay."""
    data = b"path,person\na.jpg,A\nb.jpg,Zo\xeb\nc.jpg\nd\x00.jpg,D\ne.jpg,E\n"
    table = read_table(written(tmp_path, data), ("path", "person"))
    assert [(row, fields[0]) for row, fields in table.rows] == [(2, "a.jpg"), (6, "e.jpg")]
    assert [(fault.row, fault.reason) for fault in table.faults] == [
        (3, "encoding"), (4, "wrong_width"), (5, "encoding"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "data, code",
    [(b"", "no_header"), (b"path\na.jpg\n", "no_header"), (b"path,person,path\n", "no_header"),
     (b"\xff\xfep", "encoding")],
)  # fmt: skip
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    """Without the columns there is nothing to measure."""
    with pytest.raises(EvaluationError) as error:
        read_table(written(tmp_path, data), ("path", "person"))
    assert error.value.code == f"evaluate.{code}"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """The sentence names the file."""
    with pytest.raises(EvaluationError, match=r"nothing\.csv") as error:
        read_table(tmp_path / "nothing.csv", ("path",))
    assert error.value.code == "evaluate.no_file"


@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    """No bytes at all make the reader fail in another way, and no row is both kept and told."""
    path = tmp_path_factory.mktemp("any") / "t.csv"
    path.write_bytes(b"path,person\n" + data)
    try:
        table = read_table(path, ("path", "person"))
    except EvaluationError:
        return
    assert all(len(fields) == 2 for _, fields in table.rows)
