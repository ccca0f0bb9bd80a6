"""What a person is told."""

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request

from apps.user.contracts import NotificationRecord
from apps.user.http.serializers import NotificationQuery, NotificationReadBody
from apps.user.http.views.base import PersonalView, owner_of
from apps.user.queries.notifications import get_notification, list_notifications
from apps.user.services.notifications import clear_notifications, delete_notification, mark_read
from mediagateway.http.conditional import json_response
from mediagateway.http.pagination import decode_cursor, encode_cursor, next_link, page_body
from mediagateway.http.queries import read_body, read_query
from mediagateway.http.schema import page_of, problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import json_body, policy_of

_ID = OpenApiParameter("notification_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Of the notification.")
_READ = frozenset({"read:notifications"})
_WRITE = frozenset({"write:notifications"})
_SHAPE = shape_of(NotificationRecord)


class NotificationListView(PersonalView):
    """Everything that the profile was told in the last 90 days."""

    scopes = {"GET": _READ, "DELETE": _WRITE}

    @extend_schema(
        operation_id="user_notification_list",
        summary="List notifications",
        parameters=[NotificationQuery],
        responses={200: page_of(_SHAPE), **problems(403)},
    )
    def get(self, request: Request) -> HttpResponse:
        """List notifications, newest first; of titles, those that the profile may see."""
        asked, owner = read_query(NotificationQuery, request.GET), owner_of(request)
        # A cursor of one person fits no other's list.
        list_name = f"user:notifications:{owner.profile.id}:{asked['unread']}"
        page = list_notifications(
            owner,
            unread=asked["unread"],
            policy=policy_of(request),
            now=timezone.now(),
            after=decode_cursor(list_name, asked["cursor"]),
            limit=asked["limit"],
        )
        next_cursor = encode_cursor(list_name, page.next_key) if page.next_key else None
        response = json_response(page_body(page.items, next_cursor))
        if next_cursor:
            response["Link"] = next_link(request, next_cursor)
        return response

    @extend_schema(
        operation_id="user_notification_clear",
        summary="Delete all notifications",
        request=None,
        responses={204: None, **problems(403)},
    )
    def delete(self, request: Request) -> HttpResponse:
        """Delete everything that the profile was told."""
        clear_notifications(owner_of(request))
        return HttpResponse(status=204)


class NotificationReadView(PersonalView):
    """What has been read."""

    scopes = {"POST": _WRITE}

    @extend_schema(
        operation_id="user_notification_read",
        summary="Mark notifications as read",
        request=NotificationReadBody,
        responses={204: None, **problems(403)},
    )
    def post(self, request: Request) -> HttpResponse:
        """Mark these as read, or everything so far; ids that the profile does not have count for nothing."""
        asked = read_body(NotificationReadBody, json_body(request))
        mark_read(owner_of(request), asked.get("ids"), now=timezone.now())
        return HttpResponse(status=204)


class NotificationView(PersonalView):
    """One notification."""

    scopes = {"GET": _READ, "DELETE": _WRITE}

    @extend_schema(
        operation_id="user_notification_get",
        summary="Read a notification",
        parameters=[_ID],
        responses={200: _SHAPE, **problems(403, 404)},
    )
    def get(self, request: Request, notification_id: UUID) -> HttpResponse:
        """Read one notification; that does not mark it as read."""
        found = get_notification(owner_of(request), notification_id, policy=policy_of(request), now=timezone.now())
        return json_response(found)

    @extend_schema(
        operation_id="user_notification_delete",
        summary="Delete a notification",
        parameters=[_ID],
        request=None,
        responses={204: None, **problems(403, 404)},
    )
    def delete(self, request: Request, notification_id: UUID) -> HttpResponse:
        """Delete one notification."""
        delete_notification(owner_of(request), notification_id)
        return HttpResponse(status=204)
