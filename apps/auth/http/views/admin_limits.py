"""What admins may see and change of the rate limits."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from mediagateway.errors import FieldError, InvalidInputError, NotFoundError
from mediagateway.http.conditional import json_response
from mediagateway.http.permissions import Scoped, require_principal
from mediagateway.http.queries import StrictSerializer, read_body
from mediagateway.http.schema import problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView, json_body
from mediagateway.limits.overrides import Override, list_overrides, remove_override, set_override
from mediagateway.limits.table import LIMITS, LimitGroup
from mediagateway.principal import Tier

_NAMES = frozenset(group.name for group in LIMITS) | {rule.name for group in LIMITS for rule in group.rules}
_KINDS = ("account", "key", "client", "address", "tier", "segment")
_MOST = 1_000_000
_EXAMPLE = OpenApiExample(
    "A load test", value={"per_minute": 100_000, "burst": 5_000, "until": "2027-01-01T00:00:00Z"}, request_only=True
)


@dataclass(frozen=True, slots=True)
class LimitsInForce:
    """The table, and what is set instead of it."""

    groups: tuple[LimitGroup, ...]
    overrides: tuple[Override, ...]


class OverrideBody(StrictSerializer):
    """A limit instead of the table's."""

    per_minute = serializers.IntegerField(min_value=1, max_value=_MOST)
    burst = serializers.IntegerField(min_value=1, max_value=_MOST, help_text="Most in any one second; a rule has none.")
    until = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="When it ends; null holds until it is removed."
    )

    def validate_until(self, value: Any) -> Any:
        """Refuse what would be over before it began."""
        if value is not None and value <= timezone.now():
            raise serializers.ValidationError("This is past.", code="past")
        return value


class LimitListView(ApiView):
    """All limits."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:limits"})

    @extend_schema(
        operation_id="auth_rate_limits_get",
        summary="Show the rate limits",
        responses={200: shape_of(LimitsInForce), **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """Show the table and the overrides in force."""
        return json_response(LimitsInForce(LIMITS, list_overrides()))


class LimitOverrideView(ApiView):
    """The override of one group, or one rule, for one subject."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:limits"})

    @extend_schema(
        operation_id="auth_rate_limit_get",
        summary="Show an override",
        responses={200: shape_of(Override), **problems(403, 404)},
    )
    def get(self, request: Request, group: str, subject: str) -> HttpResponse:
        """Show the override in force for a group and a subject."""
        for override in list_overrides():
            if (override.group, override.subject) == (group, subject):
                return json_response(override)
        raise NotFoundError("There is no such override.")

    @extend_schema(
        operation_id="auth_rate_limit_set",
        summary="Override a limit",
        request=OverrideBody,
        responses={200: shape_of(Override), 201: shape_of(Override), **problems(403, 404)},
        examples=[_EXAMPLE],
    )
    def put(self, request: Request, group: str, subject: str) -> HttpResponse:
        """Set a limit for `account:…`, `key:…`, `client:…`, `address:…` or `tier:…`; it holds within two seconds."""
        _check_target(group, subject)
        asked = read_body(OverrideBody, json_body(request))
        override = Override(group, subject, asked["per_minute"], asked["burst"], asked["until"])
        is_new = set_override(override, principal=require_principal(request))
        return json_response(override, status=201 if is_new else 200)

    @extend_schema(
        operation_id="auth_rate_limit_remove",
        summary="Go back to the table",
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, group: str, subject: str) -> HttpResponse:
        """Remove an override."""
        remove_override(group, subject, principal=require_principal(request))
        return HttpResponse(status=204)


def _check_target(group: str, subject: str) -> None:
    """
    Make sure that the override can ever hold.

    Raises:
        InvalidInputError: There is no such group or kind of subject.
    """
    kind, _, name = subject.partition(":")
    is_subject = kind in _KINDS and 0 < len(name) <= 200 and (kind != "tier" or name in set(Tier))
    errors = [
        FieldError(f"/{part}", "unknown", detail, "path")
        for part, detail, is_known in (
            ("group", f"One of {', '.join(sorted(_NAMES))}.", group in _NAMES),
            ("subject", f"A name behind one of {', '.join(_KINDS)}, and a colon.", is_subject),
        )
        if not is_known
    ]
    if errors:
        raise InvalidInputError("This override would hold for nobody.", errors)
