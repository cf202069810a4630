"""StyleTTS 2: both of its generators, and the decoder at half the mel's rate in front of them."""

from __future__ import annotations

from textwrap import indent

import pytest
from vocoder_files import codes, loud, model_of

from rflint.engine import explain_text

NAME = "config.yml"
GENERATOR = """\
upsample_rates: [10, 6]
upsample_kernel_sizes: [20, 12]
resblock_kernel_sizes: [3, 7, 11]
resblock_dilation_sizes: [[1, 3, 5], [1, 3, 5], [1, 3, 5]]
gen_istft_n_fft: 20
gen_istft_hop_size: 5
"""
ISTFT = f"""
max_len: 400
preprocess_params: {{sr: 24000, spect_params: {{n_fft: 2048, win_length: 1200, hop_length: 300}}}}
model_params:
  decoder:
    type: istftnet
{indent(GENERATOR, " " * 4)}
slmadv_params: {{max_len: 500}}
"""
HIFIGAN = ISTFT.replace("istftnet", "hifigan").replace("[10, 6]", "[10, 5, 3, 2]").replace("[20, 12]", "[20, 10, 6, 4]")
CLASS = f"""
model:
  sr: 24000
  max_len: 350
  decoder:
    class_path: Modules.istftnet.Decoder
    init_args:
{indent(GENERATOR, " " * 6)}
"""


@pytest.mark.parametrize("text", [ISTFT, HIFIGAN, CLASS])
def test_one_generator_makes_300_samples_a_frame_and_the_whole_600_a_step(text: str) -> None:
    model = model_of(text, NAME)

    assert [(s.name, s.coverage.upsampling) for s in model.stacks[1:]] == [("decoder", 600), ("generator", 300)]
    assert loud(text, NAME) == []


def test_normalisation_over_time_is_told() -> None:
    stack = model_of(HIFIGAN, NAME).stack("generator")

    assert stack is not None
    assert [mixer.name for mixer in stack.coverage.unbounded_by] == ["AdaIN"]


def test_frames_are_kept_by_every_block_of_the_decoder() -> None:
    decoder = next(stack for stack in model_of(HIFIGAN, NAME).stacks if stack.name == "decoder")

    assert decoder.coverage.lengths(50)[:5] == [50, 50, 50, 50, 100]


@pytest.mark.parametrize(
    ("text", "old", "new", "code"),
    [
        (ISTFT, "hop_length: 300", "hop_length: 256", "RF301"),
        (ISTFT, "gen_istft_hop_size: 5", "gen_istft_hop_size: 4", "RF301"),
        (ISTFT, "[20, 12]", "[21, 12]", "RF302"),
        (HIFIGAN, "[20, 10, 6, 4]", "[20, 15, 6, 4]", "RF302"),
        (HIFIGAN, "[20, 10, 6, 4]", "[20, 10, 6]", "RF201"),
        (HIFIGAN, "win_length: 1200", "win_length: 4096", "RF401"),
        # the mel of the code has a hop of 300
        (CLASS, "gen_istft_hop_size: 5", "gen_istft_hop_size: 4", "RF305"),
        (CLASS, "[20, 12]", "[20]", "RF201"),
    ],
)
def test_contradictions_are_reported(text: str, old: str, new: str, code: str) -> None:
    assert old in text
    assert code in codes(text.replace(old, new), NAME)


def test_a_decoder_of_another_class_is_somebody_else_s() -> None:
    assert explain_text(CLASS.replace("Modules.istftnet", "Modules.other"), NAME) == ()
    assert model_of(CLASS, NAME).sample_rate.value == 24000  # type: ignore[union-attr]
