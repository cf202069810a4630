"""Descript Audio Codec (descriptinc/descript-audio-codec): argbind's dotted keys, or the arguments of the class as a mapping.

argbind (argbind/argbind.py, load_args) reads the files of ``$include`` in order, each named from the working directory,
and puts the file's own keys over them; ``$name`` stands for an entry of ``$vars`` or of the environment; a key may have
a scope, ``train/DAC.sample_rate``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from rflint.dialects.codec_facts import both, exact, hop, inverse, ordered, product, same_rate
from rflint.dialects.codec_graphs import DESCRIPT, EXACT, SHORT, Dac, factor
from rflint.documents import Cursor, Unknown
from rflint.model import Duration, Model, Stack

NAME, TITLE = "dac", "Descript Audio Codec (DAC.encoder_rates, DAC.decoder_rates)"
SCHEMA, LOADER = "dac", "pyyaml"

# dac/model/dac.py, DAC.__init__
ENCODER_RATES, DECODER_RATES, RATE = [2, 4, 8, 8], [8, 8, 4, 2], 44100

MOST, DEEPEST = 32, 5
"""Files read; files that include each other in a chain."""
SHAPING = ("encoder_rates", "decoder_rates")
DOTTED = ("DAC.", "Discriminator.", "MelSpectrogramLoss.", "MultiScaleSTFTLoss.", "AudioDataset.", "build_transform.")

LOST = f"{SHORT}; forward() hides it by cutting to the input's length, decode() does not (issue 37)"
MIRROR = "the decoder undoes the encoder stage by stage in every published model whose lists hold the same numbers"
RATES = "the discriminator's bands and losses take the audio to have the codec's rate"


def recognise(root: Cursor) -> bool:
    if any(_is_codec_key(key) for key in _keys(root)):
        return True
    if _is_listed(root["DAC"]) or (_is_listed(root) and not root.has("vq_strides")):
        return True
    return root["$include"].exists and _recognised_by_includes(root)


def _recognised_by_includes(root: Cursor) -> bool:
    args = Args(root)
    dotted = any(key.rpartition("/")[2].startswith(DOTTED) for key in _keys(root))
    return dotted or any(_is_codec_key(key) for file in args.files for key in _keys(file))


def _is_listed(place: Cursor) -> bool:
    """True for the class's arguments: its lists of rates, and a sample rate or dimensions beside them."""
    lists = [key for key in SHAPING if place[key].is_list()]
    beside = ("sample_rate", "sampling_rate", "encoder_dim", "decoder_dim", "n_codebooks", "codebook_size")
    return bool(lists) and (len(lists) == len(SHAPING) or any(place[key].exists for key in beside))


def _keys(place: Cursor) -> list[str]:
    data = place.value
    return [key for key in data if isinstance(key, str)] if isinstance(data, dict) else []


def _is_codec_key(key: str) -> bool:
    scope, _, name = key.rpartition("/")
    return name in ("DAC.encoder_rates", "DAC.decoder_rates", "DAC.sample_rate", "DAC.n_codebooks") and " " not in scope


def read(root: Cursor) -> Iterator[Model]:
    key = _place(root)
    model = Model(NAME)
    family = EXACT if _is_exact(root) else DESCRIPT
    with model.deriving("sample_rate"):
        rate = key("sampling_rate") if key("sampling_rate").exists else key("sample_rate")
        model.sample_rate = rate.int(RATE)
    with model.deriving("codec"):
        if _half(root):
            _one_side(model, key, family)
        else:
            _codec(model, key, family)
    _training(model, root)
    yield model


def _is_exact(root: Cursor) -> bool:
    """True for the relatives that lose no sample: AudiogenAI/agc and DBraun/DAC-JAX, which pads as "SAME"."""
    return root["model_type"].value == "agc" or any(k.rpartition("/")[2] == "DAC.num_codebooks" for k in _keys(root))


def _place(root: Cursor) -> Callable[[str], Cursor]:
    """Where the arguments of the class stand."""
    if _is_listed(root["DAC"]):
        return lambda name: root["DAC"][name]
    if _is_listed(root):
        return lambda name: root[name]
    args = Args(root)
    return lambda name: args[f"DAC.{name}"]


def _half(root: Cursor) -> bool:
    """True for a flat mapping that lists one side alone: whose arguments they are is not known, nor its defaults."""
    return _is_listed(root) and not root.has(*SHAPING)


def _codec(model: Model, key: Callable[[str], Cursor], family: Dac) -> None:
    down, up = key("encoder_rates").ints(ENCODER_RATES), key("decoder_rates").ints(DECODER_RATES)
    factors, back = [factor("encoder_rates", down)], [factor("decoder_rates", up)]
    both(model, family.encoder(down), family.decoder(up), factors, back, because=LOST)
    inverse(model, factors)
    ordered(model, up, down, "reversed", "report", MIRROR)
    hop(model, key("hop_length"), product(down), "preprocess() pads the audio to a multiple of it", "silent")


def _one_side(model: Model, key: Callable[[str], Cursor], family: Dac) -> None:
    rate = model.sample_rate.value if model.sample_rate else None
    if key("encoder_rates").exists:
        down = key("encoder_rates").ints()
        stages = family.encoder(down)
        model.stacks.append(
            Stack("encoder", "encoder", stages, input_rate=rate, factors=[factor("encoder_rates", down)])
        )
    else:
        up = key("decoder_rates").ints()
        step = product(up).value
        frames = None if rate is None or step < 1 else Fraction(rate, step)
        model.stacks.append(
            Stack(
                "decoder",
                "decoder",
                family.decoder(up),
                input_rate=frames,
                factors=[factor("decoder_rates", up)],
                because=LOST,
            )
        )


def _training(model: Model, root: Cursor) -> None:
    args = Args(root)
    with model.deriving("training"):
        same_rate(model, args["Discriminator.sample_rate"], RATES)
    for key in _keys(root):
        if key.endswith("AudioDataset.duration"):
            seconds = exact(root[key])
            if seconds is not None:
                model.durations.append(Duration(seconds, "s", None, "length"))


# -- argbind ------------------------------------------------------------------------------------------------------


class Args:
    """A config over the files it includes: a key is read from the strongest file that has it.

    A key that no file has is not known when an include is not there.
    """

    def __init__(self, root: Cursor) -> None:
        self.missing: str = ""
        self.files = [root]
        self._include(root, DEEPEST)

    def _include(self, root: Cursor, depth: int) -> None:
        """Add the files below a config, the strongest first."""
        listed = root["$include"].value
        for name in reversed(listed) if isinstance(listed, list) else ():
            document = root.document.upward(str(name)) if depth and len(self.files) < MOST else None
            if document is None:
                self.missing = self.missing or str(name)
            elif all(document is not file.document for file in self.files):
                self.files.append(Cursor(document))
                self._include(self.files[-1], depth - 1)

    def __getitem__(self, key: str) -> Cursor:
        for file in self.files:
            names = [key, *(name for name in _keys(file) if name.endswith(f"/{key}"))]
            place = next((file[name] for name in names if file[name].exists), None)
            if place is not None:
                return self._substituted(place)
        root = self.files[0]
        if self.missing:
            return Cursor(root.document, (key,), Unknown(f"`{self.missing}` of its `$include` is not there"))
        return root[key]

    def _substituted(self, place: Cursor) -> Cursor:
        name = place.value
        if not isinstance(name, str) or not name.startswith("$"):
            return place
        found = (file["$vars"][name[1:]] for file in self.files)
        unknown = Cursor(place.document, place.path, Unknown(f"`{name}` is set outside of the file"))
        return next((variable for variable in found if variable.exists), unknown)
