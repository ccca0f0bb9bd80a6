"""The files of one collection on disk: rows are only ever added, and a manifest says how many of them count."""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import numpy.typing as npt
import orjson

from mediagateway.vectors.ports import CollectionNotFoundError, Keys, Mask, Payload, Points, Vectors, keys_of

# A tombstone is a row without a payload.
_ROW = np.dtype([("key", "S16"), ("payload_at", "<u8"), ("payload_bytes", "<u4"), ("is_point", "?")])
#: A collection is written anew once so many of its rows are dead, and a quarter of all.
_MIN_DEAD = 2000
_DEAD_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which rows of which generation of files count; replaced as a whole."""

    dim: int
    generation: str
    rows: int
    payload_bytes: int
    revision: str


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """
    A collection as a reader holds it: arrays over mapped files, valid for ever, even when the files are deleted.

    Attributes:
        live: False for tombstones and for rows that a later row replaced.
        payloads: The bytes of all payloads, one after the other.
    """

    manifest: Manifest
    keys: Keys
    vectors: Vectors
    live: Mask
    rows: npt.NDArray[np.void]
    payloads: npt.NDArray[np.uint8]

    def payload(self, row: int) -> dict[str, Any]:
        """Read the payload of a row."""
        start = int(self.rows["payload_at"][row])
        return _listless(orjson.loads(self.payloads[start : start + int(self.rows["payload_bytes"][row])].tobytes()))


@contextmanager
def write_lock(root: Path) -> Iterator[None]:
    """Keep other writers of this folder out, those of other processes too; readers need no lock."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "write.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that readers see the old content or the new."""
    beside = path.with_suffix(".new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def create_collection(folder: Path, dim: int) -> None:
    """Make an empty collection; the caller holds the lock."""
    _write_manifest(folder, _start_generation(folder, dim))


def append(folder: Path, points: Points) -> None:
    """Add rows and let them count; the caller holds the lock."""
    manifest = read_manifest(folder)
    if points.vectors.shape != (len(points.ids), manifest.dim):
        raise ValueError(f"Vectors must have shape {(len(points.ids), manifest.dim)}, not {points.vectors.shape}.")
    _write_manifest(folder, _append(folder, manifest, points))
    _compact(folder)


def append_tombstones(folder: Path, ids: Sequence[UUID]) -> None:
    """Add rows that say that these points are gone; the caller holds the lock."""
    manifest = read_manifest(folder)
    nothing = np.zeros((len(ids), manifest.dim), dtype=np.float32)
    _write_manifest(folder, _append(folder, manifest, Points(tuple(ids), nothing, ()), are_points=False))
    _compact(folder)


def read_manifest(folder: Path) -> Manifest:
    """
    Read which rows count.

    Raises:
        CollectionNotFoundError: There is no such collection.
    """
    try:
        return Manifest(**orjson.loads((folder / "manifest.json").read_bytes()))
    except FileNotFoundError as err:
        raise CollectionNotFoundError(f"no collection {folder.name}") from err


def open_collection(folder: Path) -> Opened:
    """
    Map a collection's files; some milliseconds for each 100,000 rows, to find out which of them live.

    Raises:
        CollectionNotFoundError: It is not there, or its files are shorter than its manifest says (a disk that lied).
    """
    manifest = read_manifest(folder)
    files = folder / manifest.generation
    try:
        rows = _map(files / "rows.bin", _ROW, (manifest.rows,))
        vectors = _map(files / "vectors.f32", np.dtype("<f4"), (manifest.rows, manifest.dim))
        payloads = _map(files / "payloads.json", np.dtype(np.uint8), (manifest.payload_bytes,))
    except (FileNotFoundError, ValueError) as err:
        raise CollectionNotFoundError(f"collection {folder.name} is gone or damaged") from err
    keys = np.ascontiguousarray(rows["key"])
    return Opened(manifest, keys, vectors, _living(keys, rows["is_point"]), rows, payloads)


def _living(keys: Keys, is_point: npt.NDArray[np.bool_]) -> Mask:
    """Mark the last row of each key, unless it is a tombstone."""
    live = np.zeros(len(keys), dtype=np.bool_)
    _, from_behind = np.unique(keys[::-1], return_index=True)
    live[len(keys) - 1 - from_behind] = True
    return live & is_point


def _map(path: Path, dtype: "np.dtype[Any]", shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Map the beginning of a file; an empty array cannot be mapped."""
    if 0 in shape:
        return np.zeros(shape, dtype=dtype)
    # A plain array over the map: `np.memmap` runs Python code at every slice.
    return np.asarray(np.memmap(path, dtype=dtype, mode="r", shape=shape))


def _start_generation(folder: Path, dim: int) -> Manifest:
    manifest = Manifest(dim, uuid4().hex, 0, 0, uuid4().hex)
    (folder / manifest.generation).mkdir(parents=True)
    return manifest


def _append(folder: Path, manifest: Manifest, points: Points, *, are_points: bool = True) -> Manifest:
    """Write rows behind those that count, over what a writer that died may have left there."""
    written = [_dump(payload) for payload in points.payloads] if are_points else [b""] * len(points.ids)
    sizes = np.array([len(payload) for payload in written], dtype=np.uint64)
    rows = np.zeros(len(points.ids), dtype=_ROW)
    rows["key"] = keys_of(points.ids)
    rows["payload_bytes"] = sizes
    rows["payload_at"] = manifest.payload_bytes + np.cumsum(sizes) - sizes
    rows["is_point"] = are_points
    files = folder / manifest.generation
    vectors = np.ascontiguousarray(points.vectors, dtype="<f4")
    _write_at(files / "vectors.f32", manifest.rows * manifest.dim * vectors.itemsize, vectors.tobytes())
    _write_at(files / "payloads.json", manifest.payload_bytes, b"".join(written))
    _write_at(files / "rows.bin", manifest.rows * _ROW.itemsize, rows.tobytes())
    return Manifest(
        manifest.dim,
        manifest.generation,
        manifest.rows + len(rows),
        manifest.payload_bytes + int(sizes.sum()),
        uuid4().hex,
    )


def _write_at(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b" if path.exists() else "w+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _compact(folder: Path) -> None:
    """Write the living rows into files of their own when too many are dead."""
    opened = open_collection(folder)
    dead = int(np.count_nonzero(~opened.live))
    if dead < _MIN_DEAD or dead < _DEAD_SHARE * len(opened.live):
        return
    manifest = _start_generation(folder, opened.manifest.dim)
    living = np.flatnonzero(opened.live)
    for start in range(0, len(living), _MIN_DEAD):
        manifest = _append(folder, manifest, read_points(opened, living[start : start + _MIN_DEAD]))
    _write_manifest(folder, manifest)
    shutil.rmtree(folder / opened.manifest.generation)


def read_points(opened: Opened, rows: npt.NDArray[np.intp]) -> Points:
    """Read rows as points, in their order."""
    ids = tuple(UUID(bytes=key.ljust(16, b"\0")) for key in opened.keys[rows].tolist())
    return Points(ids, opened.vectors[rows], tuple(opened.payload(int(row)) for row in rows))


def _write_manifest(folder: Path, manifest: Manifest) -> None:
    content: Mapping[str, Any] = {name: getattr(manifest, name) for name in manifest.__slots__}
    replace_file(folder / "manifest.json", orjson.dumps(content))


def _dump(payload: Payload) -> bytes:
    return orjson.dumps(dict(payload))


def _listless(payload: dict[str, Any]) -> dict[str, Any]:
    """Give back tuples, as they went in."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in payload.items()}
