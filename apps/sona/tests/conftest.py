"""What the tests of models share."""

from math import inf

import pytest

from apps.sona.domain import baselines, training


@pytest.fixture
def small_grids(monkeypatch):
    """Grids trade time for quality; few candidates show the same path."""
    monkeypatch.setattr(training, "FACTOR_GRID", training.FACTOR_GRID[:1])
    monkeypatch.setattr(training, "PENALTIES", training.PENALTIES[:1])
    monkeypatch.setattr(training, "HALF_LIVES", (1.0, inf))
    monkeypatch.setattr(baselines, "NEIGHBOURS", (20,))
    monkeypatch.setattr(baselines, "SHRINKAGES", (10.0,))
