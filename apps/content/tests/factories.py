"""
Factories of catalogue rows for the tests of every app; each builds the least that its table accepts.

Genres, platforms and sources need none: `migrate` loads the real ones, referred to by slug (`platform_id="netflix"`).
"""

from datetime import UTC, datetime
from uuid import uuid4

from factory.base import Factory
from factory.declarations import LazyAttribute, LazyFunction, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

from apps.content.contracts import TitleDraft, TitleId
from apps.content.domain.keys import name_key, title_key
from apps.content.domain.vocabulary import Kind, OfferType, Quality, Role
from apps.content.models import (
    OPEN_WINDOW_START,
    Certificate,
    Credit,
    ExternalId,
    Image,
    Offer,
    OfferClaim,
    OfferSnapshot,
    Person,
    Score,
    Title,
    TitleAlias,
    TitleGenre,
    TitleName,
)

#: When everything that a factory makes was written, unless the test says otherwise.
BORN_AT = datetime(2026, 1, 1, tzinfo=UTC)


class TitleFactory(DjangoModelFactory[Title]):
    """A film; `genres=["drama"]` hangs genres on it, in that order."""

    class Meta:
        model = Title
        skip_postgeneration_save = True

    kind = Kind.MOVIE
    title: object = Sequence(lambda n: f"Title {n}")
    title_key = LazyAttribute(lambda row: title_key(row.title) if row.title else "")
    release_year: int | None = 2020
    created_at = BORN_AT
    updated_at = SelfAttribute("created_at")

    @post_generation
    def genres(self, create, extracted, **_):
        """Add the genres that the test names."""
        for position, slug in enumerate(extracted or ()):
            TitleGenreFactory.create(title=self, genre_id=slug, position=position)


class SeriesFactory(TitleFactory):
    """A series without seasons."""

    kind = Kind.SERIES


class SeasonFactory(TitleFactory):
    """A season of a series, known by its number."""

    kind = Kind.SEASON
    title = None
    release_year = None
    parent = SubFactory(SeriesFactory)
    number = Sequence(lambda n: n + 1)


class EpisodeFactory(TitleFactory):
    """An episode of a season, known by its number."""

    kind = Kind.EPISODE
    title = None
    release_year = None
    parent = SubFactory(SeasonFactory)
    number = Sequence(lambda n: n + 1)


class TitleAliasFactory(DjangoModelFactory[TitleAlias]):
    """An id that was merged into a title."""

    class Meta:
        model = TitleAlias

    id = LazyFunction(uuid4)
    title = SubFactory(TitleFactory)
    merged_at = BORN_AT


class TitleNameFactory(DjangoModelFactory[TitleName]):
    """A German name of a title."""

    class Meta:
        model = TitleName

    title = SubFactory(TitleFactory)
    language = "de"
    name = Sequence(lambda n: f"Titel {n}")
    name_key = LazyAttribute(lambda row: title_key(row.name))


class TitleGenreFactory(DjangoModelFactory[TitleGenre]):
    """The main genre of a title."""

    class Meta:
        model = TitleGenre

    title = SubFactory(TitleFactory)
    genre_id = "drama"
    position = 0


class ExternalIdFactory(DjangoModelFactory[ExternalId]):
    """An IMDb id of a title."""

    class Meta:
        model = ExternalId

    title = SubFactory(TitleFactory)
    scheme = "imdb"
    value = Sequence(lambda n: f"tt{n:07}")


class PersonFactory(DjangoModelFactory[Person]):
    """Somebody without credits."""

    class Meta:
        model = Person

    id = LazyFunction(uuid4)
    name = Sequence(lambda n: f"Person {n}")
    name_key = LazyAttribute(lambda row: name_key(row.name))


class CreditFactory(DjangoModelFactory[Credit]):
    """The leading part in a title."""

    class Meta:
        model = Credit

    title = SubFactory(TitleFactory)
    person = SubFactory(PersonFactory)
    role = Role.ACTOR
    position = 0


class CertificateFactory(DjangoModelFactory[Certificate]):
    """A certificate; it does not touch `Title.min_ages`, which the test sets where it matters."""

    class Meta:
        model = Certificate

    title = SubFactory(TitleFactory)
    region = "US"
    system = "MPAA"
    rating = "PG-13"
    min_age = 13


class ScoreFactory(DjangoModelFactory[Score]):
    """A critics' score."""

    class Meta:
        model = Score

    title = SubFactory(TitleFactory)
    source = "metacritic"
    score = 70.0
    out_of = 100.0


class ImageFactory(DjangoModelFactory[Image]):
    """A poster."""

    class Meta:
        model = Image

    title = SubFactory(TitleFactory)
    kind = "poster"
    url = Sequence(lambda n: f"https://images.example/{n}.jpg")
    source_id = "editorial"


class OfferFactory(DjangoModelFactory[Offer]):
    """A current offer in a Netflix subscription in the US, open at both ends."""

    class Meta:
        model = Offer

    title = SubFactory(TitleFactory)
    platform_id = "netflix"
    region = "US"
    type = OfferType.SUBSCRIPTION
    quality = Quality.UNKNOWN
    window_start = OPEN_WINDOW_START
    source_id = "editorial"
    first_seen = BORN_AT
    last_verified = SelfAttribute("first_seen")
    known_from = SelfAttribute("first_seen")


class OfferClaimFactory(DjangoModelFactory[OfferClaim]):
    """A standing claim of a subscription offer."""

    class Meta:
        model = OfferClaim

    source_id = "editorial"
    title = SubFactory(TitleFactory)
    platform_id = "netflix"
    region = "US"
    type = OfferType.SUBSCRIPTION
    quality = Quality.UNKNOWN
    window_start = OPEN_WINDOW_START
    terms = LazyFunction(dict)
    terms_hash = Sequence(lambda n: f"{n:064}")
    known_from = BORN_AT


class OfferSnapshotFactory(DjangoModelFactory[OfferSnapshot]):
    """A listing that was applied."""

    class Meta:
        model = OfferSnapshot

    source_id = "editorial"
    platform_id = "netflix"
    region = "US"
    as_of = BORN_AT
    content_sha256 = Sequence(lambda n: f"{n:064}")
    applied_at = BORN_AT


class TitleDraftFactory(Factory[TitleDraft]):
    """The draft of a film with a title and a year."""

    class Meta:
        model = TitleDraft

    id = LazyFunction(lambda: TitleId(uuid4()))
    kind = Kind.MOVIE
    title = Sequence(lambda n: f"Title {n}")
    release_year = 2020
