"""Configs of several files on the command line: judged together, findings in their own files, silence about what is absent."""

from __future__ import annotations

import json

import pytest

from rflint.documents import Where, read
from rflint.findings import Problem, build
from rflint.rules.edits import rewrite

# -- fairseq: primary config with groups --------------------------------------------------------------------------

STACK = "[(512, 10, 5)] + [(512, 3, 2)] * 4 + [(512, 2, 2)] * 2"
PRIMARY = """\
defaults:
  - _self_
  - task: speech
  - model: hubert
common: {fp16: true}
"""
TASK = "# @package _group_\n_name: hubert_pretraining\nsample_rate: 16000\nlabel_rate: 50\nmin_sample_size: 32000\n"
HUBERT = f'# @package _group_\n_name: hubert\nconv_feature_layers: "{STACK}"\n'
FAIRSEQ = {"a.yaml": PRIMARY, "task/speech.yaml": TASK, "model/hubert.yaml": HUBERT}


def explained(rflint, path: str) -> dict:
    _, out, _ = rflint("explain", "--format", "json", path)
    return json.loads(out)["files"][0]


def found(rflint, *arguments: str) -> list[str]:
    """Findings as ``path:line: code``."""
    _, out, _ = rflint("check", "--format", "json", *arguments)
    return [f"{f['path']}:{f['line']}: {f['code']}" for f in json.loads(out)["findings"]]


def test_a_primary_config_is_read_with_its_groups(folder, rflint) -> None:
    folder(FAIRSEQ)
    file = explained(rflint, "a.yaml")
    (model,) = file["models"]

    assert (file["dialect"], model["sample_rate_hz"]) == ("fairseq", 16000)
    assert (model["stacks"][0]["step"], model["stacks"][0]["receptive_field"]) == ("320", 400)
    assert found(rflint, "a.yaml") == []


def test_a_value_of_a_group_has_no_line_in_the_primary_config_and_its_own_in_words(folder, rflint) -> None:
    folder(FAIRSEQ)
    _, text, _ = rflint("explain", "a.yaml")

    assert explained(rflint, "a.yaml")["models"][0]["stacks"][0]["layers"][0]["line"] is None
    assert "16000 Hz (line 3 of task/speech.yaml)" in text


@pytest.mark.parametrize("absent", ["task/speech.yaml", "model/hubert.yaml"])
def test_without_a_group_nothing_is_said(folder, rflint, absent: str) -> None:
    files = {**FAIRSEQ, "task/speech.yaml": TASK.replace("50", "60")}
    del files[absent]
    folder(files)

    assert found(rflint, "a.yaml") == []


def test_what_an_absent_group_may_set_has_no_default(folder, rflint) -> None:
    own = PRIMARY + "model: {_name: hubert}\n"
    folder({"a.yaml": own, "task/speech.yaml": TASK})
    (model,) = explained(rflint, "a.yaml")["models"]

    assert model["stacks"] == [] and model["notes"]
    assert found(rflint, "a.yaml") == []


def test_a_finding_stands_in_the_file_that_holds_the_value(folder, rflint) -> None:
    folder({**FAIRSEQ, "task/speech.yaml": TASK.replace("50", "60")})
    _, out, _ = rflint("check", "a.yaml")

    assert found(rflint, "a.yaml") == ["task/speech.yaml:4: RF402"]
    assert "label_rate: 60" in out  # the line of that file is shown


def test_it_is_told_once_whatever_is_composed_of_the_file(folder, rflint) -> None:
    folder({**FAIRSEQ, "b.yaml": PRIMARY, "task/speech.yaml": TASK.replace("50", "60")})

    assert found(rflint, ".") == ["task/speech.yaml:4: RF402"]


def test_a_comment_suppresses_in_its_own_file(folder, rflint) -> None:
    wrong = TASK.replace("label_rate: 50", "label_rate: 60  # rflint: ignore[RF402] on purpose")
    folder({**FAIRSEQ, "task/speech.yaml": wrong})

    assert found(rflint, "a.yaml") == []


def test_a_comment_on_the_same_line_of_another_file_does_not(folder, rflint) -> None:
    primary = PRIMARY.replace("  - model: hubert", "  - model: hubert  # rflint: ignore[RF402]")
    folder({**FAIRSEQ, "a.yaml": primary, "task/speech.yaml": TASK.replace("50", "60")})

    assert found(rflint, "a.yaml") == ["a.yaml:4: RF901", "task/speech.yaml:4: RF402"]


def test_a_wrong_type_is_reported_where_it_stands(folder, rflint) -> None:
    folder({**FAIRSEQ, "task/speech.yaml": TASK.replace("50", "[fast]")})

    assert found(rflint, "a.yaml") == ["task/speech.yaml:4: RF002"]


def test_values_on_which_versions_of_hydra_disagree_are_unknown(folder, rflint) -> None:
    """Hydra 1.0 merges groups over the config's own content, later ones the other way round."""
    disputed = "defaults: [task: speech, model: hubert]\ntask: {label_rate: 60}\n"
    folder(
        {
            **FAIRSEQ,
            "a.yaml": disputed,
            "b.yaml": disputed.replace("60", "50"),
            "c.yaml": "defaults: [_self_, " + disputed[11:],
        }
    )

    assert found(rflint, "a.yaml") == []
    assert "Hydra 1.0" in json.dumps(explained(rflint, "a.yaml")["models"][0]["notes"])
    assert explained(rflint, "b.yaml")["models"][0]["notes"] == []
    assert explained(rflint, "c.yaml")["models"][0]["notes"] == []


def test_a_fix_in_another_file_keeps_its_title_alone() -> None:
    """Its offsets mean nothing in the file that is checked."""
    (own,), (other,) = (read(b"hop: 300\n", name)[0] for name in ("a.yaml", "b.yaml"))
    here, there = Where(own, ("hop",)), Where(other, ("hop",))
    fixes = [rewrite("here", [(here, 256)]), rewrite("there", [(there, 256)]), rewrite("both", [(here, 1), (there, 1)])]
    finding = build(Problem(here, "", fixes=[fix for fix in fixes if fix]), "RF101", "step-missed", "error")

    assert [(fix.title, len(fix.edits)) for fix in finding.fixes] == [("here", 1), ("there", 0)]


def test_scaling_names_what_is_to_change_in_groups(folder, rflint) -> None:
    path = folder(FAIRSEQ)
    status, out, err = rflint("scale", "--sample-rate", "8000", "--apply", "a.yaml")

    assert "task/speech.yaml: `sample_rate`: 16000 → 8000" in err
    assert (path / "a.yaml").read_text() == PRIMARY and (status, out) == (0, "")


# -- NeMo: groups below model -------------------------------------------------------------------------------------

RECIPE = """\
name: Toy
defaults:
  - model/preprocessor: mel
  - model/encoder: conformer
model: {sample_rate: 16000}
exp_manager: {name: Toy}
"""
MEL = """\
_target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor
sample_rate: ${model.sample_rate}
window_size: 0.025
window_stride: 0.01
features: 80
"""
CONFORMER = """\
_target_: nemo.collections.asr.modules.ConformerEncoder
feat_in: ${model.preprocessor.features}
n_layers: 2
d_model: 256
subsampling: striding
subsampling_factor: 4
conv_kernel_size: 31
"""
NEMO = {"a.yaml": RECIPE, "model/preprocessor/mel.yaml": MEL, "model/encoder/conformer.yaml": CONFORMER}


def test_nemo_s_recipe_is_recognised_by_what_its_groups_hold(folder, rflint) -> None:
    folder(NEMO)
    file = explained(rflint, "a.yaml")

    assert file["dialect"] == "nemo/asr"
    assert [stack["step"] for stack in file["models"][0]["stacks"]] == ["160", "640"]
    assert found(rflint, "a.yaml") == []


def test_nemo_s_groups_are_judged_with_the_recipe(folder, rflint) -> None:
    narrow = CONFORMER.replace("${model.preprocessor.features}", "64")
    folder({**NEMO, "model/encoder/conformer.yaml": narrow})

    assert found(rflint, "a.yaml") == ["model/encoder/conformer.yaml:2: RF405"]


@pytest.mark.parametrize("absent", [*NEMO][1:])
def test_nemo_without_a_group_is_silent(folder, rflint, absent: str) -> None:
    files = {**NEMO, "model/encoder/conformer.yaml": CONFORMER.replace("${model.preprocessor.features}", "64")}
    del files[absent]
    folder(files)

    assert found(rflint, "a.yaml") == []
    assert all(
        stack["role"] != "encoder" for model in explained(rflint, "a.yaml")["models"] for stack in model["stacks"]
    )


# -- SpeechBrain: included files ----------------------------------------------------------------------------------

HPARAMS = "sample_rate: 16000\nn_mels: 80\nparts: !include:models/ecapa.yaml\n    n_mels: !ref <n_mels>\n"
ECAPA = """\
n_mels: 40
compute_features: !new:speechbrain.lobes.features.Fbank
    n_mels: !ref <n_mels>
embedding_model: !new:speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN
    input_size: !ref <n_mels>
    channels: [256, 256, 256, 256, 768]
    kernel_sizes: [5, 3, 3, 3, 1]
    dilations: [1, 2, 3, 4, 1]
"""
SPEECHBRAIN = {"train.yaml": HPARAMS, "models/ecapa.yaml": ECAPA}


def test_what_a_recipe_includes_is_read_and_located_there(folder, rflint) -> None:
    folder({**SPEECHBRAIN, "b.yaml": HPARAMS.replace("ecapa", "short")})
    folder({"models/short.yaml": ECAPA.replace("[1, 2, 3, 4, 1]", "[1, 2, 3, 1]")})

    assert [stack["step"] for stack in explained(rflint, "train.yaml")["models"][0]["stacks"]] == ["160", "160"]
    assert found(rflint, "train.yaml") == []
    assert found(rflint, "b.yaml") == ["models/short.yaml:8: RF201"]


def test_a_recipe_without_what_it_includes_is_no_model(folder, rflint) -> None:
    folder({"train.yaml": HPARAMS})

    assert found(rflint, "train.yaml") == []
    assert explained(rflint, "train.yaml")["models"] == []


# -- files named by a path from the folder where the program runs -------------------------------------------------

U2 = """\
preprocess_config: conf/preprocess.yaml
encoder: conformer
encoder_conf: {input_layer: conv2d, num_blocks: 2}
feat_dim: 80
"""
FBANK = "process:\n  - {type: fbank_kaldi, fs: 16000, n_mels: 80, n_shift: 160, win_length: 400}\n"


def test_paddlespeech_names_its_features_from_the_recipe_s_folder(folder, rflint) -> None:
    folder({"asr1/conf/tuning/a.yaml": U2, "asr1/conf/preprocess.yaml": FBANK, "rflint.toml": ""})

    assert [s["step"] for s in explained(rflint, "asr1/conf/tuning/a.yaml")["models"][0]["stacks"]] == ["160", "640"]
    assert found(rflint, ".") == []


def test_paddlespeech_s_features_that_differ_are_reported_at_the_key_that_says_otherwise(folder, rflint) -> None:
    folder({"conf/a.yaml": U2, "conf/preprocess.yaml": FBANK.replace("80", "40")})

    assert found(rflint, "conf/a.yaml") == ["conf/a.yaml:4: RF405"]


def test_paddlespeech_without_its_features_is_silent(folder, rflint) -> None:
    folder({"conf/a.yaml": U2})

    assert found(rflint, "conf/a.yaml") == []
    assert explained(rflint, "conf/a.yaml")["models"][0]["stacks"] == []


RUN = "upstream: baseline_local\nupstream_model_config: upstream/baseline/fbank.yaml\ndownstream: asr\ndownsample_rate: 160\n"
BASELINE = "kaldi:\n  feat_type: fbank\n  fbank: {frame_length: 25.0, frame_shift: 10.0, num_mel_bins: 80}\n"


def test_s3prl_s_run_is_read_with_its_upstream_s_file(folder, rflint) -> None:
    wrong = RUN.replace("160", "320")
    files = {"result/asr/run/a.yaml": RUN, "result/asr/run/b.yaml": wrong, "upstream/baseline/fbank.yaml": BASELINE}
    folder({**files, "rflint.toml": ""})

    assert found(rflint, "result/asr/run/a.yaml") == []
    assert found(rflint, "result/asr/run/b.yaml") == ["result/asr/run/b.yaml:4: RF503"]


def test_s3prl_s_run_without_it_is_silent(folder, rflint) -> None:
    folder({"a.yaml": RUN.replace("160", "320")})

    assert found(rflint, "a.yaml") == []
    assert explained(rflint, "a.yaml")["models"][0]["stacks"] == []
