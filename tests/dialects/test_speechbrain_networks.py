"""SpeechBrain's recipes: learned front ends, maskers, sound taggers, pretrained encoders and what thins their frames."""

from __future__ import annotations

import pytest
from hostile import defects, with_an_odd_word
from hypothesis import given, settings, strategies as st
from speech_files import dialect_of, figures, loud, model_of, notes, stack_of, told

STFT = """
spectra: !new:speechbrain.processing.features.STFT
    sample_rate: 16000
    win_length: 32
    hop_length: 16
    n_fft: 512
"""
MASKER = """
masker: !new:speechbrain.lobes.models.transformer.TransformerSE.CNNTransformerSE
    output_size: 257
    num_layers: 3
    causal: False
    custom_emb_module: !new:speechbrain.nnet.containers.Sequential
        input_shape: [null, null, 257]
        conv1: !name:speechbrain.nnet.CNN.Conv1d {kernel_size: 3}
        conv2: !name:speechbrain.nnet.CNN.Conv1d {kernel_size: 5}
"""
LEAF = "features: !new:speechbrain.lobes.features.Leaf\n    out_channels: 24\n    in_channels: 1\n"
XVECTOR = "net: !new:speechbrain.lobes.models.Xvector.Xvector {in_channels: 24}\n"
UPSTREAM = "up: !new:speechbrain.integrations.huggingface.wavlm.WavLM {source: microsoft/wavlm-large}\n"


# -- LEAF ---------------------------------------------------------------------------------------------------------


def test_leaf_has_two_filters_of_one_sample_more_than_their_time() -> None:
    assert figures(LEAF + XVECTOR, "frontend") == (160, 401 + 400)
    assert stack_of(LEAF + XVECTOR, "frontend").coverage.left == 400
    assert figures(LEAF + XVECTOR) == (160, 801 + (4 + 4 + 6) * 160)


def test_leaf_drops_what_is_less_than_a_sample() -> None:
    text = LEAF + "    sample_rate: 22050\n    window_len: 20.0\n    window_stride: 11.0\n" + XVECTOR

    assert figures(text, "frontend") == (242, 442 + 441)  # int(22050 * 11 // 1000), int(22050 * 20 // 1000 + 1)
    assert stack_of(text, "frontend").coverage.left == 220 + 220  # an even window has its odd sample on the right
    assert told(text, "RF407", "`window_stride`")


def test_the_normalisation_of_leaf_remembers_all_that_came_before() -> None:
    assert stack_of(LEAF + XVECTOR, "frontend").coverage.unbounded
    assert not stack_of(LEAF + "    use_pcen: False\n" + XVECTOR, "frontend").coverage.unbounded


# -- maskers and taggers ------------------------------------------------------------------------------------------


def test_a_masker_of_convolutions_and_attention() -> None:
    assert figures(STFT + MASKER) == (256, 512 + (2 + 4) * 256)
    assert stack_of(STFT + MASKER).coverage.unbounded
    assert loud(STFT + MASKER) == []


def test_what_is_padded_is_reflected_and_asks_for_a_longer_input() -> None:
    # the first convolution pads by 1 frame, the second by 2, and reflection reads as many besides the first
    assert stack_of(STFT + MASKER).coverage.min_input() == 2 * 256
    assert stack_of(LEAF + XVECTOR).coverage.min_input() == 3 * 160 + 1  # TDNNs of 5, 3 and 3 with dilations 1, 2 and 3


def test_a_masker_looks_back_alone_unless_told_otherwise() -> None:
    causal = MASKER.replace("    causal: False\n", "").replace("}", ", padding: causal}")

    assert stack_of(STFT + causal).coverage.right == stack_of(STFT + causal, "frontend").coverage.right
    assert figures(STFT + causal) == figures(STFT + MASKER)


def test_a_masker_without_convolutions() -> None:
    text = STFT + "masker: !new:speechbrain.lobes.models.transformer.TransformerSE.CNNTransformerSE {d_model: 8}\n"

    assert figures(text) == (256, 512)


@pytest.mark.parametrize(
    ("network", "step", "frames"),
    [
        ("MetricGAN.EnhancementGenerator {num_layers: 2}", 256, 1),
        ("MetricGAN_U.EnhancementGenerator {}", 256, 1),
        ("PIQ.Conv2dEncoder_v2 {dim: 256}", 256 * 16, 1 + 3 * (1 + 2 + 4 + 8) + 2 * 16),
        ("Cnn14.Cnn14 {mel_bins: 80, emb_dim: 8}", 256 * 32, 1 + 5 * (1 + 2 + 4 + 8 + 16) + 4 * 32),
        ("VanillaNN.VanillaNN {dnn_blocks: 2}", 256, 1),
    ],
)
def test_networks_over_spectra(network: str, step: int, frames: int) -> None:
    text = STFT + f"net: !new:speechbrain.lobes.models.{network}\n"

    assert figures(text) == (step, 512 + (frames - 1) * 256)
    assert loud(text) == []


PLANE = """
net: !new:speechbrain.nnet.containers.Sequential
    input_shape: [null, null, 257]
    conv1: !name:speechbrain.nnet.CNN.Conv2d {kernel_size: [5, 9]}
    norm1: !name:speechbrain.nnet.normalization.BatchNorm2d {}
    conv2: !name:speechbrain.nnet.CNN.Conv2d {kernel_size: 3}
    last: !name:speechbrain.nnet.CNN.Conv2d {kernel_size: [257, 1], padding: valid}
"""


def test_of_two_dimensions_the_last_is_that_of_time() -> None:
    assert figures(STFT + PLANE) == (256, 512 + (8 + 2) * 256)


def test_swapped_axes_are_not_guessed() -> None:
    swapped = STFT + PLANE.replace("[5, 9]}", "[5, 9], swap: True}")

    assert notes(swapped) == ["the axis of time of `conv1` is not known"]


def test_causal_padding_of_two_dimensions_leaves_time_alone() -> None:
    causal = stack_of(STFT + PLANE.replace("[5, 9]}", "[5, 9], padding: causal}")).coverage

    assert (causal.left, causal.right) == (256 + 256, 255 + 9 * 256)


def test_pooling_inside_a_container() -> None:
    pool = "    pool: !new:speechbrain.nnet.pooling.Pooling1d {pool_type: avg, kernel_size: 3}\n"

    assert figures(STFT + PLANE + pool) == (768, 512 + (8 + 2 + 2) * 256)
    assert figures(STFT + PLANE + pool.replace("3}", "3, stride: 2}"))[0] == 512
    assert figures(STFT + PLANE + pool.replace("3}", "3, pool_axis: 2}")) == figures(STFT + PLANE)


COMPLEX = """
act: !new:torch.nn.LeakyReLU
net: !new:speechbrain.nnet.containers.Sequential
    input_shape: [null, null, 257]
    conv1: !name:speechbrain.nnet.complex_networks.c_CNN.CConv1d {kernel_size: 3}
    act1: !ref <act>
    conv2: !name:speechbrain.nnet.quaternion_networks.q_CNN.QConv1d {kernel_size: 5, stride: 2}
    act2: !ref <act>
"""
NORM = "    norm: !name:speechbrain.nnet.complex_networks.c_normalization.CLayerNorm {dim: -1}\n"


def test_complex_numbers_and_quaternions_keep_time_as_it_is() -> None:
    assert figures(STFT + COMPLEX) == (512, 512 + (2 + 4) * 256)
    assert not stack_of(STFT + COMPLEX).coverage.unbounded
    assert stack_of(STFT + COMPLEX + NORM).coverage.unbounded


def test_what_a_container_refers_to_is_not_passed_over() -> None:
    text = "conv: !name:speechbrain.nnet.CNN.Conv1d {kernel_size: 7}\n" + STFT + COMPLEX

    assert figures(text + "    conv3: !ref <conv>\n") == (512, 512 + (2 + 4 + 6 * 2) * 256)
    assert notes(text + "    more: !ref <spectra>\n") == ["the reach of `more` is not known"]


# -- ContextNet ---------------------------------------------------------------------------------------------------

CONTEXTNET = "net: !new:speechbrain.lobes.models.ContextNet.ContextNet\n    out_channels: 640\n"


def test_contextnet_halves_time_in_three_of_its_blocks() -> None:
    # conv_start; 2 blocks and the strided one at 1; 3 and one at 2; 6 and one at 4; 7 at 8; conv_end
    frames = 1 + 2 + 10 * 3 + 10 * 2 * 4 + 10 * 4 * 7 + 10 * 8 * 7 + 2 * 8

    assert figures(STFT + CONTEXTNET) == (256 * 8, 512 + (frames - 1) * 256)
    assert stack_of(STFT + CONTEXTNET).coverage.unbounded


def test_strides_of_contextnet() -> None:
    text = STFT + CONTEXTNET + "    num_blocks: 2\n    num_layers: 1\n    kernel_size: 5\n    strides: [2, 1]\n"

    assert figures(text) == (512, 512 + (4 + 4 + 4 * 2 + 4 * 2) * 256)
    assert notes(text.replace("[2, 1]", "[2]")) == ["`strides` has no entry for each of 2 blocks"]
    assert notes(text.replace("    strides: [2, 1]\n", "")) == ["`strides` has no entry for each of 2 blocks"]


# -- pretrained ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "samples"),
    [
        ("speechbrain.lobes.models.huggingface_transformers.WeightedSSLModel {hub: facebook/wav2vec2-base}", 400),
        ("speechbrain.integrations.audio_tokenizers.discrete_ssl.DiscreteSSL {kmeans_dataset: a}", 400),
        ("speechbrain.integrations.huggingface.wav2vec2.Wav2Vec2Pretrain {source: facebook/wav2vec2-base}", 400),
        ("speechbrain.integrations.huggingface.w2v_bert.W2VBert {source: facebook/w2v-bert-2.0}", 560),
        ("model.ProgressiveWavLM {source: microsoft/wavlm-large}", 400),
        ("model.ProgressiveWhisper {source: openai/whisper-small}", 400 + 4 * 160),
        ("utils.SBWav2Vec2ForwardWrapper\n    wav2vec2: " + UPSTREAM[4:], 400),
    ],
)
def test_pretrained_encoders(made: str, samples: int) -> None:
    counter = "counter: !new:speechbrain.utils.epoch_loop.EpochCounter {limit: 2}\n"
    text = f"sample_rate: 16000\nencoder: !new:{made}\n" + counter

    assert figures(text) == (320, samples)
    assert loud(text) == []
    assert told(text.replace("16000", "8000"), "RF403", "`sample_rate` 8000 differs from 16000")


def test_recordings_may_be_resampled_for_the_encoder() -> None:
    assert loud("sample_rate: 22050\nmodel_sample_rate: 16000\n" + UPSTREAM) == []


def test_a_network_behind_a_pretrained_encoder() -> None:
    assert figures(UPSTREAM + XVECTOR) == (320, 400 + (4 + 4 + 6) * 320)
    assert figures(UPSTREAM + CONTEXTNET)[0] == 320 * 8


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("Conv1DDownsampler {downsampling_factor: 2, kernel_size: 81}", (640, 81 + 399 * 2)),
        ("PoolingDownsampler {downsampling_factor: 2, kernel_size: 21}", (640, 21 + 399 * 2)),
        ("ConcatDownsampler {downsampling_factor: 5}", (1600, 400 + 4 * 320)),
    ],
)
def test_samples_or_frames_are_thinned_out(made: str, expected: tuple[int, int]) -> None:
    assert figures(UPSTREAM + f"down: !new:speechbrain.lobes.downsampling.{made}\n") == expected


def test_resampled_audio_is_not_counted_with() -> None:
    text = UPSTREAM + "down: !new:speechbrain.lobes.downsampling.SignalDownsampler {downsampling_factor: 3}\n"

    assert notes(text) == ["the samples before the encoder are resampled"]
    assert loud("sample_rate: 48000\n" + text) == []


# -- waveform -----------------------------------------------------------------------------------------------------

TWO_RECORDINGS = """
encoder: !new:speechbrain.nnet.containers.Sequential
    input_shape: [null, 2, null]
    cnn1: !new:speechbrain.nnet.CNN.Conv1d {kernel_size: 4, skip_transpose: True, padding: valid}
    cnn2: !new:speechbrain.nnet.CNN.Conv1d {kernel_size: 4, stride: 2, skip_transpose: True, padding: valid}
"""


def test_a_container_that_reads_two_recordings() -> None:
    assert figures(TWO_RECORDINGS) == (2, 7)
    assert stack_of(TWO_RECORDINGS).input_unit == "samples"
    assert stack_of(TWO_RECORDINGS.replace("[null, 2, null]", "[null, 40, null]")).input_unit == "frames"
    assert stack_of(TWO_RECORDINGS.replace("skip_transpose: True, ", "")).input_unit == "frames"
    assert dialect_of(TWO_RECORDINGS.replace("encoder:", "discriminator:")) is None


def test_a_container_of_an_included_file() -> None:
    net = """
generator: !new:speechbrain.nnet.containers.Sequential
    input_shape: [null, null, 1]
    conv1: !name:speechbrain.nnet.CNN.Conv1d {kernel_size: 11}
"""
    assert figures("models: !include:net.yaml\n", net=net) == (1, 11)
    assert model_of("models: !include:net.yaml\n", net=net).sample_rate is None


# -- networks alone -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (MASKER, (1, 1 + 2 + 4)),
        (PLANE, (1, 1 + 8 + 2)),
        (XVECTOR, (1, 15)),
        ("net: !new:speechbrain.lobes.models.CRDNN.CRDNN {time_pooling: True}\n", (2, 1 + 4 * 2 + 1)),
    ],
)
def test_a_network_over_frames_of_an_unknown_rate(text: str, expected: tuple[int, int]) -> None:
    assert figures(text) == expected
    assert stack_of(text).input_unit == "frames"
    assert model_of(text).sample_rate is None
    assert loud(text) == []


def test_a_network_without_convolutions_says_nothing_of_time() -> None:
    assert (
        dialect_of("generator: !new:speechbrain.lobes.models.MetricGAN.EnhancementGenerator {num_layers: 2}\n") is None
    )


# -- mel spectrograms in samples ----------------------------------------------------------------------------------

MEL = """
features: !name:speechbrain.lobes.models.Tacotron2.mel_spectogram
    sample_rate: 16000
    hop_length: 256
    win_length: 1000
    n_fft: 1024
    n_mels: 80
    f_max: 8000
"""


def test_mel_spectrograms_of_synthesis() -> None:
    assert figures(MEL + XVECTOR, "frontend") == (256, 1000)
    assert figures(MEL + XVECTOR) == (256, 1000 + 14 * 256)
    assert loud(MEL + XVECTOR) == []
    assert told(MEL.replace("1000", "2048") + XVECTOR, "RF401", "2048")
    assert told(MEL.replace("8000\n", "9000\n") + XVECTOR, "RF405", "9000")


def test_mel_spectrograms_of_torchaudio() -> None:
    text = """
features: !new:speechbrain.nnet.containers.Sequential
    spec: !new:torchaudio.transforms.MelSpectrogram {n_mels: 80}
"""
    assert figures(text, "frontend") == (200, 400)
    assert figures(text.replace("80}", "80, n_fft: 1024, hop_length: 256}"), "frontend") == (256, 1024)


def test_the_transform_of_a_score_model_stands_at_the_top() -> None:
    text = """
sample_rate: 16000
n_fft: 510
hop_length: 128
modules:
    score_model: !new:speechbrain.integrations.models.sgmse_plus.ScoreModel {backbone: ncsnpp_v2}
"""
    assert figures(text, "frontend") == (128, 510)
    assert stack_of(text, "frontend").coverage.left == 255
    assert notes(text) == ["no network of known layers is made here"]
    assert loud(text) == []


# -- hostile ------------------------------------------------------------------------------------------------------

TEXTS = [
    STFT + MASKER,
    STFT + PLANE,
    LEAF + "    window_len: 20.0\n    window_stride: 11.0\n" + XVECTOR,
    STFT + CONTEXTNET + "    num_blocks: 2\n    num_layers: 1\n    kernel_size: 5\n    strides: [ 2, 1 ]\n",
    MEL + XVECTOR,
    TWO_RECORDINGS,
    "sample_rate: 16000\nmodel: !new:utils.SBWav2Vec2ForwardWrapper\n    wav2vec2: " + UPSTREAM[4:],
    UPSTREAM
    + "down: !new:speechbrain.lobes.downsampling.Conv1DDownsampler { downsampling_factor: 2, kernel_size: 8 }\n",
]


@pytest.mark.parametrize("text", TEXTS)
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_no_word_is_a_defect(text: str, data: st.DataObject) -> None:
    assert defects(with_an_odd_word(text, data), "hparams.yaml") == []
