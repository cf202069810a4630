"""FunASR: frames stacked to a low rate, encoders by class, masks, chunks and voice activity that must agree with them."""

from __future__ import annotations

import pytest
from speech_files import dialect_of, figures, loud, model_of, notes, stack_of, told

LOW_RATE = "frontend_conf: {fs: 16000, n_mels: 80, frame_length: 25, frame_shift: 10, lfr_m: 7, lfr_n: 6}\n"
PARAFORMER = (
    """
model: Paraformer
encoder: SANMEncoder
encoder_conf: {input_layer: pe, num_blocks: 50, kernel_size: 11, sanm_shfit: 0}
frontend: WavFrontend
specaug: SpecAugLFR
specaug_conf: {lfr_rate: 6}
"""
    + LOW_RATE
)
STREAMING = PARAFORMER.replace("model: Paraformer", "model: ParaformerStreaming").replace(
    "sanm_shfit: 0",
    "sanm_shfit: 0, chunk_size: [12, 15], stride: [8, 10], pad_left: [0, 0], encoder_att_look_back_factor: [4, 4]",
)
VAD = """
model: FsmnVADStreaming
model_conf: {sample_rate: 16000, frame_in_ms: 10, frame_length_ms: 25, max_end_silence_time: 800}
frontend: WavFrontendOnline
frontend_conf: {fs: 16000, n_mels: 80, frame_length: 25, frame_shift: 10, lfr_m: 5, lfr_n: 1}
encoder: FSMN
encoder_conf: {input_dim: 400, fsmn_layers: 4, lorder: 20, rorder: 0, lstride: 1, rstride: 0}
"""
KEYWORDS = """
model: FsmnKWS
frontend: WavFrontend
frontend_conf: {fs: 16000, n_mels: 40, frame_length: 25, frame_shift: 10, lfr_m: 7, lfr_n: 3}
encoder: FSMN
encoder_conf: {input_dim: 280, fsmn_layers: 4, lorder: 10, rorder: 2, lstride: 1, rstride: 1}
"""
CONFORMER = """
model: Conformer
encoder: ConformerEncoder
encoder_conf: {input_layer: conv2d, num_blocks: 12, cnn_module_kernel: 15}
frontend: WavFrontend
frontend_conf: {fs: 16000, n_mels: 80, frame_length: 25, frame_shift: 10}
"""
WHISPER = """
model: WhisperWarp
frontend: WhisperFrontend
frontend_conf: {fs: 16000}
dims: {n_mels: 80, n_audio_ctx: 1500}
"""


def test_paraformer_reads_seven_frames_every_six() -> None:
    assert figures(PARAFORMER, "frontend") == (960, 400 + 6 * 160)
    assert figures(PARAFORMER) == (960, 400 + (6 + 50 * 10 * 6) * 160)
    assert stack_of(PARAFORMER).factor_text() == "160 × 6"
    assert loud(PARAFORMER) == []


def test_a_shift_moves_the_memory_back() -> None:
    shifted = PARAFORMER.replace("sanm_shfit: 0", "sanm_shfit: 5")

    assert figures(shifted) == figures(PARAFORMER)
    assert stack_of(shifted).coverage.right == 400 + 3 * 160 - 1  # three of the seven frames are ahead


def test_a_second_row_of_blocks() -> None:
    text = PARAFORMER.replace("num_blocks: 50", "num_blocks: 5, tp_blocks: 2")

    assert figures(text) == (960, 400 + (6 + 7 * 10 * 6) * 160)


def test_memories_of_fsmn() -> None:
    assert figures(VAD) == (160, 400 + (4 + 4 * 19) * 160)
    assert figures(KEYWORDS) == (480, 400 + (6 + 4 * (9 + 2) * 3) * 160)
    assert loud(VAD) == loud(KEYWORDS) == []


@pytest.mark.parametrize(
    ("encoder", "conf", "frames"),
    [
        ("ConformerEncoder", "cnn_module_kernel: 15, num_blocks: 12", 7 + 12 * 14 * 4),
        ("TransformerEncoder", "num_blocks: 12", 7),
        ("BranchformerEncoder", "cgmlp_conv_kernel: 31, num_blocks: 2", 7 + 2 * 30 * 4),
        ("EBranchformerEncoder", "cgmlp_conv_kernel: 31, merge_conv_kernel: 3, num_blocks: 2", 7 + 2 * 32 * 4),
        ("RWKVEncoder", "num_blocks: 4", 1 + 2 + 2 + 4 + 4 + 8 + 8),
    ],
)
def test_encoders_of_four_frames_a_step(encoder: str, conf: str, frames: int) -> None:
    text = CONFORMER.replace("ConformerEncoder", encoder).replace("num_blocks: 12, cnn_module_kernel: 15", conf)

    assert figures(text) == (640, 400 + (frames - 1) * 160)
    assert loud(text) == []


def test_whisper_and_an_adaptor_behind_it() -> None:
    text = WHISPER + "adaptor: Linear\nadaptor_conf: {downsample_rate: 5}\n"

    assert figures(text) == (320, 400 + 4 * 160)
    assert figures(text, "context") == (1600, 400 + 4 * 160 + 4 * 320)
    assert loud(text) == []


def test_a_speaker_model_without_an_encoder() -> None:
    text = "model: CAMPPlus\nfrontend: WavFrontend\nfrontend_conf: {}\n"

    assert figures(text)[0] == 320
    assert stack_of(text).coverage.unbounded


def test_defaults_are_those_of_the_code() -> None:
    text = "model: Paraformer\nencoder: SANMEncoder\nencoder_conf: {}\nfrontend: WavFrontend\n"

    assert figures(text, "frontend") == (160, 400)
    assert figures(text) == (640, 400 + (6 + 6 * 10 * 4) * 160)


def test_frames_that_do_not_snip_the_edges_are_centred() -> None:
    text = CONFORMER.replace("frame_shift: 10", "frame_shift: 10, snip_edges: false")

    assert figures(text, "frontend") == (160, 400)
    assert stack_of(text, "frontend").coverage.left == 120


def test_what_is_not_known_is_said() -> None:
    assert notes(CONFORMER.replace("ConformerEncoder", "OtherEncoder")) == [
        "the layers of `OtherEncoder` are not known"
    ]
    assert notes(CONFORMER.replace("encoder:", "other:")) == ["the layers of `Conformer` are not known"]


@pytest.mark.parametrize("frontend", ["default", "[WavFrontend]"])
def test_other_front_ends_are_left_alone(frontend: str) -> None:
    assert dialect_of(CONFORMER.replace("WavFrontend", frontend)) != "funasr"


def test_an_impossible_rate_is_not_counted_with() -> None:
    assert model_of(CONFORMER.replace("16000", "-1")).stacks == []


# -- what must agree ----------------------------------------------------------------------------------------------


def test_masks_cover_the_frames_joined() -> None:
    assert told(PARAFORMER.replace("lfr_rate: 6", "lfr_rate: 3"), "RF504", "`lfr_rate` 3 declared, but 6 come out")
    assert loud(PARAFORMER.replace("SpecAugLFR", "SpecAug").replace("lfr_rate: 6", "lfr_rate: 3")) == []


def test_the_network_reads_all_bands_of_the_joined_frames() -> None:
    assert told(VAD.replace("input_dim: 400", "input_dim: 80"), "RF405", "`input_dim` 80 differs from 400")


def test_voice_activity_is_timed_by_its_own_keys() -> None:
    assert told(VAD.replace("frame_in_ms: 10", "frame_in_ms: 20"), "RF504", "`frame_in_ms`")
    assert told(VAD.replace("frame_length_ms: 25", "frame_length_ms: 20"), "RF504", "`frame_length_ms`")
    assert told(VAD.replace("sample_rate: 16000", "sample_rate: 8000"), "RF403", "`sample_rate` 8000")


def test_a_chunk_holds_its_padding_and_its_stride() -> None:
    assert loud(STREAMING) == []
    assert told(STREAMING.replace("stride: [8, 10]", "stride: [8, 20]"), "RF502", "20")
    assert told(STREAMING.replace("stride: [8, 10]", "stride: [8]"), "RF201", "`stride` has 1")


def test_whisper_has_a_position_every_20_ms_of_30_s() -> None:
    assert loud(WHISPER) == []
    assert told(WHISPER.replace("n_audio_ctx: 1500", "n_audio_ctx: 3000"), "RF504", "`n_audio_ctx` 3000 declared")
