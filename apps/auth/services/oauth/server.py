"""The grants that we offer, put together from oauthlib's: what is not named here cannot be asked for."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from oauthlib.common import Request
from oauthlib.oauth2.rfc6749 import grant_types
from oauthlib.oauth2.rfc6749.endpoints import (
    AuthorizationEndpoint,
    IntrospectEndpoint,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749.endpoints.base import BaseEndpoint
from oauthlib.oauth2.rfc6749.errors import InvalidRequestError, UnsupportedGrantTypeError
from oauthlib.oauth2.rfc6749.grant_types import authorization_code
from oauthlib.oauth2.rfc6749.tokens import BearerToken
from oauthlib.oauth2.rfc8628.grant_types import DeviceCodeGrant

from apps.auth import conf
from apps.auth.domain.grants import GrantType
from apps.auth.services.oauth import devices
from apps.auth.services.oauth.validator import Validator, caller_of


class DeviceEndpoint(BaseEndpoint):  # type: ignore[misc] # oauthlib has no types
    """
    Where devices ask for their codes (RFC 8628 §3.1).

    oauthlib's own takes every client for every scope, and leaves its codes to be found by reading the request again.
    """

    request_validator: Validator

    def create_device_authorization_response(
        self, uri: str, http_method: str, body: str, headers: Mapping[str, str]
    ) -> tuple[dict[str, str], str, int]:
        """
        Let a device wait.

        Raises:
            OAuth2Error: Unknown client, another grant, a scope that it may not ask for.
        """
        request = Request(uri, http_method, body, headers)
        self._raise_on_bad_post_request(request)
        self._raise_on_invalid_client(request)
        grant = DeviceCodeGrant(self.request_validator)
        request.grant_type = GrantType.DEVICE_CODE.value
        grant.validate_grant_type(request)
        # Now that the grant is known to be right: scopes are checked as in an authorization request.
        request.grant_type = None
        grant.validate_scopes(request)
        waiting = devices.start_device_grant(request.client, frozenset(request.scopes), caller_of(request))
        link = conf.link_url()
        answer = {
            "device_code": waiting.device_code,
            "user_code": waiting.user_code,
            "verification_uri": link,
            "verification_uri_complete": f"{link}?user_code={waiting.user_code}",
            "expires_in": int(conf.DEVICE_CODE_LIFETIME.total_seconds()),
            "interval": conf.DEVICE_POLL_INTERVAL_S,
        }
        return {}, json.dumps(answer), 200


class Server(AuthorizationEndpoint, TokenEndpoint, DeviceEndpoint, RevocationEndpoint, IntrospectEndpoint):  # type: ignore[misc] # oauthlib has no types
    """
    Authorization code with PKCE, refresh, client credentials, device code; revocation and introspection.

    No implicit, hybrid or password grant (RFC 9700 §2.1.2, §2.4). django-oauth-toolkit makes one of each thread's own
    and passes its settings, which are none of ours: hence the arguments that are not used.
    """

    def __init__(self, validator: Validator, **_: object) -> None:
        """Hook the redeeming services in behind oauthlib's checks of each grant."""
        token_type = IssuedToken(validator)
        code_grant = CodeGrant(validator, pre_auth=[validator.check_authorization], post_token=[validator.redeem_code])
        AuthorizationEndpoint.__init__(
            self, default_response_type="code", default_token_type=token_type, response_types={"code": code_grant}
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="",
            default_token_type=token_type,
            grant_types={
                "": NoGrant(),
                GrantType.AUTHORIZATION_CODE.value: code_grant,
                GrantType.REFRESH_TOKEN.value: grant_types.RefreshTokenGrant(
                    validator, post_token=[validator.redeem_refresh_token]
                ),
                GrantType.CLIENT_CREDENTIALS.value: grant_types.ClientCredentialsGrant(
                    validator, post_token=[validator.redeem_client]
                ),
                GrantType.DEVICE_CODE.value: DeviceCodeGrant(
                    validator, pre_token=[validator.check_device_code], post_token=[validator.redeem_device_code]
                ),
            },
        )
        RevocationEndpoint.__init__(self, validator)
        IntrospectEndpoint.__init__(self, validator)


class CodeGrant(grant_types.AuthorizationCodeGrant):  # type: ignore[misc] # oauthlib has no types
    """The code grant of OAuth 2.1: `plain` is no challenge (RFC 9700 §2.1.1)."""

    _code_challenge_methods: ClassVar[Mapping[str, Any]] = {"S256": authorization_code.code_challenge_method_s256}


class NoGrant:
    """Answers for grants that there are not; oauthlib would fall back to one that there is."""

    def create_token_response(self, request: Request, token_type: object) -> None:
        """
        Refuse.

        Raises:
            InvalidRequestError: No grant is named.
            UnsupportedGrantTypeError: Another one is.
        """
        if request.grant_type is None:
            raise InvalidRequestError("Missing grant_type parameter.", request=request)
        raise UnsupportedGrantTypeError(request=request)


class IssuedToken(BearerToken):  # type: ignore[misc] # oauthlib has no types
    """Writes down what a service has issued: our own access tokens, the same as for our own sign-in."""

    def create_token(self, request: Request, refresh_token: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 -- oauthlib's
        """Give the members of the answer (RFC 6749 §5.1)."""
        pair, id_token = request.issued.pair, request.issued.id_token
        return {
            "access_token": pair.access_token,
            "token_type": "Bearer",
            "expires_in": pair.expires_in,
            "scope": pair.scope,
            **({"refresh_token": pair.refresh_token} if pair.refresh_token else {}),
            **({"id_token": id_token} if id_token else {}),
        }
