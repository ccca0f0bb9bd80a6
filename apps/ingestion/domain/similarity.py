"""
How likely it is that a record and a title are one work.

A Fellegi–Sunter comparison (Fellegi and Sunter, "A theory for record linkage", 1969): each feature adds the natural
logarithm of how much more often it is seen between two records of one work than between namesakes, and the sum is the
log-odds. The weights were read off the shared titles of the development feeds, rounded, and are stated here as tables;
`perf/quality/resolution` measures what they are worth. A feature that one side does not have adds nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from rapidfuzz import fuzz

from apps.ingestion.domain.profiles import Profile, name_key
from apps.ingestion.domain.synopses import shared_ratio, telling_words
from mediagateway.folding import fold_words

#: Points of what cannot be: another cut, another part of a franchise.
IMPOSSIBLE: Final = -100.0

Steps = tuple[tuple[float, float], ...]

#: Characters of the shared key, at most -> points: the longer a shared title, the fewer namesakes.
_TITLE_LENGTH: Final[Steps] = ((4, -0.5), (8, 0.3), (13, 1.2), (19, 2.0), (10_000, 2.5))
#: Titles alike but for a sign or a letter; from this likeness on, in per cent.
_LIKE_TITLE, _LIKE_TITLE_FROM = -1.0, 97
#: One franchise and one subtitle, but one side says which part it is; the same words in another order.
_SAME_SUBTITLE, _OTHER_ORDER, _MOST_FOR_WORDS = -1.5, -2.0, 1.2
#: One side's full title is only a part, or another spelling, of the other's.
_PART_OF_TITLE, _MOST_FOR_PART = -4.0, 1.2
#: Titles that do not agree, of two records that print the same synopsis: spelled another way, or in another language.
_RESPELLED, _RESPELLED_FROM = -3.0, 75
_OTHER_TITLE: Final = -8.0
_OTHER_KIND: Final = -8.0
#: Distance in years, at most -> points.
_YEARS: Final[Steps] = ((0, 3.3), (1, 0.9), (2, -0.5), (4, -1.5), (9, -2.5), (19, -4.0), (10_000, -12.0))
#: A bound lies this many years after a year, at most -> points.
_FILM_BOUND: Final[Steps] = (
    (-3, -5.0),
    (-2, -2.0),
    (-1, 0.5),
    (0, 3.0),
    (1, 0.9),
    (2, 0.0),
    (5, -0.6),
    (12, -1.2),
    (10_000, -3.0),
)
_SERIES_BOUND: Final[Steps] = ((-3, -4.0), (-2, -1.5), (-1, 1.0), (0, 2.8), (1, 1.3))
#: A series' latest season came this many years after a season a year would have, at most -> points.
_LATE_SEASON: Final[Steps] = ((-2, 1.0), (1, 2.0), (2, 0.5), (4, -0.5), (10_000, -3.0))
#: Two bounds this many years apart, at most -> points; within a series' seasons they may be as far apart as that.
_BOUNDS: Final[Steps] = ((0, 2.5), (1, 0.8), (3, 0.0), (8, -1.0), (15, -2.5), (10_000, -4.0))
_WITHIN_SEASONS: Final = 0.5
#: Minutes apart, at most -> points.
_FILM_MINUTES: Final[Steps] = ((1, 2.5), (3, 1.2), (5, 0.3), (10, -0.7), (20, -1.8), (10_000, -3.0))
#: One runs less than half as long: a trailer, a making-of, a part.
_OTHER_LENGTH, _OTHER_LENGTH_BELOW = -6.0, 0.5
_SAME_REEL_MINUTES: Final = 2
_EPISODE_MINUTES: Final[Steps] = ((3, 0.6), (10, 0.0), (10_000, -1.0))
_SHARED_COUNTRY, _OTHER_COUNTRIES = 0.4, -2.0
#: Genres that a work has or has not, whoever lists it.
_FORMS: Final = ("documentary", "animation")
_OTHER_FORM, _SHARED_GENRE, _OTHER_GENRES = -1.2, 0.3, -0.6
_SHARED_DIRECTOR, _LIKE_DIRECTOR, _OTHER_DIRECTORS = 5.0, 1.5, -3.5
#: Shared actors, at most -> points; none shared counts once both casts are this large.
_ACTORS: Final[Steps] = ((1, 2.5), (2, 5.0), (10_000, 6.0))
_OTHER_ACTORS, _WHOLE_CAST = -3.0, 4
#: Under other titles people prove little: a sequel has them too.
_FRANCHISE_DIRECTOR, _FRANCHISE_ACTORS = 1.0, 1.5
#: Share of telling words in common, below -> points.
_SYNOPSIS: Final[Steps] = (
    (0.05, -1.6), (0.1, 0.2), (0.2, 1.8), (0.3, 3.2), (0.6, 4.5), (0.85, 6.5), (0.95, 8.0), (1.01, 9.0),
)  # fmt: skip
#: The same where one author wrote both: of one work he would not have written two texts.
_SAME_AUTHOR: Final[Steps] = ((0.3, -4.5), (0.6, -2.0), (0.85, 2.5), (1.01, 8.0))
_NEARLY_SAME, _MOST_UNDER_OTHER_TITLE = 0.85, 1.8
#: Two different ids of one scheme; IMDb's do change and are mistaken now and then.
_OTHER_ID: Final = {"imdb": -3.0, "justwatch": -4.0, "wikidata": -6.0}
#: One source lists a work once on a platform, so its other rows there are other works; two sources list the same shelf.
_SAME_SHELF, _SAME_PLATFORM = -6.0, 1.2


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    The sum of a comparison.

    Attributes:
        score: Log-odds that the two are one work.
        points: Feature -> (what was seen, what it adds), in the order of comparison.
    """

    score: float
    points: dict[str, tuple[str, float]]


def compare(record: Profile, title: Profile) -> Comparison:
    """Compare a record's profile with a title's."""
    points = {name: found for name, feature in _FEATURES for found in feature(record, title)}
    return Comparison(round(sum(value for _, value in points.values()), 2), points)


Found = Iterator[tuple[str, float]]


def _title(record: Profile, title: Profile) -> Found:
    shared = record.names & title.names
    subtitles, words = record.subtitles & title.subtitles, record.words & title.words
    parts = (record.names & title.spellings) | (record.spellings & title.names)
    if shared:
        yield "same", _step(max(map(len, shared)), _TITLE_LENGTH)
    elif subtitles and (record.numbers & title.numbers or frozenset() in record.numbers | title.numbers):
        yield "same subtitle", min(_step(max(map(len, subtitles)), _TITLE_LENGTH), _MOST_FOR_WORDS) + _SAME_SUBTITLE
    elif not record.numbers & title.numbers:
        yield "other number", IMPOSSIBLE
    elif words:
        yield "other order", min(_step(max(map(len, words)), _TITLE_LENGTH), _MOST_FOR_WORDS) + _OTHER_ORDER
    elif parts:
        yield "part", min(_step(max(map(len, parts)), _TITLE_LENGTH), _MOST_FOR_PART) + _PART_OF_TITLE
    elif max(fuzz.ratio(name_key(one), name_key(other)) for one, other in _titles(record, title)) >= _LIKE_TITLE_FROM:
        yield "alike", _LIKE_TITLE
    elif not (_print_same_synopsis(record, title) and _run_alike(record, title)):
        yield "other", IMPOSSIBLE
    elif max(_respelled(one, other) for one, other in _titles(record, title)) >= _RESPELLED_FROM:
        yield "respelled", _RESPELLED
    else:
        yield "other, same synopsis", _OTHER_TITLE


def _share_name(record: Profile, title: Profile) -> bool:
    """Tell whether two have one name, in whatever order and with or without the number in its franchise."""
    return bool(record.names & title.names or record.subtitles & title.subtitles or record.words & title.words)


def _titles(record: Profile, title: Profile) -> Iterator[tuple[str, str]]:
    return product(record.titles, title.titles)


def _respelled(one: str, other: str) -> float:
    """Tell how much alike, in per cent, the words are that only one of two titles has; two works differ by a word."""
    words, others = fold_words(one), fold_words(other)
    return fuzz.ratio(
        " ".join(word for word in words if word not in others), " ".join(word for word in others if word not in words)
    )


def _edition(record: Profile, title: Profile) -> Found:
    if not record.editions & title.editions:
        yield "another cut", IMPOSSIBLE


def _kind(record: Profile, title: Profile) -> Found:
    if record.is_series is not title.is_series:
        yield "film and series", _OTHER_KIND


def _year(record: Profile, title: Profile) -> Found:
    """Compare years of release; only where a side has none, the bounds that it has."""
    if record.years and title.years:
        apart = _nearest(record.years, title.years)
        yield f"{apart} apart", _step(apart, _YEARS)
        return
    late = [
        bound - year
        for one, other in ((record, title), (title, record))
        for bound, year in product(one.year_bounds, other.years)
    ]
    if late:
        yield _late(min(late, key=abs), record, title)
    elif record.year_bounds and title.year_bounds:
        apart = _nearest(record.year_bounds, title.year_bounds)
        within = (
            record.is_series and title.is_series and apart < max(record.season_counts | title.season_counts, default=1)
        )
        yield f"bounds {apart} apart", max(_step(apart, _BOUNDS), _WITHIN_SEASONS if within else IMPOSSIBLE)


def _late(years: int, record: Profile, title: Profile) -> tuple[str, float]:
    seen = f"bound {years} later"
    if not (record.is_series and title.is_series):
        return seen, _step(years, _FILM_BOUND)
    if years <= 1:
        return seen, _step(years, _SERIES_BOUND)
    seasons = max(record.season_counts | title.season_counts, default=1)
    return seen, _step(years - (seasons - 1), _LATE_SEASON)


def _runtime(record: Profile, title: Profile) -> Found:
    if not record.runtimes_minutes or not title.runtimes_minutes or record.is_series is not title.is_series:
        return
    one, other = min(product(record.runtimes_minutes, title.runtimes_minutes), key=lambda pair: abs(pair[0] - pair[1]))
    apart = abs(one - other)
    if record.is_series:
        yield f"{apart} min apart", _step(apart, _EPISODE_MINUTES)
    else:
        is_part = min(one, other) < _OTHER_LENGTH_BELOW * max(one, other)
        yield f"{apart} min apart", _OTHER_LENGTH if is_part else _step(apart, _FILM_MINUTES)


def _countries(record: Profile, title: Profile) -> Found:
    if record.countries and title.countries:
        shared = bool(record.countries & title.countries)
        yield ("shared", _SHARED_COUNTRY) if shared else ("other", _OTHER_COUNTRIES)


def _genres(record: Profile, title: Profile) -> Found:
    if not record.genres or not title.genres:
        return
    if any((form in record.genres) is not (form in title.genres) for form in _FORMS):
        yield "other form", _OTHER_FORM
    else:
        yield ("shared", _SHARED_GENRE) if record.genres & title.genres else ("other", _OTHER_GENRES)


def _directors(record: Profile, title: Profile) -> Found:
    if not record.directors or not title.directors:
        return
    if record.directors & title.directors:
        yield "shared", _SHARED_DIRECTOR if _share_name(record, title) else _FRANCHISE_DIRECTOR
    elif {_surname(name) for name in record.directors} & {_surname(name) for name in title.directors}:
        yield "same surname", _LIKE_DIRECTOR
    elif not record.is_series:
        yield "other", _OTHER_DIRECTORS


def _actors(record: Profile, title: Profile) -> Found:
    shared = len(record.actors & title.actors)
    if shared:
        points = _step(shared, _ACTORS)
        yield f"{shared} shared", points if _share_name(record, title) else min(points, _FRANCHISE_ACTORS)
    elif min(len(record.actors), len(title.actors)) >= _WHOLE_CAST:
        yield "other", _OTHER_ACTORS


def _synopsis(record: Profile, title: Profile) -> Found:
    """
    Compare synopses, without the words of the titles, by which the two were brought together.

    Texts of one author decide; under different titles only a text that is nearly the same speaks for one work, because
    parts of a franchise tell of the same people.
    """
    ratio, same_author = _shared_synopsis(record, title)
    if ratio is None:
        return
    points = _below(ratio, _SAME_AUTHOR if same_author else _SYNOPSIS)
    if ratio < _NEARLY_SAME and not _share_name(record, title):
        points = min(points, _MOST_UNDER_OTHER_TITLE)
    yield f"{ratio:.2f} shared{' of one author' if same_author else ''}", points


def _print_same_synopsis(record: Profile, title: Profile) -> bool:
    return (_shared_synopsis(record, title)[0] or 0.0) >= _NEARLY_SAME


def _run_alike(record: Profile, title: Profile) -> bool:
    """Tell whether two films could be one reel; series pass."""
    if record.is_series or title.is_series:
        return record.is_series is title.is_series
    runtimes = product(record.runtimes_minutes, title.runtimes_minutes)
    return any(abs(one - other) <= _SAME_REEL_MINUTES for one, other in runtimes)


def _shared_synopsis(record: Profile, title: Profile) -> tuple[float | None, bool]:
    """Return the likest ratio of telling words, and whether one author wrote both; his text goes before others'."""
    if not record.synopses or not title.synopses:
        return None, False
    aside = frozenset(word for name in (*record.titles, *title.titles) for word in fold_words(name))
    author, text = record.synopses[0]
    mine = telling_words(text) - aside
    by_author: dict[bool, float] = {}
    for other_author, other_text in title.synopses:
        ratio = shared_ratio(mine, telling_words(other_text) - aside)
        if ratio is not None:
            same_author = bool(author) and author == other_author
            by_author[same_author] = max(ratio, by_author.get(same_author, 0.0))
    same_author = True in by_author
    return by_author.get(same_author), same_author


def _ids(record: Profile, title: Profile) -> Found:
    theirs = dict(title.external_ids)
    others = [
        scheme
        for scheme, value in sorted(record.external_ids)
        if scheme in theirs and (scheme, value) not in title.external_ids
    ]
    if others:
        yield f"other {' '.join(others)}", sum(_OTHER_ID.get(scheme, 0.0) for scheme in others)


def _shelf(record: Profile, title: Profile) -> Found:
    if record.shelves & title.shelves:
        yield "listed beside it", _SAME_SHELF
    elif {platform for _, platform in record.shelves} & {platform for _, platform in title.shelves if platform}:
        yield "same platform", _SAME_PLATFORM


_FEATURES: Final[tuple[tuple[str, Callable[[Profile, Profile], Found]], ...]] = (
    ("title", _title),
    ("edition", _edition),
    ("kind", _kind),
    ("year", _year),
    ("runtime", _runtime),
    ("countries", _countries),
    ("genres", _genres),
    ("directors", _directors),
    ("actors", _actors),
    ("synopsis", _synopsis),
    ("ids", _ids),
    ("shelf", _shelf),
)


def _step(value: float, steps: Steps) -> float:
    """Return the points of the first step that is not below the value."""
    return next(points for at_most, points in steps if value <= at_most)


def _below(value: float, steps: Steps) -> float:
    """Return the points of the first step that is above the value."""
    return next(points for below, points in steps if value < below)


def _nearest(some: Iterable[int], others: Iterable[int]) -> int:
    return min(abs(one - other) for one, other in product(some, others))


def _surname(name: str) -> str:
    return name.rsplit(" ", 1)[-1]
