"""Pages and documents about the API: its description, Swagger UI, problems explained, well-known files."""

import inspect
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from csp.constants import SELF
from csp.decorators import csp
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from mediagateway.errors import DomainError
from mediagateway.http.conditional import dump, public_response

#: What a page of ours may load: its own style sheets, scripts and pictures; `data:` is Swagger UI's icons.
_PAGE_POLICY = {
    "default-src": ["'none'"],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "connect-src": [SELF],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "report-uri": settings.CSP_REPORT_PATH,
    "report-to": "csp",
}


@dataclass(frozen=True, slots=True)
class ExplainedProblem:
    """One row of the table of problems; `meaning` is the error class's own words."""

    code: str
    title: str
    status: int
    meaning: str


@require_safe
def openapi_json(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document of this process group, as JSON."""
    return public_response(request, _openapi_json())


@require_safe
def openapi_yaml(request: HttpRequest) -> HttpResponse:
    """The same document as YAML."""
    response = public_response(request, _openapi_yaml())
    response["Content-Type"] = "application/yaml"
    return response


@require_safe
@csp(_PAGE_POLICY)
def swagger_ui(request: HttpRequest) -> HttpResponse:
    """Swagger UI over the document, from our own static files."""
    return render(request, "mediagateway/swagger_ui.html", {"page": "Swagger UI"})


@require_safe
@csp(_PAGE_POLICY)  # type: ignore[arg-type] # django-csp types its decorator for views without path parameters
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """What a problem's `type` links to."""
    problem = next((problem for problem in _explained_problems() if problem.code == code), None)
    if problem is None:
        raise Http404
    return render(request, "mediagateway/problem.html", {"page": problem.title, "problem": problem})


@require_safe
@csp(_PAGE_POLICY)
def problem_index(request: HttpRequest) -> HttpResponse:
    """All problems that the API can answer with."""
    return render(request, "mediagateway/problems.html", {"page": "Problems", "problems": _explained_problems()})


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell about a vulnerability. It must name an end within a year: 180 days from today."""
    expires = (timezone.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires}",
        "Preferred-Languages: en",
        f"Canonical: {settings.PUBLIC_URL}/.well-known/security.txt",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def api_catalog(request: HttpRequest) -> HttpResponse:
    """RFC 9727: where the API and its descriptions are."""
    base = settings.PUBLIC_URL
    document = {
        "linkset": [
            {
                "anchor": f"{base}/api/v1",
                "service-desc": [{"href": f"{base}/api-docs/openapi.json", "type": "application/vnd.oai.openapi+json"}],
                "service-doc": [{"href": f"{base}/swagger-ui", "type": "text/html"}],
                "status": [{"href": f"{base}/health", "type": "application/json"}],
            }
        ]
    }
    response = HttpResponse(
        dump(document),
        content_type='application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"',
    )
    response["Link"] = f'<{base}/.well-known/api-catalog>; rel="api-catalog"'
    return response


@cache
def _openapi_json() -> bytes:
    """Generate the document once per process: it changes with the code only."""
    return dump(SchemaGenerator().get_schema(public=True))  # type: ignore[no-untyped-call] # drf-spectacular has no types here


@cache
def _openapi_yaml() -> bytes:
    """Write the document as YAML, once per process."""
    document = SchemaGenerator().get_schema(public=True)  # type: ignore[no-untyped-call] # as above
    return bytes(OpenApiYamlRenderer().render(document))  # type: ignore[no-untyped-call] # as above


@cache
def _explained_problems() -> tuple[ExplainedProblem, ...]:
    """List every error class of the loaded apps by code; a class says by itself what it means."""
    found, waiting = {}, [DomainError]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found[kind.code] = ExplainedProblem(kind.code, kind.title, kind.status, inspect.getdoc(kind) or "")
            waiting.append(kind)
    return tuple(found[code] for code in sorted(found))
