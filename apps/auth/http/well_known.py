"""What other services look for under /.well-known/."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from apps.auth.queries.key_set import get_key_set
from mediagateway.http.conditional import dump, public_response

#: Seconds for which the key set may be kept; a new key is published for longer than that before it signs.
_KEY_SET_MAX_AGE_S = 300


@require_safe
def key_set(request: HttpRequest) -> HttpResponse:
    """RFC 7517: the keys that our access tokens are checked by."""
    return public_response(request, dump(get_key_set()), max_age_s=_KEY_SET_MAX_AGE_S)
