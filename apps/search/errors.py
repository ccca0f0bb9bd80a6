"""What can go wrong in search."""

from mediagateway.errors import ConflictError, NotFoundError


class RankingNotFoundError(NotFoundError):
    """There is no such version of the ranking."""

    code = "ranking_not_found"
    title = "Ranking not found"


class VariantNotFoundError(NotFoundError):
    """There is no such variant of the ranking."""

    code = "ranking_variant_not_found"
    title = "Variant not found"


class TrafficTakenError(ConflictError):
    """Other variants have so much of the traffic that this share is not left."""

    code = "ranking_traffic_taken"
    title = "The traffic is taken"


class TooManyVariantsError(ConflictError):
    """There are as many variants as there may be."""

    code = "too_many_variants"
    title = "Too many variants"


class SavedSearchNotFoundError(NotFoundError):
    """The profile has no such saved search."""

    code = "saved_search_not_found"
    title = "Saved search not found"


class TooManySavedSearchesError(ConflictError):
    """The profile has as many saved searches as it may."""

    code = "too_many_saved_searches"
    title = "Too many saved searches"
