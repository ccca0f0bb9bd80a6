"""
Examples of operations: what the proofs that go over every operation of the API ask with.

Each app keeps those of its own operations in `tests/matrix.py` as `EXAMPLES`, by operationId. An operation of the
OpenAPI document without one fails the access matrix, which says what to write.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import apps

#: Members by name, or what makes them: it is given the household that asks (`apps.auth.tests.household.Household`).
Members = Mapping[str, Any] | Callable[[Any], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Example:
    """
    How an operation is asked so that it succeeds for the owner of a household, with a token of every scope.

    Attributes:
        path: Parameters of the path. A function makes what they name, and that belongs to the household alone.
        query: The query, without its question mark.
        body: Members of the JSON body. A function makes what they name, as with `path`.
        raw: Body of another media type, with that type.
        headers: Further headers.
        given: Called before anything is asked: fills a list, say.
        is_shared: What the path and body name is the catalogue's, everybody's; the answer to others is no secret.
        child: What a child's profile of the household is answered; None is what the owner is.
        others: What another household is answered, where that is neither what the owner is nor as though nothing were
            there: the body holds a password, say; or what it is, where two equal answers differ by a clock.
        always: What everybody is answered by the process group of the test: the operation lives in another one.
        reads: What a child asks of two catalogues that differ in blocked titles only: addresses behind `/api/v1/`, or
            pairs of such an address and a JSON body to post ("PUT …" puts it). `{shown}`, `{series}`, `{hidden}`,
            `{hidden_series}`, `{alias}` (of a hidden title), `{person}` and `{hidden_person}` stand for ids. None, for
            a GET, asks what the rest of the example says; nothing at all needs a reason beside it.
        seed: Called with the household and the ids by name before any of the two catalogues is there: what the child
            has of titles that are hidden by now.
    """

    path: Members | None = None
    query: str = ""
    body: Members | None = None
    raw: tuple[bytes, str] | None = None
    headers: Mapping[str, str] | None = None
    given: Callable[[Any], object] | None = None
    is_shared: bool = False
    child: int | None = None
    others: int | None = None
    always: int | None = None
    reads: tuple[str | tuple[str, Mapping[str, Any]], ...] | None = None
    seed: Callable[[Any, Mapping[str, Any]], object] | None = None

    @property
    def is_owned(self) -> bool:
        """Whether it names something that is the household's alone, and others are to be told that it is not there."""
        return self.others is None and not self.is_shared and (callable(self.path) or callable(self.body))


def collect_examples() -> dict[str, Example]:
    """
    Find the examples of every installed app.

    Raises:
        ValueError: Two apps have one for the same operation.
    """
    examples: dict[str, Example] = {}
    for config in apps.get_app_configs():
        if not (Path(config.path) / "tests" / "matrix.py").exists():
            continue
        name = f"{config.name}.tests.matrix"
        mine: Mapping[str, Example] = import_module(name).EXAMPLES
        if twice := examples.keys() & mine.keys():
            raise ValueError(f"{name}: {', '.join(sorted(twice))} has an example in another app.")
        examples |= mine
    return examples
