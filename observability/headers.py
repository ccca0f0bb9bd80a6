"""
The rules of MDN's HTTP Observatory, offline: what its scanner would say of a page's headers and markup.

Modifiers and names follow https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring as of 2025: everybody
starts at 100, penalties are taken off, and bonuses count only for who would have 90 without them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

#: Half a year, below which HSTS counts as short.
_LONG_HSTS_S = 15_768_000
_BONUS_FROM = 90
_GRADES = (
    *((100, "A+"), (90, "A"), (85, "A-"), (80, "B+"), (70, "B"), (65, "B-"), (60, "C+"), (50, "C"), (45, "C-")),
    *((40, "D+"), (30, "D"), (25, "D-"), (0, "F")),
)
_STRICT_REFERRERS = frozenset({"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"})
_LEAKY_REFERRERS = frozenset({"origin", "origin-when-cross-origin", "unsafe-url", "no-referrer-when-downgrade"})
_SCRIPT = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
_SOURCE = re.compile(r"""\bsrc\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """
    One answer to a plain GET.

    Attributes:
        headers: Names in lower case.
        cookies: Each Set-Cookie header.
    """

    headers: Mapping[str, str]
    body: str = ""
    cookies: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One test's result: what it is called there, and what it adds or takes."""

    name: str
    modifier: int


@dataclass(frozen=True, slots=True)
class Score:
    """The whole result."""

    score: int
    grade: str
    findings: tuple[Finding, ...]


def compute_score(answer: Answer) -> Score:
    """Judge an answer by every test."""
    findings = tuple(
        finding
        for test in (_csp, _cookies, _cors, _hsts, _referrer, _integrity, _sniffing, _framing, _resource_policy)
        for finding in test(answer)
    )
    score = 100 + sum(finding.modifier for finding in findings if finding.modifier < 0)
    if score >= _BONUS_FROM:
        score += sum(finding.modifier for finding in findings if finding.modifier > 0)
    score = max(score, 0)
    return Score(score, next(grade for least, grade in _GRADES if score >= least), findings)


def parse_policy(header: str) -> dict[str, tuple[str, ...]]:
    """Read a content policy; of a directive given twice the first counts."""
    policy: dict[str, tuple[str, ...]] = {}
    for part in header.split(";"):
        name, *values = part.split() or [""]
        if name:
            policy.setdefault(name.lower(), tuple(value.lower() for value in values))
    return policy


def _csp(answer: Answer) -> Iterator[Finding]:
    header = answer.headers.get("content-security-policy", "")
    if not header:
        yield Finding("csp-not-implemented", -25)
        return
    policy = parse_policy(header)
    default = policy.get("default-src", ("*",))
    scripts, styles = policy.get("script-src", default), policy.get("style-src", default)
    if _allows_any(scripts) or _allows_inline(scripts) or _allows_any(policy.get("object-src", default)):
        yield Finding("csp-implemented-with-unsafe-inline", -20)
    elif "'unsafe-eval'" in scripts:
        yield Finding("csp-implemented-with-unsafe-eval", -10)
    elif any(source.startswith("http:") for values in policy.values() for source in values):
        yield Finding("csp-implemented-with-insecure-scheme", -20)
    elif _allows_any(styles) or _allows_inline(styles):
        yield Finding("csp-implemented-with-unsafe-inline-in-style-src-only", 0)
    elif default == ("'none'",):
        yield Finding("csp-implemented-with-no-unsafe-default-src-none", 10)
    else:
        yield Finding("csp-implemented-with-no-unsafe", 5)


def _allows_any(sources: tuple[str, ...]) -> bool:
    """Whether a list lets everything or every address of a scheme in."""
    return bool({"*", "http:", "https:", "data:"} & set(sources))


def _allows_inline(sources: tuple[str, ...]) -> bool:
    """Whether inline code runs: a nonce or a hash switches `unsafe-inline` off."""
    guarded = any(source.startswith(("'nonce-", "'sha256-", "'sha384-", "'sha512-")) for source in sources)
    return "'unsafe-inline'" in sources and not guarded


def _cookies(answer: Answer) -> Iterator[Finding]:
    for cookie in answer.cookies:
        name = cookie.partition("=")[0].strip().lower()
        flags = {flag.strip().lower().partition("=")[0] for flag in cookie.split(";")[1:]}
        is_session = "sess" in name
        if "secure" not in flags:
            yield Finding(
                "cookies-session-without-secure-flag" if is_session else "cookies-without-secure-flag",
                -40 if is_session else -20,
            )
        elif is_session and "httponly" not in flags:
            yield Finding("cookies-session-without-httponly-flag", -30)
        elif "csrf" in name and "samesite" not in flags:
            yield Finding("cookies-anticsrf-without-samesite-flag", -20)
        elif "samesite" in flags:
            yield Finding("cookies-secure-with-httponly-sessions-and-samesite", 5)


def _cors(answer: Answer) -> Iterator[Finding]:
    allowed = answer.headers.get("access-control-allow-origin", "")
    if allowed and answer.headers.get("access-control-allow-credentials", "") == "true":
        yield Finding("cross-origin-resource-sharing-implemented-with-universal-access", -50)


def _hsts(answer: Answer) -> Iterator[Finding]:
    header = answer.headers.get("strict-transport-security", "")
    age = re.search(r"max-age=\"?(\d+)", header)
    if not header:
        yield Finding("hsts-not-implemented", -20)
    elif age is None:
        yield Finding("hsts-header-invalid", -20)
    elif int(age[1]) < _LONG_HSTS_S:
        yield Finding("hsts-implemented-max-age-less-than-six-months", -10)


def _referrer(answer: Answer) -> Iterator[Finding]:
    policies = [
        value.strip().lower() for value in answer.headers.get("referrer-policy", "").split(",") if value.strip()
    ]
    if not policies:
        return
    if policies[-1] in _STRICT_REFERRERS:
        yield Finding("referrer-policy-private", 5)
    elif policies[-1] in _LEAKY_REFERRERS:
        yield Finding("referrer-policy-unsafe", -5)
    else:
        yield Finding("referrer-policy-header-invalid", -5)


def _integrity(answer: Answer) -> Iterator[Finding]:
    for tag in _SCRIPT.findall(answer.body):
        source = _SOURCE.search(tag)
        if source and re.match(r"(https?:)?//", source[1]) and "integrity=" not in tag.lower():
            insecure = source[1].startswith("http:")
            yield Finding("sri-not-implemented-but-external-scripts-loaded", -50 if insecure else -5)


def _sniffing(answer: Answer) -> Iterator[Finding]:
    if answer.headers.get("x-content-type-options", "").lower() != "nosniff":
        yield Finding("x-content-type-options-not-implemented", -5)


def _framing(answer: Answer) -> Iterator[Finding]:
    ancestors = parse_policy(answer.headers.get("content-security-policy", "")).get("frame-ancestors")
    if ancestors is not None and not _allows_any(ancestors):
        yield Finding("x-frame-options-implemented-via-csp", 5)
    elif answer.headers.get("x-frame-options", "").upper() not in {"DENY", "SAMEORIGIN"}:
        yield Finding("x-frame-options-not-implemented", -20)


def _resource_policy(answer: Answer) -> Iterator[Finding]:
    policy = answer.headers.get("cross-origin-resource-policy", "").lower()
    if policy in {"same-origin", "same-site"}:
        yield Finding("corp-implemented-with-same-origin", 10)
    elif policy and policy != "cross-origin":
        yield Finding("corp-header-invalid", -5)
