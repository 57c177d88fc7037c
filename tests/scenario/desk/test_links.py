"""Links in texts: looked at in the background, judged by what is known, and told once when a page is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from page_site import PageSite, name_hosts
from town import CHIEF, CLERK, OPEN_TUESDAY

from chatops.courier.render import answer_message
from chatops.messages import Voice
from publisher.link_book import addresses_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from town import Town

    from publisher.api import Notice, Review

TEN = OPEN_TUESDAY + timedelta(hours=1)
STAND_INS = {
    f"SNS_{name}_URL": "http://127.0.0.1:1"
    for name in (
        *("SLACK_API", "X_API", "LINE_API", "LINE_DATA_API", "FACEBOOK_API", "FACEBOOK_VIDEO_API"),
        *("YOUTUBE_API", "GOOGLE_TOKEN"),
    )
}


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[PageSite]:
    """The city's pages, on this machine."""
    name_hosts(monkeypatch, {"www.city.kashiwa.test": "127.0.0.1"})
    site = PageSite("www.city.kashiwa.test")
    yield site
    site.close()


@pytest.fixture
def town(make_town: Callable[..., Town]) -> Town:
    """The town beside stand-ins: this machine's pages are looked at."""
    return make_town(**STAND_INS)


def dead_links(review: Review) -> list[str]:
    """Return what the pack says of links in a draft."""
    return [one.message.ja for pane in review.panes for one in pane.findings if "見つかりません" in one.message.ja]


def again(town: Town, number: str) -> Review:
    """Open a draft's review again."""
    return town.services.drafting.review("kashiwa", CLERK, number)


def told(town: Town) -> list[Notice]:
    """Take every notice that waits; return those about links."""
    taken = town.services.notices.claim(limit=200)
    for notice in taken:
        town.services.notices.done(notice)
    return [notice for notice in taken if notice.params.get("code") == "link_found_dead"]


def look_twice(town: Town) -> None:
    """Look, and look again a minute later."""
    town.heart.links.look_around()
    town.wait(minutes=1)
    town.heart.links.look_around()


def test_the_review_shows_a_page_that_is_not_there(town: Town, site: PageSite) -> None:
    """Once may be chance; not there twice, a minute apart, it stands in the review. Saving a draft asks no page."""
    text = f"詳しくは {site.url}/nai をご覧ください。"
    number = town.save(form=town.form(text)).number
    asked_at_once = list(site.asked)
    town.heart.links.look_around()
    after_one = dead_links(again(town, number))
    early = town.heart.links.look_around()
    town.wait(minutes=1)
    town.heart.links.look_around()

    assert [] == asked_at_once
    assert ([], 0) == (after_one, early)
    assert 1 == len(dead_links(again(town, number)))


def test_a_page_that_is_published_later_is_found(town: Town, site: PageSite) -> None:
    """Ten minutes after the last look the dead page is looked at again."""
    number = town.save(form=town.form(f"詳しくは {site.url}/nai をご覧ください。")).number
    look_twice(town)
    site.pages["/nai"] = (200, {})
    town.wait(minutes=9)
    too_early = town.heart.links.look_around()
    town.wait(minutes=1)
    town.heart.links.look_around()

    assert 0 == too_early
    assert [] == dead_links(again(town, number))


def test_a_server_in_trouble_is_no_dead_page(town: Town, site: PageSite) -> None:
    """503, however often."""
    site.pages["/busy"] = (503, {})
    number = town.save(form=town.form(f"詳しくは {site.url}/busy をご覧ください。")).number
    for _ in range(3):
        look_twice(town)
        town.wait(minutes=10)

    assert [] == dead_links(again(town, number))


def test_author_and_approver_are_told_once_when_a_page_goes(town: Town, site: PageSite) -> None:
    """Approved with a good link; before ten o'clock the page goes: both read which link, and what to do, once."""
    site.pages["/event"] = (200, {})
    number = town.submit(form=town.form(f"詳しくは {site.url}/event をご覧ください。", publish_at=TEN))
    town.decide(CHIEF, number)
    town.heart.links.look_around()
    told(town)
    del site.pages["/event"]
    town.move(TEN - timedelta(minutes=20))
    look_twice(town)
    notices = told(town)
    text, _ = answer_message(notices[0].number, notices[0].params, Voice(now=town.clock.now()))
    site.pages["/event"] = (200, {})
    town.wait(minutes=10)
    look_twice(town)
    del site.pages["/event"]
    town.wait(minutes=5)
    look_twice(town)

    assert {(number, CLERK), (number, CHIEF)} == {(one.number, one.person) for one in notices}
    assert 2 == len(notices)
    assert f"{number} の本文にあるリンク先のページが見つかりません（{site.url}/event）。" in text
    assert [] == told(town)
    assert "link_found_dead" in [line.code for line in town.card(number).history]


def test_who_is_to_decide_is_told_too(town: Town, site: PageSite) -> None:
    """Submitted and not yet decided: the chief should know before saying yes."""
    number = town.submit(form=town.form(f"詳しくは {site.url}/nai をご覧ください。"))
    look_twice(town)

    assert {(number, CLERK), (number, CHIEF)} == {(one.number, one.person) for one in told(town)}


def test_an_address_is_looked_at_every_ten_minutes_at_most(town: Town, site: PageSite) -> None:
    """Three posts with the same link, saved one after the other, and due soon: one look."""
    for hour in range(3):
        number = town.submit(form=town.form(f"{hour}月の催しは {site.url}/ から。", publish_at=TEN))
        town.decide(CHIEF, number)
        town.heart.links.look_around()
    at_first = len(site.asked)
    town.move(TEN - timedelta(minutes=15))
    town.heart.links.look_around()

    assert (1, 2) == (at_first, len(site.asked))


def test_a_post_that_is_out_is_looked_after_no_more(town: Town, site: PageSite) -> None:
    """Nobody asks for pages whose posts went out, or were given up."""
    number = town.submit(form=town.form(f"詳しくは {site.url}/ をご覧ください。"))
    town.decide(CHIEF, number)
    town.send()
    town.services.deciding.cancel(town.act(CLERK), number=town.submit(form=town.form(f"案内は {site.url}/b です。")))
    town.wait(days=2)

    assert 0 == town.heart.links.look_around()


def test_what_is_an_address_is_what_the_rules_take_for_one() -> None:
    """Without a user's name and a fragment, in plain letters; a bare domain leads where http:// leads."""
    text = (
        "https://user:pass@www.city.kashiwa.lg.jp/koen/?a=1#top、ｈｔｔｐ：／／ｅｘａｍｐｌｅ．ｃｏｍ／ と "
        "www.pref.chiba.lg.jp、再び https://www.city.kashiwa.lg.jp/koen/?a=1 と 12.1"
    )

    assert (
        "https://www.city.kashiwa.lg.jp/koen/?a=1",
        "http://example.com/",
        "http://www.pref.chiba.lg.jp/",
    ) == addresses_in(text)


def test_nothing_is_looked_at_where_the_setting_says_so(make_town: Callable[..., Town]) -> None:
    """`SNS_LOOK_AT_LINKS=off`; any other word is a mistake in the settings."""
    assert "off" == make_town(SNS_LOOK_AT_LINKS="off").heart.settings.look_at_links
