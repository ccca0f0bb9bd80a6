"""System checks of the kernel: what import-linter cannot see, because a foreign key names its target by a string."""

from collections.abc import Iterator, Sequence

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import Field

#: The rows of the architecture, lowest first; apps on one row do not know each other. pyproject.toml has the same
#: rows for imports, and a test compares the two.
ROWS: tuple[frozenset[str], ...] = (
    frozenset({"content"}),
    frozenset({"user"}),
    frozenset({"auth", "ingestion", "sync"}),
    frozenset({"playback"}),
    frozenset({"sona"}),
    frozenset({"search"}),
    frozenset({"discover"}),
    frozenset({"mcp"}),
)
_ROW_OF = {app: row for row, members in enumerate(ROWS) for app in members}


@register("models")
def check_foreign_keys(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """
    Refuse keys that point up or sideways (mg.E001), and reverse names across apps (mg.E002).

    A reverse name would let the lower app's models reach the upper app's rows without an import.
    """
    models = apps.get_models() if app_configs is None else [m for config in app_configs for m in config.get_models()]
    return [
        error
        for model in models
        for field in model._meta.get_fields()
        if isinstance(field, Field)
        for error in _errors_of(field)
    ]


def _errors_of(field: "Field[object, object]") -> Iterator[Error]:
    """Check one field that points to another app; anything else is none of this check's business."""
    target = field.related_model
    if target is None or isinstance(target, str):
        return
    here, there = _app_of(field.model._meta.app_config), _app_of(target._meta.app_config)
    if here == there or here not in _ROW_OF or there not in _ROW_OF:
        return
    if _ROW_OF[here] <= _ROW_OF[there]:
        yield Error(f"{field} points up or sideways, from {here} to {there}.", obj=field, id="mg.E001")
    if field.remote_field is not None and not field.remote_field.hidden:
        yield Error(f"{field} needs related_name='+'.", obj=field, id="mg.E002")


def _app_of(config: AppConfig) -> str:
    """Name an app of ours by its folder; its label may differ (auth's is "authn")."""
    return config.name.removeprefix("apps.")
