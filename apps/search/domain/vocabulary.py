"""The words that search speaks in, and what people say for what the catalogue files under one slug."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Sort(StrEnum):
    """Orders of a result set; ties by popularity, then by title id."""

    RELEVANCE = "relevance"
    POPULARITY = "popularity"
    NEWEST = "newest"
    OLDEST = "oldest"
    RATING = "rating"


class ReasonKind(StrEnum):
    """Why a title is in the result set."""

    TITLE_EXACT = "title_exact"
    TITLE_PREFIX = "title_prefix"
    TITLE_SIMILAR = "title_similar"
    TITLE_WORDS = "title_words"
    PERSON = "person"
    TAG = "tag"
    SYNOPSIS_WORDS = "synopsis_words"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Reason:
    """A true statement of why a title matched; `words` are the caller's own words."""

    kind: ReasonKind
    words: tuple[str, ...]


class SuggestionKind(StrEnum):
    """What a suggestion leads to."""

    TITLE = "title"
    PERSON = "person"
    GENRE = "genre"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: `id` is a title's or person's UUID, or the slug of a genre or platform."""

    kind: SuggestionKind
    id: UUID | str
    text: str
    year: int | None = None


#: Genre slug -> every way to say it; a genre that is missing is said by its slug alone.
GENRE_WORDS: dict[str, str] = {
    "animation": "animation animated cartoon",
    "biography": "biography biopic",
    "comedy": "comedy funny",
    "documentary": "documentary docuseries",
    "family": "family kids children",
    "history": "history historical",
    "horror": "horror scary",
    "music": "music concert",
    "musical": "musical",
    "reality": "reality",
    "romance": "romance romantic",
    "science_fiction": "science fiction sci fi scifi",
    "sport": "sport sports",
    "talk": "talk show",
}

#: Country (alpha-2) or language (ISO 639) -> what people call films from there or in it.
PLACE_WORDS: dict[str, str] = {
    "AR": "argentina argentine argentinian",
    "AU": "australia australian",
    "AT": "austria austrian",
    "BE": "belgium belgian",
    "BR": "brazil brazilian",
    "CA": "canada canadian",
    "CL": "chile chilean",
    "CN": "china chinese",
    "CO": "colombia colombian",
    "CZ": "czech czechia",
    "DE": "germany german",
    "DK": "denmark danish",
    "EG": "egypt egyptian",
    "ES": "spain spanish",
    "FI": "finland finnish",
    "FR": "france french",
    "GB": "britain british uk england english",
    "GR": "greece greek",
    "HK": "hong kong",
    "HU": "hungary hungarian",
    "ID": "indonesia indonesian",
    "IE": "ireland irish",
    "IL": "israel israeli",
    "IN": "india indian",
    "IR": "iran iranian persian",
    "IS": "iceland icelandic",
    "IT": "italy italian",
    "JP": "japan japanese",
    "KR": "korea korean",
    "MX": "mexico mexican",
    "NG": "nigeria nigerian nollywood",
    "NL": "netherlands dutch",
    "NO": "norway norwegian",
    "NZ": "new zealand",
    "PH": "philippines filipino",
    "PL": "poland polish",
    "PT": "portugal portuguese",
    "RO": "romania romanian",
    "RU": "russia russian",
    "SE": "sweden swedish",
    "TH": "thailand thai",
    "TR": "turkey turkish",
    "TW": "taiwan taiwanese",
    "UA": "ukraine ukrainian",
    "US": "american",
    "ZA": "south africa african",
    "ar": "arabic",
    "hi": "hindi bollywood",
    "ta": "tamil",
    "te": "telugu",
    "ur": "urdu",
    "yue": "cantonese",
    "zh": "mandarin chinese",
}
