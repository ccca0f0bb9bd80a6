"""What every embedder does, on the models that are installed and on an endpoint that speaks real HTTP."""

import json
import shutil
from functools import cache
from pathlib import Path

import httpx
import numpy as np
import pytest

from mediagateway.vectors import configured
from mediagateway.vectors.embedders.endpoint import EndpointEmbedder
from mediagateway.vectors.embedders.onnx import OnnxEmbedder, encoder_folder, minilm
from mediagateway.vectors.embedders.use import UseEmbedder
from mediagateway.vectors.ports import VectorsUnavailableError, collection_name

pytestmark = pytest.mark.once

TEXTS = [
    "A shark attacks swimmers off a summer beach.",
    "A killer fish terrorises a seaside town.",
    "Two lawyers fall in love in Paris.",
]


def answer(request: httpx.Request) -> httpx.Response:
    """Speak for an endpoint, out of order as the protocol allows, with vectors of any length."""
    asked = json.loads(request.content)
    assert asked["model"] == "some/model"
    assert request.headers["Authorization"] == "Bearer secret"
    vectors = minilm_once().embed(asked["input"]) * 3.0
    entries = [{"index": at, "embedding": vector.tolist()} for at, vector in enumerate(vectors)]
    return httpx.Response(200, json={"data": entries[::-1]})


@cache
def minilm_once():
    return minilm()


@cache
def use_once():
    return UseEmbedder()


@pytest.fixture(params=["minilm", "use", "endpoint"])
def embedder(request):
    if request.param == "endpoint":
        transport = httpx.MockTransport(answer)
        return EndpointEmbedder("https://api.example.com/v1", model="some/model", key="secret", transport=transport)
    return minilm_once() if request.param == "minilm" else use_once()


def test_each_text_has_a_vector_of_length_one(embedder):
    vectors = embedder.embed(TEXTS)

    assert vectors.shape == (3, embedder.dim)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_texts_that_mean_the_same_are_nearer(embedder):
    vectors = embedder.embed(TEXTS)

    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.1


def test_a_text_has_the_same_vector_in_any_company(embedder):
    """Whoever may not know of a title must not see its traces in the vectors of others."""
    long = "and " * 2000

    alone, among = embedder.embed(TEXTS[:1]), embedder.embed([long, "", *TEXTS])

    assert np.allclose(alone[0], among[2], atol=1e-6)


def test_nothing_has_no_vectors(embedder):
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_the_collection_names_model_and_version(embedder):
    name = collection_name("titles", embedder, 3)

    assert embedder.name in name
    assert embedder.version in name
    assert name == name.lower()


def test_a_file_that_is_not_the_released_one_is_refused(tmp_path):
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"x")
    broken = OnnxEmbedder(
        "x",
        model=tmp_path / "model.onnx",
        tokenizer=tmp_path / "tokenizer.json",
        sha256={"model.onnx": "0" * 64, "tokenizer.json": "0" * 64},
    )

    with pytest.raises(VectorsUnavailableError, match="not the file"):
        broken.embed(["text"])


def test_any_folder_with_an_encoder_will_do(tmp_path):
    """The same model from a folder gives the same vectors; another file would be another version."""
    known = minilm_once()
    folder = tmp_path / "My Model"
    folder.mkdir()
    shutil.copy(known._model, folder / "model.onnx")
    shutil.copy(known._tokenizer, folder / "tokenizer.json")

    embedder = encoder_folder(folder)

    assert np.array_equal(embedder.embed(TEXTS), known.embed(TEXTS))
    assert (embedder.name, embedder.version) == ("my-model", known.version)


def test_an_encoder_that_is_not_there_is_unavailable(tmp_path):
    with pytest.raises(VectorsUnavailableError, match="there is no"):
        encoder_folder(Path(tmp_path)).embed(["text"])


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(500, text="no"),
        httpx.Response(200, text="no JSON"),
        httpx.Response(200, json={"data": []}),
        httpx.Response(200, json={"error": "quota"}),
    ],
    ids=["status", "text", "too few", "no data"],
)
def test_an_endpoint_that_fails_is_unavailable(response):
    embedder = EndpointEmbedder(
        "https://api.example.com/v1", model="m", transport=httpx.MockTransport(lambda _request: response)
    )

    with pytest.raises(VectorsUnavailableError):
        embedder.embed(["text"])


@pytest.mark.parametrize(("kind", "name"), [("minilm", "minilm"), ("use", "use-multilingual"), ("endpoint", "m")])
def test_the_environment_chooses(settings, kind, name):
    settings.EMBEDDER, settings.EMBEDDER_URL, settings.EMBEDDER_MODEL = kind, "https://api.example.com/v1", "m"

    assert configured.get_embedder.__wrapped__().name == name
