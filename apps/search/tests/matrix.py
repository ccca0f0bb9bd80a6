"""Examples of search's operations."""

from apps.search.services import documents
from mediagateway.testing.matrix import Example

_QUERY_ID = "6f1c2a52-0a0e-4f0c-9a53-6f3c0f4a7d11"


def _with_variant(home):
    """A variant of the ranking."""
    body = {"weights": {"meaning": 2.0}, "traffic_percentage": 10}
    home.send("put", "/api/v1/admin/search/ranking/variants/bold", body, token=None)


def _saved(home):
    """A search that the owner keeps."""
    return {"search_id": home.post("search/saved", {"name": "Gardens", "query": "garden"})["id"]}


EXAMPLES = {
    "search_titles_find": Example(
        query="q=garden",
        reads=(
            "search?q=garden",
            "search?q=secret+garden",
            "search?q=midnight",
            "search?q=the+garden+of+midnight&explain=true",
            "search?q=gardn",
            "search?q=known+person",
            "search?q=garden&genres=horror",
            "search?q=garden&sort=popularity&limit=2",
            "search?q=garden&max_maturity=18",
            "search?q=garden&platforms=mubi&region=DE",
            "search?q=drama+movies+with+known+person+on+netflix",
            "search?q=series+like+garden",
            "search?q=a+girl+who+finds+a+gardn+behind+the+wall+of+midnigth",
        ),
    ),
    "search_titles_query": Example(
        body={"query": "garden"},
        reads=(("search", {"query": "garden of midnight", "filters": {"genres": ["drama", "horror"]}}),),
    ),
    "search_stories_query": Example(
        body={"query": "people who meet in a garden"},
        reads=(("search/semantic", {"query": "people who meet in a garden at midnight"}),),
    ),
    "search_similar_list": Example(
        lambda home: {"title_id": home.title},
        given=lambda home: documents.index_titles([home.title]),
        is_shared=True,
        reads=tuple(f"search/similar/{{{name}}}" for name in ("shown", "series", "hidden", "alias")),
    ),
    "search_suggestions_list": Example(
        query="q=ga",
        reads=(
            "search/autocomplete?q=ga",
            "search/autocomplete?q=midnight",
            "search/autocomplete?q=gardne",
            "search/autocomplete?q=unknown+per",
            "search/autocomplete?q=known",
        ),
    ),
    "search_click_record": Example(
        body=lambda home: {"query_id": _QUERY_ID, "content_id": home.title, "position": 1},
        is_shared=True,
        reads=tuple(
            ("search/clicks", {"query_id": _QUERY_ID, "content_id": f"{{{name}}}", "position": 1})
            for name in ("shown", "hidden")
        ),
    ),
    "search_analytics_get": Example(),
    "search_ranking_get": Example(),
    "search_ranking_set": Example(body={"weights": {"popularity": 0.2}, "description": "Why not."}),
    "search_rankings_list": Example(),
    "search_rankings_get": Example({"version": 0}),
    "search_rankings_activate": Example({"version": 0}),
    "search_ranking_variants_list": Example(),
    "search_ranking_variants_get": Example({"name": "bold"}, given=_with_variant),
    "search_ranking_variants_set": Example({"name": "bold"}, body={"weights": {}, "traffic_percentage": 10}),
    "search_ranking_variants_delete": Example({"name": "bold"}, given=_with_variant),
    "search_saved_searches_list": Example(given=_saved, reads=("search/saved",)),
    "search_saved_searches_create": Example(body={"name": "Gardens", "query": "garden"}),
    "search_saved_searches_get": Example(_saved, child=404),
    "search_saved_searches_update": Example(_saved, body={"notify": False}, child=404),
    "search_saved_searches_delete": Example(_saved, child=404),
}
