"""How the same thing is put in other words: spelling, politeness, stock phrases, and Japanese that only joins words."""

from __future__ import annotations

import re
from functools import lru_cache

_SPELLINGS: tuple[tuple[str, str], ...] = (
    # Verbs that are written with more or fewer kana. Each spelling begins with a letter that stands for itself.
    ("申し?込み? もうしこみ", "申込"),
    ("受け?付け? うけつけ", "受付"),
    ("取り?組み? とりくみ", "取組"),
    ("問い?合わ?せ といあわせ", "問合"),
    ("手続き? てつづき", "手続"),
    ("締め?切り? 〆切り? しめきり", "締切"),
    ("引っ?越し? ひっこし", "引越"),
    ("届け?出 とどけで", "届出"),
    ("貸し?出し?", "貸出"),
    ("取り?扱い?", "取扱"),
    ("打ち?合わ?せ", "打合"),
    ("振り?込み?", "振込"),
    ("払い?込み?", "払込"),
    ("支払い?", "支払"),
    ("引き?換え?", "引換"),
    ("乗り?換え?", "乗換"),
    ("切り?替え?", "切替"),
    ("入れ?替え?", "入替"),
    ("立ち?入り?", "立入"),
    ("立ち?寄り?", "来"),
    ("繰り?返し?", "繰返"),
    ("書き?込み?", "書込"),
    ("呼びかけ 呼び?掛け", "呼掛"),
    ("見合わ?せ", "見合"),
    ("売り?切れ", "売切"),
    ("持ち?込み?", "持込"),
    ("持ち?出し?", "持出"),
    ("買い?物 かいもの", "買物"),
    ("割り?引き?", "割引"),
    ("組み?合わせ", "組合せ"),
    ("待ち?合わせ", "待合せ"),
    ("預かり?", "預"),
    ("気を?付け 気をつけ", "気付"),
    ("知らせ お知らせ 御知らせ おしらせ", "告知"),
    ("通行止め?", "通行止"),
    # Words that are written in kanji or in kana.
    ("子ども 子供 こども コドモ", "子供"),
    ("障がい 障碍", "障害"),
    ("ごみ ゴミ", "ゴミ"),
    ("まちづくり 街づくり 町づくり まち作り", "街作"),
    ("祭り まつり 祭(?![日壇典])", "祭"),
    ("熊(?![本谷野]) くま(?=の|が|を|に|、)", "クマ"),
    ("猿(?![島投])", "サル"),
    ("猪(?![苗俣])", "イノシシ"),
    ("猫 ねこ", "ネコ"),
    ("さくら サクラ 桜", "桜"),
    ("もみじ モミジ 紅葉", "紅葉"),
    ("たばこ 煙草", "タバコ"),
    ("怪我 けが(?=人|を|の|に|防|、|。)", "ケガ"),
    ("めがね 眼鏡", "メガネ"),
    ("あいさつ", "挨拶"),
    ("すべて 全て", "全"),
    ("たくさん", "沢山"),
    ("本日 きょう(?![ぁ-ゖ])", "今日"),
    ("あした あす(?=[、はの])", "明日"),
    ("歯みがき 歯磨き", "歯磨"),
    ("ひとり", "一人"),
    ("ふたり", "二人"),
    ("初めて はじめて", "初"),
    ("はじま はじめ(?!まして)", "始"),
    ("コチラ", "こちら"),
    ("おわ(?=[りるっ])", "終"),
    ("かならず", "必ず"),
    ("はず(?=[しすせ])", "外"),
    ("わか(?=[りるら])", "分"),
    ("とれ(?=ま)", "取れ"),
    ("がん(?=検診|患者|対策|予防) 癌", "がん"),
    ("時(?<=[ぁ-ゖ]時)(?=[はにのも、])", "とき"),
    ("事(?<=[ぁ-ゖ]事)(?=[はにのもがを、])", "こと"),
    ("方(?<=[ぁ-ゖ]方)(?=[はにのもがをへ々、])", ""),
    # Names of things that go by several.
    ("ホームページ ウェブサイト webサイト ウェブページ webページ", "hp"),
    ("eメール e-メール e-?mail(?![a-z]) 電子メール", "メール"),
    (r"tel(?=[:\s\d]) 電話番号", "電話"),
    ("スマートフォン", "スマホ"),
    ("か月 ヶ月 カ月 ヵ月 ケ月", "箇月"),
    ("か所 ヶ所 カ所 ヵ所 ケ所", "箇所"),
    # The same act by another name.
    ("開催 実施 挙行", "行"),
    ("行(?<![一-鿿]行)(?=[いうわえおなっ])な? 開(?<![一-鿿]開)(?=[きくい]) 開(?<=毎[月週日年]開)(?=[きくい])", "行"),
    ("ご覧 御覧", "確認"),
    ("お越し 来場 来館 来店", "来"),
    # Kanji that only make a sentence polite.
    ("下さ(?=[いる])", "くださ"),
    ("頂(?=[いきくけ])", "いただ"),
    ("致(?=[しすさ])", "いた"),
    ("出来(?=[まるな])", "でき"),
    ("有難う 有り難う", "ありがとう"),
    ("又は 及び 並びに 更に 是非 予め 例えば 但し", "|"),
    ("り得(?=[まる]) りえ(?=[まる])", "り"),
    ("無し", "なし"),
    ("無い", "ない"),
    ("無く", "なく"),
    ("御(?=[一-鿿]{2})(?![殿茶坊所宿徒前])", ""),
)


def _compile(table: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """Compile spellings and what stands for them: a pattern that looks at few of them a letter, and a text a group."""
    heads: dict[str, list[tuple[str, str]]] = {}
    for variants, plain in table:
        for variant in variants.split():
            heads.setdefault(variant[0], []).append((variant[1:], plain))
    branches = (f"{re.escape(head)}(?:{'|'.join(f'({tail})' for tail, _ in tails)})" for head, tails in heads.items())
    pattern = f"(?=[{re.escape(''.join(heads))}])(?:{'|'.join(branches)})"
    return re.compile(pattern), tuple(plain for tails in heads.values() for _, plain in tails)


_SPELLING, _PLAIN = _compile(_SPELLINGS)
_GOING_ON = (
    "募集|受付|申込|配布|販売|営業|運行|工事|開設|公開|掲載|配信|放送|展示"
    "|更新|捜索|調査|点検|対応|準備|停電|断水|発売|継続|給水"
)
_ASIDES = (
    # That it is said again.
    "再掲[載示]? 再送 再投稿 再周知 再告知 再度 再び(?=告知) リマインド もう一度 今一度 いま一度",
    "改めて あらためて 引き?続き",
    # That it goes on, and is wanted.
    f"中(?<=(?:{_GOING_ON})中)(?![学央止部旬級]) 中(?<=行中)(?=[!。です]|$)",
    "絶賛 大好評 好評 現在(?=[、,]) ただ今 ただいま 今年度?も",
    # Wishes, thanks and whom it is for.
    "十分(?<![0-9時]十分)に?(?=[ごお注気]) 皆(?:様|さま|さん)方? みなさ[まん]方? 誰でも",
    "お願い(?:申し?上げ|いたし|し)ます 願い(?:申し?上げ|いたし|し)ます 願います お忘れなく かもしれ(?:ません|ない)",
    "ありがとうございま(?:す|した) お疲れ(?:様|さま)でした お待たせ(?:いた)?しました",
    # About.
    r"約(?=\d) およそ(?=\d) 程度",
)
_ASIDE, _ = _compile(tuple((variants, "") for variants in _ASIDES))
_SENDER = re.compile(r"(?<![^\W_])[^\W\d_]{1,8}(?:から|より)の?告知(?:です)?(?=[。!\n】\])]|$)")
_STOCK_WORDS = """
告知 案内 紹介 重要 大切 必見 拡散 希望 拡散希望 注意喚起 参加 応募 来 利用 活用 協力 理解 申込 待 気軽 早 早目
詳細 詳 確認 hp 公式 市公式 市hp 公式hp 市公式hp
市 多数 沢山 興味 方 楽 掲載 声 挨拶 情報 イベント チェック リンク リンク先
プロフィール 投稿 フォロー シェア リツイート リポスト 家族 友人 知人 周 伝 誘 合 下記 次 以下 内容 幸 心
"""
_STOCK = frozenset(_STOCK_WORDS.split())

_NEWS = re.compile(
    "中止|延期|終了|締|満員|満席|定員|追加|変更|訂正|更新|続報|開始|再開|解除|復旧|解消|雨天|荒天|順延|休館|休園|休業|閉鎖|閉館"
    "|警報|注意報|避難|発生|発令|発表|無料|有料|予約|不要|必要|禁止|不可|可能"
    "|今日|明日|昨日|今週|来週|今月|来月|午前|午後"
    "|[都道府県市区町村駅橋川港園校館院場寺城島]$|地区|地域|地内|丁目|団地|会場|センタ|ホール|プール|広場|支所|市役所|役場|神社|公園"
    "|号線|国道|県道|街道|全域",
)

# Japanese that joins words and bends verbs; every other kana is a part of some word.
_JOINING_WORDS = """
は が を に へ と で も の や か よ ね な ば て た だ し お ご から まで より など だけ しか ほど くらい ぐらい
ごろ ころ ずつ ばかり こそ さえ でも では には とは へは での への からの までの にて として としては について
についての により によって による ため ための ように ような ようと よう こと もの とき ところ ほう ほか うえ
うち まま たび あと です ます でしょう ましょう ください くださいます ますよう くださる ございます あります ある
あり あって います いる いて おります おり して する すると した したい しまして される されて され させ られ
られる れる なる なり なって になる となる いただ いただき いただく いただける いただけ くれ くれる もらい
もらう あげ ている ておく ておき てみ たら れば こちら そちら あちら どうぞ ぜひ ぜひとも また まだ もう すぐ
すぐに さらに なお ただし および または ので のに けれど そして それ これ その この あの どの ここ そこ いつ
どこ だれ なに よく とても たいへん まもなく もうすぐ いよいよ ますます みんな よろしく ありがとう こんにちは
おはよう こんばんは はじめまして できる でき できて たい たく たり だよ なら ながら つつ そう らしい みたい って
にくく にくい やすく やすい ほしい ませんか という といった ともに かつ もし もしも まず ちょっと いろいろ
さまざま さん さま ずっと いつも いつでも どなたでも だれでも ん
"""


def _either(words: list[str]) -> str:
    """Write an alternation that finds the longest word and looks at no letter twice."""
    tails: dict[str, list[str]] = {}
    for word in words:
        if word:
            tails.setdefault(word[0], []).append(word[1:])
    branches = [re.escape(head) + _either(rest) for head, rest in sorted(tails.items())]
    group = f"(?:{'|'.join(branches)})" if branches else ""
    return f"{group}?" if "" in words and branches else group


_JOIN = re.compile(f"({_either(_JOINING_WORDS.split())})|.", re.DOTALL)
_CASE = "はがをにでともへのや"
_OKURIGANA = 2
"""How many kana after a kanji may belong to it."""
_LARGE = str.maketrans("ァィゥェォッャュョヮ", "アイウエオツヤユヨワ")
_SHORT_KATAKANA = 3
_TWICE = re.compile(r"([一-鿿]{1,8}?)\1")


def same_spelling(text: str) -> str:
    """Return a text with one spelling for words that have several, without what is said beside the notice."""
    plain = _ASIDE.sub("", _SPELLING.sub(lambda found: _PLAIN[(found.lastindex or 1) - 1], text))
    return _SENDER.sub("", plain) if "告知" in plain else plain


def is_stock(word: str) -> bool:
    """Tell whether a word only wishes, greets or points elsewhere.

    A sentence of nothing else is no part of a notice: 「詳しくは市ホームページをご覧ください。」
    """
    return word in _STOCK


@lru_cache(maxsize=16384)
def is_news(word: str) -> bool:
    """Tell whether a word is one with which a remark states something new: a state, a day, a place."""
    return _NEWS.search(word) is not None


@lru_cache(maxsize=16384)
def hiragana_word(run: str, *, follows_kanji: bool) -> str:
    """Return the part of a run of hiragana that is a word of its own; empty where it only joins and bends others."""
    first = last = -1
    skipped = _OKURIGANA if follows_kanji and run[0] not in _CASE else 0
    for found in _JOIN.finditer(run):
        if found[1] is None and found.start() >= skipped:
            first = found.start() if first < 0 else first
            last = found.end()
    return run[first:last] if first >= 0 else ""


@lru_cache(maxsize=16384)
def katakana_word(run: str) -> str:
    """Return a word in katakana without what is a matter of taste: コンピューター, コンピュータ."""
    word = run.translate(_LARGE)
    return word.rstrip("ー") if len(word) > _SHORT_KATAKANA else word


@lru_cache(maxsize=16384)
def kanji_word(run: str) -> str:
    """Return a word in kanji, without a part that was typed twice."""
    return _TWICE.sub(r"\1", run)
