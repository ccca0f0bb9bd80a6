"""Reading files as they come: packed, marked, ragged, broken."""

import gzip

import pytest

from apps.ingestion.adapters.feed_files import count_rows, digest_files, read_rows
from apps.ingestion.errors import UnreadableFileError

COLUMNS = ("id", "title")


def written(tmp_path, data: bytes, name="feed.csv"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def rows_of(*paths, columns=COLUMNS):
    return list(read_rows(paths, columns=columns))


def test_rows_are_named_by_file_and_line(tmp_path):
    path = written(tmp_path, b'id,title\n1,"Two\nlines"\n\n2,Gone\n')

    rows = rows_of(path)

    assert [(row.place, row.fields) for row in rows] == [
        ("feed.csv#3", {"id": "1", "title": "Two\nlines"}),
        ("feed.csv#5", {"id": "2", "title": "Gone"}),
    ]
    assert rows[1].raw == '{"id":"2","title":"Gone"}'
    assert count_rows([path], columns=COLUMNS) == 2


@pytest.mark.parametrize("data", [b"id,title\n1,Gone\n", b"\xef\xbb\xbfid,title\r\n1,Gone\r\n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_packing_and_marks_do_not_matter(tmp_path, data, pack):
    assert [row.fields for row in rows_of(written(tmp_path, pack(data)))] == [{"id": "1", "title": "Gone"}]


def test_bytes_that_are_no_text_become_the_replacement_character(tmp_path):
    (row,) = rows_of(written(tmp_path, b"id,title\n1,Caf\xe9\n"))

    assert row.fields["title"] == "Caf\ufffd"


@pytest.mark.parametrize("line", [b"1", b"1,Gone,extra"])
def test_a_ragged_row_is_yielded_with_its_problem(tmp_path, line):
    bad, good = rows_of(written(tmp_path, b"id,title\n" + line + b"\n2,Next\n"))

    assert bad.problem.startswith("ragged_row")
    assert (good.fields["title"], good.problem) == ("Next", "")


def test_an_endless_field_is_a_problem_of_its_row_alone(tmp_path):
    endless = b'1,"' + b"x" * 200_000 + b'"\n'

    bad, good = rows_of(written(tmp_path, b"id,title\n" + endless + b"2,Next\n"))

    assert bad.problem.startswith("unreadable_row")
    assert good.fields["id"] == "2"


def test_a_nul_survives_as_json_text(tmp_path):
    (row,) = rows_of(written(tmp_path, b"id,title\n1,Go\x00ne\n"))

    assert "\x00" not in row.raw


def test_files_are_read_one_after_the_other(tmp_path):
    one, other = written(tmp_path, b"id,title\n1,A\n", "a.csv"), written(tmp_path, b"title,id\nB,2\n", "b.csv")

    assert [row.fields["id"] for row in rows_of(one, other)] == ["1", "2"]
    assert digest_files([one, other]) != digest_files([other, one])


def test_json_lines_are_kept_to_the_letter(tmp_path):
    (row,) = rows_of(written(tmp_path, b'{"a": 1}\n\n', "x.jsonl"), columns=())

    assert (row.place, row.fields, row.raw) == ("x.jsonl#1", {"a": 1}, '{"a": 1}')


@pytest.mark.parametrize(
    "data", [b"name,year\nGone,1999\n", b"", gzip.compress(b"id,title\n1,Gone\n" * 99)[:-20]],
    ids=["another header", "empty", "cut short"],
)  # fmt: skip
def test_a_file_of_another_kind_is_refused(tmp_path, data):
    with pytest.raises(UnreadableFileError):
        rows_of(written(tmp_path, data))


def test_a_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(UnreadableFileError, match=r"nowhere\.csv"):
        rows_of(tmp_path / "nowhere.csv")
    with pytest.raises(UnreadableFileError, match=r"nowhere\.csv"):
        digest_files([tmp_path / "nowhere.csv"])
