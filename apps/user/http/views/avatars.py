"""Pictures of profiles."""

from typing import IO, Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from apps.user.http.serializers import AvatarAnswer
from apps.user.http.views.base import READ_PROFILE, WRITE_PROFILE, PersonalView, owner_of
from apps.user.queries.avatars import get_picture
from apps.user.services.avatars import set_avatar
from mediagateway.http.conditional import json_response
from mediagateway.http.schema import problems

_ID = OpenApiParameter("avatar_id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="Id of the picture.")


class PictureParser(BaseParser):
    """A body that is a picture; which one, its bytes say."""

    media_type = "image/*"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Read the whole body; the middleware has bounded it."""
        return stream.read()


class PictureRenderer(BaseRenderer):
    """Says in content negotiation that a view answers with WebP; the view writes it."""

    media_type = "image/webp"
    format = "webp"
    charset = None
    render_style = "binary"


class OwnAvatarView(PersonalView):
    """The picture of the profile of the token."""

    scopes = {"PUT": WRITE_PROFILE}
    parser_classes = [PictureParser]

    @extend_schema(
        operation_id="user_avatar_set",
        summary="Set one's own avatar",
        request={"image/*": OpenApiTypes.BINARY},
        responses={200: AvatarAnswer, **problems(400, 403)},
    )
    def put(self, request: Request) -> HttpResponse:
        """Set the picture: a PNG, JPEG or WebP as the body, 5 MiB at most; a square of it is drawn again as WebP."""
        # Without a body DRF calls no parser.
        body: Any = request.data
        raw = body if isinstance(body, bytes) else b""
        return json_response({"avatar_id": set_avatar(owner_of(request), raw)})


class AvatarView(PersonalView):
    """A picture of somebody in the household."""

    scopes = {"GET": READ_PROFILE}
    renderer_classes = [PictureRenderer]

    @extend_schema(
        operation_id="user_avatar_get",
        summary="Read an avatar of the household",
        parameters=[_ID],
        responses={(200, "image/webp"): OpenApiTypes.BINARY, **problems(403, 404)},
    )
    def get(self, request: Request, avatar_id: UUID) -> HttpResponse:
        """Read a picture; it never changes under its id."""
        response = HttpResponse(get_picture(owner_of(request), avatar_id), content_type="image/webp")
        response["Cache-Control"] = "private, max-age=31536000, immutable"
        response["Content-Disposition"] = 'inline; filename="avatar.webp"'
        response["Vary"] = "Authorization"
        return response
