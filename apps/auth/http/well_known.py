"""What other services look for under /.well-known/."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.auth.queries.key_set import get_key_set
from apps.auth.queries.metadata import find_resource_metadata, get_provider_metadata, get_server_metadata
from mediagateway.http.conditional import dump, public_response

#: Seconds for which the key set may be kept; a new key is published for longer than that before it signs.
_KEY_SET_MAX_AGE_S = 300
#: Metadata changes with a new version only.
_METADATA_MAX_AGE_S = 3600


@require_safe
def key_set(request: HttpRequest) -> HttpResponse:
    """RFC 7517: the keys that our access tokens are checked by."""
    return public_response(request, dump(get_key_set()), max_age_s=_KEY_SET_MAX_AGE_S)


@require_safe
def server_metadata(request: HttpRequest) -> HttpResponse:
    """RFC 8414: what the authorization server can do."""
    return public_response(request, dump(get_server_metadata()), max_age_s=_METADATA_MAX_AGE_S)


@require_safe
def provider_metadata(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Discovery: the same, and what it says of people."""
    return public_response(request, dump(get_provider_metadata()), max_age_s=_METADATA_MAX_AGE_S)


@require_safe
def resource_metadata(request: HttpRequest, path: str = "") -> HttpResponse:
    """RFC 9728: whose tokens the API takes."""
    document = find_resource_metadata(path)
    if document is None:
        raise Http404
    return public_response(request, dump(document), max_age_s=_METADATA_MAX_AGE_S)
