"""rflint: a linter that knows how much time an audio model sees."""

__version__ = "0.1.0"
