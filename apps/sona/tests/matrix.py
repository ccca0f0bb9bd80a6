"""Examples of sona's operations."""

from uuid import uuid4

from apps.sona.models import Experiment, Exposure, Feedback
from apps.sona.services.changes import follow_catalogue
from apps.sona.tests.factories import NOW
from mediagateway.testing.matrix import Example

_EXPERIMENT = {"name": "diverse", "variants": [{"name": "control"}, {"name": "diverse", "diversity": 0.9}]}
_TITLES = ("shown", "series", "hidden", "alias")


def _shelf(home):
    assert home.title
    follow_catalogue()


def _title(home):
    return {"content_id": home.title}


def _experiment(home):
    return {"experiment_id": home.post("sona/experiments", {**_EXPERIMENT, "name": str(uuid4())})["id"]}


def _exposed(home):
    experiment = Experiment.objects.create(
        name=str(uuid4()), traffic_ratio=1.0, variants=[], status="running", created_at=NOW
    )
    Exposure.objects.create(experiment=experiment, profile=home.owner, variant="control", at=NOW)
    return {"experiment_id": experiment.id, "metric": "click_through"}


def _watched_as_child(home, ids):
    for name in ("shown", "hidden", "series"):
        Feedback.objects.create(profile=home.child, kind="watched", scope="title", key=str(ids[name]), at=NOW)


EXAMPLES = {
    "sona_recommendations_list": Example(
        given=_shelf, others=200, reads=("sona/recommendations", "sona/recommendations?limit=2&mood=sad&available=true")
    ),
    "sona_recommendations_query": Example(
        given=_shelf, reads=(("sona/recommendations", {"context": {"mood": "happy"}, "limit": 50}),)
    ),
    "sona_similar_list": Example(
        body=_title,
        given=_shelf,
        is_shared=True,
        reads=tuple(("sona/similar", {"content_id": f"{{{name}}}"}) for name in _TITLES),
    ),
    "content_similar_list": Example(
        lambda home: {"title_id": home.title},
        given=_shelf,
        is_shared=True,
        reads=tuple(f"content/{{{name}}}/similar" for name in _TITLES),
    ),
    "sona_title_score": Example(
        body=_title,
        given=_shelf,
        is_shared=True,
        reads=tuple(("sona/personalization/score", {"content_id": f"{{{name}}}"}) for name in ("hidden", "alias")),
    ),
    "sona_feedback_record": Example(
        body=lambda home: {"type": "watched", "content_id": home.title},
        is_shared=True,
        reads=tuple(
            ("sona/feedback", {"type": "dismissed", "content_id": f"{{{name}}}"}) for name in ("hidden", "alias")
        ),
    ),
    "sona_profile_get": Example(given=_shelf, reads=("sona/profile",), seed=_watched_as_child),
    "sona_profile_delete": Example(),
    "sona_experiments_list": Example(),
    "sona_experiments_create": Example(body=_EXPERIMENT),
    "sona_experiments_get": Example(_experiment),
    "sona_experiments_update": Example(_experiment, body={"status": "running"}),
    "sona_experiments_metrics": Example(_experiment),
    "sona_experiments_convert": Example(body=_exposed, is_shared=True, child=409, others=409),
}
