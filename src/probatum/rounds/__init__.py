"""Human rounds: answers of several systems, judged blind by people (or by a model in their place), then set together.

`protocol` reads what was laid down, `laying` seals items and assignment, `findings` says what came of it, `combining`
sets it beside automatic scores, `exporting` makes it data, `judging` lets a language model take a rater's seat.
"""

from probatum.rounds.combining import Combined, combined, section

__all__ = ["Combined", "combined", "section"]
