"""The settings that SONA reads."""

from pathlib import Path

from django.conf import settings


def models_folder() -> Path:
    """Where model artefacts lie."""
    return Path(settings.DATA_DIR) / "sona" / "models"
