"""SpeechBrain's recipes: features, networks by class, containers, models over the waveform."""

from __future__ import annotations

import pytest
from speech_files import dialect_of, figures, loud, model_of, notes, stack_of, told

FBANK = """
sample_rate: 16000
n_fft: 400
n_mels: 80
compute_features: !new:speechbrain.lobes.features.Fbank
    sample_rate: !ref <sample_rate>
    n_fft: !ref <n_fft>
    n_mels: !ref <n_mels>
"""
FRONT = """
CNN: !new:speechbrain.lobes.models.convolution.ConvolutionFrontEnd
    input_shape: (8, 10, 80)
    num_blocks: 2
    num_layers_per_block: 1
    out_channels: (64, 32)
    kernel_sizes: (3, 3)
    strides: (2, 2)
    residuals: (False, False)
"""
CONFORMER = """
Transformer: !new:speechbrain.lobes.models.transformer.TransformerASR.TransformerASR
    num_encoder_layers: 12
    encoder_module: conformer
    kernel_size: 31
    causal: False
"""
CRDNN = """
encoder: !new:speechbrain.lobes.models.CRDNN.CRDNN
    cnn_blocks: 2
    cnn_kernelsize: (3, 3)
    inter_layer_pooling_size: (2, 2)
    using_2d_pooling: False
    time_pooling: True
    time_pooling_size: 4
    rnn_layers: 4
    rnn_bidirectional: True
"""
WAV2VEC = """
sample_rate: 16000
wav2vec2: !new:speechbrain.integrations.huggingface.wav2vec2.Wav2Vec2
    source: facebook/wav2vec2-large-lv60
"""
LATENT = """
extractor: !new:speechbrain.lobes.models.wav2vec.W2VLatentExtractor
    kernel_sizes: [11, 3, 3, 3, 3, 3, 3]
    strides: [5, 2, 2, 2, 2, 2, 2]
encoder: !new:speechbrain.lobes.models.transformer.Transformer.TransformerEncoder
    num_layers: 12
"""
SEGAN = """
sample_rate: 16000
modules:
    G: !new:speechbrain.lobes.models.segan_model.Generator
        kernel_size: 31
chunk_size: 16384
"""


def test_a_conformer_recipe() -> None:
    text = FBANK + FRONT + CONFORMER

    assert figures(text, "frontend") == (160, 400)
    assert figures(text) == (640, 400 + (6 + 12 * 30 * 4) * 160)
    assert stack_of(text).coverage.unbounded
    assert loud(text) == []


def test_frames_are_centred() -> None:
    assert stack_of(FBANK + CRDNN, "frontend").coverage.left == 200


def test_defaults_of_the_features() -> None:
    bare = "f: !new:speechbrain.lobes.features.Fbank\n    n_mels: 40\n" + CRDNN

    assert figures(bare, "frontend") == (160, 400)
    assert model_of(bare).sample_rate == (16000, None, "framework default")


def test_times_are_milliseconds_and_rounded_to_samples() -> None:
    text = FBANK.replace("n_fft: !ref <n_fft>", "n_fft: 1024\n    hop_length: 11.6099\n    win_length: 23.2199") + CRDNN

    assert figures(text.replace("16000", "22050"), "frontend") == (256, 512)
    assert told(text.replace("16000", "22050"), "RF407", "`hop_length`")
    assert not told(text.replace("16000", "22050"), "RF407", "512 are used, ")  # a window does not drift


def test_deltas_and_neighbours_widen_the_frames() -> None:
    text = FBANK + "    deltas: True\n    context: True\n    left_frames: 2\n    right_frames: 3\n" + CRDNN

    assert figures(text, "frontend") == (160, 400 + (8 + 5) * 160)  # two deltas of five frames one after the other


def test_mfcc_has_deltas_and_neighbours_by_default() -> None:
    text = FBANK.replace("Fbank", "MFCC") + CRDNN

    assert figures(text, "frontend") == (160, 400 + (8 + 10) * 160)


def test_normalisation_by_sentence_looks_at_all() -> None:
    norm = "normalize: !new:speechbrain.processing.features.InputNormalization\n    norm_type: sentence\n"

    assert stack_of(FBANK + norm + CRDNN, "frontend").coverage.unbounded
    assert not stack_of(FBANK + norm.replace("sentence", "global") + CRDNN, "frontend").coverage.unbounded


# -- networks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("conf", "frames"),
    [
        ("encoder_module: conformer\n    kernel_size: 31", 6 + 12 * 30 * 4),
        ("encoder_module: branchformer\n    kernel_size: 31", 6 + 12 * 30 * 4),
        ("encoder_module: transformer\n    kernel_size: 31", 6),
        ("d_model: 256", 6),
    ],
)
def test_encoders_of_a_transformer(conf: str, frames: int) -> None:
    text = FBANK + FRONT + CONFORMER.replace("encoder_module: conformer\n    kernel_size: 31", conf)

    assert figures(text) == (640, 400 + frames * 160)


def test_a_conformer_is_causal_unless_told_otherwise() -> None:
    causal = FBANK + FRONT + CONFORMER.replace("causal: False", "d_model: 256")

    assert stack_of(causal).coverage.right < stack_of(FBANK + FRONT + CONFORMER).coverage.right
    assert figures(causal) == figures(FBANK + FRONT + CONFORMER)


def test_there_may_be_no_encoder() -> None:
    text = FBANK + FRONT + CONFORMER.replace("num_encoder_layers: 12", "num_encoder_layers: 0")

    assert figures(text) == (640, 400 + 6 * 160)
    assert loud(text) == []


def test_blocks_of_the_front_end_stride_at_their_end() -> None:
    text = FBANK + FRONT.replace("num_layers_per_block: 1", "num_layers_per_block: 2") + CONFORMER

    # two convolutions of 3, the second strided, at each rate
    assert figures(text) == (640, 400 + (2 + 2 + 4 + 4 + 12 * 30 * 4) * 160)


def test_of_a_pair_the_last_is_that_of_time() -> None:
    pairs = FRONT.replace("strides: (2, 2)", "strides: [[2, 1], [1, 2]]")

    assert figures(FBANK + pairs + CONFORMER)[0] == 320


def test_a_list_shorter_than_the_blocks() -> None:
    text = FBANK + FRONT.replace("strides: (2, 2)", "strides: [2]") + CONFORMER

    assert told(text, "RF201", "`strides` has 1 entries, `num_blocks` has 2")


def test_causal_padding_of_two_dimensions_pads_the_frequency() -> None:
    text = FBANK + FRONT.replace("strides: (2, 2)", "strides: (2, 2)\n    padding: causal") + CONFORMER

    assert told(text, "RF509", "padding: causal")


def test_crdnn_pools_time_before_its_recurrence() -> None:
    assert figures(FBANK + CRDNN) == (640, 400 + (2 * 4 + 3) * 160)
    assert figures(FBANK + CRDNN.replace("using_2d_pooling: False", "using_2d_pooling: True"))[0] == 2560
    assert stack_of(FBANK + CRDNN).coverage.unbounded
    assert loud(FBANK + CRDNN) == []


@pytest.mark.parametrize(
    ("network", "step", "frames"),
    [
        ("ECAPA_TDNN.ECAPA_TDNN\n    channels: [9, 9, 9, 9, 9]", 160, 1 + 4 + 7 * 2 * (2 + 3 + 4)),
        ("Xvector.Xvector\n    in_channels: 24", 160, 1 + 4 + 4 + 6),
        ("ResNet.ResNet\n    input_size: 80", 1280, 1 + 2 + 12 + (6 + 24) + (12 + 80) + (24 + 64)),
        ("EnhanceResnet.EnhanceResnet\n    channel_counts: [8, 8]", 160, 1 + 2 * 6),
    ],
)
def test_networks_by_class(network: str, step: int, frames: int) -> None:
    text = FBANK + f"model: !new:speechbrain.lobes.models.{network}\n"

    assert figures(text) == (step, 400 + (frames - 1) * 160)
    assert stack_of(text).coverage.unbounded
    assert loud(text) == []


def test_lists_of_ecapa() -> None:
    text = FBANK + "model: !new:speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN\n    channels: [9, 9, 9, 9, 9]\n"

    assert told(text + "    dilations: [1, 2, 3, 1]\n", "RF201", "`dilations` has 4")


def test_an_enhancer_makes_its_own_spectra_from_milliseconds() -> None:
    text = "model: !new:speechbrain.lobes.models.EnhanceResnet.EnhanceResnet\n    channel_counts: [8, 8]\n"

    assert figures(text, "frontend") == (256, 512)
    assert figures(text) == (256, 512 + 2 * 6 * 256)


def test_containers_in_the_order_of_the_file() -> None:
    text = (
        FBANK
        + """
cnn: !new:speechbrain.nnet.containers.Sequential
    input_shape: [null, null, 80]
    norm1: !new:speechbrain.nnet.normalization.LayerNorm
    cnn1: !name:speechbrain.lobes.models.CRDNN.CNN_Block
        kernel_size: (3, 3)
    cnn2: !name:speechbrain.nnet.CNN.Conv1d
        kernel_size: 5
        dilation: 2
        padding: causal
rnn: !new:speechbrain.nnet.RNN.GRU
    bidirectional: True
"""
    )
    assert figures(text) == (160, 400 + (4 + 8) * 160)
    assert stack_of(text).coverage.unbounded


def test_a_layer_whose_reach_is_not_known() -> None:
    text = FBANK + "cnn: !new:speechbrain.nnet.containers.Sequential\n    q: !name:speechbrain.nnet.CNN.SincConv {}\n"

    assert notes(text) == ["the reach of `q` is not known"]
    assert figures(text, "frontend") == (160, 400)


# -- over the waveform --------------------------------------------------------------------------------------------


def test_pretrained_encoders() -> None:
    assert figures(WAV2VEC) == (320, 400)
    assert figures(WAV2VEC.replace("wav2vec2.Wav2Vec2", "whisper.Whisper")) == (320, 400 + 4 * 160)
    assert loud(WAV2VEC) == []
    assert told(WAV2VEC.replace("16000", "8000"), "RF403", "`sample_rate` 8000 differs from 16000")


def test_pretrained_encoders_had_other_names_before_1_0() -> None:
    place, new = "lobes.models.huggingface", "integrations.huggingface.wav2vec2.Wav2Vec2"

    assert figures(WAV2VEC.replace(new, f"{place}_wav2vec.HuggingFaceWav2Vec2")) == (320, 400)
    assert figures(WAV2VEC.replace(new, f"{place}_whisper.HuggingFaceWhisper")) == (320, 400 + 4 * 160)


def test_thinned_frames_are_not_counted() -> None:
    thinned = WAV2VEC + "down: !new:speechbrain.lobes.downsampling.PoolingDownsampler\n    downsampling_factor: 2\n"

    assert model_of(thinned).stacks == []


def test_a_latent_extractor_is_unpadded_and_reads_16_khz() -> None:
    model = model_of(LATENT)

    assert figures(LATENT) == (320, 11 + 2 * (5 + 10 + 20 + 40 + 80 + 160))
    assert model.sample_rate is not None and model.sample_rate.value == 16000
    assert stack_of(LATENT).coverage.unbounded
    assert loud(LATENT) == []


def test_segan_halves_eleven_times() -> None:
    assert figures(SEGAN)[0] == 2048
    assert loud(SEGAN) == []
    assert told(SEGAN.replace("16384", "16000"), "RF502", "`chunk_size` of 16000")


def test_a_container_that_reads_samples() -> None:
    text = """
sample_rate: 16000
model: !new:speechbrain.nnet.containers.Sequential
    input_shape: [null, null, 1]
    conv1: !name:speechbrain.nnet.CNN.Conv1d {kernel_size: 55}
    conv2: !name:speechbrain.nnet.CNN.Conv1d {kernel_size: 55}
"""
    assert figures(text) == (1, 109)


# -- what must agree ----------------------------------------------------------------------------------------------


def test_features_that_never_hear_of_the_rate() -> None:
    text = FBANK.replace("    sample_rate: !ref <sample_rate>\n", "") + CRDNN

    assert loud(text) == []
    assert told(text.replace("16000", "8000"), "RF403", "`sample_rate` 8000 differs from 16000")


def test_the_window_fits_the_fft() -> None:
    assert told(FBANK.replace("n_fft: 400", "n_fft: 256") + CRDNN, "RF401", "400")
    assert loud(FBANK.replace("n_fft: 400", "n_fft: 512") + CRDNN) == []


def test_a_stated_resolution() -> None:
    text = FBANK + CRDNN.replace("time_pooling: True", "time_pooling: False")

    assert loud(text + "time_resolution: 0.01\n") == []
    assert told(text + "time_resolution: 0.02\n", "RF101", "`time_resolution: 0.02` says 20 ms")


def test_padding_to_whole_frames_of_the_encoder() -> None:
    text = FBANK + FRONT + CONFORMER

    assert loud(text + "pad_to_divisible_by: 4\np_input: 320\n") == []
    assert told(text + "pad_to_divisible_by: 6\n", "RF502", "`pad_to_divisible_by` of 6")
    assert told(text + "pad_to_divisible_by: 4\np_input: 160\n", "RF405", "`p_input` 160 differs from 320")


# -- files of others ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "lm: !new:speechbrain.lobes.models.RNNLM.RNNLM\n    output_neurons: 5\n",
        FBANK + "generator: !new:speechbrain.lobes.models.HifiGAN.HifiganGenerator {}\n",
        FBANK + "model: !new:speechbrain.lobes.models.Tacotron2.Tacotron2 {}\n",
        "compute_features: {n_mels: 80}\nencoder: conformer\n",
        "- !new:speechbrain.lobes.features.Fbank {}\n",
    ],
)
def test_other_files_are_left_alone(text: str) -> None:
    assert dialect_of(text) != "speechbrain/asr"


@pytest.mark.parametrize(("key", "value"), [("n_fft: 400", "n_fft: -1"), ("16000", "0"), ("16000", "many")])
def test_impossible_numbers_are_not_counted_with(key: str, value: str) -> None:
    assert model_of(FBANK.replace(key, value) + CRDNN).stack("encoder") is None


def test_a_recipe_may_include_another_file() -> None:
    assert figures("features: !include:fbank.yaml\n" + CRDNN, fbank=FBANK) == (640, 400 + 11 * 160)


CTC = "ctc_cost: !name:speechbrain.nnet.losses.ctc_loss\n    blank_index: 0\n"


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        (CTC + "token_type: char\n", True),
        (CTC + "output_neurons: 29\n", True),
        (CTC + "output_neurons: 1000\n", False),
        (CTC + "token_type: char\noutput_neurons: 4000\n", False),
        (CTC + "token_type: unigram\n", False),
        (CTC + "token_type: char\nctc_weight: 0.0\n", False),
        ("token_type: char\n", False),
    ],
)
def test_ctc_needs_frames_as_often_as_letters(more: str, wrong: bool) -> None:
    """A frame every 40 ms, then every 64 ms."""
    text = FBANK + FRONT + CONFORMER + more
    slow = text.replace("    n_fft:", "    hop_length: 16\n    n_fft:")

    assert loud(text) == []
    assert told(slow, "RF508", "A frame every 64 ms") is wrong


CONTAINER = """
more: !new:speechbrain.nnet.CNN.Conv2d
    kernel_size: (3, 3)
    stride: (1, 2)
wrapped: !new:torch.nn.Sequential
    - !ref <CNN>
    - !ref <more>
"""
POOLED = "modules:\n    CNN: !ref <CNN>\n    BoundaryPredictor: 1\n"


@pytest.mark.parametrize(("more", "stacks"), [("", 2), (CONTAINER, 1), (POOLED, 1)])
def test_what_stands_behind_the_front_end_is_not_passed_over(more: str, stacks: int) -> None:
    assert len(model_of(FBANK + FRONT + CONFORMER + more).stacks) == stacks
