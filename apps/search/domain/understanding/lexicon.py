"""What people say for what the catalogue knows: words and phrases, folded, and the concept that each names."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Concept(StrEnum):
    """What a phrase may name."""

    KIND = "kind"
    GENRE = "genre"
    MOOD = "mood"
    PLACE = "place"
    COUNTRY = "country"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Entry:
    """
    A phrase's meaning.

    Attributes:
        value: Kind, genre or platform slug, mood, or country code; of a place the country ("" when none).
        language: Of a place: ISO 639 ("" when none).
        genre: Of a mood the genre that it stands for when nothing else is asked, of a kind or genre a further genre.
        origin: Of a kind or genre: the country that it is made in.
        is_narrow: Of a genre: whether the phrase says more than the genre, and so is looked for as well.
        is_common: Whether the word is also an ordinary one, which needs a context to mean the concept.
    """

    concept: Concept
    value: str
    language: str = ""
    genre: str = ""
    origin: str = ""
    is_narrow: bool = False
    is_common: bool = False


_KOREAN_DRAMAS = ("k drama", "k dramas", "kdrama", "kdramas")
_KINDS = {
    "movie": "movie|movies|film|films|flick|flicks|motion picture|motion pictures",
    "series": "series|tv series|tv show|tv shows|show|shows|tv serial|miniseries|mini series|limited series|sitcom"
    "|sitcoms|docuseries|tv drama|tv comedy|tv dramas|tv comedies|web series|soap opera"
    f"|{'|'.join(_KOREAN_DRAMAS)}",
    "short": "short film|short films|short movie|short movies",
    "special": "stand up special|comedy special|stand up specials|comedy specials|tv special",
}
_KIND_GENRES = {
    "sitcom": "comedy",
    "sitcoms": "comedy",
    **dict.fromkeys(_KOREAN_DRAMAS, "drama"),
    "docuseries": "documentary",
    "tv drama": "drama",
    "tv dramas": "drama",
    "tv comedy": "comedy",
    "tv comedies": "comedy",
    "comedy special": "comedy",
    "comedy specials": "comedy",
    "stand up special": "comedy",
    "stand up specials": "comedy",
}
_GENRES = {
    "action": "action|action packed",
    "adventure": "adventure|adventures|adventurous",
    "animation": "animation|animated|cartoon|cartoons|anime|animes",
    "biography": "biography|biographies|biopic|biopics|biographical",
    "comedy": "comedy|comedies|comedic|romcom|romcoms|rom com|rom coms|romantic comedy|romantic comedies|comical",
    "crime": "crime|true crime|gangster|mafia|mob",
    "documentary": "documentary|documentaries|docs|doc",
    "drama": "drama|dramas|dramatic",
    "family": "family",
    "fantasy": "fantasy|fantasies",
    "history": "historical|history|period drama|period dramas|costume drama|costume dramas",
    "horror": "horror|horrors|slasher|slashers",
    "music": "music|concert|concerts",
    "musical": "musical|musicals",
    "mystery": "mystery|mysteries|whodunit|whodunits|murder mystery",
    "news": "news",
    "reality": "reality tv|reality show|reality shows|reality",
    "romance": "romance|romances|romantic|love story|love stories",
    "science_fiction": "science fiction|sci fi|scifi|sf",
    "sport": "sport|sports",
    "talk": "talk show|talk shows",
    "thriller": "thriller|thrillers|suspense",
    "war": "war",
    "western": "western|westerns",
}
#: Genres whose words stand in stories as often as on shelves.
_COMMON_GENRES = frozenset(
    {"action", "adventure", "crime", "family", "history", "music", "mystery", "news", "romance", "sport", "war"}
) | {"reality", "fantasy", "drama"}
_COMMON_WORDS = frozenset({"gangster", "mafia", "mob", "doc", "docs", "concert", "concerts", "love story", "western"})

_NARROW_WORDS = frozenset(
    {"gangster", "mafia", "mob", "slasher", "slashers", "whodunit", "whodunits", "murder mystery"}
)
_ORIGINS = {**dict.fromkeys(("anime", "animes"), "JP"), **dict.fromkeys(_KOREAN_DRAMAS, "KR")}

#: Phrases that name a second genre beside their own.
_SECOND_GENRES = {
    **dict.fromkeys(("romcom", "romcoms", "rom com", "rom coms", "romantic comedy", "romantic comedies"), "romance"),
    "true crime": "documentary",
    **dict.fromkeys(("period drama", "period dramas", "costume drama", "costume dramas"), "drama"),
}

#: Mood as the catalogue names it -> (how people say it, the genre that has it).
_MOODS = {
    "funny": (
        "funny|hilarious|laugh|laughs|humorous|silly|goofy|make me laugh|makes me laugh|make you laugh|makes you laugh",
        "comedy",
    ),
    "scary": ("scary|terrifying|creepy|spooky|frightening|scares", "horror"),
    "romantic": ("date night", "romance"),
    "heartwarming": ("feel good|feelgood|heartwarming|wholesome", ""),
    "uplifting": ("uplifting|cheerful|cheer me up", ""),
    "cozy": ("cosy|cozy|comforting", ""),
    "sad": (
        (
            "sad|tearjerker|tear jerker|heartbreaking|make me cry|makes me cry|make you cry|makes you cry|want to cry"
            "|good cry|depressing"
        ),
        "drama",
    ),
    "suspenseful": ("suspenseful|tense|gripping|edge of your seat|nail biting", "thriller"),
    "dark": ("bleak", ""),
    "gritty": ("gritty", ""),
    "exciting": ("exciting|thrilling|fast paced|adrenaline", "action"),
    "violent": ("violent|gory|gore|bloody|violence", ""),
    "thought-provoking": (
        "thought provoking|makes you think|make you think|mind bending|mindbending|trippy|mind blowing",
        "",
    ),
    "inspiring": ("inspiring|inspirational|motivational", ""),
    "relaxing": ("relaxing|chill|calming|soothing|light hearted|lighthearted|something light|easy watching", ""),
    "quirky": ("quirky|offbeat", ""),
    "whimsical": ("whimsical", ""),
    "nostalgic": ("nostalgic|nostalgia", ""),
    "satirical": ("satirical|satire|satires", ""),
    "bittersweet": ("bittersweet", ""),
    "melancholic": ("melancholic|melancholy", ""),
    "epic": ("epic", ""),
    "gory": ("splatter", "horror"),
}

#: Code -> (adjectives, names of the country, language).
_PLACES = {
    "AR": ("argentine|argentinian", "argentina", ""),
    "AU": ("australian|aussie", "australia", ""),
    "AT": ("austrian", "austria", ""),
    "BE": ("belgian", "belgium", ""),
    "BR": ("brazilian", "brazil", ""),
    "CA": ("canadian", "canada", ""),
    "CL": ("chilean", "chile", ""),
    "CN": ("chinese", "china", "zh"),
    "CO": ("colombian", "colombia", ""),
    "CZ": ("czech", "czechia|czech republic", "cs"),
    "DE": ("german", "germany", "de"),
    "DK": ("danish", "denmark", "da"),
    "EG": ("egyptian", "egypt", ""),
    "ES": ("spanish", "spain", "es"),
    "FI": ("finnish", "finland", "fi"),
    "FR": ("french", "france", "fr"),
    "GB": ("british|uk", "britain|england|uk|united kingdom|great britain", ""),
    "GR": ("greek", "greece", "el"),
    "HK": ("hong kong", "hong kong", ""),
    "HU": ("hungarian", "hungary", "hu"),
    "ID": ("indonesian", "indonesia", "id"),
    "IE": ("irish", "ireland", ""),
    "IL": ("israeli", "israel", ""),
    "IN": ("indian|bollywood", "india", ""),
    "IR": ("iranian|persian", "iran", "fa"),
    "IS": ("icelandic", "iceland", "is"),
    "IT": ("italian", "italy", "it"),
    "JP": ("japanese", "japan", "ja"),
    "KR": ("korean|south korean", "korea|south korea", "ko"),
    "MX": ("mexican", "mexico", ""),
    "NG": ("nigerian|nollywood", "nigeria", ""),
    "NL": ("dutch", "netherlands|holland|the netherlands", "nl"),
    "NO": ("norwegian", "norway", "no"),
    "NZ": ("new zealand", "new zealand", ""),
    "PH": ("filipino|philippine", "philippines|the philippines", ""),
    "PL": ("polish", "poland", "pl"),
    "PT": ("portuguese", "portugal", "pt"),
    "RO": ("romanian", "romania", "ro"),
    "RU": ("russian", "russia", "ru"),
    "SE": ("swedish", "sweden", "sv"),
    "TH": ("thai", "thailand", "th"),
    "TR": ("turkish", "turkey", "tr"),
    "TW": ("taiwanese", "taiwan", ""),
    "UA": ("ukrainian", "ukraine", "uk"),
    "US": ("american", "america|usa|united states|the united states", ""),
    "ZA": ("south african", "south africa", ""),
}
#: Languages that are no country's alone.
_LANGUAGES = {
    "english": "en",
    "arabic": "ar",
    "hindi": "hi",
    "tamil": "ta",
    "telugu": "te",
    "malayalam": "ml",
    "bengali": "bn",
    "urdu": "ur",
    "hebrew": "he",
    "mandarin": "zh",
    "cantonese": "yue",
}
#: Country code -> how people say that something is from there.
ADJECTIVES = {country: adjectives.partition("|")[0] for country, (adjectives, _, _) in _PLACES.items()}
#: Country code -> the language of its titles, where it has one of its own.
COUNTRY_LANGUAGES = {country: language for country, (_, _, language) in _PLACES.items() if language}
_COMMON_PLACES = frozenset({"turkey", "china", "polish", "georgia"})

#: Platform slug -> further names; the catalogue's own names are known beside.
_PLATFORMS = {
    "prime_video": "amazon prime|amazon prime video|prime video|amazon video|amazon|prime",
    "disney_plus": "disney plus|disney",
    "max": "hbo max|hbo|max",
    "apple_tv_plus": "apple tv|apple tv plus|appletv",
    "paramount_plus": "paramount plus|paramount",
    "bbc_iplayer": "iplayer|bbc iplayer",
    "criterion_channel": "criterion|criterion channel",
    "pluto_tv": "pluto|pluto tv",
    "freevee": "freevee|amazon freevee",
    "roku_channel": "roku|roku channel",
}
#: Names of platforms that nobody uses for anything else.
_PLAIN_PLATFORMS = frozenset(
    {"netflix", "hulu", "disney_plus", "prime_video", "apple_tv_plus", "paramount_plus", "crunchyroll", "tubi"}
) | {"freevee", "pluto_tv", "bbc_iplayer", "shudder", "britbox"}
_COMMON_PLATFORM_WORDS = frozenset({"prime", "max", "amazon", "disney", "paramount", "pluto", "criterion", "hbo"})


def build_lexicon(platforms: Mapping[str, str]) -> dict[str, Entry]:
    """
    Write every phrase with its meaning; at most four words each.

    Args:
        platforms: Slug -> name folded, of the catalogue.
    """
    # What comes later wins: a phrase that is a kind is one, whatever else it names.
    return {**_platforms(platforms), **_places(), **_moods(), **_genres(), **_kinds()}


def _platforms(platforms: Mapping[str, str]) -> dict[str, Entry]:
    found = {}
    for slug, name in platforms.items():
        for phrase in (name, *_phrases(_PLATFORMS.get(slug, ""))):
            is_common = phrase in _COMMON_PLATFORM_WORDS or slug not in _PLAIN_PLATFORMS
            found[phrase] = Entry(Concept.PLATFORM, slug, is_common=is_common)
    return found


def _places() -> dict[str, Entry]:
    found = {name: Entry(Concept.PLACE, "", language=code) for name, code in _LANGUAGES.items()}
    for country, (adjectives, names, language) in _PLACES.items():
        for phrase in _phrases(names):
            found[phrase] = Entry(Concept.COUNTRY, country, is_common=phrase in _COMMON_PLACES)
        for phrase in _phrases(adjectives):
            found[phrase] = Entry(Concept.PLACE, country, language=language, is_common=phrase in _COMMON_PLACES)
    return found


def _moods() -> dict[str, Entry]:
    return {
        phrase: Entry(Concept.MOOD, mood, genre=genre)
        for mood, (said, genre) in _MOODS.items()
        for phrase in _phrases(said)
    }


def _genres() -> dict[str, Entry]:
    return {
        phrase: Entry(
            Concept.GENRE,
            genre,
            genre=_SECOND_GENRES.get(phrase, ""),
            origin=_ORIGINS.get(phrase, ""),
            is_narrow=phrase in _NARROW_WORDS,
            is_common=genre in _COMMON_GENRES or phrase in _COMMON_WORDS,
        )
        for genre, said in _GENRES.items()
        for phrase in _phrases(said)
    }


def _kinds() -> dict[str, Entry]:
    return {
        phrase: Entry(Concept.KIND, kind, genre=_KIND_GENRES.get(phrase, ""), origin=_ORIGINS.get(phrase, ""))
        for kind, said in _KINDS.items()
        for phrase in _phrases(said)
    }


def _phrases(said: str) -> list[str]:
    return [phrase for phrase in said.split("|") if phrase]
