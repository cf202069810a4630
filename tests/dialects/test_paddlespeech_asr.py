"""PaddleSpeech recognisers: the features of the file beside, encoders of U2 and DeepSpeech2."""

from __future__ import annotations

from speech_files import dialect_of, figures, loud, model_of, notes, stack_of, told

PREPROCESS = """
process:
  - {type: fbank_kaldi, fs: 16000, n_mels: 80, n_shift: 160, win_length: 400, dither: 0.1}
  - {type: cmvn_json, cmvn_path: data/mean_std.json}
"""
LIBROSA = "process:\n  - {type: fbank, fs: 16000, n_mels: 80, n_fft: 512, n_shift: 160, win_length: 400}\n"
CONFORMER = """
preprocess_config: conf/preprocess.yaml
encoder: conformer
encoder_conf: {input_layer: conv2d, num_blocks: 12, cnn_module_kernel: 15, use_cnn_module: true}
stride_ms: 10.0
window_ms: 25.0
min_input_len: 0.5
max_input_len: 20.0
"""
DEEPSPEECH = """
preprocess_config: conf/preprocess.yaml
num_conv_layers: 2
num_rnn_layers: 5
rnn_layer_size: 1024
rnn_direction: bidirect
"""


def test_the_preprocessing_file_gives_the_frames() -> None:
    model = model_of(CONFORMER, preprocess=PREPROCESS)

    assert figures(CONFORMER, preprocess=PREPROCESS) == (640, 400 + (6 + 12 * 14 * 4) * 160)
    assert model.sample_rate is not None and model.sample_rate.origin == "referenced file"
    assert loud(CONFORMER, preprocess=PREPROCESS) == []


def test_without_it_nothing_is_derived() -> None:
    assert model_of(CONFORMER).stacks == []
    assert notes(CONFORMER) == ["the preprocessing file is not here"]


def test_the_preprocessing_file_alone_is_a_front_end() -> None:
    assert figures(PREPROCESS, "frontend") == (160, 400)
    assert loud(PREPROCESS) == []


def test_librosa_centres_its_frames() -> None:
    assert figures(LIBROSA, "frontend") == (160, 400)
    assert stack_of(LIBROSA, "frontend").coverage.left == 200
    assert told(LIBROSA.replace("n_fft: 512", "n_fft: 256"), "RF401", "256")
    assert loud(LIBROSA) == []


def test_deepspeech_recurs_both_ways_or_forward() -> None:
    both, forward = DEEPSPEECH, DEEPSPEECH.replace("bidirect", "forward")

    assert figures(both, preprocess=PREPROCESS) == (640, 400 + 6 * 160)
    assert stack_of(both, preprocess=PREPROCESS).coverage.total == (None, None, None)
    assert stack_of(forward, preprocess=PREPROCESS).coverage.right == 400 + 6 * 160 - 1
    assert loud(both, preprocess=PREPROCESS) == []


def test_deepspeech_always_has_two_convolutions() -> None:
    text = DEEPSPEECH.replace("num_conv_layers: 2", "num_conv_layers: 3")

    assert told(text, "RF408", "`num_conv_layers`", preprocess=PREPROCESS)
    assert figures(text, preprocess=PREPROCESS) == (640, 400 + 6 * 160)


def test_kaldi_features_are_made_from_the_older_keys() -> None:
    text = CONFORMER.replace("conf/preprocess.yaml", "null") + "target_sample_rate: 8000\n"

    assert figures(text, "frontend") == (80, 200)


def test_streaming_needs_causal_convolutions() -> None:
    text = CONFORMER.replace("use_cnn_module: true", "use_dynamic_chunk: true")

    assert told(text, "RF509", "use_dynamic_chunk: true", preprocess=PREPROCESS)
    assert loud(text.replace("num_blocks: 12", "num_blocks: 12, causal: true"), preprocess=PREPROCESS) == []


def test_the_older_keys_contradict_the_file() -> None:
    longer = PREPROCESS.replace("n_shift: 160", "n_shift: 320").replace("win_length: 400", "win_length: 800")

    assert told(CONFORMER, "RF101", "`stride_ms: 10` says 10 ms", preprocess=longer)
    assert told(CONFORMER, "RF103", "`window_ms: 25` says 25 ms", preprocess=longer)
    assert loud(CONFORMER.replace("10.0", "20.0").replace("25.0", "50.0"), preprocess=longer) == []


def test_rate_and_bands_contradict_the_file() -> None:
    stated = CONFORMER + "target_sample_rate: 8000\nfeat_dim: 40\n"

    assert told(stated, "RF403", "8000", preprocess=PREPROCESS)
    assert told(stated, "RF405", "`feat_dim` 40", preprocess=PREPROCESS)


def test_an_impossible_rate_is_not_counted_with() -> None:
    assert model_of(PREPROCESS.replace("16000", "-1")).stacks == []


def test_other_files_are_left_alone() -> None:
    assert dialect_of("preprocess_config: conf/preprocess.yaml\nencoder: [conformer]\nencoder_conf: {}\n") is None
    assert dialect_of("process: [{type: cmvn_json}]\n") is None


WAVEFORM = """
preprocess_config: conf/preprocess.yaml
conv_dim: [8, 8]
conv_stride: [5, 2]
conv_kernel: [10, 3]
num_conv_pos_embeddings: 4
feat_extract_norm: layer
"""


def test_wav2vec2_reads_samples() -> None:
    assert figures(WAVEFORM) == (10, 20)
    assert figures(WAVEFORM, "context") == (10, 20 + 3 * 10)
    assert loud(WAVEFORM) == []
    assert not stack_of(WAVEFORM).coverage.unbounded
    assert stack_of(WAVEFORM.replace("layer", "group")).coverage.unbounded


def test_wav2vec2_takes_an_entry_of_each_list() -> None:
    assert told(WAVEFORM.replace("[5, 2]", "[5, 2, 2]"), "RF201", "`conv_stride` has 3")
    assert notes(WAVEFORM + "add_adapter: true\n") == ["the adapter behind the transformer is not counted"]


def test_the_published_stack_was_made_for_frames_of_20_ms() -> None:
    published = WAVEFORM.replace("[5, 2]", "[5, 2, 2, 2, 2, 2, 2]").replace("[10, 3]", "[10, 3, 3, 3, 3, 2, 2]")
    published = published.replace("[8, 8]", "[8, 8, 8, 8, 8, 8, 8]")

    assert figures(published) == (320, 400)
    assert loud(published) == []
