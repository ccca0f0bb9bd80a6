"""Finding titles, and where to watch them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field

from apps.content import api as content
from apps.content.api import CreditRecord, SeasonRecord, TitleDetail
from apps.content.contracts import LISTED_KINDS, GenreFacts, TitleSummary
from apps.mcp.domain.shapes import Arguments, NoArguments
from apps.mcp.services.calls import Call
from apps.mcp.services.registry import Resource, Tool
from apps.search import api as search
from apps.search.api import Filters, Reason, SearchRequest
from mediagateway.errors import FieldError, InvalidInputError

Region = Annotated[
    str | None, Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 country; else the viewer's own region.")
]
TitleKey = Annotated[UUID, Field(description="Id of a title, from another tool's answer.")]
#: As many as an agent can weigh; further credits are on the HTTP API.
_MOST_CREDITS = 20


class SearchArguments(Arguments):
    """What to look for."""

    query: Annotated[
        str, Field(min_length=1, max_length=500, description="Plain words: a name, a plot, people, a mood.")
    ]
    kinds: Annotated[tuple[str, ...], Field(description=f"Among {', '.join(LISTED_KINDS)}.")] = ()
    genres: Annotated[tuple[str, ...], Field(description="Slugs from list_genres.")] = ()
    exclude_genres: Annotated[tuple[str, ...], Field(description="Slugs from list_genres.")] = ()
    platforms: Annotated[tuple[str, ...], Field(description="Slugs from list_platforms.")] = ()
    my_services: Annotated[bool, Field(description="Only what the household's subscriptions offer.")] = False
    year_from: Annotated[int | None, Field(ge=1870, le=2200)] = None
    year_to: Annotated[int | None, Field(ge=1870, le=2200)] = None
    max_runtime_minutes: Annotated[int | None, Field(ge=1, le=6000)] = None
    max_age: Annotated[int | None, Field(ge=0, le=21, description="Suitable for this age; unknown is adult.")] = None
    region: Region = None
    limit: Annotated[int, Field(ge=1, le=50)] = 10


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """A title, how well it fits (0..1 within this answer), and why."""

    title: TitleSummary
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class FoundTitles:
    """The best of a result set; `total` counts the whole set."""

    items: tuple[FoundTitle, ...]
    total: int
    region: str


class TitleArguments(Arguments):
    """Which title."""

    title_id: TitleKey
    region: Region = None


@dataclass(frozen=True, slots=True)
class TitleAnswer:
    """A title, its first credits, and its seasons when it is a series."""

    title: TitleDetail
    credits: tuple[CreditRecord, ...]
    seasons: tuple[SeasonRecord, ...]


@dataclass(frozen=True, slots=True)
class Genres:
    """The closed list of genres."""

    items: tuple[GenreFacts, ...]


@dataclass(frozen=True, slots=True)
class PlatformLine:
    """A streaming service that the catalogue knows."""

    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Platforms:
    """All streaming services that the catalogue knows."""

    items: tuple[PlatformLine, ...]


def search_titles(call: Call, asked: SearchArguments) -> FoundTitles:
    """Search under the caller's policy, as the HTTP API does."""
    _check_words("kinds", asked.kinds, LISTED_KINDS)
    known = [genre.slug for genre in content.get_genres()]
    _check_words("genres", asked.genres, known)
    _check_words("exclude_genres", asked.exclude_genres, known)
    _check_words("platforms", asked.platforms, [platform.slug for platform in content.get_platforms()])
    policy = call.policy(asked.region)
    filters = Filters(
        kinds=asked.kinds,
        genres=asked.genres,
        exclude_genres=asked.exclude_genres,
        platforms=asked.platforms,
        my_services=asked.my_services,
        year_from=asked.year_from,
        year_to=asked.year_to,
        runtime_max=asked.max_runtime_minutes,
        max_maturity=asked.max_age,
    )
    request = SearchRequest(text=asked.query, filters=filters, limit=asked.limit, with_facets=False)
    answer = search.search(request, policy=policy, now=call.now)
    items = tuple(FoundTitle(hit.title, hit.score, hit.reasons) for hit in answer.hits)
    return FoundTitles(items, answer.total, policy.region)


def get_title(call: Call, asked: TitleArguments) -> TitleAnswer:
    """Read one title."""
    described = content.describe_title(asked.title_id, policy=call.policy(asked.region), now=call.now)
    return TitleAnswer(described.title, described.credits[:_MOST_CREDITS], described.seasons)


def list_genres(call: Call, _asked: NoArguments) -> Genres:
    """List the genres that this viewer may see."""
    blocked = call.policy().blocked_genres
    return Genres(tuple(genre for genre in content.get_genres() if genre.slug not in blocked))


def list_platforms(_call: Call, _asked: NoArguments) -> Platforms:
    """List the platforms."""
    return Platforms(tuple(PlatformLine(platform.slug, platform.name) for platform in content.get_platforms()))


def _check_words(argument: str, given: tuple[str, ...], known: Collection[str]) -> None:
    """Refuse words of no closed list, each with its place."""
    errors = [
        FieldError(f"/{argument}/{position}", "unknown_value", f"There is no {word!r}.")
        for position, word in enumerate(given)
        if word not in known
    ]
    if errors:
        raise InvalidInputError(f"A value of {argument} is not known.", errors)


TOOLS = (
    Tool(
        "search_titles",
        "Search titles",
        "Find films and series by name, plot, people, mood or theme, with filters. Start here when you need ids.",
        SearchArguments,
        FoundTitles,
        search_titles,
    ),
    Tool(
        "get_title",
        "Get a title",
        "Everything about one title: synopsis, people, seasons, certificates, genres, moods, themes.",
        TitleArguments,
        TitleAnswer,
        get_title,
    ),
    Tool("list_genres", "List genres", "The genres and their slugs.", NoArguments, Genres, list_genres),
    Tool(
        "list_platforms",
        "List platforms",
        "The streaming services and their slugs.",
        NoArguments,
        Platforms,
        list_platforms,
    ),
)


def _read_title(call: Call, title_id: str) -> TitleAnswer:
    try:
        key = UUID(title_id)
    except ValueError:
        raise InvalidInputError("The address names no title: its id is a UUID.") from None
    return get_title(call, TitleArguments(title_id=key))


RESOURCES = (
    Resource(
        "mediagateway://genres",
        "genres",
        "Genres",
        "The genres and their slugs.",
        lambda call, _: list_genres(call, NoArguments()),
    ),
    Resource(
        "mediagateway://platforms",
        "platforms",
        "Platforms",
        "The streaming services and their slugs.",
        lambda call, _: list_platforms(call, NoArguments()),
    ),
    Resource("mediagateway://titles/{title_id}", "title", "A title", "Everything about one title.", _read_title),
)
