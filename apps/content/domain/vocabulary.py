"""The closed sets that the catalogue speaks in."""

from enum import StrEnum


class Kind(StrEnum):
    """What a title is."""

    MOVIE = "movie"
    SERIES = "series"
    SEASON = "season"
    EPISODE = "episode"
    SHORT = "short"
    SPECIAL = "special"


#: Kinds that stand alone in lists and in search; seasons and episodes are reached through their series.
LISTED_KINDS = (Kind.MOVIE, Kind.SERIES, Kind.SHORT, Kind.SPECIAL)


class OfferType(StrEnum):
    """How a platform lets people watch, in the order in which a household prefers it."""

    SUBSCRIPTION = "subscription"
    FREE = "free"
    ADS = "ads"
    RENT = "rent"
    BUY = "buy"


class Quality(StrEnum):
    """Picture quality of an offer; unknown is a value, so that uniqueness holds without NULL."""

    UNKNOWN = "unknown"
    SD = "sd"
    HD = "hd"
    UHD = "uhd"


class Role(StrEnum):
    """What a person did on a title."""

    DIRECTOR = "director"
    CREATOR = "creator"
    WRITER = "writer"
    ACTOR = "actor"
    PRODUCER = "producer"
    COMPOSER = "composer"


class ImageKind(StrEnum):
    """Shape of a picture."""

    POSTER = "poster"
    BACKDROP = "backdrop"
    STILL = "still"
    LOGO = "logo"


class SeriesStatus(StrEnum):
    """Whether more of a series is to come."""

    ONGOING = "ongoing"
    ENDED = "ended"
    CANCELLED = "cancelled"
    HIATUS = "hiatus"


class IdScheme(StrEnum):
    """Naming systems outside this catalogue. TMDB numbers films and series apart, hence two schemes."""

    IMDB = "imdb"
    TMDB_MOVIE = "tmdb_movie"
    TMDB_TV = "tmdb_tv"
    TVDB = "tvdb"
    EIDR = "eidr"
    WIKIDATA = "wikidata"
    JUSTWATCH = "justwatch"


#: Genre slug -> name. The first 18 are the reference set; the others are what real feeds also carry.
GENRES: dict[str, str] = {
    "action": "Action",
    "adventure": "Adventure",
    "animation": "Animation",
    "comedy": "Comedy",
    "crime": "Crime",
    "documentary": "Documentary",
    "drama": "Drama",
    "family": "Family",
    "fantasy": "Fantasy",
    "history": "History",
    "horror": "Horror",
    "music": "Music",
    "mystery": "Mystery",
    "romance": "Romance",
    "science_fiction": "Science Fiction",
    "thriller": "Thriller",
    "war": "War",
    "western": "Western",
    "biography": "Biography",
    "sport": "Sport",
    "reality": "Reality",
    "talk": "Talk Show",
    "news": "News",
    "musical": "Musical",
    "short": "Short",
}
