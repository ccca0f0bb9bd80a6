"""Examples of discovery's operations."""

from mediagateway.testing.matrix import Example

EXAMPLES = {
    "discover_trending_list": Example(reads=("content/trending", "content/trending?kind=movie&region=DE")),
    "discover_movie_list": Example(
        reads=("discover/movies", "discover/movies?genre=horror,drama", "discover/movies?sort=title&limit=1")
    ),
    "discover_series_list": Example(reads=("discover/tv", "discover/tv?sort=newest&region=DE")),
    "discover_row_list": Example(),
    "discover_tonight_find": Example(
        body={"minutes": 600},
        reads=(
            ("discover/tonight", {"minutes": 600}),
            ("discover/tonight", {"minutes": 600, "mood": "scary", "people": [{"age": 40}], "region": "DE"}),
        ),
    ),
    "discover_plan_get": Example(
        given=lambda home: home.post("user/watchlist", {"content_id": str(home.title)}), query="months=2"
    ),
}
