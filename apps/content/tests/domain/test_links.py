"""Links: every platform on every device gets addresses that can be opened, whatever the id or title looks like."""

from itertools import product
from string import ascii_letters, digits
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.content.domain.link_templates import TEMPLATES, DeviceKind
from apps.content.domain.links import DeepLink, LinkKind, resolve_link, resolve_links
from apps.content.domain.platforms import PLATFORMS
from apps.content.domain.vocabulary import Kind

HOSTILE = (
    *("a/b?c#d", "../../etc/passwd", "x y", "千と千尋", "{id}", "%2F"),
    *("a;end", "javascript:alert(1)", "a&b=c", "\"'<>"),
)
URL_CHARACTERS = set(ascii_letters + digits + "-._~:/?#[]@!$&'()*+,;=%")  # RFC 3986
NETFLIX_PAGE = "https%3A%2F%2Fwww.netflix.com%2Ftitle%2F80100172"


def addresses(link: DeepLink) -> list[str]:
    return [url for url in (link.app_link, link.universal_link, link.web_fallback, link.launch_path) if url is not None]


def test_every_platform_of_the_catalogue_has_templates():
    """A platform without templates would have offers that nobody can open."""
    assert {platform.slug for platform in PLATFORMS} == set(TEMPLATES)


@pytest.mark.parametrize("device", DeviceKind)
@pytest.mark.parametrize("platform", TEMPLATES)
def test_links_are_well_formed(platform, device):
    """Absolute addresses with a host, no character that ends a URL early, no placeholder left over."""
    for kind, native_id in product(Kind, ("", "80057281", *HOSTILE)):
        link = resolve_link(platform, device, kind=kind, native_id=native_id, title="Dark & Light/100%")

        for url in addresses(link):
            assert set(url) <= URL_CHARACTERS, url
        web = urlsplit(link.web_fallback)
        assert (web.scheme, web.fragment) == ("https", "")
        assert "." in web.netloc
        for opener in filter(None, (link.app_link, link.universal_link)):
            assert all(urlsplit(opener)[:2]), opener


@pytest.mark.parametrize("platform", [slug for slug, row in TEMPLATES.items() if row.title])
@pytest.mark.parametrize("native_id", HOSTILE)
def test_an_id_stays_one_part_of_the_address(platform, native_id):
    """Encoded, the id adds neither a path segment nor a parameter, and decodes to itself."""
    plain = urlsplit(resolve_link(platform, DeviceKind.WEB, kind=Kind.MOVIE, native_id="ID", title="T").web_fallback)
    link = resolve_link(platform, DeviceKind.WEB, kind=Kind.MOVIE, native_id=native_id, title="T")

    web = urlsplit(link.web_fallback)
    assert link.kind is LinkKind.TITLE
    assert web.netloc == plain.netloc
    assert web.path.count("/") == plain.path.count("/")
    assert parse_qs(web.query).keys() == parse_qs(plain.query).keys()
    assert native_id in unquote(link.web_fallback)


@pytest.mark.parametrize("native_id", ["", ".", ".."])
@pytest.mark.parametrize("platform", TEMPLATES)
def test_without_an_id_links_lead_to_the_platforms_own_search(platform, native_id):
    """An id that names nothing, or would climb the path, is no id."""
    for device, link in resolve_links(platform, kind=Kind.SERIES, native_id=native_id, title="Dark").items():
        assert link.kind is LinkKind.SEARCH
        assert "Dark" in link.web_fallback
        assert link.launch_path is None
        assert link.app_link is None or "Dark" in link.app_link, device


@pytest.mark.parametrize(
    ("platform", "device", "kind", "native_id", "expected"),
    [
        ("netflix", "ios", Kind.SERIES, "80100172", "nflx://www.netflix.com/title/80100172"),
        (
            "netflix",
            "android",
            Kind.SERIES,
            "80100172",
            (
                "intent://www.netflix.com/title/80100172#Intent;scheme=https;package=com.netflix.mediaclient"
                f";S.browser_fallback_url={NETFLIX_PAGE};end"
            ),
        ),
        (
            "netflix",
            "fire_tv",
            Kind.SERIES,
            "80100172",
            (
                "intent://www.netflix.com/title/80100172#Intent;scheme=nflx;package=com.netflix.ninja;S.source=30"
                f";S.browser_fallback_url={NETFLIX_PAGE};end"
            ),
        ),
        ("prime_video", "ios", Kind.MOVIE, "B0DKTFF815", "https://app.primevideo.com/detail?asin=B0DKTFF815"),
        ("prime_video", "tvos", Kind.MOVIE, "amzn1.dv.gti.1", "https://app.primevideo.com/detail?gti=amzn1.dv.gti.1"),
        ("disney_plus", "ios", Kind.MOVIE, "8f8c-5c", "https://www.disneyplus.com/browse/entity-8f8c-5c"),
        ("max", "tvos", Kind.SERIES, "u", "https://play.hbomax.com/show/u"),
        ("apple_tv_plus", "tvos", Kind.SERIES, "umc.cmc.1", "https://tv.apple.com/show/umc.cmc.1"),
        ("youtube", "ios", Kind.MOVIE, "dQw4w9WgXcQ", "youtube://watch?v=dQw4w9WgXcQ"),
        ("tubi", "fire_tv", Kind.MOVIE, "12", "tubitv://media-details/12"),
        ("netflix", "web", Kind.MOVIE, "1", None),
        ("netflix", "roku", Kind.MOVIE, "1", None),
    ],
)
def test_app_link_is_what_the_device_understands(platform, device, kind, native_id, expected):
    """One example of each way in which an app is opened."""
    link = resolve_link(platform, DeviceKind(device), kind=kind, native_id=native_id, title="T")

    assert link.app_link == expected


@pytest.mark.parametrize(
    ("platform", "kind", "expected"),
    [
        ("netflix", Kind.SERIES, "/launch/12?contentId=a%2Fb&mediaType=series"),
        ("youtube", Kind.SHORT, "/launch/837?contentId=a%2Fb&mediaType=shortFormVideo"),
        ("max", Kind.MOVIE, None),
    ],
)
def test_roku_gets_launch_parameters_where_they_are_certain(platform, kind, expected):
    """A channel that refuses our ids gets none."""
    link = resolve_link(platform, DeviceKind.ROKU, kind=kind, native_id="a/b", title="T")

    assert link.launch_path == expected
    assert link.app_link is None


def test_an_unknown_platform_has_no_links():
    """Platforms are data: one may be added before its templates are known."""
    assert resolve_links("new_platform", kind=Kind.MOVIE, native_id="1", title="T") == {}


@pytest.mark.parametrize("device", [DeviceKind.TIZEN, DeviceKind.WEBOS, DeviceKind.WEB])
def test_devices_without_links_get_the_web(device):
    """There is nothing to open an app with, so nothing pretends to."""
    link = resolve_link("netflix", device, kind=Kind.MOVIE, native_id="1", title="T")

    assert (link.app_link, link.universal_link) == (None, None)
    assert link.web_fallback == "https://www.netflix.com/title/1"


@given(native_id=st.text(), title=st.text())
def test_no_text_breaks_a_link(native_id, title):
    """Whatever a source sends, every address is ASCII and keeps its host."""
    for platform in ("peacock", "netflix", "tubi"):
        for link in resolve_links(platform, kind=Kind.MOVIE, native_id=native_id, title=title).values():
            for url in addresses(link):
                assert set(url) <= URL_CHARACTERS
            assert urlsplit(link.web_fallback).netloc in {"www.peacocktv.com", "www.netflix.com", "tubitv.com"}
