"""WavTokenizer and Languagecodec: EnCodec's encoder, Vocos as decoder, in LightningCLI files.

Sources: jishengpeng/WavTokenizer decoder/{feature_extractors,models,heads}.py; jishengpeng/Languagecodec likewise. The
SEANet decoder that both build is never used. ``dowmsamples`` is misspelt in the class.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from rflint.coverage import Layer, Mixer, centred, residual
from rflint.dialects.codec_facts import both, crop, exact, inverse, same_rate, tie
from rflint.dialects.codec_graphs import ENCODEC, Seanet, lstm
from rflint.dialects.vocos import is_of_package
from rflint.dialects.vocos_stacks import convnext, istft_head
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Factor, Model, Stage

NAME, TITLE = "wavtokenizer", "WavTokenizer, Languagecodec (EncodecFeatures, VocosBackbone, ISTFTHead)"
SCHEMA, LOADER = "wavtokenizer", "pyyaml"

# decoder/feature_extractors.py, EncodecFeatures.__init__
DOWNSAMPLES, RATE = [6, 5, 5, 4], 24000
LANGUAGECODEC_RATIOS, LANGUAGECODEC_BITS, LANGUAGECODEC_BOOK = [8, 5, 4, 2], 11, 10
"""languagecodec_decoder/feature_extractors.py: n_q for codebooks of 2048 entries, the quantizer built with 1024."""

CROPS = "the losses compare the output, which is whole frames, with the crop"
BOOKS = "n_q = int(bandwidth / (log2(2048) · 75)), but the codebooks have 1024 entries"
NORMS = "the backbone has one norm a bandwidth, chosen by its index"


def recognise(root: Cursor) -> bool:
    name = _base(root)["feature_extractor"]["class_path"].value
    return isinstance(name, str) and name.endswith(".EncodecFeatures") and not is_of_package(name)


def _base(root: Cursor) -> Cursor:
    """Where the three parts stand: below model.init_args of a training config, at the top of a published one."""
    inner = root["model"]["init_args"]
    return inner if inner.has("feature_extractor") else root


def read(root: Cursor) -> Iterator[Model]:
    base = _base(root)
    model = Model(NAME)
    with model.deriving("sample_rate"):
        model.sample_rate = base["sample_rate"].int(RATE)
    with model.deriving("codec"):
        net = _encoder(base["feature_extractor"])
        hop, layer = _head(base["head"])
        stages = [*_backbone(base["backbone"]), Stage("head", layer, hop.where)]
        both(model, net.encoder(), stages, net.factors, [Factor(hop.key or "hop_length", (hop.value,), hop.where)])
        inverse(model, net.factors)
        tie(model, "overlap", "at most", hop, base["head"]["init_args"]["n_fft"].int(), "crash", "ISTFT needs overlap")
        for part in ("train", "val"):
            crop(model, _data(root, part)["num_samples"], net.hop, CROPS)
    _facts(model, root, base)
    yield model


def _data(root: Cursor, part: str) -> Cursor:
    return root["data"]["init_args"][f"{part}_params"]


def _is_languagecodec(part: Cursor) -> bool:
    return str(part["class_path"].value).startswith("languagecodec")


def _encoder(part: Cursor) -> Seanet:
    """A SEANet of the encodec package, not causal; only its ratios can be chosen, and those of Languagecodec not."""
    args = part["init_args"]
    if _is_languagecodec(part):
        ratios = Value(LANGUAGECODEC_RATIOS, None, "framework default")
    else:
        ratios = args["dowmsamples"].ints(DOWNSAMPLES)
    nothing = args["none"]
    net = Seanet.read(lambda name: nothing, ENCODEC)
    return net._replace(ratios=ratios, memory=lstm(2))


def _backbone(part: Cursor) -> list[Stage]:
    """Vocos behind two residual blocks, attention to the whole clip, two more, and a norm over groups of it."""
    name = str(part["class_path"].value).rpartition(".")[2]
    if name != "VocosBackbone":
        raise NotComputable(f"the backbone {name} is not known", part.where)
    embed, blocks = convnext(part["init_args"]["num_layers"].int())
    block = Stage("pos_net.resnet", residual(centred(3), centred(3)))
    middle = [block, block, Stage("pos_net.attention", Mixer("attention")), block, block]
    return [embed, *middle, Stage("pos_net.norm", Mixer("group norm")), blocks]


def _head(part: Cursor) -> tuple[Value[int], Layer]:
    args = part["init_args"]
    fft, hop, padding = args["n_fft"].int(), args["hop_length"].int(), args["padding"].str("same")
    return hop, istft_head(fft.value, hop.value, padding.value)


def _facts(model: Model, root: Cursor, base: Cursor) -> None:
    for part in ("train", "val"):
        same_rate(
            model, _data(root, part)["sampling_rate"], "the data is resampled to this rate and taken for the other"
        )
    features, listed = base["feature_extractor"], base["feature_extractor"]["init_args"]["bandwidths"]
    entries = list(listed) if listed.is_list() else []
    if entries:
        norms = base["backbone"]["init_args"]["adanorm_num_embeddings"]
        with model.deriving("adanorm"):
            tie(model, "limit", "at most", Value(len(entries), listed.where, "derived"), norms.int(), "crash", NORMS)
    last = exact(entries[-1]) if entries and _is_languagecodec(features) else None
    if last is not None:
        books = int(last.value * 1000 / (LANGUAGECODEC_BITS * 75))
        declared = Value(last.value * 1000, last.where, "derived")
        given = Value(Fraction(books * LANGUAGECODEC_BOOK * 75), None, "derived")
        tie(model, "bitrate", "equal", declared, given, "silent", BOOKS)
