"""openvpi SingingVocoders: HiFi-GAN with a harmonic source, UnivNet and a HiFi-GAN autoencoder, in `model_args`."""

from __future__ import annotations

from collections.abc import Iterator

from rflint.coverage import Conv, Mixer, Sequence as Chain, centred, same, transposed, transposed_ceil
from rflint.dialects import flat_hifigan as flat
from rflint.dialects.analysis import Analysis, known
from rflint.dialects.base_configs import Layered
from rflint.dialects.generators import branches, decoder, factors, fusion, hifigan, item, source_fits
from rflint.dialects.lvc import lvc_stages
from rflint.documents import Cursor, Value
from rflint.model import Factor, Model, Stack, Stage, Tie

NAME, TITLE = "singing_vocoders", "openvpi SingingVocoders (model_args)"
SCHEMA, LOADER = "singing_vocoders", "pyyaml"

SOURCE = (
    "the harmonic source is brought down with padding stride // 2, which loses a sample for an odd stride (models.py)"
)
MINI = "mini_nsf adds its source behind the second upsampling (models/nsf_HiFigan/models.py)"
UPMEL = "upmel // 2 layers double the mel, so only 2 and 4 are the factor that they name (models/univnet/univnet.py)"


def recognise(root: Cursor) -> bool:
    return root.has("audio_sample_rate") and root["model_args"][flat.RATES].is_list()


def read(root: Cursor) -> Iterator[Model]:
    files, args = Layered(root), root["model_args"]
    analysis = Analysis.read(files["audio_sample_rate"], files["hop_size"], files["win_size"], files["fft_size"])
    model = Model(NAME, sample_rate=analysis.rate)
    analysis.describe(model)
    analysis.frontend(model, center=False)
    analysis.below_nyquist(model, files["fmax"])
    analysis.framed(model, known(files["crop_mel_frames"]))
    analysis.exchanged(model, "takes", known(files["audio_num_mel_bins"]), False)
    with model.deriving("generator"):
        if args.has("num_lvc_blocks"):
            univnet(model, root, analysis)
        elif "HiFivae" in str(root["task_cls"].value):
            autoencoder(model, args, analysis)
        else:
            harmonic(model, args, analysis)
    flat.of_fragment(model, args, analysis.hop, doublings(args["upmel"]))
    yield model


def harmonic(model: Model, args: Cursor, analysis: Analysis) -> None:
    """HiFi-GAN with a source that joins at every stage, or with `mini_nsf` at the second."""
    lists = flat.read_lists(model, args)
    flat.read_dilations(model, args, lists)
    if args["mini_nsf"].value is True:
        stages: Value[object] = Value(len(lists.stages), lists.rates.where, "derived")
        model.ties.append(Tie("bins", "at most", Value(2, None, "derived"), stages, "crash", MINI))
    else:
        source_fits(model, lists, "crash", SOURCE)
    flat.generator(model, analysis, lists, hifigan(lists, flat.shape_of(args)))


def autoencoder(model: Model, args: Cursor, analysis: Analysis) -> None:
    """HiFivae: encoder and decoder with padding (kernel - factor + 1) // 2 (models/HiFivae/models.py)."""
    lists = flat.read_lists(model, args)
    flat.read_dilations(model, args, lists)
    shape = flat.shape_of(args)._replace(upsampler=transposed_ceil)
    blocks, total = fusion(branches(lists, shape)), len(lists.stages)
    stages = [Stage("conv_pre", same(7))]
    for index, (kernel, factor) in enumerate(reversed(lists.stages)):
        pad = (kernel - factor + 1) // 2
        where = item(lists.rates, total - 1 - index)
        stages.append(Stage(f"downs.{index}", Conv(kernel, factor, 1, (pad, pad)), where))
        stages.append(Stage(f"resblocks.{index}", blocks, lists.branches.where))
    stages.append(Stage("conv_post", same(7)))
    model.stacks.append(Stack("encoder", "encoder", stages, input_rate=analysis.sample_rate, factors=factors(lists)))
    flat.generator(model, analysis, lists, hifigan(lists, shape))


def doublings(upmel: Cursor) -> Value[int] | None:
    """What `upmel` multiplies the frames by: two to the power of upmel // 2; None without it."""
    count = known(upmel)
    return Value(2 ** (count.value // 2), count.where, "derived") if count and 2 <= count.value <= 64 else None


def univnet(model: Model, root: Cursor, analysis: Analysis) -> None:
    """UnivNet, in front of which `upmel` // 2 layers double the frames; a DDSP beside it attends to all of the mel."""
    args = root["model_args"]
    rates = args[flat.RATES].ints()
    blocks, kernel = args["num_lvc_blocks"].int(), args["lvc_kernels"].int()
    upmel = doublings(args["upmel"])
    times = 0 if upmel is None else upmel.value.bit_length() - 1
    doubling = Chain((transposed(32, 2, 15), centred(3)))  # Upspamper: ConvTranspose2d over (mel, time), then 3 x 3
    front = [Stage(f"upmel.{index}", doubling, upmel.where if upmel else None) for index in range(times)]
    steps = [3**index for index in range(min(blocks.value, 20))]  # LVCBlock: dilation 3 ** i
    stages = front + lvc_stages(rates, steps, args["lvc_conv_size"].int(3).value, kernel.value)
    if "univnet_ddsp" in str(root["task_cls"].value):  # models/ddsp_univnet: Mel2Control
        stages.insert(0, Stage("ddsp", Mixer("attention"), root["task_cls"].where))
    parts = [Factor(flat.RATES, tuple(rates.value), rates.where)]
    if upmel is not None:
        parts.append(Factor("upmel", (upmel.value,), upmel.where))
    model.stacks.append(decoder("generator", stages, analysis.frame_rate, parts))
    analysis.inverted(model, flat.PRODUCT if upmel is None else UPMEL)
