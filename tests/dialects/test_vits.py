"""The envelope of VITS and its children: VITS, MB-iSTFT-VITS, wetts, RVC, Applio, so-vits-svc, GPT-SoVITS, FreeVC, PlayVoice."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import V3, codes, envelope, figures, infos, loud, model_of

from rflint.engine import explain_text

WAVLM = {"sampling_rate": 16000, "hop_length": 320, "filter_length": 1280, "win_length": 1280}
HIGH = {"sampling_rate": 44100, "hop_length": 512, "filter_length": 2048, "win_length": 2048}
FORTY = {"sampling_rate": 40000, "hop_length": 400, "filter_length": 2048, "win_length": 2048}
SEMANTIC = {"sampling_rate": 32000, "hop_length": 640, "filter_length": 2048, "win_length": 2048}
FIVE = {"upsample_rates": [8, 8, 2, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4, 4]}
EQUAL_LAST = {"upsample_rates": [8, 8, 2, 2, 2], "upsample_kernel_sizes": [16, 16, 8, 2, 2]}
RVC = {"upsample_rates": [10, 10, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4], "spk_embed_dim": 109}
APPLIO = {"upsample_rates": [7, 7, 3, 3], "upsample_kernel_sizes": [14, 14, 6, 6], "spk_embed_dim": 109}
GPT = {
    "upsample_rates": [10, 8, 2, 2, 2],
    "upsample_kernel_sizes": [16, 16, 8, 2, 2],
    "semantic_frame_rate": "25hz",
}
FREEVC = {"upsample_rates": [10, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4], "ssl_dim": 1024, "use_spk": True}
FREEVC_24 = {**FREEVC, "upsample_rates": [10, 6, 4, 2]}
FORK = {"ssl_dim": 768, **FIVE}
TEAM = {**FORK, "vocoder_name": "nsf-hifigan", "speech_encoder": "vec768l12"}
INVERSE = {"gen_istft_n_fft": 16, "gen_istft_hop_size": 4}
QUICK = {
    **INVERSE,
    "ssl_dim": 768,
    "upsample_rates": [8, 4],
    "upsample_kernel_sizes": [32, 16],
    "subbands": 4,
    "type_": "ms-istft",
}
PLAIN = {
    **INVERSE,
    "upsample_rates": [8, 8],
    "upsample_kernel_sizes": [16, 16],
    "istft_vits": True,
    "mb_istft_vits": False,
    "subbands": False,
}
BANDS = {
    **INVERSE,
    "upsample_rates": [4, 4],
    "upsample_kernel_sizes": [16, 16],
    "mb_istft_vits": True,
    "ms_istft_vits": False,
    "istft_vits": False,
    "subbands": 4,
}
VOCOS = {"vocoder_type": "vocos"}

SOUND = [
    ("VITS", envelope(), "vits", 256, 27),
    ("ResBlock2 in wetts", envelope(V3), "vits", 256, 22),
    ("Bert-VITS2, the last factors equal to their kernels", envelope(EQUAL_LAST, HIGH), "vits", 512, 27),
    ("VITS2", envelope({"use_mel_posterior_encoder": True, "use_transformer_flows": True}), "vits", 256, 27),
    ("iSTFT-VITS", envelope(PLAIN), "mb_istft_vits", 256, 26),
    ("MB-iSTFT-VITS", envelope(BANDS), "mb_istft_vits", 256, 50),
    ("MS-iSTFT-VITS", envelope({**BANDS, "mb_istft_vits": False, "ms_istft_vits": True}), "mb_istft_vits", 256, 50),
    (
        "RingFormer, without flags",
        envelope({**INVERSE, "upsample_rates": [8, 8], "upsample_kernel_sizes": [16, 16]}),
        "mb_istft_vits",
        256,
        26,
    ),
    (
        "without flags, with sub-bands",
        envelope({**BANDS, "mb_istft_vits": None, "ms_istft_vits": None, "istft_vits": None}),
        "mb_istft_vits",
        256,
        50,
    ),
    (
        "eight streams",
        envelope({**BANDS, "mb_istft_vits": False, "ms_istft_vits": True, "subbands": 8}, {"hop_length": 512}),
        "mb_istft_vits",
        512,
        49,
    ),
    # 1 + 8 · 2 frames of ConvNeXt layers of kernel 3, and the 3 that a window of four hops adds
    ("wetts with Vocos", envelope(VOCOS), "wetts", 256, 20),
    ("wetts with HiFi-GAN by name", envelope({"vocoder_type": "hifigan"}), "wetts", 256, 27),
    ("RVC at 40 kHz", envelope(RVC, FORTY, 12800), "rvc", 400, 22),
    (
        "Applio, odd factors",
        envelope(
            APPLIO,
            {**FORTY, "sampling_rate": None, "sample_rate": 44100, "hop_length": 441, "filter_length": 2205},
            15876,
        ),
        "rvc",
        441,
        29,
    ),
    ("GPT-SoVITS", envelope(GPT, SEMANTIC, 20480), "gpt_sovits", 640, 23),
    ("FreeVC", envelope(FREEVC, WAVLM, 8960), "freevc", 320, 23),
    ("FreeVC at 24 kHz", envelope(FREEVC_24, WAVLM, 8640), "freevc", 480, 23),
    ("so-vits-svc 4.1", envelope(TEAM, HIGH, 10240), "so_vits_svc", 512, 27),
    (
        "so-vits-svc 4.1, its source at another rate",
        envelope(
            {**FORK, "vocoder_name": "nsf-hifigan", "sampling_rate": 32000}, {**HIGH, "sampling_rate": 32000}, 10240
        ),
        "so_vits_svc",
        512,
        27,
    ),
    ("so-vits-svc-fork", envelope(FORK, HIGH, 10240), "so_vits_svc", 512, 27),
    ("so-vits-svc-fork, QuickVC", envelope(QUICK, HIGH, 10240), "so_vits_svc", 512, 30),
]


@pytest.mark.parametrize(("text", "dialect", "upsampling", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, dialect: str, upsampling: int, field: int) -> None:
    assert (model_of(text).dialect, figures(text), loud(text)) == (dialect, (upsampling, field), [])


BROKEN = [
    ("product", envelope(data={"hop_length": 512}), "RF301", "multiplies to 256"),
    ("crop", envelope(segment=7872), "RF501", "7872"),
    ("window", envelope(data={"win_length": 2048}), "RF401", "2048"),
    ("odd FFT less hop", envelope(data={"filter_length": 1025}), "RF405", "no multiple of 2"),
    ("parity", envelope({"upsample_kernel_sizes": [15, 16, 4, 4]}), "RF302", "8·T+1"),
    (
        "parity of so-vits-svc",
        envelope({**TEAM, "upsample_kernel_sizes": [15, 16, 4, 4, 4]}, HIGH, 10240),
        "RF302",
        "8·T-1",
    ),
    ("kernels", envelope({"upsample_kernel_sizes": [16, 16, 4]}), "RF201", "3 entries"),
    ("a number selects ResBlock2", envelope({"resblock": 1}), "RF201", "3 entries"),
    ("sub-bands", envelope({**BANDS, "upsample_rates": [8, 4], "subbands": 2}), "RF405", "4"),
    ("iSTFT hop", envelope({**PLAIN, "gen_istft_hop_size": 8}), "RF301", "512"),
    ("hop of Vocos", envelope({**VOCOS, "vocos_istft_config": {"hop_length": 320}}), "RF301", "320"),
    ("channels of Vocos", envelope({**VOCOS, "vocos_out_channels": 1024}), "RF405", "1026"),
    ("10 ms of RVC", envelope(RVC, {**FORTY, "sampling_rate": 44100}, 12800), "RF504", "441"),
    (
        "odd tail of RVC's source",
        envelope({**RVC, "upsample_rates": [8, 10, 5], "upsample_kernel_sizes": [16, 20, 15]}, FORTY, 12800),
        "RF305",
        "does not fit",
    ),
    ("20 ms of GPT-SoVITS", envelope(GPT, {**SEMANTIC, "sampling_rate": 44100}, 20480), "RF504", "882"),
    ("20 ms of FreeVC", envelope(FREEVC, {**WAVLM, "sampling_rate": 24000}, 8960), "RF504", "480"),
    ("pitch of the source", envelope(TEAM, {**HIGH, "sampling_rate": 32000}, 10240), "RF403", "44100"),
    ("highest band", envelope(data={"mel_fmax": 16000}), "RF405", "16000"),
]


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text)), loud(text)


def test_the_posterior_encoder_reads_64_frames_beside_its_own() -> None:
    context = model_of(envelope()).stack("enc_q")

    assert context is not None
    assert (context.coverage.step, context.coverage.receptive_field) == (256, 64 * 256 + 1024)


def test_a_decoder_that_is_not_built_has_keys_without_effect() -> None:
    assert any("`upsample_rates` has no effect" in message for message in infos(envelope(VOCOS)))


def test_no_decoder_is_a_note() -> None:
    model = model_of(envelope({**PLAIN, "istft_vits": False}))

    assert model.stack("decoder") is None
    assert any("is true" in note.reason for note in model.notes)


def test_a_decoder_of_another_kind_is_a_note() -> None:
    text = envelope({**BANDS, "n_blocks": 8, "gen_istft_hop_size": 64, "gen_istft_n_fft": 256})

    assert loud(text) == []
    assert any("AutoVocoder" in note.reason for note in model_of(text).notes)


def fragment(**sections: Any) -> str:
    return json.dumps(sections)


FRAGMENTS = [
    (
        fragment(data={"hop_length": 512}, model={"upsample_rates": [8, 8, 2, 2]}, train={"segment_size": 8192}),
        ["RF305"],
    ),
    (fragment(model={"upsample_rates": [10, 6, 2, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4]}), ["RF201"]),
    (
        fragment(
            data={"hop_length": 441}, model={"upsample_rates": [7, 7, 3, 3], "upsample_kernel_sizes": [14, 14, 6, 6]}
        ),
        ["RF305"],
    ),
    (fragment(data={"hop_length": 256}, model={"upsample_rates": [8, 8, 2, 2]}), []),
    (fragment(preprocess={"hop_size": 300}, model={"upsample_rates": [8, 8, 2, 2], "resblock": "1"}), []),
]


@pytest.mark.parametrize(("text", "expected"), FRAGMENTS)
def test_fragments_tell_what_they_can(text: str, expected: list[str]) -> None:
    assert expected == codes(text)


# -- super-resolution ---------------------------------------------------------------------------------------------------


def super_resolution(rate: int) -> str:
    net = {"resblock": "0", "upsample_rates": [3], "upsample_kernel_sizes": [3]}
    return envelope(net, {"sampling_rate": rate, "hop_length": rate // 100}, 9600)


@pytest.mark.parametrize(("rate", "outputs"), [(48000, 300), (24000, 150)])
def test_speech_super_resolution_interpolates(rate: int, outputs: int) -> None:
    model = model_of(super_resolution(rate))
    stack = model.stack("decoder")

    assert stack is not None
    assert (model.dialect, stack.coverage.length(100), stack.input_unit) == ("hierspeech", outputs, "samples")
    assert loud(super_resolution(rate)) == []


def test_super_resolution_reads_two_neighbours_a_sample() -> None:
    stack = model_of(super_resolution(24000)).stack("decoder")
    assert stack is not None
    (interpolation,) = [stage.layer for stage in stack.stages if stage.name == "interpolate"]

    # output t lies at (2·t + 1) / 3 - 1/2 and reads the positions on either side
    assert [interpolation.pull(t, t) for t in range(4)] == [(-1, 0), (0, 1), (1, 2), (1, 2)]


@pytest.mark.parametrize("odd", ["Infinity", "NaN", "1e400", "true", '"3"'])
def test_what_nothing_reads_may_hold_anything(odd: str) -> None:
    text = super_resolution(48000).replace('"upsample_kernel_sizes": [3]', f'"upsample_kernel_sizes": {odd}')

    assert odd in text and "RF000" not in codes(text)


def test_other_rates_of_super_resolution_are_a_note() -> None:
    assert any("24 and 48 kHz" in note.reason for note in model_of(super_resolution(32000)).notes)


# -- PlayVoice ------------------------------------------------------------------------------------------------------------

PLAYVOICE = """
data: {sampling_rate: 32000, hop_length: 320, win_length: 1024, filter_length: 1024, segment_size: 8000}
gen:
  upsample_rates: [5, 4, 4, 2, 2]
  upsample_kernel_sizes: [15, 8, 8, 4, 4]
  resblock_kernel_sizes: [3, 7, 11]
  resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
"""


def test_playvoice_is_read_in_silence() -> None:
    assert (figures(PLAYVOICE, "config.yaml")[0], loud(PLAYVOICE, "config.yaml")) == (320, [])


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("segment_size: 8000", "segment_size: 8192", "RF501"),
        ("hop_length: 320", "hop_length: 300", "RF301"),
        ("sampling_rate: 32000", "sampling_rate: 48000", "RF504"),
        ("[15, 8, 8, 4, 4]", "[16, 8, 8, 4, 4]", "RF302"),
        ("[5, 4, 4, 2, 2]\n", "[4, 4, 2, 2, 5]\n", "RF305"),
        ("[[1, 3, 5], [1, 3, 5], [1, 3, 5]]", "[[1, 3], [1, 3, 5], [1, 3, 5]]", "RF201"),
    ],
)
def test_playvoice_contradictions(old: str, new: str, code: str) -> None:
    assert old in PLAYVOICE
    assert code in codes(PLAYVOICE.replace(old, new), "config.yaml")


def test_lora_svc_names_its_section_audio() -> None:
    text = PLAYVOICE.replace("data:", "audio:").replace("segment_size: 8000", "segment_length: 12800")

    assert (figures(text, "config.yaml")[0], loud(text, "config.yaml")) == (320, [])


def test_the_lists_of_vocoders_are_left_alone() -> None:
    lists = {"upsample_rates": [8, 8], "upsample_kernel_sizes": [16, 16]}

    assert not explain_text(fragment(model={**lists, "istft_layer": True}), "config.json")
    assert not explain_text(fragment(model={**lists, "istft_n_fft": 16}), "config.json")
    assert explain_text(fragment(model=lists), "config.json")


@pytest.mark.parametrize("section", ["data", "yin"])
def test_the_yingram_of_pits_has_the_hop_of_the_spectrogram(section: str) -> None:
    config = json.loads(envelope())

    def given(hop: int) -> str:
        return json.dumps({**config, section: {**config.get(section, {}), "ying_hop": hop, "ying_window": 2048}})

    assert loud(given(256)) == []
    assert [code for code, _ in loud(given(320))] == ["RF504"]


def test_a_file_without_the_type_of_its_blocks_may_pad_in_another_way() -> None:
    net = {"upsample_rates": [5, 5, 4, 2], "upsample_kernel_sizes": [10, 10, 8, 4]}
    plain = envelope(net, {"sampling_rate": 20000, "hop_length": 200}, 8000)
    forked = envelope({"resblock": None, **net}, {"sampling_rate": 20000, "hop_length": 200}, 8000)

    assert "RF302" in codes(plain)
    assert loud(forked) == []
