"""Which signatures stand in a text. A signature is some parts of words: it stands where the words hold all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Signature = tuple[bytes, ...]
"""Parts of words."""

_BREAKS = bytes.maketrans(b"\"'{}[],", b" " * 7)
_LONG = 40
"""Bytes from which a word may be a checksum or an address."""
_LARGE = 262_144
"""Bytes from which a text holds weights, labels or a vocabulary."""
_EDGE = 16_384
"""Bytes at either end of such a text in which its keys stand."""
_REMEMBERED = 4_000_000
"""Bytes of words after which they are forgotten."""


class Signatures:
    """The signatures of several owners.

    The texts of a project use the same words again and again: what a word holds is looked for once.
    """

    def __init__(self, owners: Iterable[Sequence[Signature]]) -> None:
        self._behind: dict[bytes, list[tuple[int, Signature]]] = {}
        """By the first part: the number of the owner and the other parts of each signature."""
        for number, signatures in enumerate(owners):
            for first, *others in (sorted(signature, key=_commonness) for signature in signatures):
                self._behind.setdefault(first, []).append((number, tuple(others)))
        self._joined = [part for part in self._behind if b"_" in part]
        self._plain = [part for part in self._behind if b"_" not in part]
        self._shortest = min(map(len, self._behind))
        self._forget()

    def _forget(self) -> None:
        self._size = 0
        self._known: set[bytes] = set()
        self._telling: dict[bytes, list[bytes]] = {}
        """The first parts that a word holds."""

    def found_in(self, text: bytes) -> list[int]:
        """The owners of a signature that stands in a text, by their number."""
        words = set(_edges(text).translate(_BREAKS).split())
        if self._size > _REMEMBERED:
            self._forget()
        if new := words - self._known:
            self._learn(new)
        parts = {part for word in words & self._telling.keys() for part in self._telling[word]}
        signatures = [signature for part in parts for signature in self._behind[part]]
        return sorted({number for number, others in signatures if all(other in text for other in others)})

    def _learn(self, words: set[bytes]) -> None:
        kept = [word for word in words if len(word) >= self._shortest and (len(word) < _LONG or not _is_data(word))]
        text = b" ".join(kept)
        named = b" ".join([word for word in kept if b"_" in word])  # few in a vocabulary, and most parts are such
        found = [part for part in self._plain if part in text] if text else []
        found += [part for part in self._joined if part in named] if named else []
        for part in found:
            for word in _holding(part, text):
                self._telling.setdefault(word, []).append(part)
        self._known |= words
        self._size += len(text)


def without_zeros(raw: bytes) -> bytes:
    """The bytes of a file without the zeros of UTF-16 and UTF-32, so that ASCII stands in them as such."""
    return raw.replace(b"\0", b"") if b"\0" in raw[:8] else raw


def _edges(text: bytes) -> bytes:
    """A text without its middle where it is large: weights, labels and vocabularies stand between the keys."""
    return text if len(text) <= _LARGE else b" ".join((text[:_EDGE], text[-_EDGE:]))


def _is_data(word: bytes) -> bool:
    """Whether a long word is a checksum or an address, which hold no key."""
    return word.isalnum() or word.startswith(b"http")


def _commonness(part: bytes) -> tuple[bool, bool, int]:
    """Parts with an underscore or a capital are rare, and long ones: what is looked for first mostly settles it.

    Words are split at quotes: a part with one is looked for in the text.
    """
    return b'"' in part, b"_" not in part and part.islower(), -len(part)


def _holding(part: bytes, text: bytes) -> Iterator[bytes]:
    """The words of a text, separated by blanks, that hold a part."""
    at = text.find(part)
    while at >= 0:
        end = text.find(b" ", at)
        end = len(text) if end < 0 else end
        yield text[text.rfind(b" ", 0, at) + 1 : end]
        at = text.find(part, end)
