from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from policy.case import Case
from policy.facts import LinkState
from policy.packs import PackError, load_pack
from policy.packs.loader import parse_pack
from policy.rules.links import build_links, build_links_to, find_links, read_site
from policy.wire import action_from_json

SHORTENERS = {"shorteners": ["bit.ly", "goo.gl"]}
VIDEOS = {"hosts": ["youtube.com", "youtu.be"], "owners": ["/@", "/channel/"], "source": "youtube"}
PACK = """
pack: kochira
document: {title: {ja: 方針, en: Policy}}
platforms: [x]
sites: [lg.jp]
titles:
  official: &titles
    author: {ja: 投稿者, en: author}
    operator: {ja: 運用担当者, en: operator}
    approver: {ja: 決裁者, en: approver}
    responsible: {ja: 管理責任者, en: responsible}
    manager: {ja: 課長, en: head}
    emergency: {ja: 緊急発信者, en: duty officer}
    scheduler: {ja: システム, en: system}
  others: *titles
sentences:
  sign_off: {ja: "{step}", en: "{step}"}
  sign_off_after: {ja: "{step}", en: "{step}"}
  own_policy: {ja: 方針, en: policy}
  lifted: {ja: "{role}", en: "{role}"}
clauses:
  - id: one
    section: "1"
    kind: gate
    quote: リンク
    rules:
      - id: dead_links
        kind: links
        says:
          dead: {effect: warn, message: {ja: "{found}を確認してください。", en: "Check {found}."}}
"""


def _case(text: str, **changes: Any) -> Case:
    pack = replace(load_pack("neutral"), sites=frozenset({"city.chikuma.lg.jp", "go.jp"}))
    line = {**pack.example, "pack": "neutral", "text": text, **changes}
    _, action, facts = action_from_json(line)
    return Case(pack=pack, action=action, facts=facts)


def _said(check: Any, text: str, **changes: Any) -> dict[str, list[str]]:
    """Return what stands in the text at the places of each outcome."""
    hits = list(check(_case(text, **changes)))
    return {hit.outcome: [text[span.start : span.end] for span in hit.spans] for hit in hits}


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("詳しくはhttps://example.jp/をご覧ください", "https://example.jp/"),
        ("（https://example.jp/a_(b)）。", "https://example.jp/a_(b)"),
        ("(https://example.jp/b)。", "https://example.jp/b"),
        ("「https://example.jp/b」と書いて", "https://example.jp/b"),
        ("https://example.jp/b、https://", "https://example.jp/b"),
        ("https://example.jp/b。次の文", "https://example.jp/b"),
        ("Look at https://example.jp/b.", "https://example.jp/b"),
        ("https://example.jp/b?c=d&e=1#f！", "https://example.jp/b?c=d&e=1#f"),
        ("HTTPS://EXAMPLE.JP:8443/b", "HTTPS://EXAMPLE.JP:8443/b"),
        ("ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｊｐ／ｂ です", "ｈｔｔｐｓ：／／ｅｘａｍｐｌｅ．ｊｐ／ｂ"),
        ("http://日本語.jpをご覧ください", "http://日本語.jp"),
        ("https://例え.みんな/", "https://例え.みんな/"),
        ("申込はbit.ly/3xYzへ", "bit.ly/3xYz"),
        ("www.example.jp、電話", "www.example.jp"),
        ("example.comへ", "example.com"),
        ("https://user:pass@example.jp/", "https://user:pass@example.jp/"),
        ("https://192.0.2.7/b", "https://192.0.2.7/b"),
    ],
)
def test_an_address_ends_where_the_sentence_goes_on(text: Any, link: Any) -> None:
    """Marks of the sentence, Japanese and Western, are no part of an address, and the marked place is exact."""
    case = _case(text)
    (found,) = find_links(case.flat_text)

    assert link == text[found.span.start : found.span.end]


@pytest.mark.parametrize(
    "text",
    [
        "お申込みはtaro.yamada@example.comへ",
        "report.pdfと第3.11版、e.g. Ver.2.0、12.5km",
        "No.5/12、A.M.9:00",
        "example.jp",
        "https://",
        "http://例え",
        "ftp://example.com/",
        "@chikuma.com",
    ],
)
def test_what_is_no_link_on_x_is_none(text: Any) -> None:
    """Mail addresses, names of files, and a country's domain standing alone are not made links."""
    assert find_links(_case(text).flat_text) == ()


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://WWW.Example.JP/", "www.example.jp"),
        ("http://日本語.jp/", "xn--wgv71a119e.jp"),
        ("https://xn--wgv71a119e.jp/", "xn--wgv71a119e.jp"),
        ("https://city.chikuma.lg.jp@example.com/", "example.com"),
        ("https://city.chikuma.lg.jp:pw@example.com:443/", "example.com"),
        ("https://example.com:8080/", "example.com:8080"),
    ],
)
def test_a_host_is_what_a_browser_would_ask(link: Any, host: Any) -> None:
    """Lower case, IDNA (日本語.jp is xn--wgv71a119e.jp), without user and standard port."""
    assert [host] == [one.host for one in find_links(link)]


def test_what_the_pack_and_the_city_know_says_nothing() -> None:
    """Sites of the pack and of the city are known, with their subdomains."""
    text = "https://www.city.chikuma.lg.jp/a https://www.jma.go.jp/ https://kanko.example.jp/ http://日本語.jp/"
    facts = {"known_sites": ["Example.JP", "xn--wgv71a119e.jp"]}

    assert {} == _said(build_links(SHORTENERS), text, facts=facts)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/",
        "https://city.chikuma.lg.jp.example.com/",
        "https://evilcity.chikuma.lg.jpx.com/",
        "https://notgo.jp/",
        "https://city.chikuma.lg.jp@example.com/",
        "https://city.chikuma.lg.jp:8443/",
    ],
)
def test_any_other_host_is_unknown(text: Any) -> None:
    """A host that only looks like a known one is not known."""
    assert {"unknown": [text]} == _said(build_links(SHORTENERS), text)


def test_a_shortener_hides_where_it_leads() -> None:
    """A shortener is told by its very host; a subdomain of it (Google's maps) is a site of its own."""
    text = "bit.ly/a https://www.bit.ly/b https://maps.app.goo.gl/c"
    said = {"shortened": ["bit.ly/a", "https://www.bit.ly/b"], "unknown": ["https://maps.app.goo.gl/c"]}

    assert said == _said(build_links(SHORTENERS), text)


def test_a_denied_site_is_denied_with_its_subdomains_though_it_is_known() -> None:
    """What may not be linked to goes before everything else."""
    facts = {"denied_sites": ["https://bad.example.com/"], "known_sites": ["example.com"]}
    text = "https://a.bad.example.com/x https://example.com/"

    assert {"denied": ["https://a.bad.example.com/x"]} == _said(build_links(SHORTENERS), text, facts=facts)


@pytest.mark.parametrize(
    ("text", "dead"),
    [
        ("https://www.city.chikuma.lg.jp/a", True),
        ("http://WWW.CITY.CHIKUMA.LG.JP/a#top", True),
        ("https://www.city.chikuma.lg.jp/A", False),
        ("https://www.city.chikuma.lg.jp/a/", False),
        ("https://www.city.chikuma.lg.jp/a?b=1", False),
    ],
)
def test_a_dead_address_is_dead_on_a_known_site_too(text: Any, dead: Any) -> None:
    """The address that was looked at is compared without its fragment; its path keeps its case."""
    facts = {"dead_links": ["https://www.city.chikuma.lg.jp/a"]}

    assert ({"dead": [text]} if dead else {}) == _said(build_links(SHORTENERS), text, facts=facts)


def test_an_address_in_trouble_for_the_moment_is_not_dead() -> None:
    """Only DEAD is dead."""
    case = _case("https://www.city.chikuma.lg.jp/a")
    facts = replace(case.facts, links={"https://www.city.chikuma.lg.jp/a": LinkState.OK})

    assert [] == list(build_links({})(Case(pack=case.pack, action=case.action, facts=facts)))


def test_an_outcome_marks_all_its_links_and_quotes_them() -> None:
    """One finding an outcome, its sentence names the addresses."""
    (hit,) = build_links({})(_case("https://a.example.com/ と https://b.example.com/ です"))

    assert "「https://a.example.com/」「https://b.example.com/」" == hit.fill["found"]
    assert 2 == len(hit.spans)


def test_what_a_pack_leaves_unsaid_stays_unsaid() -> None:
    """A pack that asks only for dead links hears nothing of unknown ones."""
    (rule,) = parse_pack(PACK, "kochira.yaml").rules
    text = "https://example.com/a https://example.com/b"

    assert {"dead": ["https://example.com/b"]} == _said(
        rule.check, text, facts={"dead_links": ["https://example.com/b"]}
    )


def test_a_pack_that_says_nothing_at_all_is_a_mistake() -> None:
    """A rule must have at least one of its outcomes."""
    bare = PACK[: PACK.index("        says:")]
    with pytest.raises(PackError) as caught:
        parse_pack(bare, "kochira.yaml")

    assert {"missing_key"} == {one.code for one in caught.value.mistakes}


def test_an_outcome_that_a_kind_does_not_know_is_a_mistake() -> None:
    """Optional means that it may be left out, not that it may be misspelt."""
    with pytest.raises(PackError) as caught:
        parse_pack(PACK.replace("          dead:", "          deda:"), "kochira.yaml")

    assert "says.deda" in {one.key.rpartition("dead_links.")[2] for one in caught.value.mistakes}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://www.youtube.com/@other/videos", {"other": ["https://www.youtube.com/@other/videos"]}),
        ("youtube.com/channel/UC9", {"other": ["youtube.com/channel/UC9"]}),
        ("https://youtu.be/abc", {"unclear": ["https://youtu.be/abc"]}),
        ("https://m.youtube.com/watch?v=abc", {"unclear": ["https://m.youtube.com/watch?v=abc"]}),
        ("https://www.youtube.com/@chikuma/videos", {}),
        ("https://www.youtube.com/watch?v=own&t=5", {}),
        ("https://www.youtube.com/@chikumashi", {"other": ["https://www.youtube.com/@chikumashi"]}),
        ("https://www.youtube.com/watch?v=owner", {"unclear": ["https://www.youtube.com/watch?v=owner"]}),
        ("https://example.com/", {}),
        ("https://youtube.com.example.com/@other", {}),
    ],
)
def test_a_city_marks_its_own_by_the_beginning_of_the_address(text: Any, said: Any) -> None:
    """The prefix ends at a part of the address; a whole domain says that the site is known, not whose it is."""
    facts = {"known_sites": ["youtube.com", "https://youtube.com/@chikuma", "youtube.com/watch?v=own"]}

    assert said == _said(build_links_to(VIDEOS), text, facts=facts)


@pytest.mark.parametrize(
    ("target", "outcomes"),
    [
        ({"relation": "other", "source_platform": "youtube"}, ["other"]),
        ({"relation": "section_account", "source_platform": "youtube"}, []),
        ({"relation": "other", "source_platform": "x"}, []),
    ],
)
def test_a_repost_names_where_it_comes_from(target: Any, outcomes: Any) -> None:
    """A repost from that platform is another's, unless the account is the city's."""
    hits = build_links_to(VIDEOS)(_case("", action="repost", target=target))

    assert outcomes == [hit.outcome for hit in hits]


def test_where_every_address_shows_whose_it_is_nothing_is_unclear() -> None:
    """Without `owners`, an address on one of the hosts is another's."""
    assert {"other": ["https://shop.example.com/x"]} == _said(
        build_links_to({"hosts": ["example.com"]}), "https://shop.example.com/x"
    )


def test_a_site_that_is_no_address_is_passed_over() -> None:
    """An entry that can be no site knows nothing, and a star before a domain means its subdomains."""
    assert read_site("駅前 の店") is None
    assert read_site("*.Example.JP") == read_site("example.jp")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("piece", "outcomes"),
    [
        ("https://", []),
        ("https://a.jp ", ["unknown"]),
        ("a.", []),
        ("https://a@", []),
        ("https://a.jp/)", ["unknown"]),
        ("http://あ.", ["unknown"]),
        (" bit.ly/x", ["shortened"]),
        ("a-", []),
        (")", []),
    ],
)
def test_a_megabyte_of_anything_is_read(piece: Any, outcomes: Any) -> None:
    """A million characters end, whatever they look like."""
    case = _case(piece * (1_000_000 // len(piece)))

    assert outcomes == [hit.outcome for hit in build_links(SHORTENERS)(case)]
