"""A person's browser on the pages of a server under test."""

import re

import httpx

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"


def register(served):
    """Make Ada's account."""
    body = {"email": EMAIL, "password": PASSWORD, "display_name": "Ada"}
    answer = httpx.post(served.url("/api/v1/auth/register"), json=body)
    assert answer.status_code == 201, answer.text


def register_client(served, *arguments):
    """Register an OAuth client by the command, and give its id and secret as Authlib's client takes them."""
    return dict(line.split("=", 1) for line in served.manage("create_oauth_client", *arguments).stdout.split())


def submit(browser, page, **fields):
    """Fill the form of a page and send it."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token, page.text
    data = {"csrfmiddlewaretoken": token[1], **fields}
    return browser.post(str(page.url), data=data, headers={"referer": str(page.url)})


def open_signed_in(browser, url):
    """Open a page, sign in where it asks, and give what it shows then."""
    page = browser.get(url)
    if 'name="password"' in page.text:
        answer = submit(browser, page, step="password", email=EMAIL, password=PASSWORD)
        assert answer.status_code == 303, answer.text
        page = browser.get(httpx.URL(url).join(answer.headers["location"]))
    return page
