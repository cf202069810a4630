"""No value, however strange, makes a dialect of separation, genomics or other signals fail."""

from __future__ import annotations

from typing import Any

from hostile import defects, with_an_odd_value
from hypothesis import given, strategies as st

from rflint.engine import check_text

NET = {"kernel_size": 3, "stride": 2, "depth": 3, "resample": 2}
CONFIGS: list[dict[str, Any]] = [
    {"audio": {"chunk_size": 100, "hop_length": 10, "n_fft": 40},
     "model": {"num_scales": 2, "scale": [2, 2], "num_blocks_per_scale": 1}},
    {"audio": {"chunk_size": 100}, "model": {"stft_hop_length": 10, "freqs_per_bands": [1, 2], "stft_n_fft": 4}},
    {"filterbank": {"n_filters": 8, "kernel_size": 4, "stride": 2}, "masknet": {"n_blocks": 2, "n_repeats": 2, "chunk_size": 4}},
    {"filterbank": {"n_filters": 8, "kernel_size": 4}, "masknet": {"upsampling_depth": 2, "num_blocks": 2}},
    {"sample_rate": 16000, "model": "demucs", "demucs": NET},
    {"dset": {"samplerate": 44100}, "model": "hdemucs", "hdemucs": {**NET, "nfft": 64}},
    {"class_name": "Sequential",
     "config": [{"class_name": "Conv1D", "config": {"kernel_size": [3], "strides": [2], "name": "c"}}]},
    {"model": {"seq_length": 64, "trunk": [{"name": "dilated_residual", "repeat": 3, "rate_mult": 2}], "target_length": 2}},
    {"seq_length": 64, "pool_width": 2, "crop_bp": 4, "target_length": 28},
    {"sample_rate": 8000, "frame_length": 64, "frame_step": 16, "T": 64, "F": 32, "model": {"type": "unet.unet"}},
    {"sr": 8000, "bins": 4, "band": {"1": {"sr": 8000, "hl": 4, "n_fft": 8}}},
    {"input_val": {"filterbank_features": {"sample_rate": 8000, "window_size": 0.02}},
     "jasper": {"encoder": {"blocks": [{"repeat": 2, "kernel_size": [3], "stride": [1], "dilation": [2]}]}}},
    {"feats": {"hop_length": 4, "n_window": 8, "sample_rate": 8000}, "data": {"net_subsample": 2}, "net": {"pooling": [[2, 2]]}},
    {"net": {"name": "WaveNet", "config": {"layers_configs": [{"kernel_size": 3, "dilations": [1, 2]}]}}},
    {"n_filters": 8, "n_layers": 2, "in_window": 100, "out_window": 20},
    {"conv_subsample_lengths": [1, 2], "conv_filter_length": 4, "conv_num_skip": 2},
    {"build": {"model_class_name": "UTime", "depth": 2, "pools": [2, 2], "batch_shape": [1, 2, 3, 4]}},
    {"audio_sr": 8000, "network_audio": {"backbone": "av_convtasnet", "L": 4, "P": 3, "X": 2, "R": 2}},
    {"network": "FRCRN_SE_16K", "mode": "train", "win_len": 8, "win_inc": 4, "fft_len": 8, "max_length": 1},
    {"network": "MossFormer2_SE_48K", "mode": "train", "sampling_rate": 48000, "win_len": 96, "win_inc": 48, "fft_len": 96},
    {"network": "MossFormer2_SS_8K", "encoder_kernel_size": 16, "decode_window": 1},
    {"DATA": {"NUM_FRAMES": 8, "SAMPLING_RATE": 2}, "MODEL": {"ARCH": "slowfast", "MODEL_NAME": "SlowFast"},
     "RESNET": {"NUM_BLOCK_TEMP_KERNEL": [[1, 1]] * 4}, "SLOWFAST": {"ALPHA": 2}},
    {"encoder": "conv", "encoder_conf": {"kernel_size": 4, "stride": 2}, "decoder": "conv",
     "decoder_conf": {"kernel_size": 4, "stride": 2}, "separator": "tcn", "separator_conf": {"layer": 2, "stack": 2}},
    {"encoder": "stft", "encoder_conf": {"n_fft": 8, "default_fs": 8000}, "decoder": "stft", "separator": "dccrn",
     "separator_conf": {"kernel_num": [4, 8]}},
    {"audio_cfg": {"sample_rate": 8000, "window_size": 8, "hop_size": 4, "mel_bins": 64, "clip_samples": 80, "fmax": 4000,
                   "model_type": "PANN", "model_name": "Cnn14"}},
    {"encoder_params": {"subsampling_module": "Conv2d", "subsampling_layers": 2, "subsampling_kernel_size": 3, "num_blocks": 3,
                        "kernel_size": [5, 3], "expand_blocks": [1], "strided_blocks": [1], "conv_stride": [2, 2],
                        "att_stride": 1, "att_group_size": [3, 1], "causal": False, "sample_rate": 8000,
                        "win_length_ms": 25, "hop_length_ms": 10, "n_fft": 256}},
    {"model": {"tse_model": "ConvTasNet"}, "dataset_args": {"resample_rate": 8000, "chunk_len": 100},
     "model_args": {"tse_model": {"L": 4, "P": 3, "X": 2, "R": 2, "encoder_type": "Multi"}}},
    {"model": {"tse_model": "BSRNN"}, "model_args": {"tse_model": {"sr": 8000, "win": 8, "stride": 4}}},
    {"acoustics": {"sr": 8000, "n_fft": 8, "win_length": 8, "hop_length": 4}, "dataset": {"args": {"sr": 8000}},
     "model": {"path": "fullsubnet.model.Model", "args": {"num_freqs": 5, "look_ahead": 2, "norm_type": "x"}}},
    {"input_val": {"filterbank_features": {"sample_rate": 8000, "n_filt": 2},
                   "frame_splicing": {"frame_stacking": 3, "frame_subsampling": 2}},
     "rnnt": {"in_feats": 6, "enc_stack_time_factor": 2, "custom_lstm": True}},
    {"audionet": {"audionet_name": "TDANet", "audionet_config": {"enc_kernel_size": 4}},
     "datamodule": {"data_config": {"sample_rate": 8000, "segment": 3.0}}},
    {"audionet": {"audionet_name": "SPMamba", "audionet_config": {"n_fft": 8, "stride": 4}}},
    {"dataset": {"sample_rate": 8000}, "model": {"dilations": 3, "num_stacks": 2, "target_field_length": 9,
     "input_length": 69, "filters": {"lengths": {"res": 3, "final": [3, 3]}}}},
    {"data": {"sample_rate": 8000, "segment": 4.0},
     "model": {"N": 8, "L": 4, "B": 8, "H": 8, "P": 3, "X": 2, "R": 2, "norm_type": "gLN", "causal": 0, "mask_nonlinear": "relu"}},
    {"model": {"convtasnet": {"N": 8, "kernel_size": 4, "stride": 2, "B": 8, "H": 8, "P": 3, "X": 2, "R": 2,
                              "norm_type": "cLN", "mask_nonlinear": "relu"}}},
    {"encoder": "same", "separator": "fasnet", "separator_conf": {"win_len": 4, "context_len": 2, "segment_size": 4}},
]  # fmt: skip


@given(st.sampled_from(CONFIGS), st.data())
def test_strange_values_are_findings_or_silence(config: dict[str, Any], data: st.DataObject) -> None:
    text = with_an_odd_value(config, data)
    assert [defects(text, name) for name in ("config.yaml", "config.json")] == [[], []]


def test_a_format_that_is_not_read_is_silent() -> None:
    assert check_text('[model]\nname = "x"\n[[encoder.sublayers]]\nstride = 5\n', "config.toml") == []
