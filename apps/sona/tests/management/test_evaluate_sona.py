"""`manage.py evaluate_sona` as an outside judge calls it."""

import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from apps.content.tests.factories import ExternalIdFactory, TitleFactory
from apps.sona.tests.domain.conftest import make_population

MODELS = ["sona", "most_popular", "item_knn", "ease", "implicit_als"]
METRICS = {"HR@10", "Recall@20", "NDCG@10", "NDCG@100", "MRR", "coverage", "diversity", "n", "seed"}


@pytest.fixture
def population(tmp_path):
    """60 people and 40 films as a file."""
    table = make_population(n_users=60, n_items=40, groups=4, taken=8, seed=1)
    return write(tmp_path / "known.csv", zip(table.users, table.items, table.at, strict=True))


def write(path, rows):
    lines = [f"u{user},{item},3,{at:.0f}" for user, item, at in rows]
    path.write_text("\n".join(["user_id,item_id,rating,timestamp", *lines]))
    return path


def evaluate(tmp_path, *arguments):
    out = tmp_path / "out.json"
    call_command("evaluate_sona", *map(str, arguments), "--json", str(out), stdout=StringIO(), stderr=StringIO())
    return json.loads(out.read_bytes())["models"]


@pytest.mark.once
@pytest.mark.parametrize("protocol", ["loo", "temporal", "strong"])
def test_every_protocol_gives_every_metric_of_every_model(protocol, population, tmp_path, small_grids):
    """The JSON has one object for each model; SONA is not below what is popular."""
    models = evaluate(tmp_path, "--interactions", population, "--protocol", protocol)

    assert list(models) == MODELS
    assert all(set(metrics) == METRICS for metrics in models.values())
    assert models["sona"]["NDCG@10"] >= models["most_popular"]["NDCG@10"]
    assert len({metrics["n"] for metrics in models.values()}) == 1


@pytest.mark.once
def test_given_targets_are_what_is_found(population, tmp_path, small_grids):
    """With --test nothing is split: n is the number of users in that file."""
    test = write(tmp_path / "test.csv", [(0, 38, 999999), (1, 39, 999999), (1, 38, 999999)])

    models = evaluate(tmp_path, "--interactions", population, "--test", test, "--protocol", "loo")

    assert {metrics["n"] for metrics in models.values()} == {2}


@pytest.mark.once
def test_targets_are_never_learned_from(population, tmp_path, small_grids):
    """A film that only the test file has is found by nobody who ranks by interactions."""
    test = write(tmp_path / "test.csv", [(user, 77, 999999) for user in range(30)])

    models = evaluate(tmp_path, "--interactions", population, "--test", test, "--protocol", "loo")

    assert models["most_popular"]["HR@10"] == models["implicit_als"]["HR@10"] == 0


@pytest.mark.django_db
def test_imdb_ids_bring_what_the_catalogue_knows(tmp_path, small_grids):
    """People take films of one genre each; new films, which nobody took, are found by their genre alone."""
    rng = np.random.default_rng(0)
    for number in range(1, 41):
        title = TitleFactory.create(genres=[("war", "romance")[number % 2]])
        ExternalIdFactory.create(title=title, scheme="imdb", value=f"tt{number:07d}")
    rows, targets = [], []
    for user in range(60):
        own = [number for number in range(1, 37) if number % 2 == user % 2]
        rows += [(user, item, step) for step, item in enumerate(rng.choice(own, 8, replace=False))]
        targets.append((user, 37 + (user + 1) % 2, 100))
    known, test = write(tmp_path / "known.csv", rows), write(tmp_path / "test.csv", targets)
    arguments = ("--interactions", known, "--test", test, "--protocol", "strong")

    opaque, described = evaluate(tmp_path, *arguments), evaluate(tmp_path, *arguments, "--item-ids", "imdb")

    assert described["sona"]["MRR"] > opaque["sona"]["MRR"]
    assert described["ease"] == opaque["ease"]


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "said"),
    [("user_id,item_id\n1,2\n", "lacks the columns"), ("user_id,item_id,rating,timestamp\n1,2,3,noon\n", "row 1")],
    ids=["columns", "time"],
)
def test_a_file_that_cannot_be_read_is_said_to_be(text, said, tmp_path):
    """No traceback, and the place of the fault."""
    path = tmp_path / "bad.csv"
    path.write_text(text)

    with pytest.raises(CommandError, match=said):
        call_command("evaluate_sona", "--interactions", str(path), "--protocol", "loo")


@pytest.mark.once
def test_a_missing_file_is_said_to_be(tmp_path):
    """So is a file that is not there."""
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("evaluate_sona", "--interactions", str(tmp_path / "none.csv"), "--protocol", "loo")
