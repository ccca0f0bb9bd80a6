"""The search app's door."""

from apps.search.contracts import Answer, Hit, Relaxation
from apps.search.domain.filters import Filters
from apps.search.domain.vocabulary import Reason, ReasonKind, Sort, Suggestion, SuggestionKind
from apps.search.queries.completing import autocomplete
from apps.search.queries.index import check_index
from apps.search.queries.searching import SearchRequest, search
from apps.search.services.personal import erase_account, export_account
from apps.search.services.query_log import forget_old_queries

__all__ = [
    "Answer",
    "Filters",
    "Hit",
    "Reason",
    "ReasonKind",
    "Relaxation",
    "SearchRequest",
    "Sort",
    "Suggestion",
    "SuggestionKind",
    "autocomplete",
    "check_index",
    "erase_account",
    "export_account",
    "forget_old_queries",
    "search",
]
