"""Examples of the catalogue's operations."""

from apps.content.tests.factories import CreditFactory, EpisodeFactory, PersonFactory, SeasonFactory, SeriesFactory
from mediagateway.testing.matrix import Example


def _title(home):
    return {"title_id": home.title}


def _season(_home):
    series = SeriesFactory.create(min_ages={"US": 0})
    EpisodeFactory.create(parent=SeasonFactory.create(parent=series, number=1), number=1)
    return {"title_id": series.id, "number": 1}


def _person(home):
    person = PersonFactory.create()
    CreditFactory.create(title_id=home.title, person=person)
    return {"person_id": person.id}


_NETFLIX = {"slug": "netflix"}
#: Each kind of title, asked for by its id.
_TITLES = ("shown", "series", "hidden", "hidden_series", "alias")

EXAMPLES = {
    "content_title_list": Example(
        reads=(
            "content?limit=3",
            "content?limit=100",
            "content?genre=drama",
            "content?kind=series",
            "content?platform=netflix&sort=title",
            "content?year_from=2020&region=DE",
            "content?genre=horror",
        )
    ),
    "content_new_title_list": Example(reads=("content/new", "content/new?limit=2")),
    "content_expiring_offer_list": Example(
        reads=("content/expiring", "content/expiring?days=30&platform=netflix&limit=1")
    ),
    "content_title_get": Example(
        _title,
        is_shared=True,
        reads=tuple(f"content/{{{name}}}?include=credits,availability,seasons" for name in _TITLES),
    ),
    "content_availability_get": Example(
        _title, is_shared=True, reads=tuple(f"content/{{{name}}}/availability" for name in _TITLES)
    ),
    "content_credit_list": Example(
        _title, is_shared=True, reads=tuple(f"content/{{{name}}}/credits" for name in _TITLES)
    ),
    "content_season_list": Example(
        _title, is_shared=True, reads=tuple(f"content/{{{name}}}/seasons" for name in _TITLES)
    ),
    "content_season_get": Example(
        _season, is_shared=True, reads=tuple(f"content/{{{name}}}/seasons/1" for name in _TITLES)
    ),
    "content_episode_list": Example(
        _season, is_shared=True, reads=tuple(f"content/{{{name}}}/seasons/1/episodes" for name in _TITLES)
    ),
    "content_title_batch_get": Example(
        body=lambda home: {"ids": [home.title]},
        is_shared=True,
        reads=(("content/batch", {"ids": ["{shown}", "{hidden}", "{series}", "{alias}"]}),),
    ),
    "content_popular_movie_list": Example(reads=("movies/popular", "movies/popular?limit=2")),
    "content_popular_series_list": Example(reads=("tv/popular",)),
    "content_genre_list": Example(),
    "content_person_get": Example(_person, is_shared=True, reads=("people/{person}", "people/{hidden_person}")),
    "content_platform_list": Example(),
    "content_platform_get": Example(_NETFLIX),
    "content_platform_title_list": Example(_NETFLIX, reads=("platforms/netflix/catalog", "platforms/mubi/catalog")),
    # Counts of the whole catalogue, for operators: the one answer that hidden titles do change.
    "content_status_get": Example(reads=()),
}
