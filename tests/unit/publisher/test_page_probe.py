"""Asking whether a page is there: what counts as gone, and whom nobody is made to ask."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from page_site import PageSite, name_hosts

from publisher.page_probe import LIMIT_BYTES, PageProbe, is_public
from publisher.store.links import LinkSight

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def site() -> Iterator[PageSite]:
    """A site on this machine."""
    site = PageSite()
    yield site
    site.close()


@pytest.fixture
def probe() -> PageProbe:
    """The probe beside stand-ins."""
    return PageProbe(is_stand_in_world=True)


@pytest.mark.parametrize(
    ("status", "sight"),
    [
        (200, LinkSight.OK),
        (204, LinkSight.OK),
        (401, LinkSight.UNCLEAR),
        (403, LinkSight.UNCLEAR),
        (404, LinkSight.MISSING),
        (410, LinkSight.MISSING),
        (429, LinkSight.UNCLEAR),
        (500, LinkSight.UNCLEAR),
        (503, LinkSight.UNCLEAR),
    ],
)
def test_only_404_and_410_say_that_a_page_is_gone(
    site: PageSite, probe: PageProbe, status: int, sight: LinkSight
) -> None:
    """RFC 9110, 15.5.5 and 15.5.11; a server in trouble, or one that wants a password, says nothing of the page."""
    site.pages["/page"] = (status, {})

    assert sight is probe.look(f"{site.url}/page").sight


def test_head_first_and_get_where_head_is_refused(site: PageSite, probe: PageProbe) -> None:
    """A page is not fetched for nothing; a server that knows no HEAD (405) is asked with GET."""
    probe.look(f"{site.url}/")
    site.refuses_head = True
    second = probe.look(f"{site.url}/")

    assert LinkSight.OK is second.sight
    assert [("HEAD", "/"), ("HEAD", "/"), ("GET", "/")] == site.asked


def test_it_says_who_asks_and_hands_no_secret_over(site: PageSite, probe: PageProbe) -> None:
    """A User-Agent of ours; a user's name in the address stays here."""
    probe.look(site.url.replace("http://", "http://user:secret@"))

    assert "Kairan/1 (looks whether linked pages exist)" == site.headers[0]["User-Agent"]
    assert {"Authorization", "Cookie"}.isdisjoint(site.headers[0])


def test_redirects_are_followed_to_their_end(site: PageSite, probe: PageProbe) -> None:
    """What counts is the page at the end."""
    site.pages |= {"/old": (301, {"Location": "/newer"}), "/newer": (302, {"Location": f"{site.url}/nowhere"})}

    assert LinkSight.MISSING is probe.look(f"{site.url}/old").sight


def test_five_redirects_and_no_more(site: PageSite, probe: PageProbe) -> None:
    """Five lead to the page; a circle leads nowhere, and nothing follows from it."""
    site.pages |= {f"/{n}": (302, {"Location": f"/{n + 1}"}) for n in range(5)} | {"/5": (200, {})}
    site.pages["/round"] = (302, {"Location": "/round"})
    site.pages["/before"] = (302, {"Location": "/0"})

    assert LinkSight.OK is probe.look(f"{site.url}/0").sight
    assert "too_many_redirects" == probe.look(f"{site.url}/before").detail
    assert "too_many_redirects" == probe.look(f"{site.url}/round").detail


def test_an_answer_without_end_is_left(site: PageSite, probe: PageProbe) -> None:
    """More than 64 KiB before the page even begins: nothing follows from it."""
    site.pages["/long"] = (200, {"X-Long": "a" * (LIMIT_BYTES + 1)})

    assert LinkSight.UNCLEAR is probe.look(f"{site.url}/long").sight


@pytest.mark.parametrize("where", ["http://127.0.0.1:9/", "http://127.0.0.1:1/", "ftp://127.0.0.1/", "http://"])
def test_what_cannot_be_asked_is_not_clear(probe: PageProbe, where: str) -> None:
    """Nobody answers, or it is no page: that is no dead page."""
    assert LinkSight.UNCLEAR is probe.look(where).sight


def test_outside_the_stand_ins_this_machine_is_never_asked(site: PageSite) -> None:
    """Neither by its number nor by its name: whoever writes a post does not make us ask our own services."""
    probe = PageProbe(is_stand_in_world=False)
    found = [probe.look(site.url + "/").detail, probe.look(site.url.replace("127.0.0.1", "localhost")).detail]

    assert ["not_looked_at", "not_looked_at"] == found
    assert [] == site.asked


def test_beside_stand_ins_nobody_else_is_asked(site: PageSite, probe: PageProbe) -> None:
    """Not even after a redirect: tests and the page for trying out reach no one."""
    site.pages["/away"] = (302, {"Location": "http://192.0.2.1/"})

    assert "not_looked_at" == probe.look(f"{site.url}/away").detail


def test_a_name_that_does_not_exist_is_a_page_that_is_not_there(
    probe: PageProbe, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The resolver knows no such name; one that does not answer for the moment says nothing."""
    name_hosts(monkeypatch, {})
    unknown = probe.look("http://www.city.kashiwa.test/")

    def be_silent(*_args: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", be_silent)

    assert (LinkSight.MISSING, "no_such_name") == (unknown.sight, unknown.detail)
    assert LinkSight.UNCLEAR is probe.look("http://www.city.kashiwa.test/").sight


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.8", "169.254.169.254"])
def test_a_public_name_that_leads_inside_is_not_followed(
    site: PageSite, monkeypatch: pytest.MonkeyPatch, inside: str
) -> None:
    """Whoever owns a name can let it lead anywhere; the address behind it counts."""
    name_hosts(monkeypatch, {"evil.example.com": inside})
    probe = PageProbe(is_stand_in_world=False)

    assert "not_looked_at" == probe.look(site.url.replace("127.0.0.1", "evil.example.com")).detail
    assert [] == site.asked


def test_behind_a_proxy_what_is_inside_is_not_asked_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy stands inside too, and could reach it."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    probe = PageProbe(is_stand_in_world=False)
    inside = (
        "http://10.1.2.3/",
        "https://intranet/",
        "http://files.local/",
        "http://[::1]/",
        "http://169.254.169.254/",
    )

    assert ["not_looked_at"] * 5 == [probe.look(each).detail for each in inside]
    assert LinkSight.UNCLEAR is probe.look("http://192.88.99.1.example.invalid/").sight


def test_a_proxy_is_used_where_one_is_named(site: PageSite, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site stands in for the proxy: it is asked for the whole address, as RFC 9112, 3.2.2 has it."""
    monkeypatch.setenv("HTTP_PROXY", site.url.replace("http://", ""))
    monkeypatch.delenv("NO_PROXY", raising=False)
    site.pages["http://www.example.com/page"] = (410, {})
    found = PageProbe(is_stand_in_world=False).look("http://www.example.com/page")

    assert [("HEAD", "http://www.example.com/page"), ("GET", "http://www.example.com/page")] == site.asked
    assert "www.example.com" == site.headers[0]["Host"]
    assert ("410", LinkSight.MISSING) == (found.detail, found.sight)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        # The registries of IANA for special addresses (RFC 6890).
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("192.0.2.1", False),
        ("192.168.1.1", False),
        ("198.18.0.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("2001:db8::1", False),
        # An older address inside a newer one: mapped, 6to4, NAT64.
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True),
        ("::8.8.8.8", False),
        ("example.com", False),
    ],
)
def test_which_addresses_are_public(address: str, expected: bool) -> None:  # noqa: FBT001 - a column
    """Only those that anybody on the internet may ask."""
    assert expected is is_public(address)
