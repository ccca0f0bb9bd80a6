"""
The layouts that records arrive in: one module and one line of the registry each.

A layout's slug is also the slug of the source that its records are stored under.
"""

from types import MappingProxyType
from typing import Final

from apps.ingestion.domain.layouts.justwatch import JUSTWATCH_CSV
from apps.ingestion.domain.layouts.kaggle import KAGGLE_CSV
from apps.ingestion.domain.layouts.starter import EDITORIAL, WIKIDATA

LAYOUTS: Final = MappingProxyType(
    {layout.slug: layout for layout in (JUSTWATCH_CSV, KAGGLE_CSV, WIKIDATA, EDITORIAL)},
)
#: Layouts of files that list one platform's catalogue, which `manage.py ingest` takes.
CATALOGUE_LAYOUTS: Final = tuple(slug for slug, layout in LAYOUTS.items() if layout.columns)
