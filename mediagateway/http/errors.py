"""What can be wrong with a request as HTTP, before any app has looked at its meaning."""

from mediagateway.errors import DomainError


class MalformedRequestError(DomainError):
    """The request line, a header or a parameter is not readable text: a NUL byte, broken UTF-8, an impossible host."""

    code = "malformed_request"
    title = "The request cannot be read"
    status = 400


class MalformedBodyError(DomainError):
    """The body is not the JSON that it claims to be, or broke off."""

    code = "malformed_body"
    title = "The body cannot be read"
    status = 400


class InvalidTokenError(DomainError):
    """The `Authorization` header holds no valid token; leave it out to ask anonymously."""

    code = "invalid_token"
    title = "The token is not valid"
    status = 401


class InsufficientScopeError(DomainError):
    """The token is valid and may not do this; the detail names the scopes that this needs."""

    code = "insufficient_scope"
    title = "The token lacks a scope"
    status = 403

    def __init__(self, scopes: frozenset[str]) -> None:
        """Keep the wanted scopes for the challenge of RFC 6750."""
        self.scope = " ".join(sorted(scopes))
        super().__init__(f"This needs the scope {self.scope}.")


class MethodNotAllowedError(DomainError):
    """The path is right and the method is not; `Allow` lists those that are."""

    code = "method_not_allowed"
    title = "Method not allowed"
    status = 405


class NotAcceptableError(DomainError):
    """The `Accept` header excludes everything that this path can answer with."""

    code = "not_acceptable"
    title = "Not acceptable"
    status = 406


class PreconditionFailedError(DomainError):
    """The resource has changed since the version named in `If-Match`; read it again."""

    code = "precondition_failed"
    title = "The resource has changed"
    status = 412


class BodyTooLargeError(DomainError):
    """The body is larger than this path takes."""

    code = "body_too_large"
    title = "The body is too large"
    status = 413


class URITooLongError(DomainError):
    """The address is longer than this service takes; put long input into a body."""

    code = "uri_too_long"
    title = "The address is too long"
    status = 414


class UnsupportedMediaTypeError(DomainError):
    """The body's `Content-Type` is not one that this path reads."""

    code = "unsupported_media_type"
    title = "Unsupported media type"
    status = 415


class RateLimitedError(DomainError):
    """Too many requests in the window; `Retry-After` says when to come back."""

    code = "rate_limited"
    title = "Too many requests"
    status = 429


class MisdirectedError(DomainError):
    """Another process group serves this, at an address of its own, which the detail and the `Link` header name."""

    code = "misdirected_request"
    title = "Not served here"
    status = 421


class HeadersTooLargeError(DomainError):
    """The header fields are too many or too long."""

    code = "headers_too_large"
    title = "The header fields are too large"
    status = 431


class InternalError(DomainError):
    """Something went wrong here; the request id finds the cause in our logs."""

    code = "internal_error"
    title = "Something went wrong here"
    status = 500
