"""What people declare: target phrases, quantities, ordinary comments, and how near a computed value must come.

Plain numbers and text only: this room knows neither files nor layers.
"""

from rflint.targets.comment_verdict import comment_verdict
from rflint.targets.comments import CommentClaim, parse_comment
from rflint.targets.phrases import parse, quantity, tolerance
from rflint.targets.printing import format_amount, format_ms, format_number, format_rate
from rflint.targets.target import QUANTITIES, Target, Verdict, amount_in_positions, compare
from rflint.targets.tolerance import DEFAULT_TOLERANCES, EXACT, Tolerance, Tolerances
from rflint.targets.vocabulary import PhraseError

__all__ = [
    "DEFAULT_TOLERANCES",
    "EXACT",
    "QUANTITIES",
    "CommentClaim",
    "PhraseError",
    "Target",
    "Tolerance",
    "Tolerances",
    "Verdict",
    "amount_in_positions",
    "comment_verdict",
    "compare",
    "format_amount",
    "format_ms",
    "format_number",
    "format_rate",
    "parse",
    "parse_comment",
    "quantity",
    "tolerance",
]
