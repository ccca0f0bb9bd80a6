"""
The door to the catalogue for other apps: plain functions, frozen dataclasses (`contracts`) in and out.

Each function's own docstring is its contract: what it costs in SQL, what it raises, what a second call does. Common to
all: ids that were merged away are accepted wherever a title id is written; every write is one transaction, does nothing
when nothing differs, and publishes "content.titles_changed" `{"ids": [...]}` (at most 500 ids an event) for the titles
that it changed. A reader of that event finds absent from `list_index_entries` what is no longer listed.
"""

from apps.content.domain.certificates import place_certificate
from apps.content.domain.keys import name_key, title_key
from apps.content.domain.links import resolve_link
from apps.content.domain.popularity import compute_popularity
from apps.content.queries.browsing import list_new_title_ids, list_playable, list_title_ids, list_titles
from apps.content.queries.cards import get_cards
from apps.content.queries.details import CreditRecord, DescribedTitle, SeasonRecord, TitleDetail, describe_title
from apps.content.queries.episodes import find_next_episodes
from apps.content.queries.indexing import (
    get_versions,
    iter_listed_ids,
    iter_outlines,
    list_index_entries,
    list_works,
)
from apps.content.queries.matching import find_by_external_ids, find_match_profiles, get_match_profiles
from apps.content.queries.offers import get_watch_options, list_ending, list_offer_windows
from apps.content.queries.reference import catalogue_status, get_genres, get_platforms, get_source_ranks
from apps.content.queries.summaries import find_aliases, get_series_ids, get_summaries, resolve_titles
from apps.content.services.merging import merge_titles
from apps.content.services.snapshots import apply_snapshot
from apps.content.services.titles import save_titles

__all__ = [
    "CreditRecord",
    "DescribedTitle",
    "SeasonRecord",
    "TitleDetail",
    "apply_snapshot",
    "catalogue_status",
    "compute_popularity",
    "describe_title",
    "find_aliases",
    "find_by_external_ids",
    "find_match_profiles",
    "find_next_episodes",
    "get_cards",
    "get_genres",
    "get_match_profiles",
    "get_platforms",
    "get_series_ids",
    "get_source_ranks",
    "get_summaries",
    "get_versions",
    "get_watch_options",
    "iter_listed_ids",
    "iter_outlines",
    "list_ending",
    "list_index_entries",
    "list_new_title_ids",
    "list_offer_windows",
    "list_playable",
    "list_title_ids",
    "list_titles",
    "list_works",
    "merge_titles",
    "name_key",
    "place_certificate",
    "resolve_link",
    "resolve_titles",
    "save_titles",
    "title_key",
]
