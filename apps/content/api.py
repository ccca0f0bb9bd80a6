"""
The door to the catalogue for other apps: plain functions, frozen dataclasses in and out.

Ids that were merged away are accepted wherever a title id is written.
"""

from apps.content.domain.keys import name_key, title_key
from apps.content.queries.indexing import iter_listed_ids, list_index_entries
from apps.content.queries.matching import find_by_external_ids, find_match_profiles, get_match_profiles
from apps.content.queries.reference import catalogue_status, get_genres, get_platforms, get_source_ranks
from apps.content.queries.summaries import get_summaries
from apps.content.services.snapshots import apply_snapshot
from apps.content.services.titles import save_titles

__all__ = [
    "apply_snapshot",
    "catalogue_status",
    "find_by_external_ids",
    "find_match_profiles",
    "get_genres",
    "get_match_profiles",
    "get_platforms",
    "get_source_ranks",
    "get_summaries",
    "iter_listed_ids",
    "list_index_entries",
    "name_key",
    "save_titles",
    "title_key",
]
