"""Ways to start a conversation."""

from collections.abc import Mapping, Sequence

from apps.discover.api import MOOD_GENRES
from apps.mcp.services.calls import Call
from apps.mcp.services.registry import Prompt
from apps.search import api as search
from apps.search.api import SuggestionKind

#: Suggestions that are looked through for titles: people and genres stand among them.
_SUGGESTIONS = 20


def _tonight(given: Mapping[str, str]) -> str:
    who = f" for {given['who']}" if given.get("who") else ""
    time = f" We have {given['minutes']} minutes." if given.get("minutes") else ""
    mood = f" We are in the mood for something {given['mood']}." if given.get("mood") else ""
    return (
        f"Find one thing to watch tonight{who}.{time}{mood} Use the tool tonight, name the title, why it fits, and "
        "where it can be watched, with one backup. Ask before you start playback on a device."
    )


def _find_similar(given: Mapping[str, str]) -> str:
    return (
        f"I liked {given['title']}. Find it with search_titles, then find five titles like it that I can watch on my "
        "services. For each say in one sentence what it shares with the first."
    )


def _where(given: Mapping[str, str]) -> str:
    region = f" in {given['region']}" if given.get("region") else ""
    return (
        f"Where can I watch {given['title']}{region}? Use search_titles and check_availability. List what is included "
        "in my subscriptions first, then free, then rent and buy with prices, and say when each was last verified."
    )


def _titles(call: Call, typed: str) -> Sequence[str]:
    """Complete the name of a title that the caller may see."""
    found = search.autocomplete(typed, limit=_SUGGESTIONS, policy=call.policy())
    return [suggestion.text for suggestion in found if suggestion.kind is SuggestionKind.TITLE]


def _moods(_call: Call, typed: str) -> Sequence[str]:
    """Complete a mood."""
    return [mood for mood in sorted(MOOD_GENRES) if mood.startswith(typed.lower())]


PROMPTS = (
    Prompt(
        "what_to_watch_tonight",
        "What to watch tonight",
        "One playable answer and a backup.",
        _tonight,
        {"who?": "Who watches: names of profiles, or ages.", "minutes?": "How long.", "mood?": "In a word."},
        {"mood": _moods},
    ),
    Prompt(
        "find_similar",
        "Find something similar",
        "More like a title.",
        _find_similar,
        {"title": "Its name."},
        {"title": _titles},
    ),
    Prompt(
        "where_to_watch",
        "Where to watch",
        "The offers for a title.",
        _where,
        {"title": "Its name.", "region?": "ISO 3166-1 country code."},
        {"title": _titles},
    ),
)
