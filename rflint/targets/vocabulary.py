"""The words of target phrases, in English and Chinese, and the tokens made of them."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rflint.targets.text import NUMBER, fold
from rflint.targets.units import UNITS


class PhraseError(ValueError):
    """A phrase that is not understood.

    ``message`` says why; ``position`` is the 0-based place in the phrase where the trouble starts.
    """

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.position = position


class Token(NamedTuple):
    """A word or several that mean one thing; ``start`` and ``end`` are its place in the phrase."""

    kind: str
    value: str
    start: int
    end: int


LONGEST_PHRASE = 1000
"""Characters; nobody declares a target in more."""

# Kind, value, and the words for it. Singular forms serve for the plural; a hyphen counts as a space.
_WORDS = (
    ("noun", "receptive_field", "receptive field|rf|field of view|window|window length|window size|window width"),
    ("noun", "receptive_field", "frame length|frame size|frame width|frame duration|win|win length|win size|win len"),
    ("noun", "receptive_field", "temporal coverage|coverage|analysis window|感受野|窗长|窗口长度|窗口|窗宽|窗|帧长"),
    ("noun", "frame_step", "step|step size|stride|total stride|hop|hop length|hop size|shift|frame shift|frame step"),
    ("noun", "frame_step", "frame stride|frame hop|frame period|frame interval|window shift|window stride|window step"),
    ("noun", "frame_step", "window hop|downsampling|downsampling factor|down sampling|down sampling factor"),
    ("noun", "frame_step", "帧移|步长|步幅|跳步|帧步|帧间隔|窗移|下采样"),
    ("noun", "frame_rate", "frame rate|framerate|token rate|label rate|feature rate|output rate|帧率|帧速率"),
    ("noun", "sample_rate", "sample rate|samplerate|sampling rate|sampling frequency|sampled at|采样率|采样频率"),
    ("noun", "upsampling", "upsampling|upsampling factor|upsampling rate|upsample|up sampling|up sampling factor"),
    ("noun", "upsampling", "上采样|上采样倍数|上采样率|上采样因子"),
    ("noun", "look_ahead", "look ahead|looks ahead|lookahead|前瞻|超前"),
    ("noun", "right_context", "right context|future context|右上下文|未来上下文"),
    ("noun", "left_context", "left context|past context|look back|lookback|左上下文|历史上下文"),
    ("noun", "look_ahead", "latency|delay|algorithmic latency|延迟|时延"),
    ("rate", "", "rate"),
    ("every", "", "every|每|每隔|per"),
    ("per frame", "", "per frame|/ frame|per token|/ token"),
    ("per second", "", "per second|per sec|per s|a second|each second|/ s|/ sec|/ second|/ 秒|每秒"),
    ("one frame", "", "one frame|a frame|一帧"),
    ("thing", "", "token|code|vector|feature|label"),
    ("role", "encoder", "encoder|编码器"),
    ("role", "decoder", "decoder|解码器"),
    ("role", "frontend", "frontend|front end|前端"),
    ("context", "context", "context|context network|context window|context length|context size|上下文|上下文网络"),
    ("at most", "", "at most|no more than|not more than|max|maximum|maximal|up to|within|<=|=<|≤"),
    ("at most", "", "不超过|至多|最多|不大于"),
    ("below", "", "less than|below|under|smaller than|<|小于|少于|低于"),
    ("at least", "", "at least|no less than|not less than|minimum|minimal|>=|=>|≥|cover"),
    ("at least", "", "至少|不少于|不低于|不小于|最少"),
    ("above", "", "more than|above|over|greater than|larger than|longer than|>|大于|超过|多于"),
    ("after at most", "", "or less|or shorter|以内|以下"),
    ("after at least", "", "or more|or longer|以上"),
    ("about", "", "about|around|approx|approx .|approximately|roughly|circa|ca|ca .|nearly|≈|~=|≈=|约|大约|大概|约为"),
    ("tilde", "", "~"),
    ("after about", "", "左右|上下|or so"),
    ("exactly", "", "exactly|exact|precisely|==|正好|恰好|刚好|精确|恰为"),
    ("plus minus", "", "±|+ -|+/-|plus minus|plus or minus|+ / -"),
    ("times", "", "x|×|time|fold|倍"),
    ("kilo", "", "k"),
    ("per cent", "", "%|per cent|percent"),
    ("to", "", "to|..|...|…|-|至|到"),
    ("between", "", "between|from"),
    ("comma", "", ",|;|.|+|with|plus|together with|和|与|并且|且|&"),
    ("and", "", "and"),
    ("slash", "", "/"),
    ("equals", "", ":|=|is|are|be|为|是|等于"),
    ("filler", "", "the|an|of|in|for|at|on|has|have|having|long|wide|each|its|total|overall|network|model|output"),
    ("filler", "", "input|audio|should|must|@|的|共|总|长|网络|模型|输出"),
    ("filler", "", "a|by|factor|a factor|see|target|channel"),
)


@cache
def lexicon() -> dict[str, tuple[str, str]]:
    """Words, joined by a space (Chinese ones joined by nothing), to kind and value."""
    table = {word: ("unit", word) for word in UNITS}
    for kind, value, words in _WORDS:
        table |= {word: (kind, value or word) for word in words.split("|")}
    return table


@cache
def _raw() -> re.Pattern[str]:
    marks = r"<=|>=|=<|=>|==|~=|≈=|\.{2,3}|\+/-|[^\s_\"'`]"
    return re.compile(rf"(?P<number>{NUMBER})|(?P<word>[a-z]+)|(?P<han>[\u4e00-\u9fff])|(?P<mark>{marks})")


def tokenise(phrase: str, unit: str = "") -> list[Token]:
    """The tokens of a phrase.

    Args:
        phrase: the text as typed.
        unit: a word that counts positions besides "samples" and "frames".

    Raises:
        PhraseError: the phrase is too long or holds a word that means nothing here.
    """
    if len(phrase) > LONGEST_PHRASE:
        raise PhraseError(f"the phrase is longer than {LONGEST_PHRASE} characters")
    raw = _without_hyphens([Token(m.lastgroup or "", m[0], m.start(), m.end()) for m in _raw().finditer(fold(phrase))])
    tokens: list[Token] = []
    at = 0
    while at < len(raw):
        token, used = (raw[at], 1) if raw[at].kind == "number" else _longest(raw, at, fold(unit), phrase)
        tokens.append(token)
        at += used
    return tokens


def _without_hyphens(raw: list[Token]) -> list[Token]:
    """``look-ahead`` as ``look ahead``, ``30-ms`` as ``30 ms``, ``320个采样点`` as ``320 采样点``.

    A dash before a number stays.
    """
    end = Token("end", "", -1, -1)
    neighbours = zip([end, *raw], raw, [*raw[1:], end], strict=False)
    return [token for before, token, after in neighbours if not _joins(before, token, after)]


def _joins(before: Token, token: Token, after: Token) -> bool:
    if token.value == "个":
        return before.kind == "number"
    hyphen = token.value == "-" and token.end == after.start
    return hyphen and before.kind in ("word", "number") and after.kind == "word"


def _longest(raw: list[Token], at: int, unit: str, phrase: str) -> tuple[Token, int]:
    """The longest run of raw tokens that the lexicon knows, and how many it takes."""
    words = lexicon()
    for count in range(min(6, len(raw) - at), 0, -1):
        run = raw[at : at + count]
        meaning = words.get(_join(run)) or words.get(_join(run).removesuffix("s"))
        if meaning and meaning[0] == "one frame" and words.get(_join(raw[at + 1 : at + 1 + count]), ("",))[0] == "noun":
            continue  # "a frame rate" is a rate, no frame
        if meaning:
            return Token(*meaning, run[0].start, run[-1].end), count
    first = raw[at]
    if unit and first.value.removesuffix("s") == unit.removesuffix("s"):
        return Token("unit", "sample", first.start, first.end), 1
    raise PhraseError(f"`{phrase[first.start : _end_of_word(raw, at)]}` is not understood", first.start)


def _join(run: list[Token]) -> str:
    glue = "" if all(token.kind == "han" for token in run) else " "
    return glue.join(token.value for token in run)


def _end_of_word(raw: list[Token], at: int) -> int:
    end = at
    while end + 1 < len(raw) and raw[end + 1].kind == raw[at].kind == "han":
        end += 1
    return raw[min(end, at + 20)].end
