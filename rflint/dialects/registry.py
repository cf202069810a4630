"""The dialects in the order of recognition: the first that recognises a file reads it.

A dialect's module is imported only for a file that holds one of its signatures: words that must all stand in the raw
text, separated by blanks. A file that holds none is let go unparsed. Every file that the dialect's ``recognise`` accepts
must hold one.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from rflint.dialects.signatures import Signature, Signatures, without_zeros


class Entry:
    """``module`` below ``rflint.dialects``, and its signatures."""

    __slots__ = ("module", "signatures")

    def __init__(self, module: str, *signatures: str) -> None:
        self.module = module
        self.signatures: list[Signature] = [tuple(words.encode().split()) for words in signatures]


TRANSFORMERS: Final = """
wav2vec2 hubert wavlm unispeech "sew data2vec-audio speecht5 moonshine muse_spark whisper moss_transcribe audio_encoder
qwen2_audio qwen3_asr voxtral glmasr audioflamingo3 dots3_note speech_to_text mctct parakeet nemotron lasr gemma3n_audio
gemma4_audio phi4_multimodal seamless_m4t fun_asr_nano granite_speech audio-spectrogram clap hifigan vits univnet bigvgan
code2wav encodec mimi pocket_tts "dac xcodec neucodec vibe musicgen parler moshi csm kyutai higgs_audio
speech-encoder conv_stride
"""
"""Parts of the names of audio models in transformers: its configs of text and vision models are let go unparsed."""

COQUI: Final = ("hifigan", "melgan", "wavegan", "univnet", "wavegrad", "wavernn", "vits")
NAM: Final = ("WaveNet", "ConvNet", "LSTM", "Linear")
"""Names of networks that these projects' configs hold."""

RECIPE: Final = "defaults: exp_manager"
"""NeMo's recipes whose model stands in Hydra groups."""

DIALECTS: Final[tuple[Entry, ...]] = (
    Entry("native", "rflint stack", "rflint targets"),
    Entry("qwen3_tts", "qwen3_tts_tokenizer_12hz"),  # its encoder's config is one of Mimi, a model of transformers
    # self-supervised encoders
    Entry("hf", "feature_extractor_type", *(f"model_type {kind}" for kind in TRANSFORMERS.split())),
    Entry(
        "s3prl",
        "extractor_conv_feature_layers",
        "transformer hop_ms",
        "transformer kaldi",
        "paras frame_shift",
        "kaldi feat_type",
        "win_ms hop_ms n_freq",
        "feat_type spectrogram hop_length",
        "unit_sec hop_length",
        "downstream_expert runner",
        "upstream downsample_rate",
        "upstream: downstream:",
    ),
    Entry("laion_clap", "audio_cfg window_size hop_size"),
    Entry("torchaudio_ssl", "extractor_conv_layer_config encoder_pos_conv_kernel"),
    Entry("eend", "frame_size frame_shift context_size subsampling input_transform"),
    Entry("unispeech", "frame_shift feat_type context_size subsampling"),
    Entry("fairseq2", "encoder_config", "feature_extractor_layer_descs"),
    Entry("fairseq_data", "vocab_filename", "audio_root input_feat_per_channel"),
    Entry(
        "fairseq",
        "conv_feature_layers",
        "feature_encoder_spec",
        "conv_kernel_sizes label_rate",
        "generator_kernel",
        "quantize_targets final_dim",
        "vq_type combine_groups",
        "audio_pretraining",
        "audio_finetuning",
        "audio_classification _name",
        "hubert_pretraining",
        "hubert_pretrain encoder_conf",
        "unpaired_audio_text",
        "audio_ccas",
        "_name hubert",
        "_name wav2vec",
        "_name data2vec",
        "_name contentvec",
        "_name mert",
        "_name speechut",
        "_name speechlm",
        "_name speech2c",
        "stack_order_audio",
        "conv_aggregator_layers",
        "label_rate labels",
        "defaults: task: model:",
    ),
    # speech recognition: NeMo, TensorFlowASR, torchaudio
    Entry("nemo_audio", "nemo.collections.a AudioToSpectrogram", RECIPE),
    Entry("nemo_speechlm", "nemo.collections. modality_adapter", "nemo.collections. perception", RECIPE),
    Entry(
        "nemo_tts", "nemo.collections.tts.", "synthesizer upsample_rates", "train_n_segments n_window_stride", RECIPE
    ),
    Entry("nemo_asr", "nemo.collections.asr.", "jasper kernel filters", "subsampling_factor encoder", RECIPE),
    Entry(
        "nemo_inference",
        "window_length_in_sec shift_length_in_sec",
        "chunk_len_in_sec",
        "model_stride",
        "chunk_overlap_frames",
    ),
    Entry("tensorflow_asr", "tensorflow_asr. model_config", "speech_config frame_ms stride_ms"),
    Entry("torchaudio_rnnt", "time_reduction_stride"),
    Entry("efficient_conformer", "encoder_params subsampling_module"),
    Entry("e2e_asr", "feat_type sample_style"),
    Entry("kaldi_splice", "splice_ind", "splice-ind", "layerwise_splice", "tdnn_splices"),
    # speech recognition: ESPnet, SpeechBrain, WeNet, FunASR and others
    Entry("wespeaker", "model_args dataset_args"),
    Entry("paddlespeech_asr", "preprocess_config", "process: n_shift"),
    Entry(
        "paddlespeech_audio",
        "chunk_buffer_conf",
        "attention_channels",
        "paddlespeech.kws.models",
        "paddlespeech.cls.models",
    ),
    Entry("funasr", "WavFrontend", "WhisperFrontend", "wav_frontend frontend_conf"),
    Entry("wekws", "backbone hidden_dim"),
    Entry("three_d_speaker", "speakerlab.models."),
    Entry(
        "wenet",
        "encoder_conf dataset_conf",
        "efficientConformer encoder_conf",
        "encoder_conf pos_enc_layer_type",
        "encoder_conf use_dynamic_chunk",
        "encoder_conf is_json_cmvn",
    ),
    Entry("speechbrain_separation", "speechbrain.lobes.models.dual_path.Encoder"),
    Entry(
        "speechbrain_moabb",
        "models.EEGNet.EEGNet",
        "models.ShallowConvNet.ShallowConvNet",
        "models.EEGConformer.EEGConformer",
    ),
    Entry("speechbrain_asr", "!new:speechbrain.", "!include:"),
    Entry("espnet_transducer", "body_conf block_type"),
    Entry("espnet_speaker", "frontend preprocessor spk"),
    Entry("espnet_asr", "encoder_conf"),
    Entry(
        "espnet_enh",
        "encoder separator_conf",
        "encoder separator criterions",
        "encoder extractor_conf",
        "encoder diffusion_model",
    ),
    Entry("whisper_dims", "n_mels n_audio_ctx n_audio_state"),
    # codecs
    Entry("focalcodec", "focalcodec.wavlm.WavLM", "encoder_config decoder_config WavLM"),
    Entry(
        "audiocraft",
        "seanet rvq",
        "seanet encodec",
        "seanet audioseal",
        "seanet nbits",
        "compression_model",
        "defaults compression/",
        "defaults watermark/",
        "defaults encodec/",
        "defaults score/",
        "diffusion_unet",
    ),
    Entry("stable_audio", "model_type sample_size", "AutoencoderOobleck"),
    Entry("speechtokenizer", "strides semantic_dimension n_q"),
    Entry("snac", "vq_strides encoder_rates"),
    Entry("xcodec", "generator SoundStream ratios"),
    Entry("wavtokenizer", ".EncodecFeatures head"),
    Entry("bigcodec", "codec_encoder codec_decoder", "defaults preprocess model"),
    Entry("facodec", "model_params DAC encoder_rates"),
    Entry("dualcodec", "dualcodec. DualCodec"),
    Entry("amphion_codec", "up_ratios num_quantizers", "repcodec representation_type", "coco downsample_rate"),
    Entry("funcodec", "encodec_seanet_encoder quantizer"),
    Entry("nemo_codec", "nemo.collections.tts.modules. audio_encoder audio_decoder", RECIPE),
    Entry("moshi", "delays dep_q", "delays mimi_name", "n_q depformer_dim", "seanet transformer frame_rate quantizer"),
    Entry("fish_dac", "modded_dac.DAC"),
    Entry("firefly", "firefly.FireflyArchitecture", "fish_vocoder.modules.generators"),
    Entry("xy_tokenizer", "semantic_encoder_kwargs quantizer_kwargs"),
    Entry("espnet_codec", "codec_conf generator_params"),
    Entry("audiodec", "generator_params enc_strides"),
    Entry("dac", "DAC.", "$include", "DAC encoder_rates", "encoder_rates", "decoder_rates"),
    # separation, genomics and other signals
    Entry(
        "msst",
        *(
            f"audio chunk_size {key}"
            for key in """num_blocks_per_scale stft_hop_length band_SR n_conv_modules n_sqm_modules num_repeat_mask
                n_bands num_subbands demucs stft feature_dim""".split()
        ),
    ),
    Entry("demucs", "demucs depth kernel_size", "swave"),
    Entry("asteroid", "filterbank masknet", "filterbank demask_net", "window_ms context_ms", "nhop window_length"),
    Entry("keras_json", "class_name config 1D", "class_name config 2D rflint axis"),
    Entry("bonito", "package bonito."),
    Entry("basenji", "seq_length trunk", "seq_length pool_width crop_bp"),
    Entry("spleeter", "frame_length frame_step"),
    Entry("vr_bands", "band hl n_fft"),
    Entry(
        "nvidia_jasper",
        "encoder blocks kernel_size filterbank_features",
        "rnnt enc_stack_time_factor filterbank_features",
    ),
    Entry("desed", "pooling net_subsample"),
    Entry(
        "nam",
        *(f'{name} "net" config' for name in NAM),
        *(f"{name} net: config" for name in NAM),
        *(f'{name} "weights" architecture' for name in NAM),
    ),
    Entry("bpnet", "in_window out_window", "syntax_module_params"),
    Entry("ecg_resnet", "conv_subsample_lengths"),
    Entry("utime", "model_class_name build"),
    Entry("wesep", "tse_model model_args"),
    Entry("conv_tasnet", "Conv_Tasnet audio_setting", "mask_nonlinear norm_type", "convtasnet mask_nonlinear"),
    Entry("look2hear", "audionet_name audionet_config"),
    Entry("fullsubnet", "acoustics look_ahead"),
    Entry("clearervoice", "network_audio audio_sr", "network FRCRN_SE_16K", "network MossFormer"),
    Entry("slowfast", "ARCH NUM_FRAMES", "ARCH SAMPLING_RATE"),
    # vocoders and synthesis with frameworks of their own
    Entry("vocos", "feature_extractor head class_path"),
    Entry("espnet_tts", "tts_conf _params", "svs_conf _params"),
    Entry(
        "audiodec_vocoder", "generator_params upsample_scales batch_length", "generator_params upsample_scales analyzer"
    ),
    Entry("lvcnet", "cond_hop_length", "model_params generator_params upsample_params ParallelWaveGAN"),
    Entry("fastdiff", "upsample_ratios lvc_layers_each_block lvc_kernel_size"),
    Entry("tensorflow_tts", "_generator_params", "trim_frame_size fft_size format"),
    Entry("paddle_tts", "fs n_shift"),
    Entry(
        "pwg",
        "generator_params batch_max_steps",
        "generator_params hop_size",
        "generator_params crop_max_frames",
        "generator_params base_config upsample_scales",
    ),
    Entry(
        "amphion",
        "preprocess generator",
        "preprocess vocos",
        "base_config model_type",
        "preprocess hop_size sample_rate",
        "_frameshift",
        "mert_hop_size",
    ),
    Entry(
        "coqui",
        "audio generator_model",
        "audio l1_spec_loss_params",
        "audio num_mels sample_rate",
        "audio upsample_rates",
        *(f"audio sample_rate {name}" for name in COQUI),
        *(f"audio hop_length {name}" for name in COQUI),
    ),
    Entry("univnet", "kpnet_conv_size strides"),
    Entry("melgan", "segment_length n_mel_channels"),
    Entry("wavegrad", "model_config factors data_config"),
    Entry("wavenet_vocoder", "upsample_conditional_features", "fft_size hop_size frame_shift_ms"),
    Entry("waveglow", "data_config hop_length"),
    Entry("lmnt", "hop_samples"),
    Entry("speechbrain_vocoder", "upsample_factors resblock_type", "HifiganGenerator", "DiffWave.DiffWave"),
    # HiFi-GAN, VITS and their children
    Entry("cosyvoice", "hift istft_params"),
    Entry("styletts2", "model_params decoder spect_params", "Modules.hifigan.Decoder", "Modules.istftnet.Decoder"),
    Entry("seed_vc", "model_params vocoder spect_params", "mel_fn hop_size sampling_rate"),
    Entry(
        "sifigan",
        "sifigan.models",
        "usfgan.models",
        "defaults generator sifigan",
        "defaults generator usfgan",
        "batch_max_length hop_size",
        "shiftms hop_size",
    ),
    Entry("singing_vocoders", "audio_sample_rate model_args upsample_rates"),
    Entry(
        "moon_diffsinger",
        "upsample_rates base_config",
        "upsample_rates audio_sample_rate",
        "upsample_rates max_samples",
    ),
    Entry("piper", "phoneme_id_map quality"),
    Entry("ddsp_svc", "block_size encoder_hop_size"),
    Entry("playvoice", "upsample_rates gen resblock_kernel_sizes"),
    Entry("hierspeech", "upsample_rates model resblock"),
    Entry("mb_istft_vits", "upsample_rates gen_istft_n_fft model"),
    Entry("wetts", "upsample_rates vocoder_type"),
    Entry("gpt_sovits", "upsample_rates semantic_frame_rate"),
    Entry("rvc", "upsample_rates spk_embed_dim"),
    Entry("freevc", "upsample_rates ssl_dim use_spk"),
    Entry("so_vits_svc", "upsample_rates ssl_dim"),
    Entry("vits", "upsample_rates model"),
    Entry("unit_hifigan", "upsample_rates code_hop_size", "upsample_rates num_embeddings"),
    Entry("f0_vqvae", "f0_encoder_params f0_decoder_params"),
    Entry("hificodec", "upsample_rates n_code_groups"),
    Entry("bigvgan", "upsample_rates activation snake"),
    Entry(
        "istftnet",
        "upsample_rates gen_istft_n_fft",
        "upsample_rates istft_n_fft",
        "upsample_rates istft_filter_length",
    ),
    Entry("multiband_hifigan", "upsample_rates output_channel"),
    Entry("fregan", "upsample_rates resblock_dilation_sizes"),
    Entry("hifigan", "upsample_rates"),
    Entry("openutau", "phonemes acoustic vocoder", "hop_size num_mel_bins .onnx", "hop_size sample_rate"),
    Entry(
        "micro_wake_word",
        "mixconv_kernel_sizes",
        "model stride spectrogram_frames",
        "model stride runtime step_ms",
        "micro feature_step_size sliding_window_size",
    ),
    Entry("opennmt", "src_seq_length window_stride"),
    Entry("tensorflow_wavenet", "filter_width dilations sample_rate"),
    Entry("wavenet_denoising", "num_stacks dilations target_field_length"),
    # files that hold an analysis and no net: last, since every vocoder holds one
    Entry(
        "acoustic",
        "hop_length win_length n_fft",
        "hop_length win_length filter_length",
        "hop_length win_length fft_size",
        "hop_size win_size n_fft",
        "hop_size win_size fft_size",
        "hop_size win_length n_fft",
        "hop_size win_length fft_size",
    ),
)


@cache
def _signatures() -> Signatures:
    return Signatures(entry.signatures for entry in DIALECTS)


def signed(raw: bytes) -> list[Entry]:
    """The dialects whose signature stands in a text, in the order of recognition."""
    return [DIALECTS[number] for number in _signatures().found_in(without_zeros(raw))]
