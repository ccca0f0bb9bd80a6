"""Rules whose wording leaves no doubt: platforms, prices, years, lengths, ages, awards, leaving, new."""

import re
from datetime import timedelta

from apps.search.domain.understanding.chips import ChipKind, Strength
from apps.search.domain.understanding.lexicon import Concept
from apps.search.domain.understanding.reading import Fate, Reading

_NUMBERS = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "ninety": 90,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "an": 1,
    "a": 1,
    "half an": 0.5,
}
_NUMBER = r"(?:\d{1,3}(?: \d)?|half an|an|a|" + "|".join(word for word in _NUMBERS if len(word) > 2) + ")"
_LENGTH = (
    rf"(?P<n>{_NUMBER})(?: and (?:a )?(?P<half>half))? ?(?P<unit>hours?|hrs?|h|minutes?|mins?|min|m)"
    r"(?: and a (?P<more_half>half))?(?: (?P<more>\d{1,2}) ?(?:minutes?|mins?|min|m)?)?(?: long)?"
)
_AT_MOST = r"(?:under|less than|below|shorter than|at most|no longer than|no more than|max|up to|within)"
_AT_LEAST = r"(?:over|more than|longer than|at least|above|minimum)"
_SHORTEST, _LONGEST = re.compile(rf"\b{_AT_LEAST} {_LENGTH}\b"), re.compile(rf"\b{_AT_MOST} {_LENGTH}\b")
_ABOUT = re.compile(rf"\b(?:about|around|roughly) {_LENGTH}(?=$| (?:long|movie|film))")
_EXACT_MINUTES = re.compile(
    r"\b(?P<n>\d{2,3}) (?:minutes?|min)(?= (?:movie|film|long|comed|documentar|thriller|episode))"
)

_YEAR = r"(?P<{0}>(?:18[7-9]|19\d|20\d)\d)"
_BETWEEN = re.compile(
    r"\b(?:between|from) " + _YEAR.format("low") + r" (?:and|to|until|through) " + _YEAR.format("high") + r"\b"
)
_BEFORE = re.compile(r"\b(?:before|until|up to|older than|pre) (?:the year )?" + _YEAR.format("year") + r"\b")
_AFTER = re.compile(r"\b(?:after|since|newer than|post) (?:the year )?" + _YEAR.format("year") + r"\b")
_FROM = re.compile(r"\b(?:from|released in|made in|came out in|of) (?:the year )?" + _YEAR.format("year") + r"\b")
_DAYS = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|weekends?)"
_TIMES = r"(?:day|morning|afternoon|evening|night)s?"
_COMPANY = (
    r"(?:girlfriend|boyfriend|wife|husband|partner|friends?|mates|flatmates?|roommates?|mum|mom|mother|dad|father|parents"
    r"|sister|brother|grandma|grandpa|grandparents)"
)
#: How a wish ends that says when or with whom, and not what.
_OCCASION = re.compile(
    rf"\b(?:for (?:a|an|this|my|those) (?:rainy|lazy|cold|snowy|cosy|cozy|quiet) (?:{_DAYS}|{_TIMES})"
    rf"|(?:for|on) (?:a |this )?{_DAYS}(?: {_TIMES})?"
    r"|(?:i|we) can (?:watch|finish|binge)(?: tonight| in (?:one|a) (?:go|sitting|night|evening|day|weekend))?"
    rf"|to watch with (?:my|our|the) {_COMPANY})$"
)
#: With so many words beside it a decade that begins a story is when it plays.
_STORY_WORDS = 3
_DECADE_WORDS = {
    "twenties": 1920,
    "thirties": 1930,
    "forties": 1940,
    "fifties": 1950,
    "sixties": 1960,
    "seventies": 1970,
    "eighties": 1980,
    "nineties": 1990,
    "noughties": 2000,
    "aughts": 2000,
}
_DECADE = re.compile(
    r"(?:\b(?P<cue>from|of|in) )?(?:\bthe )?(?:\b(?P<part>early|mid|late) )?"
    r"\b(?:(?P<digits>(?:(?:18|19|20)\d0|[2-9]0|00|10))s|(?P<word>" + "|".join(_DECADE_WORDS) + r"))\b"
)
#: Two-digit decades up to here are this century's.
_LAST_OF_THIS_CENTURY = 20
_TIME_CUES = frozenset({"the", "in", "during", "about", "of", "from", "to", "late", "early", "mid"})
_PARTS = {"early": (0, 3), "mid": (3, 6), "late": (6, 9), None: (0, 9)}

_AGE = re.compile(
    r"\b(?:for|with|suitable for|ok for|okay for|appropriate for) (?:my |our |a |an |the )?"
    r"(?:(?:kids?|child|children) (?:of|aged?|age) )?(?:aged? )?(?P<age>\d{1,2})"
    r"(?: ?(?:year|yr)s?(?: olds?)?(?: (?:son|daughter|kid|kids|child|boy|girl|niece|nephew))?|yo| yo)\b"
)
_UNDER_AGE = re.compile(r"\b(?:for )?(?:kids?|children|ages?) (?:under|below|up to) (?P<age>\d{1,2})\b")
#: Phrase -> highest minimum age that still suits.
_AUDIENCES = {
    "for toddlers": 3,
    "for preschoolers": 4,
    "for babies": 3,
    **dict.fromkeys(
        (
            "for kids",
            "for children",
            "for my kids",
            "for the kids",
            "for my children",
            "for little kids",
            "for young kids",
        ),
        7,
    ),
    **dict.fromkeys(("for my kid", "for a kid", "for my child", "for a child", "for my son", "for my daughter"), 7),
    **dict.fromkeys(("kid friendly", "child friendly", "with my kids", "with the kids", "with kids"), 7),
    **dict.fromkeys(("for the whole family", "for the family", "family friendly", "with the whole family"), 10),
    **dict.fromkeys(("for family movie night", "family movie night", "for family night", "family night"), 10),
    **dict.fromkeys(("for teens", "for teenagers", "for my teenager", "for my teen", "for a teenager"), 13),
}
_MOST_AGE = 21
_LEAVING = ("leaving soon", "expiring soon", "about to leave", "leaving this month", "last chance", "ending soon")
_LEAVING_DAYS = 30
_FREE = ("for free", "free to watch", "free to stream", "watch free", "at no cost", "without paying", "for nothing")
_NEW = (
    *("new releases", "new release", "newly released", "just released", "just came out", "recently released"),
    *("newest", "latest", "brand new", "most recent"),
)
#: The theme that winners have, and how people ask for them.
_OSCAR = "oscar winner"
_OSCARS = (
    *(f"{award} {won}" for award in ("oscar", "academy award") for won in ("winner", "winners", "winning")),
    *("that won an oscar", "that won an academy award", "won an oscar", "won oscars", "won an academy award"),
)
_UNSUPPORTED = {
    "subtitles": ("without subtitles", "no subtitles", "with subtitles", "with english subtitles", "subtitled"),
    "dubbing": ("dubbed", "not dubbed", "without dubbing", "dubbed in english"),
    "colour": ("in color", "in colour", "not in black and white"),
}


def read_certain(reading: Reading) -> None:
    """Read what needs no context, in an order in which longer wordings come before their parts."""
    _leaving(reading)
    _platforms(reading)
    _price(reading)
    _unsupported(reading)
    _occasion(reading)
    _runtime(reading)
    _years(reading)
    _audience(reading)
    _awards(reading)


def read_new(reading: Reading) -> None:
    """Read "new" where it stands before something to watch; the wish orders and never hides."""
    stretches = list(reading.find(*_NEW))
    for at in reading.find("new", "recent", "this year", "this years"):
        follows = reading.span_at(at[1])
        if follows is not None or reading.phrase(at[1], at[1] + 1) in ("on", "stuff", "things", "ones"):
            stretches.append(at)
    for at in stretches:
        reading.add("new", ChipKind.NEW, "new", at, strength=Strength.SOFT)
        reading.prefers_new = True


def _occasion(reading: Reading) -> None:
    """Pass over what ends a wish and says when or with whom it is watched: "… for a rainy sunday"."""
    for _, at in _matches(reading, _OCCASION):
        if at[0]:
            reading.mark(*at, Fate.GONE)


def _leaving(reading: Reading) -> None:
    by = int((reading.now + timedelta(days=_LEAVING_DAYS)).timestamp())
    for at in reading.find(*_LEAVING):
        reading.add("leaving", ChipKind.LEAVING, f"leaving within {_LEAVING_DAYS} days", at, asks={"leaving_by_s": by})
    for start, end in reading.find("leaving", "expiring", "expires"):
        follows = reading.span_at(end) or reading.span_at(end + 1)
        if follows and follows.entry.concept is Concept.PLATFORM:
            reading.add(
                "leaving",
                ChipKind.LEAVING,
                f"leaving within {_LEAVING_DAYS} days",
                (start, end),
                asks={"leaving_by_s": by},
            )


def _platforms(reading: Reading) -> None:
    """A platform after "on", beside a kind or genre, or alone when its name is nothing else's."""
    words = reading.words
    for span in list(reading.free_spans(Concept.PLATFORM)):
        before = words[span.start - 1] if span.start else ""
        is_first, is_last = span.start == 0, span.end == len(words)
        cued = before in ("on", "from", "via", "leaving", "expiring")
        follows = reading.span_at(span.end)
        beside = follows is not None and follows.entry.concept in (Concept.KIND, Concept.GENRE)
        negated = before == "on" and span.start >= 2 and words[span.start - 2] in ("not", "except", "isnt", "arent")
        if not (cued or (not span.entry.is_common and (beside or is_first or is_last))):
            continue
        if before == "on" and span.entry.is_common and not is_last and follows is None:
            continue
        start = span.start - (2 if negated else 1 if cued else 0)
        slug, name = span.entry.value, reading.phrase(span.start, span.end)
        if negated:
            reading.add(
                f"not_platform:{slug}",
                ChipKind.PLATFORM,
                f"not on {name}",
                (start, span.end),
                asks={"exclude_platforms": (slug,)},
            )
        else:
            reading.add(
                f"platform:{slug}", ChipKind.PLATFORM, f"on {name}", (start, span.end), asks={"platforms": (slug,)}
            )


def _price(reading: Reading) -> None:
    """Free: nothing to pay, advertisements allowed."""
    stretches = list(reading.find(*_FREE))
    for start, end in reading.find("free"):
        follows = reading.span_at(end)
        is_asked = follows is not None and follows.entry.concept in (Concept.KIND, Concept.GENRE)
        if is_asked or (reading.phrase(end, end + 1) == "on" and start == 0) or len(reading.words) == 1:
            stretches.append((start, end))
    for at in stretches:
        if reading.is_free(*at):
            reading.add("price:free", ChipKind.PRICE, "free", at, asks={"offer_types": ("free", "ads")})


def _unsupported(reading: Reading) -> None:
    """Say of what the catalogue does not know that it is not known, instead of looking for the word."""
    for name, phrases in _UNSUPPORTED.items():
        for at in sorted(reading.find(*phrases), key=lambda found: found[0] - found[1]):
            if reading.is_free(*at):
                reading.add(
                    f"unsupported:{name}",
                    ChipKind.UNSUPPORTED,
                    f"nothing is known of {name}",
                    at,
                    strength=Strength.IGNORED,
                )


def _awards(reading: Reading) -> None:
    for at in reading.find(*_OSCARS):
        reading.add("award:oscar", ChipKind.AWARD, "won an Oscar", at, asks={"themes": (_OSCAR,)})


def _runtime(reading: Reading) -> None:
    for pattern, name in ((_LONGEST, "runtime_max"), (_SHORTEST, "runtime_min")):
        for match, at in _matches(reading, pattern):
            minutes = _minutes(match)
            if minutes:
                words = "at most" if name == "runtime_max" else "at least"
                reading.add(
                    f"{name}:{minutes}", ChipKind.RUNTIME, f"{words} {minutes} minutes", at, asks={name: minutes}
                )
    for match, at in _matches(reading, _EXACT_MINUTES):
        minutes = int(match["n"])
        reading.add(f"runtime:{minutes}", ChipKind.RUNTIME, f"about {minutes} minutes", at, asks=_about(minutes))
    for match, at in _matches(reading, _ABOUT):
        minutes = _minutes(match)
        reading.add(f"runtime:{minutes}", ChipKind.RUNTIME, f"about {minutes} minutes", at, asks=_about(minutes))


def _about(minutes: int) -> dict[str, int]:
    return {"runtime_min": max(1, minutes - 15), "runtime_max": minutes + 15}


def _minutes(match: "re.Match[str]") -> int:
    """Write a length in minutes; 0 for what is no length of a film."""
    said = match["n"]
    # "1.5 hours" was folded to "1 5 hours".
    amount = float(_NUMBERS[said]) if said in _NUMBERS else float(said.replace(" ", "."))
    if match["half"] or match["more_half"]:
        amount += 0.5
    minutes = amount * 60 if match["unit"].startswith("h") else amount
    if match["more"]:
        minutes += int(match["more"])
    return round(minutes) if minutes <= 1440 else 0


def _years(reading: Reading) -> None:
    for match, at in _matches(reading, _BETWEEN):
        low, high = sorted((int(match["low"]), int(match["high"])))
        reading.add(
            f"years:{low}-{high}", ChipKind.YEARS, f"{low} to {high}", at, asks={"year_from": low, "year_to": high}
        )
    for match, at in _matches(reading, _BEFORE):
        year = int(match["year"])
        reading.add(f"years:-{year - 1}", ChipKind.YEARS, f"before {year}", at, asks={"year_to": year - 1})
    for match, at in _matches(reading, _AFTER):
        year = int(match["year"])
        # "Since 2015" has 2015 in it, "after 2015" has not.
        first = year if reading.words[at[0]] == "since" else year + 1
        reading.add(f"years:{first}-", ChipKind.YEARS, f"{first} or later", at, asks={"year_from": first})
    for match, at in _matches(reading, _FROM):
        _one_year(reading, int(match["year"]), at)
    for start, end in [(at, at + 1) for at, word in enumerate(reading.words) if re.fullmatch(r"(?:19|20)\d\d", word)]:
        follows = reading.span_at(end)
        is_plural = reading.phrase(end, end + 1) in ("movies", "films", "series", "shows")
        is_name = not is_plural and reading.names.title(reading.words[start]) is not None
        heads = follows is not None and start == 0 and not is_name
        if reading.is_free(start, end) and (heads or _ends_shelf(reading, start)):
            _one_year(reading, int(reading.words[start]), (start, end))
    _decades(reading)


def _ends_shelf(reading: Reading, at: int) -> bool:
    """Say whether a year is the last word, behind many titles: "horror movies 2022"."""
    before = reading.span_before(at)
    is_shelf = before is not None and before.entry.concept in (Concept.KIND, Concept.GENRE)
    return is_shelf and at + 1 == len(reading.words) and reading.words[at - 1].endswith("s")


def _one_year(reading: Reading, year: int, at: tuple[int, int]) -> None:
    _range(reading, year, year, str(year), at)


def _range(reading: Reading, low: int, high: int, label: str, at: tuple[int, int]) -> None:
    reading.add(f"years:{low}-{high}", ChipKind.YEARS, label, at, asks={"year_from": low, "year_to": high})


def _decades(reading: Reading) -> None:
    """A decade is when something was made; "in the 40s" is when it plays, unless it is all there is."""
    for match, (start, end) in _matches(reading, _DECADE):
        is_about_making = match["cue"] in ("from", "of") or end == len(reading.words) or _begins_shelf(reading, end)
        # "brad pitt 90s serial killer": nothing leads to it, so it is no part of a sentence.
        is_loose = match["cue"] is None and reading.words[start] != "the" and not _is_led_to(reading, start)
        is_short = len(reading.content()) < _STORY_WORDS + end - start
        is_about_making |= is_loose and (is_short or reading.names.person(reading.phrase(0, start)) is not None)
        if match["cue"] == "in" and len(reading.content()) > 0:
            is_about_making = False
        if not is_about_making:
            continue
        decade = _DECADE_WORDS[match["word"]] if match["word"] else _whole_decade(match["digits"])
        low, high = (decade + offset for offset in _PARTS[match["part"]])
        label = " ".join(filter(None, [match["part"], f"{decade}s"]))
        reading.add(
            f"years:{low}-{high}", ChipKind.YEARS, label, (start, end), asks={"year_from": low, "year_to": high}
        )


def _begins_shelf(reading: Reading, at: int) -> bool:
    """Say whether a shelf begins here, also after where it is from: "british comedies"."""
    span = reading.span_at(at)
    if span is not None and span.entry.concept in (Concept.PLACE, Concept.COUNTRY):
        span = reading.span_at(span.end)
    return span is not None


def _is_led_to(reading: Reading, start: int) -> bool:
    """Say whether a word that leads to a time stands before a stretch."""
    return reading.phrase(max(start - 1, 0), start) in _TIME_CUES


def _whole_decade(digits: str) -> int:
    """Write "90" or "1990" as 1990."""
    if len(digits) > 2:
        return int(digits)
    return int(digits) + (2000 if int(digits) <= _LAST_OF_THIS_CENTURY else 1900)


def _audience(reading: Reading) -> None:
    for pattern in (_AGE, _UNDER_AGE):
        for match, at in _matches(reading, pattern):
            age = int(match["age"])
            if age <= _MOST_AGE:
                reading.add(f"audience:{age}", ChipKind.AUDIENCE, f"suits age {age}", at, asks={"max_maturity": age})
    for phrase, age in _AUDIENCES.items():
        for at in reading.find(phrase):
            reading.add(f"audience:{age}", ChipKind.AUDIENCE, f"suits age {age}", at, asks={"max_maturity": age})
    for start, end in reading.find("kids", "childrens", "kid", "children"):
        follows = reading.span_at(end)
        if follows is None or follows.entry.concept not in (Concept.KIND, Concept.GENRE):
            continue
        # "College kids horror weekend in the woods" is a story.
        if reading.is_head(start) or reading.span_before(start) or reading.is_last(follows.end):
            reading.add("audience:7", ChipKind.AUDIENCE, "suits age 7", (start, end), asks={"max_maturity": 7})


def _matches(reading: Reading, pattern: "re.Pattern[str]") -> list[tuple["re.Match[str]", tuple[int, int]]]:
    """Give the matches over whole free words, with their stretches."""
    text = " ".join(reading.words)
    found = []
    for match in pattern.finditer(text):
        start = text.count(" ", 0, match.start())
        end = text.count(" ", 0, match.end()) + 1
        if reading.is_free(start, end):
            found.append((match, (start, end)))
    return found
