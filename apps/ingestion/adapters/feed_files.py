"""Reading feed files: CSV and JSON Lines, plain or gzip, one row at a time."""

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from apps.ingestion.errors import UnreadableFileError

_GZIP_MAGIC: Final = b"\x1f\x8b"
_CHUNK_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class FeedRow:
    """
    One row as it stands in its file.

    Attributes:
        place: File name and line, "netflix.csv.gz#17"; the line is that of the row's end, the header is line 1.
        fields: By column; what could be read of a broken row stands under the columns it reaches.
        raw: The row as JSON text; a line of JSON Lines to the letter.
        problem: Why the row cannot be read, "" when it can.
    """

    place: str
    fields: dict[str, Any]
    raw: str
    problem: str = ""


def read_rows(paths: Sequence[Path], *, columns: Sequence[str]) -> Iterator[FeedRow]:
    """
    Read the rows of files, one file after the other.

    Args:
        paths: Files of one layout.
        columns: What the header of a CSV file must hold; none for JSON Lines.

    Raises:
        UnreadableFileError: A file is missing, is no text, or has another header.
    """
    for path in paths:
        with _open_text(path) as text:
            yield from _read_csv(text, path, columns) if columns else _read_json_lines(text, path)


def count_rows(paths: Sequence[Path], *, columns: Sequence[str]) -> int:
    """Count the rows that `read_rows` yields; raises what it raises."""
    if columns:
        return sum(1 for _ in read_rows(paths, columns=columns))
    total = 0
    for path in paths:
        with _open_text(path) as text:
            total += sum(1 for line in text if line.strip())
    return total


def digest_files(paths: Sequence[Path]) -> str:
    """Return the SHA-256 of the files' bytes, in the order given."""
    digest = hashlib.sha256()
    for path in paths:
        try:
            with path.open("rb") as raw:
                while chunk := raw.read(_CHUNK_BYTES):
                    digest.update(chunk)
        except OSError as err:
            raise UnreadableFileError(f"{path} cannot be read: {err}.") from err
    return digest.hexdigest()


@contextmanager
def _open_text(path: Path) -> Iterator[io.TextIOWrapper]:
    """Open a file as UTF-8, with or without a byte order mark; bytes that are none become U+FFFD."""
    try:
        with path.open("rb") as raw:
            is_packed = raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
            raw.seek(0)
            binary = gzip.GzipFile(fileobj=raw) if is_packed else raw
            with io.TextIOWrapper(binary, encoding="utf-8-sig", errors="replace", newline="") as text:
                yield text
    except (OSError, EOFError, zlib.error) as err:
        raise UnreadableFileError(f"{path} cannot be read: {err}.") from err


def _read_csv(text: io.TextIOWrapper, path: Path, columns: Sequence[str]) -> Iterator[FeedRow]:
    reader = csv.reader(text)
    header = next(reader, [])
    missing = [column for column in columns if column not in header]
    if missing:
        raise UnreadableFileError(f"{path} has no column {', '.join(missing)}.")
    while True:
        try:
            values = next(reader, None)
        except csv.Error as err:
            yield FeedRow(f"{path.name}#{reader.line_num}", {}, "{}", f"unreadable_row: {err}")
            continue
        if values is None:
            return
        if not values:  # an empty line is no row
            continue
        problem = "" if len(values) == len(header) else f"ragged_row: {len(values)} values for {len(header)} columns"
        fields = dict(zip(header, values, strict=False))
        yield FeedRow(f"{path.name}#{reader.line_num}", fields, orjson.dumps(fields).decode(), problem)


def _read_json_lines(text: io.TextIOWrapper, path: Path) -> Iterator[FeedRow]:
    for number, line in enumerate(text, start=1):
        if line.strip():
            yield FeedRow(f"{path.name}#{number}", orjson.loads(line), line.strip())
