from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from town_news import throw, write_notice, write_texts, write_year

from policy.likeness import is_repeat
from policy.model import PastPost
from policy.past_posts import PastIndex
from policy.repeats import read_notice

START = datetime(2026, 12, 1, tzinfo=UTC)
FOREVER: dict[str, Any] = {"since": datetime.min.replace(tzinfo=UTC), "until": datetime.max.replace(tzinfo=UTC)}


def _scan(posts: list[PastPost], text: str, *, since: Any, until: Any, similarity: int) -> list[PastPost]:
    """Compare a text with every post: what the index must find."""
    new = read_notice(text)
    near = sorted((post for post in posts if since <= post.at <= until), key=lambda post: post.at)
    return [post for post in near if is_repeat(new, read_notice(post.text), similarity)]


# Few words, so that most texts are near each other: the same words in another order, one word or one fact apart,
# a remark more, a letter mistyped.
_words = st.sampled_from(
    [
        "市民文化祭",
        "公民館",
        "図書館",
        "市役所窓口",
        "環境課",
        "ひまわり",
        "コミュニティ",
        "コミニュティ",
        "library",
        "lirbary",
        "を",
        "の",
        "で",
        "行い",
        "ます",
        "ません",
        "。",
        "、",
        "12月5日",
        "10時から",
        "乾燥注意",
        "火災予防",
        "広く",
        "水",
    ],
)
_texts = st.lists(_words, min_size=1, max_size=18).map("".join)


def _mistype(text: str, edits: list[tuple[int, str]]) -> str:
    for place, letter in edits:
        at = place % (len(text) + 1)
        text = text[:at] + letter + text[at + len(letter) % 2 :]
    return text


_edits = st.lists(st.tuples(st.integers(0, 99), st.sampled_from(["", "に", "水", "館", "ア", "。", "3"])), max_size=4)
_near_texts = st.lists(
    st.tuples(_texts, st.lists(_edits, min_size=1, max_size=6)), min_size=1, max_size=6
).map(lambda groups: [_mistype(text, edits) for text, many in groups for edits in many])  # fmt: skip
_posts = _near_texts.flatmap(
    lambda texts: st.lists(st.integers(0, 40), min_size=len(texts), max_size=len(texts)).map(
        lambda hours: [
            PastPost(at=START + timedelta(hours=hour), text=text, account=str(n), platform="x")
            for n, (hour, text) in enumerate(zip(hours, texts, strict=True))
        ],
    ),
)
_hours = st.integers(0, 40).map(lambda hour: START + timedelta(hours=hour))


@settings(deadline=None, max_examples=250)
@given(
    posts=_posts,
    asked=_texts | st.integers(0, 99),
    edits=_edits,
    since=_hours,
    until=_hours,
    similarity=st.sampled_from([0, 1, 40, 60, 75, 85, 90, 95, 100, 101]),
    gone=st.sets(st.integers(0, 40), max_size=8),
    small=st.sampled_from([0, 1, 3, 128]),
)
def test_the_index_finds_what_a_scan_of_every_post_finds(
    posts: Any, asked: Any, edits: Any, since: Any, until: Any, similarity: Any, gone: Any, small: Any
) -> None:
    """Whatever was added and removed, at any similarity, the index answers as comparing one by one does."""
    index = PastIndex(posts, small_shelf=small)
    kept = list(posts)
    for post in [posts[n] for n in gone if n < len(posts)]:
        index.remove(post)
        kept.remove(post)
    text = _mistype(posts[asked % len(posts)].text if isinstance(asked, int) else asked, edits)
    window = {"since": since, "until": until, "similarity": similarity}

    assert index.like(text, **window) == _scan(kept, text, **window)


_sentences = st.sampled_from(
    [
        "空気が乾燥しています。",
        "火の元を点検しましょう。",
        "就寝前に火の元を点検しましょう。",
        "家族で火災予防を話し合いましょう。",
        "環境課の職員が家庭を訪ねます。",
        "枯草の管理も大切です。",
        "広く活動を紹介します。",
        "生涯学習課の講座を紹介します。",
        "コミュニティのカレンダーをチェック。",
        "ボランティアのカレンダー。",
        "きれいなまちをみんなでつくろう。",
        "Bring your shoes.",
        "Bring your own library card.",
        "The library card is free.",
        "ひまわりをそだてよう。",
    ],
)
_slips = st.sampled_from(
    [
        ("コミュ", "コミニュ"),
        ("shoes", "shose"),
        ("環境課の", ""),
        ("生涯学習課の", ""),
        ("広く", ""),
        ("ひまわり", "ひまわ"),
        ("を", "をを"),
        ("。", "！"),
        ("", ""),
    ],
)
_said = st.lists(_sentences, min_size=1, max_size=7)


@st.composite
def _retold(draw: Any) -> tuple[list[str], str]:
    """Draw notices told several times, with sentences left out, put in and mistyped, and one telling more."""

    def retell(sentences: list[str]) -> str:
        kept = [one for one in sentences if draw(st.integers(0, 3))]
        for one in draw(st.lists(_sentences, max_size=2)):
            kept.insert(draw(st.integers(0, len(kept))), one)
        text = "".join(kept)
        for right, wrong in draw(st.lists(_slips, max_size=2)):
            text = text.replace(right, wrong, 1)
        return text

    notices = draw(st.lists(_said, min_size=1, max_size=3))
    texts = [retell(draw(st.sampled_from(notices))) for _ in range(draw(st.integers(2, 12)))]
    return texts, retell(draw(st.sampled_from(notices)))


@settings(deadline=None, max_examples=300)
@given(told=_retold(), similarity=st.sampled_from([30, 50, 60, 70, 75, 80, 85, 90, 95]))
def test_remarks_and_slips_lose_no_repeat(told: Any, similarity: Any) -> None:
    """Where sentences come and go and words are mistyped, which a repeat survives, the index survives it too."""
    texts, text = told
    posts = [PastPost(at=START, text=one, account=str(n), platform="x") for n, one in enumerate(texts)]
    window = {**FOREVER, "similarity": similarity}

    assert PastIndex(posts, small_shelf=0).like(text, **window) == _scan(posts, text, **window)


@settings(deadline=None, max_examples=100)
@given(
    told=_retold(),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 4)), max_size=12),
    small=st.sampled_from([1, 128]),
    similarity=st.sampled_from([50, 75, 90]),
)
def test_what_was_asked_before_is_found_as_if_it_never_was(told: Any, steps: Any, small: Any, similarity: Any) -> None:
    """Posts that wait are asked about again and again while others come and go: each answer is that of a scan."""
    index = PastIndex(small_shelf=small)
    window = {**FOREVER, "similarity": similarity}
    texts, _ = told
    posts = [PastPost(at=START, text=one, account=str(n), platform="x") for n, one in enumerate(texts[:5])]
    kept: list[PastPost] = []
    for is_added, number in steps:
        post = posts[number % len(posts)]
        if is_added:
            index.add(post)
            kept.append(post)
        elif post in kept:
            index.remove(post)
            kept.remove(post)
        for one in posts:
            assert _places(index.like(one.text, **window)) == _places(_scan(kept, one.text, **window))


def _places(posts: Any) -> list[tuple[datetime, str]]:
    return sorted((post.at, post.account) for post in posts)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 2**32), similarity=st.sampled_from([50, 80, 90, 97]), small=st.sampled_from([0, 4, 128]))
def test_the_index_finds_a_towns_repeats_as_a_scan_does(seed: Any, similarity: Any, small: Any) -> None:
    """On a made-up town's news too, with its templates and its clerks' ways, nothing is missed and nothing added."""
    posts = write_year(300, seed=seed, again=0.4)
    index = PastIndex(posts, small_shelf=small)
    dice = throw(seed)
    until = posts[250].at
    window = {"since": until - timedelta(days=200), "until": until, "similarity": similarity}
    for text in [write_notice(dice), *(post.text for post in dice.sample(posts, 8))]:
        assert index.like(text, **window) == _scan(posts, text, **window)


def test_a_towns_repeats_are_those_that_its_clerks_wrote() -> None:
    """Of 4,000 made-up posts every one that says an earlier one again is found, and no other one."""
    texts = write_texts(4000, throw(7))
    index = PastIndex(
        PastPost(at=START + timedelta(minutes=n), text=text, account=notice) for n, (text, notice) in enumerate(texts)
    )
    wrong = [
        (text, found.text)
        for text, notice in texts
        for found in index.like(text, similarity=90, **FOREVER)
        if found.account != notice
    ]
    missed = [
        notice
        for text, notice in texts
        if notice not in {one.account for one in index.like(text, similarity=90, **FOREVER)}
    ]

    assert (wrong, missed) == ([], [])


def _post(text: str, hours: int = 0, account: str = "shi") -> PastPost:
    return PastPost(at=START + timedelta(hours=hours), text=text, account=account, platform="x")


FROST = "水道管の凍結にご注意ください。"


def test_the_window_has_both_its_ends() -> None:
    """A post of the earliest and one of the latest instant are in, and what is found comes oldest first."""
    posts = [_post(f"{FROST}{'！' * hour}", hour) for hour in (3, 0, 2, 1)]
    window = {"since": START + timedelta(hours=1), "until": START + timedelta(hours=2)}

    assert [posts[3], posts[2]] == PastIndex(posts).like(FROST, similarity=90, **window)


def test_posts_of_one_instant_come_in_the_order_in_which_they_were_added() -> None:
    """The same notice on three accounts at once is told in one order, always."""
    posts = [_post(FROST, account=account) for account in ("suido", "shi", "bosai")]

    assert posts == PastIndex(posts).like(FROST, similarity=90, **FOREVER)


def test_what_went_and_came_back_is_found_by_what_was_asked_before() -> None:
    """A post that waits was asked about; another that says the same goes, comes back, and is found again."""
    waiting = _post("環境課の職員が家庭を訪ねます。火の元を点検しましょう。")
    other = _post("職員が家庭を訪ねます。火の元を点検しましょう。", account="bosai")
    index = PastIndex([waiting, other])
    found = []
    for change in (index.remove, index.add):
        found.append(index.like(waiting.text, similarity=75, **FOREVER))
        change(other)
    found.append(index.like(waiting.text, similarity=75, **FOREVER))

    assert [[waiting, other], [waiting], [waiting, other]] == found


def test_a_post_that_was_removed_is_not_found_and_may_come_back() -> None:
    """What is forgotten is forgotten, once for each time it was added."""
    post, other = _post(FROST), _post(f"【再掲】{FROST}", 1)
    index = PastIndex([post, other])
    index.remove(post)
    index.remove(post)

    assert ([other], 1) == (index.like(FROST, similarity=90, **FOREVER), len(index))
    index.remove(other)
    assert ([], 0) == (index.like(FROST, similarity=90, **FOREVER), len(index))
    index.add(post)
    assert [post] == index.like(FROST, similarity=90, **FOREVER)


def test_what_is_removed_makes_room() -> None:
    """An index through which posts pass for years stays as large as what it holds."""
    index = PastIndex([_post(FROST)], small_shelf=0)
    for seed in range(200):
        passing = _post(f"{'犬猫鳥'[seed % 3]}の{'登録体操掃除'[seed % 5 : seed % 5 + 2]}をお願いします。")
        index.add(passing)
        index.remove(passing)
    (shelf,) = index._shelves.values()

    assert (2, {0}) == (len(shelf._places), set().union(*(shelf._pairs or {}).values()))


@pytest.mark.parametrize(
    ("text", "earlier", "similarity"),
    [
        pytest.param(
            "火災予防の相談は、環境課の窓口で受け付けます。",
            "火災予防の相談は、窓口で受け付けます。",
            80,
            id="an office",
        ),
        pytest.param(
            "Please bring your own library card and umbrella to the museum and take off shoes. Mind wet floor.",
            "Please bring your own library card and umbrella to the museum and take off shoes.",
            90,
            id="a remark without kanji",
        ),
        pytest.param(
            "コミュニティのカレンダーをチェック。ミュージックのフェスティバル。",
            "コミニュティのカレンダーをチェック。ミュージックのフェステバル。",
            90,
            id="slips",
        ),
    ],
)
@pytest.mark.parametrize("text_is_new", [True, False])
def test_what_is_rare_in_a_text_may_be_what_a_repeat_lacks(
    text: str, earlier: str, similarity: int, text_is_new: Any
) -> None:
    """A word that no earlier post has does not hide the post that says all the rest."""
    asked, post = (text, _post(earlier)) if text_is_new else (earlier, _post(text))
    index = PastIndex([post, *(_post(write_notice(throw(seed))) for seed in range(50))], small_shelf=0)

    assert [post] == index.like(asked, similarity=similarity, **FOREVER)


def test_what_was_never_added_cannot_be_removed() -> None:
    """Removing a post of another instant, account or text changes nothing."""
    post = _post(FROST)
    index = PastIndex([post])
    for other in (_post(FROST, 1), replace(post, account="koen"), _post("犬の登録をお願いします。"), _post("")):
        index.remove(other)

    assert [post] == index.like(FROST, similarity=90, **FOREVER)


@pytest.mark.parametrize("text", ["", "🎉", "#柏市"])
def test_a_post_without_words_is_nobodys_repeat(text: str) -> None:
    """A picture under an emoji is not the same as the next one."""
    index = PastIndex([_post(text)])

    assert [] == index.like(text, similarity=1, **FOREVER)


def test_instants_of_any_offset_are_instants() -> None:
    """A post at 9:00 in Japan lies in a window that ends at 0:00 UTC."""
    tokyo = datetime.fromisoformat("2026-12-01T09:00:00+09:00")
    post = PastPost(at=tokyo, text=FROST, account="shi", platform="x")

    assert [post] == PastIndex([post]).like(FROST, since=START, until=START, similarity=90)


def test_readers_and_a_writer_take_turns() -> None:
    """While posts come and go, every answer is that of one moment, and nothing is lost in the end."""
    steady = [_post(FROST, hour) for hour in range(20)]
    index = PastIndex(steady, small_shelf=4)
    passing = [_post(write_notice(throw(seed)), seed) for seed in range(400)]

    def write() -> None:
        for post in passing:
            index.add(post)
        for post in passing:
            index.remove(post)

    def read() -> bool:
        return all(index.like(FROST, similarity=90, **FOREVER) == steady for _ in range(300))

    with ThreadPoolExecutor(max_workers=4) as pool:
        written = pool.submit(write)
        answers = [pool.submit(read) for _ in range(3)]

    assert ([True] * 3, None, 20) == ([one.result() for one in answers], written.result(), len(index))
