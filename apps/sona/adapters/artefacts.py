"""
Models as files: one folder for each version, arrays beside a manifest, and a link that says which one serves.

A version is written whole under another name and renamed, so a reader finds all of it or nothing; it never changes
afterwards. Publishing replaces the link in one step. Arrays are memory-mapped, so processes of a machine share them.
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from apps.sona import conf
from apps.sona.domain.factors import FactorModel
from apps.sona.domain.item_table import ItemTable
from apps.sona.domain.model import PARTS, Blend, Memory, SonaModel
from apps.sona.errors import ModelNotFoundError

#: Of the layout of the files; another one is not read.
_LAYOUT = 1
_LINK = "current"
#: Newest versions that stay on disk: some 120 MB each for a catalogue of 18,000 titles.
KEPT_VERSIONS = 5
_TABLES = ("linear", "successions", "content")


@dataclass(frozen=True, eq=False)
class Artefact:
    """A model with the titles that its items are, and what it was made from."""

    version: str
    model: SonaModel
    ids: tuple[UUID, ...]
    facts: dict[str, Any]


def save(version: str, model: SonaModel, ids: Sequence[UUID], facts: dict[str, Any]) -> None:
    """Write a new version; nothing serves it yet."""
    folder = conf.models_folder() / version
    half = folder.with_name(f".{version}.{os.getpid()}")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    for name in _TABLES:
        table: ItemTable = getattr(model, name)
        np.save(half / f"{name}.columns.npy", table.columns)
        np.save(half / f"{name}.values.npy", table.values)
    arrays: dict[str, npt.NDArray[Any]] = {
        "factors": model.factors.items,
        "gram": model.factors.gram,
        "popularity": model.popularity,
        "trend": model.trend,
        "cold": model.blend.cold,
        "warm": model.blend.warm,
        "ids": np.frombuffer(b"".join(title_id.bytes for title_id in ids), np.uint8).reshape(-1, 16),
    }
    for name, array in arrays.items():
        np.save(half / f"{name}.npy", array)
    manifest = {
        "layout": _LAYOUT,
        "version": version,
        "parts": PARTS,
        "alpha": model.factors.alpha,
        "memory": asdict(model.memory),
        "facts": facts,
    }
    (half / "manifest.json").write_text(json.dumps(manifest, indent=2))
    half.rename(folder)


def load(version: str) -> Artefact:
    """
    Map a version into memory.

    Raises:
        ModelNotFoundError: There is none of this name, or of another layout.
    """
    folder = conf.models_folder() / version
    try:
        manifest = json.loads((folder / "manifest.json").read_bytes())
    except OSError as err:
        raise ModelNotFoundError(f"There is no model {version!r}.") from err
    if manifest["layout"] != _LAYOUT or tuple(manifest["parts"]) != PARTS:
        raise ModelNotFoundError(f"The model {version!r} was made by another release; train a new one.")

    def array(name: str) -> Any:  # noqa: ANN401 -- each caller knows its array
        return np.load(folder / f"{name}.npy", mmap_mode="r")

    tables = {name: ItemTable(array(f"{name}.columns"), array(f"{name}.values")) for name in _TABLES}
    model = SonaModel(
        **tables,
        factors=FactorModel(array("factors"), np.array(array("gram")), manifest["alpha"]),
        popularity=array("popularity"),
        trend=array("trend"),
        memory=Memory(**manifest["memory"]),
        blend=Blend(np.array(array("cold")), np.array(array("warm"))),
    )
    ids = tuple(UUID(bytes=row.tobytes()) for row in array("ids"))
    return Artefact(version, model, ids, manifest["facts"])


def list_versions() -> tuple[str, ...]:
    """Name every version, oldest first: names begin with their time."""
    folder = conf.models_folder()
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(path.parent.name for path in folder.glob("[!.]*/manifest.json") if not path.parent.is_symlink())
    )


def find_current() -> str | None:
    """Name the version that serves; None before the first."""
    try:
        return (conf.models_folder() / _LINK).readlink().name
    except OSError:
        return None


def publish(version: str) -> None:
    """
    Make a version the one that serves, in one step.

    Raises:
        ModelNotFoundError: It is not there, or cannot be read.
    """
    load(version)
    folder = conf.models_folder()
    link = folder / f".{_LINK}.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(version)
    link.replace(folder / _LINK)


def prune() -> tuple[str, ...]:
    """
    Delete old versions and name them; safe beside readers, who have mapped what they serve.

    What stays: the newest `KEPT_VERSIONS`, and whatever their age the one that serves and the one to go back to.
    """
    versions, current = list_versions(), find_current()
    kept = set(versions[-KEPT_VERSIONS:])
    if current in versions:
        place = versions.index(current)
        kept.update(versions[max(place - 1, 0) : place + 1])
    gone = tuple(version for version in versions if version not in kept)
    for version in gone:
        # Under another name first: nobody finds half a version.
        half = conf.models_folder() / f".{version}.{os.getpid()}"
        (conf.models_folder() / version).rename(half)
        shutil.rmtree(half)
    return gone


class ModelStore:
    """The model that this process serves, following the link; safe for threads."""

    def __init__(self) -> None:
        """Start with nothing; the first call maps the published model."""
        self._held: tuple[Path, Artefact] | None = None
        self._lock = Lock()

    def current(self) -> Artefact | None:
        """Give the published model; None while there is none. One look at a link."""
        version = find_current()
        if version is None:
            return None
        key = conf.models_folder() / version
        held = self._held
        if held is None or held[0] != key:
            with self._lock:
                held = self._held
                if held is None or held[0] != key:
                    held = self._held = (key, load(version))
        return held[1]


#: This process's own.
models = ModelStore()
