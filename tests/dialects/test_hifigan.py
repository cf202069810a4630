"""The flat JSON of HiFi-GAN, BigVGAN, iSTFTNet, multi-band HiFi-GAN, Fre-GAN, HiFi-Codec and unit HiFi-GAN."""

from __future__ import annotations

import json
from typing import Any

import pytest
from vocoder_files import V3, codes, decoder_of, figures, flat, infos, loud, model_of

from rflint.engine import explain_text

FREGAN: dict[str, Any] = {
    "upsample_rates": [8, 4, 2, 2, 2],
    "upsample_kernel_sizes": [16, 8, 4, 4, 4],
    "resblock_dilation_sizes": [[1, 3, 5, 7]] * 3,
}
UNITS: dict[str, Any] = {
    "upsample_rates": [5, 4, 4, 2, 2],
    "upsample_kernel_sizes": [11, 8, 8, 4, 4],
    "sampling_rate": 16000,
    "code_hop_size": 320,
    "segment_size": 8960,
}
MOCKINGBIRD: dict[str, Any] = {
    "upsample_rates": [5, 5, 4, 2],
    "upsample_kernel_sizes": [10, 10, 8, 4],
    "disc_start_step": 0,
    "sampling_rate": 16000,
    "hop_size": 200,
    "segment_size": 6400,
}
CODEC: dict[str, Any] = {
    "upsample_rates": [8, 5, 4, 2],
    "upsample_kernel_sizes": [16, 11, 8, 4],
    "n_code_groups": 2,
    "hop_size": 240,
    "segment_size": 16000,
}

SOUND = [
    # What it is, config, dialect, samples a frame, receptive field in frames: ceil(spread / factor), where the spread grows
    # from 1 by kernel - 1 a convolution and (spread - 1) · factor + kernel a transposed one, and by 120 a set of branches.
    ("V1", flat(), "hifigan", 256, 27),
    ("V3", flat(**V3), "hifigan", 256, 22),
    (
        "16 kHz with kernels of twice an odd factor and one",
        flat(upsample_rates=[8, 5, 5], upsample_kernel_sizes=[16, 11, 11], hop_size=200, segment_size=6400),
        "hifigan",
        200,
        27,
    ),
    (
        "WavLM frames",
        flat(
            upsample_rates=[10, 8, 2, 2],
            upsample_kernel_sizes=[20, 16, 4, 4],
            hop_size=320,
            segment_size=7040,
            hubert_dim=1024,
        ),
        "hifigan",
        320,
        23,
    ),
    ("MockingBird at 16 kHz", flat(**MOCKINGBIRD), "hifigan", 200, 39),
    (
        "MockingBird at 24 kHz interpolates",
        flat(**{**MOCKINGBIRD, "sampling_rate": 24000, "upsample_kernel_sizes": [9, 9, 7, 5]}),
        "hifigan",
        200,
        40,
    ),
    ("kernel equal to the factor", flat(upsample_kernel_sizes=[16, 16, 2, 2]), "hifigan", 256, 27),
    (
        "uneven overlap",
        flat(upsample_rates=[10, 4, 2, 2], upsample_kernel_sizes=[16, 8, 4, 4], hop_size=160, segment_size=8000),
        "hifigan",
        160,
        26,
    ),
    ("five FFT bins that nobody reads", flat(num_freq=1025), "hifigan", 256, 27),
    (
        "BigVGAN",
        flat(
            activation="snakebeta",
            upsample_rates=[4, 4, 2, 2, 2, 2],
            upsample_kernel_sizes=[8, 8, 4, 4, 4, 4],
            resolutions=[[1024, 120, 600], [2048, 240, 1200]],
        ),
        "bigvgan",
        256,
        76,
    ),
    ("BigVGAN base", flat(activation="snake"), "bigvgan", 256, 36),
    (
        "iSTFTNet",
        flat(upsample_rates=[8, 8], upsample_kernel_sizes=[16, 16], gen_istft_n_fft=16, gen_istft_hop_size=4),
        "istftnet",
        256,
        26,
    ),
    (
        "HiFTNet",
        flat(
            upsample_rates=[8, 8],
            upsample_kernel_sizes=[16, 16],
            gen_istft_n_fft=16,
            gen_istft_hop_size=4,
            F0_path="a.t7",
        ),
        "istftnet",
        256,
        26,
    ),
    (
        "iSTFTNet by other names",
        flat(upsample_rates=[8, 8], upsample_kernel_sizes=[16, 16], istft_filter_length=16, istft_hop_length=4),
        "istftnet",
        256,
        26,
    ),
    (
        "BigVGAN of units, whose hop is the loss's",
        flat(
            activation="snakebeta",
            upsample_rates=[5, 4, 2, 2, 2, 2],
            upsample_kernel_sizes=[10, 8, 4, 4, 4, 4],
            sampling_rate=16000,
            unit_hop_size=320,
            hop_size=160,
            win_size=640,
            segment_size=8320,
        ),
        "bigvgan",
        320,
        62,
    ),
    (
        "sub-bands",
        flat(upsample_rates=[4, 4, 2, 2], upsample_kernel_sizes=[8, 8, 4, 4], output_channel=4),
        "multiband_hifigan",
        256,
        52,
    ),
    ("one band", flat(output_channel=1), "multiband_hifigan", 256, 27),
    ("Fre-GAN", flat(**FREGAN), "fregan", 256, 45),
    (
        "Fre-GAN of MockingBird",
        flat(
            **{**FREGAN, "upsample_rates": [5, 5, 2, 2, 2], "upsample_kernel_sizes": [10, 10, 4, 4, 4]},
            hop_size=200,
            segment_size=6400,
            disc_start_step=0,
        ),
        "fregan",
        200,
        64,
    ),
    ("HiFi-Codec, whose hop is the loss's", flat(**CODEC), "hificodec", 320, 28),
    ("units, whose hop is the loss's", flat(**UNITS), "unit_hifigan", 320, 42),
    (
        "units of fairseq, which ignores the type of block",
        flat(**{**UNITS, "code_hop_size": None, "num_embeddings": 100, "resblock": "2"}),
        "unit_hifigan",
        320,
        42,
    ),
]


@pytest.mark.parametrize(("text", "dialect", "upsampling", "field"), [s[1:] for s in SOUND], ids=[s[0] for s in SOUND])
def test_sound_configs_are_read_exactly_and_in_silence(text: str, dialect: str, upsampling: int, field: int) -> None:
    assert (model_of(text).dialect, figures(text), loud(text)) == (dialect, (upsampling, field), [])


ODD = {"upsample_rates": [8, 5, 4, 2], "upsample_kernel_sizes": [16, 10, 8, 4], "hop_size": 320}


def test_a_crop_may_count_on_the_odd_samples() -> None:
    counted, even = (flat(**ODD, sampling_rate=16000, segment_size=size) for size in (16008, 16000))

    assert loud(counted) == []
    assert [code for code, _ in loud(even)] == ["RF302"]
    assert infos(counted) == ["Kernel 10 with factor 5 makes 5·T+1 samples, not 5·T"]


@pytest.mark.parametrize("key", ["resblock_kernel_size", "ddsp", "lvcnet"])
def test_a_network_of_another_kind_is_left_alone(key: str) -> None:
    other = 3 if key == "resblock_kernel_size" else {"kpnet_conv_size": 3}

    assert model_of(flat(**{key: other}, upsample_rates=[8, 4, 2])).dialect == "acoustic"


def test_an_inverse_stft_with_the_hop_of_the_analysis_is_another_network() -> None:
    text = flat(gen_istft_n_fft=1024, gen_istft_hop_size=256)

    assert (loud(text), [note.subject for note in model_of(text).notes]) == ([], ["generator"])


SPLIT = {"upsample_rates": [8, 5, 5], "upsample_kernel_sizes": [16, 10, 10], "hop_size": 200, "segment_size": 6400}
BROKEN = [
    # What it is, config, code, words of the message.
    ("product", flat(hop_size=600, segment_size=9600), "RF301", "multiplies to 256"),
    ("product of BigVGAN", flat(activation="snake", hop_size=512), "RF301", "multiplies to 256"),
    (
        "iSTFT hop",
        flat(upsample_rates=[8, 8], upsample_kernel_sizes=[16, 16], gen_istft_n_fft=16, gen_istft_hop_size=8),
        "RF301",
        "512",
    ),
    (
        "sub-bands missing",
        flat(upsample_rates=[4, 4, 2, 2], upsample_kernel_sizes=[8, 8, 4, 4], output_channel=2),
        "RF301",
        "128",
    ),
    ("code hop", flat(**{**UNITS, "code_hop_size": 160}), "RF301", "320"),
    ("parity", flat(**SPLIT), "RF302", "5·T+1"),
    ("parity of rule C", flat(**{**MOCKINGBIRD, "upsample_kernel_sizes": [11, 10, 8, 4]}), "RF302", "5·T+1"),
    ("crop", flat(segment_size=8000), "RF501", "8000"),
    ("crop of a codec", flat(**{**CODEC, "segment_size": 16100}), "RF501", "16100"),
    (
        "crop against quantised f0",
        flat(**UNITS, f0=True, f0_quantizer={"f0_encoder_params": {"downs_t": [5], "strides_t": [2]}}),
        "RF501",
        "8960",
    ),
    ("window", flat(win_size=2048), "RF401", "2048"),
    ("odd FFT less hop", flat(n_fft=1025), "RF405", "no multiple of 2"),
    ("kernels missing", flat(upsample_kernel_sizes=[16, 16, 4]), "RF201", "3 entries"),
    ("dilations missing", flat(resblock_dilation_sizes=[[1, 3, 5]] * 2), "RF201", "2 entries"),
    ("two dilations for ResBlock1", flat(resblock_dilation_sizes=[[1, 3]] * 3), "RF201", "2 entries"),
    ("three dilations for ResBlock2", flat(resblock="2"), "RF201", "3 entries"),
    ("a number selects ResBlock2", flat(resblock=1), "RF201", "3 entries"),
    (
        "four stages of Fre-GAN",
        flat(**{**FREGAN, "upsample_rates": [8, 8, 2, 2], "upsample_kernel_sizes": [16, 16, 4, 4]}, disc_start_step=0),
        "RF201",
        "4 entries",
    ),
    ("even kernel of a branch", flat(resblock_kernel_sizes=[4, 7, 11]), "RF203", "different lengths"),
    (
        "iSTFT hop above its FFT",
        flat(upsample_rates=[8], upsample_kernel_sizes=[16], gen_istft_n_fft=16, gen_istft_hop_size=32),
        "RF404",
        "longer than",
    ),
    ("code encoder", flat(**UNITS, code_encoder_params={"downs_t": [[5, 1]], "strides_t": [[2, 5]]}), "RF305", "160"),
    (
        "CQT lists",
        flat(activation="snake", cqtd_hop_lengths=[512, 256], cqtd_n_octaves=[9, 9, 9], cqtd_bins_per_octaves=[24, 36]),
        "RF201",
        "3 entries",
    ),
    (
        "crop within the padding of a discriminator",
        flat(activation="snake", segment_size=512, resolutions=[[2048, 240, 1200]]),
        "RF506",
        "512",
    ),
]


@pytest.mark.parametrize(("text", "code", "words"), [b[1:] for b in BROKEN], ids=[b[0] for b in BROKEN])
def test_contradictions_are_reported(text: str, code: str, words: str) -> None:
    assert any(found == code and words in message for found, message in loud(text)), loud(text)


MENDED = [
    (
        "quantised f0 of 1280 samples",
        flat(**UNITS, f0=True, f0_quantizer={"f0_encoder_params": {"downs_t": [4], "strides_t": [2]}}),
    ),
    (
        "code encoder",
        flat(
            **{
                **UNITS,
                "upsample_rates": [5, 4, 2, 2, 2],
                "upsample_kernel_sizes": [11, 8, 4, 4, 4],
                "code_hop_size": 160,
            },
            code_encoder_params={"downs_t": [[5, 1]], "strides_t": [[2, 5]]},
        ),
    ),
    (
        "CQT lists",
        flat(activation="snake", cqtd_hop_lengths=[512, 256], cqtd_n_octaves=[9, 9], cqtd_bins_per_octaves=[24, 36]),
    ),
    ("parity", flat(**{**SPLIT, "upsample_kernel_sizes": [16, 15, 15]})),
    ("crop of units that the loader rounds", flat(**{**UNITS, "segment_size": 9000})),
]


@pytest.mark.parametrize("text", [m[1] for m in MENDED], ids=[m[0] for m in MENDED])
def test_mended_twins_are_silent(text: str) -> None:
    assert loud(text) == []


# -- fragments ------------------------------------------------------------------------------------------------------


def fragment(**keys: Any) -> str:
    return json.dumps(keys)


RATES, KERNELS = [8, 8, 2, 2], [16, 16, 4, 4]
FRAGMENTS = [
    (fragment(sampling_rate=48000, hop_size=600, upsample_rates=RATES, upsample_kernel_sizes=KERNELS), ["RF305"]),
    (fragment(sampling_rate=24000, hop_size=300, upsample_rates=RATES), ["RF305"]),
    (
        fragment(sampling_rate=16000, hop_size=200, upsample_rates=[8, 5, 5], upsample_kernel_sizes=[16, 10, 10]),
        ["RF305"],
    ),
    (fragment(sampling_rate=48000, hop_length=480, upsample_rates=[10, 10, 2, 2]), ["RF305"]),
    (fragment(hop_size=256, upsample_rates=RATES), []),
    (fragment(hop_size=256, upsample_rates=RATES, upsample_kernel_sizes=KERNELS, segment_size=8192), []),
]


@pytest.mark.parametrize(("text", "expected"), FRAGMENTS)
def test_fragments_tell_what_they_can(text: str, expected: list[str]) -> None:
    assert expected == codes(text)


def test_a_fragment_makes_no_stack_of_guesses() -> None:
    model = model_of(fragment(hop_size=256, upsample_rates=RATES))

    assert model.stack("decoder") is None
    assert any("upsample_kernel_sizes" in note.reason for note in model.notes)


# -- what is left alone -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        flat(model_type="speecht5_hifigan"),
        fragment(upsample_rates=[8, 5, 4, 2], encoder_rates=[2, 4, 5, 8]),
        fragment(upsample_rates="8,8", hop_size=256),
        fragment(data={"hop_size": 256}),
    ],
)
def test_other_files_are_left_alone(text: str) -> None:
    models = explain_text(text, "config.json")

    assert not any(
        model.dialect.endswith(("hifigan", "bigvgan", "fregan")) for model in models if model.dialect != "hf"
    )


def test_an_unread_number_of_bins_is_worth_a_line() -> None:
    assert infos(flat(num_freq=1025)) == ["`num_freq` has no effect"]


def test_a_crop_that_shows_no_full_context_is_worth_a_line() -> None:
    text = flat(activation="snake", upsample_rates=[4, 4, 2, 2, 2, 2], upsample_kernel_sizes=[8, 8, 4, 4, 4, 4])

    assert any(f"field of {76 * 256} is longer than `segment_size` 8192" in message for message in infos(text))
    assert infos(flat()) == []


def test_uneven_overlap_is_worth_a_line() -> None:
    text = flat(upsample_rates=[10, 4, 2, 2], upsample_kernel_sizes=[16, 8, 4, 4], hop_size=160, segment_size=8000)

    assert any("6 of 10 outputs" in message for message in infos(text))


def test_an_odd_tail_does_not_fit_a_harmonic_source() -> None:
    odd = {"upsample_rates": [7, 7, 3, 3], "upsample_kernel_sizes": [21, 21, 9, 9], "hop_size": 441, "n_fft": 2047}

    assert codes(flat(**odd, segment_size=8820)) == []
    assert set(codes(flat(**odd, segment_size=8820, mini_nsf=False))) == {"RF305"}
    assert codes(flat(**odd, segment_size=8820, mini_nsf=True)) == []


def test_the_source_of_a_number_is_named() -> None:
    text = flat(resblock=1)

    assert any("as a number" in tie.because for tie in model_of(text).ties)


def test_frames_come_at_sample_rate_by_hop() -> None:
    decoder = decoder_of(flat())

    assert decoder.input_rate is not None
    assert round(float(decoder.input_rate), 2) == 86.13


def test_an_impossible_factor_is_a_note() -> None:
    model = model_of(flat(upsample_rates=[8, 8, 0, 2]))

    assert model.stack("decoder") is None
    assert any("stride of 0" in note.reason for note in model.notes)


def test_codec_encoder_mirrors_the_decoder() -> None:
    encoder = model_of(flat(**CODEC)).stack("encoder")

    assert encoder is not None
    assert [s.layer.stride for s in encoder.stages if s.name.startswith("ups")] == [2, 4, 5, 8]


@pytest.mark.parametrize(
    "keys", [{"_target_": "toys.Generator", "resblock": "1"}, {"resblock_type": "1", "bias": True}]
)
def test_keyword_arguments_of_other_generators_are_left_alone(keys: dict[str, Any]) -> None:
    """Their padding is unknown: kernels of twice an odd factor may be exact."""
    lists = {"upsample_rates": [5, 3], "upsample_kernel_sizes": [10, 6], "resblock_kernel_sizes": [3]}

    assert not explain_text(json.dumps({**lists, "resblock_dilation_sizes": [[1, 3, 5]], **keys}), "config.json")
    assert explain_text(json.dumps({**lists, "resblock": "1"}), "config.json")


def test_the_inverse_stft_of_avocodo_is_listed_by_stage() -> None:
    rates = {"upsample_rates": [8, 8], "upsample_kernel_sizes": [16, 16]}
    listed = flat(**rates, gen_istft_n_fft=[1024, 128, 16], gen_istft_hop_size=[256, 32, 4])

    assert loud(listed) == []
    assert figures(listed) == figures(flat(**rates, gen_istft_n_fft=16, gen_istft_hop_size=4))


def test_odd_kernels_at_24_khz_stand_behind_interpolation() -> None:
    odd = {
        "upsample_rates": [6, 5, 4, 2],
        "upsample_kernel_sizes": [13, 11, 9, 5],
        "hop_size": 240,
        "segment_size": 7200,
    }

    assert loud(flat(**odd, sampling_rate=24000)) == []
    assert int(decoder_of(flat(**odd, sampling_rate=24000)).coverage.upsampling) == 240
    assert "RF302" in codes(flat(**odd, sampling_rate=16000))
    assert "RF302" in codes(flat(**{**odd, "upsample_rates": [8, 5, 3, 5]}, sampling_rate=24000))


def test_the_encoder_of_hifi_codec_normalises_over_all_of_time() -> None:
    encoder = model_of(flat(**CODEC)).stack("encoder")

    assert encoder is not None
    assert encoder.coverage.unbounded


@pytest.mark.parametrize(("rate", "loudly"), [(16000, False), (22050, True)])
def test_windows_of_25_ms_every_20_follow_the_frames_of_hubert(rate: int, loudly: bool) -> None:
    lists = {"upsample_rates": [10, 8, 2, 2], "upsample_kernel_sizes": [20, 16, 4, 4], "segment_size": 8320}
    text = flat(**lists, sampling_rate=rate, hop_size=320, win_size=400, n_fft=1024)

    assert ("RF404" in codes(text)) is loudly
    assert any("overlap by 20 %" in message for message in infos(text)) is not loudly
