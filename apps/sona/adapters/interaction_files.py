"""Interactions as CSV files: columns user_id, item_id, rating, timestamp; plain or gzip."""

import csv
import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.sona.domain.interactions import Interactions, make_interactions
from apps.sona.errors import InteractionFileError

_COLUMNS = ("user_id", "item_id", "rating", "timestamp")


@dataclass(frozen=True, slots=True)
class NamedRows:
    """Rows as the file has them, in its order; every row is positive, so the rating is not kept."""

    users: Sequence[str]
    items: Sequence[str]
    at: Sequence[float]


@dataclass(frozen=True, slots=True)
class Axes:
    """Names of users and of items by position, in the order of their ids: numbers by value where all are numbers."""

    users: Sequence[str]
    items: Sequence[str]


def read_rows(path: Path) -> NamedRows:
    """
    Read a whole file.

    Raises:
        InteractionFileError: It is not there, lacks a column, or a row has no user, no item or no time.
    """
    users, items, at = [], [], []
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
            reader = csv.DictReader(file)
            if missing := set(_COLUMNS) - set(reader.fieldnames or ()):
                raise InteractionFileError(f"{path.name} lacks the columns {', '.join(sorted(missing))}.")
            for row in reader:
                users.append(_named(row["user_id"]))
                items.append(_named(row["item_id"]))
                at.append(float(row["timestamp"]))
    except OSError as err:
        raise InteractionFileError(f"{path.name} cannot be read: {err.strerror}.") from err
    except (ValueError, TypeError) as err:
        raise InteractionFileError(f"{path.name}: row {len(at) + 1} is not user, item, rating, time: {err}.") from err
    return NamedRows(users, items, at)


def make_axes(files: Iterable[NamedRows]) -> Axes:
    """Number the users and items of all files together."""
    files = tuple(files)
    return Axes(
        _ordered({name for rows in files for name in rows.users}),
        _ordered({name for rows in files for name in rows.items}),
    )


def place(rows: NamedRows, axes: Axes) -> Interactions:
    """Write rows as positions on the axes."""
    users = {name: position for position, name in enumerate(axes.users)}
    items = {name: position for position, name in enumerate(axes.items)}
    return make_interactions(
        [users[name] for name in rows.users],
        [items[name] for name in rows.items],
        rows.at,
        n_users=len(users),
        n_items=len(items),
    )


def _named(text: str) -> str:
    if not text:
        raise ValueError("an id is empty")
    return text


def _ordered(names: set[str]) -> tuple[str, ...]:
    if all(name.isascii() and name.isdigit() for name in names):
        return tuple(sorted(names, key=lambda name: (int(name), name)))
    return tuple(sorted(names))
