"""``python -m rflint``: always this project's command, whatever else is installed under its name."""

from rflint.cli import start

raise SystemExit(start())
