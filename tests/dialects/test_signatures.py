"""The search for signatures: in words, in the text, at both ends of a very long one."""

from __future__ import annotations

import pytest

from rflint.dialects.signatures import Signatures

OWNERS = [[(b"upsample_rates",)], [(b"audio", b"hop_length")], [(b'"net"', b"config")], [(b"WaveNet",)]]


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        (b'{"upsample_rates": [8, 8]}', [0]),
        (b"my_upsample_rates_too: 1\n", [0]),
        (b"audio: {hop_length: 256}\n", [1]),
        (b"audio: {}\n", []),
        (b'{"net": {}, "config": 1}', [2]),
        (b"subnet: {config: 1}\n", []),
        (b"sum: " + b"f" * 96 + b"WaveNet\n", []),  # a checksum holds no key
        (b"see: https://example.org/a/long/address/of/upsample_rates.yaml\n", []),
    ],
)
def test_a_signature_stands_where_the_words_hold_its_parts(text: bytes, owners: list[int]) -> None:
    signatures = Signatures(OWNERS)

    assert signatures.found_in(text) == owners
    assert signatures.found_in(text) == owners  # by what is remembered


@pytest.mark.parametrize("before", [True, False])
def test_keys_at_either_end_of_many_weights_are_found(before: bool) -> None:
    weights = b'"weights": [' + b"0.125, " * 60_000 + b"]"
    keys = b'"audio": 1, "hop_length": 256'

    assert Signatures(OWNERS).found_in(b", ".join((keys, weights) if before else (weights, keys))) == [1]
