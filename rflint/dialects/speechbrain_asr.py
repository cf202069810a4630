"""SpeechBrain recipes for recognition, speakers, languages, voice activity and self-supervision (HyperPyYAML).

Sources: recipes/**/hparams/*.yaml of speechbrain/speechbrain, and the classes that `speechbrain_networks` names.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from rflint.dialects.analysis import paired
from rflint.dialects.asr_frontend import positive, tie
from rflint.dialects.speech_facts import (
    LETTER_STEP_S,
    MOST_LETTERS,
    SUBWORD_STEP_S,
    Features,
    derived,
    maybe,
    often_enough,
    over_utterance,
    plausible,
    stated_rate,
    strided,
)
from rflint.dialects.speechbrain_networks import (
    FRAME_NETWORKS,
    RECURRENT_NETWORKS,
    SEGAN_LAYERS,
    front_end,
    latent_extractor,
    segan,
    shorter_lists,
    transformer,
)
from rflint.dialects.speechbrain_parts import (
    RATE,
    RECURRENT,
    SYNTHESIS,
    class_of,
    container,
    find,
    framed,
    made,
    mel_features,
    mel_place,
    rate_passed_on,
    score_features,
    spectral_features,
)
from rflint.dialects.speechbrain_pretrained import THINNING, pretrained, upstream
from rflint.dialects.ssl_upstreams import SAMPLE_RATE
from rflint.documents import Cursor, NotComputable, Value
from rflint.model import Claim, Model, Stack, Stage, Tie, declared
from rflint.targets import EXACT, Target

NAME, TITLE = "speechbrain/asr", "SpeechBrain recipes beside synthesis and separation (HyperPyYAML)"
SCHEMA, LOADER = "speechbrain_asr", "ruamel"

SCORE = "ScoreModel"  # over a transform that the training script makes
SPECTRA, FRAMED = ("Fbank", "MFCC", "Leaf"), ("STFT", "EnhanceResnet", SCORE)
TRANSFORMERS = ("TransformerASR", "TransformerST")
SEPARATORS = ("Dual_Path_Model", "MaskNet", "ResourceEfficientSeparator", "SkiM")
CONVOLUTIONS = ("Conv1d", "Conv2d", "CNN_Block")
RATES = "model_sample_rate", "sample_rate"  # what the recordings are resampled to, and theirs
WAVEFORM_NETS = ("model", "generator", "encoder")
LATENT = "W2VLatentExtractor"
LINEAR = "VanillaNN"  # of linear layers alone: each frame by itself
BOUNDARIES = "BoundaryPredictor"  # of recipes that pool the frames between boundaries that they predict
ALPHABET = 64  # outputs of a recipe for letters or phones; the smallest published set of subwords has more


def recognise(root: Cursor) -> bool:
    if not root.is_mapping() or not root.document.has_tags or find(root, *SYNTHESIS, *SEPARATORS) is not None:
        return False
    known = find(root, *SPECTRA, *FRAMED, LATENT) is not None
    looks = (upstream, mel_place, _segan, _waveform_net, _network_alone)
    return known or any(look(root) is not None for look in looks)


def read(root: Cursor) -> Iterator[Model]:
    spectra, extractor = find(root, *SPECTRA, *FRAMED), find(root, LATENT)
    if upstream(root) is None:
        spectra = spectra or mel_place(root)
    reads_samples = extractor or upstream(root) or _segan(root) or _waveform_net(root)
    if spectra is not None and extractor is None:
        yield _over_frames(root, spectra)
    elif reads_samples is None:
        yield _alone(root)
    else:
        yield _over_samples(root)


def _segan(root: Cursor) -> Cursor | None:
    return next((place for place in made(root) if (place.tag or "").endswith("segan_model.Generator")), None)


def _waveform_net(root: Cursor) -> Cursor | None:
    """A container that reads one value a time step: samples; or two recordings beside each other, channels first."""
    for place in made(root):
        if place.path[-1] in WAVEFORM_NETS and class_of(place) == "Sequential" and _reads_samples(place):
            return place
    return None


def _reads_samples(net: Cursor) -> bool:
    shape, convs = net["input_shape"].value, [item for item in net if class_of(item) == "Conv1d"]
    if not isinstance(shape, list) or len(shape) != 3 or not convs:
        return False
    return shape[2] == 1 or (shape[1:] == [2, None] and all(conv["skip_transpose"].value is True for conv in convs))


def _network_alone(root: Cursor) -> Cursor | None:
    """A network of convolutions over frames that are made elsewhere: by the recipe that includes the file, or by a codec."""
    network = find(root, *(name for name in FRAME_NETWORKS if name not in RECURRENT_NETWORKS))
    containers = (place for place in made(root) if class_of(place) == "Sequential" and not _reads_samples(place))
    return network or next((net for net in containers if any(class_of(item) in CONVOLUTIONS for item in net)), None)


# -- models over feature frames -----------------------------------------------------------------------------------


def _over_frames(root: Cursor, spectra: Cursor) -> Model:
    model = Model(NAME)
    with model.deriving("frontend"):
        features = _features(model, root, spectra)
        model.sample_rate = features.rate
        model.stacks.append(features.stack())
        with model.deriving("encoder"):
            _encoder(model, root, features)
    if class_of(spectra) in SPECTRA:
        rate_passed_on(model, root, spectra)
    _stated(model, root)
    _tokens(model, root)
    return model


def _features(model: Model, root: Cursor, spectra: Cursor) -> Features:
    if class_of(spectra) == SCORE:
        return score_features(model, root)
    if class_of(spectra) in FRAMED:
        return framed(model, spectra, positive(spectra["sample_rate"].int(RATE)))
    if class_of(spectra) not in SPECTRA:
        return mel_features(model, root, spectra)
    features = spectral_features(model, root, spectra)
    plausible(model)
    return features


def _encoder(model: Model, root: Cursor, features: Features) -> None:
    """The network by its class; without a known one, the containers and recurrent layers in the order of the file."""
    convolutional, attending = find(root, "ConvolutionFrontEnd"), find(root, *TRANSFORMERS)
    network = find(root, *FRAME_NETWORKS)
    if convolutional or attending:
        if (more := _between(root, convolutional)) is not None:
            raise NotComputable("more layers stand between the front end and the network", more.where)
        _attended(model, features, convolutional, attending)
    elif network:
        stages = FRAME_NETWORKS[class_of(network)](network)
        model.stacks.append(features.encoder(class_of(network), stages, [strided(network.key, stages, network.where)]))
        _lists(model, network)
    else:
        stages = [stage for place in made(root) for stage in _contained(place)]
        if not stages and find(root, LINEAR) is None:
            raise NotComputable("no network of known layers is made here", None)
        model.stacks.append(features.encoder("containers", stages, [strided("layers", stages, None)]))


def _between(root: Cursor, convolutional: Cursor | None) -> Cursor | None:
    """A container that holds the front end with further layers, or a module that draws frames together by content."""
    for place in root:
        items = list(place) if place.is_list() and (place.tag or "").endswith(".Sequential") else []
        if len(items) > 1 and convolutional and any(item.value is convolutional.value for item in items):
            return place
    return next((part for part in root["modules"] if BOUNDARIES in str(part.path[-1])), None)


def _contained(place: Cursor) -> list[Stage]:
    if class_of(place) == "Sequential":
        return container(place)
    return [over_utterance(class_of(place), place.where)] if class_of(place) in RECURRENT else []


def _attended(model: Model, features: Features, convolutional: Cursor | None, attending: Cursor | None) -> None:
    if convolutional:
        _front_end_lists(model, convolutional)
    stem = front_end(convolutional) if convolutional else []
    blocks = transformer(attending) if attending else []
    place = convolutional["strides"].where if convolutional and convolutional["strides"].exists else None
    name, factors = class_of(attending) if attending else "CNN", [strided("strides", stem, place)]
    model.stacks.append(features.encoder(name, [*stem, *blocks], factors))
    if convolutional and convolutional["padding"].value == "causal":
        meant = features.encoder(name, [*front_end(convolutional, causal=True), *blocks], factors)
        model.claims.append(_causal(convolutional["padding"], meant.coverage.look_ahead))


def _front_end_lists(model: Model, place: Cursor) -> None:
    because = "speechbrain/lobes/models/convolution.py takes one entry a block"
    for entries, count in shorter_lists(place):
        one = cast(Value[object], Value(entries.value, entries.where))
        model.ties.append(Tie("lists", "same length", one, cast(Value[object], count), "crash", because))


def _causal(padding: Cursor, allowed: int) -> Claim:
    """Causal padding, which two-dimensional convolutions apply to the frequency axis."""
    because = "nnet.CNN.Conv2d pads the frequency axis; along time the convolutions stay unpadded and look ahead"
    target = Target("look_ahead", None, Fraction(allowed), "samples", EXACT, "padding: causal", "encoder")
    return Claim(target, padding.where, "key", "padding: causal", because, "silent", "latency")


def _lists(model: Model, network: Cursor) -> None:
    """Lists that a class asserts to be of one length."""
    if class_of(network) == "ECAPA_TDNN":
        for key in ("kernel_sizes", "dilations"):
            paired(model, network[key], network["channels"], "speechbrain/lobes/models/ECAPA_TDNN.py asserts it")


def _alone(root: Cursor) -> Model:
    """A network over frames of an unknown rate."""
    model, network = Model(NAME), _network_alone(root)
    with model.deriving("encoder"):
        if network is None:
            raise NotComputable("no network of known layers is made here", None)
        named = FRAME_NETWORKS.get(class_of(network), container)
        stages, name = named(network), class_of(network) if class_of(network) in FRAME_NETWORKS else network.key
        factors = [factor for factor in [strided(network.key, stages, network.where)] if factor.terms]
        model.stacks.append(Stack("encoder", name, stages, input_unit="frames", factors=factors))
        _lists(model, network)
    return model


# -- models over samples ------------------------------------------------------------------------------------------


def _over_samples(root: Cursor) -> Model:
    rate, nominal = stated_rate(root.first(*RATES)), upstream(root) or find(root, LATENT)
    model = Model(NAME, sample_rate=rate or (derived(SAMPLE_RATE) if nominal else None))
    with model.deriving("encoder"):
        name, stages = _waveform_stages(root)
        input_rate = model.sample_rate.value if model.sample_rate else None
        model.stacks.append(
            Stack("encoder", name, stages, input_rate=input_rate, factors=[strided(name, stages, None)])
        )
    if upstream(root) and rate and find(root, *THINNING) is None:
        because = "the pretrained encoder reads 16 kHz"
        tie(model, "rate", "equal", rate, derived(SAMPLE_RATE), "silent", because)
    chunk = maybe(root["chunk_size"].int)
    if _segan(root) and chunk:
        because = f"{SEGAN_LAYERS} layers halve the time (speechbrain/lobes/models/segan_model.py)"
        tie(model, "chunk", "multiple", chunk, derived(2**SEGAN_LAYERS), "crash", because)
    return model


def _waveform_stages(root: Cursor) -> tuple[str, list[Stage]]:
    """The network that reads samples, and its name."""
    extractor, generator, net = find(root, LATENT), _segan(root), _waveform_net(root)
    if extractor:
        later = find(root, "EncoderWrapper", "TransformerEncoder")
        mixing = [over_utterance("self-attention", later.where)] if later else []
        return "latent_extractor", [*latent_extractor(extractor), *mixing]
    if generator:
        return "generator", segan(generator)
    if net:
        return net.key, container(net)
    network = find(root, *FRAME_NETWORKS)
    name, stages = pretrained(root)
    return name, [*stages, *(FRAME_NETWORKS[class_of(network)](network) if network else [])]


# -- facts --------------------------------------------------------------------------------------------------------


def _stated(model: Model, root: Cursor) -> None:
    """Keys that speak of the frames of the encoder."""
    resolution = maybe(root["time_resolution"].number)
    if resolution:
        because = "segments are timed by this key"
        model.claims.append(declared("frame_step", resolution, "s", because=because))
    encoder, divisor = model.stack("encoder"), maybe(root["pad_to_divisible_by"].int)
    if encoder is None or divisor is None or encoder.role != "encoder":
        return
    step = encoder.coverage.step / model.stacks[0].coverage.step
    because = "utterances are padded to whole frames of the encoder"
    tie(model, "chunk", "multiple", divisor, derived(step), "crash", because)
    size, bands = maybe(root["p_input"].int), maybe(root["n_mels"].int)
    if size and bands:
        because = f"the quantiser reads the frames behind one frame of the encoder, {bands.value} values each"
        tie(model, "bins", "equal", size, derived(bands.value * step), "crash", because)


def _tokens(model: Model, root: Cursor) -> None:
    """What CTC needs, where it is a loss of the recipe and the type of token is told, or so few that they are letters."""
    weight = maybe(lambda: root["ctc_weight"].number(1))
    if find(root, "ctc_loss") is None or weight is None or weight.value <= 0 or model.stack("encoder") is None:
        return
    kind, count = maybe(root["token_type"].str), maybe(root["output_neurons"].int)
    if kind is None:
        if count and count.value <= ALPHABET:
            often_enough(model, count, LETTER_STEP_S)
    elif kind.value == "char" and not (count and count.value > MOST_LETTERS):
        often_enough(model, kind, LETTER_STEP_S)
    elif kind.value in ("char", "bpe", "unigram"):
        often_enough(model, kind, SUBWORD_STEP_S)
