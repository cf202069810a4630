"""whisper-vits-svc and lora-svc (PlayVoice): BigVGAN with a harmonic source, in the maps `data` or `audio` and `gen`."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.dialects import flat_hifigan as flat, vits_envelope as envelope
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.generators import Shape, anti_aliased, arity, hifigan, source_fits
from rflint.documents import Cursor
from rflint.model import Model

NAME, TITLE = "playvoice", "whisper-vits-svc and lora-svc (gen: upsample_rates)"
SCHEMA, LOADER = "playvoice", "omegaconf"

FRAMES = 100  # prepare/preprocess_f0.py: hop 160 at 16 kHz; preprocess_ppg.py: 320 at 16 kHz, repeated twice
PERIOD = "f0 comes every 10 ms and content features every 20 ms, repeated twice: hop_length x 100 is the sample rate"
SOURCE = "the harmonic source is brought down with padding stride // 2, which loses a sample for an odd stride (generator.py)"
READS = 3  # vits_decoder/bigv.py, AMPBlock: dilation[0] to dilation[2]


def recognise(root: Cursor) -> bool:
    gen = root["gen"]
    return (
        gen[flat.RATES].is_list()
        and gen.has(flat.BRANCHES)
        and (root["data"].is_mapping() or root["audio"].is_mapping())
    )


def read(root: Cursor) -> Iterator[Model]:
    sound = root["audio"] if root["audio"].has("hop_length") else root["data"]
    analysis = Analysis.read(sound["sampling_rate"], sound["hop_length"], sound["win_length"], sound["filter_length"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.frontend(model, center=False)
    analysis.below_nyquist(model, sound["mel_fmax"])
    analysis.cropped(model, known(sound.first("segment_size", "segment_length")), "crash", envelope.CROP)
    envelope.period(model, analysis, FRAMES, PERIOD)
    with model.deriving("generator"):
        lists = flat.read_lists(model, root["gen"])
        arity(model, lists, READS, "AMPBlock")
        stages = hifigan(lists, Shape(reads=READS, activation=(anti_aliased(),)))
        flat.generator(model, analysis, lists, stages, because=envelope.PRODUCT)
        source_fits(model, lists, "crash", SOURCE)
    yield model
