"""The words of ordinary comments: amounts, what they speak of, and what shows that they speak of something else."""

from __future__ import annotations

import re
from functools import cache

from rflint.targets.text import NUMBER

# Whatever holds one of these words is no plain statement about the number on the line: it speaks of signal levels and
# frequencies, of training and data, of bounds and choices, of what was, will be or ought to be.
_ELSEWHERE = frozenset(
    """
db dbfs lufs fmax f_max fmin f_min f0 pitch formant formants cutoff cut-off lowpass low-pass highpass high-pass
bandpass band-pass bandwidth band-width band bands nyquist mel mels freq frequency frequencies attack release rt60
reverb lag vad bitrate bit-rate bps kbps mbps bit bits kbit kbits mbit byte bytes kb mb gb silence silences pause
pauses latency delay delays lookahead look-ahead receptive field context jitter timeout wait epoch epochs iter iters
iteration iterations learning lr warmup warm-up decay batch batches gpu gpus cpu cpus hour hours hrs day days minute
minutes min mins train training eval evaluation inference test testing validation speaker speakers utterance
utterances dataset datasets corpus file files clip clips http https www version paper papers original originally
default defaults previous previously was were used old former formerly legacy before after then later todo fixme
change changed changes warning note example if unless except otherwise either or vs versus compared instead not no
isn don doesn without different differs max maximum minimum at-most at-least up-to less more than longer shorter above
below over under between range ranges from total twice half quarter times first last only each unit units multiple
multiples divisible start end offset reserved should could would can may might must need needs better try recommended
recommend recommends suggested typical typically usual usually common commonly allowed supported valid possible
options choices any increase decrease use uses using assume assumes assuming
""".split()
)
_ELSEWHERE_PAIRS = frozenset(word for word in _ELSEWHERE if "-" in word) | {"per-sample"}
_ELSEWHERE_HAN = (
    "默认|最大|最小|至少|至多|最多|大于|小于|不超过|论文|原来|原始|以前|之前|之后|改|建议|推荐|可以|可选|必须|需要|例如|比如|频率"
    "|基频|音高|静音|延迟|总共|小时|分钟|或|不是|如果|感受野|前瞻|步数|轮|训练|测试|推理|倍"
)
_MARKS = (
    r"://|[<>≤≥?±×\[\]{}…]|\+/?-|->|→|\.\."
    r"|\bx ?[0-9]|[0-9] ?x\b|\bv[0-9]|[a-z0-9_)] ?\* ?[a-z(_]|[a-z] ?/ ?[a-z]+_"
)

# A comment that is (or was) a setting itself: `# hop_size: 256`, `# segment = 4`.
_NAME = r"\s*[\"']?"
_OLD_KEY = (
    rf"{_NAME}[a-z][a-z0-9]*(?:[_.][a-z0-9]+)+[\"']?\s*[:=]"
    rf"|{_NAME}[a-z]+[\"']?\s*[:=]\s*[\"'\[]?-?[0-9.]+[\"'\],]*\s*$"
)
_WORD = r"[a-z0-9_]+"
_PAIR = r"(?<![a-z0-9_])([a-z]+)(?=[\s-]([a-z]+)(?![a-z0-9_]))"
_SECOND_MARK = r"\S.*\s(?:#|//)"
_MARK = r"\s*(?:#+|//+|/\*+)"

# What ends the plain statement: where the number comes from, and words to rflint itself.
_REMARK = (
    r"\s*(?:[,;.(]|\s[-–])\s*(?:from|as (?:in|per)|in line with|same as|see|like in|following|according to|cf)\b"
    r"|\s*(?:#|//)?\s*rflint\s*:"
)

_UNITS = (
    r"milliseconds?|millisecs?|msecs?|ms|microseconds?|usecs?|us|seconds?|secs?|s|hertz|khz|hz|fps|samples?"
    r"|毫秒|微秒|秒|千赫兹|千赫|赫兹|采样点|样本点|样本|㎳|㎐|㎑"
)
_A_SECOND = r"(?:frames?|tokens?)\s?(?:/|per\s)\s?(?:seconds?|secs?|s)(?![a-z0-9_])"

_FRAME_OF = r"[a-z]|[\s_-]*(?:hop|shift|stride|step|period|interval|rate|size|length|len|width|duration)"

# What the words speak of: English words, and texts that need no space around them.
_KINDS = (
    ("overlap", r"overlap(?:s|ping|ped)?", "重叠"),
    (
        "step",
        r"(?:window|win|frame|stft)[\s_-]*(?:hop|shift|stride|step|period|interval)(?:[\s_-]*(?:size|length))?",
        "",
    ),
    ("window", r"(?:window|win|frame|fft)[\s_-]*(?:size|length|len|width|duration)", "窗长|帧长|窗口|窗(?!移)"),
    ("step", r"(?:hop|shift|stride|step)(?:[\s_-]*(?:size|length|len))?", "帧移|窗移|步长|步幅|跳步"),
    ("step", r"every|(?:per|an?|one|1)[\s-](?:frame|token)", r"/\s?(?:frame|token)(?![a-z])|每帧|一帧"),
    ("frame_rate", r"(?:frame|token|label)[\s_-]*rate|(?:frames?|tokens?) per second", "帧率"),
    ("sample_rate", r"sampl(?:e|ing)[\s_-]*rates?|sr|fs", "采样率"),
    ("length", r"segments?|crops?|chunks?|blocks?", "时长"),
    ("window", r"windows?|win|frames? of", rf"(?:(?<=ms)|(?<=sec)|(?<=[0-9]s))[\s-]frames?(?!{_FRAME_OF})"),
)

_ABOUT = r"(?:[~≈约]|大概|\b(?:about|around|approx\.?|approximately|roughly|ca\.?|circa))\s*=?\s*$"
_BEFORE = r"(?:[*+^]|[0-9)]\s*[-/]|[a-z][-/]|[0-9]\s*[a-z]{0,12}\s+(?:to|and)|[0-9]\s*~|[0-9a-z]\s*[到至])\s*$"
_AFTER = r"\s*(?:[*+^]\s*[0-9]|[-~](?!\s)|/(?!\s|(?:frame|token)\b)|/\s*[0-9]|to\s*[0-9]|[到至])"
_CLAUSE = r"[,;()+|]|(?<=\s)/(?=\s)|(?<![a-z])(?:with|and)(?![a-z])|[和与]"
_REACH = 40


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def statement(folded: str) -> str:
    """The comment with spaces for its mark, without the remark that follows what it states.

    ``# 10 ms, from section 4.1`` is ``  10 ms``.
    """
    mark = _compiled(_MARK).match(folded)
    text = " " * mark.end() + folded[mark.end() :] if mark else folded
    remark = _compiled(_REMARK).search(text)
    return text[: remark.start()] if remark else text


def is_about(folded: str, start: int, end: int) -> bool:
    """Whether an amount is qualified as approximate: ``~0.37 s``, ``约12.5毫秒``, ``30 ms左右``."""
    before = _compiled(_ABOUT).search(folded[max(0, start - _REACH) : start])
    return bool(before) or folded[end:].lstrip().startswith(("左右", "上下"))


def is_term(folded: str, start: int, end: int) -> bool:
    """Whether an amount is a term of a formula or an end of a range: ``3 - 14 s``, ``16 s * 4``, ``10 ms/iter``."""
    before = _compiled(_BEFORE).search(folded[max(0, start - _REACH) : start])
    return bool(before or _compiled(_AFTER).match(folded, end))


@cache
def amounts() -> re.Pattern[str]:
    """A number with its unit: group `number`, and `unit`, `share` (per cent) or `rate` (frames a second)."""
    units = rf"个?(?P<unit>{_UNITS})(?![a-z0-9_])|(?P<share>%|per ?cent)|(?P<rate>{_A_SECOND})"
    return re.compile(rf"(?<![a-z0-9_.])(?P<number>{NUMBER})[\s-]?\s?(?:{units})")


@cache
def numbers() -> re.Pattern[str]:
    """Any number that is no part of a name, but for ``1 frame``; `kilo` when thousands are meant (16k)."""
    return re.compile(
        rf"(?<![a-z0-9_.])(?!1[\s-](?:frame|token)(?![a-z]))(?P<number>{NUMBER})(?P<kilo>\s?k(?:hz)?(?![a-z]))?"
    )


def speaks_of_else(folded: str) -> bool:
    """Whether anything shows that a comment is no plain statement about the value beside it."""
    return bool(
        _other_words(folded)
        or _compiled(rf"{_ELSEWHERE_HAN}|{_MARKS}").search(folded)
        or _compiled(_OLD_KEY).match(folded)
        or _compiled(_SECOND_MARK).search(folded)
    )


def _other_words(folded: str) -> bool:
    """Whether a word of `_ELSEWHERE` stands in a text; sets are quicker than one expression of all its words."""
    if not _ELSEWHERE.isdisjoint(_compiled(_WORD).findall(folded)) or "e.g" in folded:
        return True
    pairs = {f"{one}-{two}" for one, two in _compiled(_PAIR).findall(folded)}
    return not _ELSEWHERE_PAIRS.isdisjoint(pairs)


@cache
def _kinds() -> re.Pattern[str]:
    found = "|".join(
        rf"(?P<k{number}>(?<![a-z0-9])(?:{words})(?![a-z0-9]){'|' + unspaced if unspaced else ''})"
        for number, (_, words, unspaced) in enumerate(_KINDS)
    )
    return re.compile(found)


def kinds_in(text: str) -> set[str]:
    """What the words of a text speak of: ``step``, ``window``, ``overlap``, …"""
    return {_KINDS[int(str(match.lastgroup)[1:])][0] for match in _kinds().finditer(text)}


def clauses(folded: str) -> list[tuple[int, int]]:
    """Where the clauses of a comment start and end."""
    breaks = [match.span() for match in _compiled(_CLAUSE).finditer(folded)]
    starts = [0, *(end for _, end in breaks)]
    return list(zip(starts, [*(start for start, _ in breaks), len(folded)], strict=True))
