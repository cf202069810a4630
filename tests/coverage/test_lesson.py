"""What the texts of the package show is what it does."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import rflint.coverage

MODULES = ["rflint.coverage", *(f"rflint.coverage.{m.name}" for m in pkgutil.iter_modules(rflint.coverage.__path__))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    module = importlib.import_module(name)

    assert doctest.testmod(module, extraglobs=vars(rflint.coverage) | vars(module)).failed == 0


def test_the_lesson_has_its_steps() -> None:
    assert rflint.coverage.__doc__ is not None
    assert len(doctest.DocTestParser().get_examples(rflint.coverage.__doc__)) >= 20
